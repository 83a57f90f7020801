from __future__ import annotations

from dataclasses import replace
from math import log

import pytest

import compared_runs as c
from serbench.compare.build import compare
from serbench.compare.parts import Verdict
from serbench.report.change_tables import distance, payload_changes, reach
from serbench.statistics.estimates import Missing

CHANGES = compare(*c.full_runs()).changes


def lines(changes, most=2.0):
    """The lines of the first table."""
    return next(payload_changes(changes, most)).tables[0].lines


def changed(ratio, **ends):
    """A change of that ratio."""
    change = CHANGES[1]
    known = replace(change.typical_ratio, **{"value": ratio, "low": ratio, "high": ratio} | ends)
    return replace(change, typical_ratio=known)


def test_payloads_and_operations_stand_in_the_order_of_the_run():
    """Each operation of a payload is a table, in units of its own."""
    found = list(payload_changes(CHANGES, 2.0))
    names = [(payload.name, [table.operation for table in payload.tables]) for payload in found]
    assert [("order", ["decode", "encode"]), ("chat", ["decode"])] == names
    assert ("us", "kB") == (found[0].tables[0].time, found[0].tables[0].size)


@pytest.mark.parametrize(("ratio", "expected"), [(1.0, 1.1), (0.8, 1.5), (1.25, 1.5), (2.5, 3.0), (0.01, 10.0)])
def test_bars_reach_a_little_beyond_the_largest_change(ratio, expected):
    """Whichever way it went; within limits. What cannot be compared does not make the others small."""
    assert expected == reach([changed(ratio), changed(1.0)])
    assert 1.1 == reach([replace(changed(ratio), verdict=Verdict.NOT_COMPARABLE)])
    assert 1.1 == reach([])


@pytest.mark.parametrize(
    ("ends", "left", "width"),
    [
        ((1.0, 2.0), 50.0, 50.0),
        ((0.5, 1.0), 0.0, 50.0),
        ((1.0, 1.0), 50.0, 1.5),
        ((8.0, 9.0), 98.5, 1.5),
        ((0.1, 2**0.5), 0.0, 75.0),
    ],
)
def test_a_bar_is_an_interval_by_ratio(ends, left, width):
    """Half and twice are as far from the middle; it is never too thin to be seen, nor beyond the end."""
    (line,) = lines([changed(1.0, low=ends[0], high=ends[1])])
    assert (left, width, 50.0) == (line.bar.left, line.bar.width, line.bar.estimate)


def test_without_a_ratio_there_is_no_bar():
    """And nothing to be sorted by."""
    change = replace(CHANGES[1], typical_ratio=Missing(short="failed", reason="it failed"))
    assert (None, 0.0) == (lines([change])[0].bar, distance(change))
    assert None is lines([changed(0.0)])[0].bar


def test_distances_are_alike_both_ways():
    """Twice as fast is as far as twice as slow."""
    assert pytest.approx(log(2)) == distance(changed(2.0)) == distance(changed(0.5))


@pytest.mark.parametrize(("ratio", "expected"), [(1.0, "same"), (1.05, "+5.0"), (0.9996, "-0.04"), (0.5, "-50.0")])
def test_sizes_change_by_per_cent(ratio, expected):
    """Which is exact: the same is said to be so."""
    (line,) = lines([replace(CHANGES[1], encoded_ratio=ratio)])
    assert expected == line.others[-1].text


def test_what_is_missing_is_said_once():
    """By the verdict, or where the typical time would stand; nowhere else in its line."""
    texts = {line.codec: [cell.text for cell in (*line.typical, *line.others)] for line in lines(CHANGES)}
    dash = "\N{EN DASH}"
    assert ("4.00", [dash] * 2) == (texts["pickle"][0], texts["pickle"][1:3])
    assert ["failed", dash] == texts["msgpack"][1:3]
    assert [dash] * 2 == texts["msgpack"][4:6]
