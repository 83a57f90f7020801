"""The worker protocol: the words that an orchestrator and a worker exchange.

A worker is any program that reads JSON lines on stdin and answers each with one JSON line on stdout. A request has its
verb in `do`, an answer its kind in `is`. An answer `samples` with `count` is followed by that many little-endian int64:
ns per call. Before its answer a worker may send any number of `{"is": "at", "what": text}`: signs of life.

    {"do": "hello", "version": 1, "sources": [module or file], "describe": bool, "memory_bytes": n}
        -> {"is": "hello", "version": 1, "sampler": name, "clock_step_ns": f, "codecs": [...]}
    {"do": "bind", "codec": name, "payload": name, "spool": path, "exchange": path, "operations": [...],
     "prepare_seconds": f, "verify_seconds": f}
        -> {"is": "bound", "operations": {operation: ready}, "encoded_bytes": {...}, "ready": n, "verified": n, "of": n}
        -> {"is": "refused", "reason": text}
    {"do": "warm", "payload": name, "operation": name, "gc": on|off|frozen, "limit_ns": n}
        -> {"is": "warm", "calls": n, "ended": bool, "ns_per_call": f}
    {"do": "block", "payload": name, "operation": name, "gc": ..., "lead_in_ns": n, "lead_in_calls": n,
     "lead_in_limit_ns": n, "lead_in_at_most": n, "calls": n, "batch": n}
        -> {"is": "samples", "count": n, "lead_in": n, "batch_ns": n, "batch_calls": n, "block_ns": n}, then the samples
    {"do": "floor"}
        -> {"is": "floor", "ns_per_call": f, "batch_ns_per_call": f, "calls": n}
    {"do": "bye"}
        -> {"is": "bye"}, and the worker ends
    any of them
        -> {"is": "failed", "reason": text}

`ready` is `{"status": "ready"}`, or `{"status": "incorrect" | "failed", "reason": text}`. Where what came back was not
what went in, all operations are incorrect and `bound` has nothing but `operations`.
"""

from __future__ import annotations

import json
import os
from typing import Any, BinaryIO

# 1: the first.
VERSION = 1


class Channel:
    """A worker's end of the protocol, on private descriptors.

    Args:
        requests: what the orchestrator writes to.
        answers: what the orchestrator reads from.
    """

    def __init__(self, requests: BinaryIO, answers: BinaryIO) -> None:
        self._requests = requests
        self._answers = answers

    def receive(self) -> dict[str, Any] | None:
        """The next request; None when the orchestrator has gone."""
        line = self._requests.readline()
        request: dict[str, Any] | None = json.loads(line) if line else None
        return request

    def send(self, answer: dict[str, Any], samples: bytes | memoryview = b"") -> None:
        """One answer, and the samples that it announces."""
        self._answers.write(json.dumps(answer).encode() + b"\n")
        self._answers.write(samples)
        self._answers.flush()


def private_channel() -> Channel:
    """Moves the protocol away from the standard descriptors, before anything of a codec is imported.

    Afterwards 0 and 1 point at nothing, so that a codec which reads or prints confuses nobody. 2 stays the pipe whose
    end the orchestrator keeps for the reason of a failure. The private descriptors are closed in children.
    """
    requests = os.fdopen(os.dup(0), "rb")
    answers = os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1):
        os.dup2(nothing, standard)
    os.close(nothing)
    return Channel(requests, answers)
