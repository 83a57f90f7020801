"""The orchestrator's end of a worker process, as small as the protocol allows: for tests of the words themselves."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

LONG_SECONDS = 60.0


class Strand(NamedTuple):
    """What one thread measured: start and end of each call, and calls and switches so far."""

    told: dict[str, int]
    calls: list[tuple[int, int]]
    marks: list[tuple[int, int]]


class WorkerProcess:
    """A worker.

    Args:
        complaints: the file that its stderr goes to.
        program: what Python is told to run, if not the worker itself.
        variables: its environment besides this one's.
    """

    def __init__(self, complaints: Path, *program: str, **variables: str) -> None:
        with complaints.open("wb") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-P", *(program or ("-m", "serbench.worker"))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"} | variables,
            )
        self.signs: list[str] = []
        self.samples = array("q")
        self._pending = b""

    def ask(self, do: str, **fields: Any) -> dict[str, Any]:
        """The answer to a request; signs of life are kept in `signs`, samples in `samples`."""
        self.post(do, **fields)
        self.signs = []
        while (answer := self.hear())["is"] == "at":
            self.signs.append(answer["what"])
        if answer["is"] == "samples":
            self.samples = array("q", self._take(8 * answer["count"]))
            if sys.byteorder == "big":
                self.samples.byteswap()
        return answer

    def strands(self, answer: dict[str, Any]) -> tuple[list[Strand], list[tuple[int, int]]]:
        """The samples of the last answer, thread by thread, and start and end of each collection; nothing is left."""
        pairs = list(zip(self.samples[::2], self.samples[1::2], strict=True))
        strands = []
        for told in answer["threads"]:
            calls, pairs = pairs[: told["calls"]], pairs[told["calls"] :]
            marks, pairs = pairs[: told["marks"]], pairs[told["marks"] :]
            strands.append(Strand(told, calls, marks))
        assert answer["collections"] == len(pairs)
        return strands, pairs

    def post(self, do: str, **fields: Any) -> None:
        """Sends a request."""
        self.send(json.dumps({"do": do, **fields}).encode() + b"\n")

    def hear(self) -> dict[str, Any]:
        """The next sign of life or answer."""
        return json.loads(self._line())

    def send(self, data: bytes) -> None:
        """Bytes for the worker's stdin."""
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def _line(self) -> bytes:
        while b"\n" not in self._pending:
            self._more()
        line, _, self._pending = self._pending.partition(b"\n")
        return line

    def _take(self, size: int) -> bytes:
        while len(self._pending) < size:
            self._more()
        taken, self._pending = self._pending[:size], self._pending[size:]
        return taken

    def _more(self) -> None:
        out = self.process.stdout.fileno()
        ready, _, _ = select.select([out], [], [], LONG_SECONDS)
        data = os.read(out, 1 << 20) if ready else b""
        if not data:
            raise EOFError("the worker has gone" if ready else "the worker says nothing")
        self._pending += data

    def wait(self) -> int:
        """Its exit code; negative: the signal that ended it."""
        return self.process.wait(LONG_SECONDS)

    def ends_by(self, seconds: float) -> bool:
        """Whether it ends within that time."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        return self.process.poll() is not None

    def close(self) -> None:
        """Takes its stdin away, and kills it if it still runs a while later."""
        self.process.stdin.close()
        if not self.ends_by(5.0):
            self.process.send_signal(signal.SIGKILL)
        self.process.wait(LONG_SECONDS)
        self.process.stdout.close()
