"""How many instructions calls of one operation execute: counted by valgrind's callgrind, under which this process runs.

Counting is switched on and off from inside, by client requests: machine code that does nothing on a processor and that
valgrind takes for a question. Source: `valgrind.h` and `callgrind.h` of valgrind, where the sequences and the numbers
of the requests are part of its interface, which does not change.

Two runs of different length are counted, and what one has more is divided by the calls that it has more: what is
counted once a run drops out, such as the switching itself. The sampler's loop stays in, the same for every codec. How
long the runs are depends on what a first one counted and not on a clock, so that equal code is run equally often.

What an allocator executes depends on what it has handed out before: the length of a path changed counts by up to 0.5 %,
and a buffer that grows where nobody is in its way by 16 %. So calls are counted on several heaps that have been used,
each in its own way and the same way in every process: in a thread, which has a heap of the C library to itself, with
blocks and holes between them, and with pools of Python's own allocator that are full up to some point.
"""

from __future__ import annotations

import ctypes
import gc
import math
import mmap
import os
import platform
import random
import statistics
import sys
import threading
import time
from functools import cache, partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    Batch = Callable[[Callable[[Any], Any], list[Any]], int]

HEAPS = 5
"""Used heaps on which calls are counted."""

INSTRUCTIONS_PER_RUN = 2_000_000
"""The shorter run has at least as many, so that a few more or less at its ends are less than a ten-thousandth."""

WARM_CALLS = 64
"""Calls before anything is counted, at least: by then Python has specialised its code."""

FILLED_BYTES = 250_000
"""Of each small size, so many are handed out first: more than there is room for in pools that are in use."""

_POOL, _LARGEST, _STEP = 1 << 14, 512, 16
_EMPTY = sys.getsizeof(b"")
_BLOCKS, _BLOCK_BYTES, _DOUBLINGS = 400, 600, 7  # up to 77 kB, every second one a hole

_CODE = {  # a function of a pointer to six words: the request and its arguments
    # mov rax,rdi; xor edx,edx; rol rdi,3; rol rdi,13; rol rdi,61; rol rdi,51; xchg rbx,rbx; mov rax,rdx; ret
    "x86_64": "4889f8 31d2 48c1c703 48c1c70d 48c1c73d 48c1c733 4887db 4889d0 c3",
    # mov x4,x0; mov x3,0; ror x12,x12,3; ror .., 13; ror .., 51; ror .., 61; orr x10,x10,x10; mov x0,x3; ret
    "aarch64": "e40300aa 030080d2 8c0dcc93 8c35cc93 8ccdcc93 8cf5cc93 4a010aaa e00303aa c0035fd6",
}
_RUNNING_ON_VALGRIND = 0x1001
_CALLGRIND = ord("C") << 24 | ord("T") << 16
_ZERO, _DUMP, _START, _STOP = (_CALLGRIND + n for n in (1, 3, 4, 5))
_WORDS = ctypes.c_uint64 * 6
_REFUSED = (1 << 64) - 1  # what mmap returns then


def count(
    call: Callable[[Any], Any],
    arguments: Sequence[Any],
    batch: Batch,
    dumps: Path,
    seconds: float,
    *,
    begin: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """Counts the instructions of a call, in threads that stay.

    Args:
        call: the operation.
        arguments: one per instance, at least one; each is used equally often.
        batch: the sampler's: calls with one argument after the other.
        dumps: the file that callgrind was told to write to; a number is added to its name for each run.
        seconds: wall time that it may take; what would take longer is not begun.
        begin: called when a thread is there that has called nothing yet.

    Returns:
        `instructions_per_call`: `median`, `min` and `max` over the heaps of the mean over the instances, the sampler's
        loop included. `calls`: that the longer run has more. `instances`: that were rotated over.

    Raises:
        RuntimeError: this process does not run under callgrind, or the time does not suffice.
        Exception: whatever the call raises.
    """
    if not _ask(_RUNNING_ON_VALGRIND):
        raise RuntimeError("this process does not run under valgrind")
    began = time.monotonic()
    once = list(arguments)
    found: list[float] = []
    calls = 0
    for heap in range(HEAPS):
        each, calls = _in_thread(partial(_counted, call, once, batch, dumps, heap), begin)
        found.append(each)
        passed = time.monotonic() - began
        if len(found) < HEAPS and passed / len(found) * HEAPS > seconds:
            raise RuntimeError(f"{HEAPS} counts of {passed / len(found):.1f} s do not fit into {seconds:.1f} s")
    spread = {"median": statistics.median(found), "min": min(found), "max": max(found)}
    return {"instructions_per_call": spread, "calls": calls, "instances": len(once)}


def _in_thread(work: Callable[[], tuple[float, int]], begin: Callable[[], None]) -> tuple[float, int]:
    """What the work returns or raises in a new thread.

    The thread stays: the C library would hand its heap, with all that was done to it, to the next one.
    """
    found: list[tuple[float, int]] = []
    raised: list[BaseException] = []
    told, ended = threading.Event(), threading.Event()

    def run() -> None:
        told.wait()
        try:
            found.append(work())
        except BaseException as error:
            raised.append(error)
        ended.set()
        threading.Event().wait()

    threading.Thread(target=run, daemon=True).start()
    begin()
    told.set()
    ended.wait()
    for error in raised:
        raise error
    return found[0]


def _counted(call: Callable[[Any], Any], once: list[Any], batch: Batch, dumps: Path, heap: int) -> tuple[float, int]:
    """Instructions per call on one heap, and the calls behind them."""
    warm = once * math.ceil(WARM_CALLS / len(once))
    batch(call, warm)
    gc.collect()  # Python's free lists are emptied with it, and filled again by calls on this heap
    held = _used(random.Random(heap))
    batch(call, warm)
    _ask(_START)
    try:
        # The first run after the switch is none to count on: it only says how long the others have to be.
        first = _run(call, once, batch, dumps)
        repeats = 1 << max(0, math.ceil(math.log2(INSTRUCTIONS_PER_RUN / max(1, first))))
        short = _run(call, once * repeats, batch, dumps)
        long = _run(call, once * (2 * repeats), batch, dumps)
    finally:
        _ask(_STOP)
        held.clear()
    calls = len(once) * repeats
    return (long - short) / calls, calls


def _used(rng: random.Random) -> list[Any]:
    """Uses this thread's heap and Python's pools: what has to stay alive for it.

    Source of the sizes: `Objects/obmalloc.c` of CPython, 3.10 and later: pools of 16 KiB for each multiple of 16 bytes.
    """
    blocks = [bytes(round(_BLOCK_BYTES * 2 ** (_DOUBLINGS * rng.random()))) for _ in range(_BLOCKS)]
    held: list[Any] = blocks[::2]
    del blocks
    for size in range(_LARGEST, 0, -_STEP):
        objects = [_object(size) for _ in range(FILLED_BYTES // size)]
        for _ in range(_POOL // size):
            if id(objects[-1]) % _POOL + 2 * size > _POOL:
                break  # the next one would begin a pool
            objects.append(_object(size))
        objects += [_object(size) for _ in range(int(rng.random() * _POOL) // size)]
        held.append(objects)
    return held


def _object(size: int) -> Any:
    """One that takes so many bytes; empty bytes would be the same object every time."""
    if size <= _STEP:
        return object()
    return 0.5 * size if size <= 2 * _STEP else bytes(size - _EMPTY)


def _run(call: Callable[[Any], Any], arguments: list[Any], batch: Batch, dumps: Path) -> int:
    """Instructions of these calls as a whole; whatever is in the way is made before and taken away afterwards."""
    name = f"serbench-{os.getpid()}-{len(arguments)}"
    text = ctypes.create_string_buffer(name.encode())
    ask, zero, dump = _entry(), _WORDS(_ZERO), _WORDS(_DUMP, ctypes.addressof(text))
    ask(zero)
    batch(call, arguments)
    ask(dump)
    return _read(dumps, name.encode())


def _read(dumps: Path, name: bytes) -> int:
    """What the dump of that name counted. No dump is left: a child of the codec may have written others.

    Nothing is taken apart line by line: what happens here is slow as well.
    """
    counted = -1
    for path in dumps.parent.glob(f"{dumps.name}.*"):
        text = path.read_bytes()
        if b" " + name + b"\n" in text:
            counted = int(text[text.rindex(b"\ntotals:") + 8 :].split(None, 1)[0])
        path.unlink()
    if counted < 0:
        raise RuntimeError(f"callgrind has written no count to {dumps}")
    return counted


def _ask(request: int) -> int:
    """A client request without arguments: the answer, 0 where nobody hears it."""
    return int(_entry()(_WORDS(request)))


@cache
def _entry() -> Callable[[Any], int]:
    """The machine code as a function.

    It comes from a file, so that its page need not be written to and executed both, which some systems refuse, and so
    that the system sees to the processor's caches.

    Raises:
        RuntimeError: it is not known how this processor or system asks valgrind.
        OSError: the system does not let it be executed.
    """
    code = _CODE.get(platform.machine())
    if sys.platform != "linux" or not code or sys.maxsize < 1 << 32:
        raise RuntimeError(f"valgrind cannot be asked on {sys.platform} {platform.machine()}")
    library = ctypes.CDLL(None, use_errno=True)
    library.mmap.restype = ctypes.c_uint64
    library.mmap.argtypes = (
        ctypes.c_void_p,
        ctypes.c_size_t,
        ctypes.c_int,
        ctypes.c_int,
        ctypes.c_int,
        ctypes.c_long,
    )
    file = os.memfd_create("serbench-valgrind")
    try:
        os.write(file, bytes.fromhex(code))
        allowed = mmap.PROT_READ | mmap.PROT_EXEC
        address = library.mmap(None, mmap.PAGESIZE, allowed, mmap.MAP_PRIVATE, file, 0)
    finally:
        os.close(file)
    if address == _REFUSED:
        number = ctypes.get_errno()
        raise OSError(number, f"cannot ask valgrind: {os.strerror(number)}")
    return ctypes.CFUNCTYPE(ctypes.c_uint64, ctypes.c_void_p)(address)
