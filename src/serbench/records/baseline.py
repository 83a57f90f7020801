"""A baseline: of a run, what another is held against, small enough to be committed. Times are ns, sizes are bytes.

`serbench.gate.baseline` makes it of a run, `serbench.store.baselines` writes and reads it. No name of a host or of a
user is in it, and no path.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

from serbench.records.cases import Model, Operation, Status  # noqa: TC001 - the store reads annotations at run time
from serbench.records.passes import EncodedBytes  # noqa: TC001 - the same


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineCodec:
    """A codec as it was: what it writes and hands out. See `CodecInfo`."""

    format: str
    model: Model
    deviations: tuple[str, ...] = ()
    distribution: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselinePayload:
    """A payload as it was: equal digests mean equal messages. See `PayloadInfo`."""

    digest: str
    instances: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineTime:
    """A time of one case, ns per call.

    Attributes:
        ns: the value over all workers.
        low, high: ends of what the workers say of it: an interval from six on, their range below, `ns` itself for one.
        workers: processes behind the ends, or groups of them.
        calls: timed calls behind the value.
    """

    ns: float
    low: float
    high: float
    workers: int
    calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineEntry:
    """One case and its numbers.

    Attributes:
        codec, payload, operation: of the case; its conditions stand in its id.
        status: how it ended.
        reason: why there is no number, without the folders of paths in it; empty where measured.
        same_as: id of the case that holds its numbers; empty: itself.
        encoded_bytes: None where nothing was encoded.
        peak_bytes: most that Python's allocators held during a call, median over calls; None without the pass `memory`.
        instructions: per call under callgrind; None where they were not counted.
        typical: median over workers of their median batch mean; None where it was not timed.
        p10, p50, p99: percentiles of single calls; None where they are not earned or the call is too short for them.
    """

    codec: str
    payload: str
    operation: Operation
    status: Status
    reason: str = ""
    same_as: str = ""
    encoded_bytes: EncodedBytes | None = None
    peak_bytes: float | None = None
    instructions: float | None = None
    typical: BaselineTime | None = None
    p10: BaselineTime | None = None
    p50: BaselineTime | None = None
    p99: BaselineTime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a run is held against.

    Attributes:
        serbench: version that measured.
        created: RFC 3339, when the run ended.
        run: its id.
        machine: what times depend on, as text: `cpu_model`, `memory`, `python`, `sampler`, ...; what is not known is
            absent.
        codecs: by name.
        payloads: by name.
        entries: by the case's id.
    """

    serbench: str
    created: str
    run: str
    machine: dict[str, str] = field(default_factory=dict)
    codecs: dict[str, BaselineCodec]
    payloads: dict[str, BaselinePayload]
    entries: dict[str, BaselineEntry]

    @property
    def fingerprint(self) -> str:
        """Twelve hexadecimal digits that are the same for machines of which nothing different is known."""
        text = json.dumps(sorted(self.machine.items()), ensure_ascii=True)
        return hashlib.sha256(text.encode("ascii")).hexdigest()[:12]

    def numbers(self, case_id: str) -> BaselineEntry:
        """The entry that holds this case's numbers: its own, or that of the case that it is the same as.

        Raises:
            KeyError: no such case.
        """
        entry = self.entries[case_id]
        return self.entries[entry.same_as] if entry.same_as else entry
