"""The program that measures: it speaks `serbench.worker.protocol` and imports one codec's library."""

from __future__ import annotations

import contextlib
import gc
import math
import os
import platform
from pathlib import Path
from time import monotonic, perf_counter_ns  # a codec may put something else in their place
from typing import TYPE_CHECKING, Any

from serbench.errors import UnsupportedPayload
from serbench.records.cases import Operation
from serbench.schema import spool
from serbench.worker import (
    blocks,
    burden,
    cold,
    describe,
    exchange,
    guard,
    origins,
    process,
    protocol,
    sampler,
    words,
)
from serbench.worker.collector import Collections, collecting
from serbench.worker.rotation import Rotation
from serbench.worker.subject import Incorrect, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.codecs.base import Codec
    from serbench.records.cases import Gc
    from serbench.schema.payload import Payload
    from serbench.worker.sampler import Sampler

    Answer = tuple[dict[str, Any], bytes | memoryview]

_NAMED = ("warm", "block", "memory", "instructions", "cold")  # stand in the words for what is raised in them
_SIGN_OF_LIFE_SECONDS = 0.05
_NEVER = 2**31 - 1  # objects until the collector runs: no memory holds so many
_WINDOW_NS = 1_000_000
_WINDOWS_AT_MOST = 20
_WINDOWS_AGREE = 0.1


class Worker:
    """Answers requests until `bye` or until the orchestrator has gone.

    Args:
        channel: the protocol's private end.
        watch: notices what codecs do besides their work.
    """

    def __init__(self, channel: protocol.Channel, watch: guard.Guard) -> None:
        self._channel = channel
        self._guard = watch
        self._collections = Collections()
        self._sampler: Sampler = sampler.load()
        self._codecs: dict[str, Codec] = {}
        self._subjects: dict[str, Subject] = {}  # by payload
        self._calls: dict[tuple[str, Operation], tuple[Callable[[Any], Any], Sequence[Any]]] = {}
        self._rotations: dict[tuple[str, Operation], list[Rotation]] = {}
        self._heap: list[Any] = []
        self._noticed: dict[str, str] = {}
        self._doing = ""
        self._last_sign = (0.0, "")
        self._memory_bytes = self._import_ns = 0
        watch.begin()

    def serve(self) -> None:
        """Reads and answers. Whatever a codec raises becomes an answer."""
        answers: dict[str, Callable[[dict[str, Any]], Answer]] = {
            "hello": self._hello,
            "bind": self._bind,
            "warm": self._warm,
            "block": self._block,
            "noise": self._noise,
            "floor": self._floor,
            "memory": self._memory,
            "instructions": self._instructions,
            "cold": self._cold,
            "bye": lambda _: ({"is": "bye"}, b""),
        }
        while (request := self._channel.receive()) is not None:
            self._doing = request["do"] if request["do"] in _NAMED else ""
            try:
                answer, samples = answers[request["do"]](request)
            except BaseException as error:  # a codec may raise SystemExit as well
                answer, samples = {"is": "failed", "reason": self._words(error)}, b""
            self._notice(collecting=True)
            if self._noticed:
                answer |= {"noticed": list(self._noticed.items()), "busy": self._guard.busy}
                self._noticed = {}
            self._channel.send(answer, samples)
            if answer["is"] == "bye":
                return

    def _notice(self, *, collecting: bool) -> None:
        """Keeps what the codec did besides its work, for the answer; of each kind what came first."""
        self._noticed = dict(self._guard.noticed(collecting=collecting)) | self._noticed

    @contextlib.contextmanager
    def _watched(self, state: Gc) -> Iterator[None]:
        """The collector as it is asked for, and what the codec does to it meanwhile is noticed."""
        with collecting(state):
            try:
                yield
            finally:
                self._notice(collecting=state != "off")

    def _words(self, error: BaseException) -> str:
        """What was raised, in one line that can be printed, and during which step."""
        if isinstance(error, MemoryError):
            limit = f" (limit {self._memory_bytes / 1e9:.1f} GB)" if self._memory_bytes else ""
            text = f"ran out of memory{limit}"
        else:
            text = words.raised(error)
        return f"{text} during {self._doing}" if self._doing else text

    def _at(self, step: str, instance: int | None) -> None:
        """A sign of life: at every new step, and now and then within one, which is why a crash may be "or later"."""
        self._channel.end_children()
        self._doing = step if instance is None else f"{step} of instance {instance}"
        now = monotonic()
        last, last_step = self._last_sign
        if step != last_step or now - last > _SIGN_OF_LIFE_SECONDS:
            self._last_sign = (now, step)
            self._channel.send({"is": "at", "what": self._doing if instance is None else f"{self._doing} or later"})

    def _hello(self, request: dict[str, Any]) -> Answer:
        if request["version"] != protocol.VERSION:
            raise RuntimeError(f"this worker speaks protocol {protocol.VERSION}, not {request['version']}")
        if limit := request.get("memory_bytes"):
            self._memory_bytes = process.limit_memory(limit)
        self._sampler = sampler.load(request.get("sampler", ""))
        self._guard.begin()
        described: list[dict[str, Any]] = []
        began = perf_counter_ns()
        for source in request["sources"]:
            self._at(f"import of {source}", None)
            if request.get("describe"):
                described += describe.describe(source)
            else:
                self._codecs |= {codec.name: codec for codec in describe.load(source)}
        self._import_ns = perf_counter_ns() - began
        answer = {"is": "hello", "version": protocol.VERSION, "sampler": self._sampler.NAME, "codecs": described}
        answer |= {"python": platform.python_version(), "origins": origins.imported()}
        clock: dict[str, float] = {"clock_step_ns": sampler.clock_step_ns(self._sampler)}
        clock |= {"clock_cost_ns": sampler.clock_cost_ns(self._sampler), "import_ns": self._import_ns}
        return answer | clock, b""

    def _bind(self, request: dict[str, Any]) -> Answer:
        # Millions of objects that stay: collections would find nothing and take half of the time. The collector is not
        # switched off for that, since nobody could tell then whether a codec has done so itself.
        before = gc.get_threshold()
        gc.set_threshold(_NEVER, *before[1:])
        try:
            return self._bound(request)
        finally:
            if gc.get_threshold() == (_NEVER, *before[1:]):  # else it is a codec's, and told
                gc.set_threshold(*before)

    def _bound(self, request: dict[str, Any]) -> Answer:
        thorough = request["verify_seconds"] > 0
        frozen = gc.get_freeze_count() if thorough else 0
        payload = spool.read(Path(request["spool"]), check=thorough)
        wanted = [Operation(name) for name in request["operations"]]
        try:
            subject = self._subject(request, payload)
            verified = subject.verify(request["verify_seconds"])
        except UnsupportedPayload as refused:
            return {"is": "refused", "reason": words.brief(str(refused))}, b""
        except Incorrect as incorrect:
            wrong = {"status": "incorrect", "reason": words.brief(str(incorrect))}
            return {"is": "bound", "operations": dict.fromkeys(wanted, wrong)}, b""
        if conversions := subject.conversions:
            self._noticed["converts"] = conversions
        ready = {operation: self._prepare(operation, subject, request) for operation in wanted}
        if thorough and "exchange" in request:
            exchange.write(Path(request["exchange"]), subject.encoded)
        self._subjects[request["payload"]] = subject  # whole: what is alive does not depend on what else is timed
        if thorough:  # to count them takes as long as to bind, and a codec that freezes does so in every process
            self._guard.look_for_frozen(frozen)
        gc.freeze()  # the harness's own heap is nobody's tail
        held = self._hold(subject, request.get("heap", 0), request.get("heap_seconds", math.inf))
        told: dict[str, Any] = {
            "ready": subject.ready,
            "verified": verified,
            "of": len(payload.instances),
            "heap": held,
        }
        told |= {"encoded_bytes": subject.encoded_bytes(), "origins": origins.imported()}
        return {"is": "bound", "operations": ready, **told}, b""

    def _hold(self, subject: Subject, objects: int, seconds: float) -> int:
        """Live decoded instances, as old as those of a service that has run for a while; returns how many there are."""
        if not objects:
            return 0
        deadline = monotonic() + seconds
        held = []
        for decoded in subject.heap(objects):
            held.append(decoded)
            if monotonic() > deadline:
                break
        self._heap = held  # not before: where memory was not enough, the next request finds it free
        self._at(f"collection of {len(held):,} live objects", None)
        gc.collect()
        return len(held)

    def _subject(self, request: dict[str, Any], payload: Payload) -> Subject:
        """The codec made ready; thoroughly the first time, and then with what the first one encoded."""
        thorough, path = request["verify_seconds"] > 0, Path(request.get("exchange", ""))
        return Subject(
            self._codecs[request["codec"]],
            payload,
            self._at,
            seconds=request.get("prepare_seconds", math.inf),
            watch=thorough,
            foreign=exchange.read(path) if path.is_file() and not thorough else (),
            chain=self._sampler.chain,
        )

    def _prepare(self, operation: Operation, subject: Subject, request: dict[str, Any]) -> dict[str, str]:
        try:
            if operation is Operation.READ:
                subject.verify_read(request["verify_seconds"])
            call, arguments = subject.timed(operation)
            if loops := request.get("burdens", {}).get(operation):
                call = burden.burdened(call, loops)
            self._calls[request["payload"], operation] = call, arguments
            self._rotations[request["payload"], operation] = [Rotation(arguments)]
        except Incorrect as incorrect:
            return {"status": "incorrect", "reason": words.brief(str(incorrect))}
        except Exception as error:
            return {"status": "failed", "reason": self._words(error)}
        return {"status": "ready"}

    def _timed(self, request: dict[str, Any], threads: int = 1) -> tuple[Callable[[Any], Any], list[Rotation]]:
        """The callable that is asked for, and a rotation for each thread, which begin evenly spread."""
        key = request["payload"], Operation(request["operation"])
        call, arguments = self._calls[key]
        rotations = self._rotations[key]
        for n in range(len(rotations), threads):
            rotations.append(Rotation(arguments, start=n * len(arguments) // threads))
        return call, rotations[:threads]

    def _warm(self, request: dict[str, Any]) -> Answer:
        """Runs windows of about a millisecond until two in succession agree within 10 %, or a cap is reached."""
        call, (rotation,) = self._timed(request)
        batch = self._sampler.batch
        deadline = perf_counter_ns() + request["limit_ns"]
        with self._watched(request["gc"]):
            calls = 1
            mean, ended = float(max(1, batch(call, rotation.take(1)))), False
            for _ in range(_WINDOWS_AT_MOST):
                before, size = mean, max(2, min(20_000, int(_WINDOW_NS / mean)))
                if ended or perf_counter_ns() + mean * size > deadline:
                    break
                mean = max(1.0, batch(call, rotation.take(size)) / size)
                calls += size
                ended = abs(mean - before) <= _WINDOWS_AGREE * before
        return {"is": "warm", "calls": calls, "ended": ended, "ns_per_call": mean}, b""

    def _block(self, request: dict[str, Any]) -> Answer:
        call, rotations = self._timed(request, request.get("threads", 1))
        names = ("lead_in_ns", "lead_in_calls", "lead_in_limit_ns", "lead_in_at_most", "calls", "batch")
        size = blocks.Size(**{name: request[name] for name in names})
        strands = blocks.prepared(rotations, size)
        with self._watched(request["gc"]), self._collections.noted():
            blocks.measure(self._sampler, call, strands, size)
        return blocks.answer(strands, self._collections.times, batches=bool(size.batch))

    def _noise(self, request: dict[str, Any]) -> Answer:
        """Calls that do nothing, sampled like others: what is slow among them is the machine's doing."""
        size = blocks.Size(
            lead_in_ns=200_000,
            lead_in_calls=5,
            lead_in_limit_ns=400_000,
            lead_in_at_most=2_000,
            calls=request["calls"],
            batch=0,
        )
        strands = blocks.prepared([Rotation([None])], size)
        with self._collections.noted():
            blocks.measure(self._sampler, callable, strands, size)
        return blocks.answer(strands, self._collections.times, batches=False)

    def _floor(self, _: dict[str, Any]) -> Answer:
        return {"is": "floor", **blocks.floor(self._sampler)}, b""

    def _memory(self, request: dict[str, Any]) -> Answer:
        from serbench.worker import memory  # noqa: PLC0415 - with tracemalloc, which a process that times does not need

        call, arguments = self._calls[request["payload"], Operation(request["operation"])]

        def counted(argument: Any) -> Any:
            self._channel.end_children()  # a child that comes back would fork again at every call
            return call(argument)

        return {"is": "memory", **memory.measure(counted, arguments, request["seconds"], request["calls"])}, b""

    def _instructions(self, request: dict[str, Any]) -> Answer:
        from serbench.worker import instructions  # noqa: PLC0415 - with ctypes, which a process that times does not need

        call, arguments = self._calls[request["payload"], Operation(request["operation"])]
        dumps, seconds = Path(request["dumps"]), request["seconds"]
        with self._watched("off"):
            counted = instructions.count(call, arguments, self._sampler.batch, dumps, seconds, begin=self._guard.begin)
        return {"is": "instructions", **counted}, b""

    def _cold(self, request: dict[str, Any]) -> Answer:
        payload = spool.read(Path(request["spool"]), check=False)
        codec, operation = self._codecs[request["codec"]], Operation(request["operation"])
        used = cold.first_use(
            codec, payload, operation, exchange.read(Path(request["exchange"]), 1)[0], self._sampler.chain
        )
        return {"is": "cold", "import_ns": self._import_ns, **used}, b""


def main() -> None:
    """Takes the protocol to private descriptors and serves."""
    process.tie_to_family()
    printed = guard.captured_output()
    channel = protocol.private_channel(printed)
    try:
        Worker(channel, guard.Guard(printed)).serve()
    except OSError:  # the descriptors of the protocol are gone: a codec has closed them, or the orchestrator has died
        os._exit(protocol.LOST)
    os._exit(0)  # to free the payloads one by one would take from the run's time, and nobody needs it


if __name__ == "__main__":
    main()
