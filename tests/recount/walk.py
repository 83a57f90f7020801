"""Walks through a page and holds every number on it against what follows from `run.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from recount.cases import Calls, Recount
from recount.figures import Figures
from recount.grids import Grids
from recount.matrix_data import matrix_data
from recount.names import Names
from recount.page import parse, tables, texts
from recount.prose import Prose

if TYPE_CHECKING:
    from collections.abc import Iterator


class Walk:
    """The run that pages are held against.

    Args:
        run_json: what stands in that file.
    """

    def __init__(self, run_json: str) -> None:
        self._run = Recount(json.loads(run_json))
        self._names = Names(self._run)
        self._prose = Prose(self._run, self._names)

    def faults(self, html: str) -> list[str]:
        """Every number of a page that is wrong, or that nobody explains, with its place; none if all follow."""
        return list(self._faults(html))

    def _faults(self, html: str) -> Iterator[str]:
        root = parse(html)
        yield from Grids(self._run, self._names).faults(tables(root))
        for text in texts(root):
            if not (text.figure and text.node.tag in ("text", "g")):
                yield from self._prose.faults(text)
        for figure in root.all("figure"):
            yield from Figures(self._run, self._names).faults(figure)
        for script in root.all("script"):
            if script.attributes.get("id") == "matrix-data":
                yield from matrix_data(self._run, script.text())
        for area in root.all("textarea"):
            case = self._names.case(next(one.attributes["id"] for one in area.up() if "id" in one.attributes))
            if Calls.decode(area.text()).counts != case.merged.counts:
                yield f"{case.id}: another histogram"
