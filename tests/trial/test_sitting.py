"""What a sitting says of the time that it has."""

from __future__ import annotations

import pytest

from serbench.trial.sitting import _pairs_in


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-2.5, "0 pairs of 1.0 s"), (0.4, "0 pairs of 1.0 s"), (1.9, "1 pair of 1.0 s"), (9.9, "9 pairs of 1.0 s")],
)
def test_pairs_are_counted_in_words(seconds, words):
    """None where the time was over before the first."""
    assert words == _pairs_in(seconds, 1.0)
