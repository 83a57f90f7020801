"""New memory of calls of known appetite, counted in pages that the kernel gave."""

from __future__ import annotations

import math
import mmap
import sys

import pytest

from serbench.worker import pages

pytestmark = [
    pytest.mark.usefixtures("untraced"),
    pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells"),
]

SIZE = 1_000_000
ROUNDED = -(-SIZE // mmap.PAGESIZE) * mmap.PAGESIZE
FEW = 4 * mmap.PAGESIZE
"""What a page in the middle of a heap, and the head of a block, may add."""


def new(call, *arguments):
    """The new memory of calls."""
    return pages.measure(call, arguments)["new_bytes"]


def test_a_copy_is_as_many_pages_as_it_has():
    """Neither the header of a bytes object nor what was copied before makes a difference; a page at the ends may."""
    assert abs(new(bytes, bytearray(SIZE))["median"] - ROUNDED) <= FEW


def test_a_view_is_none():
    """Whatever it shows."""
    assert new(lambda data: memoryview(data)[10:], bytes(SIZE))["median"] <= FEW


def test_what_is_let_go_counts_like_what_is_kept():
    """Two copies were made, and one is left."""
    assert abs(new(lambda data: bytes(bytearray(data)), bytes(SIZE))["median"] - 2 * ROUNDED) <= FEW


def test_memory_that_is_only_asked_for_is_not_counted():
    """A buffer may be much larger than what is written to it."""
    assert new(lambda size: mmap.mmap(-1, size), 100 * SIZE)["median"] <= FEW


def test_what_is_kept_from_call_to_call_is_there_already():
    """A library's own buffer is new in the first call alone."""
    kept = memoryview(bytearray(SIZE))

    def call(data):
        kept[:] = data

    assert new(call, bytes(SIZE))["median"] <= FEW


def test_instances_are_spread(monkeypatch):
    """Median, least and most of the messages, however slow the machine."""
    monkeypatch.setattr(pages, "SECONDS", math.inf)
    found = new(bytes, *(bytearray(n * SIZE) for n in (1, 2, 5)))
    for name, n in {"min": 1, "median": 2, "max": 5}.items():
        assert abs(found[name] - n * SIZE) <= 2 * FEW


def test_calls_end_with_the_time(monkeypatch):
    """One at least is made, twice: the first time, everything is new."""
    monkeypatch.setattr(pages, "SECONDS", 0.0)
    called = []
    new(called.append, "a", "b", "c")
    assert ["a", "a"] == called


def test_a_system_that_cannot_be_asked(monkeypatch):
    """There is no number then, and nothing is called."""

    class Other:
        """A C library without glibc's own."""

        def prctl(self, *_):
            """It has this one."""
            return 0

    monkeypatch.setattr(pages.ctypes, "CDLL", lambda _: Other())
    assert {} == pages.measure(pytest.fail, ["never"])


def test_what_a_call_raises_is_raised():
    """It is the caller's to tell."""
    with pytest.raises(ZeroDivisionError):
        new(lambda n: 1 // n, 0)
