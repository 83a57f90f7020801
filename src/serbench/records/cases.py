"""What there is to be measured: codecs, payloads, operations, conditions; together a case.

Workers import this: standard library only.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal
from urllib.parse import quote

Gc = Literal["on", "off", "frozen"]

Model = Literal["plain", "typed", "message"]

Pass = Literal["time", "size", "memory", "cold", "instructions"]


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
class Caution:
    """A fact about a measurement that its reader should know, and what to do about it. `warnings` in a result file.

    Attributes:
        name: from a closed list of kebab-case names, such as `warm-up-capped`.
        text: the fact and the remedy, one sentence each.
    """

    name: str
    text: str


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
        sample: the first instance as compact JSON, bytes as base64. Where it is long, `…` stands where something was
            left out, and a last line tells the size of all of it. Empty where none was kept.
        varied: how many of the instances, the last ones, `--vary` made of the others; 0: off, or there were enough.
    """

    name: str
    title: str
    digest: str
    instances: int
    bytes_as_json: int
    origin: str
    sample: str = ""
    varied: int = 0
