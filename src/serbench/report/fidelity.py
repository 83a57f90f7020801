"""What comes back from each codec, beside how fast it is: speed is cheap for those who drop things."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.fidelity import summary
from serbench.fidelity.probes import BY_NAME, GROUPS
from serbench.records.fidelity import OUTCOME_WORDS, Outcome
from serbench.report.cells import aligned
from serbench.statistics.estimates import Estimate
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.records.cases import CodecInfo, Conditions
    from serbench.records.fidelity import Fidelity, Probed
    from serbench.report.parts import Row, Table

MOST_SPEEDS = 4
"""As many tables are shown beside; the matrix has all."""

_OTHERS = "others"
_SHORT = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """A column of times: how many times that of the table's best.

    Attributes:
        payload: whose table.
        operation: the same.
        cells: one for each codec, their decimals in line; words where there is no number.
    """

    payload: str
    operation: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FidelityCell:
    """A probe and a codec.

    Attributes:
        outcome: what became of it.
        short: into what or how, where that is short; empty otherwise, and where it came back.
        words: the same in full.
        odd: whether the codec declares something else.
    """

    outcome: Outcome
    short: str
    words: str
    odd: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FidelityGroup:
    """The probes of a group that did not come back from all: a title each, and a cell for each codec."""

    name: str
    lines: tuple[tuple[str, tuple[FidelityCell, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FidelityView:
    """What the page shows.

    Attributes:
        codecs: names, those that are exact most often first.
        probes: how many values there are.
        counts: for each codec, how many probes had each outcome, in the order of `outcomes`.
        outcomes: those that occur, each with what it means.
        speeds: of the tables that rank parsing and serialising under the first conditions.
        more_speeds: how many such tables are left out.
        groups: value by value what is not exact.
        exact: titles of the values that came back from all that could be asked.
        left_out: codecs of the run that were not looked at.
    """

    codecs: tuple[str, ...]
    probes: int
    counts: tuple[tuple[int, ...], ...]
    outcomes: tuple[tuple[Outcome, str], ...]
    speeds: tuple[Speed, ...]
    more_speeds: int
    groups: tuple[FidelityGroup, ...]
    exact: tuple[str, ...]
    left_out: tuple[str, ...]


def fidelity_view(
    found: Sequence[Fidelity], codecs: Sequence[CodecInfo], tables: Sequence[Table]
) -> FidelityView | None:
    """The view of what a run found, in the order of how much comes back.

    Args:
        found: of those codecs for which there was time.
        codecs: all of the run.
        tables: those of its report.

    Returns:
        None where the run looked at none.
    """
    if not found:
        return None
    counted = {fidelity.codec: summary.counts(fidelity) for fidelity in found}
    ordered = sorted(found, key=lambda one: (-counted[one.codec][Outcome.EXACT], one.codec))
    names = tuple(fidelity.codec for fidelity in ordered)
    outcomes = tuple(outcome for outcome in Outcome if any(counts[outcome] for counts in counted.values()))
    ranking = _ranking(tables)
    lines = _lines(ordered)
    return FidelityView(
        codecs=names,
        probes=len(lines),
        counts=tuple(tuple(counted[codec][outcome] for outcome in outcomes) for codec in names),
        outcomes=tuple((outcome, OUTCOME_WORDS[outcome]) for outcome in outcomes),
        speeds=tuple(_speed(table, names) for table in ranking[:MOST_SPEEDS]),
        more_speeds=len(ranking[MOST_SPEEDS:]),
        groups=tuple(_groups(lines)),
        exact=tuple(summary.title(name) for name, cells in lines.items() if not _lossy(cells)),
        left_out=tuple(info.name for info in codecs if info.name not in names and not info.unavailable),
    )


def _ranking(tables: Sequence[Table]) -> list[Table]:
    """Those that rank parsing and serialising, under the first conditions of each payload."""
    first: dict[str, Conditions] = {}
    for table in tables:
        first.setdefault(table.payload.name, table.conditions)
    return [table for table in tables if table.headline and table.conditions == first[table.payload.name]]


def _lines(found: Sequence[Fidelity]) -> dict[str, tuple[FidelityCell, ...]]:
    """Of each probe a cell for each codec."""
    names = dict.fromkeys(probed.probe for fidelity in found for probed in fidelity.probed)
    told = [{probed.probe: probed for probed in fidelity.probed} for fidelity in found]
    return {name: tuple(_cell(own.get(name)) for own in told) for name in names}


def _cell(probed: Probed | None) -> FidelityCell:
    if probed is None:  # a codec that was looked at with another list of probes
        return FidelityCell(outcome=Outcome.UNTRIED, short="", words="", odd=False)
    short = summary.brief(probed) if probed.outcome is not Outcome.UNTRIED else ""
    words = "; ".join(filter(None, (probed.words, probed.undeclared and f"not as declared: {probed.undeclared}")))
    return FidelityCell(
        outcome=probed.outcome,
        short=short if len(short) <= _SHORT else "",
        words=words,
        odd=bool(probed.undeclared),
    )


def _lossy(cells: Sequence[FidelityCell]) -> bool:
    return any(cell.outcome not in (Outcome.EXACT, Outcome.UNTRIED) for cell in cells)


def _groups(lines: dict[str, tuple[FidelityCell, ...]]) -> Iterator[FidelityGroup]:
    for group in (*GROUPS, _OTHERS):
        own = [name for name in lines if _lossy(lines[name]) and _group(name) == group]
        if own:
            yield FidelityGroup(name=group, lines=tuple((summary.title(name), lines[name]) for name in own))


def _group(name: str) -> str:
    """A probe's group; runs of other versions may have probes that are not known here."""
    return BY_NAME[name].group if name in BY_NAME else _OTHERS


def _speed(table: Table, codecs: Sequence[str]) -> Speed:
    rows = {row.codec.name: row for row in table.rows}
    cells = aligned(_relative(rows.get(codec)) for codec in codecs)
    return Speed(payload=table.payload.name, operation=str(table.operation), cells=cells)


def _relative(row: Row | None) -> str:
    if row is None:
        return "no case"
    if row.status != "measured":
        return str(row.status)
    return significant(row.relative.value) if isinstance(row.relative, Estimate) else row.relative.short
