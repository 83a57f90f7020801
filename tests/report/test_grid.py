from dataclasses import replace

import fakes
from serbench.compare.build import compare
from serbench.records.cases import Caution, Conditions, Status
from serbench.records.run import Measurement
from serbench.report.grid import change_grids, table_grid
from serbench.report.rows import tables


def grid_of(*measurements, **about):
    """The grid of the only table of these measurements."""
    (table,), _ = tables(fakes.run(measurements, **about))
    return table_grid(table)


def column(grid, head):
    """The trimmed cells of a column, and its unit."""
    (found,) = [column for column in grid.columns if column.head == head]
    return found.unit, [cell.strip() for cell in found.cells]


def even(name, ns, **workers):
    """A measured case."""
    return fakes.measured(fakes.case(name), fakes.even_workers(ns, **workers))


def test_a_column_has_one_unit():
    """Nanoseconds to milliseconds in one table: the smallest decides, for every time alike."""
    grid = grid_of(even("fast", 2_000), even("slow", 3_000_000))
    assert ("us", ["2.00", "3000"]) == column(grid, "typical")
    assert "us" == column(grid, "p50")[0] == column(grid, "p99")[0]
    assert ("/s", ["500000", "333"]) == column(grid, "objects")
    assert ("MB/s", ["500", "0.333"]) == column(grid, "encoded")


def test_small_sizes_are_exact():
    """Bytes are shown to the byte, not to three digits."""
    sizes = [fakes.measured(fakes.case(n), fakes.even_workers(2_000), size) for n, size in (("a", 1_024), ("b", 512))]
    assert ("B", ["1024", "512"]) == column(grid_of(*sizes), "size")


def test_baselines_ties_and_the_best_are_marked():
    """A star behind the baseline, a tilde before what is too close to call; nothing stands out in a tie."""
    grid = grid_of(even("json", 9_000), even("one", 2_000), even("two", 2_010))
    assert ("", ["one", "two", "json *"]) == column(grid, "codec")
    assert ("x", ["1", "~1.00", "4.50"]) == column(grid, "to best")
    assert () == grid.strong


def test_a_clear_best_stands_out():
    """The first line, if it is apart from all others."""
    assert (0,) == grid_of(even("json", 9_000), even("one", 2_000)).strong


def test_percentiles_show_their_interval_or_why_they_are_missing():
    """p99 has its ends in brackets; without enough calls it says so; p50 of short calls is a dash."""
    grid = grid_of(even("a", 2_000), even("b", 3_000, calls=100), even("c", 100))
    assert ("ns", ["no tail claimed", "3190 (3100-3250)", "too few calls"]) == column(grid, "p99")
    assert ("ns", ["-", "2000", "2990"]) == column(grid, "p50")


def test_what_was_not_measured_says_why_once():
    """The status stands in the line, the reason beneath, dashes elsewhere."""
    grid = grid_of(even("a", 2_000), fakes.unmeasured(fakes.case("b"), Status.FAILED, "SIGSEGV"))
    assert ["2.00", "failed"] == column(grid, "typical")[1]
    assert {"-"} == {column(grid, head)[1][1] for head in ("size", "p50", "p99", "objects", "encoded", "to best")}
    assert ("b: failed: SIGSEGV",) == grid.notes


def test_notes_name_everybody_they_hold_for():
    """A caution of two codecs is one note, and so is being measured as another case."""
    odd = Caution(name="odd", text="Something is odd. Look.")
    encodes, dumps = ([fakes.case(name, operation=o) for name in ("a", "b")] for o in ("encode", "dump"))
    own = [replace(even("a", 2_000), case=case, warnings=(odd,)) for case in encodes]
    same = [Measurement(case=d, status=Status.MEASURED, same_as=e.id) for d, e in zip(dumps, encodes, strict=True)]
    made, _ = tables(fakes.run([*own, *same]))
    expected = {"a and b: measured as encode", "a and b: Something is odd. Look."}
    assert expected == set(table_grid(made[1]).notes)


def test_a_title_names_payload_operation_and_conditions():
    """The caption is enough to know what the table is about."""
    assert "order: decode (collector on, 64 instances)" == grid_of(even("a", 2_000)).title


def test_changes_stand_by_payload_with_their_verdict():
    """One table per payload; slower and faster stand out; what is not comparable says why beneath."""
    off = Conditions(gc="off", instances=64)
    base = [even("a", 2_000), even("b", 2_000), replace(even("c", 2_000), case=fakes.case("c", "chat", conditions=off))]
    dead = fakes.unmeasured(fakes.case("c", "chat", conditions=off), Status.FAILED, "SIGSEGV")
    order, chat = change_grids(compare(fakes.run(base), fakes.run([even("a", 3_000), base[1], dead])).changes)
    assert ("order", "chat") == (order.title, chat.title)
    assert ("", ["slower", "within noise"]) == column(order, "verdict")
    assert (0,) == order.strong
    assert ("us", ["3.00", "2.00"]) == column(order, "new")
    assert "1.50 (1.43-1.58)" == column(order, "new/base")[1][0]
    assert ["decode gc=off"] == column(chat, "operation")[1]
    assert ("c decode gc=off: no number in new: failed: SIGSEGV",) == chat.notes
