"""The file in which a worker leaves what it has encoded."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.worker import exchange

MESSAGES = [b"first", b"", b"\n\x00\xff", b"x" * 70_000]


@pytest.mark.parametrize(("at_most", "count"), [(None, 4), (0, 0), (1, 1), (3, 3), (4, 4), (9, 4)])
def test_the_first_messages_come_back(tmp_path, at_most, count):
    """In order, as many as are asked for and there are; all of them without a limit."""
    exchange.write(tmp_path / "encoded", MESSAGES)
    assert MESSAGES[:count] == exchange.read(tmp_path / "encoded", at_most)


@given(st.lists(st.binary(max_size=20)))
def test_whatever_was_written_is_read(tmp_path_factory, messages):
    """Empty messages, none at all, bytes that look like a length."""
    path = tmp_path_factory.mktemp("exchange") / "encoded"
    exchange.write(path, iter(messages))
    assert messages == exchange.read(path)


def test_lengths_and_messages_stand_in_turn(tmp_path):
    """As the protocol says: eight little-endian bytes, then the message."""
    exchange.write(tmp_path / "encoded", [b"abc", b""])
    assert b"\x03" + bytes(7) + b"abc" + bytes(8) == (tmp_path / "encoded").read_bytes()


def test_a_writer_that_fails_leaves_what_was_there(tmp_path):
    """A file is there whole or not at all, and the new one takes the old one's place."""
    path = tmp_path / "encoded"
    exchange.write(path, [b"old"])

    def messages():
        yield b"new"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        exchange.write(path, messages())
    assert [b"old"] == exchange.read(path)
    exchange.write(path, [b"newer"])
    assert [b"newer"] == exchange.read(path)


def test_two_writers_of_one_file_do_not_meet(tmp_path):
    """Workers of one codec under several conditions write the same file: each beside it, in a file of its own."""

    def messages():
        (part,) = (entry.name for entry in tmp_path.iterdir())
        assert str(os.getpid()) in part
        yield b"x"

    exchange.write(tmp_path / "all", messages())
    assert [b"x"] == exchange.read(tmp_path / "all")
