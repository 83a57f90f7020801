"""A verdict in words: what is said of it, in which order, and when one line is enough."""

from dataclasses import replace

import pytest

import fake_verdicts as fake
from serbench.gate import row_words, words
from serbench.records.verdict import Acceptance, Outcome, SideInfo


@pytest.mark.parametrize(
    ("rows", "fields", "expected"),
    [
        (fake.CLEAN, {}, "no regression in 6 metrics of 2 cases (1 improved, 1 inconclusive); 10 pairs, 14 s"),
        ([fake.SAME], {"pairs": 1, "seconds": 4.24}, "no regression in 1 metric of 1 case; 1 pair, 4.2 s"),
        ([fake.SAME], {"pairs": 0, "seconds": 0.0}, "no regression in 1 metric of 1 case"),
        ([], {"pairs": 0}, "nothing was compared; 14 s"),
        (
            fake.EVERYTHING,
            {},
            (
                "3 of 10 metrics of 6 cases regressed (1 not comparable, 1 accepted, 1 only warned of, 1 ignored, "
                "1 improved, 1 inconclusive); 10 pairs, 14 s"
            ),
        ),
        ([fake.MISSING, fake.SAME], {}, "1 of 2 metrics of 2 cases is not comparable; 10 pairs, 14 s"),
        ([fake.MISSING, fake.refused("a/b/c")], {}, "all 2 metrics of 2 cases are not comparable; 10 pairs, 14 s"),
        ([fake.OPEN], {}, "1 metric of 1 case is inconclusive; 10 pairs, 14 s"),
        (
            [fake.OPEN, fake.SAME],
            {"strict": True},
            "1 of 2 metrics of 2 cases is inconclusive, which fails with --strict; 10 pairs, 14 s",
        ),
        ([fake.WARNED], {}, "no regression that counts in 1 metric of 1 case (1 only warned of); 10 pairs, 14 s"),
    ],
)
def test_the_one_line(rows, fields, expected):
    """What became of how many metrics of how many cases, the inconclusive among them, and what it rests on."""
    assert f"serbench gate: {expected}" == words.summary(fake.verdict(rows, **fields))


@pytest.mark.parametrize(
    ("rows", "strict", "expected"),
    [
        ([fake.SAME], False, "No regression"),
        ([fake.SAME, fake.IMPROVED], False, "No regression; 1 metric improved"),
        ([fake.SAME, fake.OPEN], False, "No regression; 1 metric inconclusive"),
        ([fake.SAME, fake.OPEN], True, "Inconclusive: 1 metric, and with --strict that fails"),
        ([fake.WORSE, fake.REGRESSED, fake.EXCUSED], False, "Regression in 2 metrics"),
        ([fake.SAME, fake.MISSING], False, "Not comparable: 1 metric"),
        ([fake.EXCUSED], False, "No regression that counts"),
        ([], False, "Nothing was compared"),
    ],
)
def test_the_heading(rows, strict, expected):
    """A few words for each outcome."""
    assert expected == words.headline(fake.verdict(rows, strict=strict))


@pytest.mark.parametrize(
    ("rows", "strict", "expected"),
    [
        (fake.CLEAN, False, True),
        ([fake.EXCUSED, fake.IGNORED, fake.SAME], False, True),
        (fake.CLEAN, True, False),
        ([fake.SAME, fake.WARNED], False, False),
        ([fake.SAME, fake.refused("a/b/c", severity="warn")], False, False),
        ([fake.SAME, fake.MISSING], False, False),
        ([fake.SAME, fake.GROWN], False, False),
        ([], False, False),
    ],
)
def test_one_line_is_enough_where_nothing_fails_and_nothing_is_warned_of(rows, strict, expected):
    """What is accepted, ignored or inconclusive is counted in it; nothing at all is no pass."""
    assert expected is words.quiet(fake.verdict(rows, strict=strict))


def test_the_worst_stand_first():
    """What fails by its change, then warned of, open, accepted, ignored, improved, the same."""
    expected = [
        fake.WORSE,
        fake.REGRESSED,
        fake.GROWN,
        fake.MISSING,
        fake.WARNED,
        fake.OPEN,
        fake.EXCUSED,
        fake.IGNORED,
        fake.IMPROVED,
        fake.SAME,
    ]
    assert expected == list(words.ordered(fake.verdict()))
    assert expected[:-1] == list(words.noteworthy(fake.verdict()))


def test_what_is_open_fails_before_warnings_where_it_is_strict():
    """The larger improvement stands before the smaller."""
    more = replace(fake.IMPROVED, change=-0.3)
    rows = [fake.WARNED, fake.IMPROVED, more, fake.OPEN]
    assert [fake.OPEN, fake.WARNED, more, fake.IMPROVED] == list(words.ordered(fake.verdict(rows, strict=True)))
    assert [True, False] == [words.failing(fake.OPEN, fake.verdict(strict=strict)) for strict in (True, False)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            fake.REGRESSED,
            (
                "p10 of orjson/order/decode regressed: 1.23 us to 1.36 us, +10.4 % (+9.4 to +11.4 %), tolerance 5 %, "
                "p 0.00050"
            ),
        ),
        (
            fake.OPEN,
            (
                "p50 of batches of json/chat/decode is inconclusive: 1.23 us to 1.26 us, +2.1 % (+1.1 to +3.1 %), "
                "tolerance 5 %, p 0.62, detectable from +3.1 %; 8 more pairs would decide"
            ),
        ),
        (
            fake.IMPROVED,
            "p10 of json/chat/decode improved: 1.23 us to 1.15 us, -7.0 % (-8.0 to -6.0 %), tolerance 5 %, p 0.00040",
        ),
        (
            fake.GROWN,
            "encoded bytes of orjson/order/encode regressed: 1,234 B to 1,235 B, +0.1 %, tolerance 0 %",
        ),
        (
            fake.MISSING,
            "correctness of msgpack/order/decode is not comparable (missing); it is in base and not in new",
        ),
        (
            replace(fake.EXCUSED, interval=None, p_slower=None, accepted=Acceptance(reason="as it should be")),
            "p50 of json/order/decode regressed: 1.23 us to 1.33 us, +8.0 %, tolerance 5 %; accepted: as it should be",
        ),
    ],
)
def test_a_row_in_a_sentence(row, expected):
    """Both sides with their units, the change with its interval, the test, the reason and what the policy says."""
    assert expected == row_words.sentence(row)


def test_an_acceptance_says_why_and_until_when():
    """The commit and the end where there is one."""
    assert "accepted: checks UTF-8 now (commit 0123abc, until 2027-01-31)" == row_words.acceptance(fake.ACCEPTED)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (fake.SAME, "same"),
        (fake.MISSING, "not comparable: missing"),
        (fake.EXCUSED, "regressed (accepted)"),
        (fake.WARNED, "regressed (only warned of)"),
        (fake.IGNORED, "regressed (ignored)"),
        (replace(fake.OPEN, severity="warn"), "inconclusive"),
    ],
)
def test_what_became_of_a_row_in_a_cell(row, expected):
    """Accepted and warned of say so; the policy has no say in what is no failure."""
    assert expected == row_words.became(row)


@pytest.mark.parametrize(
    ("change", "expected"),
    [(0.0, "0.0"), (0.0523, "+5.2"), (-0.0523, "-5.2"), (0.00003, "+0.003"), (-0.0004, "-0.04"), (9.0, "+900.0")],
)
def test_a_change_is_never_written_as_none(change, expected):
    """One byte more in a megabyte is not +0.0."""
    assert expected == row_words.percent(change)


@pytest.mark.parametrize(("share", "expected"), [(0.0, "0"), (0.05, "5"), (0.005, "0.5"), (1.0, "100"), (0.25, "25")])
def test_a_tolerance_has_no_idle_zeros(share, expected):
    """5 %, 0.5 %, 100 %."""
    assert expected == row_words.share(share)


@pytest.mark.parametrize(
    ("metric", "value", "expected"),
    [
        ("p99", 1_234_567.0, "1.23 ms"),
        ("encoded_bytes", 123_457.5, "123,457.5 B"),
        ("peak_bytes", 12_345_678, "12.3 MB"),
        ("instructions", 1_234_567.0, "1,234,567 instructions"),
        ("correctness", 1.0, "1"),
    ],
)
def test_one_sides_number_has_its_unit(metric, value, expected):
    """Sizes to the byte as long as that can be read, counts in full."""
    assert expected == row_words.amount(metric, value)


def test_nothing_leaves_its_line():
    """Control characters, new lines, reversed text and what UTF-8 cannot carry are written out; long texts are cut."""
    assert r"a b\x1b[31m\udce9\u202e\x00" == row_words.plain("a\nb\x1b[31m\udce9\u202e\x00")
    assert "x" * 500 + "..." == row_words.plain("x" * 501)
    assert "x" * 500 == row_words.plain("x" * 500)


def test_every_word_of_a_hostile_verdict_can_be_printed():
    """Sentences, details and facts of rows of every outcome, each on one line."""
    verdict = fake.hostile()
    texts = [words.summary(verdict), words.headline(verdict), words.packages(verdict.base)]
    texts += [text for fact in words.decided(verdict) for text in fact]
    texts += [text for row in verdict.rows for fact in row_words.details(row) for text in fact]
    texts += [text for row in verdict.rows for text in (row_words.sentence(row), row_words.became(row))]
    assert [] == [text for text in texts if not text.isprintable()]


def test_how_it_was_decided():
    """Stage, pairs, rounds, swaps, seed, tolerances with their range, and what inconclusive does."""
    rows = [fake.SAME, fake.WORSE, replace(fake.SAME, tolerance=0.1)]
    expected = {
        "Decision": "the first pairs were enough",
        "Pairs of processes": "10, 60 rounds in each",
        "Tests": "1,024 swaps of whole pairs, seed 7",
        "Tolerance": "p50 5 to 10 %, p99 25 %",
        "An inconclusive metric": "fails the build",
        "Measured": "2026-01-02T04:04:05+01:00, 14 s",
        "serbench": "0.1.0",
    }
    assert expected == dict(words.decided(fake.verdict(rows, stage=1, strict=True)))


def test_what_was_not_done_is_not_told():
    """Saved runs without pairs: no pairs, no tests."""
    found = dict(words.decided(fake.verdict([fake.GROWN], stage=0, pairs=0, rounds=0, swaps=0, seconds=0, started="")))
    assert {"Decision", "Tolerance", "An inconclusive metric", "serbench"} == set(found)


@pytest.mark.parametrize(
    ("rows", "strict", "begins"),
    [
        ([fake.WORSE], False, "If a change is meant"),
        ([fake.MISSING], False, "What cannot be compared"),
        ([fake.OPEN], True, "More time"),
        ([fake.OPEN], False, ""),
        ([fake.SAME], True, ""),
    ],
)
def test_a_failed_build_has_a_next_step(rows, strict, begins):
    """One for each way to fail, and none where nothing failed."""
    found = words.next_step(fake.verdict(rows, strict=strict))
    assert found.startswith(begins)
    assert bool(begins) is bool(found)


def test_libraries_are_named_with_their_versions():
    """In alphabetical order."""
    assert "msgpack 1.1.0, orjson 3.13.0" == words.packages(fake.NEW)
    assert "" == words.packages(SideInfo(asked="."))


def test_metrics_are_explained_once_each():
    """Those that occur, and what a case is."""
    lines = words.explained([fake.SAME, fake.SAME, fake.GROWN])
    assert ["case", "p50", "encoded bytes"] == [line.partition(":")[0] for line in lines]


def test_every_outcome_is_told():
    """The made-up verdict has one of each, so that no output is tried without one."""
    assert set(Outcome) == {row.outcome for row in fake.EVERYTHING}


def test_what_is_open_and_only_warned_of_fails_nothing():
    """Not even where it is strict; what is open and not warned of does."""
    warned = replace(fake.OPEN, severity="warn")
    made = fake.verdict([fake.SAME, warned], strict=True)
    assert (Outcome.SAME, 0) == (made.outcome, made.exit_code)
    assert not words.failing(warned, made)
    assert 3 == replace(made, rows=(fake.SAME, fake.OPEN)).exit_code
