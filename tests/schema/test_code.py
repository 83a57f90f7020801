"""Generated Python: comprehensions in each other, as deep as a schema may be."""

from __future__ import annotations

import pytest

from serbench.schema.code import DEEPEST, block, compiled, comprehension
from serbench.schema.places import DEEPEST as LEVELS


def copied(levels):
    """The function that copies lists in so many levels; in each, what is below is one comprehension deeper."""
    made = f"v{levels}"
    for depth in reversed(range(levels)):
        made = comprehension(f"[{made} for v{depth + 1} in", f"v{depth}", "]", depth)
    return f"def copied(v0):\n    return {made}\n"


@pytest.mark.parametrize("levels", [1, DEEPEST, DEEPEST + 1, 2 * DEEPEST + 1, 40, LEVELS])
def test_comprehensions_nest_as_deep_as_a_schema(levels):
    """From 3.12 on, more than 20 in one function end the interpreter."""
    value = 1
    for _ in range(levels):
        value = [value, value] if levels < DEEPEST else [value]
    assert value == compiled(copied(levels), "copied", {})(value)


def test_a_comprehension_is_usually_one():
    """A function of its own has its price; only what is very deep pays it."""
    code = copied(2 * DEEPEST + 1)
    assert 2 == code.count("lambda")
    assert "lambda" not in copied(DEEPEST)


def test_a_block_of_nothing_passes():
    """Else it would be no block."""
    assert ["    pass"] == block([])
    assert ["    a", "        b"] == block(["a", "    b"])
