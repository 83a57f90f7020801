"""A page for every case of a run: its own numbers, or why there are none."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from serbench.errors import BadRunFile
from serbench.histogram import Histogram
from serbench.records.cases import Caution, Conditions, Status
from serbench.renderers.html import Html
from serbench.report import cases
from serbench.report.bins import Bins
from serbench.report.build import build
from serbench.report.cases import Timed, case_groups, case_pages
from serbench.report.rows import tables
from serbench.statistics.estimates import Missing


def pages(run):
    """The pages of a run by id."""
    made, _ = tables(run)
    return {page.case_id: page for page in case_pages(run, made)}


@pytest.fixture(scope="module")
def order():
    """Four codecs on one payload: three of them plain, one that cannot dump."""
    return fakes.order_run()


def test_every_case_has_a_page(order):
    """In the order of the tables and their rows."""
    made, _ = tables(order)
    assert [row.case_id for table in made for row in table.rows] == list(pages(order))
    assert {m.case.id for m in order.measurements} == set(pages(order))


def test_the_calls_are_all_there(order):
    """Picture and blob hold as many calls as all workers made, and the blob is their histogram."""
    page = pages(order)["orjson/order/decode"]
    assert isinstance(page.timed, Timed)
    assert isinstance(page.timed.bins, Bins)
    blobs = [worker.histogram for worker in order.measurement("orjson/order/decode").workers]
    merged = Histogram.merge(blobs)
    assert 12_000 == sum(page.timed.bins.counts) == Histogram.decode(page.timed.blob).total
    assert merged.encode() == page.timed.blob
    assert (merged.min, merged.max) == (page.timed.bins.low_ns, page.timed.bins.high_ns)


def test_numbers_are_those_of_the_row(order):
    """Nothing is worked out twice: marks and command are the table's."""
    made, _ = tables(order)
    rows = {row.case_id: row for table in made for row in table.rows}
    page, row = pages(order)["orjson/order/decode"], rows["orjson/order/decode"]
    assert {"p50": row.p50_ns.value, "p99": row.p99_ns.value} == page.timed.bins.marks
    assert (row.behind.command, row.cautions) == (page.command, page.cautions)
    assert ["message", "codec"] == [fact.label for fact in page.facts if fact.label in ("message", "codec")]


def test_many_histograms_stay_in_the_run(order, monkeypatch):
    """Twelve cases have one of their own: a page that may hold eleven holds none, all else stays."""
    blobs = [page.timed.blob for page in pages(order).values() if isinstance(page.timed, Timed)]
    assert 12 == len(list(filter(None, blobs)))
    monkeypatch.setattr(cases, "MOST_IN_FULL", 12)
    assert blobs == [page.timed.blob for page in pages(order).values() if isinstance(page.timed, Timed)]
    monkeypatch.setattr(cases, "MOST_IN_FULL", 11)
    fewer = [page.timed for page in pages(order).values() if isinstance(page.timed, Timed)]
    assert [""] * 12 == [timed.blob for timed in fewer]
    assert all(isinstance(timed.bins, Bins) for timed in fewer)


def test_a_brief_page_has_a_message_of_each_payload_once(order, monkeypatch):
    """What was measured is not in any table: of all facts it alone stays, and the page shows it once."""
    monkeypatch.setattr(cases, "MOST_IN_FULL", 0)
    run = replace(order, payloads=tuple(replace(payload, sample='{"id":4711}') for payload in order.payloads))
    brief = [page for page in pages(run).values() if page.facts]
    assert len(brief) > 1
    assert {('{"id":4711}',)} == {tuple(fact.value for fact in page.facts) for page in brief}
    html = Html(charts=()).render(build(run))
    assert 1 == html.count("<code>{&#34;id&#34;:4711}</code>")
    assert 1 == html.count('id="case-sample-order"')


def test_what_other_passes_found_is_among_the_facts(order):
    """Here instructions: those of the case itself, and why another one has none."""
    first, *others = order.measurements
    run = replace(order, passes=("time", "instructions"), measurements=(replace(first, instructions=9_000.0), *others))
    found = {
        name: [fact.value for fact in page.facts if fact.label == "instructions"] for name, page in pages(run).items()
    }
    assert ["9,000 a call, under callgrind"] == found[first.case.id]
    assert found["orjson/order/read"][0].startswith("the run ended before this was measured")


def test_what_is_the_same_says_so_and_nothing_else(order):
    """The dump of a plain codec is its encode: no numbers, no facts, no command."""
    page = pages(order)["orjson/order/dump"]
    assert ("orjson/order/encode", "as encode") == (page.same_as, page.gist)
    assert isinstance(page.timed, Missing)
    assert ((), (), "") == (page.facts, page.cautions, page.command)


def test_what_failed_says_why(order):
    """Status, reason and the command that tries it again."""
    page = pages(order)["protobuf/order/dump"]
    assert ("failed", Status.FAILED, "the worker died: SIGSEGV") == (page.gist, page.status, page.reason)
    assert page.reason == page.timed.reason
    assert "--op dump" in page.command


def test_calls_too_short_to_be_read_have_no_picture():
    """A call of two floors: the typical time, workers' batches and the blob stay; the reason stands in its place."""
    run = fakes.run([fakes.measured(fakes.case("json"), fakes.even_workers(100))])
    timed = pages(run)["json/order/decode"].timed
    assert "no tail claimed" == timed.bins.short
    assert ["typical"] == [line[0].text for line in timed.times.lines]
    assert ("", 6_000) == (timed.readings, Histogram.decode(timed.blob).total)


def test_a_case_without_single_calls_has_its_batches():
    """A worker whose calls all lie beyond the histogram."""
    run = fakes.run([fakes.measured(fakes.case("json"), (fakes.worker([], [5_000.0], overflow=3),))])
    timed = pages(run)["json/order/decode"].timed
    assert "no calls" == timed.bins.short
    assert ["typical"] == [line[0].text for line in timed.times.lines]


def test_few_calls_have_a_picture_without_marks():
    """Five calls earn no percentile; what they would take is told."""
    run = fakes.run([fakes.measured(fakes.case("json"), (fakes.worker([5_000] * 4 + [9_000], [5_000.0]),))])
    timed = pages(run)["json/order/decode"].timed
    assert {} == timed.bins.marks
    assert "takes 20 calls" == {line[0].text: line[-1].text for line in timed.times.lines}["p50"]


def test_conditions_that_are_not_the_default_are_named():
    """As in the id."""
    asked = Conditions(gc="off", instances=1, instances_default=False)
    run = fakes.run([fakes.measured(fakes.case("json", conditions=asked), fakes.even_workers(5_000))])
    (page,) = pages(run).values()
    assert "gc=off n=1" == page.asked
    assert "collector off, 1 instance" == page.conditions


def test_cautions_are_told():
    """Each of them, and the closed case has a tag; another one if it was disturbed; none where there is nothing."""
    caution = Caution(name="warm-up-capped", text="It is.")
    measured = replace(fakes.measured(fakes.case("json"), fakes.even_workers(5_000)), warnings=(caution,))
    (page,) = pages(fakes.run([measured])).values()
    assert caution in page.cautions


def test_groups_are_payloads_in_the_order_of_the_run():
    """All of a payload's cases together, whichever comes first."""
    run = fakes.run(
        [
            fakes.measured(fakes.case("json", payload, operation), fakes.even_workers(5_000, workers=1, calls=50))
            for payload in ("zebra", "ape")
            for operation in ("encode", "read")
        ]
    )
    groups = case_groups(case_pages(run, tables(run)[0]))
    assert [("zebra", 2), ("ape", 2)] == [(group.payload, len(group.pages)) for group in groups]


def test_a_histogram_that_cannot_be_read_is_named():
    """As the tables would have said."""
    run = fakes.run([fakes.measured(fakes.case("json"), fakes.even_workers(5_000))])
    made, _ = tables(run)
    (of,) = run.measurements
    broken = replace(of, workers=(replace(of.workers[0], histogram="nothing"), *of.workers[1:]))
    with pytest.raises(BadRunFile, match=r"json/order/decode: .*measure again"):
        case_pages(replace(run, measurements=(broken,)), made)
