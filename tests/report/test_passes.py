"""Grids of the passes besides time: every cell is known, and what is missing says why."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from serbench.records.cases import Caution, Conditions, Status
from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory, Spread
from serbench.records.run import Measurement
from serbench.report.passes import COLD_LEGEND, MEMORY_LEGEND, NEW_LEGEND, cold_start_grids, memory_grids, size_grids

LATER = "the run ended before this was measured; give it a longer --budget"
NO_STREAM = "no stream: a stream takes 100 different messages and the time to compress them as one"


def column(grid, head):
    """The trimmed cells of a column, and its unit."""
    (found,) = [column for column in grid.columns if column.head == head]
    return found.unit, [cell.strip() for cell in found.cells]


def case(codec="json", payload="order", operation="decode", **about):
    """A measured case with these records."""
    return Measurement(case=fakes.case(codec, payload, operation), status=Status.MEASURED, **about)


def compressed(method, level, median, *, stream=0, ns=0.0, messages=64):
    """What a compressor made of messages."""
    sizes = EncodedBytes(mean=median, median=median, min=median - 1, max=median + 1)
    return Compressed(
        method=method,
        level=level,
        messages=messages,
        bytes_per_message=sizes,
        ns_per_message=ns,
        stream_bytes=stream,
        stream_ns=100 * ns,
    )


def sizes(scale=1, *, stream=1, messages=64):
    """Sizes under two compressors: a thousand bytes become 400 or 300, and 50 or 40 in a stream."""
    return (
        compressed("none", 0, 1_000 * scale, stream=100_000 * scale * stream, messages=messages),
        compressed("gzip", 6, 400 * scale, stream=5_000 * scale * stream, ns=20_500, messages=messages),
        compressed("zstd", 3, 300 * scale, stream=4_000 * scale * stream, ns=5_250, messages=messages),
    )


def flat(value, spread=0):
    """A spread."""
    return Spread(median=value, min=value - spread, max=value + spread)


def memory(**changes):
    """A memory record."""
    made = Memory(
        calls=64,
        peak_bytes=flat(2_000, 500),
        live_bytes=flat(1_500),
        resident_growth_bytes=40_000_000,
        resident_calls=20_000,
        tracked_per_result=5.5,
        heap_objects=20_000,
        full_collection_ns=68_700_000,
    )
    return replace(made, **changes)


COLD = ColdStart(
    processes=5, import_ns=flat(3_000_000, 200_000), bind_ns=flat(45_000, 5_000), first_call_ns=flat(9_000)
)


def of(passes, *measurements):
    """A run of these passes."""
    return fakes.run(measurements, passes=passes)


@pytest.mark.parametrize("grids", [size_grids, memory_grids, cold_start_grids])
def test_a_pass_that_was_not_made_has_no_grids(grids):
    """Whatever else was measured; and a run without a case has none of a pass that was."""
    assert () == grids(of(("time",), case(sizes=sizes(), memory=memory(), cold_start=COLD)))
    assert () == grids(of(("size", "memory", "cold")))


def test_sizes_are_those_of_a_message():
    """Raw, each method, a message's share in a stream, and the time; levels and what a stream is stand beneath."""
    (grid,) = size_grids(of(("size",), case(sizes=sizes()), case("orjson", sizes=sizes(3))))
    assert "order: compressed" == grid.title
    heads = ["codec", "raw", "gzip", "zstd", "gzip of 100", "zstd of 100", "gzip time", "zstd time"]
    assert heads == [column.head for column in grid.columns]
    assert ("", ["json", "orjson"]) == column(grid, "codec")
    assert [("B", ["1000", "3000"]), ("B", ["400", "1200"])] == [column(grid, head) for head in ("raw", "gzip")]
    assert [("B", ["300", "900"]), ("B", ["40", "120"])] == [column(grid, head) for head in ("zstd", "zstd of 100")]
    assert ("us", ["20.5", "20.5"]) == column(grid, "gzip time")
    assert (
        "gzip level 6, zstd level 3: medians over messages, each compressed by itself.",
        "of 100: a message's share where 100 different ones are compressed as one.",
    ) == grid.legend
    assert () == grid.notes


def test_all_sizes_have_the_unit_of_the_smallest():
    """Sizes of one table can be held against each other."""
    (grid,) = size_grids(of(("size",), case(sizes=sizes(1_000))))
    units = {head: column(grid, head) for head in ("raw", "gzip", "zstd of 100")}
    assert {"raw": ("kB", ["1000"]), "gzip": ("kB", ["400"]), "zstd of 100": ("kB", ["40.0"])} == units


def test_a_grid_for_each_payload():
    """In the order of the run's payloads; one without a case has none."""
    run = of(("size",), case(sizes=sizes()), case(payload="feed", sizes=sizes()))
    run = replace(run, payloads=(*run.payloads, fakes.payload("chat")))
    assert ["order: compressed", "feed: compressed"] == [grid.title for grid in size_grids(run)]
    assert ["order", "feed"] == [grid.payload for grid in size_grids(run)]


def test_a_codec_has_one_line_of_sizes():
    """Sizes are the same for all of its operations, and may stand at any of them."""
    dump = Measurement(case=fakes.case("json", operation="dump"), status=Status.MEASURED, same_as="json/order/encode")
    (grid,) = size_grids(of(("size",), case(), case(operation="encode", sizes=sizes()), dump))
    assert ("", ["json"]) == column(grid, "codec")
    assert ("B", ["1000"]) == column(grid, "raw")


def test_sizes_that_are_missing_say_why():
    """A word in the line, dashes elsewhere, the reason beneath, once for all that it holds for."""
    failed = [fakes.unmeasured(fakes.case("dead", operation=o), Status.FAILED, "SIGSEGV") for o in ("encode", "decode")]
    (grid,) = size_grids(of(("size",), case(sizes=sizes()), *failed, case("late"), case("tardy")))
    assert ("B", ["1000", "failed", "not reached", "not reached"]) == column(grid, "raw")
    assert ["400", "-", "-", "-"] == column(grid, "gzip")[1]
    assert ["5.25", "-", "-", "-"] == column(grid, "zstd time")[1]
    assert ("dead: failed: SIGSEGV", f"late and tardy: {LATER}") == grid.notes[:2]


def test_a_grid_without_any_size():
    """Where no codec has sizes, the reasons are all there is."""
    (grid,) = size_grids(of(("size",), case("late")))
    assert (["codec", "raw"], (f"late: {LATER}",)) == ([column.head for column in grid.columns], grid.notes)


def test_an_operation_that_failed_is_not_why_sizes_are_missing():
    """Where another operation of the codec was measured, the run did not get to its sizes."""
    failed = fakes.unmeasured(fakes.case("json", operation="load"), Status.FAILED, "SIGSEGV")
    (grid,) = size_grids(of(("size",), failed, case()))
    assert (f"json: {LATER}",) == grid.notes


def test_a_stream_that_is_missing():
    """A word where others have one; no columns where nobody has one. The reason stands beneath."""
    some, none = (
        size_grids(of(("size",), case(sizes=sizes(stream=stream)), case("short", sizes=sizes(stream=0))))[0]
        for stream in (1, 0)
    )
    assert ("B", ["40", "no stream"]) == column(some, "zstd of 100")
    assert f"short: {NO_STREAM}" == some.notes[0]
    assert ["codec", "raw", "gzip", "zstd", "gzip time", "zstd time"] == [column.head for column in none.columns]
    assert f"json and short: {NO_STREAM}" == none.notes[0]


def test_sizes_of_some_of_the_messages_say_so():
    """What time did not suffice for is no silence."""
    (grid,) = size_grids(of(("size",), case(sizes=sizes(messages=12))))
    assert "json: sizes are those of 12 of 64 messages" == grid.notes[0]


def test_memory_by_operation_and_codec():
    """Ranges in square brackets, residents and tracked objects per result, a collection with its heap."""
    (grid,) = memory_grids(of(("memory",), case(memory=memory()), case(operation="encode", memory=memory())))
    assert ("", ["encode", "decode"]) == column(grid, "operation")
    assert ("kB", ["2.00 [1.50-2.50]"] * 2) == column(grid, "peak")
    assert ("kB", ["1.50"] * 2) == column(grid, "live")
    assert ("kB", ["2.00"] * 2) == column(grid, "resident")
    assert ("", ["5.50"] * 2) == column(grid, "tracked")
    assert ("ms", ["68.7"] * 2) == column(grid, "collection")
    assert ("", ["20000"] * 2) == column(grid, "alive")
    assert (MEMORY_LEGEND, ()) == (grid.legend, grid.notes)


def test_memory_that_holds_nothing_is_zero():
    """No bytes and no objects are numbers too."""
    none = memory(live_bytes=flat(0), resident_growth_bytes=0, tracked_per_result=0.0)
    (grid,) = memory_grids(of(("memory",), case(memory=none)))
    assert [("B", ["0"]), ("B", ["0"]), ("", ["0"])] == [column(grid, h) for h in ("live", "resident", "tracked")]


def test_new_memory_is_shown_where_it_was_counted():
    """A view needs none, a copy as much as the message; of a case without it the reason stands beneath."""
    view, copy = memory(new_bytes=flat(0)), memory(new_bytes=flat(1_052_672, 4_096))
    known = [case("view", memory=view), case("copy", memory=copy)]
    (grid,) = memory_grids(of(("memory",), *known, case("old", memory=memory())))
    assert ("MB", ["0", "1.05", "not told"]) == column(grid, "new")
    assert ("old: this system does not tell the pages that a call is given to write to",) == grid.notes
    assert NEW_LEGEND == grid.legend[-1]
    assert "new" not in {column.head for column in memory_grids(of(("memory",), case(memory=memory())))[0].columns}


def test_memory_of_a_part_of_the_messages_says_so():
    """Tracing is slow, so some of many are taken; a run of as many messages needs no word."""
    few = [case(name, memory=memory(calls=48)) for name in ("json", "orjson")]
    (grid,) = memory_grids(of(("memory",), *few, case("cbor2", memory=memory(calls=64))))
    assert ("json and orjson: peak and live are those of 48 of 64 messages",) == grid.notes


def test_memory_that_is_missing_says_why():
    """A case that failed, one that was not reached, a system that does not tell, and one that is another's."""
    same = Measurement(case=fakes.case("json", operation="dump"), status=Status.MEASURED, same_as="json/order/encode")
    quiet = [case(operation=o, memory=memory(resident_growth_bytes=-1)) for o in ("encode", "decode")]
    failed = fakes.unmeasured(fakes.case("dead"), Status.FAILED, "SIGSEGV")
    (grid,) = memory_grids(of(("memory",), *quiet, same, failed, case("late")))
    assert ["encode", "decode", "decode", "decode"] == column(grid, "operation")[1]
    assert ["failed", "not reached"] == column(grid, "peak")[1][2:]
    assert ["not told", "not told", "-", "-"] == column(grid, "resident")[1]
    assert {"-"} == {column(grid, head)[1][2] for head in ("live", "tracked", "collection", "alive")}
    assert (
        "dead: decode: failed: SIGSEGV",
        f"late: decode: {LATER}",
        "json: dump: measured as encode",
        "json: this system does not tell the most memory that was resident (VmHWM)",
    ) == grid.notes


def test_conditions_share_a_line():
    """A codec's operation is measured once, whatever the conditions are; which case has the record does not matter."""
    off = replace(case(memory=memory()), case=fakes.case("json", conditions=Conditions(gc="off", instances=64)))
    for own in ([case(memory=memory()), off], [case(), off]):
        (grid,) = memory_grids(of(("memory",), *own))
        assert [("", ["json"]), ("", ["decode"])] == [column(grid, head) for head in ("codec", "operation")]
        assert ("kB", ["1.50"]) == column(grid, "live")


@pytest.mark.parametrize(
    ("name", "grids"), [("size", size_grids), ("memory", memory_grids), ("cold", cold_start_grids)]
)
def test_a_pass_that_failed_says_how(name, grids):
    """A case that was timed and whose pass died is no case that time did not suffice for."""
    caution = Caution(name=f"no-{name}", text=f"The pass {name} failed: SIGSEGV. Look closer.")
    (grid,) = grids(of((name,), case(warnings=(caution,))))
    assert "failed" in {cell.strip() for column in grid.columns for cell in column.cells}
    assert f"The pass {name} failed: SIGSEGV. Look closer." in grid.notes[0]


def test_cold_starts_with_their_ranges():
    """Each part has a unit of its own; the processes behind it are told."""
    failed = fakes.unmeasured(fakes.case("dead"), Status.INCORRECT, "items[0]: 1 is not 2")
    (grid,) = cold_start_grids(of(("cold",), case(cold_start=COLD), failed))
    assert "order: cold start" == grid.title
    assert ("ms", ["3.00 [2.80-3.20]", "incorrect"]) == column(grid, "import")
    assert ("us", ["45.0 [40.0-50.0]", "-"]) == column(grid, "bind")
    assert ("us", ["9.00", "-"]) == column(grid, "first call")
    assert ("", ["5", "-"]) == column(grid, "processes")
    assert ("dead: decode: incorrect: items[0]: 1 is not 2",) == grid.notes
    assert COLD_LEGEND == grid.legend
