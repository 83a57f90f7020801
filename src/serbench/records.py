"""Frozen records: what a run is made of. Standard library only, because workers import this too.

Times are nanoseconds, sizes are bytes; unit and denominator stand in the field's name. A histogram is text here
(HdrHistogram V2, compressed, base64, ns per call); `serbench.histogram` reads it, `serbench.store` writes runs to disk.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal
from urllib.parse import quote

Gc = Literal["on", "off", "frozen"]
Model = Literal["plain", "typed", "message"]


class Operation(StrEnum):
    """What is timed, from which value to which."""

    ENCODE = "encode"
    DECODE = "decode"
    DUMP = "dump"
    LOAD = "load"
    READ = "read"

    @property
    def from_bytes(self) -> bool:
        """Whether the timed call is handed bytes."""
        return self in (Operation.DECODE, Operation.LOAD, Operation.READ)


OPERATION_WORDS: dict[Operation, str] = {
    Operation.ENCODE: "the codec's own object to bytes: what serialising costs when the object exists already",
    Operation.DECODE: "bytes to the codec's own object: parse time, as libraries advertise it",
    Operation.DUMP: "a plain Python value to bytes: building the codec's object, then encoding it",
    Operation.LOAD: "bytes to a plain Python value: decoding, then converting all of it",
    Operation.READ: "bytes to every leaf read once, the way the library's users read it: parse time, honestly",
}


class Status(StrEnum):
    """How a case ended."""

    MEASURED = "measured"
    INCORRECT = "incorrect"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """What a case is measured under.

    Attributes:
        gc: the collector during the measurement.
        instances: how many instances the calls rotate over.
        instances_default: whether that number is the payload's own; a number asked for shows in the case's id.
        heap_objects: live decoded instances held meanwhile.
        threads: threads of the worker that measure at once.
    """

    gc: Gc = "on"
    instances: int
    instances_default: bool = True
    heap_objects: int = 0
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """codec x payload x operation x conditions: the thing that has a number."""

    codec: str
    payload: str
    operation: Operation
    conditions: Conditions

    @property
    def id(self) -> str:
        """`orjson/order/decode`, then `?gc=off&n=1` where conditions are not the default; names percent-encoded."""
        base = f"{_outside(self.codec)}/{_outside(self.payload)}/{self.operation}"
        asked = {
            "gc": "" if self.conditions.gc == "on" else self.conditions.gc,
            "heap": str(self.conditions.heap_objects or ""),
            "n": "" if self.conditions.instances_default else str(self.conditions.instances),
            "threads": "" if self.conditions.threads == 1 else str(self.conditions.threads),
        }
        query = "&".join(f"{key}={value}" for key, value in asked.items() if value)
        return f"{base}?{query}" if query else base


def _outside(name: str) -> str:
    """A name from outside, percent-encoded; what UTF-8 cannot carry (a file's name may hold it) with backslashes."""
    return quote(name, safe="", errors="backslashreplace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """What an empty C function of one argument reads in the same worker, over all its rounds.

    Attributes:
        ns_per_call: median of single readings.
        batch_ns_per_call: median of batch means (no clock in between).
        clock_step_ns: the smallest step the clock was seen to take.
        calls: single readings behind it.
    """

    ns_per_call: float
    batch_ns_per_call: float
    clock_step_ns: float
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkerSamples:
    """What one worker process measured of one case.

    Attributes:
        calls: timed calls in the histogram (its total).
        histogram: HdrHistogram V2 compressed, base64: ns of every single call.
        overflow: timed calls beyond the histogram's range; in no percentile, never lost.
        lead_in: calls made before blocks that are no samples.
        warm_up: calls made before the first block that are no samples.
        warm_up_ended: whether warm-up ended by itself and not by its cap.
        ns_per_call: batch means, one per block: a batch timed as a whole over its number of calls.
        batch_calls: calls behind those means, all batches together.
        floor: the empty call in the same worker.
        pair: which wave of workers this process belonged to, from 0.
        hash_seed: PYTHONHASHSEED of the process.
    """

    calls: int
    histogram: str
    overflow: int
    lead_in: int
    warm_up: int
    warm_up_ended: bool
    ns_per_call: tuple[float, ...]
    batch_calls: int
    floor: Floor
    pair: int
    hash_seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EncodedBytes:
    """Encoded size over the instances, in bytes."""

    median: float
    min: int
    max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """A fact about a measurement that its reader should know, and what to do about it. `warnings` in a result file.

    Attributes:
        name: from a closed list of kebab-case names, such as `warm-up-capped`.
        text: the fact and the remedy, one sentence each.
    """

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One case and how it ended.

    Attributes:
        case: what was to be measured.
        status: how it ended.
        reason: why there is no number; empty where measured.
        same_as: id of the case that this one is identical to (dump = encode of a plain codec); empty otherwise.
            Such a measurement has status, reason and nothing else: its numbers are the other's.
        encoded_bytes: size over the instances; None where nothing was encoded.
        workers: one entry per worker process.
        warnings: what the reader should know.
    """

    case: Case
    status: Status
    reason: str = ""
    same_as: str = ""
    encoded_bytes: EncodedBytes | None = None
    workers: tuple[WorkerSamples, ...] = ()
    warnings: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CodecInfo:
    """A codec as a worker's `hello` describes it: one entry of the catalogue.

    Attributes:
        name: the CLI value and the key in results.
        format: what is on the wire.
        model: what the codec hands the program.
        distribution: whose version is recorded; empty for the standard library.
        version: of the distribution, or of Python for the standard library; empty where unavailable.
        native: which implementation is active, such as `upb`, `C`, `Rust` or `pure Python`.
        deviations: names from the closed list in `serbench.codecs.deviations`.
        source: module or file that defines it.
        unavailable: why it cannot be used, with the next step; empty where it can.
        warnings: what should be known before its numbers are read.
    """

    name: str
    format: str
    model: Model
    distribution: str
    version: str
    native: str
    deviations: tuple[str, ...]
    source: str
    unavailable: str = ""
    warnings: tuple[Caution, ...] = ()

    @property
    def baseline(self) -> bool:
        """Whether this is its format's usual baseline: the codec that is named like the format."""
        return self.name == self.format


@dataclass(frozen=True, slots=True, kw_only=True)
class PayloadInfo:
    """A payload as a run used it.

    Attributes:
        digest: sha256 over schema and instances: equal digests mean equal messages.
        instances: how many.
        bytes_as_json: size of all instances as compact UTF-8 JSON, bytes as base64.
        origin: `generated`, or the file it came from.
    """

    name: str
    title: str
    digest: str
    instances: int
    bytes_as_json: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """Every case once, one block each, in a fresh random order.

    Attributes:
        n: from 1.
        wave: which generation of workers, from 0.
        started: RFC 3339.
        seconds: wall time of the round.
        block_seconds: wall time of it inside blocks (singles and batches, without lead-in).
    """

    n: int
    wave: int
    started: str
    seconds: float
    block_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Where a run was measured. Every value is text, a number or a mapping of them; what cannot be read is absent.

    Attributes:
        machine: `cpu_model`, `cpu_flags`, `cores`, `cores_usable`, `measuring_core`, `memory_bytes`, ...
        system: `platform`, `kernel`, `libc`, ...
        python: `implementation`, `version`, `build`, `compiler`, `gil`, `gc_thresholds`, `executable`, `debug`, ...
        packages: versions of installed codec libraries by distribution.
        sampler: which sampler measured, `python` or `native`.
        git: `commit` and `dirty` of the working directory, empty without one.
    """

    machine: dict[str, Any]
    system: dict[str, Any]
    python: dict[str, Any]
    packages: dict[str, str]
    sampler: str
    git: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One invocation and its results: everything that `run.json` holds.

    Attributes:
        id: `20261123T235959Z-1a2b`, sortable and unique.
        started: RFC 3339, UTC.
        finished: the same, of the last write.
        complete: False while measuring, and for ever if the run was cut short.
        serbench: version.
        command: the arguments that make it again.
        seed: of payloads, round orders and hash seeds.
        suite: its name, or empty.
        budget_seconds: wall time that was given.
        timing: where the wall time went, seconds by phase.
    """

    id: str
    started: str
    finished: str
    complete: bool
    serbench: str
    command: tuple[str, ...]
    seed: int
    suite: str
    budget_seconds: float
    environment: Environment
    codecs: tuple[CodecInfo, ...]
    payloads: tuple[PayloadInfo, ...]
    rounds: tuple[Round, ...]
    measurements: tuple[Measurement, ...]
    timing: dict[str, float] = field(default_factory=dict)

    def measurement(self, case_id: str) -> Measurement:
        """The measurement of that case.

        Raises:
            KeyError: no such case in this run.
        """
        for measurement in self.measurements:
            if measurement.case.id == case_id:
                return measurement
        raise KeyError(case_id)

    def numbers(self, measurement: Measurement) -> Measurement:
        """The measurement that holds this one's numbers: itself, or the one that it is the same as."""
        return self.measurement(measurement.same_as) if measurement.same_as else measurement
