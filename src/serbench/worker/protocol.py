"""The worker protocol: the words that an orchestrator and a worker exchange.

A worker is any program that reads JSON lines on stdin and answers each with one JSON line on stdout. A request has its
verb in `do`, an answer its kind in `is`. An answer with `count` is followed by that many little-endian int64. Before
its answer a worker may send any number of `{"is": "at", "what": text}`: signs of life. Times are ns.

    {"do": "hello", "version": 1, "sources": [module or file], "describe": bool, "memory_bytes": n, "sampler": name}
        -> {"is": "hello", "version": 1, "sampler": name, "clock_step_ns": f, "clock_cost_ns": f, "import_ns": n,
            "codecs": [...]}
    {"do": "bind", "codec": name, "payload": name, "spool": path, "exchange": path, "operations": [...],
     "prepare_seconds": f, "verify_seconds": f, "heap": n, "heap_seconds": f}
        -> {"is": "bound", "operations": {operation: ready}, "encoded_bytes": {...}, "ready": n, "verified": n, "of": n,
            "heap": n}
        -> {"is": "refused", "reason": text}
    {"do": "warm", "payload": name, "operation": name, "gc": on|off|frozen, "limit_ns": n}
        -> {"is": "warm", "calls": n, "ended": bool, "ns_per_call": f}
    {"do": "block", "payload": name, "operation": name, "gc": ..., "threads": n, "lead_in_ns": n, "lead_in_calls": n,
     "lead_in_limit_ns": n, "lead_in_at_most": n, "calls": n, "batch": n}
        -> {"is": "samples", "count": n, "threads": [{"calls": n, "marks": n, "first": n, "lead_in": n, "batch_ns": n,
            "batch_calls": n}], "collections": n, "block_ns": n}
    {"do": "noise", "calls": n}
        -> {"is": "samples", ...}, of calls that do nothing
    {"do": "floor"}
        -> {"is": "floor", "ns_per_call": f, "batch_ns_per_call": f, "calls": n}
    {"do": "memory", "payload": name, "operation": name, "seconds": f, "calls": n}
        -> {"is": "memory", ...}
    {"do": "cold", "codec": name, "payload": name, "spool": path, "exchange": path, "operation": name}
        -> {"is": "cold", "import_ns": n, "bind_ns": n, "first_call_ns": n}
    {"do": "bye"}
        -> {"is": "bye"}, and the worker ends
    any of them
        -> {"is": "failed", "reason": text}

The int64 of `samples` are, thread by thread, start and end of each of its `calls`, and for each of its `marks` the
calls made so far and the thread's involuntary context switches so far; then start and end of each of the `collections`
of the garbage collector that ran meanwhile. All times are readings of one clock, that of `time.perf_counter_ns`. Call
i of a thread used instance (`first` + i) mod `ready`.

`ready` is `{"status": "ready"}`, or `{"status": "incorrect" | "failed", "reason": text}`. Where what came back was not
what went in, all operations are incorrect and `bound` has nothing but `operations`.

Any answer may have `noticed`: a list of [name, text], what the codec did to its process besides its work, all of it put
back as far as it goes; and `busy`: true where threads or children of the codec go on running.
"""

from __future__ import annotations

import os
from json import dumps, loads  # a codec may put something else in their place
from os import getpid
from typing import Any, BinaryIO

# 1: the first.
VERSION = 1

LOST = 74
"""Exit code of a worker that finds its descriptors closed."""


class Channel:
    """A worker's end of the protocol, on private descriptors.

    Args:
        requests: what the orchestrator writes to.
        answers: what the orchestrator reads from.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers
        self._owner = getpid()
        self._inherited = False
        os.register_at_fork(after_in_child=self._inherit)

    def _inherit(self) -> None:
        self._inherited = True

    def end_children(self) -> None:
        """Ends this process if it is a child that a codec forked, and that came back to the worker's own work."""
        if self._inherited:
            os._exit(0)

    def receive(self) -> dict[str, Any] | None:
        """The next request; None when the orchestrator has gone."""
        line = self._requests.readline()
        request: dict[str, Any] | None = loads(line) if line else None
        return request

    def send(self, answer: dict[str, Any], samples: bytes | memoryview = b"") -> None:
        """One answer, and the samples that it announces. A child that a codec forked has nothing to say, and ends."""
        if getpid() != self._owner:
            os._exit(0)
        self._answers.write(dumps(answer).encode() + b"\n")
        self._answers.write(samples)
        self._answers.flush()


def private_channel(printed: int) -> Channel:
    """Moves the protocol away from the standard descriptors, before anything of a codec is imported.

    Afterwards 0 points at nothing and 1 at a file, so that a codec which reads or prints confuses nobody. 2 stays the
    pipe whose end the orchestrator keeps for the reason of a failure. The private descriptors are closed in children.

    Args:
        printed: the descriptor of a file for what is printed.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(printed, 1)
    return Channel(requests, answers)
