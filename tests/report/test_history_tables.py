from __future__ import annotations

from math import log

import pytest

import compared_runs as c
import fakes
import histories
from serbench.compare.history import history
from serbench.compare.parts import Verdict
from serbench.records.cases import Status
from serbench.report.history_grid import history_grids, runs_grid
from serbench.report.history_tables import payload_histories, trend_reach
from serbench.report.run_lines import MOST_LINES, run_lines
from serbench.report.trends import HEIGHT, trend

FULL = histories.full_history()
ORDER = next(payload_histories(FULL))


def of(*times, workers=6):
    """The one case of runs that took these times, ns."""
    runs = [fakes.run([c.exact(c.JSON, ns, workers=workers)]) for ns in times]
    return history(runs).cases[0]


def test_payloads_and_operations_stand_in_the_order_of_the_first_run():
    """Each operation of a payload is a table, in units of its own."""
    names = [(payload.name, [table.operation for table in payload.tables]) for payload in payload_histories(FULL)]
    assert [("order", ["decode", "encode"]), ("chat", ["decode"])] == names
    assert ["us", "us"] == [table.time.unit for table in ORDER.tables]


def test_a_line_has_a_number_and_a_change_of_each_run():
    """The first run is held against nothing."""
    line = ORDER.tables[0].time.lines[0]
    assert "orjson" == line.codec
    assert ["2.00", "2.00", "3.00", "3.00", "4.00"] == [cell.number.text for cell in line.cells]
    assert ["", "\xd71.00", "\xd71.50", "\xd71.50", "\xd72.00"] == [cell.change for cell in line.cells]
    assert [None, Verdict.WITHIN_NOISE, *[Verdict.SLOWER] * 3] == [cell.verdict for cell in line.cells]
    assert [False, False, True, True, True] == [cell.moved for cell in line.cells]
    assert "1.43\u20131.58" == line.cells[2].spread


def test_step_by_step_a_change_is_that_of_the_run_before():
    """The numbers are the same."""
    line = next(payload_histories(histories.full_history("previous"))).tables[0].time.lines[0]
    assert ["", "\xd71.00", "\xd71.50", "\xd71.00", "\xd71.33"] == [cell.change for cell in line.cells]


def test_what_is_missing_says_so_where_the_number_would_stand():
    """Failed, or not there at all."""
    lines = {line.codec: line for line in ORDER.tables[0].time.lines}
    assert ["3.00", "3.00", "failed", "3.00", "3.00"] == [cell.number.text for cell in lines["msgpack"].cells]
    assert ["not in it"] * 3 == [cell.number.text for cell in lines["pickle"].cells[:3]]
    assert [Verdict.ONLY_IN_NEW, ""] == [lines["pickle"].cells[3].verdict, lines["pickle"].cells[3].change]
    assert ("msgpack in v3: no number in v3: failed: the worker died: SIGSEGV",) == ORDER.tables[0].notes


def test_p99_has_ratios_without_a_verdict():
    """Where a number is missing, the reason stands with the typical time."""
    lines = {line.codec: line for line in ORDER.tables[0].tail.lines}
    assert {None} == {cell.verdict for line in lines.values() for cell in line.cells}
    assert ["\xd71.50", "\u2013"] == [lines["orjson"].cells[2].change, lines["msgpack"].cells[2].number.text]
    assert None is lines["orjson"].trend


def test_sizes_are_shown_where_one_has_changed():
    """Exactly; of an operation whose sizes are the same in all runs there is no table."""
    decode, encode = ORDER.tables
    assert None is decode.size
    (line,) = encode.size.lines
    assert ["1.00", "1.00", "1.00", "1.05", "1.05"] == [cell.number.text for cell in line.cells]
    assert ["", "same", "same", "+5.0 %", "+5.0 %"] == [cell.change for cell in line.cells]
    assert "kB" == encode.size.unit


def test_one_size_that_changed_is_enough_for_a_table_of_sizes():
    """The others stand beside it."""
    runs = [fakes.run([c.exact(c.JSON, 1, encoded=100), c.exact(c.ORJSON, 1, encoded=n)]) for n in (100, 120)]
    (table,) = next(payload_histories(history(runs))).tables
    assert ["same", "+20.0 %"] == [line.cells[1].change for line in table.size.lines]


def test_a_trend_is_drawn_by_ratio_to_the_first_run():
    """Twice as long as far up as half as long is down; the first run in the middle."""
    drawn = trend(of(1_000, 2_000, 500, 1_000), 2.0)
    assert [HEIGHT / 2, 5.0, HEIGHT - 5.0, HEIGHT / 2] == [dot.y for dot in drawn.dots]
    assert [9.0, 27.0, 45.0, 63.0] == [dot.x for dot in drawn.dots]
    assert ["slate", "vermilion", "green", "slate"] == [dot.colour for dot in drawn.dots]
    assert "M9 18 L27 5 L45 31 L63 18" == drawn.path
    assert (72.0, "100, 200, 50, 100 % of the first") == (drawn.width, drawn.words)


def test_a_dot_has_the_interval_around_it():
    """Its ends by ratio as well; what lies beyond an end of the drawing is seen at it."""
    drawn = trend(of(1_000, 1_100, 9_000), 2.0)
    low, high = 1_100 * 0.975 / 1_000, 1_100 * 1.025 / 1_000
    dot = drawn.dots[1]
    assert pytest.approx(18 - 13 * log(high) / log(2), abs=0.01) == dot.top
    assert pytest.approx(13 * (log(high) - log(low)) / log(2), abs=0.02) == dot.height
    assert (5.0, 5.0, 0.0) == (drawn.dots[2].y, drawn.dots[2].top, drawn.dots[2].height)


def test_a_run_without_a_time_is_passed_over_in_a_trend():
    """Its place stays free; one time alone is no trend."""
    lines = {line.codec: line for line in ORDER.tables[0].time.lines}
    assert [9.0, 27.0, 63.0, 81.0] == [dot.x for dot in lines["msgpack"].trend.dots]
    assert "100, 100, none, 100, 100 % of the first" == lines["msgpack"].trend.words
    failed = fakes.run([fakes.unmeasured(c.JSON, Status.FAILED, "x")])
    (case,) = history([fakes.run([c.exact(c.JSON, 1_000)]), failed]).cases
    assert None is trend(case, 2.0)


def test_trends_reach_a_little_beyond_the_largest_change():
    """Of all cases of the page."""
    assert 3.0 == trend_reach(FULL)
    assert 1.1 == trend_reach(history([fakes.run([c.exact(c.JSON, 1_000)])] * 2))


def test_lines_of_a_case_are_those_of_the_runs_that_have_a_curve():
    """With each run's place among all, so that it looks the same in every drawing."""
    assert ["v1", "v2", "v4", "v5"] == [line.name for line in run_lines(FULL, "msgpack/order/decode")]
    assert [0, 1, 3, 4] == [line.place for line in run_lines(FULL, "msgpack/order/decode")]
    assert [3, 4] == [line.place for line in run_lines(FULL, "pickle/order/decode")]
    assert () == run_lines(FULL, "nothing/order/decode")


def test_of_many_runs_the_first_and_the_last_are_drawn():
    """As many as can be told apart."""
    many = history([fakes.run([c.exact(c.JSON, 1_000)])] * 9)
    assert [0, 4, 5, 6, 7, 8] == [line.place for line in run_lines(many, c.JSON.id)]
    assert 6 == MOST_LINES


def test_a_grid_has_the_first_runs_times_and_the_ratio_to_each_other_run():
    """Which says whether that is slower or faster; times of the other runs go first where there is no room."""
    order, chat = history_grids(FULL)
    columns = {column.head: [cell.strip() for cell in column.cells] for column in order.columns}
    heads = ["v1", "v2", "v2/v1", "v3", "v3/v1", "v4", "v4/v1", "v5", "v5/v1"]
    assert ["codec", "operation", *heads] == list(columns)
    assert ["orjson", "json", "msgpack", "orjson", "pickle"] == columns["codec"]
    assert ["slower 1.50", "1.00", "failed", "1.00", "-"] == columns["v3/v1"]
    assert ["slower 2.00", "1.01", "1.00", "faster 0.667", "new"] == columns["v5/v1"]
    assert [0, 3] == list(order.strong)
    assert ["gone", "? 2.00"] == [
        cell.strip() for column in chat.columns if column.head in {"v2/v1", "v5/v1"} for cell in column.cells
    ]
    spare = {column.head: column.spare for column in order.columns}
    assert [1, 2, 0] == [spare[head] for head in ("v1", "v2", "v2/v1")]
    assert ("msgpack decode in v3: no number in v3: failed: the worker died: SIGSEGV",) == order.notes


def test_step_by_step_a_grid_names_the_run_before():
    """In the heads of its columns."""
    order, _ = history_grids(histories.full_history("previous"))
    assert ["v2/v1", "v3/v2", "v4/v3", "v5/v4"] == [column.head for column in order.columns if column.unit == "x"]


def test_what_the_runs_are_is_a_grid():
    """Name, id, beginning and what they differ in."""
    columns = {column.head: column.cells for column in runs_grid(FULL).columns}
    assert histories.NAMES == columns["run"]
    assert ("0.1.0", "0.1.0", "0.1.0", "0.1.0", "0.2.0") == columns["serbench"]
    assert "2026-01-03T03:04:05Z" == columns["started"][2]
