"""Broken input: how it is made, and that it follows from its number."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.fidelity.broken import LONGEST, MAKERS, broken, messages

WHOLES = (b"the first message", b"and one more")


@given(st.integers(), st.integers(0, 10_000))
def test_an_input_follows_from_seed_and_number(seed, index):
    """It is of one of four sorts, and bounded."""
    first, second = broken(seed, index, WHOLES), broken(seed, index, WHOLES)
    assert first == second
    assert list(MAKERS)[index % 4] == first[0]
    assert len(first[1]) <= LONGEST


def test_other_numbers_make_other_inputs():
    """And so do other seeds."""
    made = {broken(seed, index, WHOLES)[1] for seed in (1, 2) for index in range(1, 200, 4)}
    assert len(made) > 95


def test_truncated_is_a_beginning():
    """And never all of it."""
    for n in range(50):
        made = MAKERS["truncated"](Random(n), WHOLES[0])
        assert WHOLES[0].startswith(made)
        assert len(made) < len(WHOLES[0])


def test_flipped_differs_in_some_bits():
    """At most eight, and in nothing else."""
    for n in range(50):
        made = MAKERS["flipped"](Random(n), bytes(40))
        assert 40 == len(made)
        assert sum(byte.bit_count() for byte in made) <= 8


def test_repeated_is_a_piece_over_and_over():
    """Long enough for any recursion, now and then."""
    made = [MAKERS["repeated"](Random(n), WHOLES[0]) for n in range(200)]
    assert max(map(len, made)) == LONGEST
    assert any(set(one) == {one[0]} for one in made)


@pytest.mark.parametrize("payload", [*messages()], ids=lambda payload: str(len(payload.schema.root.fields)))
def test_messages_are_whole_payloads(payload):
    """With a name and kinds like any other, the richest first."""
    assert "attacked" == payload.name
    assert payload.instances
    assert payload.digest
