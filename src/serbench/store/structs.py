"""The format of `run.json`, declared: one strict struct for each object in it.

A key has the name of the record's field, whose docstring says what it means; docs/run-format.md explains all of them.
Two things differ: what does not apply is absent here, and a case carries its id, so that other programs need not build
it. Annotations are read at run time, which is why they are not postponed.
"""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from serbench.records import Gc, Model, Operation, Status
from serbench.store.migrations import VERSION, format_name

MOST = 1e18
"""More than any number of ns or bytes here can be: 31 years, an exabyte."""

Count = Annotated[int, Meta(ge=0)]
Ns = Annotated[float, Meta(ge=0, le=MOST, description="ns")]
Seconds = Annotated[float, Meta(ge=0, description="s")]
Bytes = Annotated[int, Meta(ge=0, description="bytes")]
Name = Annotated[str, Meta(min_length=1)]
Time = Annotated[
    str,
    Meta(
        description="RFC 3339",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
    ),
]
Blob = Annotated[str, Meta(description="HdrHistogram V2, compressed, base64; values in ns")]


class Wire(Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What all parts of the format have in common: an unknown key is an error, a field at its default is absent."""


class Conditions(Wire):
    """What a case is measured under."""

    gc: Gc
    heap_objects: Count
    threads: Annotated[int, Meta(ge=1)]
    instances: Annotated[int, Meta(ge=1)]
    instances_default: bool = True


class Case(Wire):
    """codec x payload x operation x conditions."""

    id: str
    codec: Name
    payload: Name
    operation: Operation
    conditions: Conditions


class Floor(Wire):
    """What an empty call reads in the same worker."""

    ns_per_call: Ns
    batch_ns_per_call: Ns
    clock_step_ns: Ns
    calls: Count


class Worker(Wire):
    """What one worker process measured of one case."""

    calls: Count
    histogram: Blob
    overflow: Count
    lead_in: Count
    warm_up: Count
    warm_up_ended: bool
    ns_per_call: tuple[Ns, ...]
    batch_calls: Count
    floor: Floor
    pair: Count
    hash_seed: Count


class EncodedBytes(Wire):
    """Encoded size over the instances."""

    median: Annotated[float, Meta(ge=0, le=MOST, description="bytes")]
    min: Bytes
    max: Bytes


class Warning(Wire):  # noqa: A001 - the format's own word; the built-in is not used here
    """A fact that the reader should know, and what to do about it."""

    name: Name
    text: str


class Measurement(Wire):
    """One case and how it ended."""

    case: Case
    status: Status
    reason: str = ""
    same_as: str = ""
    encoded_bytes: EncodedBytes | UnsetType = UNSET
    workers: tuple[Worker, ...] = ()
    warnings: tuple[Warning, ...] = ()


class Codec(Wire):
    """A codec as a worker described it."""

    name: Name
    format: str
    model: Model
    deviations: tuple[str, ...]
    source: str
    distribution: str = ""
    version: str = ""
    native: str = ""
    unavailable: str = ""
    warnings: tuple[Warning, ...] = ()


class Payload(Wire):
    """A payload as the run used it."""

    name: Name
    title: str
    digest: str
    instances: Count
    bytes_as_json: Bytes
    origin: str


class Round(Wire):
    """Every case once, in a fresh random order."""

    n: Annotated[int, Meta(ge=1)]
    wave: Count
    started: Time
    seconds: Seconds
    block_seconds: Seconds


class Environment(Wire):
    """Where the run was measured; what could not be read is absent."""

    machine: dict[str, Any]
    system: dict[str, Any]
    python: dict[str, Any]
    packages: dict[str, str]
    sampler: str
    git: dict[str, Any] = {}


class RunFile(Wire, tag_field="format", tag=format_name(VERSION)):
    """One run of serbench and its results. Explained in docs/run-format.md."""

    id: Name
    started: Time
    finished: Time
    complete: bool
    serbench: str
    command: tuple[str, ...]
    seed: int
    budget_seconds: Seconds
    environment: Environment
    codecs: tuple[Codec, ...]
    payloads: tuple[Payload, ...]
    rounds: tuple[Round, ...]
    measurements: tuple[Measurement, ...]
    suite: str = ""
    timing: dict[str, Seconds] = {}
