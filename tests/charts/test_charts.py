"""What holds for every chart that there is, whoever wrote it."""

from __future__ import annotations

import subprocess
import sys
import warnings
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

import fake_reports
from serbench import registry
from serbench.charts.base import anchor, by_payload
from serbench.charts.theme import COLOURS
from serbench.records.cases import Status
from serbench.report.build import build

CHARTS = registry.plug_ins("charts")
BAD = '</script><img src=x onerror=alert(1)> "$x^2$" \x01 漢字'

every_chart = pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.name)


def test_there_are_the_four_charts():
    """Percentiles first, then bars, size against time, and slow calls over time: the order is the charts' own."""
    ordered = sorted(CHARTS, key=lambda chart: (chart.order, chart.name))
    assert ["percentiles", "bars", "size-time", "timeline"] == [chart.name for chart in ordered]


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
        assert (figure.title, figure.description) == (elements[1].text, elements[2].text)


@every_chart
def test_a_drawing_has_only_theme_colours(chart):
    """Every colour has its class, so that nothing stays dark on dark."""
    known = {colour.light for colour in COLOURS} | {"none"}
    (figure,) = chart.draw(fake_reports.order_report())
    for element in ET.fromstring(figure.svg).iter():
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
    rows = [fake_reports.row(BAD, 2_000), fake_reports.row("orjson", 1_000)]
    table = fake_reports.table(rows)
    table = replace(table, payload=replace(table.payload, name=BAD))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        (figure,) = chart.draw(fake_reports.report([table]))
    texts = [element.text for element in ET.fromstring(figure.svg).iter() if element.tag.endswith("text")]
    assert any(text.startswith("</script><img") for text in texts)
    assert "<img" not in figure.svg
    assert BAD == figure.payload


@every_chart
def test_a_payload_without_numbers_has_no_figure(chart):
    """Where nothing was measured there is nothing to draw, and other payloads have their figures all the same."""
    failed = fake_reports.unmeasured("json", Status.FAILED, "the worker died", table="ping/read")
    tables = [fake_reports.table([failed], payload="ping"), fake_reports.table([fake_reports.row("orjson", 1_000)])]
    assert ["order"] == [figure.payload for figure in chart.draw(fake_reports.report(tables))]
    assert () == chart.draw(fake_reports.report([]))


@every_chart
@pytest.mark.parametrize("ns", [0.0, 0.5, 1.0, 3e9])
def test_any_time_and_size_can_be_drawn(chart, ns):
    """Calls of no time at all, of seconds, and messages of no bytes neither break a drawing nor warn."""
    times = dict.fromkeys(("typical_ns", "p50_ns", "p99_ns"), fake_reports.estimate(ns))
    row = fake_reports.row("protobuf", 1, size=0, **times)
    table = replace(fake_reports.table([]), rows=(row,))
    curve = replace(fake_reports.curve(row), x=(1.0, 1.5), ns=(ns, ns), steady=(ns,))
    assert 1 == len(chart.draw(fake_reports.report([table], [curve])))


@every_chart
def test_a_report_of_a_run_can_be_drawn(chart):
    """What `build` makes of a run is drawn: one figure, a panel for each table, or for those that rank, in order."""
    report = build(fake_reports.labelled_run())
    (figure,) = chart.draw(report)
    titles = [e.text for e in ET.fromstring(figure.svg).iter() if e.get("font-weight") == "700"]
    shown = [table for table in report.tables if table.headline or chart.name != "timeline"]
    assert [str(table.operation) for table in shown] == titles


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
        "import sys, serbench.renderers.html, serbench.charts.base, serbench.charts.theme, serbench.charts.labels;"
        "sys.exit('matplotlib' in sys.modules)"
    )
    assert 0 == subprocess.run([sys.executable, "-c", program], check=False).returncode
