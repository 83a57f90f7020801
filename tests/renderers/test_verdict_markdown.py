"""The verdict as Markdown: for people who have never seen serbench, and never more than GitHub shows."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

import fake_verdicts as fake
from serbench.records.verdict import Outcome, Ratio
from serbench.renderers.markdown import MOST_BYTES, MarkdownVerdict

GOLDEN = Path(__file__).parent.parent / "golden" / "verdict.md"


def render(verdict):
    """Its Markdown."""
    return MarkdownVerdict().render(verdict)


def test_the_text_is_what_it_was():
    """Of a verdict with one of everything, to the letter."""
    assert GOLDEN.read_text(encoding="utf-8") == render(fake.verdict(notes=("A note.",)))


@pytest.mark.parametrize("verdict", [fake.verdict(), fake.verdict(fake.CLEAN), fake.hostile()])
def test_every_line_of_a_table_has_as_many_cells(verdict):
    """A bar in a name makes no cell, and a new line in it no line."""
    tables = [block.splitlines() for block in render(verdict).split("\n\n") if block.startswith("| ")]
    counts = [{len(re.findall(r"(?<!\\)(?:\\\\)*\|", line)) for line in table} for table in tables]
    assert len(tables) >= 4
    assert {1} == set(map(len, counts))


def test_nothing_from_outside_is_markup():
    """No HTML, no link, no emphasis, no command, nobody called; what cannot be printed is written out."""
    text = render(fake.hostile())
    assert {"\n"} == {c for c in text if not c.isprintable()}
    outside, _, code = text.partition("```\n")
    assert set(re.findall(r"<[^>]*>", outside)) == {"<details>", "<summary>", "</summary>", "</details>", "<!-- -->"}
    assert [] == re.findall(r"(?<!\\)\[|@(?!<)|(?<!\\)`", outside)
    assert [] == [line for line in text.splitlines() if line.startswith("::")]
    assert code.count("\n```\n") == 1


def test_what_matters_is_open_and_the_rest_is_folded():
    """Rows that are the same on both sides, how it was decided, how to read it, and the command."""
    text = render(fake.verdict())
    shown = re.sub(r"<details>.*?</details>", "", text, flags=re.DOTALL)
    assert "| orjson/order/decode | p10 | 1.23 | 1.36 | +10.4 | +9.4 to +11.4 | 5 |" in shown
    assert "| same |" not in shown
    assert "| same |" in text
    assert "serbench gate --base orjson==3.10.18 --new orjson==3.13.0 'a ``` b'\n````\n" in text
    assert "- Tests: 1,024 swaps of whole pairs, seed 7\n" in text


def test_a_pass_says_so_first():
    """And that nothing has changed, where nothing has."""
    text = render(fake.verdict([fake.SAME]))
    assert text.startswith(
        "## serbench gate: No regression\n\nNo regression in 1 metric of 1 case; 10 pairs, 14 s. Both"
    )
    assert "\n\nEvery metric is the same on both sides.\n\n<details>" in text


def test_nothing_compared_has_no_tables_of_rows():
    """But its notes."""
    text = render(fake.verdict([], notes=("There is no baseline yet.",)))
    assert "## serbench gate: Nothing was compared" in text
    assert "- There is no baseline yet." in text
    assert "The same on both sides" not in text


def test_there_is_always_room():
    """Ten thousand rows with long names, reasons and notes: as many as fit, and how many are left out."""
    rows = [
        fake.timed(f"{n}/" + "|é" * 400, "p50", Outcome.REGRESSED, 0.1 + n / 1e5, reason=f"{n} " + "<" * 5_000)
        for n in range(10_000)
    ]
    verdict = fake.verdict(
        rows,
        notes=tuple(f"{n} " + "&" * 5_000 for n in range(3_000)),
        ratios=tuple(Ratio(case_id="|" * 9_000, over="x", base=1, new=1) for _ in range(3_000)),
        command=("x" * 1_000_000,),
    )
    text = render(verdict)
    assert MOST_BYTES >= len(text.encode()) > 10_000
    assert 10_000 == len(re.findall(r"^\| \d+/", text, re.MULTILINE)) + int(
        re.search(r"want of room ([\d,]+) rows", text)[1].replace(",", "")
    )


def test_room_is_counted_in_bytes():
    """As GitHub does: letters that take four."""
    rows = [fake.timed(f"{n}/" + "\U0001f40d" * 150, "p50", Outcome.REGRESSED) for n in range(2_000)]
    assert MOST_BYTES >= len(render(fake.verdict(rows)).encode())


def test_a_reason_that_rows_share_is_told_once():
    """With the first of them and how many more there are."""
    rows = [fake.refused(f"case-{n}") for n in range(7)]
    expected = ", ".join(f"case-{n} correctness" for n in range(5))
    assert f"- {expected} and 2 more: it is in base and not in new\n" in render(fake.verdict(rows))


def test_a_row_that_was_left_out_is_none_of_the_worst():
    """The largest change is there."""
    rows = [fake.timed(f"case-{n}", "p50", Outcome.REGRESSED, 0.1 + n / 1e4) for n in range(3_000)]
    text = render(fake.verdict(rows))
    assert "| case-2999 |" in text
    assert "| case-0 |" not in text


def test_sides_are_named_as_they_were_asked_for():
    """With the interpreter, the libraries and the sampler of each."""
    verdict = replace(fake.verdict(), new=replace(fake.NEW, asked="orjson @ git+https://x/y@main", sampler="python"))
    text = render(verdict)
    assert "| base | orjson==3.10.18 | 3.11.9 | msgpack 1.1.0, orjson 3.10.18 | native |" in text
    assert "| new | orjson @ git+https://x/y@<!-- -->main | 3.11.9 | msgpack 1.1.0, orjson 3.13.0 | python |" in text
