"""The verdict on a terminal: one line, or the rows that matter, the worst first."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import fake_verdicts as fake
from serbench.records.verdict import Outcome
from serbench.renderers.table import TerminalVerdict

GOLDEN = Path(__file__).parent.parent / "golden" / "verdict.txt"
LONG = fake.timed("msgspec-msgpack-struct/conversation/decode?gc=off&n=1", "p99", Outcome.REGRESSED, 0.5)


def test_the_text_is_what_it_was():
    """Of a verdict with one of everything, to the letter."""
    assert GOLDEN.read_text(encoding="utf-8") == TerminalVerdict(width=140).render(fake.verdict(notes=("A note.",)))


@pytest.mark.parametrize("width", [20, 200])
def test_one_line_where_nothing_changed(width):
    """However narrow the terminal."""
    expected = "serbench gate: no regression in 6 metrics of 2 cases (1 improved, 1 inconclusive); 10 pairs, 14 s\n"
    assert expected == TerminalVerdict(width=width).render(fake.verdict(fake.CLEAN))


def test_notes_are_counted_where_they_are_not_shown():
    """One line stays one line."""
    text = TerminalVerdict(width=80).render(fake.verdict([fake.SAME], notes=("One.",)))
    assert "serbench gate: no regression in 1 metric of 1 case; 10 pairs, 14 s; 1 note in the other outputs\n" == text


def test_what_is_the_same_is_shown_when_asked_for():
    """And only then."""
    verdict = fake.verdict([*fake.CLEAN, fake.WORSE])
    shown = [TerminalVerdict(width=120, all_rows=rows).render(verdict) for rows in (False, True)]
    assert [0, 4] == [len(re.findall(r" same$", text, re.MULTILINE)) for text in shown]
    assert " same\n" in TerminalVerdict(width=120, all_rows=True).render(fake.verdict(fake.CLEAN))


def test_nothing_compared_is_said_with_its_notes():
    """That is no pass in one line."""
    nothing = fake.verdict([], notes=("There is no baseline yet.",), ratios=(), empty_allowed=True)
    said = "serbench gate: nothing was compared; 10 pairs, 14 s\n\nThere is no baseline yet.\n"
    assert said == TerminalVerdict(width=200).render(nothing)
    failing = TerminalVerdict(width=200).render(replace(nothing, empty_allowed=False))
    step = "Neither side has a number of what is gated, and that is no pass; name other metrics or cases."
    assert failing == f"{said}\n{step}\n"


def test_a_column_has_one_unit():
    """Times, sizes and cases have tables of their own; the one with the worst row stands first."""
    text = TerminalVerdict(width=140).render(fake.verdict())
    titles = ("Time of a call", "Encoded size and memory", "Cases and what comes back from them")
    assert sorted(text.index(title) for title in titles) == [text.index(title) for title in titles]
    assert re.search(r"orjson/order/encode +encoded bytes +1234 +1235 +\+0.1 +0 +regressed", text)


@pytest.mark.parametrize("width", [80, 100, 140])
def test_no_line_is_wider_than_the_terminal(width):
    """But the first; what has to go is said, the change and the verdict stay."""
    _, *lines = TerminalVerdict(width=width).render(fake.verdict([LONG, fake.MISSING])).splitlines()
    assert width >= max(map(len, lines))
    assert any("+50.0" in line and "regressed" in line for line in lines)
    assert (width < 140) == any("left out for want of width: " in line for line in lines)


def test_failures_stand_out_in_colour_only_when_asked_for():
    """Red; without colour there is no escape sequence."""
    verdict = fake.verdict()
    plain, coloured = (TerminalVerdict(width=140, colour=colour).render(verdict) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1;31morjson/chat/decode" in coloured
    assert "\x1b[1;31mjson/order/decode" not in coloured


@pytest.mark.parametrize("width", [40, 60, 90, 140])
def test_nothing_from_outside_moves_the_cursor_or_commands_the_runner(width):
    """No control characters; no line that GitHub's runner would obey, wherever a name is folded."""
    text = TerminalVerdict(width=width).render(fake.hostile())
    assert {"\n"} == {c for c in text if not c.isprintable()}
    assert [] == [line for line in text.splitlines() if line.strip().startswith("::")]
    assert "##[error]" not in TerminalVerdict(width=width).render(fake.verdict([], notes=("##[error]x",)))


def test_a_name_that_begins_like_a_command_is_none():
    """Spaces make it harmless and leave it readable."""
    text = TerminalVerdict(width=140).render(fake.verdict([fake.refused("::stop-commands::x")]))
    assert "\n: :stop-commands::x " in text
