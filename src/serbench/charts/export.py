"""Figures as files for slides: SVG and PNG, each with its title, on white."""

from __future__ import annotations

import hashlib
import tempfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from serbench import registry
from serbench.charts.base import HEADROOM, MARGIN, PICTURES, TITLE
from serbench.charts.svg import legal
from serbench.charts.theme import INK, PAPER
from serbench.errors import CannotWrite, UnusableFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from serbench.charts.base import Chart, Figure
    from serbench.report.whole import Report

_LONGEST = 120  # characters of a file's name
_NAMESPACE = ' xmlns="http://www.w3.org/2000/svg"'


def save(report: Report, folder: Path, *, charts: Iterable[Chart] | None = None) -> tuple[Path, ...]:
    """Writes every figure of a report, once as SVG and once as PNG.

    Args:
        report: what is drawn.
        folder: where to; it is made where it is not there. Files of the same names are replaced.
        charts: all that there are unless others are given.

    Returns:
        The files, in the order of the page.

    Raises:
        UnusableFile: the folder cannot be made or written to; nothing was drawn.
        CannotWrite: no space is left.
    """
    _open(folder)
    found: Iterable[Chart] = registry.plug_ins("charts") if charts is None else charts
    written = []
    for chart in sorted(found, key=lambda chart: (chart.order, chart.name)):
        for name, data in _files(_drawn(chart, report)):
            path = folder / name
            try:
                path.write_bytes(data)
            except OSError as error:
                raise CannotWrite(f"{path}: cannot be written, {_reason(error)}; make room") from error
            written.append(path)
    return tuple(written)


def standing_alone(figure: Figure) -> str:
    """A figure's drawing as an SVG document: on white, its title above it, with a margin."""
    root = ET.fromstring(figure.svg.replace(_NAMESPACE, "", 1))  # noqa: S314 - of our own charts
    width, height = float(root.attrib["width"]), float(root.attrib["height"])
    left, top, wide, high = -MARGIN, -HEADROOM, width + 2 * MARGIN, height + HEADROOM + MARGIN
    size = {"width": f"{wide:g}", "height": f"{high:g}"}
    root.attrib |= {"viewBox": f"{left:g} {top:g} {wide:g} {high:g}", **size}
    paper = ET.Element("rect", {"x": f"{left:g}", "y": f"{top:g}", "fill": PAPER.light, **size})
    look = {"font-size": f"{TITLE:g}px", "font-weight": "700", "fill": INK.light}
    title = ET.Element("text", {"x": "0", "y": f"{top + MARGIN + TITLE:g}", **look})
    title.text = legal(figure.title)
    root[2:2] = [paper, title]  # behind the title and the description, which say nothing on paper
    written = ET.tostring(root, encoding="unicode").replace("<svg", f"<svg{_NAMESPACE}", 1)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{written}\n'


def _open(folder: Path) -> None:
    """Makes the folder and proves that it can be written to: before anything is drawn."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UnusableFile(f"{folder}: cannot be written, {_reason(error)}; choose another folder") from error


def _drawn(chart: Chart, report: Report) -> tuple[Figure, ...]:
    wanted = PICTURES.set(True)
    try:
        return chart.draw(report)
    finally:
        PICTURES.reset(wanted)


def _files(figures: Iterable[Figure]) -> Iterator[tuple[str, bytes]]:
    """Names and contents; a chart of somebody else's may know no PNG."""
    for figure in figures:
        stem = _stem(figure.id)
        yield f"{stem}.svg", standing_alone(figure).encode("utf-8", "backslashreplace")
        if figure.png:
            yield f"{stem}.png", figure.png


def _stem(name: str) -> str:
    """A figure's id as a file system can carry it; ids that differ stay different."""
    if len(name) <= _LONGEST:
        return name
    return f"{name[:_LONGEST]}-{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
