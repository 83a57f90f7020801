"""What calls of known appetite are told to take."""

from __future__ import annotations

import gc
import math
import sys
import tracemalloc

import pytest

from serbench.records.passes import Memory
from serbench.worker import memory

SHARED = ["a list, which keeps a dict that refers to it tracked"]
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")

pytestmark = pytest.mark.usefixtures("untraced")


@pytest.fixture(autouse=True)
def _few(monkeypatch):
    """Small heaps, so that tests are quick."""
    monkeypatch.setattr(memory, "HEAP_OBJECTS", 50)


def flat(value):
    """A spread of one value."""
    return {"median": value, "min": value, "max": value}


def test_what_is_dropped_is_peak_and_not_live():
    """A call that makes bytes and lets them go peaks at their size and holds nothing afterwards."""

    def call(size):
        made = b"x" * size
        del made

    found = memory.measure(call, [1_000_000] * 3, math.inf, 200)
    assert (3, flat(sys.getsizeof(bytes(1_000_000))), flat(0)) == tuple(
        found[name] for name in ("calls", "peak_bytes", "live_bytes")
    )


def test_what_is_returned_is_peak_and_live():
    """Bytes that are handed out are held while the result is; sizes spread over the arguments."""
    sizes = [sys.getsizeof(bytes(size)) for size in (1_000, 2_000, 9_000)]
    found = memory.measure(lambda n: b"x" * n, [1_000, 2_000, 9_000], math.inf, 200)
    expected = {"median": sizes[1], "min": sizes[0], "max": sizes[2]}
    assert (expected, expected) == (found["peak_bytes"], found["live_bytes"])


def test_a_call_that_holds_nothing():
    """No measurement of our own is in any count."""
    found = memory.measure(lambda _: None, [1, 2, 3], math.inf, 200)
    assert (flat(0), flat(0), 0) == (found["peak_bytes"], found["live_bytes"], found["tracked_per_result"])
    assert (50, 50) == (found["resident_calls"], found["heap_objects"])


@pytest.mark.parametrize("made", [0, 1, 10])
def test_objects_that_the_collector_tracks_are_counted_per_result(made):
    """A list of so many dicts is one more object than they are; the list of results does not count."""
    found = memory.measure(lambda n: [{"shared": SHARED} for _ in range(n)], [made] * 2, math.inf, 200)
    assert made + 1 == found["tracked_per_result"]


def test_what_a_collection_untracks_is_not_counted():
    """A tuple of numbers is no business of the collector once it has seen it."""
    found = memory.measure(lambda n: (n, n), [1], math.inf, 200)
    assert 0 == found["tracked_per_result"]


def test_free_lists_neither_hide_objects_nor_hold_any():
    """Small dicts come from and go to lists of free ones; what is live is what the result has, and no more."""
    one, many = (
        memory.measure(lambda n: [{"shared": SHARED} for _ in range(n)], [count], math.inf, 200)["live_bytes"]["median"]
        for count in (1, 41)
    )
    each = sys.getsizeof({"shared": SHARED})
    assert 40 * each <= many - one <= 40 * (each + 64)


def test_garbage_in_cycles_is_not_live():
    """What a collection frees is not held by the result."""

    def call(_):
        cycle = [bytes(100_000)]
        cycle.append(cycle)

    found = memory.measure(call, [1], math.inf, 200)
    assert (flat(0), True) == (found["live_bytes"], found["peak_bytes"]["median"] >= 100_000)


def test_what_a_call_keeps_for_ever_is_nobodys():
    """A cache that the first call with an argument fills is there before calls are measured."""
    cache = {}
    found = memory.measure(lambda n: cache.setdefault(n, bytes(50_000)), [1, 2, 3], math.inf, 200)
    assert found["live_bytes"]["max"] < 50_000


@LINUX
def test_resident_growth_is_that_of_all_results():
    """Fifty results of a megabyte each, with every page written to; the kernel counts in steps of up to 256 kB."""
    found = memory.measure(lambda n: b"x" * n, [1_000_000], math.inf, 200)
    assert 50 == found["resident_calls"]
    assert abs(found["resident_growth_bytes"] - 50 * 1_003_520) < 2_000_000


@LINUX
def test_an_earlier_peak_does_not_hide_growth():
    """The peak is set back: memory that was taken and given back before is no one's limit."""
    earlier = b"x" * 200_000_000
    del earlier
    found = memory.measure(lambda n: b"x" * n, [1_000_000], math.inf, 200)
    assert found["resident_growth_bytes"] > 40_000_000


@pytest.mark.parametrize("status", [None, "VmPeak: 1 kB\n", "VmHWM: much\n"])
def test_a_system_that_does_not_tell(tmp_path, monkeypatch, status):
    """Without /proc, or with one that says nothing of use, growth is -1 and all else is measured."""
    if status is not None:
        (tmp_path / "status").write_text(status)
    monkeypatch.setattr(memory, "_PROCESS", tmp_path)
    found = memory.measure(bytes, [1_000], math.inf, 200)
    assert (-1, 50) == (found["resident_growth_bytes"], found["heap_objects"])


def test_one_result_however_short_the_time():
    """No time gives one result, and every field; traced calls are as many as were asked for."""
    found = memory.measure(bytes, [1_000] * 100, 0, 3)
    assert (3, 1, 1) == tuple(found[name] for name in ("calls", "resident_calls", "heap_objects"))
    assert set(Memory.__dataclass_fields__) == set(found)
    assert found["full_collection_ns"] > 0


def test_a_heap_takes_no_more_memory_than_it_may(monkeypatch):
    """Results stop where their share of memory ends."""
    monkeypatch.setattr(memory, "HEAP_BYTES", 20_000_000)
    monkeypatch.setattr(memory, "_resident", iter(range(0, 10**9, 8_000_000)).__next__)
    assert 2 == memory.measure(lambda n: n, [0], math.inf, 200)["heap_objects"]  # 8 MB after one, 16 after two


def test_an_address_space_with_a_limit_leaves_half(monkeypatch):
    """What the process may still take is halved, and never more than is taken without a limit."""
    monkeypatch.setattr(memory, "_pages", lambda _: 600)
    for limit, expected in ((1_000, 200), (memory.resource.RLIM_INFINITY, memory.HEAP_BYTES), (100, 1)):
        monkeypatch.setattr(memory.resource, "getrlimit", lambda _, limit=limit: (limit, limit))
        assert expected == memory._most_bytes()


@pytest.mark.parametrize("seconds", [0.0, math.inf])
def test_traced_calls_are_spread_over_the_arguments(seconds):
    """With fewer calls than arguments, they come from the whole of them; a heap that has no time shortens none."""
    found = memory.measure(bytes, [1_000 * n for n in range(100)], seconds, 4)
    sizes = [sys.getsizeof(bytes(1_000 * n)) for n in (0, 25, 50, 75)]
    assert (4, {"median": (sizes[1] + sizes[2]) / 2, "min": 0, "max": sizes[3]}) == (
        found["calls"],
        found["live_bytes"],
    )


@pytest.mark.parametrize("enabled", [True, False])
@pytest.mark.parametrize("frozen", [True, False])
def test_the_collector_is_left_as_it_was(enabled, frozen):
    """On or off, its thresholds, and frozen objects or none; the tracer is off."""
    try:
        gc.unfreeze()
        if frozen:
            gc.freeze()
        (gc.enable if enabled else gc.disable)()
        before = gc.isenabled(), gc.get_threshold(), gc.get_freeze_count() > 0
        memory.measure(bytes, [10], 0, 200)
        after = gc.isenabled(), gc.get_threshold(), gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()
    assert before == after
    assert not tracemalloc.is_tracing()


@pytest.mark.parametrize("good", [0, 10, 51])  # then it fails at once, in the heap, or under the tracer
def test_a_call_that_fails_leaves_nothing_behind(good):
    """What it raises is raised, and tracer, collector and results are gone."""
    calls = iter(range(good))

    with pytest.raises(StopIteration):
        memory.measure(lambda _: next(calls), [1], math.inf, 200)
    assert (True, 0, False) == (gc.isenabled(), gc.get_freeze_count(), tracemalloc.is_tracing())


def test_results_are_released():
    """Nothing of the heap is alive afterwards."""

    class Result:
        alive = 0

        def __init__(self, _):
            Result.alive += 1

        def __del__(self):
            Result.alive -= 1

    memory.measure(Result, [1], math.inf, 200)
    assert 0 == Result.alive
