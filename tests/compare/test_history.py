from dataclasses import replace

import pytest

import compared_runs as c
import fakes
from serbench.compare.build import compare
from serbench.compare.history import MOST_RUNS, check_count, distinct, history
from serbench.compare.history_words import ONE_AFTER_THE_OTHER, reasons, title
from serbench.compare.parts import Verdict
from serbench.errors import UsageError
from serbench.records.cases import Status
from serbench.records.run import Measurement


def run(**times):
    """A run of these codecs, ns."""
    return fakes.run([c.exact(fakes.case(name), ns) for name, ns in times.items()])


SLOWER_AND_BACK = [run(json=8_000, orjson=2_000), run(json=8_000, orjson=3_000), run(json=8_000, orjson=2_000)]


@pytest.mark.parametrize(
    ("against", "expected"),
    [
        ("first", [Verdict.SLOWER, Verdict.WITHIN_NOISE]),
        ("previous", [Verdict.SLOWER, Verdict.FASTER]),
    ],
)
def test_each_run_is_held_against_the_first_or_the_one_before(against, expected):
    """A case that got slower and fast again is as it was, or has changed twice."""
    found = {case.case.codec: case for case in history(SLOWER_AND_BACK, against=against).cases}
    assert expected == [change.verdict for change in found["orjson"].changes]
    assert [Verdict.WITHIN_NOISE] * 2 == [change.verdict for change in found["json"].changes]
    assert [2_000.0, 3_000.0, 2_000.0] == [point.typical_ns.value for point in found["orjson"].points]


def test_of_two_runs_it_is_their_comparison():
    """The same changes of the same cases in the same order, whatever they are held against."""
    both = c.full_runs()
    for against in ("first", "previous"):
        found = history(both, ("base", "new"), against=against)
        assert compare(*both).changes == found.changes(1)


def test_a_case_that_a_run_has_not_is_no_number_there():
    """Gone, new, or in neither of two; and the runs that have it are held against each other all the same."""
    runs = [run(json=1_000), run(json=1_000), run(orjson=2_000), run(orjson=3_000)]
    json, orjson = history(runs, against="previous").cases
    assert [Verdict.WITHIN_NOISE, Verdict.ONLY_IN_BASE, Verdict.IN_NEITHER] == [x.verdict for x in json.changes]
    assert [Verdict.IN_NEITHER, Verdict.ONLY_IN_NEW, Verdict.SLOWER] == [x.verdict for x in orjson.changes]
    assert ["not in it", "not in it"] == [point.typical_ns.short for point in orjson.points[:2]]
    assert "not in it" == orjson.points[0].p99_ns.short == orjson.points[0].encoded_bytes.short


def test_a_case_that_stands_for_another_everywhere_is_there_once():
    """Dump = encode in all runs that have it is left out; with numbers of its own in one, it stays."""
    own = replace(c.exact(fakes.case("json", operation="dump"), 2_000))
    same = Measurement(case=own.case, status=Status.MEASURED, same_as=c.JSON.id)
    like, unlike = (fakes.run([c.exact(c.JSON, 2_000), one]) for one in (same, own))
    assert [c.JSON.id] == [case.case.id for case in history([like, like, run(json=1)]).cases]
    assert [c.JSON.id, own.case.id] == [case.case.id for case in history([like, unlike, like]).cases]
    assert [c.JSON.id, own.case.id] == [case.case.id for case in history([run(json=1), like]).cases]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["v1", "v2"], ("v1", "v2")),
        (["v1", "v1"], ("run 1", "run 2")),
        (["v1", ""], ("run 1", "run 2")),
        (["v1", "v" * 17], ("run 1", "run 2")),
        (["v1", "v" * 16], ("v1", "v" * 16)),
        (["v1", "a\nb"], ("run 1", "run 2")),
        (["v1", " v2"], ("run 1", "run 2")),
        ([], ("run 1", "run 2")),
    ],
)
def test_names_are_short_and_told_apart(names, expected):
    """Else all of them are numbers: a name heads a column."""
    assert expected == tuple(facts.name for facts in history(SLOWER_AND_BACK[:2], names).runs)
    assert expected == distinct(names or ["", ""])


def test_as_many_runs_as_have_a_column():
    """One is no comparison, and of too many the line says how many can be."""
    check_count(2)
    check_count(MOST_RUNS)
    with pytest.raises(UsageError, match=r"^13 runs: no more than 12 can stand side by side; leave out some$"):
        history([SLOWER_AND_BACK[0]] * 13)
    with pytest.raises(UsageError, match=r"^1 run: a comparison takes two; name another$"):
        check_count(1)


def test_reasons_name_the_runs():
    """Not base and new, of which there are several."""
    few = fakes.run([c.exact(c.JSON, 9_000, workers=5)])
    failed = fakes.run([fakes.unmeasured(c.JSON, Status.FAILED, "SIGSEGV")])
    other = replace(few, environment=replace(fakes.ENVIRONMENT, sampler="native"))
    (case,) = history([run(json=8_000), failed, other], ("v1", "v2", "v3")).cases
    assert ["no number in v2: failed: SIGSEGV", "v1 was sampled by the python sampler, v3 by the native one"] == [
        change.reason for change in case.changes
    ]


def test_the_answer_counts_run_by_run_and_tells_the_last_ones_changes():
    """Against the first: what is different now, the largest first."""
    runs = [run(json=8_000, orjson=2_000), run(json=8_000, orjson=3_000), run(json=4_000, orjson=2_500)]
    first, *others = history(runs, ("v1", "v2", "v3")).sentences
    assert "2 cases in 3 runs, each held against v1, the first." == first
    assert ["v2: 1 slower and 1 within noise.", "v3: 1 slower and 1 faster."] == others[:2]
    assert others[2].startswith("json/order/decode is faster in v3: it takes 0.500 times as long (")
    assert others[2].endswith(") as in v1.")
    assert others[3].startswith("orjson/order/decode is slower in v3: it takes 1.25 times as long (")
    assert [ONE_AFTER_THE_OTHER] == others[4:]


def test_step_by_step_every_step_is_told():
    """With the run that it is in, and the one before."""
    told = history(SLOWER_AND_BACK, ("v1", "v2", "v3"), against="previous").sentences
    assert "2 cases in 3 runs, each held against the one before it." == told[0]
    assert told[3].startswith("orjson/order/decode is slower in v2: it takes 1.50 times as long (")
    assert told[4].startswith("orjson/order/decode is faster in v3: it takes 0.667 times as long (")
    assert told[4].endswith(") as in v2.")


def test_only_the_largest_changes_are_told():
    """Five of them; the rest are counted."""
    told = history(c.many(12)).sentences
    moved = [text for text in told if " is slower in " in text]
    assert 5 == len(moved)
    assert moved[0].startswith("codec-11/")
    counted = [change for change in history(c.many(12)).changes(1) if change.verdict is Verdict.SLOWER]
    assert f"{len(counted) - 5} more are slower or faster." in told


@pytest.mark.parametrize(
    ("runs", "against", "expected"),
    [
        (SLOWER_AND_BACK, "first", "No case changed beyond noise: v3 against v1"),
        (SLOWER_AND_BACK[:2], "first", "1 of 2 cases slower: v2 against v1"),
        (SLOWER_AND_BACK, "previous", "1 slower, 1 faster: steps from v1 to v3"),
        (SLOWER_AND_BACK[:1] * 3, "previous", "No step changed a case beyond noise, from v1 to v3"),
    ],
)
def test_the_title_says_how_it_went(runs, against, expected):
    """The last run against the first, or how many steps there were each way."""
    assert expected == title(history(runs, ("v1", "v2", "v3")[: len(runs)], against=against))


def test_sizes_are_told_where_they_changed_first():
    """Once for each case."""
    sizes = [fakes.run([c.exact(c.JSON, 1_000, encoded=n)]) for n in (1_000, 1_000, 1_100, 1_100)]
    told = [text for text in history(sizes).sentences if "bytes" in text]
    assert ["json/order/decode writes 1.10 times as many bytes in run 3 as in run 1."] == told
    many = [fakes.run([c.exact(fakes.case(f"c{n}"), 1, encoded=size) for n in range(7)]) for size in (10, 11)]
    told = [text for text in history(many).sentences if "bytes" in text]
    assert (6, "2 more write more or fewer bytes.") == (len(told), told[-1])


def test_a_machine_that_changed_is_told_of_its_run():
    """Cases of several codecs that moved together in one of them."""
    names = [f"c{n}" for n in range(8)]
    runs = [run(**dict.fromkeys(names, ns)) for ns in (1_000, 1_000, 1_500)]
    told = [text for text in history(runs).sentences if "alike" in text]
    assert 1 == len(told)
    assert told[0].startswith("In run 3 8 of 8 cases are slower alike, whatever their codec")


def test_in_what_runs_differ_has_a_value_of_each():
    """And a run that was cut short is named."""
    runs = [run(json=1), replace(run(json=1), serbench="0.2.0", complete=False), run(json=1)]
    found = history(runs)
    assert [("serbench", ("0.1.0", "0.2.0", "0.1.0"))] == [(one.label, one.values) for one in found.differences]
    assert "The runs also differ in serbench: each may explain a change." in found.sentences
    assert "Cut short, so that intervals are wider than they would have been: run 2." in found.sentences


def test_halves_of_a_gate_are_held_against_each_other_in_pairs():
    """And said to be; the others are not worth as much."""
    base, new = c.halves()
    told = history([base, new, run(orjson=2_000)], against="previous").sentences
    paired = "run 1 and run 2 are halves of one measurement in pairs: their ratios are the middle of the pairs' own."
    assert {paired, ONE_AFTER_THE_OTHER} <= set(told)
    assert ONE_AFTER_THE_OTHER not in history([base, new]).sentences


def test_a_reason_is_told_once_with_the_first_of_its_cases():
    """Five of them by name, the others counted."""
    names = [f"c{n}" for n in range(7)]
    few = fakes.run([c.exact(fakes.case(name), 9_000, workers=5) for name in names])
    made = history([run(**dict.fromkeys(names, 1_000)), few, run(c0=1_000)], ("v1", "v2", "v3"))
    needed = "6 and 5 workers; to tell a change from noise it takes 6 on each side"
    told = list(reasons(made, made.cases, lambda case: case.case.codec))
    assert [f"c0 in v2, c1 in v2, c2 in v2, c3 in v2, c4 in v2 and 2 more: {needed}"] == told
    told = list(reasons(made, made.cases[:1], lambda case: case.case.codec))
    assert [f"c0 in v2: {needed}"] == told
