"""Reads drawings back: what an SVG shows, in the numbers of its own axes."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

SVG = "{http://www.w3.org/2000/svg}"


class Drawing:
    """A parsed figure."""

    def __init__(self, svg: str) -> None:
        self.root = ET.fromstring(svg)

    def texts(self) -> list[str]:
        """All that is written in it, but for title and description."""
        return [element.text or "" for element in self.root.iter(f"{SVG}text")]

    def text(self, words: str) -> tuple[float, float]:
        """Where the only text of these words is."""
        (found,) = (e for e in self.root.iter(f"{SVG}text") if e.text == words)
        return float(found.get("x")), float(found.get("y"))

    def shapes(self, css_class: str, name: str = "path") -> list[list[tuple[float, float]]]:
        """The corners of every shape of a class, in the order of drawing."""
        found = [e for e in self.root.iter(f"{SVG}{name}") if css_class in (e.get("class") or "").split()]
        return [corners(e.get("d")) if name == "path" else [(float(e.get("x")), float(e.get("y")))] for e in found]


def corners(path: str) -> list[tuple[float, float]]:
    """The points of a path; of curves those that bend them as well."""
    words = [word for word in path.split() if word not in "MLCz"]
    return [(float(x), float(y)) for x, y in zip(words[::2], words[1::2], strict=True)]


def linear(pixel: float, *, one: tuple[float, float], other: tuple[float, float]) -> float:
    """The value at a pixel of a linear axis that has the value `v` at the pixel `p` for two `(p, v)`."""
    (p, v), (q, w) = one, other
    return v + (pixel - p) * (w - v) / (q - p)


def logarithmic(pixel: float, *, one: tuple[float, float], other: tuple[float, float]) -> float:
    """The same of a logarithmic axis."""
    (p, v), (q, w) = one, other
    return math.exp(linear(pixel, one=(p, math.log(v)), other=(q, math.log(w))))
