"""The machine's own noise in figures and in words."""

from __future__ import annotations

import numpy as np
import pytest

from serbench.doctor.noise import Interruptions, interruptions, noise_words
from serbench.histogram import Histogram

SECOND = 1_000_000_000


def histogram(counts):
    """How many calls took how many ns."""
    made = Histogram()
    for ns, n in counts.items():
        made.fold(np.full(n, ns, dtype=np.int64))
    return made


def test_interruptions():
    """They are counted per second of watching; what they take is what goes beyond the usual call."""
    calls = histogram({30: 900, 1000: 50, 1030: 40, 2030: 10})
    assert Interruptions(per_second=100.0, share=0.00012) == interruptions(calls, SECOND // 2, 1000)


def test_nothing_observed():
    """Nothing comes a second of no time."""
    with pytest.raises(ValueError, match="nothing was observed"):
        interruptions(histogram({30: 1}), 0, 1000)


@pytest.mark.parametrize(
    ("counts", "observed_ns", "expected"),
    [
        (
            {35: 1_880_000, 38: 19_000, 1_200: 900, 1_023: 99, 310_000: 1},
            SECOND // 10,
            (
                "1.9 M empty calls in 100 ms: p50 35.0 ns, p99 38.0 ns, p99.99 1.20 us, longest 310 us; "
                "10000 interruptions a second longer than 1 us take 1.5 % of the time"
            ),
        ),
        (
            {30: 1_000},
            30_000,
            "1,000 empty calls in 30.0 us: p50 30.0 ns, p99 30.0 ns, longest 30.0 ns; no interruption longer than 1 us",
        ),
        ({30: 5}, 150, "5 empty calls in 150 ns: longest 30.0 ns; no interruption longer than 1 us"),
        ({}, 0, "no empty call was measured"),
    ],
    ids=["earned", "too-few-for-p99.99", "too-few", "none"],
)
def test_words(counts, observed_ns, expected):
    """One line, with those percentiles that have ten calls beyond them."""
    assert expected == noise_words(histogram(counts), observed_ns)
