"""Annotations on GitHub: at most nine rows and a summary, and nothing that ends a command or begins another."""

import re
from dataclasses import replace

import pytest

import fake_verdicts as fake
from serbench.records.verdict import Outcome
from serbench.renderers.github import Github

COMMAND = re.compile(r"::(error|warning|notice) title=([^:,\r\n]*)::([^\r\n]*)")


def commands(verdict):
    """Level, title and message of each annotation, read as the runner reads them."""
    lines = Github().render(verdict).splitlines()
    return [tuple(map(decoded, COMMAND.fullmatch(line).groups())) for line in lines]


def decoded(text):
    """What the runner makes of a message or a property."""
    for code, char in (("%3A", ":"), ("%2C", ","), ("%0D", "\r"), ("%0A", "\n"), ("%25", "%")):
        text = text.replace(code, char)
    return text


def test_the_worst_stand_first_and_the_summary_last():
    """Failures are errors, what is warned of is a warning, what is open or accepted a notice; better needs no word."""
    found = commands(fake.verdict())
    assert ["error"] * 4 + ["warning", "notice", "notice", "error"] == [level for level, _, _ in found]
    titles = [title for _, title, _ in found]
    assert ["serbench gate: p99 of orjson/chat/decode", "serbench gate"] == [titles[0], titles[-1]]
    assert found[0][2].startswith("p99 of orjson/chat/decode regressed: 12.3 us to 17.4 us, +41.0 % (")
    assert found[-1][2].startswith("3 of 10 metrics of 6 cases regressed")


@pytest.mark.parametrize(("n", "expected", "left"), [(9, 10, ""), (10, 10, "; 1 more"), (500, 10, "; 491 more")])
def test_nine_rows_and_the_summary(n, expected, left):
    """GitHub shows ten; what is not shown is counted."""
    rows = [fake.timed(f"case-{i}", "p50", Outcome.REGRESSED, 0.1 + i / 1000) for i in range(n)]
    found = commands(fake.verdict(rows))
    assert expected == len(found)
    assert f"serbench gate: p50 of case-{n - 1}" == found[0][1]
    assert left == (re.search(r"; \d+ more", found[-1][2]) or [""])[0]


def test_one_notice_where_nothing_changed():
    """Improvements and what is inconclusive are counted in it."""
    expected = "no regression in 6 metrics of 2 cases (1 improved, 1 inconclusive); 10 pairs, 14 s"
    assert [("notice", "serbench gate", expected)] == commands(fake.verdict(fake.CLEAN))


def test_what_is_inconclusive_is_an_error_where_it_is_strict():
    """As the exit code has it."""
    assert ["error", "error"] == [level for level, _, _ in commands(fake.verdict(fake.CLEAN, strict=True))]


def test_warnings_alone_are_warnings():
    """The summary as well, and one without anything compared."""
    assert ["warning", "warning"] == [level for level, _, _ in commands(fake.verdict([fake.SAME, fake.WARNED]))]
    assert ["warning"] == [level for level, _, _ in commands(fake.verdict([], empty_allowed=True))]
    assert ["error"] == [level for level, _, _ in commands(fake.verdict([]))]


def test_notes_follow_the_summary():
    """A line each, inside its message."""
    *_, (_, _, message) = commands(fake.verdict(fake.CLEAN, notes=("First.", "Second, 5 %.")))
    assert ["First.", "Second, 5 %."] == message.splitlines()[1:]


def test_names_from_outside_are_no_commands():
    """One line each, whatever they hold; the percent sign comes back as it was."""
    found = commands(fake.hostile())
    assert 8 == len(found)
    assert r"a|b/ ::error::c  \x1b[31m]]>&<i>" in found[0][1]
    assert "'%0A,{x}" in found[0][1]
    assert Github().render(replace(fake.hostile(), rows=fake.hostile().rows[:1])).isascii()
