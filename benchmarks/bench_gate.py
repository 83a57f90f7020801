"""Does the gate fire, and only when it should? All arms in one sitting, and what other tools say of the same calls.

    python benchmarks/bench_gate.py [--pairs 120] [--busy] [--save DIR | --from DIR]

`orjson` and `json` decode `order` and `chat`: twelve metrics. Live workers of base, of the same again, 5 % slower, 10 %
slower and with a tail (1 call in 50 three times slower) take turns in the same rounds. Every stretch of 20 pairs in
time order is decided as a run of the gate would be. Stretches overlap; how many have no pair in common is printed, and
the interval of Clopper and Pearson for as many. `--busy` keeps another process running all the while.

Targets: false alarms in at most 3 % of runs, 5 % slower caught in at least 90 %, 10 % in at least 99 %, the tail by p99
in at least 80 %; at most 12 s a case for base and one other side.

The others on the same calls: pytest-benchmark's `mean:5%` and `min:5%` and Mann-Whitney on pooled calls are arithmetic;
`pyperf compare_to` is the tool itself, on files that `-o pyperf` writes of the same pairs. Each is asked once for all
four cases, and one case that it calls slower is an alarm.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from math import erfc, sqrt
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from serbench import api, choice
from serbench.choice import Request
from serbench.gate import rule
from serbench.gate.windows import Decided, Rate, rate
from serbench.histogram import Histogram
from serbench.records.verdict import TIMES, Outcome
from serbench.store import files
from serbench.trial.arms import Maker
from serbench.trial.proof import ARMS, BASE, Proof, against, windows

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.run import Run

CASES = Request(payloads=("order", "chat"), codecs=("orjson", "json"), operations=("decode",))
PAIRS = rule.SECOND_PAIRS[0]
STEP = 2
SECONDS_PER_CASE = 12.0
TARGETS = {"same": (0.0, 0.03), "slower-5": (0.90, 1.0), "slower-10": (0.99, 1.0), "tail": (0.80, 1.0)}
MANN_WHITNEY_LEVEL = 0.01


def main() -> int:
    """Prints the tables; 0 if all targets are met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pairs", type=int, default=120)
    parser.add_argument("--busy", action="store_true", help="keep another process running meanwhile")
    parser.add_argument("--save", type=Path, help="keep the runs of all arms in that folder")
    parser.add_argument("--from", dest="saved", type=Path, help="decide about runs that were kept")
    parser.add_argument("--no-pyperf", action="store_true", help="leave the tool out, which takes a minute")
    options = parser.parse_args()
    if options.saved:
        runs = {name: files.load(options.saved / name) for name in ("base", *TARGETS)}
    else:
        runs = measured(options.pairs, busy=options.busy)
        for name, run in runs.items() if options.save else ():
            files.save(run, files.open_folder(options.save / name, force=True))
    met = decided(runs)
    others(runs, with_pyperf=not options.no_pyperf)
    return 0 if met else 1


def measured(pairs: int, *, busy: bool) -> dict[str, Run]:
    """The runs of all arms."""
    neighbour = subprocess.Popen([sys.executable, "-c", "while True: pass"]) if busy else None
    try:
        with tempfile.TemporaryDirectory() as scratch:
            return _measured(pairs, Path(scratch))
    finally:
        if neighbour:
            neighbour.kill()
            neighbour.wait()


def _measured(pairs: int, scratch: Path) -> dict[str, Run]:
    chosen = choice.choose(CASES)
    maker = Maker(
        payloads=choice.spool(chosen, scratch, seed=1, count=None),
        operations=chosen.operations,
        settings=chosen.settings,
        rng=Random("serbench bench_gate"),
        timeout=5.0,
        stop=lambda: False,
    )
    codecs = choice.codecs(chosen, stop=lambda: False)
    proof = Proof(maker=maker, codecs=codecs, seed=1, timeout=5.0, stop=lambda: False, tell=lambda _phase, _case: None)
    begin = time.monotonic()
    for done in proof.run():
        if done % 10 == 0:
            print(f"{done} pairs, {time.monotonic() - begin:.0f} s", file=sys.stderr, flush=True)
        if done >= pairs:
            break
    seconds = time.monotonic() - begin
    arms = 1 + len(proof.arms)
    each = seconds / pairs * 2 / arms / 4
    print(f"{pairs} pairs of {arms} arms, 4 cases and {proof.rounds} rounds in {seconds:.0f} s", end="")
    print(f"; {proof.disturbed} of them disturbed by other programs")
    held = "met" if PAIRS * each <= SECONDS_PER_CASE else "MISSED"
    print(f"a case, on two sides: {PAIRS * each:.1f} s for {PAIRS} pairs, target {SECONDS_PER_CASE:g} s  {held}\n")
    return proof.runs()


def decided(runs: dict[str, Run]) -> bool:
    """Prints what the gate says of every arm; whether the targets are met."""
    met = True
    base = runs[BASE.name]
    for arm in ARMS:
        found = against(base, runs[arm.name])
        limits = {key: rule.TOLERANCE[key.metric] for key in found.series}
        all_windows = windows(found, limits, pairs=PAIRS, step=STEP, seed=1)
        by = ("p99",) if arm.tail else TIMES
        independent = found.pairs // PAIRS
        fired = rate(all_windows, lambda one, by=by: one.regressed(by), independent=independent)
        least, most = TARGETS[arm.name]
        held = least <= fired.share <= most
        met = met and held
        goal = f"at most {100 * most:.0f} %" if arm is ARMS[0] else f"at least {100 * least:.0f} %"
        words = f"{arm.words}{' (by p99)' if arm.tail else ''}"
        print(f"{words:40} fails {shown(fired)}, target {goal}  {'met' if held else 'MISSED'}")
        open_ = rate(all_windows, lambda one: one.outcome is Outcome.INCONCLUSIVE, independent=independent)
        second = rate(all_windows, lambda one: one.stage == 2, independent=independent)
        print(f"{'':40} inconclusive {100 * open_.share:.0f} %, to the second stage {100 * second.share:.0f} %")
        print(f"{'':40} smallest that shows nine times in ten, median: {_smallest(all_windows)}")
    return met


def shown(found: Rate) -> str:
    """A rate with its interval."""
    low, high = found.ends
    interval = f"95 %: {100 * low:.1f} to {100 * high:.1f} % of {found.independent} independent"
    return f"{found.hits} of {found.of} stretches, {100 * found.share:.1f} % ({interval})"


def _smallest(found: list[Decided]) -> str:
    parts = []
    for metric in TIMES:
        sizes = [one.detectable for each in found for key, one in each.tested.items() if key.metric == metric]
        parts.append(f"{metric} {100 * float(np.median(sizes)):.1f} %")
    return ", ".join(parts)


def others(runs: dict[str, Run], *, with_pyperf: bool) -> None:
    """Prints how often other procedures would have failed the same stretches."""
    procedures: dict[str, Callable[[Run, Run], bool]] = {
        "pytest-benchmark mean:5%": lambda base, new: _any(base, new, _mean_over),
        "pytest-benchmark min:5%": lambda base, new: _any(base, new, _min_over),
        f"Mann-Whitney, pooled calls, p < {MANN_WHITNEY_LEVEL}": lambda base, new: _any(base, new, _mann_whitney),
    }
    if with_pyperf:
        procedures["pyperf compare_to"] = _pyperf
    print(f"\n{'fails, per cent of the same stretches':44}" + "".join(f"{arm.name:>12}" for arm in ARMS))
    pairs = len(runs[BASE.name].rounds)
    starts = range(0, pairs - PAIRS + 1, STEP)
    for name, fails in procedures.items():
        shares = []
        for arm in ARMS:
            both = (runs[BASE.name], runs[arm.name])
            stretches = [tuple(_stretch(run, first) for run in both) for first in starts]
            shares.append(100 * float(np.mean([fails(*stretch) for stretch in stretches])))
        print(f"{name:44}" + "".join(f"{share:12.0f}" for share in shares), flush=True)


def _stretch(run: Run, first: int) -> Run:
    """The run as if only these pairs had been measured."""
    inside = range(first, first + PAIRS)
    kept = [replace(m, workers=tuple(w for w in m.workers if w.pair in inside)) for m in run.measurements]
    return replace(run, measurements=tuple(kept))


Counts = tuple[np.ndarray, np.ndarray]


def _any(base: Run, new: Run, slower: Callable[[Counts, Counts], bool]) -> bool:
    """Whether one of the cases is called slower."""
    return any(slower(_pooled(base, m.case.id), _pooled(new, m.case.id)) for m in base.measurements)


def _pooled(run: Run, case_id: str) -> Counts:
    """Single calls of all workers: ns, and how many took as long."""
    workers = run.measurement(case_id).workers
    values, counts = Histogram.merge(worker.histogram for worker in workers).values_counts()
    return values.astype(float), counts.astype(float)


def _mean_over(base: Counts, new: Counts) -> bool:
    return bool(np.average(new[0], weights=new[1]) > 1.05 * np.average(base[0], weights=base[1]))


def _min_over(base: Counts, new: Counts) -> bool:
    return bool(new[0].min() > 1.05 * base[0].min())


def _mann_whitney(base: Counts, new: Counts) -> bool:
    """Two-sided, with the normal approximation and the correction for ties; slower if new has the larger ranks."""
    values = np.union1d(base[0], new[0])
    ours, theirs = (np.zeros(len(values)) for _ in range(2))
    ours[np.searchsorted(values, base[0])] = base[1]
    theirs[np.searchsorted(values, new[0])] = new[1]
    together, n, m = ours + theirs, ours.sum(), theirs.sum()
    ranks = np.cumsum(together) - (together - 1) / 2
    u = (theirs * ranks).sum() - m * (m + 1) / 2
    total = n + m
    variance = n * m / 12 * (total + 1 - ((together**3 - together).sum()) / (total * (total - 1)))
    z = (u - n * m / 2) / sqrt(variance)
    return bool(z > 0 and erfc(abs(z) / sqrt(2)) < MANN_WHITNEY_LEVEL)


def _pyperf(base: Run, new: Run) -> bool:
    """Whether the tool itself calls one of the cases slower, and means it: what it hides as not significant is none."""
    with tempfile.TemporaryDirectory() as scratch:
        paths = [Path(scratch) / name for name in ("base.json", "new.json")]
        for path, run in zip(paths, (base, new), strict=True):
            path.write_text(api.report(run, "pyperf"))
        command = [sys.executable, "-m", "pyperf", "compare_to", *map(str, paths)]
        said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    return "slower" in said


if __name__ == "__main__":
    sys.exit(main())
