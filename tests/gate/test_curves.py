from __future__ import annotations

from dataclasses import replace
from math import log, log1p

import pytest

import fakes
import two_sides as t
from serbench.errors import BadRunFile
from serbench.gate.curves import both_lines, case_curves
from serbench.histogram import Histogram

RATIOS = [1.0 + 0.01 * k for k in range(12)]


def curves(rows, both, **changes):
    """What is to be drawn of a verdict over these runs."""
    return case_curves(t.verdict(rows, both, **changes))


def test_lines_are_percentiles_of_all_workers_together():
    """From the fastest call to the last percentile that ten calls stand behind, on both sides."""
    both = t.runs({t.DECODE: RATIOS})
    (found,) = curves([t.row(t.DECODE)], both)
    for line, run in zip((found.base, found.new), both, strict=True):
        merged = Histogram.merge(worker.histogram for worker in run.measurement(t.DECODE.id).workers)
        assert (merged.total, 1.0, merged.min) == (line.count, line.x[0], line.ns[0])
        assert pytest.approx(merged.total / 10) == line.x[-1]
        assert merged.percentile(1 - 1 / line.x[-1]) == line.ns[-1]
    assert (t.DECODE.id, False) == (found.case_id, found.batch)


def test_a_pair_has_the_difference_that_was_decided_by():
    """In the order of pairs, for each time that has a row; of what needs no clock there is nothing."""
    rows = [t.row(t.DECODE, metric) for metric in ("p99", "p50", "encoded_bytes")]
    (found,) = curves(rows, t.runs({t.DECODE: RATIOS}))
    assert ["p99", "p50"] == [pairs.row.metric for pairs in found.pairs]
    for pairs in found.pairs:
        assert pytest.approx([log(ratio) for ratio in RATIOS], abs=2e-3) == list(pairs.log_ratios)
        assert log1p(0.025) == pairs.trip
    assert "" == found.why


def test_short_calls_are_drawn_by_their_batches():
    """Where single readings cannot be believed, lines are percentiles of batch means and so are the pairs."""
    both = t.runs({t.DECODE: RATIOS}, ns=100)
    (found,) = curves([t.row(t.DECODE, "p10", batch=True)], both)
    assert (True, 720, 72.0) == (found.batch, found.base.count, pytest.approx(found.base.x[-1]))
    assert (100.0, 100.0) == (found.base.ns[0], found.base.ns[-1])
    assert pytest.approx([100.0, 111.0]) == [found.new.ns[0], found.new.ns[-1]]
    assert pytest.approx([log(ratio) for ratio in RATIOS], abs=1e-9) == list(found.pairs[0].log_ratios)


def test_runs_that_were_not_paired_have_lines_and_no_pairs():
    """And the reason, which is the rule's own."""
    base, new = (replace(run, pairing=None) for run in t.runs({t.DECODE: RATIOS}))
    (found,) = curves([t.row(t.DECODE)], (base, new), mode="saved")
    assert (True, True, ()) == (bool(found.base.x), bool(found.new.x), found.pairs)
    assert found.why.startswith("the two runs were not measured in pairs")


def test_without_times_among_the_rows_no_pairs_are_shown():
    """Lines are, and it is said why nothing else is."""
    (found,) = curves([t.row(t.DECODE, "encoded_bytes")], t.runs({t.DECODE: RATIOS}))
    assert ((), "no time of it was gated") == (found.pairs, found.why)


def test_cases_come_in_the_order_of_rows_if_both_sides_have_timed_them():
    """One that is missing, failed or not gated is passed over."""
    base, new = t.runs({t.DECODE: RATIOS, t.ENCODE: RATIOS, t.CHAT: RATIOS})
    new = replace(new, measurements=(*new.measurements[:1], fakes.measured(t.ENCODE, ()), new.measurements[2]))
    rows = [t.row(case) for case in (t.CHAT, t.ENCODE, t.DECODE, fakes.case("gone"))]
    assert [t.CHAT.id, t.DECODE.id] == [found.case_id for found in curves(rows, (base, new))]


def test_without_runs_there_is_nothing_to_draw():
    """A baseline has no samples."""
    assert () == curves([t.row(t.DECODE)], None)


def test_few_calls_make_no_line():
    """A side of which not even the median is earned."""
    both = [
        replace(run, measurements=(fakes.measured(t.DECODE, (fakes.worker([4_000] * 5, [4_000.0]),)),))
        for run in t.runs({t.DECODE: RATIOS})
    ]
    (found,) = curves([t.row(t.DECODE)], tuple(both))
    assert ((), (), 5) == (found.base.x, found.new.x, found.base.count)


def test_a_histogram_that_cannot_be_read_is_a_bad_run():
    """With the runs' names and what to do."""
    base, new = t.runs({t.DECODE: RATIOS})
    (measurement,) = new.measurements
    broken = tuple(replace(worker, histogram="AAAA") for worker in measurement.workers)
    new = replace(new, measurements=(replace(measurement, workers=broken),))
    with pytest.raises(BadRunFile, match=r"not a histogram of serbench.*; measure again"):
        curves([t.row(t.DECODE)], (base, new))


@pytest.mark.parametrize(("ns", "batch"), [(4_000, False), (100, True)])
def test_both_sides_without_a_verdict_have_the_same_lines(ns, batch):
    """What two saved runs have of a case: its percentiles, and no pairs."""
    both = t.runs({t.DECODE: RATIOS}, ns=ns)
    (decided,) = curves([t.row(t.DECODE)], both)
    found = both_lines(t.DECODE.id, *(run.measurement(t.DECODE.id).workers for run in both))
    assert replace(decided, pairs=(), why="") == found
    assert batch == found.batch
