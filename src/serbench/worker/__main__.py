"""The program that measures: it speaks `serbench.worker.protocol` and imports one codec's library."""

from __future__ import annotations

import contextlib
import gc
import math
import os
import resource
import sys
import time
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import UnsupportedPayload
from serbench.records.cases import Gc, Operation
from serbench.schema import spool
from serbench.worker import describe, protocol, sampler, words
from serbench.worker.subject import Incorrect, Subject, Timed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from serbench.codecs.base import Codec
    from serbench.schema.payload import Payload

_SIGN_OF_LIFE_SECONDS = 0.05
_WINDOW_NS = 1_000_000
_WINDOWS_AT_MOST = 20
_WINDOWS_AGREE = 0.1


class Worker:
    """Answers requests until `bye` or until the orchestrator has gone.

    Args:
        channel: the protocol's private end.
    """

    def __init__(self, channel: protocol.Channel) -> None:
        self._channel = channel
        self._codecs: dict[str, Codec] = {}
        self._timed: dict[tuple[str, Operation], Timed] = {}
        self._doing = ""
        self._last_sign = (0.0, "")
        self._memory_bytes = 0

    def serve(self) -> None:
        """Reads and answers. Whatever a codec raises becomes an answer."""
        answers: dict[str, Callable[[dict[str, Any]], tuple[dict[str, Any], bytes | memoryview]]] = {
            "hello": self._hello,
            "bind": self._bind,
            "warm": self._warm,
            "block": self._block,
            "floor": self._floor,
            "bye": lambda _: ({"is": "bye"}, b""),
        }
        while (request := self._channel.receive()) is not None:
            self._doing = request["do"] if request["do"] in ("warm", "block") else ""
            try:
                answer, samples = answers[request["do"]](request)
            except BaseException as error:  # a codec may raise SystemExit as well
                answer, samples = {"is": "failed", "reason": self._words(error)}, b""
            self._channel.send(answer, samples)
            if answer["is"] == "bye":
                return

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
        self._doing = step if instance is None else f"{step} of instance {instance}"
        now = time.monotonic()
        last, last_step = self._last_sign
        if step != last_step or now - last > _SIGN_OF_LIFE_SECONDS:
            self._last_sign = (now, step)
            self._channel.send({"is": "at", "what": self._doing if instance is None else f"{self._doing} or later"})

    def _hello(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        if request["version"] != protocol.VERSION:
            raise RuntimeError(f"this worker speaks protocol {protocol.VERSION}, not {request['version']}")
        if limit := request.get("memory_bytes"):
            self._memory_bytes = _limit_memory(limit)
        described: list[dict[str, Any]] = []
        for source in request["sources"]:
            self._at(f"import of {source}", None)
            if request.get("describe"):
                described += describe.describe(source)
            else:
                self._codecs |= {codec.name: codec for codec in describe.load(source)}
        answer = {"is": "hello", "version": protocol.VERSION, "sampler": sampler.NAME, "codecs": described}
        return answer | {"clock_step_ns": sampler.clock_step_ns()}, b""

    def _bind(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        gc.disable()  # millions of objects that stay: collections would find nothing and take half of the time
        try:
            return self._bound(request)
        finally:
            gc.freeze()  # the harness's own heap is nobody's tail
            gc.enable()

    def _bound(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        thorough = request["verify_seconds"] > 0
        payload = spool.read(Path(request["spool"]), check=thorough)
        wanted = [Operation(name) for name in request["operations"]]
        try:
            subject = self._subject(request, payload)
            verified = subject.verify(request["verify_seconds"])
        except UnsupportedPayload as refused:
            return {"is": "refused", "reason": words.printable(str(refused))}, b""
        except Incorrect as incorrect:
            wrong = {"status": "incorrect", "reason": words.printable(str(incorrect))}
            return {"is": "bound", "operations": dict.fromkeys(wanted, wrong)}, b""
        ready = {operation: self._prepare(operation, subject, request) for operation in wanted}
        if thorough and "exchange" in request:
            Path(request["exchange"]).write_bytes(subject.first_encoded)
        counts = {"ready": subject.ready, "verified": verified, "of": len(payload.instances)}
        return {"is": "bound", "operations": ready, "encoded_bytes": subject.encoded_bytes(), **counts}, b""

    def _subject(self, request: dict[str, Any], payload: Payload) -> Subject:
        """The codec made ready; thoroughly the first time, and then with what the first one encoded."""
        thorough, exchange = request["verify_seconds"] > 0, Path(request.get("exchange", ""))
        return Subject(
            self._codecs[request["codec"]],
            payload,
            self._at,
            seconds=request.get("prepare_seconds", math.inf),
            watch=thorough,
            foreign=exchange.read_bytes() if exchange.is_file() and not thorough else None,
        )

    def _prepare(self, operation: Operation, subject: Subject, request: dict[str, Any]) -> dict[str, str]:
        try:
            if operation is Operation.READ:
                subject.verify_read(request["verify_seconds"])
            self._timed[request["payload"], operation] = subject.timed(operation)
        except Incorrect as incorrect:
            return {"status": "incorrect", "reason": words.printable(str(incorrect))}
        except Exception as error:
            return {"status": "failed", "reason": self._words(error)}
        return {"status": "ready"}

    def _warm(self, request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Runs windows of about a millisecond until two in succession agree within 10 %, or a cap is reached."""
        call, rotation = self._timed[request["payload"], Operation(request["operation"])]
        deadline = time.perf_counter_ns() + request["limit_ns"]
        with _collector(request["gc"]):
            calls = 1
            mean, ended = float(max(1, sampler.batch(call, rotation.take(1)))), False
            for _ in range(_WINDOWS_AT_MOST):
                before, size = mean, max(2, min(20_000, int(_WINDOW_NS / mean)))
                if ended or time.perf_counter_ns() + mean * size > deadline:
                    break
                mean = max(1.0, sampler.batch(call, rotation.take(size)) / size)
                calls += size
                ended = abs(mean - before) <= _WINDOWS_AGREE * before
        return {"is": "warm", "calls": calls, "ended": ended, "ns_per_call": mean}, b""

    def _block(self, request: dict[str, Any]) -> tuple[dict[str, Any], memoryview]:
        call, rotation = self._timed[request["payload"], Operation(request["operation"])]
        calls, batch = request["calls"], request["batch"]
        samples = array("q", bytes(8 * calls))
        before = rotation.take(request["lead_in_at_most"])
        with _collector(request["gc"]):
            lead_in = sampler.lead_in(
                call, before, request["lead_in_ns"], request["lead_in_calls"], request["lead_in_limit_ns"]
            )
            rotation.give_back(len(before) - lead_in)
            singles_ns = sampler.singles(call, rotation.take(calls), samples)
            batch_ns = sampler.batch(call, rotation.take(batch)) if batch else singles_ns
        answer = {
            "is": "samples",
            "count": calls,
            "lead_in": lead_in,
            "batch_ns": batch_ns,
            "batch_calls": batch or calls,
        }
        if sys.byteorder == "big":
            samples.byteswap()
        return answer | {"block_ns": singles_ns + (batch_ns if batch else 0)}, memoryview(samples).cast("B")

    def _floor(self, _: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """What the sampler reads for `callable`, a C function of one argument that does nothing to speak of."""
        arguments = [None] * 512
        samples = array("q", bytes(8 * len(arguments)))
        sampler.lead_in(callable, arguments, 20_000, 100, 100_000)
        sampler.singles(callable, arguments, samples)
        batch_ns = sampler.batch(callable, arguments) / len(arguments)
        middle = sorted(samples)[len(samples) // 2]
        return {"is": "floor", "ns_per_call": middle, "batch_ns_per_call": batch_ns, "calls": len(samples)}, b""


@contextlib.contextmanager
def _collector(state: Gc) -> Iterator[None]:
    """The collector on, off, or on with everything alive now out of its sight."""
    if state == "frozen":
        gc.freeze()
    (gc.disable if state == "off" else gc.enable)()
    try:
        yield
    finally:
        gc.enable()


def _limit_memory(limit: int) -> int:
    """Limits this process's address space as far as the system lets it; returns the limit in bytes, 0 for none."""
    with contextlib.suppress(ValueError, OSError):  # macOS knows the limit and refuses it
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        allowed = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed))
        return allowed
    return 0


def _die_with_parent() -> None:
    """Linux: asks the kernel to end this process with the one that started it. Elsewhere the end of stdin does."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415 - only where it is used
        import signal  # noqa: PLC0415

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main() -> None:
    """Takes the protocol to private descriptors and serves."""
    _die_with_parent()
    Worker(protocol.private_channel()).serve()
    os._exit(0)  # to free the payloads one by one would take from the run's time, and nobody needs it


if __name__ == "__main__":
    main()
