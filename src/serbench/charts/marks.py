"""What a sheet holds: strokes, areas, markers and words, each drawn by one of matplotlib's renderers.

Places are pixels from the sheet's left lower corner. matplotlib's own artists and axes would do the same in four times
the time: a drawing whose pixels are worked out needs none of their transforms, clipping, ticks and layout.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from serbench.charts.theme import Colour, Dash

GRID, BEHIND, LINES, WORDS = range(4)
"""Layers, from behind to the front: rules and shades, what stands behind lines, lines and marks, words."""

Align = Literal["left", "center", "right"]
Places: TypeAlias = "Sequence[tuple[float, float]] | npt.NDArray[np.float64]"
"""x and y of each; where one is not a number the pen is lifted."""

_FONT = "DejaVu Sans"  # comes with matplotlib: the layout is the same everywhere


class Pen:
    """A renderer of matplotlib's, and how it sees the sheet.

    Args:
        renderer: any.
        height: of the sheet, in pixels.
        scale: the renderer's pixels for one of the sheet's.
        corner: where on the canvas the sheet's left upper corner is, in the sheet's pixels.
        below: how far the canvas goes on below the sheet, likewise.
    """

    def __init__(
        self,
        renderer: Any,
        *,
        height: float,
        scale: float = 1.0,
        corner: tuple[float, float] = (0.0, 0.0),
        below: float = 0.0,
    ) -> None:
        self.renderer = renderer
        self.scale = scale
        self.to_canvas = Affine2D().translate(corner[0], below).scale(scale)
        self._left, self._top = corner[0], corner[1] + height
        self._anchor = Text()  # the one of which the SVG renderer reads where a text is anchored

    @contextmanager
    def group(self, gid: str) -> Iterator[None]:
        """What is drawn within is a group that has this gid; none if it is empty."""
        if gid:
            self.renderer.open_group("mark", gid)
        yield
        if gid:
            self.renderer.close_group("mark")

    def context(self, colour: str, width: float) -> Any:
        """A graphics context with that colour and width of strokes."""
        made = self.renderer.new_gc()
        made.set_foreground(colour)
        made.set_linewidth(width)
        made.set_joinstyle("round")
        return made

    def write(self, words: str, place: tuple[float, float], align: Align, font: FontProperties, context: Any) -> None:
        """Text whose baseline begins, is centred or ends at that place of the sheet."""
        left, down = (place[0] + self._left) * self.scale, (self._top - place[1]) * self.scale
        self._anchor.set_position((left, 0))
        self._anchor.set_horizontalalignment(align)
        if align != "left" and self.scale != 1:  # a renderer of pixels does not know where a text is anchored
            wide, *_ = self.renderer.get_text_width_height_descent(words, font, False)
            left -= wide if align == "right" else wide / 2
        self.renderer.draw_text(context, left, down, words, font, 0.0, False, self._anchor)


class Mark(Protocol):
    """Something on a sheet."""

    @property
    def layer(self) -> int:
        """Marks of a higher layer lie over it."""

    def draw(self, pen: Pen) -> None:
        """Draws it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line through places.

    Attributes:
        places: its corners.
        colour: of the line.
        width: of the line, in pixels.
        dash: its pattern.
        round_ends: whether a very short stroke is a dot; the place of such strokes is not moved to whole pixels.
        gid: whose it is, as `svg.told` has it; empty: nobody's.
        layer: as `Mark` has it.
    """

    places: Places
    colour: Colour
    width: float
    dash: Dash = "-"
    round_ends: bool = False
    gid: str = ""
    layer: int = LINES

    def draw(self, pen: Pen) -> None:
        """Draws it."""
        with pen.group(self.gid):
            context = pen.context(self.colour.light, self.width)
            context.set_capstyle("round" if self.round_ends else "butt")
            context.set_snap(False if self.round_ends else None)
            if not isinstance(self.dash, str):
                offset, pattern = self.dash
                context.set_dashes(offset * self.width, [length * self.width for length in pattern])
            pen.renderer.draw_path(context, _path(self.places), pen.to_canvas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A filled shape.

    Attributes:
        places: its corners, in order.
        colour: that fills it.
        alpha: its opacity, 0 to 1.
        gid: whose it is, as `svg.told` has it; empty: nobody's.
        layer: as `Mark` has it.
    """

    places: Places
    colour: Colour
    alpha: float = 1.0
    gid: str = ""
    layer: int = BEHIND

    def draw(self, pen: Pen) -> None:
        """Draws it."""
        with pen.group(self.gid):
            context = pen.context(self.colour.light, 0)
            context.set_alpha(self.alpha)
            pen.renderer.draw_path(context, _path(self.places, closed=True), pen.to_canvas, _rgb(self.colour))


@dataclass(frozen=True, slots=True, kw_only=True)
class Markers:
    """The same mark at several places.

    Attributes:
        places: its middles.
        shape: one of matplotlib's markers.
        size: across, in pixels.
        edge: colour of its edge, a pixel wide.
        fill: colour of its inside.
        gid: whose they are, as `svg.told` has it; empty: nobody's.
        layer: as `Mark` has it.
    """

    places: Places
    shape: str
    size: float
    edge: Colour
    fill: Colour
    gid: str = ""
    layer: int = LINES

    def draw(self, pen: Pen) -> None:
        """Draws them."""
        with pen.group(self.gid):
            marker = _marker(self.shape)
            context = pen.context(self.edge.light, 1)
            context.set_joinstyle(marker.get_joinstyle())
            context.set_capstyle(marker.get_capstyle())
            size = marker.get_transform() + Affine2D().scale(self.size * pen.scale)
            pen.renderer.draw_markers(
                context, marker.get_path(), size, _path(self.places), pen.to_canvas, _rgb(self.fill)
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A line of text.

    Attributes:
        place: where its baseline begins, is centred or ends.
        text: any.
        colour: of its letters.
        size: of its letters.
        align: which end of it is at the place.
        bold: whether it is.
        gid: whose it is, as `svg.told` has it; empty: nobody's.
        layer: as `Mark` has it.
    """

    place: tuple[float, float]
    text: str
    colour: Colour
    size: float
    align: Align = "left"
    bold: bool = False
    gid: str = ""
    layer: int = WORDS

    def draw(self, pen: Pen) -> None:
        """Draws it."""
        with pen.group(self.gid):
            context = pen.context(self.colour.light, 1)
            pen.write(self.text, self.place, self.align, _font(self.size, bold=self.bold), context)


def _path(places: Places, *, closed: bool = False) -> Path:
    corners = np.asarray(places, dtype=np.float64)
    if not closed:
        return Path(corners)
    codes = np.full(len(corners) + 1, Path.LINETO, Path.code_type)
    codes[0], codes[-1] = Path.MOVETO, Path.CLOSEPOLY
    return Path(np.vstack((corners, corners[:1])), codes)


@lru_cache
def _rgb(colour: Colour) -> tuple[float, ...]:
    return tuple(int(colour.light[n : n + 2], 16) / 255 for n in (1, 3, 5))


@lru_cache
def _marker(shape: str) -> MarkerStyle:
    return MarkerStyle(shape)


@lru_cache
def _font(size: float, *, bold: bool) -> FontProperties:
    return FontProperties(family=_FONT, size=size, weight="bold" if bold else "normal")
