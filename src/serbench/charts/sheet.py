"""What charts draw on: a sheet whose unit is the pixel, with panels in a grid.

matplotlib is used object by object, under its own defaults and ours, and no global state of it is left changed.
"""

from __future__ import annotations

import io
import math
import warnings
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

import matplotlib as mpl
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Bbox

from serbench.charts import svg
from serbench.charts.base import HEADROOM, MARGIN, PICTURES, TITLE, Figure
from serbench.charts.labels import short
from serbench.charts.labels import width as label_width
from serbench.charts.theme import COLOURS, INK, MUTED, PAPER, Colour

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from matplotlib.axes import Axes

WIDTH = 1080.0
"""Of a full sheet: what a page gives it."""
TEXT = 12.0
SMALL = 11.0

_PICTURE_DPI = 144  # two pixels of a picture for one of the sheet

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "serbench",  # the same drawing, the same bytes
    "text.parse_math": False,  # a dollar in a payload's name is a dollar
    "font.family": "DejaVu Sans",  # comes with matplotlib: the layout is the same everywhere
    "path.simplify": False,  # charts thin their own curves
    "lines.solid_capstyle": "butt",
}


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
    """A drawing of the grid's size, its origin at the left and top. Draw within `with`."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._width, self._height = grid.size
        self._global = ExitStack()

    def __enter__(self) -> Self:
        self._global.enter_context(mpl.rc_context())
        self._global.enter_context(warnings.catch_warnings())
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)
        # The reader's fonts show the text; the one that it is laid out with need not have every letter.
        warnings.filterwarnings("ignore", message="Glyph .* missing", category=UserWarning)
        self._canvas = Canvas(figsize=(self._width / 72, self._height / 72), dpi=72)
        self._canvas.patch.set_visible(False)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._global.close()

    def panel(self, n: int, title: str, note: str) -> Axes:
        """The axes of the grid's n-th place: no frame and no ticks yet; a title above it and, at its right, a note."""
        left, top = self._grid.corner(n)
        width, height = self._grid.width, self._grid.height
        axes = self.axes(left, top, width, height)
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
        return axes

    def axes(self, left: float, top: float, width: float, height: float) -> Axes:
        """Axes whose plot's left upper corner is that pixel of the sheet: no frame and no ticks yet."""
        place = (left / self._width, 1 - (top + height) / self._height, width / self._width, height / self._height)
        axes = self._canvas.add_axes(place)
        axes.patch.set_visible(False)
        axes.set_axisbelow(True)
        axes.spines[:].set_visible(False)
        return axes

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: Colour = INK,
        size: float = TEXT,
        align: Literal["left", "center", "right"] = "left",
        bold: bool = False,
        codec: str = "",
    ) -> None:
        """Text whose baseline begins (or is centred, or ends) at that pixel of the sheet; `codec`: whose it is."""
        self._canvas.text(
            x / self._width,
            1 - y / self._height,
            text,
            color=colour.light,
            size=size,
            ha=align,
            va="baseline",
            weight="bold" if bold else "normal",
            gid=svg.told("codec", codec) if codec else None,
        )

    def name(self, x: float, y: float, codec: str) -> None:
        """A codec's name, which ends at that pixel of the sheet."""
        self.text(x, y, short(codec), align="right", codec=codec)

    def box(self, x: float, y: float, width: float, height: float, *, colour: Colour, alpha: float = 1.0) -> None:
        """A filled rectangle whose left upper corner is that pixel of the sheet."""
        corner = (x / self._width, 1 - (y + height) / self._height)
        box = Rectangle(
            corner, width / self._width, height / self._height, color=colour.light, alpha=alpha, linewidth=0
        )
        self._canvas.add_artist(box)

    def strokes(
        self, x: float, y: float, strokes: Iterable[tuple[float, float, float, float]], *, colour: Colour, width: float
    ) -> None:
        """Lines from one place to another, in pixels to the right of and above that pixel of the sheet."""
        for left, low, right, high in strokes:
            line = Line2D(
                [(x + left) / self._width, (x + right) / self._width],
                [1 - (y - low) / self._height, 1 - (y - high) / self._height],
                color=colour.light,
                linewidth=width,
                solid_capstyle="round",
                snap=False,
            )
            self._canvas.add_artist(line)

    def figure(self, *, id: str, title: str, description: str, payload: str, finding: str = "") -> Figure:  # noqa: A002 - the field's name
        """What was drawn."""
        written = io.StringIO()
        canvas: Any = FigureCanvasSVG(self._canvas)
        canvas.print_svg(written, metadata={"Date": None})
        classes = {colour.light: colour.name for colour in COLOURS}
        words = f"{description} {finding}".strip()
        return Figure(
            id=id,
            title=title,
            description=description,
            svg=svg.clean(written.getvalue(), prefix=id, title=title, description=words, classes=classes),
            payload=payload,
            finding=finding,
            png=self._picture(title) if PICTURES.get() else b"",
        )

    def _picture(self, title: str) -> bytes:
        """What was drawn, as PNG, with its title above it."""
        self.text(0, MARGIN + TITLE - HEADROOM, title, size=TITLE, bold=True)
        around = Bbox.from_extents(-MARGIN, -MARGIN, self._width + MARGIN, self._height + HEADROOM)
        inches = Bbox(around.get_points() / 72)
        written = io.BytesIO()
        self._canvas.patch.set_visible(True)
        self._canvas.savefig(
            written,
            format="png",
            dpi=_PICTURE_DPI,
            facecolor=PAPER.light,
            bbox_inches=inches,
            metadata={"Software": None},
        )
        return written.getvalue()
