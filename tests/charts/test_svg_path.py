from __future__ import annotations

import pytest
from drawings import corners
from hypothesis import given
from hypothesis import strategies as st

from serbench.charts.svg_path import compact

coordinates = st.floats(-2_000, 2_000)
steps = st.lists(st.tuples(st.sampled_from("MLC"), st.lists(coordinates, min_size=6, max_size=6)), max_size=20)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("M 1 2 L 3 4 L 5 5", "m1 2 2 2 2 1"),
        ("M 1 2 L 3 4 M 5 6 L 7 9", "m1 2 2 2m2 2 2 3"),
        ("M 1 2 L 3 4 z M 5 6 L 7 9 z", "m1 2 2 2zm4 4 2 3z"),
        ("M 1 2 L 9 2 L 9 1.5 L 8 1", "m1 2h8v-.5l-1-.5"),
        ("M 1 2 C 1 1 2 2 3 3 L 4 5", "m1 2c0-1 1 0 2 1l1 2"),
        ("M 1 2 Q 1 1 2 2", "m1 2q0-1 1 0"),
        ("M 1 2 L 1 2", "m1 2h0"),
        ("M -0.04 -0.06", "m0-.1"),
        ("", ""),
    ],
)
def test_a_path_goes_from_point_to_point(data, expected):
    """Letters and spaces that change nothing are left out, and a stroke without length stays: round ends show it."""
    assert expected == compact(data)


@given(coordinates, coordinates, steps)
def test_no_point_moves_by_more_than_it_is_rounded(x, y, drawn):
    """However long a path is, each of its points lies within half a tenth of where it was: rounding does not add up."""
    words, points = [f"M {x} {y}"], [(x, y)]
    for letter, numbers in drawn:
        own = numbers if letter == "C" else numbers[:2]
        words.append(" ".join([letter, *map(str, own)]))
        points += zip(own[::2], own[1::2], strict=True)
    found = corners(compact(" ".join(words)))
    assert len(points) == len(found)
    for expected, point in zip(points, found, strict=True):
        assert pytest.approx(expected, abs=0.0501) == point
