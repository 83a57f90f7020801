"""What charts draw on: a sheet whose unit is the pixel, with panels in a grid.

Marks are given to matplotlib's renderers of SVG and of pixels under settings of ours, and none of its global state is
left changed.
"""

from __future__ import annotations

import io
import math
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_svg import RendererSVG

from serbench.charts import svg
from serbench.charts.base import HEADROOM, MARGIN, PICTURES, TITLE, Figure
from serbench.charts.labels import short
from serbench.charts.labels import width as label_width
from serbench.charts.marks import Align, Area, Mark, Pen, Stroke, Words
from serbench.charts.panel import Panel
from serbench.charts.theme import COLOURS, INK, MUTED, PAPER, Colour

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 1080.0
"""Of a full sheet: what a page gives it."""
TEXT = 12.0
SMALL = 11.0

_PICTURE_SCALE = 2
"""Pixels of a picture for one of the sheet."""

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "serbench",  # the same drawing, the same bytes
    "path.simplify": False,  # charts thin their own curves
}
_SVG: Any = RendererSVG
_CLASSES = {colour.light: colour.name for colour in COLOURS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Panels of one size, three to a line at most.

    Attributes:
        count: of panels.
        height: of a plot.
        left: room for what the panels of a line share at their left, such as the numbers of an axis.
        right: room at the right of every panel.
        widest: what a plot may measure across where few panels leave room for more.
        top: room above the first line, for a key.
        head: room above each plot, for its title.
        foot: room below each plot, for its axis.
    """

    count: int
    height: float
    left: float
    right: float
    widest: float = 400.0
    top: float = 0.0
    head: float = 34.0
    foot: float = 46.0

    @property
    def columns(self) -> int:
        """Panels to a line."""
        return min(self.count, 3)

    @property
    def width(self) -> float:
        """Of a plot."""
        return min(self.widest, (WIDTH - self.left) / self.columns - self.right)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the whole sheet."""
        lines = math.ceil(self.count / self.columns)
        across = self.left + self.columns * (self.width + self.right)
        return across, self.top + lines * (self.head + self.height + self.foot)

    def corner(self, n: int) -> tuple[float, float]:
        """Left and top of the n-th plot."""
        line, column = divmod(n, self.columns)
        left = self.left + column * (self.width + self.right)
        return left, self.top + self.head + line * (self.head + self.height + self.foot)

    def leads(self, n: int) -> bool:
        """Whether the n-th panel is the first of its line."""
        return n % self.columns == 0


class Sheet:
    """A drawing of the grid's size, its origin at the left and top.

    Attributes:
        width, height: in pixels.
        panels: in the order in which they were made.
        marks: what is on it besides, from behind to the front by their layers.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self.width, self.height = grid.size
        self.panels: list[Panel] = []
        self.marks: list[Mark] = []

    def panel(self, n: int, title: str, note: str) -> Panel:
        """The plot at the grid's n-th place, without axes yet; a title above it and, at its right, a note."""
        left, top = self._grid.corner(n)
        width, height = self._grid.width, self._grid.height
        panel = self.plot(left, top, width, height)
        self.text(left, top - 14, title, bold=True)
        beside = left + label_width(title, TEXT) + 12
        fits = beside + label_width(note, SMALL) <= left + width
        self.text(
            left + width if fits else beside,  # else it goes on over the margin
            top - 14,
            note,
            colour=MUTED,
            size=SMALL,
            align="right" if fits else "left",
        )
        return panel

    def plot(self, left: float, top: float, width: float, height: float) -> Panel:
        """A plot whose left upper corner is that pixel of the sheet, without axes yet."""
        panel = Panel(left, self.height - top - height, left + width, self.height - top)
        self.panels.append(panel)
        return panel

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: Colour = INK,
        size: float = TEXT,
        align: Align = "left",
        bold: bool = False,
        codec: str = "",
    ) -> None:
        """Text whose baseline begins (or is centred, or ends) at that pixel of the sheet; `codec`: whose it is."""
        gid = svg.told("codec", codec) if codec else ""
        place = (x, self.height - y)
        self.marks.append(Words(place=place, text=text, colour=colour, size=size, align=align, bold=bold, gid=gid))

    def name(self, x: float, y: float, codec: str) -> None:
        """A codec's name, which ends at that pixel of the sheet."""
        self.text(x, y, short(codec), align="right", codec=codec)

    def box(self, x: float, y: float, width: float, height: float, *, colour: Colour, alpha: float = 1.0) -> None:
        """A filled rectangle whose left upper corner is that pixel of the sheet."""
        top = self.height - y
        places = [(x, top - height), (x + width, top - height), (x + width, top), (x, top)]
        self.marks.append(Area(places=places, colour=colour, alpha=alpha))

    def strokes(
        self, x: float, y: float, strokes: Iterable[tuple[float, float, float, float]], *, colour: Colour, width: float
    ) -> None:
        """Lines from one place to another, in pixels to the right of and above that pixel of the sheet."""
        up = self.height - y
        for left, low, right, high in strokes:
            ends = [(x + left, up + low), (x + right, up + high)]
            self.marks.append(Stroke(places=ends, colour=colour, width=width, round_ends=True))

    def figure(self, *, id: str, title: str, description: str, payload: str, finding: str = "") -> Figure:  # noqa: A002 - the field's name
        """What was drawn."""
        words = f"{description} {finding}".strip()
        with mpl.rc_context(_STYLE):
            return Figure(
                id=id,
                title=title,
                description=description,
                svg=svg.clean(self._written(), prefix=id, title=title, description=words, classes=_CLASSES),
                payload=payload,
                finding=finding,
                png=self._picture(title) if PICTURES.get() else b"",
            )

    def _written(self) -> str:
        """What was drawn, as matplotlib writes it."""
        written = io.StringIO()
        renderer: Any = _SVG(self.width, self.height, written, metadata={"Date": None})
        self._draw(Pen(renderer, height=self.height))
        renderer.finalize()
        return written.getvalue()

    def _draw(self, pen: Pen) -> None:
        """Panel by panel, then what is the sheet's own, from behind to the front."""
        for panel in self.panels:
            with pen.group(panel.gid):
                for mark in sorted(panel.marks, key=lambda mark: mark.layer):
                    mark.draw(pen)
        for mark in sorted(self.marks, key=lambda mark: mark.layer):
            mark.draw(pen)

    def _picture(self, title: str) -> bytes:
        """What was drawn, as PNG on white, with its title above it."""
        from matplotlib.backends import backend_agg  # noqa: PLC0415 - pages need none
        from matplotlib.image import imsave  # noqa: PLC0415

        agg: Any = backend_agg
        without: Any = {"Software": None}  # no version in the file
        wide, high = self.width + 2 * MARGIN, self.height + HEADROOM + MARGIN
        renderer = agg.RendererAgg(round(_PICTURE_SCALE * wide), round(_PICTURE_SCALE * high), 72 * _PICTURE_SCALE)
        pen = Pen(renderer, height=self.height, scale=_PICTURE_SCALE, corner=(MARGIN, HEADROOM), below=MARGIN)
        paper = [(-MARGIN, -MARGIN), (wide, -MARGIN), (wide, high), (-MARGIN, high)]
        Area(places=paper, colour=PAPER).draw(pen)
        place = (0.0, self.height + HEADROOM - MARGIN - TITLE)
        with warnings.catch_warnings():
            # The reader's fonts show the text in a page; the one of pictures need not have every letter.
            warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
            self._draw(pen)
            Words(place=place, text=title, colour=INK, size=TITLE, bold=True).draw(pen)
        written = io.BytesIO()
        imsave(written, renderer.buffer_rgba(), format="png", dpi=72 * _PICTURE_SCALE, metadata=without)
        return written.getvalue()
