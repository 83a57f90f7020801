"""What a run is going to measure: cases, rows that need no measuring, and the size of blocks. Pure."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.records.cases import Case, CodecInfo, Conditions, Gc, Operation, PayloadInfo, Status
from serbench.records.run import Measurement

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

SAME_FOR_PLAIN = {Operation.DUMP: Operation.ENCODE, Operation.LOAD: Operation.DECODE}

LEAD_IN_NS = 200_000
LEAD_IN_CALLS = 5
LEAD_INS_PER_BLOCK = 10
BLOCK_NS = 2_000_000
BLOCK_NS_AT_MOST = 20_000_000
SINGLES_SHARE = 0.75
LONG_CALL_NS = 1_000_000
CALLS_AT_MOST = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """A payload on disk, for workers.

    Attributes:
        info: what it is.
        path: the spool file.
        instances_default: whether the number of instances is the payload's own.
    """

    info: PayloadInfo
    path: Path
    instances_default: bool

    def exchange(self, codec: str) -> Path:
        """Where workers of a codec leave what they have encoded of it."""
        name = hashlib.sha256(codec.encode(errors="surrogatepass")).hexdigest()[:16]
        return self.path.with_name(f"{self.path.name}.{name}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a run is going to measure.

    Attributes:
        codecs: those that have a case, available or not.
        payloads: those that have a case.
        cases: to be measured.
        aliases: cases that are the same as one of those, with its id.
        skipped: cases that cannot be measured here, with the reason.
    """

    codecs: tuple[CodecInfo, ...]
    payloads: tuple[Spooled, ...]
    cases: tuple[Case, ...]
    aliases: tuple[tuple[Case, str], ...]
    skipped: tuple[Measurement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Conditions that are asked for; with a payload's instances they are a case's.

    Attributes:
        gc: the collector.
        heap_objects: live decoded instances.
        threads: that measure at once.
    """

    gc: Gc = "on"
    heap_objects: int = 0
    threads: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """Cases that one worker process may measure one after the other, as none of them changes what the others meet.

    Attributes:
        codec: whose library it has.
        setting: what it measures under.
        payload: the only one it binds; empty: all. A heap holds instances of one payload.
    """

    codec: str
    setting: Setting
    payload: str = ""


def station(case: Case) -> Station:
    """Where a case is measured."""
    conditions = case.conditions
    setting = Setting(gc=conditions.gc, heap_objects=conditions.heap_objects, threads=conditions.threads)
    return Station(codec=case.codec, setting=setting, payload=case.payload if setting.heap_objects else "")


def stations(cases: Iterable[Case]) -> int:
    """How many worker processes measure them at a time."""
    return len({station(case) for case in cases})


def plan(
    codecs: Sequence[CodecInfo],
    payloads: Sequence[Spooled],
    operations: Sequence[Operation],
    settings: Sequence[Setting],
) -> Plan:
    """Codecs x payloads x operations x conditions, each case once.

    `dump` of a plain codec is its `encode`, and `load` its `decode`: measured as the first of the pair, shown as both.
    """
    cases: dict[str, Case] = {}
    aliases: list[tuple[Case, str]] = []
    skipped: list[Measurement] = []
    for payload in payloads:
        for setting in settings:
            for operation in operations:
                for codec in codecs:
                    case = _case(codec, payload, operation, setting)
                    if codec.unavailable:
                        skipped.append(Measurement(case=case, status=Status.SKIPPED, reason=codec.unavailable))
                    elif codec.model == "plain" and operation in SAME_FOR_PLAIN:
                        target = _case(codec, payload, SAME_FOR_PLAIN[operation], setting)
                        cases.setdefault(target.id, target)
                        aliases.append((case, target.id))
                    else:
                        cases.setdefault(case.id, case)
    return Plan(
        codecs=tuple(codecs),
        payloads=tuple(payloads),
        cases=tuple(cases.values()),
        aliases=tuple(aliases),
        skipped=tuple(skipped),
    )


def _case(codec: CodecInfo, payload: Spooled, operation: Operation, setting: Setting) -> Case:
    conditions = Conditions(
        gc=setting.gc,
        heap_objects=setting.heap_objects,
        threads=setting.threads,
        instances=payload.info.instances,
        instances_default=payload.instances_default,
    )
    return Case(codec=codec.name, payload=payload.info.name, operation=operation, conditions=conditions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """The size of a block.

    Attributes:
        lead_in_calls: calls before it that are no samples, at least.
        lead_in_ns: time before it that is no sample, at least.
        lead_in_limit_ns: where the lead-in ends in any case.
        calls: timed one by one.
        batch: timed as a whole; 0 where one call is so long that the singles as a whole serve.
        expected_ns: of all of it.
    """

    lead_in_calls: int
    lead_in_ns: int
    lead_in_limit_ns: int
    calls: int
    batch: int
    expected_ns: float


def block(ns_per_call: float, share_ns: float, instances: int = 1) -> Block:
    """Sizes a block for a call of that length.

    Its share of the time, between 2 and 20 ms, or ten lead-ins where that is longer and the share allows it; three
    quarters singles, one quarter a batch; always at least one call. In a short share the lead-in shrinks to a tenth.

    Args:
        ns_per_call: as warm-up read it.
        share_ns: what this case may take in a round.
        instances: messages that the calls rotate over. A batch has whole rotations where half of one fits: its mean is
            then that of all messages, and not of those that it happened to meet.
    """
    lead_in_ns = max(LEAD_IN_NS, LEAD_IN_CALLS * ns_per_call)
    wanted = max(LEAD_INS_PER_BLOCK * lead_in_ns, min(share_ns, BLOCK_NS_AT_MOST))
    length = min(wanted, max(BLOCK_NS, share_ns))
    limit = min(lead_in_ns, length / LEAD_INS_PER_BLOCK)
    long = ns_per_call >= LONG_CALL_NS
    singles_ns = length if long else SINGLES_SHARE * length
    calls = min(CALLS_AT_MOST, max(1, math.floor(singles_ns / ns_per_call)))
    batch = 0 if long else _batch(math.floor((length - singles_ns) / ns_per_call), instances)
    return Block(
        lead_in_calls=LEAD_IN_CALLS,
        lead_in_ns=LEAD_IN_NS,
        lead_in_limit_ns=0 if ns_per_call > limit else round(2 * limit),
        calls=calls,
        batch=batch,
        expected_ns=limit + (calls + batch) * ns_per_call,
    )


def _batch(calls: int, instances: int) -> int:
    """As many calls or, where that is possible without doubling them, whole rotations."""
    calls = min(CALLS_AT_MOST, max(1, calls))
    rotations = min(CALLS_AT_MOST // instances, math.floor(calls / instances + 0.5))
    return rotations * instances or calls
