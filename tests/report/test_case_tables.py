"""A case's small tables: what is earned, with what is behind it, and every worker by itself."""

from __future__ import annotations

from dataclasses import replace

import fake_reports as f
import fakes
from serbench.histogram import Histogram
from serbench.report.case_tables import earned, times_table, workers_table
from serbench.report.rows import tables


def made(workers):
    """The row of a case with these workers, its histograms and all of them together."""
    (table,), _ = tables(fakes.run([fakes.measured(fakes.case("json"), workers)]))
    own = [Histogram.decode(worker.histogram) for worker in workers]
    return table.rows[0], own, Histogram.merge(worker.histogram for worker in workers)


def texts(table):
    """The cells of each line by its name."""
    return {name.text: [cell.text for cell in cells] for name, *cells in table.lines}


def test_percentiles_are_shown_as_far_as_they_are_earned():
    """12,000 calls earn p99.9; what p99.99 would take stands in its place."""
    row, own, merged = made(fakes.even_workers(5_000, calls=2_000))
    found = earned(row, merged, own)
    assert (row.p50_ns, row.p99_ns, row.p999_ns) == (found["p50"], found["p99"], found["p99.9"])
    table = times_table(row, found, (merged.min, merged.max))
    assert ["typical", "fastest", "p50", "p90", "p99", "p99.9", "p99.99", "slowest"] == list(texts(table))
    assert ["\u2013", "takes 100,000 calls"] == texts(table)["p99.99"]
    assert merged.percentile(0.9) == found["p90"].value
    assert found["p90"].low < found["p90"].value < found["p90"].high


def test_every_number_says_what_is_behind_it():
    """An interval of six workers, a range of fewer: told once for the table, as the typical time has it."""
    row, own, merged = made(fakes.even_workers(5_000, calls=2_000))
    six = times_table(row, earned(row, merged, own), (merged.min, merged.max))
    assert "96.9 % interval of 6 workers" == six.note
    assert ["5.00", "4.88\u20135.12"] == texts(six)["typical"]
    assert "" == texts(six)["fastest"][-1]
    row, own, merged = made(fakes.even_workers(5_000, workers=3))
    assert "range of 3 workers" == times_table(row, earned(row, merged, own), (1, 2)).note


def test_what_is_behind_another_number_is_said_beside_it():
    """Where workers have earned a percentile together only, they are groups."""
    number = replace(f.estimate(3_000), workers=6, each=2)
    table = times_table(f.row("json", 1_000), {"p99.9": number}, (900, 4_000))
    assert "2940\u20133060, 97 % interval of 6 groups of 2 or more" == texts(table)["p99.9"][-1]


def test_without_a_tail_there_is_the_typical_time():
    """And nothing else: single calls are not to be read."""
    table = times_table(f.row("json", 1_000), {}, None)
    assert ["typical"] == list(texts(table))


def test_times_share_a_unit():
    """That of the smallest, in the head; decimals stand below each other."""
    table = times_table(f.row("json", 2_000), {"p50": f.exact(12_340)}, (1_000, 2_000_000))
    assert ("time", "us", "spread") == table.heads
    cells = {name.text: cell for name, cell, _ in table.lines}
    assert ("12.3", "0") == (cells["p50"].text, cells["p50"].pad)
    assert ("2000", ".00") == (cells["slowest"].text, cells["slowest"].pad)


def test_a_line_for_every_worker():
    """Its number in the run, its calls (those beyond the histogram too), its median and that of its batches."""
    workers = (
        fakes.worker([2_000] * 90, [1_900.0, 2_100.0, 2_000.0], pair=0, overflow=10),
        fakes.worker([3_000] * 1_000, [4_000.0], pair=4),
    )
    _, own, _ = made(workers)
    table = workers_table(workers, own, singles=True)
    assert ("worker", "calls", "p50, us", "batches, us") == table.heads
    assert {"1": ["100", "2.00", "2.00"], "5": ["1000", "3.00", "4.00"]} == texts(table)
    assert "the slowest takes 2.00 times as long as the fastest" == table.note


def test_what_a_worker_has_not_is_a_dash():
    """A worker that was cut short before its first call, or its first batch."""
    workers = (fakes.worker([], [1_000.0]), fakes.worker([1_000], []))
    own = [Histogram.decode(worker.histogram) for worker in workers]
    lines = [[cell.text for cell in line] for line in workers_table(workers, own, singles=True).lines]
    assert [["1", "0", "\u2013", "1.00"], ["1", "1", "1.00", "\u2013"]] == lines
    assert "" == workers_table(workers, own, singles=True).note


def test_medians_that_are_not_to_be_believed_are_left_out():
    """Where calls are too short to be read one by one, batches alone are told."""
    workers = fakes.even_workers(100)
    own = [Histogram.decode(worker.histogram) for worker in workers]
    assert ("worker", "calls", "batches, ns") == workers_table(workers, own, singles=False).heads
