"""New against a file: what is measured for it, which cases are held against each other, and what is told."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import fakes
from serbench.choice import Request
from serbench.errors import NoBaseline, UnknownName, UsageError
from serbench.gate.baseline import baseline_of
from serbench.gate.stored import WORTH
from serbench.records.verdict import TIMES, Outcome
from serbench.store import baselines, files
from serbench.verdicts.question import Question, asked
from serbench.verdicts.stored import of_baseline

ENCODE, DECODE, CHAT = (
    fakes.case("json", operation="encode"),
    fakes.case("json"),
    fakes.case("orjson", "chat"),
)
NOT_GATED = "Time was not gated: a stored baseline cannot decide it (--time gates it all the same)."


def run(*cases, instructions=None, encoded=1_000, **changes):
    """A run of these cases; those of codecs from a distribution say so."""
    codecs = [fakes.codec("json"), fakes.codec("orjson", distribution="orjson")]
    made = [
        replace(fakes.measured(case, fakes.even_workers(4_000, calls=200), encoded), instructions=instructions)
        for case in cases or (ENCODE, DECODE, CHAT)
    ]
    return fakes.run(made, codecs=codecs, **changes)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A folder with a baseline of three cases."""
    monkeypatch.chdir(tmp_path)
    baselines.save(baseline_of(run()), tmp_path / "main.json")
    return tmp_path


def gate(measured=None, request=None, baseline="main.json", **said):
    """The verdict, and what was to be measured for it."""
    asked_for = []

    def measure(wanted):
        asked_for.append(wanted)
        return measured or run()

    question = asked(Question(request=Request(**(request or {})), baseline=baseline, **said))
    found = of_baseline(question, measure)
    return found, *asked_for


def rows(found):
    """Outcomes by case and metric."""
    return {(row.case_id, row.metric): row.outcome for row in found.rows}


def test_the_same_again_is_the_same():
    """Strict rows of all cases; time is not gated, and that is told."""
    found, _ = gate()
    expected = {(c.id, m): Outcome.SAME for c in (ENCODE, DECODE, CHAT) for m in ("correctness", "encoded_bytes")}
    assert expected == rows(found)
    assert ("baseline", 0, (NOT_GATED,)) == (found.mode, found.exit_code, found.notes)


def test_larger_messages_fail():
    """By a byte."""
    found, _ = gate(run(encoded=1_001))
    assert {Outcome.REGRESSED} == {outcome for (_, metric), outcome in rows(found).items() if metric == "encoded_bytes"}
    assert 1 == found.exit_code
    assert Outcome.REGRESSED == found.rows[0].outcome


def test_the_baselines_own_cases_are_measured_where_nobody_says_which():
    """Each name once, in the order of its ids; without a clock."""
    _, wanted = gate()
    assert (("order", "chat"), ("json", "orjson")) == (wanted.payloads, wanted.codecs)
    assert (("decode", "encode"), ("memory",)) == (wanted.operations, wanted.passes)
    _, wanted = gate(request={"operations": ("decode",)})
    assert (("order", "chat"), ("decode",)) == (wanted.payloads, wanted.operations)


@pytest.mark.parametrize("said", [{"payloads": ("order",)}, {"codecs": ("json",)}, {"payloads": ("./order.ndjson",)}])
def test_what_was_said_is_measured_and_of_the_rest_what_the_baseline_has(said):
    """A payload that is a file has to be named: what the baseline has of it would pass by being left out."""
    _, wanted = gate(run(ENCODE, DECODE), request=said)
    has = {"payloads": ("order", "chat"), "codecs": ("json", "orjson"), "operations": ("decode", "encode")}
    assert has | said == {name: getattr(wanted, name) for name in has}


@pytest.mark.parametrize(
    ("kind", "what_to_do"),
    [("payload", "name its file as well, as for serbench run"), ("codec", "name its file as well, with -c")],
)
def test_what_the_baseline_has_from_a_file_is_to_be_named(kind, what_to_do):
    """It knows names only; a name that somebody has said is told as ever."""
    expected = f"main.json: its {kind} 'mine' is none that comes along; {what_to_do}"

    def measure(_):
        raise UnknownName(kind, "mine", ["order"])

    with pytest.raises(UsageError, match=f"^{re.escape(expected)}$"):
        of_baseline(asked(Question(request=Request(), baseline="main.json")), measure)
    said = Request(payloads=("mine",), codecs=("mine",))
    with pytest.raises(UnknownName, match=f"unknown {kind} 'mine'"):
        of_baseline(asked(Question(request=said, baseline="main.json")), measure)


def test_cases_that_were_not_asked_for_are_not_missing():
    """Where the command line takes only some; where it takes all, one that is gone fails."""
    found, _ = gate(run(DECODE), request={"codecs": ("json",), "operations": ("decode",)})
    assert {DECODE.id} == {row.case_id for row in found.rows}
    assert 0 == found.exit_code
    whole, _ = gate(run(DECODE, CHAT))
    (row,) = [row for row in whole.rows if row.case_id == ENCODE.id]
    assert (Outcome.NOT_COMPARABLE, "missing", 4) == (row.outcome, row.cause, whole.exit_code)


def test_a_new_case_is_told():
    """It is no failure."""
    new = fakes.case("orjson")
    found, _ = gate(run(ENCODE, DECODE, CHAT, new))
    (row,) = [row for row in found.rows if row.case_id == new.id]
    assert ("new", "warn", 0) == (row.cause, row.severity, found.exit_code)


def test_time_is_gated_only_where_it_was_asked_for():
    """It is measured then, its rows are there, and what they are worth is told."""
    found, wanted = gate(time=True)
    assert ("time", "memory") == wanted.passes
    assert set(TIMES) <= {row.metric for row in found.rows}
    assert (WORTH,) == found.notes
    quick, _ = gate(metrics=("encoded_bytes",))
    assert () == quick.notes
    assert {"encoded_bytes"} == {row.metric for row in quick.rows}


def test_another_machine_is_told():
    """In what it differs; no time fails there."""
    other = replace(fakes.ENVIRONMENT, machine=fakes.ENVIRONMENT.machine | {"cpu_model": "Other"})
    slow = replace(run(), environment=other)
    found, _ = gate(slow, time=True)
    assert 2 == len(found.notes)
    assert "The baseline is from another machine: cpu model was Fake CPU <1> and is Other." == found.notes[1]
    assert {"other machine"} == {row.cause for row in found.rows if row.metric in TIMES}
    assert 0 == found.exit_code


@pytest.mark.parametrize(
    ("before", "after", "counted", "gated"),
    [(500.0, 500.0, True, True), (500.0, None, True, False), (None, 500.0, False, False), (None, None, False, False)],
)
def test_instructions_are_gated_where_both_have_them(home, before, after, counted, gated):
    """They are counted where the baseline has some; without the tool nothing is missing."""
    baselines.save(baseline_of(run(instructions=before)), home / "counted.json")
    found, wanted = gate(run(instructions=after), baseline="counted.json")
    assert counted == ("instructions" in wanted.passes)
    assert gated == ("instructions" in {row.metric for row in found.rows})
    assert 0 == found.exit_code
    _, unwanted = gate(baseline="counted.json", metrics=("correctness",))
    assert ("memory",) == unwanted.passes


def test_counts_of_another_day_may_differ_by_a_little(home):
    """By 3 %, not by more; a tolerance that is wider holds."""
    baselines.save(baseline_of(run(instructions=10_000.0)), home / "counted.json")
    for now, expected in ((10_299.0, 0), (10_301.0, 1)):
        assert expected == gate(run(instructions=now), baseline="counted.json")[0].exit_code
    wide = gate(run(instructions=10_900.0), baseline="counted.json", tolerances=("instructions=10%",))
    assert 0 == wide[0].exit_code


def test_a_saved_run_is_a_baseline(home):
    """Its folder or its file."""
    (home / "before").mkdir()
    files.save(run(encoded=900), home / "before")
    for place in ("before", "before/run.json"):
        found, _ = gate(baseline=place)
        assert (1, place) == (found.exit_code, found.base.asked)


def test_without_a_baseline_nothing_passes_unless_that_is_allowed():
    """Allowed, it has no rows and says why; nothing is measured."""
    with pytest.raises(NoBaseline):
        gate(baseline="none.json")
    (found,) = gate(baseline="none.json", allow_missing_baseline=True, strict=True)
    assert ((), 0, True) == (found.rows, found.exit_code, found.strict)
    assert ("none.json", "now", "baseline") == (found.base.asked, found.new.asked, found.mode)
    (note,) = found.notes
    assert note.startswith("There is no baseline at none.json: nothing was compared")


def test_a_baseline_that_has_none_of_the_cases_passes_nothing():
    """As one that is not there; where that is allowed its case is new."""
    other = run(fakes.case("json", "ping"))
    asked_for = {"payloads": ("ping",), "codecs": ("json",)}
    with pytest.raises(NoBaseline, match=r"main\.json: none of these cases is in it, which has json/order/decode, "):
        gate(other, asked_for)
    found, _ = gate(other, asked_for, allow_missing_baseline=True)
    assert {"new"} == {row.cause for row in found.rows}


def test_a_baseline_that_is_there_needs_no_permission():
    """It is held against all the same."""
    found, _ = gate(run(encoded=2_000), allow_missing_baseline=True)
    assert 1 == found.exit_code


def test_sides_are_told():
    """The file with its Python and versions, and the run."""
    found, _ = gate()
    assert ("main.json", "3.11.9", {"orjson": "1.2.3"}, "python") == (
        found.base.asked,
        found.base.python,
        found.base.packages,
        found.base.sampler,
    )
    assert (run().id, "3.11.9") == (found.new.asked, found.new.python)
    assert (7, "2026-01-02T03:04:05Z") == (found.seed, found.started)
    assert ("serbench", "gate", "--baseline", "main.json") == found.command[:4]


def test_the_policy_judges(home):
    """It warns, accepts, is strict, and is checked against the cases of both sides."""
    (home / "serbench.toml").write_text(
        '[gate]\nstrict = true\n[[gate.warn]]\ncodec = "json"\n[[gate.warn]]\ncodec = "orjson"\n'
    )
    found, _ = gate(run(encoded=1_001))
    assert ({"warn"}, True, 0) == (
        {row.severity for row in found.rows if row.outcome is Outcome.REGRESSED},
        found.strict,
        found.exit_code,
    )
    (home / "serbench.toml").write_text('[[gate.warn]]\ncodec = "tinny"\n')
    with pytest.raises(UsageError, match="'tinny' matches no case"):
        gate()
    (home / "serbench.toml").write_text('[[gate.warn]]\npayload = "feed"\n')
    assert gate(run(ENCODE, DECODE, CHAT, fakes.case("json", "feed")))[0].rows
    with pytest.raises(UsageError, match="'feed' matches no case"):
        gate()
    (home / "serbench.toml").write_text('[[gate.warn]]\ncodec = "orjson"\n')
    assert gate(run(ENCODE, DECODE))[0].rows


def test_ratios_are_shown(home):
    """Of codecs that do the same with the same payload."""
    both = (DECODE, fakes.case("orjson"))
    found, _ = gate(run(*both))
    assert () == found.ratios
    other = fakes.measured(both[1], fakes.even_workers(2_000, calls=200))
    made = run(*both)
    made = replace(made, measurements=(made.measurements[0], other))
    baselines.save(baseline_of(made), home / "two.json")
    found, _ = gate(run(*both), baseline="two.json")
    (ratio,) = found.ratios
    assert (both[1].id, both[0].id) == (ratio.case_id, ratio.over)
    assert (0.5, 1.0) == pytest.approx((ratio.base, ratio.new), abs=0.01)
