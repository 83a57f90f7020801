"""Tails explained: what stands in a run comes out as parts, words and a table."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fake_reports as f
import fakes
from serbench.errors import BadRunFile
from serbench.report.rows import tables, timelines
from serbench.report.tails import TAIL_LEGEND, has_tails, tail_grid, tail_words
from serbench.statistics.estimates import Estimate


def even(name, ns=5_000, **changes):
    """A measured case with labels; 6,000 calls in all, 60 of them are the slowest hundredth."""
    labels = {"share": 0.01, "from_ns": 8_000, "gc": 6, "preempted": 30, "instance": 18, "other": 6} | changes
    return f.labelled(fakes.measured(fakes.case(name), fakes.even_workers(ns)), **labels)


def only_table(*measurements, noise=f.NOISE, **about):
    """The only table of a run that was watched."""
    (table,), _ = tables(fakes.run(measurements, noise=noise, **about))
    return table


def column(grid, head):
    """The trimmed cells of a column, and its unit."""
    (found,) = [column for column in grid.columns if column.head == head]
    return found.unit, [cell.strip() for cell in found.cells]


def test_a_row_has_the_counts_of_its_labels():
    """Counts are the run's own; a steady call is worked out at the percentile at which the slowest begin."""
    (row,) = only_table(even("json")).rows
    tail = row.behind.tail
    assert (0.01, 8_000, 60) == (tail.share, tail.from_ns, tail.calls)
    assert (6, 30, 18, 6) == (tail.gc, tail.preempted, tail.instance, tail.other)
    assert 5_000 == pytest.approx(tail.steady_ns.value, rel=0.02)  # interruptions come once in 1.03 ms
    assert not tail.machines


def test_a_tail_that_a_steady_call_reaches_is_the_machines():
    """A call of 12 us meets one of a thousand interruptions a second in 1.2 % of cases: its p99 is the machine's."""
    (row,) = only_table(even("json", 12_000, from_ns=40_000)).rows
    assert 42_000 == pytest.approx(row.behind.tail.steady_ns.value, rel=0.02)
    assert row.behind.tail.machines


@pytest.mark.parametrize(("from_ns", "whose"), [(22_000, "the machine's"), (20_000, "cannot be told")])
def test_a_steady_call_that_takes_twice_the_tail_tells_nothing(from_ns, whose):
    """It would have taken 42 us: the noise was not the same where calls of at least 20 us were the slowest."""
    table = only_table(even("json", 12_000, from_ns=from_ns))
    (row,) = table.rows
    told = tail_words("json", row.behind.tail)
    unsure = "42.0 us there: the machine's noise was not the same throughout, so whose tail it is cannot be told."
    assert (whose == "the machine's", whose != "the machine's") == (row.behind.tail.machines, row.behind.tail.uneven)
    assert row.behind.tail.uneven == told.endswith(unsure)
    assert ("", [whose]) == column(tail_grid(table), "whose")


def test_a_table_of_tails_has_shares_that_make_a_hundred():
    """Percentile, steady call, how many calls from when on, and per cent of each part."""
    grid = tail_grid(only_table(even("json"), even("slow", 12_000, from_ns=40_000)))
    assert "order: decode, the slowest calls" == grid.title
    assert ("us", ["8.00", "40.0"]) == column(grid, "from")
    assert ("calls", ["60", "60"]) == column(grid, "slowest 1 %")
    parts = [column(grid, head) for head in ("collector", "preempted", "larger messages", "unexplained")]
    assert [("%", [share] * 2) for share in ("10", "50", "30", "10")] == parts
    assert ("", ["", "the machine's"]) == column(grid, "whose")
    assert (TAIL_LEGEND, ()) == (grid.legend, grid.notes)


def test_tails_at_different_percentiles_say_which():
    """Where one codec has p99.9 and another only p99, a column says so and the heads do not."""
    many = f.labelled(fakes.measured(fakes.case("many"), fakes.even_workers(5_000, calls=2_000)))
    grid = tail_grid(only_table(many, even("few", 5_500)))
    assert ("", ["p99.9", "p99"]) == column(grid, "tail")
    assert {"took", "slowest"} < {column.head for column in grid.columns}


def test_what_is_not_known_of_a_tail_says_why():
    """Too short calls, too few calls, and calls that nobody labelled; each word has its note, once."""
    unlabelled = fakes.measured(fakes.case("lost"), fakes.even_workers(5_000))
    few = fakes.measured(fakes.case("few"), fakes.even_workers(5_000, calls=100))
    short = [fakes.measured(fakes.case(name), fakes.even_workers(ns)) for name, ns in (("a", 60), ("b", 70))]
    failed = fakes.unmeasured(fakes.case("dead"), fakes.Status.FAILED, "SIGSEGV")
    grid = tail_grid(only_table(even("json", 6_000), unlabelled, few, *short, failed))
    assert ["a", "b", "lost", "few", "json"] == column(grid, "codec")[1]
    cells = dict(zip(column(grid, "codec")[1], column(grid, "p99")[1], strict=True))
    assert ("no tail claimed", "too few calls") == (cells["a"], cells["few"])
    assert ["-", "-", "-", "-", "10"] == column(grid, "collector")[1]
    shorts = [note.split(":")[:2] for note in grid.notes]
    assert [["a and b", " no tail claimed"], ["lost", " not labelled"], ["few", " too few calls"]] == shorts


def test_a_machine_that_was_not_watched_is_not_blamed():
    """Without noise, or with too little of it, there is no steady call, and the reason stands beneath."""
    for noise, reason in ((None, "was not measured in this run"), (replace(f.NOISE, observed_ns=1_000_000), "1.00 ms")):
        (row,) = (table := only_table(even("json"), noise=noise)).rows
        assert "not watched" == row.behind.tail.steady_ns.short
        assert reason in tail_grid(table).notes[0]
        assert not row.behind.tail.machines
        assert "steady" not in tail_words("json", row.behind.tail)


def test_a_tail_in_words():
    """The largest part first; what is nothing is left out, and what is less than half a per cent is not nothing."""
    tail = f.tail(30_700, gc=200, preempted=610, instance=100, other=90, steady_ns=f.exact(28_000.0))
    words = (
        "The slowest 0.1 % of orjson (1,000 calls from 30.7 us): 61 % preempted, 20 % collector, 10 % larger messages, "
        "9 % unexplained; a perfectly steady call would have taken 28.0 us there"
    )
    assert f"{words}." == tail_words("orjson", tail)
    assert f"{words}, so it is the machine's tail." == tail_words("orjson", replace(tail, machines=True))
    rare = tail_words("json", f.tail(1_000, gc=1, preempted=999, instance=0, other=0))
    assert "100 % preempted, under 1 % collector;" in rare


def test_a_table_without_a_tail_has_none_to_explain():
    """Too short calls: their cells say so already."""
    assert not has_tails(only_table(fakes.measured(fakes.case("a"), fakes.even_workers(60))))
    assert has_tails(only_table(even("a")))


def test_a_curve_has_a_steady_one_behind_it():
    """It goes through the median, never falls, and ends where the machine was not watched any longer."""
    _, (curve,) = tables(fakes.run([even("json")], noise=f.NOISE))
    steady = dict(zip(curve.x, curve.steady, strict=False))
    assert list(curve.steady) == sorted(curve.steady)
    assert 5_000 == pytest.approx(min(steady.values()), rel=0.02)
    short = replace(f.NOISE, observed_ns=10_000_000)
    _, (curve,) = tables(fakes.run([even("json")], noise=short))
    assert 0 < len(curve.steady) < len(curve.x)
    _, (curve,) = tables(fakes.run([even("json")]))
    assert () == curve.steady


def test_timelines_are_those_of_the_tables_that_rank():
    """Slow calls of each worker, for cases whose tail is known; a case that is another's has that one's."""
    run = f.labelled_run()
    made, _ = tables(run)
    found = {timeline.case_id: timeline for timeline in timelines(run, made)}
    ranked = [row for table in made if table.headline for row in table.rows if isinstance(row.p99_ns, Estimate)]
    assert [row.case_id for row in ranked] == list(found)
    assert {"gp"} == {slow.labels for timeline in found.values() for slow in timeline.workers}


def test_a_broken_histogram_of_noise_is_refused():
    """In one line, as that of a case."""
    with pytest.raises(BadRunFile, match="its noise"):
        tables(fakes.run([even("json")], noise=replace(f.NOISE, histogram="AAAA")))
