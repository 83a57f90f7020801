"""Holds every cell of a page's tables against what must stand there."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from recount import price, tables
from recount.case_tables import times_line, worker_line
from recount.fidelity import Comebacks
from recount.matrix import matrix
from recount.pass_tables import PASSES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from recount.cases import Case, Recount
    from recount.names import Names
    from recount.page import Node, Table
    from recount.tables import Cell


class Grids:
    """The tables of a page of that run."""

    def __init__(self, run: Recount, names: Names) -> None:
        self._run, self._names = run, names
        self._results: list[Case] = []
        self._comebacks = Comebacks(run, names)

    def faults(self, every: Iterable[Table]) -> Iterator[str]:
        """What is wrong in any of them."""
        for table in every:
            try:
                found = list(self._of(table))
            except LookupError as error:
                found = [f"there is no {error}"]
            yield from (f"{table.section} {table.title}, {fault}" for fault in found)

    def _of(self, table: Table) -> Iterator[str]:
        payload, classes = self._names.payload(table.section), table.node.classes
        if table.case:
            return self._case_table(table)
        if payload:
            return self._of_payload(table, payload)
        kinds = {
            "matrix": partial(matrix, self._run, self._names),
            "bill": self._bill,
            "fidelity-counts": self._comebacks.counts,
            "fidelity-values": self._comebacks.values,
        }
        return next((kinds[name] for name in kinds if name in classes), self._plain)(table)

    def _of_payload(self, table: Table, payload: str) -> Iterator[str]:
        if "results" in table.node.classes:
            self._results = self._under(table, payload)
            best = self._run.best(self._results)
            return self._grid(table, lambda case, head, unit: tables.results(case, best, head, unit))
        if "slowest calls" in table.title:
            return self._grid(table, tables.tail)
        if "stands behind" in table.title:
            return self._grid(table, tables.basis)
        if "several conditions" in table.title:
            return self._conditions(table, payload)
        return self._pass(table, payload)

    def _plain(self, table: Table) -> Iterator[str]:
        """A table of words."""
        for line in table.lines:
            for cell in line:
                yield from self._names.claims(cell.text()).verdict()

    def _under(self, table: Table, payload: str) -> list[Case]:
        """The cases of a table of results, by its caption."""
        words = table.about.rpartition(" \u00b7 ")[2]
        conditions = next((one for one in self._run.conditions(payload) if tables.setting(one) == words), None)
        return self._run.of(payload=payload, operation=table.title, conditions=conditions)

    def _grid(self, table: Table, expected: Callable[[Case, str, str], Cell]) -> Iterator[str]:
        own = {case.codec: case for case in self._results}
        for line in table.lines:
            codec = self._names.codec(line[0])
            if codec not in own:
                yield f"{codec}: no such case"
            elif len(line) < len(table.heads):
                yield from self._cell(f"{codec}: ", line[1], tables.NOTHING)
            else:
                for node, (head, unit) in zip(line[1:], table.heads[1:], strict=True):
                    yield from self._cell(f"{codec}, {head}: ", node, expected(own[codec], head, unit))

    def _cell(self, where: str, node: Node, expected: Cell) -> Iterator[str]:
        """What is wrong with a cell; where words stand in the place of a number they hold none that is unexplained."""
        text, small = node.text(without=("small",)), " ".join(one.text() for one in node.all("small"))
        shown = {"text": text, "small": small, "title": node.attributes.get("title", "")}
        for part, words in shown.items():
            right = getattr(expected, part)
            if right and words != right:
                yield f"{where}{words!r} is {right!r}"
            elif not right and any(map(str.isdigit, words)):
                yield from (f"{where}{fault}" for fault in self._names.claims(words).verdict())
        value = node.attributes.get("data-value")
        if value is not None and (expected.value is None or float(value) != expected.value):
            yield f"{where}{value!r} is {expected.value!r}"

    def _conditions(self, table: Table, payload: str) -> Iterator[str]:
        cases = self._run.of(payload=payload, operation=table.title.split()[0])
        among = [one for one in self._run.conditions(payload) if any(case.conditions == one for case in cases)]
        for line in table.lines:
            words, codec = line[1].text(), self._names.codec(line[0])
            own = [c for c in cases if c.codec == codec and tables.difference(c.conditions, among) == words]
            if len(own) != 1:
                yield f"{codec} {words}: no such case"
                continue
            other = tables.reference(own[0], cases)
            for n, (node, (head, unit)) in enumerate(zip(line, table.heads, strict=True)):
                if n > 1:
                    cell = tables.condition(own[0], other, head, unit)
                    yield from self._cell(f"{own[0].id}, {head}: ", node, cell)

    def _pass(self, table: Table, payload: str) -> Iterator[str]:
        for line in table.lines:
            cases, skip = self._run.of(payload=payload, codec=self._names.codec(line[0])), 1
            if table.title != "compressed":
                cases, skip = [case for case in cases if case.operation == line[1].text()], 2
            for node, (head, unit) in list(zip(line, table.heads, strict=True))[skip:]:
                cell = PASSES[table.title](cases, head, unit)
                yield from self._cell(f"{cases[0].id}, {head}: ", node, cell)

    def _bill(self, table: Table) -> Iterator[str]:
        every = price.bills(self._run, table.title)
        today = next((self._names.codec(line[0]) for line in table.lines if "today" in line[0].text()), "")
        for line in table.lines:
            codec = self._names.codec(line[0])
            if len(line) < len(table.heads):
                yield from self._cell(f"{codec}: ", line[1], tables.NOTHING)
                continue
            for node, (head, _) in zip(line[1:], table.heads[1:], strict=True):
                yield from self._cell(f"{codec}, {head}: ", node, price.cell(every[codec], every.get(today), head))

    def _case_table(self, table: Table) -> Iterator[str]:
        case = self._names.case(table.case)
        expected = times_line if table.title == "Times" else worker_line
        for line in table.lines:
            right = expected(case, line[0].text(), table)
            for node, cell in zip(line[1:], right, strict=True):
                yield from self._cell(f"{case.id}, {line[0].text()}: ", node, cell)
