"""What a worker's pipe brings, put together to answers and signs of life."""

from __future__ import annotations

import contextlib
import json
from typing import TYPE_CHECKING, Any

from serbench.errors import WorkerFailure

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import numpy.typing as npt

    Int64s = npt.NDArray[np.int64]

_LINE_BYTES = 16 << 20  # no answer is as long


class Answer:
    """What a worker answered.

    Attributes:
        fields: the JSON line.
        samples: the little-endian int64 behind it; empty but for `samples`.
    """

    def __init__(self, fields: dict[str, Any], samples: bytes) -> None:
        self.fields = fields
        self.samples = samples

    def __getitem__(self, key: str) -> Any:
        try:
            return self.fields[key]
        except KeyError:
            raise WorkerFailure(f"broke the worker protocol: its {self.fields['is']!r} has no {key!r}") from None

    def strands(self) -> tuple[list[Strand], Int64s]:
        """What each thread measured, and start and end of the collections meanwhile.

        Raises:
            WorkerFailure: the counts are not those of what follows, or are missing.
        """
        import numpy as np  # noqa: PLC0415 - a listing asks workers as well, and has no samples

        numbers: Int64s = np.frombuffer(self.samples, dtype="<i8")
        if not all(_is_strand(told) for told in self["threads"]):
            raise WorkerFailure("broke the worker protocol: its samples are of no thread that can be told")
        sizes = [(2 * told["calls"], 2 * told["marks"]) for told in self["threads"]]
        if sum(map(sum, sizes)) + 2 * self["collections"] != len(numbers):
            raise WorkerFailure("broke the worker protocol: its samples are not as many as it says")
        strands, at = [], 0
        for told, (times, marks) in zip(self["threads"], sizes, strict=True):
            middle = at + times
            strands.append(Strand(told, numbers[at:middle], numbers[middle : middle + marks]))
            at = middle + marks
        return strands, numbers[at:]


class Strand:
    """What one thread measured in a block.

    Attributes:
        told: what the answer says of it: `first`, `lead_in`, `batch_ns`, `batch_calls`.
        times: start and end of each single call, ns.
        marks: calls made so far and involuntary context switches so far, stretch by stretch.
    """

    def __init__(self, told: dict[str, int], times: Int64s, marks: Int64s) -> None:
        self.told = told
        self.times = times
        self.marks = marks

    @property
    def batch_ns_per_call(self) -> float:
        """The mean of its batch."""
        return self.told["batch_ns"] / self.told["batch_calls"]


def _is_strand(told: Any) -> bool:
    """Whether an answer tells of a thread all that is asked for."""
    least = dict.fromkeys(("marks", "first", "lead_in", "batch_ns"), 0) | {"calls": 1, "batch_calls": 1}
    return isinstance(told, dict) and all(
        isinstance(told.get(name), int) and told[name] >= n for name, n in least.items()
    )


class Inbox:
    """Bytes go in as they arrive; answers come out when they are whole."""

    def __init__(self) -> None:
        self._pending = bytearray()
        self._header: dict[str, Any] | None = None

    def take(self, data: bytes) -> Iterator[Answer | str]:
        """Answers, and the words of signs of life, in their order.

        Raises:
            WorkerFailure: what arrived is not of the protocol.
        """
        self._pending += data
        while self._header or (line := self._line()):
            self._header = self._header or _header(line)
            if self._header["is"] == "at":
                words, self._header = str(self._header["what"]), None
                yield words
                continue
            size = 8 * self._header.get("count", 0)
            if len(self._pending) < size:
                return
            samples, self._pending = bytes(self._pending[:size]), self._pending[size:]
            answer, self._header = Answer(self._header, samples), None
            yield answer

    def _line(self) -> bytes:
        line, end, rest = self._pending.partition(b"\n")
        if not end:
            if len(self._pending) > _LINE_BYTES:
                raise WorkerFailure(f"broke the worker protocol: {bytes(self._pending[:80])!r}")
            return b""
        self._pending = rest
        return bytes(line) + end


def _header(line: bytes) -> dict[str, Any]:
    with contextlib.suppress(ValueError, RecursionError):
        header: dict[str, Any] = json.loads(line)
        if _is_answer(header):
            return header
    raise WorkerFailure(f"broke the worker protocol: {line.rstrip()[:80]!r}")


def _is_answer(header: Any) -> bool:
    """Whether a line is one that the protocol knows; what else stands in it is asked for where it is needed."""
    match header:
        case {"is": "at"}:
            return isinstance(header.get("what"), str)
        case {"is": "samples"}:
            return isinstance(header.get("count"), int) and header["count"] >= 0
        case {"is": str()}:
            return bool(header.get("count", 0) == 0)
    return False
