"""Holds the numbers of a payload's drawings against the run: labels, ticks, and where marks and curves lie."""

from __future__ import annotations

from typing import TYPE_CHECKING

from recount.cases import ranking
from recount.drawings import Drawing, is_number
from recount.marks import CHECKS
from recount.pass_tables import shared

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from recount.cases import Case, Recount
    from recount.drawings import Panel
    from recount.names import Names
    from recount.page import Node

PARSING, SERIALISING = ("read", "decode", "load"), ("encode", "dump")
Shown = tuple[str, list["Case"]]
"""A panel's title and the cases in it."""


class Figures:
    """The drawings of a page of that run."""

    def __init__(self, run: Recount, names: Names) -> None:
        self._run, self._names = run, names

    def faults(self, figure: Node) -> Iterator[str]:
        """What is wrong with a drawing."""
        place = figure.attributes["id"]
        kind = next(one for one in CHECKS if place.startswith(f"{one}-"))
        payload = self._names.payload(f"payload-{place.removeprefix(f'{kind}-')}")
        drawing, shown = Drawing(figure), self._shown(payload, kind)
        for fault in (*self._panels(drawing, kind, shown), *self._others(drawing, payload)):
            yield f"{place}: {fault}"

    def _panels(self, drawing: Drawing, kind: str, shown: Sequence[Shown]) -> Iterator[str]:
        titles = [panel.title for panel in drawing.panels]
        if titles != [title for title, _ in shown]:
            yield f"panels are {titles}"
            return
        for n, (panel, (title, cases)) in enumerate(zip(drawing.panels, shown, strict=True)):
            found = [
                *_note(panel, cases, [own for _, own in shown]),
                *(drawing.across(panel).faults() if kind != "percentiles" else ()),
            ]
            found += CHECKS[kind](drawing, panel, cases, n)
            yield from (f"{title} {n + 1}: {fault}" for fault in found)

    def _others(self, drawing: Drawing, payload: str) -> Iterator[str]:
        """Words that are neither ticks nor a codec's numbers nor beside a title."""
        notes = {panel.note for panel in drawing.panels}
        compressed = shared(self._run.of(payload=payload), "sizes") or []
        for words, _, _, node in drawing.texts:
            if not is_number(words) and words not in notes:
                claims = self._names.claims(words)
                claims.allow_texts(f"{one['method']} level {one['level']}" for one in compressed)
                claims.allow(
                    r"^\d.*" if node.around("data-codec") else r"$"
                )  # a codec's numbers are held with its panel
                yield from claims.verdict()

    def _shown(self, payload: str, kind: str) -> list[Shown]:
        """Titles and cases of the panels that a drawing of that kind has."""
        run = self._run
        if kind == "puts-off":
            under = [run.of(payload=payload, conditions=one) for one in run.conditions(payload)]
            return [("from bytes to values", _parsing(cases)) for cases in under if _comparable(_parsing(cases))]
        found: list[Shown] = []
        for one in run.conditions(payload):
            own = {name: run.of(payload=payload, conditions=one, operation=name) for name in (*PARSING, *SERIALISING)}
            heads = [ranking({name: own[name] for name in order}) for order in (PARSING, SERIALISING)]
            found += [(name, cases) for name, cases in own.items() if cases and (kind != "timeline" or name in heads)]
        return found


def _parsing(cases: Sequence[Case]) -> list[Case]:
    return [case for case in cases if case.operation in PARSING]


def _comparable(cases: Sequence[Case]) -> bool:
    timed = [case.codec for case in cases if case.typical]
    return len(timed) > len(set(timed))


def _note(panel: Panel, cases: Sequence[Case], every: Sequence[Sequence[Case]]) -> Iterator[str]:
    """What stands beside a title: what sets its conditions apart, and a unit."""
    own, among = cases[0].conditions, [one[0].conditions for one in every]
    heap, threads = own["heap_objects"], own["threads"]
    words = {
        "gc": f"gc {own['gc']}",
        "heap_objects": f"heap {heap // 1000}k" if heap >= 1000 else f"heap {heap}",
        "threads": f"{threads} thread{'s' * (threads != 1)}",
    }
    apart_ = [text for key, text in words.items() if len({one[key] for one in among}) > 1]
    if panel.note.split(", ")[:-1] != apart_:
        yield f"{panel.note!r} is {apart_}"
