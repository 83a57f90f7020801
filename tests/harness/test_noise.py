"""The machine's own noise: empty calls are taken in, kept over a resumed run, and take as long as a case's do."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from fakes import block_answer
from serbench.harness import noise
from serbench.harness.noise import Meter
from serbench.harness.plan import CALLS_AT_MOST
from serbench.records.samples import Noise


def taken(*blocks):
    """A meter that has seen these blocks of ns."""
    meter = Meter()
    for ns in blocks:
        meter.take(block_answer(ns))
    return meter


def test_before_the_first_call_there_is_nothing_to_say():
    """A run that times nothing has no noise."""
    assert None is Meter().record(1)


def test_empty_calls_are_added_up():
    """All in one histogram, with the time inside them; without a pinned core there is none to be told."""
    expected = Noise(
        calls=5, histogram=fakes.histogram([30, 31, 30, 40_000, 29]), overflow=0, observed_ns=40_120, core=1
    )
    assert expected == taken([30, 31, 30], [40_000, 29]).record(1)
    assert -1 == taken([30]).record(None).core


def test_what_no_bucket_takes_is_counted():
    """The machine stood still for minutes: that is no percentile, and was seen."""
    meter = taken([30, 1 << 40])
    assert (1, 1, 30 + (1 << 40)) == (meter.record(1).calls, meter.record(1).overflow, meter.observed_ns)


def test_a_resumed_run_goes_on_from_where_it_was():
    """What was seen before and what is seen now are one, as if nothing had come in between."""
    whole = taken([30, 31, 1 << 40], [40_000, 29])
    meter = taken()
    meter.restore(taken([30, 31, 1 << 40]).record(1))
    meter.take(block_answer([40_000, 29]))
    assert whole.record(1) == meter.record(1)
    assert whole.observed_ns == meter.observed_ns


@pytest.mark.parametrize(
    ("share_ns", "expected"),
    [(0, 1), (80, 1), (8_000, 75), (2_000_000, 18_750), (20_000_000_000, CALLS_AT_MOST), (-5.0, 1)],
)
def test_as_many_calls_as_fit_the_share(share_ns, expected):
    """Three quarters of it, at 80 ns a call; one at the least, and no more than a block may have."""
    assert expected == noise.calls(share_ns)


@given(st.floats(0, 1e15))
def test_calls_are_never_out_of_range(share_ns):
    """Whatever the share."""
    assert 1 <= noise.calls(share_ns) <= CALLS_AT_MOST
