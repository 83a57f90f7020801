"""Rotation: arguments in turn, whatever is taken and given back in between."""

from itertools import cycle, islice

from hypothesis import given
from hypothesis import strategies as st

from serbench.worker.rotation import Rotation

TURNS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8)


@given(st.integers(1, 9), st.integers(0, 20), TURNS)
def test_arguments_come_in_turn_from_block_to_block(n, start, turns):
    """What is used, one taking after the other without what was given back, is the cycle of all arguments."""
    rotation = Rotation(range(n), start)
    used = []
    for taken, unused in turns:
        arguments = rotation.take(taken)
        assert taken == len(arguments)
        rotation.give_back(min(unused, taken))
        used += arguments[: max(0, taken - unused)]
    assert list(islice(cycle(range(n)), start % n, start % n + len(used))) == used
    assert (start + len(used)) % n == rotation.next


def test_arguments_are_handed_out_themselves():
    """No copy is made: what a codec caches in an object stays there."""
    argument = object()
    assert all(taken is argument for taken in Rotation([argument]).take(3))


def test_a_rotation_keeps_its_own_list():
    """What happens later to the list of arguments changes nothing."""
    arguments = [1, 2]
    rotation = Rotation(arguments)
    arguments.clear()
    assert [1, 2, 1] == rotation.take(3)
