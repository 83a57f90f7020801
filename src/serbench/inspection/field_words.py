"""Fields as the rows of a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.inspection.columns import cut, share
from serbench.inspection.parts import Shape

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.inspection.columns import Rows
    from serbench.inspection.parts import Different, Field, Range

MOST_CHARACTERS = 36
"""Of what is told of a field's values."""

_EXACT = 10**15
"""Integers below are written with all their digits."""


def rows(fields: Sequence[Field], total: int) -> Rows:
    """A head and a row for each.

    Args:
        fields: in the order in which they are shown.
        total: bytes of all messages.
    """
    head = ("field", "kind", ">present", "values", ">different", ">bytes")
    return [head, *(_row(field, total) for field in fields)]


def _row(field: Field, total: int) -> tuple[str, ...]:
    present = f"{field.count:,}" if field.count == field.of else f"{field.count:,} of {field.of:,}"
    values, size = cut(_values(field), MOST_CHARACTERS), share(field.json_bytes, total)
    return field.path, ", ".join(field.shapes), present, values, _different(field.different), size


def _span(found: Range) -> str:
    low, high = _number(found.low), _number(found.high)
    return low if low == high else f"{low} to {high}"


def _number(value: float) -> str:
    if isinstance(value, int):
        return str(value) if abs(value) < _EXACT else _rounded(value)
    return f"{value:.6g}"


def _rounded(value: int) -> str:
    """A large integer of any length: `1.23e+18`."""
    try:
        return f"{value:.3g}"
    except OverflowError:
        return f"{'-' if value < 0 else ''}1e+{len(str(abs(value))) - 1}"


def _values(field: Field) -> str:
    """The leaves themselves where they are few and short, else from where to where they go."""
    values = ", ".join(field.values)
    values = values if len(values) <= MOST_CHARACTERS else ""
    return "; ".join(filter(None, (values, *_ranges(field, leaves=not values))))


def _different(different: Different) -> str:
    return f"{'>' * different.at_least}{different.count:,}" if different.count else ""


def _ranges(field: Field, *, leaves: bool) -> Iterator[str]:
    """Ranges in words; those of what is told itself may be left out."""
    if field.numbers and leaves:
        yield _span(field.numbers)
    for what, found in (
        ("char", field.characters if leaves else None),
        ("byte", field.bytes),
        ("item", field.items),
        ("key", field.keys),
    ):
        if found:
            low, high = f"{found.low:,}", f"{found.high:,}"
            yield f"{low if low == high else f'{low} to {high}'} {what}{'s' * (found.high != 1)}"
    if booleans := field.shapes.get(Shape.BOOLEAN):
        yield {0: "never", booleans: "always"}.get(field.true, share(field.true, booleans)) + " true"
