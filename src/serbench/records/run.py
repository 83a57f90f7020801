"""A run and its measurements: everything that `run.json` holds. `serbench.store` writes it to disk."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from serbench.records.cases import Case, Caution, CodecInfo, Pass, PayloadInfo, Status
from serbench.records.fidelity import Fidelity
from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory
from serbench.records.samples import Labels, Noise, Round, WorkerSamples


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
        labels: what its slowest calls were; None where there are too few to say.
        sizes: encoded messages under compressors; empty where the pass `size` did not get there.
        memory: None without the pass `memory`.
        cold_start: None without the pass `cold`.
        instructions: per call, counted under callgrind; None where they were not counted.
        warnings: what the reader should know.
    """

    case: Case
    status: Status
    reason: str = ""
    same_as: str = ""
    encoded_bytes: EncodedBytes | None = None
    workers: tuple[WorkerSamples, ...] = ()
    labels: Labels | None = None
    sizes: tuple[Compressed, ...] = ()
    memory: Memory | None = None
    cold_start: ColdStart | None = None
    instructions: float | None = None
    warnings: tuple[Caution, ...] = ()


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
class Pairing:
    """One side of a measurement in pairs: its other half is the run with the same `id` and the other `side`.

    Attributes:
        id: of the measurement.
        side: which half.
        asked: what the side was: `orjson==3.10.18`, `.`, `git:main`.
        pairs: of workers.
        rounds: in each.
        origins: where each measured module was imported from, by module.
    """

    id: str
    side: Literal["base", "new"]
    asked: str
    pairs: int
    rounds: int
    origins: dict[str, str] = field(default_factory=dict)


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
        passes: what was measured: `time`, `size`, `memory`, `cold`, `instructions`.
        noise: the machine's own; None where nothing was timed.
        pairing: whose half it is; None where it was not measured in pairs.
        fidelity: what comes back of probe values from each codec; without those for which there was no time.
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
    passes: tuple[Pass, ...] = ("time",)
    noise: Noise | None = None
    pairing: Pairing | None = None
    fidelity: tuple[Fidelity, ...] = ()

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
