"""Cores, gigabytes and money a month of a codec, reckoned from its times and sizes. Pure arithmetic.

`renderers/templates/price.js` does the same in the reader's browser; a test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from serbench.statistics.estimates import Estimate, Missing
from serbench.units import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serbench.records.cases import Operation
    from serbench.statistics.estimates import Basis

SECONDS_A_MONTH = 2_630_016
"""30.44 days of 86,400 s."""

BYTES_A_GIGABYTE = 1_000_000_000

_BASES: tuple[Basis, ...] = ("none", "range", "interval")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What a reader enters; the defaults are what a page shows before anything is.

    Attributes:
        rate: requests per second.
        decoded: messages decoded per request.
        encoded: messages encoded per request, which go out.
        core: money for a core a month.
        gigabyte: money for 10^9 bytes out.
        utilisation: per cent of a core's time that are used at the most, above 0.
        compression: name of the method that every message going out is compressed with, or `none`.
    """

    rate: float = 20_000.0
    decoded: float = 1.0
    encoded: float = 1.0
    core: float = 30.0
    gigabyte: float = 0.09
    utilisation: float = 50.0
    compression: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What parsing or serialising one message takes.

    Attributes:
        operation: the one whose time it is.
        ns: typical time of a call.
        instead: why it is not an operation that would be preferred; empty where it is the first choice.
        disturbed: whether other programs disturbed its measurement.
    """

    operation: Operation
    ns: Estimate
    instead: str = ""
    disturbed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """A message on its way out: its mean size, and the median time to compress it (0 where nothing does)."""

    bytes: float
    ns: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a bill of one codec on one payload rests on.

    Attributes:
        codec: its name.
        parse: bytes to values, or why there is no time.
        serialise: values to bytes, likewise.
        packed: by method of compression, `none` included: the message, or why its size is not known.
    """

    codec: str
    parse: Step | Missing
    serialise: Step | Missing
    packed: Mapping[str, Packed | Missing]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What serialization with one codec takes.

    Attributes:
        cores: cores that are kept.
        gigabytes: 10^9 bytes out a month.
        for_cores: money a month for the cores.
        for_gigabytes: money a month for the gigabytes.
        money: both. Known exactly (an interval without width) where cores are free.
    """

    cores: Estimate
    gigabytes: float
    for_cores: Estimate
    for_gigabytes: float
    money: Estimate


def cost(figures: Figures, inputs: Inputs) -> Cost | Missing:
    """What a codec takes under these inputs, or which part that it needs there is not.

    Parts that are asked for zero times are not needed.
    """
    missing = [part for part in _needed(figures, inputs) if isinstance(part, Missing)]
    if missing:
        return Missing(short=missing[0].short, reason="; ".join(part.reason for part in missing))
    packed = figures.packed[inputs.compression] if inputs.encoded else None
    size, compress_ns = (packed.bytes, packed.ns) if isinstance(packed, Packed) else (0.0, 0.0)
    parse, serialise = _used(figures.parse, inputs.decoded), _used(figures.serialise, inputs.encoded)

    def cores_of(parse_ns: float, serialise_ns: float) -> float:
        ns = inputs.decoded * parse_ns + inputs.encoded * (serialise_ns + compress_ns)
        return inputs.rate * ns / NS_PER_SECOND / (inputs.utilisation / 100)

    cores = _carried((parse, serialise), cores_of)
    gigabytes = inputs.rate * inputs.encoded * size * SECONDS_A_MONTH / BYTES_A_GIGABYTE
    for_gigabytes = gigabytes * inputs.gigabyte
    priced = cores if inputs.core else certain(0.0)
    return Cost(
        cores=cores,
        gigabytes=gigabytes,
        for_cores=_carried((priced,), lambda number: number * inputs.core),
        for_gigabytes=for_gigabytes,
        money=_carried((priced,), lambda number: number * inputs.core + for_gigabytes),
    )


def difference(one: Estimate, other: Estimate) -> Estimate:
    """How much more the one is; its ends are the furthest and the nearest that the two can lie from each other."""
    made = _carried((one, other), lambda mine, theirs: mine - theirs)
    if made.basis == "none":
        return made
    return replace(made, low=one.low - other.high, high=one.high - other.low)


def certain(value: float) -> Estimate:
    """A number that is no measurement: its interval has no width and always holds."""
    return Estimate(value=value, low=value, high=value, basis="interval", coverage=1.0, workers=0, calls=0)


def _needed(figures: Figures, inputs: Inputs) -> list[Step | Packed | Missing]:
    needed: list[Step | Packed | Missing] = [figures.parse] if inputs.decoded else []
    return [*needed, figures.serialise, figures.packed[inputs.compression]] if inputs.encoded else needed


def _used(step: Step | Missing, times: float) -> Estimate:
    return step.ns if isinstance(step, Step) and times else certain(0.0)


def _carried(parts: Sequence[Estimate], total: Callable[..., float]) -> Estimate:
    """A total at the values, at all lower and at all upper ends of parts that it rises with.

    If the parts' intervals hold with c1, c2, ..., all do at once with at least 1 - (1-c1) - (1-c2) - ... (Bonferroni's
    inequality), and then so does the total's. Without a spread of every part that was measured there is none.
    """
    basis = min((part.basis for part in parts), key=_BASES.index)
    value = total(*(part.value for part in parts))
    measured = [part for part in parts if part.calls]
    return Estimate(
        value=value,
        low=value if basis == "none" else total(*(part.low for part in parts)),
        high=value if basis == "none" else total(*(part.high for part in parts)),
        basis=basis,
        coverage=max(0.0, 1 - sum(1 - part.coverage for part in parts)) if basis == "interval" else 0.0,
        workers=min((part.workers for part in measured), default=0),
        calls=min((part.calls for part in measured), default=0),
    )
