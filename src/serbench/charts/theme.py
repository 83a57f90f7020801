"""Colours, dashes and markers: the same for a codec in every chart and table, in the light and in the dark.

Charts are drawn in the light values. A page puts `css()` into its style sheet, and its drawings follow the theme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour by its role or name, with its value in the light and in the dark, as `#rrggbb`."""

    name: str
    light: str
    dark: str


PAPER = Colour("paper", "#ffffff", "#15181d")
INK = Colour("ink", "#1b1f24", "#e7eaee")
MUTED = Colour("muted", "#59626f", "#a0a9b5")
GRID = Colour("grid", "#e4e7eb", "#2c323a")
SHADE = Colour("shade", "#a3abb6", "#69727e")
"""Of lines that stand behind others; no text has it."""

# Okabe and Ito's hues (Color Universal Design, 2008), darker or lighter until each reads as text on its paper.
SLATE = Colour("slate", "#5c6675", "#a9b3c1")
BLUE = Colour("blue", "#0072b2", "#56b4e9")
VERMILION = Colour("vermilion", "#c04d00", "#ff8f4a")
GREEN = Colour("green", "#007a58", "#35c496")
PINK = Colour("pink", "#a8477f", "#e79cc8")
AMBER = Colour("amber", "#8a6800", "#e6c229")
INDIGO = Colour("indigo", "#4b3aa8", "#a797f5")
BROWN = Colour("brown", "#7b4a21", "#c89b72")

COLOURS = (PAPER, INK, MUTED, GRID, SHADE, SLATE, BLUE, VERMILION, GREEN, PINK, AMBER, INDIGO, BROWN)


Dash = str | tuple[float, tuple[float, ...]]
"""A line's pattern, as matplotlib takes it."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a codec is drawn. No two share colour and dash, and no two a marker: colour is never the only carrier."""

    colour: Colour
    dash: Dash
    marker: str


_SOLID: Dash = "-"
_DASHED: Dash = (0.0, (3.0, 1.25))

LOOKS = (
    Look(SLATE, _SOLID, "o"),
    Look(BLUE, _SOLID, "s"),
    Look(VERMILION, _SOLID, "D"),
    Look(GREEN, _SOLID, "^"),
    Look(PINK, _SOLID, "P"),
    Look(AMBER, _SOLID, "p"),
    Look(INDIGO, _SOLID, "X"),
    Look(BROWN, _SOLID, "h"),
    Look(GREEN, _DASHED, "v"),
    Look(BROWN, _DASHED, "*"),
    Look(INDIGO, _DASHED, "<"),
    Look(BLUE, _DASHED, ">"),
)

# Names that have a look of their own, so that it is the same in every report. Every other name gets one that is free.
_KNOWN = {
    "json": 0,
    "orjson": 1,
    "msgpack": 2,
    "msgspec-json-struct": 3,
    "protobuf": 4,
    "ormsgpack": 5,
    "pickle": 6,
    "msgspec-msgpack-struct": 7,
    "msgspec-json": 8,
    "msgspec-msgpack": 9,
    "marshal": 10,
}


def looks(codecs: Iterable[str]) -> dict[str, Look]:
    """The look of each codec of a report. Distinct while there are looks enough; then they are dealt again."""
    names = sorted(set(codecs))
    known = {name: _KNOWN[name] for name in names if name in _KNOWN}
    free = [n for n in range(len(LOOKS)) if n not in known.values()] or list(range(len(LOOKS)))
    others = (name for name in names if name not in known)
    dealt = {name: free[place % len(free)] for place, name in enumerate(others)}
    return {name: LOOKS[n] for name, n in (known | dealt).items()}


def css() -> str:
    """Custom properties for both themes, and the classes that drawings carry: `f-blue` fills, `s-blue` strokes.

    What is stroked and has no class that fills it is not filled.
    """
    light = "".join(f"--{c.name}:{c.light};" for c in COLOURS)
    dark = "".join(f"--{c.name}:{c.dark};" for c in COLOURS)
    classes = "".join(f".f-{c.name}{{fill:var(--{c.name})}}.s-{c.name}{{stroke:var(--{c.name})}}" for c in COLOURS)
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f'svg [class^="s-"]{{fill:none}}\n'
        f"{classes}\n"
    )
