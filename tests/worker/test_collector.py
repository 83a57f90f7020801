"""The collector while a case is measured: its state, and the times of its collections."""

from __future__ import annotations

import gc
from itertools import pairwise
from time import perf_counter_ns

import pytest

from serbench.worker.collector import Collections, collecting


@pytest.fixture
def collections():
    """Notes collections, and is gone after the test."""
    before = list(gc.callbacks)
    yield Collections()
    gc.callbacks[:] = before


@pytest.fixture(autouse=True)
def enabled():
    """The collector is on before and after, and sees everything."""
    assert gc.isenabled()
    yield
    gc.enable()
    gc.unfreeze()


def pairs(collections):
    """Start and end of each."""
    return list(zip(collections.times[::2], collections.times[1::2], strict=True))


def test_collections_are_noted_with_their_times(collections):
    """Each that is asked for or comes by itself, in order, within the time in which it was noted."""
    begin = perf_counter_ns()
    with collections.noted():
        gc.collect()
        gc.collect(0)
        kept = [[] for _ in range(3 * gc.get_threshold()[0])]
    end = perf_counter_ns()
    noted = pairs(collections)
    assert len(noted) >= 2 + 2
    assert all(start <= ended for start, ended in noted)
    assert all(ended <= start for (_, ended), (start, _) in pairwise(noted))
    assert begin <= noted[0][0]
    assert noted[-1][1] <= end
    assert kept


def test_what_is_not_asked_for_is_not_noted(collections):
    """Neither before nor after, and what was noted before is dropped."""
    gc.collect()
    assert 0 == len(collections.times)
    with collecting("off"), collections.noted():
        gc.collect()
    gc.collect()
    assert 1 == len(pairs(collections))
    with collecting("off"), collections.noted():
        assert 0 == len(collections.times)
    assert 0 == len(collections.times)


def test_noting_ends_where_something_is_raised(collections):
    """What came before is kept."""

    def collected_and_failed():
        with collecting("off"), collections.noted():
            gc.collect()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        collected_and_failed()
    gc.collect()
    assert 1 == len(pairs(collections))


@pytest.mark.parametrize(("state", "enabled"), [("on", True), ("off", False), ("frozen", True)])
def test_the_collector_is_as_it_is_asked_for(state, enabled):
    """Whatever it was before."""
    gc.disable()
    with collecting(state):
        assert enabled == gc.isenabled()


@pytest.mark.parametrize("state", ["on", "off", "frozen"])
def test_the_collector_is_on_afterwards(state):
    """Whatever was asked for, and even where something raised."""
    with collecting(state):
        gc.disable()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), collecting(state):
        raise ZeroDivisionError
    assert gc.isenabled()


def test_frozen_means_out_of_its_sight():
    """What is alive when the state begins is in no collection; what comes later is."""
    before = [[]]
    with collecting("off"):
        assert any(found is before for found in gc.get_objects())
    with collecting("frozen"):
        after = [[]]
        in_sight = gc.get_objects()
    assert not any(found is before for found in in_sight)
    assert any(found is after for found in in_sight)
