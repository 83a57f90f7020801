"""Drawings taken apart: their panels, the ticks of axes, and where marks and lines lie, in pixels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import isclose, log, nan
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recount.page import Node

SEEN = 0.35
"""Pixels: places are written with one decimal."""

_VALUES = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6}


def number(text: str) -> float:
    """A tick's label, `20\u202f000`, as a number."""
    return float(text.replace("\u202f", "").replace(",", ""))


def is_number(text: str) -> bool:
    """Whether a label is a number and nothing else."""
    return re.fullmatch(r"\d[\d.,\u202f]*", text) is not None


@dataclass(frozen=True, slots=True)
class Axis:
    """Ticks by their place. Without a zero the axis is logarithmic."""

    ticks: tuple[tuple[float, float], ...]

    def place(self, value: float) -> float:
        """Where a value lies, by the first tick and the last; nowhere with fewer than two."""
        if len(self.ticks) < 2:
            return nan
        (start, low), (end, high) = self.ticks[0], self.ticks[-1]
        share = (value - low) / (high - low) if low == 0 else log(max(value, 1e-9) / low) / log(high / low)
        return start + share * (end - start)

    def round(self) -> bool:
        """Whether ticks are what a reader counts in: equal steps, or 1, 2 and 5 of decades."""
        values = sorted(value for _, value in self.ticks)
        if values[:1] != [0]:
            return all(f"{value:.9e}"[0] in "125" and value == float(f"{value:.0e}") for value in values)
        return all(isclose(value, n * values[-1] / (len(values) - 1)) for n, value in enumerate(values[1:], start=1))

    def faults(self) -> Iterator[str]:
        """Ticks that are not where their number lies."""
        if len(self.ticks) == 1:
            yield f"{self.ticks[0][1]:g} alone is no axis"
        if not self.round():
            yield f"ticks are {[value for _, value in self.ticks]}"
        for place, value in self.ticks:
            if abs(self.place(value) - place) > 2 * SEEN:
                yield f"the tick {value:g} is not at {place:g}"


@dataclass(slots=True, eq=False)
class Panel:
    """A panel: title, what stands beside it, and the place of its plot's left upper corner."""

    title: str
    note: str
    left: float
    top: float

    @property
    def unit(self) -> str:
        """Of its numbers."""
        return re.search(r"\b(ns|us|ms|s|B|kB|MB)\b(?! thread)", self.note.split(", ")[-1])[1]


class Drawing:
    """A figure's drawing.

    Attributes:
        texts: the labels, each with its place.
        panels: in the order of lines and of places in them.
    """

    def __init__(self, figure: Node) -> None:
        self.svg = figure.all("svg")[0]
        self.texts = [
            (one.text(), float(one.attributes["x"]), float(one.attributes["y"]), one) for one in self.svg.all("text")
        ]
        titles = [(y, x, words) for words, x, y, node in self.texts if node.around("font-weight") == "700"]
        self.panels = [Panel(words, self._note(y, x, titles), x, y + 14) for y, x, words in sorted(titles)]

    def _note(self, y: float, x: float, titles: list[tuple[float, float, str]]) -> str:
        """What stands in the line of a title, to its right and before the next one's."""
        ends = [left for up, left, _ in titles if up == y and left > x]
        beside = [(at, words) for words, at, up, node in self.texts if up == y and node.around("font-weight") != "700"]
        return (
            min(((at, words) for at, words in beside if x < at), default=(0, ""))[1]
            if not ends
            else next((words for at, words in sorted(beside) if x < at <= min(ends) + 1), "")
        )

    def panel(self, x: float, y: float) -> Panel:
        """The panel that a place lies in, or below it or at its right."""
        over = [one for one in self.panels if one.top - 1 <= y]
        line = [one for one in over if one.top == max(other.top for other in over)]
        return max((one for one in line if one.left - 1 <= x), key=lambda one: one.left, default=line[0])

    def row(self, panel: Panel) -> list[Panel]:
        """The panels of a line, which share the axis at the left."""
        return [one for one in self.panels if one.top == panel.top]

    def across(self, panel: Panel) -> Axis:
        """The numbers under a panel."""
        return Axis(
            tuple(sorted((x, number(words)) for words, x, _ in self._ticks("middle") if self._below(panel, x, _)))
        )

    def _below(self, panel: Panel, x: float, y: float) -> bool:
        return self.panel(x + 1, y) is panel

    def upwards(self, panel: Panel) -> Axis:
        """The numbers at the left of a line of panels; their places are the middles of the labels."""
        own = [(y - 4.3, number(words)) for words, x, y in self._ticks("end") if self.panel(x, y).top == panel.top]
        return Axis(tuple(sorted(own, reverse=True)))

    def _ticks(self, anchor: str) -> Iterator[tuple[str, float, float]]:
        for words, x, y, node in self.texts:
            if is_number(words) and node.around("text-anchor") == anchor and not node.around("data-codec"):
                yield words, x, y

    def labels(self, panel: Panel, codec: str) -> list[str]:
        """What stands beside a codec's marks in a panel, from top to bottom."""
        own = [
            (y, words)
            for words, x, y, node in self.texts
            if node.around("data-codec") == codec and self._inside(panel, x, y)
        ]
        return [words for _, words in sorted(own)]

    def _inside(self, panel: Panel, x: float, y: float) -> bool:
        return x > panel.left and self.panel(x, y) is panel

    def shapes(self, panel: Panel, codec: str, *, closed: bool) -> list[list[tuple[float, float]]]:
        """The outlines of a codec in a panel: closed ones, or strokes."""
        found = []
        for node in self.svg.all("path"):
            if node.around("data-codec") == codec and not any(one.tag == "defs" for one in node.up()):
                outlines = list(corners(node.attributes["d"]))
                if node.attributes["d"].rstrip().lower().endswith("z") is closed and self._inside(
                    panel, outlines[0][0][0] + 1, outlines[0][0][1]
                ):
                    found += outlines
        return sorted(found, key=lambda outline: min(y for _, y in outline))

    def marks(self, panel: Panel, codec: str) -> list[tuple[float, float]]:
        """The marks of a codec in a panel."""
        own = [one for one in self.svg.all("use") if one.around("data-codec") == codec]
        places = [(float(one.attributes["x"]), float(one.attributes["y"])) for one in own]
        return [place for place in places if self._inside(panel, *place)]


def corners(path: str) -> Iterator[list[tuple[float, float]]]:
    """The outlines of a path's data, each as its corners."""
    words = re.findall(r"[a-zA-Z]|-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?", path)
    x = y = 0.0
    outline: list[tuple[float, float]] = []
    letter, at = "", 0
    while at < len(words):
        if words[at].isalpha():
            letter, at = words[at], at + 1
            if letter in "mM" and outline:
                yield outline
                outline = []
            if letter in "zZ":
                x, y = outline[0]
                continue
        count = _VALUES[letter.lower()]
        values = [float(word) for word in words[at : at + count]]
        at += count
        back = (x, y) if letter.islower() else (0.0, 0.0)
        if letter in "hH":
            x = back[0] + values[0]
        elif letter in "vV":
            y = back[1] + values[0]
        else:
            x, y = back[0] + values[-2], back[1] + values[-1]
        outline.append((x, y))
    if outline:
        yield outline
