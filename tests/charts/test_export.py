from __future__ import annotations

from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

import pytest
from drawings import SVG

import fake_reports
from serbench.charts import export
from serbench.charts.base import HEADROOM, MARGIN, Figure
from serbench.errors import CannotWrite, UnusableFile

REPORT = fake_reports.order_report()
SMALL = Figure(
    id="own-order",
    title="order: a < b",
    description="How to.",
    svg='<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 200" width="300" height="200">'
    "<title>order</title><desc>How to.</desc><text>words</text></svg>",
    payload="order",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A chart of somebody else's, without PNG."""

    figures: tuple[Figure, ...]
    name: str = "own"
    order: int = 1

    def draw(self, _report, /):
        """Always the same."""
        return self.figures


def test_every_figure_is_written_as_svg_and_png(tmp_path):
    """Under its id, in a folder that is made; the files are returned in the order of the page."""
    written = export.save(REPORT, tmp_path / "slides" / "order")
    names = [f"{chart}-order" for chart in ("percentiles", "bars", "puts-off", "size-time", "timeline")]
    assert [f"{name}.{kind}" for name in names for kind in ("svg", "png")] == [path.name for path in written]
    assert {tmp_path / "slides" / "order"} == {path.parent for path in written}
    for path in written:
        start = path.read_bytes()[:8]
        assert start.startswith(b"<?xml " if path.suffix == ".svg" else b"\x89PNG\r\n\x1a\n")


def test_an_svg_stands_alone():
    """On white, with its title above the drawing, larger by the margins; the rest is as it was."""
    root = ET.fromstring(export.standing_alone(SMALL).encode())
    assert f"{-MARGIN:g} {-HEADROOM:g} 348 284" == root.get("viewBox")
    assert ("348", "284") == (root.get("width"), root.get("height"))
    paper = root.find(f"{SVG}rect")
    assert ("#ffffff", f"{-MARGIN:g}", f"{-HEADROOM:g}", "348", "284") == tuple(
        paper.get(name) for name in ("fill", "x", "y", "width", "height")
    )
    assert ["title", "desc", "rect", "text", "text"] == [element.tag.removeprefix(SVG) for element in root]
    assert ["order: a < b", "words"] == [text.text for text in root.iter(f"{SVG}text")]


def test_a_chart_without_pictures_is_written_as_svg_alone(tmp_path):
    """A figure that comes without PNG has one file; a very long id is cut, and stays different from others."""
    long = [replace(SMALL, id="x" * 300 + end) for end in "ab"]
    written = export.save(REPORT, tmp_path, charts=[Own(figures=(SMALL, *long))])
    assert 3 == len(set(written)) == len(list(tmp_path.iterdir()))
    assert all(path.suffix == ".svg" and len(path.name) < 150 for path in written)


def test_nothing_is_left_switched_on(tmp_path):
    """Figures drawn after an export come without pictures again, and so they do where a chart has failed."""

    class Broken(Own):
        def draw(self, _report, /):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        export.save(REPORT, tmp_path, charts=[Broken(figures=())])
    assert not export.PICTURES.get()


@pytest.mark.parametrize("place", ["taken", "taken/below"])
def test_a_file_in_the_folders_place_is_refused(tmp_path, place):
    """Before anything is drawn, and the file is as it was."""
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(UnusableFile, match=r"taken.*: cannot be written, .*; choose another folder"):
        export.save(REPORT, tmp_path / place, charts=[Own(figures=(SMALL,))])
    assert "mine" == (tmp_path / "taken").read_text()


def test_a_file_that_cannot_be_replaced_is_told(tmp_path):
    """A folder of the name of a figure: its name and the reason."""
    (tmp_path / "own-order.svg").mkdir()
    with pytest.raises(CannotWrite, match=r"own-order\.svg: cannot be written, is a directory"):
        export.save(REPORT, tmp_path, charts=[Own(figures=(SMALL,))])
