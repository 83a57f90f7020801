"""The format of `run.json`, declared: one strict struct for each object in it.

A key has the name of the record's field, whose docstring says what it means; docs/run-format.md explains all of them.
Two things differ: what does not apply is absent here, and a case carries its id, so that other programs need not build
it. Annotations are read at run time, which is why they are not postponed.
"""

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from serbench.records.cases import Gc, Model, Operation, Pass, Status
from serbench.records.fidelity import Outcome
from serbench.store.migrations import VERSION, format_name

MOST = 1e18
"""More than any number of ns or bytes here can be: 31 years, an exabyte."""

Count = Annotated[int, Meta(ge=0)]
Ns = Annotated[float, Meta(ge=0, le=MOST, description="ns")]
Seconds = Annotated[float, Meta(ge=0, description="s")]
Bytes = Annotated[int, Meta(ge=0, description="bytes")]
Share = Annotated[float, Meta(ge=0, le=1, description="share, 0 to 1")]
Name = Annotated[str, Meta(min_length=1)]
Time = Annotated[
    str,
    Meta(
        description="RFC 3339",
        pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
    ),
]
Blob = Annotated[str, Meta(description="HdrHistogram V2, compressed, base64; values in ns")]


class Wire(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What all parts of the format have in common: an unknown key is an error, a field at its default is absent."""


class Conditions(Wire, frozen=True):
    """What a case is measured under."""

    gc: Gc
    heap_objects: Count
    threads: Annotated[int, Meta(ge=1)]
    instances: Annotated[int, Meta(ge=1)]
    instances_default: bool = True


class Case(Wire, frozen=True):
    """codec x payload x operation x conditions."""

    id: str
    codec: Name
    payload: Name
    operation: Operation
    conditions: Conditions


class Floor(Wire, frozen=True):
    """What an empty call reads in the same worker."""

    ns_per_call: Ns
    batch_ns_per_call: Ns
    clock_step_ns: Ns
    calls: Count


class Thread(Wire, frozen=True):
    """What one of several threads of a worker measured."""

    calls: Count
    histogram: Blob
    ns_per_call: tuple[Ns, ...]


class SlowCalls(Wire, frozen=True):
    """The slowest single calls of a worker, in the order of time."""

    at_ns: tuple[Count, ...] = ()
    ns: tuple[Count, ...] = ()
    labels: Annotated[str, Meta(pattern="^[gpio]*$")] = ""


class Worker(Wire, frozen=True):
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
    collections: Count = 0
    collection_ns: Count = 0
    switches: Count = 0
    slow: SlowCalls = SlowCalls()
    threads: tuple[Thread, ...] = ()
    block_medians: tuple[Ns, ...] = ()


class Labels(Wire, frozen=True):
    """What the slowest calls of a case were: how many of each label."""

    share: Annotated[float, Meta(gt=0, le=1, description="of all single calls")]
    from_ns: Count
    gc: Count
    preempted: Count
    instance: Count
    other: Count


class EncodedBytes(Wire, frozen=True):
    """Encoded size over the instances."""

    mean: Annotated[float, Meta(ge=0, le=MOST, description="bytes")]
    median: Annotated[float, Meta(ge=0, le=MOST, description="bytes")]
    min: Bytes
    max: Bytes


class Spread(Wire, frozen=True):
    """A middle and both ends; the unit stands in the key that holds it."""

    median: Annotated[float, Meta(ge=0, le=MOST)]
    min: Annotated[float, Meta(ge=0, le=MOST)]
    max: Annotated[float, Meta(ge=0, le=MOST)]


class Compressed(Wire, frozen=True):
    """Encoded messages under one compressor."""

    method: Literal["none", "gzip", "zstd", "brotli"]
    level: Count
    messages: Annotated[int, Meta(ge=1)]
    bytes_per_message: EncodedBytes
    ns_per_message: Ns
    stream_bytes: Bytes = 0
    stream_ns: Ns = 0.0


class Memory(Wire, frozen=True):
    """What calls take of memory."""

    calls: Annotated[int, Meta(ge=1)]
    peak_bytes: Spread
    live_bytes: Spread
    resident_growth_bytes: Annotated[int, Meta(ge=-1, description="bytes; -1: cannot be read here")]
    resident_calls: Count
    tracked_per_result: Annotated[float, Meta(ge=0, le=MOST)]
    heap_objects: Count
    full_collection_ns: Count
    new_bytes: Spread | UnsetType = UNSET


class ColdStart(Wire, frozen=True):
    """What the first use costs."""

    processes: Annotated[int, Meta(ge=1)]
    import_ns: Spread
    bind_ns: Spread
    first_call_ns: Spread


class Warning(Wire, frozen=True):  # noqa: A001 - the format's own word; the built-in is not used here
    """A fact that the reader should know, and what to do about it."""

    name: Name
    text: str


class Measurement(Wire, frozen=True):
    """One case and how it ended."""

    case: Case
    status: Status
    reason: str = ""
    same_as: str = ""
    encoded_bytes: EncodedBytes | UnsetType = UNSET
    workers: tuple[Worker, ...] = ()
    labels: Labels | UnsetType = UNSET
    sizes: tuple[Compressed, ...] = ()
    memory: Memory | UnsetType = UNSET
    cold_start: ColdStart | UnsetType = UNSET
    instructions: Annotated[float, Meta(ge=0, le=MOST, description="per call")] | UnsetType = UNSET
    warnings: tuple[Warning, ...] = ()


class Codec(Wire, frozen=True):
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


class Payload(Wire, frozen=True):
    """A payload as the run used it."""

    name: Name
    title: str
    digest: str
    instances: Count
    bytes_as_json: Bytes
    origin: str
    sample: str = ""
    varied: Count | UnsetType = UNSET


class Disturbance(Wire, frozen=True):
    """What else went on meanwhile, as shares of wall time; what cannot be read is absent."""

    foreign_cpu: Share | UnsetType = UNSET
    foreign_cpu_elsewhere: Annotated[float, Meta(ge=0, description="cores")] | UnsetType = UNSET
    steal: Share | UnsetType = UNSET
    pressure: Share | UnsetType = UNSET
    disturbed: bool = False


class Round(Wire, frozen=True):
    """Every case once, in a fresh random order."""

    n: Annotated[int, Meta(ge=1)]
    wave: Count
    started: Time
    seconds: Seconds
    block_seconds: Seconds
    disturbance: Disturbance = Disturbance()
    repeated: bool = False


class Noise(Wire, frozen=True):
    """What the machine does to a call that does nothing."""

    calls: Count
    histogram: Blob
    overflow: Count
    observed_ns: Count
    core: Annotated[int, Meta(ge=-1)]


class Environment(Wire, frozen=True):
    """Where the run was measured; what could not be read is absent."""

    machine: dict[str, Any]
    system: dict[str, Any]
    python: dict[str, Any]
    packages: dict[str, str]
    sampler: str
    git: dict[str, Any] = {}


class Pairing(Wire, frozen=True):
    """Whose half the run is, where it was measured in pairs."""

    id: Name
    side: Literal["base", "new"]
    asked: str
    pairs: Count
    rounds: Count
    origins: dict[str, str] = {}


class Probed(Wire, frozen=True):
    """A probe value and what became of it."""

    probe: Name
    outcome: Outcome
    words: str = ""
    undeclared: str = ""


class Fidelity(Wire, frozen=True):
    """What comes back of probe values from a codec."""

    codec: Name
    probed: tuple[Probed, ...]


class RunFile(Wire, frozen=True, tag_field="format", tag=format_name(VERSION)):
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
    passes: tuple[Pass, ...] = ("time",)
    noise: Noise | UnsetType = UNSET
    pairing: Pairing | UnsetType = UNSET
    fidelity: tuple[Fidelity, ...] = ()
