"""A row of a verdict in words and figures, the same for every output. Pure.

Nothing here is escaped for an output, but no text leaves its line: `plain` writes out what a terminal would obey.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from serbench.records.verdict import TIMES, Outcome
from serbench.units import duration, significant, size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.verdict import Acceptance, Metric, Row

BAD = (Outcome.REGRESSED, Outcome.NOT_COMPARABLE)
"""What fails a build unless the policy has it otherwise."""

_LONGEST = 500  # characters of a text from outside: a reason may carry the last words of a process
_VERBS = {
    Outcome.REGRESSED: "regressed",
    Outcome.NOT_COMPARABLE: "is not comparable",
    Outcome.INCONCLUSIVE: "is inconclusive",
    Outcome.SAME: "is the same",
    Outcome.IMPROVED: "improved",
}


def standing(row: Row) -> str:
    """What the policy makes of a row that would fail otherwise: `accepted`, `only warned of`, `ignored`; else empty."""
    if row.outcome not in BAD:
        return ""
    if row.accepted:
        return "accepted"
    return {"fail": "", "warn": "only warned of", "ignore": "ignored"}[row.severity]


def became(row: Row) -> str:
    """A cell: `regressed`, `regressed (accepted)`, `not comparable: missing`."""
    policy = standing(row)
    cause = f": {plain(row.cause)}" if row.cause else ""
    return f"{row.outcome}{cause}{f' ({policy})' if policy else ''}"


def metric(row: Row) -> str:
    """A cell: `p50`, `p50 of batches`, `encoded bytes`."""
    return row.metric.replace("_", " ") + " of batches" * (row.batch and row.metric in TIMES)


def sentence(row: Row) -> str:
    """A row on one line, with its reason and next step.

    `p50 of orjson/order/decode regressed: 1.23 us to 1.36 us, +10.4 % (+8.9 to +12.0 %), tolerance 5 %, p 0.0005`.
    """
    cause = f" ({plain(row.cause)})" if row.cause else ""
    said = f"{metric(row)} of {plain(row.case_id)} {_VERBS[row.outcome]}{cause}"
    numbers = ", ".join([*_both(row), *(f"{name} {text}".strip() for name, text in _numbers(row))])
    return "; ".join([f"{said}: {numbers}" if numbers else said, *remarks(row)])


def remarks(row: Row) -> tuple[str, ...]:
    """What stands beside the numbers: the reason, and what the policy has made of it."""
    policy = acceptance(row.accepted) if row.accepted and row.outcome in BAD else standing(row)
    return tuple(filter(None, (plain(row.reason), policy)))


def acceptance(accepted: Acceptance) -> str:
    """`accepted: a reason (commit 0123abc, until 2027-01-31)`."""
    bounds = [f"commit {plain(accepted.commit)}"] * bool(accepted.commit)
    bounds += [f"until {plain(accepted.expires)}"] * bool(accepted.expires)
    return f"accepted: {plain(accepted.reason)}" + (f" ({', '.join(bounds)})" if bounds else "")


def details(row: Row) -> tuple[tuple[str, str], ...]:
    """Everything that is known of a row, as labels and values."""
    known = [("case", plain(row.case_id)), ("metric", metric(row)), ("verdict", became(row))]
    sides = (("base", row.base), ("new", row.new))
    known += [(side, amount(row.metric, value)) for side, value in sides if value is not None]
    known += [(name or "change", text) for name, text in _numbers(row)]
    known += [("pairs", f"{row.pairs:,}")] * bool(row.pairs)
    known += [("calls", f"{row.calls[0]:,} in base, {row.calls[1]:,} in new")] * any(row.calls)
    return tuple(known)


def probability(row: Row) -> float | None:
    """What a row shows as p: that of an improvement for what improved, else that of a slowdown."""
    return row.p_faster if row.outcome is Outcome.IMPROVED else row.p_slower


def percent(change: float) -> str:
    """`+5.2`, `-0.003`: a change in per cent, to a tenth, or to the first digit that is not 0."""
    value = 100 * change
    if 0 < abs(value) < 0.05:  # it would be written as 0.0
        return f"{'-' if value < 0 else '+'}{significant(abs(value), 1)}"
    return f"{value:+.1f}" if value else "0.0"


def interval(row: Row) -> str:
    """`+8.9 to +12.0`, in per cent; empty where there is none."""
    return f"{percent(row.interval[0])} to {percent(row.interval[1])}" if row.interval else ""


def share(value: float) -> str:
    """`5`, `0.5`, `25`: what is no change, in per cent."""
    return f"{100 * value:.2f}".rstrip("0").rstrip(".")


def amount(of: Metric, value: float) -> str:
    """One side's number with its own unit: `1.23 us`, `1,234 B`, `12,345 instructions`."""
    if not isfinite(value):
        return str(value)
    if of in TIMES:
        return duration(value)
    if of in ("encoded_bytes", "peak_bytes"):
        return f"{value:,.10g} B" if value < 1e6 else size(value)  # up to a megabyte to the byte
    return f"{value:,.0f} instructions" if of == "instructions" else f"{value:,.10g}"


def plain(text: str, most: int = _LONGEST) -> str:
    """A text on one line, no longer than that, in which control characters and the like are written out."""
    made = "".join(c if c.isprintable() else " " if c.isspace() else repr(c)[1:-1] for c in text[:most])
    return made if len(text) <= most else f"{made}..."


def _both(row: Row) -> Iterator[str]:
    if row.base is not None and row.new is not None:
        yield f"{amount(row.metric, row.base)} to {amount(row.metric, row.new)}"


def _numbers(row: Row) -> Iterator[tuple[str, str]]:
    """The numbers of a row with their names; the change has none, it speaks for itself."""
    if row.change is not None:
        ends = f" ({interval(row)} %)" if row.interval else ""
        yield "", f"{percent(row.change)} %{ends}"
        yield "tolerance", f"{share(row.tolerance)} %"
    if (p := probability(row)) is not None:
        yield "p", significant(p, 2)
    if row.detectable is not None and row.outcome in (Outcome.SAME, Outcome.INCONCLUSIVE):
        yield "detectable from", f"{percent(row.detectable)} %"
