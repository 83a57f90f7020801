"""What a worker says of a failure: one line that can be printed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.worker import words


class Wordless(Exception):
    """An error without a text."""


class Tongueless(Exception):
    """An error whose text cannot be had."""

    def __str__(self):
        raise RuntimeError("no text either")


def test_an_error_without_a_text_is_its_class():
    """Whatever becomes of asking for it."""
    assert ["Wordless", "Tongueless"] == [words.raised(error()) for error in (Wordless, Tongueless)]


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("plain, é, 値 and 😀", "plain, é, 値 and 😀"),
        ("two\nlines\r", r"two\nlines\r"),
        ("\x1b[31mred\x00", r"\x1b[31mred\x00"),
        ("half \ud800", r"half \ud800"),
        ("no-break\xa0space\u2028", r"no-break\xa0space\u2028"),
        ("", ""),
    ],
)
def test_what_is_no_printable_character_is_escaped(text, printed):
    """Ends of lines, control characters and lone surrogates are seen and not sent to a terminal."""
    assert printed == words.printable(text)


@pytest.mark.parametrize("length", [0, 1, words.RAISED, words.REASON])
def test_what_is_short_enough_stays_whole(length):
    """Not a character of it is lost."""
    text = "x" * length
    assert text == words.brief(text)


@pytest.mark.parametrize("text", ["a" * 2_000_000, "\x1b" * 2_000_000, "\U000e0001" * 501])
def test_of_what_is_too_long_both_ends_stay(text):
    """The middle is left out, and told to be; escapes count as they are printed."""
    said = words.brief(f"begin {text} end")
    assert (words.REASON, 1) == (len(said), said.count("…"))
    assert said.startswith("begin ")
    assert said.endswith(" end")


def test_what_is_raised_is_short():
    """However much a codec has to say."""
    said = words.raised(ValueError("A" * 2_000_000))
    assert words.RAISED == len(said)
    assert said.startswith("ValueError: AAAA")
    assert "ValueError: " + "A" * 200 == words.raised(ValueError("A" * 200))


@given(st.text(st.characters(codec=None)))
def test_whatever_is_said_is_one_line_that_can_be_encoded(text):
    """Any text becomes printable, and an error with it one line."""
    for said in (words.printable(text), words.raised(ValueError(text))):
        assert said.isprintable()
        assert said == said.encode().decode()


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("wrong"), "ValueError: wrong"),
        (ValueError("wrong  \nand why"), "ValueError: wrong"),
        (ValueError("\n\n  wrong\nand why"), "ValueError: wrong"),
        (KeyError("price"), "KeyError: 'price'"),
        (ValueError("\x1b[31mwrong"), r"ValueError: \x1b[31mwrong"),
        (ValueError(" \n "), "ValueError"),
        (Wordless(), "Wordless"),
        (SystemExit(3), "SystemExit: 3"),
        (ValueError("<ast.Name object at 0x7fA0> and <b at 0x1>"), "ValueError: <ast.Name object> and <b>"),
        (ValueError("byte 7 at 0x10"), "ValueError: byte 7 at 0x10"),
    ],
)
def test_an_error_is_its_class_and_the_first_line_of_its_text(error, said):
    """The class stands first; what follows the first line is left out, and so is a colon with nothing behind it."""
    assert said == words.raised(error)
