"""What holds for every chart that there is, whoever wrote it."""

from __future__ import annotations

import struct
import subprocess
import sys
import warnings
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from drawings import SVG, Drawing

import fake_reports
from serbench import registry
from serbench.charts.base import HEADROOM, MARGIN, PICTURES, anchor, by_payload
from serbench.charts.theme import COLOURS
from serbench.records.cases import Status
from serbench.report.build import build

CHARTS = registry.plug_ins("charts")
BAD = '</script><img src=x onerror=alert(1)> "$x^2$" \x01 漢字'

every_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)


def test_there_are_the_five_charts():
    """Percentiles first, then bars, what decode puts off, size against time, and slow calls: the order is their own."""
    ordered = sorted(CHARTS, key=lambda chart: (chart.order, chart.name))
    assert ["percentiles", "bars", "puts-off", "size-time", "timeline"] == [chart.name for chart in ordered]


@every_chart
def test_a_figure_per_payload_in_the_reports_order(chart):
    """Every payload has a figure that says whose it is and what it shows; ids are unique and fit for a fragment."""
    figures = chart.draw(fake_reports.wide_report())
    assert ["ping", "order", "chat", "telemetry", "feed"] == [figure.payload for figure in figures]
    assert 5 == len({figure.id for figure in figures})
    assert all(figure.id == anchor(figure.id) and figure.id.startswith(chart.name) for figure in figures)
    assert all(figure.payload in figure.title and len(figure.description) > 80 for figure in figures)


@every_chart
def test_a_drawing_fits_a_strict_policy(chart):
    """No style, no script, no event, no address outside: only elements and attributes of a drawing."""
    for figure in chart.draw(fake_reports.order_report()):
        elements = list(ET.fromstring(figure.svg).iter())
        names = {name for element in elements for name in element.attrib}
        assert set() == names & {"style", "onload", "{http://www.w3.org/1999/xlink}href"}
        assert all(e.get("href", "#").startswith(f"#{figure.id}-") for e in elements if "href" in e.attrib)
        assert "<style" not in figure.svg
        words = f"{figure.description} {figure.finding}".strip()
        assert (figure.title, words) == (elements[1].text, elements[2].text)


@every_chart
def test_a_drawing_has_only_theme_colours(chart):
    """Every colour has its class, so that nothing stays dark on dark."""
    known = {colour.light for colour in COLOURS} | {"none"}
    (figure,) = chart.draw(fake_reports.order_report())
    for element in ET.fromstring(figure.svg).iter():  # a colour and its class stand on the same element, or group
        for name in ("fill", "stroke"):
            colour = element.get(name, "none")
            assert colour in known
            assert colour == "none" or f"{name[0]}-" in element.get("class", "")


@every_chart
def test_the_same_report_gives_the_same_bytes(chart):
    """A drawing holds no date, no random id and no address of memory."""
    report = fake_reports.order_report()
    assert chart.draw(report) == chart.draw(report)


@every_chart
def test_drawing_leaves_no_trace_in_matplotlib(chart):
    """The settings of a program that uses matplotlib itself are as before, and do not change what is drawn."""
    import matplotlib as mpl

    plain = chart.draw(fake_reports.order_report())
    with mpl.rc_context({"axes.grid": True, "font.size": 30, "text.usetex": False, "lines.linewidth": 9}):
        before = dict(mpl.rcParams)
        assert plain == chart.draw(fake_reports.order_report())
        assert before == dict(mpl.rcParams)


@every_chart
def test_names_from_outside_are_drawn_as_they_are(chart):
    """Markup, mathematics, control characters and letters no font here has neither break a drawing nor warn."""
    tables = _read_and_decode(fake_reports.row(BAD, 2_000), fake_reports.row("orjson", 1_000))
    tables = [replace(table, payload=replace(table.payload, name=BAD)) for table in tables]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (figure,) = chart.draw(fake_reports.report(tables))
    texts = [element.text for element in ET.fromstring(figure.svg).iter() if element.tag.endswith("text")]
    assert any(text.startswith("</script><img") for text in texts)
    assert "<img" not in figure.svg
    assert BAD == figure.payload


@every_chart
def test_a_payload_without_numbers_has_no_figure(chart):
    """Where nothing was measured there is nothing to draw, and other payloads have their figures all the same."""
    failed = fake_reports.unmeasured("json", Status.FAILED, "the worker died", table="ping/read")
    tables = [fake_reports.table([failed], payload="ping"), *_read_and_decode(fake_reports.row("orjson", 1_000))]
    assert ["order"] == [figure.payload for figure in chart.draw(fake_reports.report(tables))]
    assert () == chart.draw(fake_reports.report([]))


@every_chart
@pytest.mark.parametrize("ns", [0.0, 0.5, 1.0, 3e9])
def test_any_time_and_size_can_be_drawn(chart, ns):
    """Calls of no time at all, of seconds, and messages of no bytes neither break a drawing nor warn."""
    times = dict.fromkeys(("typical_ns", "p50_ns", "p99_ns"), fake_reports.estimate(ns))
    row = fake_reports.row("protobuf", 1, size=0, **times)
    tables = [replace(table, rows=(row,)) for table in _read_and_decode()]
    curve = replace(fake_reports.curve(row), x=(1.0, 1.5), ns=(ns, ns), steady=(ns,))
    assert 1 == len(chart.draw(fake_reports.report(tables, [curve])))


@every_chart
def test_a_report_of_a_run_can_be_drawn(chart):
    """What `build` makes of a run is drawn: one figure, a panel for each table, or for those that rank, in order."""
    report = build(fake_reports.labelled_run())
    (figure,) = chart.draw(report)
    drawing = Drawing(figure.svg)
    titles = [e.text for e in drawing.root.iter() if e.text and drawing.said(e, "font-weight") == "700"]
    shown = [str(table.operation) for table in report.tables if table.headline or chart.name != "timeline"]
    assert (["from bytes to values"] if chart.name == "puts-off" else shown) == titles


@every_chart
def test_what_is_a_codecs_says_so(chart):
    """Every mark in a codec's colour and every name of it says whose it is, so that a script can hide all of it."""
    (figure,) = chart.draw(fake_reports.order_report())
    drawing = Drawing(figure.svg)
    drawn = [e for e in drawing.root.iter() if e.tag.removeprefix(SVG) in ("path", "use", "text")]
    own = [e for e in drawn if "blue" in drawing.said(e, "class") or e.text == "orjson"]
    own = [e for e in own if "id" not in e.attrib]  # a mark that others refer to is no element of its own
    assert {"orjson"} == {drawing.said(e, "data-codec") or drawing.said(e, "data-curve") for e in own}
    assert {"text"} < drawing.of("orjson")


@every_chart
def test_pictures_are_made_on_request_only(chart):
    """Figures come without PNG; where pictures are wanted the drawing is the same, and the PNG is twice its size."""
    report = fake_reports.order_report()
    (plain,) = chart.draw(report)
    wanted = PICTURES.set(True)
    try:
        (figure,) = chart.draw(report)
    finally:
        PICTURES.reset(wanted)
    assert (b"", plain) == (plain.png, replace(figure, png=b""))
    width, height = (float(ET.fromstring(figure.svg).get(name)) for name in ("width", "height"))
    size = struct.unpack(">II", figure.png[16:24])
    assert pytest.approx((2 * (width + 2 * MARGIN), 2 * (height + MARGIN + HEADROOM)), abs=2) == size


def _read_and_decode(*rows):
    """Two tables of these rows: every chart has something to draw of them."""
    read = fake_reports.table(rows)
    decoded = [replace(row, case_id=row.case_id.replace("read", "decode")) for row in rows]
    return [read, fake_reports.table(decoded, operation="decode", headline=False)]


def test_anchors_are_unique_and_safe():
    """A name becomes ASCII letters, digits, `-` and `_`; names that differ have anchors that differ."""
    assert "order-2" == anchor("order-2")
    assert "a_20_b" == anchor("a b")
    assert 4 == len({anchor(name) for name in ("a_20_b", "a b", "a/b", "ä")})


def test_tables_stand_with_their_payload():
    """Tables are grouped by payload, both in the report's order."""
    tables = [
        fake_reports.table([], payload=p, operation=o) for p, o in (("a", "read"), ("b", "read"), ("a", "encode"))
    ]
    found = by_payload(fake_reports.report(tables))
    assert {"a": ["read", "encode"], "b": ["read"]} == {p: [t.operation for t in ts] for p, ts in found.items()}
    assert ["a", "b"] == list(found)


def test_the_seam_can_be_imported_without_matplotlib():
    """What pages and help need of charts does not draw matplotlib in: that is done when something is drawn."""
    program = (
        "import sys, serbench.api, serbench.renderers.html;"
        "import serbench.charts.base, serbench.charts.theme, serbench.charts.labels;"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert 0 == subprocess.run([sys.executable, "-c", program], check=False).returncode
