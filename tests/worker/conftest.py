"""What the tests of workers share."""

from __future__ import annotations

import gc
import sys

import pytest


@pytest.fixture(autouse=True, scope="module")
def no_callbacks():
    """Nobody else's callbacks of the collector: hypothesis leaves one behind, which would count as a call's memory."""
    before = list(gc.callbacks)
    gc.callbacks.clear()
    yield
    gc.callbacks[:] = before


@pytest.fixture
def untraced():
    """No tracer, as in a process that measures: that of coverage allocates, and has the collector run, by itself."""
    before = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(before)
