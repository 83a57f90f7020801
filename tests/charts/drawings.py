"""Reads drawings back: what an SVG shows, in the numbers of its own axes."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


class Drawing:
    """A parsed figure."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)
        self._parents = {child: parent for parent in self.root.iter() for child in parent}

    def texts(self) -> list[str]:
        """All that is written in it, but for title and description."""
        return [element.text or "" for element in self.root.iter(f"{SVG}text")]

    def text(self, words: str) -> tuple[float, float]:
        """Where the only text of these words is."""
        (found,) = (e for e in self.root.iter(f"{SVG}text") if e.text == words)
        return float(found.get("x")), float(found.get("y"))

    def shapes(self, css_class: str, name: str = "path") -> list[list[tuple[float, float]]]:
        """The corners of every shape of a class, its own or its group's, in the order of drawing."""
        found = [e for e in self.root.iter(f"{SVG}{name}") if css_class in self.said(e, "class").split()]
        found = [e for e in found if "id" not in e.attrib]  # what others refer to is no shape of its own
        return [corners(e.get("d")) if name == "path" else [(float(e.get("x")), float(e.get("y")))] for e in found]

    def said(self, element: ET.Element, name: str) -> str:
        """What an element, or else the nearest group around it that does, says of that attribute; nothing if none."""
        while element is not None:
            if name in element.attrib:
                return element.get(name)
            element = self._parents.get(element)
        return ""

    def curves(self, codec: str) -> list[list[tuple[float, float]]]:
        """The corners of every percentile curve of a codec."""
        return [corners(e.get("d")) for e in self.root.iter(f"{SVG}path") if self.said(e, "data-curve") == codec]

    def of(self, codec: str) -> set[str]:
        """What kinds of elements are said to be a codec's: `path`, `use`, `text`."""
        drawn = (e for e in self.root.iter() if e.tag.removeprefix(SVG) in ("path", "use", "text"))
        names = ("data-codec", "data-curve")
        return {e.tag.removeprefix(SVG) for e in drawn if codec in [self.said(e, name) for name in names]}


def corners(path: str) -> list[tuple[float, float]]:
    """The points of a path; of curves those that bend them as well."""
    found: list[tuple[float, float]] = []
    begin = at = (0.0, 0.0)
    for letter, text in re.findall(r"([MmLlhvCcz])([^a-zA-Z]*)", path):
        numbers = list(map(float, re.findall(r"-?\d*\.?\d+", text)))
        if letter in "hv":
            numbers = [n for number in numbers for n in ((number, 0.0) if letter == "h" else (0.0, number))]
        for n, (x, y) in enumerate(zip(numbers[::2], numbers[1::2], strict=True)):
            found.append((x, y) if letter.isupper() else (round(at[0] + x, 1), round(at[1] + y, 1)))
            if letter not in "Cc" or n % 3 == 2:  # a curve's points are told from its beginning
                at = found[-1]
            begin = found[-1] if letter in "Mm" and not n else begin
        at = begin if letter == "z" else at
    return found


def linear(pixel: float, *, one: tuple[float, float], other: tuple[float, float]) -> float:
    """The value at a pixel of a linear axis that has the value `v` at the pixel `p` for two `(p, v)`."""
    (p, v), (q, w) = one, other
    return v + (pixel - p) * (w - v) / (q - p)


def logarithmic(pixel: float, *, one: tuple[float, float], other: tuple[float, float]) -> float:
    """The same of a logarithmic axis."""
    (p, v), (q, w) = one, other
    return math.exp(linear(pixel, one=(p, math.log(v)), other=(q, math.log(w))))
