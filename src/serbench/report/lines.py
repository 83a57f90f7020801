"""Lines of the passes' tables: a codec and an operation each, and its record or why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from serbench.records.cases import Operation, Status
from serbench.report.cells import UNSAID, Column, words
from serbench.statistics.estimates import Missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from serbench.records.cases import Pass
    from serbench.records.run import Measurement
    from serbench.statistics.estimates import Number

Record = TypeVar("Record")

Line = tuple[str, Operation]
"""Codec and operation."""

_NOT_REACHED = Missing(short="not reached", reason="the run ended before this was measured; give it a longer --budget")


def lines_of(
    own: Sequence[Measurement], name: Pass, record: Callable[[Measurement], Record | None]
) -> tuple[list[Line], list[Record | Missing]]:
    """Codec and operation of cases with numbers of their own, by operation; and their records, or why there are none.

    Cases that differ in nothing but their conditions share a record.
    """
    groups: dict[Line, list[Measurement]] = {}
    for measurement in own:
        if not measurement.same_as:
            groups.setdefault((measurement.case.codec, measurement.case.operation), []).append(measurement)
    order = list(Operation)
    lines = sorted(groups, key=lambda line: order.index(line[1]))
    return lines, [first_record(groups[line], name, record) for line in lines]


def first_record(
    own: Sequence[Measurement], name: Pass, record: Callable[[Measurement], Record | None]
) -> Record | Missing:
    """The record that these measurements share, or why there is none."""
    return next(filter(None, map(record, own)), None) or _why([m for m in own if not m.same_as], name)


def _why(own: Sequence[Measurement], name: Pass) -> Missing:
    for caution in (caution for measurement in own for caution in measurement.warnings):
        if caution.name == f"no-{name}":  # the pass failed, and only the pass
            return Missing(short=Status.FAILED, reason=caution.text)
    if any(measurement.status is Status.MEASURED for measurement in own):
        return _NOT_REACHED
    return Missing(short=own[0].status, reason=f"{own[0].status}: {own[0].reason}")


def line_notes(
    own: Sequence[Measurement], lines: Sequence[Line], found: Sequence[Record | Missing]
) -> Iterator[tuple[str, str]]:
    """Why there is no number, and whose numbers are another operation's: name and text."""
    for (codec, operation), record in zip(lines, found, strict=True):
        if isinstance(record, Missing):
            yield codec, f"{operation}: {record.reason}"
    for measurement in own:
        if measurement.same_as:
            source = measurement.same_as.partition("?")[0].rpartition("/")[2]
            yield measurement.case.codec, f"{measurement.case.operation}: measured as {source}"


def named(lines: Sequence[Line]) -> tuple[Column, Column]:
    """The two columns that say which lines they are."""
    return words("codec", [codec for codec, _ in lines]), words("operation", [operation for _, operation in lines])


def column(
    found: Iterable[Record | Missing], number: Callable[[Record], Number], *, first: bool = False
) -> list[Number]:
    """A number for each record; the first column of a line without one says in a word why, the others nothing."""
    return [(one if first else UNSAID) if isinstance(one, Missing) else number(one) for one in found]


def records_of(found: Iterable[Record | Missing]) -> list[Record]:
    """Those that are there."""
    return [one for one in found if not isinstance(one, Missing)]
