"""Slowness put in on purpose."""

from __future__ import annotations

import pytest

from serbench.worker import burden


class Turns:
    """Counts the turns that are asked for, in place of making them."""

    def __init__(self, monkeypatch):
        self.asked = []
        monkeypatch.setattr(burden, "repeat", lambda _, turns: self.asked.append(turns) or [])


def test_each_call_has_its_own_turns_and_then_it_begins_again(monkeypatch):
    """One number after the other, whatever the argument."""
    turns = Turns(monkeypatch)
    call = burden.burdened(str, [0, 7, 2])
    assert ["0", "1", "2", "3"] == [call(n) for n in range(4)]
    assert [0, 7, 2, 0] == turns.asked


def test_what_the_call_raises_comes_out():
    """And no turns are made for it."""
    with pytest.raises(ValueError, match="invalid literal"):
        burden.burdened(int, [1])("x")
