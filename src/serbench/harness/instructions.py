"""Instructions per call, counted by valgrind's callgrind where it is installed: in one worker for all cases of a codec.

What is counted depends on the code and hardly on the machine: not on its speed, its load or its caches. So that it
depends on nothing else either, hash seed and allocator are pinned, callgrind reads no options of the user's, and
payloads are cut to their first few instances, as many for every codec and every side.

Valgrind shows programs a processor with AVX2 and without AVX-512: a library that looks takes another path than it may
have taken while it was timed.
"""

from __future__ import annotations

import contextlib
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import WorkerFailure
from serbench.harness import excerpt
from serbench.harness.link import Link, LinkFailure, Stopped
from serbench.sides.base import HERE
from serbench.worker import protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from serbench.harness.excerpt import Excerpt
    from serbench.harness.inbox import Answer
    from serbench.harness.plan import Spooled
    from serbench.records.cases import Case, Operation
    from serbench.sides.base import Launch

PINNED = (("PYTHONMALLOC", ""), ("MALLOC_MMAP_THRESHOLD_", "33554432"), ("MALLOC_TRIM_THRESHOLD_", "67108864"))
"""Python's own allocator; the C library's with the limits that it ends up at by itself, sooner or later."""

_PROBE_SECONDS = 20.0
_CASE_SECONDS = 10.0  # one case may take these, or half of the time that is left
_SILENT_SECONDS = 300.0  # a limit of its own ends every case before
_PROCESSORS = ("x86_64", "aarch64")
_VALGRIND = ("--tool=callgrind", "--command-line-only=yes", "--quiet", "--instr-atstart=no")
_UNKNOWN = re.compile(r"unhandled instruction|Unrecognised instruction", re.IGNORECASE)
_LOG, _DUMPS = "valgrind.log", "counts"
_TOO_LATE = "the time for instructions was over"
_SLOW = "not counted within"
_BUSY = "threads or processes of the codec go on, and would count as well"


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """What one call of a case executes.

    Attributes:
        case: which.
        instructions_per_call: mean over the instances, the sampler's loop included; median over several used heaps, as
            `serbench.worker.instructions` says. 0 where there is a reason.
        least: on the heap where they were fewest. How far apart the two are says how much of a difference may come
            from where the allocators happen to put things.
        most: where they were most.
        instances: that were rotated over, the first of the payload; 0 where there is a reason.
        reason: why nothing was counted; empty: it was.
    """

    case: Case
    instructions_per_call: float = 0.0
    least: float = 0.0
    most: float = 0.0
    instances: int = 0
    reason: str = ""


def available() -> bool:
    """Whether instructions can be counted here: looked at once in a process."""
    return not obstacle()


@cache
def obstacle() -> str:
    """Why instructions cannot be counted here, in words; empty where they can. Looked at once in a process."""
    if sys.platform != "linux" or platform.machine() not in _PROCESSORS:
        return f"instructions are not counted on {sys.platform} {platform.machine()}"
    valgrind = shutil.which("valgrind")
    if not valgrind:
        return "valgrind is not installed"
    command = [valgrind, *_VALGRIND, "--callgrind-out-file=/dev/null", sys.executable, "-I", "-S", "-c", ""]
    try:
        done = subprocess.run(command, capture_output=True, check=False, timeout=_PROBE_SECONDS)
    except (OSError, subprocess.TimeoutExpired) as failure:
        return f"valgrind does not run here: {failure}"
    if done.returncode:
        last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2]
        return f"valgrind does not run this Python: exit code {done.returncode}" + (f"; {last[:200]}" if last else "")
    return ""


def count(
    cases: Sequence[Case],
    *,
    source: str,
    payloads: Mapping[str, Spooled],
    seconds: float,
    on: frozenset[int],
    stop: Callable[[], bool],
    launch: Launch = HERE,
    sampler: str = "",
) -> Iterator[Count]:
    """Counts cases of one codec, in their order; a failure costs its case only, and what is left goes on elsewhere.

    The conditions of a case do not matter: the collector is off, one thread calls, and nothing is held. Cases that
    differ in nothing else are counted once.

    Args:
        cases: of one codec.
        source: module or file that the codec is in.
        payloads: by name; where a worker has left what it encoded, that is what is decoded.
        seconds: wall time for all of it; cases that do not fit have that for a reason. It may be exceeded by what it
            takes to end a process.
        on: the cores that the worker runs on.
        stop: whether somebody asked for the end.
        launch: the interpreter and the worker's files; valgrind comes on top.
        sampler: whose loop calls, `native` or `python`; empty: the native one, if it was built. Two sides that are held
            against each other need the same.

    Yields:
        one count for each case; none where instructions cannot be counted here.

    Raises:
        Stopped: `stop` said so.
    """
    if not available():
        return
    counted: dict[tuple[str, Operation], Count] = {}
    deadline = time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="serbench-") as folder:
        made = _under_valgrind(launch, Path(folder))
        bench = _Bench(source=source, folder=Path(folder), launch=made, on=on, sampler=sampler, stop=stop)
        try:
            for case in cases:
                key = case.payload, case.operation
                if key not in counted:
                    counted[key] = bench.count(case, payloads[case.payload], deadline)
                yield replace(counted[key], case=case)
        finally:
            bench.close()


def _under_valgrind(launch: Launch, folder: Path) -> Launch:
    """The same with valgrind around it, which writes to that folder."""
    files = (f"--log-file={folder / _LOG}", f"--callgrind-out-file={folder / _DUMPS}")
    before = (*launch.before, shutil.which("valgrind") or "valgrind", *_VALGRIND, *files)
    return replace(launch, before=before, environment=(*launch.environment, *PINNED))


@dataclass(slots=True, kw_only=True)
class _Bench:
    """Has one worker after the other count, as long as each of them lives.

    Attributes:
        source: module or file that the codec is in.
        folder: where payloads are cut to size, and where valgrind writes.
        launch: with valgrind.
        on: the cores that a worker runs on.
        sampler: whose loop calls.
        stop: whether somebody asked for the end.
    """

    source: str
    folder: Path
    launch: Launch
    on: frozenset[int]
    sampler: str
    stop: Callable[[], bool]
    _link: Link | None = None
    _excerpts: dict[str, Excerpt] = field(default_factory=dict)
    _useless: str = ""

    def count(self, case: Case, payload: Spooled, deadline: float) -> Count:
        """One case, begun if there is time."""
        now = time.monotonic()
        limit = min(deadline, now + max(_CASE_SECONDS, (deadline - now) / 2))
        if self._useless or now >= deadline:
            return Count(case=case, reason=self._useless or _TOO_LATE)
        try:
            if payload.info.name not in self._excerpts:
                self._excerpts[payload.info.name] = excerpt.cut(payload, case.codec, self.folder)
            return self._counted(case, self._excerpts[payload.info.name], limit)
        except LinkFailure as failure:
            self.close()
            return Count(case=case, reason=self._explained(str(failure)))
        except WorkerFailure as failure:
            self.close()  # what has raised may have left anything behind, which would count from now on
            return Count(case=case, reason=str(failure))
        except Stopped:
            self.close()
            if self.stop():
                raise
            return Count(case=case, reason=_TOO_LATE if limit >= deadline else f"{_SLOW} {limit - now:.0f} s")

    def _counted(self, case: Case, short: Excerpt, limit: float) -> Count:
        link = self._link or self._started(limit)
        operation = str(case.operation)
        bind: dict[str, Any] = {"do": "bind", "codec": case.codec, "payload": case.payload, "operations": [operation]}
        bind |= {"spool": str(short.path), "exchange": str(short.exchange)}
        bound = self._asked(link, bind | {"prepare_seconds": _left(limit) / 2, "verify_seconds": 0.0}, limit)
        if bound["is"] == "refused":
            return Count(case=case, reason=bound["reason"])
        if bound["operations"][operation]["status"] != "ready":
            return Count(case=case, reason=bound["operations"][operation]["reason"])
        if bound["ready"] != short.instances:
            return Count(case=case, reason=f"only {bound['ready']} of {short.instances} instances were ready in time")
        request: dict[str, Any] = {"do": "instructions", "payload": case.payload, "operation": operation}
        request |= {"dumps": str(self.folder / _DUMPS), "seconds": _left(limit)}
        answer = self._asked(link, request, limit)
        if bound.fields.get("busy") or answer.fields.get("busy"):
            self.close()
            return Count(case=case, reason=_BUSY)
        each = answer["instructions_per_call"]
        return Count(
            case=case,
            instructions_per_call=each["median"],
            least=each["min"],
            most=each["max"],
            instances=answer["instances"],
        )

    def _started(self, limit: float) -> Link:
        """A worker that has imported the codec. Where that fails, no case can be counted."""
        self._link = link = Link(on=self.on, hash_seed=0, launch=self.launch)
        hello = {"do": "hello", "version": protocol.VERSION, "sources": [self.source], "sampler": self.sampler}
        try:
            self._asked(link, hello, limit)
        except WorkerFailure as failure:
            self._useless = self._explained(str(failure))
            raise
        return link

    def _asked(self, link: Link, request: dict[str, Any], limit: float) -> Answer:
        return link.ask(request, patience=_SILENT_SECONDS, stop=lambda: self.stop() or time.monotonic() > limit)

    def _explained(self, reason: str) -> str:
        """With what valgrind has to say about it."""
        with contextlib.suppress(OSError):
            if _UNKNOWN.search((self.folder / _LOG).read_text(errors="replace")):
                return f"{reason}: valgrind does not know an instruction that was to be executed"
        return reason

    def close(self) -> None:
        """Ends the worker, if there is one. It is not asked to: under valgrind that takes a while."""
        if self._link:
            self._link.kill()
        self._link = None


def _left(limit: float) -> float:
    return max(0.0, limit - time.monotonic())
