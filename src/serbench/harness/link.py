"""The orchestrator's end of one worker process: starts it, asks, waits with a limit, and says in words how it died."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import select
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

from serbench.errors import WorkerFailure
from serbench.harness import cores, strays
from serbench.harness.inbox import Answer, Inbox
from serbench.sides.base import HERE
from serbench.worker import protocol, words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.sides.base import Launch

_LOOK_SECONDS = 0.1
_LOOK_AGAIN_SECONDS = 0.005
_ARRIVING_SECONDS = 1.0
BYE_SECONDS = 1.0
_REASON_BYTES = 4096
_READ_BYTES = 1 << 20
_PIPE_BYTES = 1 << 20  # a block's samples fit: the worker need not wait for this process to read them
_SIGNALS = {number.value: number.name for number in signal.Signals}


class Stopped(Exception):
    """Somebody asked for the end while a worker was being waited for."""


class LinkFailure(WorkerFailure):
    """A worker that died, hung or broke the protocol; it is gone.

    Attributes:
        link: which.
        from_outside: whether a signal ended it that a process does not send itself: SIGKILL, SIGTERM.
    """

    def __init__(self, reason: str, link: Link, *, from_outside: bool = False) -> None:
        super().__init__(reason)
        self.link = link
        self.from_outside = from_outside


class Link:
    """One worker process.

    Args:
        on: the cores it starts on.
        hash_seed: its PYTHONHASHSEED.
        launch: the interpreter and the worker's files.
    """

    def __init__(self, *, on: frozenset[int], hash_seed: int, launch: Launch = HERE) -> None:
        self.hash_seed = hash_seed
        self._process = subprocess.Popen(
            launch.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=launch.variables() | {"PYTHONHASHSEED": str(hash_seed), strays.MARK: strays.TOKEN},
            start_new_session=True,  # Ctrl-C is the orchestrator's to answer
        )
        self._started = strays.started(self._process.pid)
        self._noticed = False  # something goes on by itself in the worker: threads, processes
        self._left: dict[int, int] = {}  # processes that were seen to descend from it, with the time of their start
        self._stopped: dict[int, int] = {}  # those of them that are kept still
        cores.pin(self._process.pid, on)
        assert self._process.stdin and self._process.stdout and self._process.stderr  # noqa: PT018 - for the type checker
        self._out = self._process.stdout.fileno()
        self._err = self._process.stderr.fileno()
        # A user's pipes may take so much memory and no more, and not every system can enlarge them.
        with contextlib.suppress(OSError, AttributeError):
            fcntl.fcntl(self._out, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
        self._open = {self._out, self._err}
        self._in = self._process.stdin
        self._inbox = Inbox()
        self._complaints = b""
        self._doing = "start"
        self._deadline = 0.0
        self._patience = 0.0
        self._answer: Answer | None = None
        self._gone = ""
        self._from_outside = False

    @property
    def alive(self) -> bool:
        """Whether the process still runs."""
        return not self._ended()

    def _ended(self) -> bool:
        """Whether the process has ended. It is not reaped by asking, so that the id of its group stays its own."""
        if self._process.returncode is None and hasattr(os, "waitid"):
            try:
                return os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None
            except ChildProcessError:  # a program that uses the library reaps all children by itself
                return True
        return self._process.poll() is not None  # macOS has no waitid before Python 3.13

    @property
    def doing(self) -> str:
        """The step that the worker was last in: a verb of the protocol, or the first word of a sign of life."""
        return self._doing.partition(" ")[0]

    @property
    def pid(self) -> int:
        """Of the process."""
        return self._process.pid

    def keep_still(self, still: bool) -> None:  # noqa: FBT001 - reads well: keep_still(True)
        """Stops a worker whose threads or children go on by themselves while others measure, or lets it go on.

        Whatever descends from it does as it does, in other sessions as well.
        """
        self._tell_group(signal.SIGSTOP if still else signal.SIGCONT)
        if still:
            self._stopped |= strays.stop_family(self._process.pid, self._started)
            self._left |= self._stopped
        else:
            strays.tell(self._stopped, signal.SIGCONT)
            self._stopped = {}

    def move(self, to: frozenset[int]) -> None:
        """Pins the process to other cores."""
        cores.pin(self._process.pid, to)

    def post(self, request: dict[str, Any], *, patience: float) -> None:
        """Sends a request without waiting for its answer.

        Args:
            request: as the protocol says.
            patience: seconds without an answer or a sign of life after which the worker is taken for hung.

        Raises:
            LinkFailure: the worker is gone already, as an earlier request has found.
        """
        if self._gone:
            raise LinkFailure(self._gone, self, from_outside=self._from_outside)
        self._doing = request["do"]
        self._answer = None
        self._patience = patience
        self._deadline = time.monotonic() + patience
        try:
            self._in.write(json.dumps(request).encode() + b"\n")
            self._in.flush()
        except OSError:
            pass  # it has died: reading will say how

    def ask(self, request: dict[str, Any], *, patience: float, stop: Callable[[], bool]) -> Answer:
        """Sends a request and waits for its answer.

        Raises:
            WorkerFailure: the worker died, hung, or could not do it; in the first two cases it is gone.
            Stopped: `stop` said so.
        """
        self.post(request, patience=patience)
        wait_any([self], stop)
        return self.take()

    def take(self) -> Answer:
        """The answer that has arrived.

        Raises:
            WorkerFailure: the worker says that it failed.
        """
        answer, self._answer = self._answer, None
        assert answer is not None
        if answer["is"] == "failed":
            raise WorkerFailure(answer["reason"])
        return answer

    def close(self) -> None:
        """Waits for the end of a worker that was told bye, and kills what does not listen."""
        self._wait(BYE_SECONDS)
        self.kill()

    def _wait(self, seconds: float) -> bool:
        """Whether the process ends within that time."""
        deadline = time.monotonic() + seconds
        while not self._ended():
            if time.monotonic() > deadline:
                return False
            time.sleep(_LOOK_AGAIN_SECONDS)
        return True

    def give_up(self, reason: str) -> None:
        """Ends a worker that is of no use any more; whatever is asked of it from now on fails for that reason."""
        self.kill()
        self._gone = reason

    def dismiss(self) -> None:
        """Says bye, if there is anybody to hear it. What it has left is ended before: afterwards it is nobody's."""
        if self.alive:
            if self._noticed:
                self._end_family()
                self._tell_group(signal.SIGCONT)
            self.post({"do": "bye"}, patience=BYE_SECONDS)

    def kill(self) -> None:
        """Ends the process group that was started here and whatever descends from the worker, and reaps the worker."""
        if self._process.returncode is None:
            if self._left or not self._ended():
                self._end_family()
            self._tell_group(signal.SIGKILL)
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _tell_group(self, what: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, what)

    def _end_family(self) -> None:
        """Ends what descends from the worker, which is stopped and stays so."""
        self._tell_group(signal.SIGSTOP)
        strays.end_family(self._process.pid, self._started, self._left)
        self._left = {}

    def _pump(self, descriptor: int) -> None:
        """Reads what has arrived on one descriptor."""
        data = os.read(descriptor, _READ_BYTES)
        if descriptor == self._out and not data:
            raise self._death()
        if not data:
            self._open.discard(descriptor)
        elif descriptor == self._err:
            self._complaints = (self._complaints + data)[-_REASON_BYTES:]
        else:
            # This process may have slept or starved: a long answer takes several reads, and is no silence.
            self._deadline = max(self._deadline, time.monotonic() + _ARRIVING_SECONDS)
            self._hear(data)

    def _hear(self, data: bytes) -> None:
        try:
            for what in self._inbox.take(data):
                if isinstance(what, Answer):
                    self._answer = what
                    self._remember(what)
                else:
                    self._doing = what
                    self._deadline = time.monotonic() + self._patience
        except WorkerFailure as broken:
            raise self._failed(str(broken)) from None

    def _remember(self, answer: Answer) -> None:
        """Looks at what descends from a worker that leaves something running: should it die, that is nobody's child."""
        if answer.fields.get("busy"):
            self._noticed = True
            self._left = strays.descendants({self._process.pid: self._started})

    def _failed(self, reason: str, *, from_outside: bool = False) -> LinkFailure:
        reason = words.printable(reason)  # last words, and the name of a file that was imported, are others' doing
        self.give_up(reason)
        self._from_outside = from_outside  # who asks next is told the same
        return LinkFailure(reason, self, from_outside=from_outside)

    def _death(self) -> LinkFailure:
        """How the process ended, in words; it is reaped."""
        by_itself = self._wait(1.0)
        with contextlib.suppress(OSError, BlockingIOError):
            os.set_blocking(self._err, False)
            self._complaints = (self._complaints + (os.read(self._err, _REASON_BYTES) or b""))[-_REASON_BYTES:]
        self.kill()
        code = self._process.returncode if by_itself else None
        if code == protocol.LOST:
            how = "closed every file descriptor, those of the worker protocol among them,"
        elif code is None:
            how = "closed the protocol's pipe"
        elif code < 0:
            how = f"killed by {_SIGNALS.get(-code, f'signal {-code}')}"
        else:
            how = f"ended by itself with exit code {code}"
        last = self._complaints.decode(errors="replace").strip().rpartition("\n")[2]
        reason = f"{how} during {self._doing}" + (f"; stderr: {last[:200]}" if last else "")
        return self._failed(reason, from_outside=code in (-signal.SIGKILL, -signal.SIGTERM))

    def _check(self) -> None:
        """Looks for an end that the pipe does not tell: silence, or a death while a child holds the pipe open."""
        if self._answer is not None:
            return
        if self._ended() and not select.select([self._out], [], [], 0)[0]:
            raise self._death()
        if time.monotonic() > self._deadline:
            hint = "" if self._doing.startswith(("hello", "import")) else " (--timeout)"
            raise self._failed(f"no answer within {self._patience:.3g} s during {self._doing}; killed{hint}")


def wait_any(links: Sequence[Link], stop: Callable[[], bool]) -> Link:
    """Waits until one of these workers has answered.

    Args:
        links: workers that were asked something.
        stop: looked at ten times a second.

    Returns:
        the first that has an answer.

    Raises:
        LinkFailure: one of them died, hung or broke the protocol.
        Stopped: `stop` said so.
    """
    while True:
        for link in links:
            if link._answer is not None:  # noqa: SLF001 - one module, one room
                return link
        if stop():
            raise Stopped
        owner = {descriptor: link for link in links for descriptor in link._open}  # noqa: SLF001
        poll = select.poll()
        for descriptor in owner:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(1000 * _LOOK_SECONDS):
            owner[descriptor]._pump(descriptor)  # noqa: SLF001
        for link in links:
            link._check()  # noqa: SLF001


def close_all(links: Sequence[Link]) -> None:
    """Says bye to all of them, then waits for each."""
    for link in links:
        link.dismiss()
    for link in links:
        link.close()
