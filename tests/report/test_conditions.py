"""Conditions side by side, as a table and in sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from serbench.records.cases import Conditions
from serbench.report.conditions import condition_grids, setting_words
from serbench.report.costs import costs
from serbench.report.rows import tables


def under(ns, codec="orjson", *, workers=6, calls=2_000, **conditions):
    """A case of 12,000 calls under these conditions; its workers ran 600 collections of 40 us each if it is on."""
    case = fakes.case(codec, conditions=Conditions(instances=64, **conditions))
    on = conditions.get("gc", "on") == "on"
    made = fakes.even_workers(ns, workers=workers, calls=calls)
    own = [replace(worker, collections=100 * on, collection_ns=4_000_000 * on) for worker in made]
    return fakes.measured(case, tuple(own))


def made(*measurements):
    """The tables of a run."""
    return tables(fakes.run(measurements))[0]


def column(grid, head):
    """The trimmed cells of the column of that name, and its unit."""
    (found,) = [column for column in grid.columns if column.head == head]
    return found.unit, [cell.strip() for cell in found.cells]


GC = [under(9_000, gc="on"), under(3_000, gc="off"), under(5_000, gc="frozen")]


def test_conditions_stand_side_by_side():
    """A line for each codec and condition, over the same codec with the collector off."""
    (grid,) = condition_grids(made(*GC))
    assert ("order: decode under several conditions", "order") == (grid.title, grid.payload)
    assert ["collector on", "collector off", "collector frozen"] == column(grid, "conditions")[1]
    assert ("x", ["3.00", "1", "1.67"]) == column(grid, "typical to reference")
    assert ("x", ["~3.00", "1", "~1.67"]) == column(grid, "p99.9 to reference")  # no worker alone has earned p99.9
    assert "9.00 (8.78-9.22)" == column(grid, "typical")[1][0]


def test_collections_are_counted_by_calls():
    """How many in a thousand single calls, and what one took; nothing where none ran."""
    (grid,) = condition_grids(made(*GC))
    assert ("/1,000", ["50.0", "0", "0"]) == column(grid, "collections")
    assert ("us", ["40.0", "-", "-"]) == column(grid, "pause")


def test_one_condition_needs_no_table():
    """There is nothing to hold it against."""
    assert () == condition_grids(made(under(9_000)))


def test_what_is_too_close_to_call_is_marked():
    """Intervals that meet, or none; without the collector off, frozen is the reference, else the first."""
    (grid,) = condition_grids(made(under(5_000, gc="on"), under(5_010, gc="frozen")))
    assert ["~0.998", "1"] == column(grid, "typical to reference")[1]
    (grid,) = condition_grids(made(under(5_000), under(9_000, heap_objects=20_000)))
    assert ["1", "1.80"] == column(grid, "typical to reference")[1]


def test_only_what_differs_is_said_of_conditions():
    """Live objects, threads, instances; not what is the same everywhere."""
    one, other = Conditions(instances=64, heap_objects=20_000), Conditions(instances=64, threads=2, gc="off")
    assert "collector on, 20,000 live objects, 1 thread" == setting_words(one, [one, other])
    assert "collector off, no live objects, 2 threads" == setting_words(other, [one, other])
    assert "instance" not in setting_words(one, [one, replace(one, gc="off")])
    single = replace(one, instances=1)
    assert ("64 instances", "1 instance") == (setting_words(one, [one, single]), setting_words(single, [one, single]))


def test_what_the_collector_costs_in_a_sentence():
    """The rarest percentile that all have with an interval, under each state."""
    heap = [replace(m, case=replace(m.case, conditions=replace(m.case.conditions, heap_objects=20_000))) for m in GC]
    ((payload, text),) = costs(made(*heap))
    assert "order" == payload
    expected = (
        "Decode with 20,000 live objects: the collector makes p99 of orjson 14.4 us; off 4.78 us, frozen 7.97 us."
    )
    assert expected == text


def test_the_rarest_percentile_with_an_interval_is_told():
    """p99.9 where every worker alone has ten thousand calls."""
    ((_, text),) = costs(made(*(under(ns, calls=10_000, gc=gc) for ns, gc in ((9_000, "on"), (3_000, "off")))))
    assert "the collector makes p99.9 of orjson 16.7 us; off 5.58 us." in text


def test_a_collector_that_costs_nothing_is_not_said_to():
    """Where it is not the slowest state, the states are told as they are."""
    ((_, text),) = costs(made(under(3_000, gc="on"), under(9_000, gc="off")))
    assert "Decode: with the collector on 4.78 us, off 14.4 us is p99 of orjson." == text


def test_what_cannot_be_told_apart_says_why():
    """Meeting intervals, or too few workers for any."""
    near = [under(5_000, gc="on"), under(5_010, gc="off")]
    few = [under(ns, "json", workers=3, calls=4_000, gc=gc) for ns, gc in ((3_000, "on"), (9_000, "off"))]
    texts = [text for _, text in costs(made(*near, *few))]
    same = "cannot be told apart under these conditions"
    assert [
        f"Decode: p99 of orjson {same}: the intervals meet.",
        f"Decode: p99.9 of json {same}: an interval takes 6 workers with enough calls.",
    ] == sorted(texts)


def test_what_cannot_be_told_of_the_same_codecs_is_told_once():
    """For all operations and conditions where it is so; codecs in another number of them stand by themselves."""
    few = [
        under(ns, name, workers=3, calls=4_000, gc=gc, threads=threads)
        for name in ("json", "orjson")
        for gc, ns in (("on", 9_000), ("off", 3_000))
        for threads in (1, 2)
    ]
    encode = [replace(m, case=replace(m.case, operation=fakes.Operation.ENCODE)) for m in few]
    texts = [text for _, text in costs(made(*few, *encode))]
    why = (
        "of json and orjson cannot be told apart under these conditions: an interval takes 6 workers with enough calls."
    )
    assert [
        f"Decode, decode with 2 threads, encode and encode with 2 threads: p99.9 {why}",
        f"Decode, decode with collector off, encode and encode with collector off: objects a second {why}",
    ] == texts
    texts = [text for _, text in costs(made(*few, *(m for m in encode if m.case.codec == "json")))]
    assert 4 == len(texts)


def test_only_the_largest_differences_are_told():
    """Three codecs, the largest first; the table has all."""
    pairs = [(under(2_000 * n, f"c{n}", gc="on"), under(2_000, f"c{n}", gc="off")) for n in range(2, 7)]
    texts = [text for _, text in costs(made(*(m for pair in pairs for m in pair)))]
    assert ["c6", "c5", "c4"] == [text.split(" of ")[1].split()[0] for text in texts]


def test_codecs_of_one_cost_are_one_sentence():
    """The first in full; who is told apart from it under any condition keeps a sentence of its own."""
    times = {"a": (9_000, 3_000), "b": (8_990, 3_000), "c": (8_980, 2_000)}
    cases = [under(ns, name, gc=gc) for name, own in times.items() for ns, gc in zip(own, ("on", "off"), strict=True)]
    texts = [text for _, text in costs(made(*cases))]
    assert [
        "Decode: the collector makes p99 of c 14.3 us; off 3.19 us.",
        "Decode: the collector makes p99 of a 14.4 us; off 4.78 us. b cannot be told apart from a in this.",
    ] == texts


def test_threads_are_alike_in_what_they_gain():
    """Not in their rates: one codec may be much faster than the other."""
    cases = [under(ns, name, threads=n) for name, ns in (("a", 5_000), ("b", 9_000)) for n in (1, 2)]
    ((_, text),) = costs(made(*cases))
    assert "b cannot be told apart from a in this." in text


def test_without_intervals_nothing_is_alike():
    """Then it is not known."""
    times = {"a": 6, "b": 6}
    cases = [
        under(ns, name, workers=n, gc=gc) for name, n in times.items() for ns, gc in ((9_000, "on"), (3_000, "off"))
    ]
    few = [under(9_000, "c", workers=3, calls=4_000, gc="on"), under(3_000, "c", workers=3, calls=4_000, gc="off")]
    texts = [text for _, text in costs(made(*cases, *few))]
    assert ["b cannot be told apart from a in this." in text for text in texts] == [True, False]
    assert "of c cannot be told apart under these conditions: an interval takes 6 workers" in texts[1]


def test_live_objects_in_a_sentence():
    """Where the collector is the same everywhere, live objects are what differs."""
    ((_, text),) = costs(made(under(3_000), under(9_000, heap_objects=20_000)))
    expected = "Decode: p99 of orjson is 4.78 us with no live objects and 14.4 us with 20,000 live objects."
    assert expected == text


@pytest.mark.parametrize(("ns", "words"), [(10_000, ""), (5_000, "2 handle 2.00 times as many objects a second")])
def test_threads_in_a_sentence(ns, words):
    """Throughput is that of all threads together: twice the time for each of two is no gain."""
    ((_, text),) = costs(made(under(5_000), under(ns, threads=2)))
    assert (words or "objects a second of orjson cannot be told apart") in text


def test_operations_that_rank_nothing_are_only_in_the_table():
    """Sentences are few."""
    read = [replace(m, case=replace(m.case, operation=fakes.Operation.READ)) for m in GC]
    assert 2 == len(condition_grids(made(*read, *GC)))
    assert ["Read"] == [text.partition(":")[0] for _, text in costs(made(*read, *GC))]
