"""Answers of workers become records."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import pytest

from serbench.harness.passes import cold_start, memory, spread
from serbench.records.passes import ColdStart, Spread
from serbench.worker.memory import measure


@pytest.mark.parametrize(
    ("values", "expected"), [([7], (7, 7, 7)), ([9, 1, 2], (2, 1, 9)), ([4.0, 1.0], (2.5, 1.0, 4.0))]
)
def test_a_spread_is_the_median_and_both_ends(values, expected):
    """Of one value all three are that value; of an even number the middle lies between two."""
    middle, least, most = expected
    assert Spread(median=middle, min=least, max=most) == spread(values)


def test_nothing_has_no_spread():
    """No value has no middle: an error of the caller."""
    with pytest.raises(ValueError, match=r"no median|empty"):
        spread([])


def test_cold_starts_of_several_processes_are_one():
    """Each time is spread over the processes by itself; what else an answer holds is left."""
    readings = [{"is": "cold", "import_ns": 10 * n, "bind_ns": 10 - n, "first_call_ns": n} for n in (3, 1, 2)]
    expected = ColdStart(
        processes=3,
        import_ns=Spread(median=20, min=10, max=30),
        bind_ns=Spread(median=8, min=7, max=9),
        first_call_ns=Spread(median=2, min=1, max=3),
    )
    assert expected == cold_start(readings)


def test_memory_is_what_the_worker_said():
    """Every field arrives through JSON as it was measured."""
    said = measure(bytes, [1_000, 5_000], math.inf, 2)
    record = memory({"is": "memory", **json.loads(json.dumps(said))})
    assert said == asdict(record)
