"""A run: generations of workers ("waves"), rounds of blocks, further passes. Yields after every round."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from serbench.harness import cores as cores_module
from serbench.harness import extras, memory, noise, schedule, strays
from serbench.harness import plan as planning
from serbench.harness.crew import Crew, Times
from serbench.harness.disturbance import Watch
from serbench.harness.ledger import Ledger
from serbench.harness.link import Stopped
from serbench.harness.rounds import Rounds
from serbench.harness.state import Event, Phase, State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.harness.inbox import Answer
    from serbench.harness.plan import Plan, Spooled
    from serbench.records.cases import Case, Pass

ROUNDS_PER_WAVE = 6
READY_SECONDS_AT_LEAST = 0.1
VERIFY_SHARE = 0.15
HEAP_SHARE, HEAP_SECONDS_AT_LEAST = 0.2, 5.0  # for decoding what is held alive, in one worker
GRACE_SHARE, GRACE_SECONDS = 0.5, 5.0  # every case is to have a number: by so much may the first round be late
SAVE_SECONDS = 1.0  # between two states of a pass that has no rounds
PHASES = ("start_up", "warm_up", "blocks", "between_blocks", "size", "memory", "cold", "instructions")


@dataclass(slots=True, kw_only=True)
class Session:
    """Measures a plan.

    Attributes:
        plan: what is to be measured.
        passes: what of it.
        seconds: time for all of them, from now.
        seed: of orders and hash seeds.
        timeout: seconds that one call may take.
        stop: whether somebody asked for the end.
        watch: told what is happening.
        before: what an earlier part of the same run has come to.
        observe: told of every block that counts, with its samples.
    """

    plan: Plan
    seconds: float
    seed: int
    timeout: float
    stop: Callable[[], bool]
    watch: Callable[[Event], None]
    passes: tuple[Pass, ...] = ("time",)
    before: State | None = None
    observe: Callable[[Case, Answer], None] = lambda _case, _answer: None
    ledger: Ledger = field(init=False)
    crew: Crew = field(init=False)
    _rounds: Rounds = field(init=False)
    _spent: dict[str, float] = field(default_factory=lambda: dict.fromkeys(PHASES, 0.0))
    _meter: noise.Meter = field(default_factory=noise.Meter)
    _cores: cores_module.Cores = field(default_factory=cores_module.split)
    _end: float = 0.0
    _deadline: float = 0.0
    _wave: int = 0
    _first_wave: int = 0
    _waves: int = 1
    _verified: set[str] = field(default_factory=set)
    _starts: schedule.Starts = field(default_factory=schedule.Starts)

    def run(self) -> Iterator[State]:
        """Yields the state after every round; the last one is finished."""
        self._end = time.monotonic() + self.seconds
        self._deadline = self._end - extras.share(self.passes) * self.seconds
        self._open()
        stopped = False
        with cores_module.aside(self._cores):
            try:
                if "time" in self.passes:
                    yield from self._all_waves()
                    yield from self._sharper()
                else:
                    self._encode_only()
                    yield from self._further()
            except Stopped:
                stopped = True
            finally:
                self.crew.dismiss()
                strays.end(workers=())
        if not stopped:
            self.ledger.fail_killed(timed="time" in self.passes)
        yield self._state(finished=True, stopped=stopped)

    def _open(self) -> None:
        """Gets everything together; an earlier part of the run is gone on with."""
        done = list(self.before.rounds) if self.before else []
        # Text is seeded by its sha512, the same everywhere; a run that is gone on with draws other orders.
        rng = Random(f"serbench order {self.seed} {len(done)}" if done else f"serbench order {self.seed}")
        self.ledger = Ledger(self.plan, self.observe)
        if self.before:
            self.ledger.restore(self.before.measurements)
            self._spent |= {name: self.before.seconds.get(name, 0.0) for name in PHASES}
            self._first_wave = self._wave = 1 + max((round_.wave for round_ in done), default=-1)
            if self.before.noise:
                self._meter.restore(self.before.noise)
        cores = self._cores
        self.crew = Crew(
            codecs=self.plan.codecs,
            ledger=self.ledger,
            cores=cores,
            rng=rng,
            patience=self.timeout,
            memory_bytes=memory.limit(),
            stop=self.stop,
        )
        self._rounds = Rounds(
            plan=self.plan,
            ledger=self.ledger,
            crew=self.crew,
            rng=rng,
            watch=Watch(Path("/"), cores.only, cores_module.usable()),
            timeout=self.timeout,
            stop=self.stop,
            tell=self._tell,
            spend=self._spend,
            meter=self._meter,
            done=done,
        )

    def _state(self, *, finished: bool = False, stopped: bool = False) -> State:
        over = "the budget was over before its first block" if "time" in self.passes else "no pass has come to a result"
        unreached = "stopped before its first block" if stopped else over
        return State(
            measurements=self.ledger.measurements(unreached),
            rounds=tuple(self._rounds.done),
            seconds={name: round(seconds, 3) for name, seconds in self._spent.items()},
            noise=self._meter.record(self._cores.only),
            sampler=self.crew.sampler or (self.before.sampler if self.before else ""),
            finished=finished,
            stopped=stopped,
        )

    def _left(self) -> float:
        return self._deadline - time.monotonic()

    def _spend(self, phase: str, seconds: float) -> None:
        self._spent[phase] += seconds

    def _tell(self, phase: Phase, case: str = "") -> None:
        n = len(self._rounds.done) + (phase == "round")
        self.watch(
            Event(
                phase=phase, round=n, wave=self._wave, waves=self._waves, case=case, seconds_left=max(0.0, self._left())
            )
        )

    def _all_waves(self) -> Iterator[State]:
        """Waves of all cases; payloads that do not fit into memory together take turns within each."""
        stations = planning.stations(self.plan.cases)
        groups = memory.groups_that_fit(self.plan.payloads, stations, memory.available() // 2)
        self._waves = self._wave + 1
        while self._wave < self._waves:
            for index, group in enumerate(groups):
                if self._rounds.done and self._left() <= 0:
                    return
                names = {payload.info.name for payload in group}
                cases = [case for case in self.ledger.open_cases() if case.payload in names]
                if cases:
                    yield from self._one_wave(cases, group, partial(self._seconds_of_wave, index, len(groups)))
            self._wave += 1
            if self._wave == self._first_wave + 1:  # messages are written now, and what passes leave is for time
                yield from self._further()
                self._deadline = self._end
            if schedule.certain(self._medians().values()):
                return

    def _seconds_of_wave(self, index: int, groups: int) -> float:
        """Plans the waves to come from what getting ready took; returns the seconds that this one has for rounds."""
        done = self._wave - self._first_wave
        start = self._starts.of(self.plan.cases) / groups
        reserve = schedule.SHARPEN_SHARE * self.seconds
        wanted = schedule.waves_wanted(self.seconds, start * groups) - self._first_wave
        more = schedule.waves_affordable(self._left() - reserve, start * groups, wanted - done - 1)
        self._waves = self._wave + 1 + more
        if self._waves < schedule.WAVES_AT_LEAST:
            reserve = 0.0  # no interval will be there to be sharpened
        turns = (more + 1) * groups - index
        return (self._left() - reserve - (turns - 1) * start) / turns

    def _medians(self) -> dict[str, list[float]]:
        return {case.id: self.ledger.worker_medians(case) for case in self.ledger.open_cases()}

    def _sharper(self) -> Iterator[State]:
        """More workers for the cases whose intervals are widest: the rest of the time goes where it is needed most."""
        while self._left() > 0:
            medians = self._medians()
            chosen = schedule.widest(medians, self._starts, self._left())
            cases = [case for case in self.ledger.open_cases() if case.id in chosen]
            if not cases:
                return
            names = {case.payload for case in cases}
            payloads = [payload for payload in self.plan.payloads if payload.info.name in names]
            extra = schedule.workers_to_gain(min(len(medians[case.id]) for case in cases))
            self._waves = self._wave + extra
            for n in range(extra):
                each = self._left() / (extra - n) - self._starts.of(cases)
                yield from self._one_wave(cases, payloads, partial(float, each))
                self._wave += 1

    def _encode_only(self) -> None:
        """Has every codec verified and its messages written, where nothing is timed."""
        self._tell("start-up")
        begin = time.monotonic()
        groups = memory.groups_that_fit(self.plan.payloads, len(self.plan.codecs), memory.available() // 2)
        for group in groups:
            names = {payload.info.name for payload in group}
            cases = [case for case in self.ledger.open_cases() if case.payload in names]
            self.crew.muster(cases, group, wave=0, times=self._times(thorough=True))
            self.crew.dismiss()
        self._spend("start_up", time.monotonic() - begin)

    def _further(self) -> Iterator[State]:
        """The passes besides time, each with its share; a state now and then."""
        runner = extras.Extras(
            plan=self.plan,
            ledger=self.ledger,
            cores=self._cores,
            memory_bytes=memory.limit(),
            timeout=self.timeout,
            stop=self.stop,
        )
        wanted = [name for name in self.passes if name != "time"]
        end = time.monotonic() + extras.share(self.passes) * self.seconds
        for n, name in enumerate(wanted):
            begin = saved = time.monotonic()
            weights = [extras.SHARES[other] for other in wanted[n:]]
            seconds = (min(end, self._end) - begin) * weights[0] / sum(weights)
            for case_id in runner.run(name, max(0.0, seconds)):
                self._tell(name, case_id)
                if self.stop():
                    raise Stopped
                if time.monotonic() - saved > SAVE_SECONDS:
                    yield self._state()
                    saved = time.monotonic()
            self._spend(name, time.monotonic() - begin)
            yield self._state()

    def _one_wave(
        self, cases: Sequence[Case], payloads: Sequence[Spooled], seconds: Callable[[], float]
    ) -> Iterator[State]:
        """One generation of workers for these cases: start, warm up, rounds, end."""
        names = {payload.info.name for payload in payloads}
        self._tell("start-up")
        begin = time.monotonic()
        times = self._times(thorough=not names <= self._verified)
        self.crew.muster(cases, payloads, wave=self._wave, times=times)
        self._verified |= names
        self._spend("start_up", time.monotonic() - begin)
        self._starts.took(cases, time.monotonic() - begin, thorough=times.verify > 0)
        self._rounds.begin(self._wave, payloads, times)
        try:
            yield from self._rounds_until(time.monotonic() + seconds(), cases)
        finally:
            self._rounds.end()
            self.crew.relieve()

    def _times(self, *, thorough: bool) -> Times:
        pairs = max(1, len({(planning.station(case), case.payload) for case in self.plan.cases}))
        each = max(READY_SECONDS_AT_LEAST, 2 * self.seconds / pairs)  # two get ready at a time
        share = schedule.START_UP_SHARE * each
        heap = max(HEAP_SECONDS_AT_LEAST, HEAP_SHARE * self.seconds)
        return Times(prepare=share, verify=VERIFY_SHARE * each if thorough else 0.0, heap=heap)

    def _rounds_until(self, end: float, wanted: Sequence[Case]) -> Iterator[State]:
        last = share_ns = 0.0
        ids = {case.id for case in wanted}
        owed = self._wave == self._first_wave  # every group of payloads that was got ready has a round
        while True:
            cases = [case for case in self.ledger.open_cases() if case.id in ids]
            now = time.monotonic()
            if not cases or (now + last > end and self._rounds.done and not owed):
                return
            owed = False
            share_ns = share_ns or 1e9 * max(0.0, end - now) / len(cases) / ROUNDS_PER_WAVE
            if not self._rounds.measure(cases, share_ns, self._last_block()):
                return
            last = time.monotonic() - now
            yield self._state()
            if self.stop():
                raise Stopped

    def _last_block(self) -> float:
        """When no block may begin any more: a first round may be late, so that every case has a number."""
        late = 0.0 if self._rounds.done else max(GRACE_SECONDS, GRACE_SHARE * self.seconds)
        return self._deadline + late
