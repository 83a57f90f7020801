"""What must stand in the cells of a matrix of codecs and payloads, and under the pointer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from recount.known import Known
from recount.writing import in_unit, lasts, parted, three, weighs

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recount.cases import Case, Recount
    from recount.names import Names
    from recount.page import Node, Table


def matrix(run: Recount, names: Names, table: Table) -> Iterator[str]:
    """What is wrong in it. Cells show typical times, or sizes where nothing was timed."""
    about = next(one for one in table.node.up() if one.tag == "div" and one.all("p"))
    alone = re.search(r", in (\w+)", " ".join(one.text() for one in about.all("p")))
    timed = "time" in run.file.get("passes", ["time"])
    for column, (payload, unit) in enumerate(table.heads[1:], start=1):
        cells = [_linked(names, line[column]) for line in table.lines]
        numbers = [_number(case, timed=timed) for case in cells]
        for line, case, number in zip(table.lines, cells, numbers, strict=True):
            codec = names.codec(line[0])
            if case and (case.codec, case.payload) != (codec, payload):
                yield f"{payload}, {codec}: it leads to {case.id}"
            absolute = unit or (alone[1] if alone else "")
            if number:
                found = _cell(line[column], number, _best(numbers), absolute, timed=timed)
            else:
                found = names.claims(f"{line[column].text(without=('small',))} {_title(line[column])}").verdict()
            yield from (f"{payload}, {codec}: {fault}" for fault in found)


def _linked(names: Names, node: Node) -> Case | None:
    """The case that a cell leads to."""
    link = next(iter(node.all("a")), None)
    return names.case(link.attributes["href"]) if link else None


def _number(case: Case | None, *, timed: bool) -> Known | None:
    if case is None or timed:
        return case and case.typical
    size = case.encoded and case.encoded["median"]
    return Known(value=size, low=size, high=size, basis="") if size else None


def _best(numbers: Sequence[Known | None]) -> float:
    return min(number.value for number in numbers if number)


def _title(node: Node) -> str:
    return next((one.attributes["title"] for one in node.walk() if "title" in one.attributes), "")


def _cell(node: Node, number: Known, best: float, absolute: str, *, timed: bool) -> Iterator[str]:
    """A multiple of the best, or the number in a unit; under the pointer the number itself, with its own."""
    text, unit = node.text(without=("small",)).removeprefix("~"), (lasts if timed else weighs)(number.value).split()[1]
    value, low, high = (parted(_written(end, unit)) for end in (number.value, number.low, number.high))
    told = f"{value} {unit}" + (f" ({low}\u2013{high})" if number.basis == "interval" else "")
    multiple = "1" if number.value == best else parted(three(number.value / best))
    right = parted(_written(number.value, absolute)) if absolute else multiple
    if (text, _title(node)) != (right, told):
        yield f"{(text, _title(node))} is {(right, told)}"


def _written(value: float, unit: str) -> str:
    return f"{value:.10g}" if unit == "B" else in_unit(value, unit)
