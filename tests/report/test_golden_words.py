"""The words of the matrix, the calculator, cases, conditions and tails, to the letter."""

from __future__ import annotations

import pytest

import golden_words

NAMES = ("matrix.txt", "price.txt", "cases.txt", "conditions.txt", "tails.txt")


@pytest.fixture(scope="module")
def parts() -> dict[str, str]:
    """The words as they are now."""
    return golden_words.parts()


@pytest.mark.parametrize("name", NAMES)
def test_the_words_of_a_part_are_what_they_were(parts, name):
    """So that a change of a sentence is seen in review; `python tests/golden_words.py` writes them anew."""
    assert (golden_words.GOLDEN / name).read_text(encoding="utf-8") == parts[name]


def test_every_part_is_held_against_its_file(parts):
    """None is written anew and then looked at by nobody."""
    assert list(NAMES) == list(parts)
