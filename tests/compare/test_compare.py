from dataclasses import replace

import pytest

import fakes
from serbench.compare.build import compare
from serbench.compare.parts import Verdict
from serbench.compare.words import IN_PAIRS, ONE_AFTER_THE_OTHER
from serbench.records.cases import Conditions, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Measurement, Pairing
from serbench.statistics.estimates import Missing


def exact(ns, name="json", *, workers=6, spread=10, calls=200, encoded=1_000):
    """A case whose workers lie evenly around a time, `spread` ns apart."""
    middle = (workers - 1) / 2
    made = [fakes.worker([ns] * calls, [ns + spread * (n - middle)], pair=n) for n in range(workers)]
    return fakes.measured(fakes.case(name), tuple(made), encoded)


def changed(old, found, base=None, new=None):
    """The only change between a run of one case and another."""
    (change,) = compare(fakes.run([old], **base or {}), fakes.run([found], **new or {})).changes
    return change


@pytest.mark.parametrize(
    ("ns", "expected"),
    [
        (2_100, Verdict.SLOWER),
        (1_900, Verdict.FASTER),
        (2_049, Verdict.WITHIN_NOISE),
        (2_000, Verdict.WITHIN_NOISE),
    ],
)
def test_only_intervals_that_do_not_meet_are_a_change(ns, expected):
    """Base lies in 1,975 to 2,025 ns: a change begins where the other interval does not touch that."""
    assert expected == changed(exact(2_000), exact(ns)).verdict


def test_a_run_against_itself_is_within_noise():
    """Identical runs have ratios of 1 and no change."""
    run = fakes.order_run(calls=100)
    made = compare(run, run)
    judged = [change for change in made.changes if change.verdict is not Verdict.NOT_COMPARABLE]
    assert {Verdict.WITHIN_NOISE} == {change.verdict for change in judged}
    assert {1.0} == {change.typical_ratio.value for change in judged}
    assert () == made.differences


def test_ratios_are_new_over_base_with_their_ends():
    """Typical and p99 alike; more than 1 is slower."""
    change = changed(exact(2_000), exact(3_000))
    assert 1.5 == change.typical_ratio.value
    assert 2_975 / 2_025 == change.typical_ratio.low
    assert 0.9375 == change.typical_ratio.coverage
    assert 1.5 == pytest.approx(change.p99_ratio.value, rel=1e-3)


def test_few_workers_tell_no_change_but_show_the_ratio():
    """Far apart, five workers a side: not comparable, with the ratio and what it takes."""
    change = changed(exact(2_000, workers=5), exact(9_000, workers=5))
    assert Verdict.NOT_COMPARABLE == change.verdict
    assert "5 and 5 workers; to tell a change from noise it takes 6 on each side" == change.reason
    assert (4.5, "range") == (change.typical_ratio.value, change.typical_ratio.basis)


def test_ranges_that_meet_are_noise_and_single_workers_are_nothing():
    """Two workers that overlap show no change; one a side shows nothing at all."""
    assert Verdict.WITHIN_NOISE == changed(exact(2_000, workers=2), exact(2_005, workers=2)).verdict
    assert Verdict.NOT_COMPARABLE == changed(exact(2_000, workers=1), exact(2_000, workers=1)).verdict


@pytest.mark.parametrize(
    ("new", "words"),
    [
        ({"payloads": [replace(fakes.payload(), digest="other")]}, "payload order differs"),
        ({"environment": replace(fakes.ENVIRONMENT, sampler="native")}, "base was sampled by the python sampler"),
    ],
)
def test_what_is_not_the_same_thing_has_no_ratio(new, words):
    """Another payload or sampler: not comparable, and no ratio to mislead; both times are still shown."""
    change = changed(exact(2_000), exact(3_000), new=new)
    assert Verdict.NOT_COMPARABLE == change.verdict
    assert words in change.reason
    assert {Missing} == {type(ratio) for ratio in (change.typical_ratio, change.p99_ratio, change.encoded_ratio)}
    assert (2_000.0, 3_000.0) == (change.base_typical_ns.value, change.new_typical_ns.value)


def test_other_conditions_under_the_same_name_are_not_comparable():
    """The default number of instances may differ between versions; the case's id would not show it."""
    found = exact(2_000)
    other = replace(found, case=replace(found.case, conditions=Conditions(instances=8)))
    assert "64 instances in base, 8 in new" == changed(found, other).reason


@pytest.mark.parametrize(("order", "words"), [((0, 1), "no number in new"), ((1, 0), "no number in base")])
def test_what_was_not_measured_is_not_comparable(order, words):
    """Whichever side has no number, the reason says which, and why."""
    sides = (exact(2_000), fakes.unmeasured(fakes.case("json"), Status.FAILED, "SIGSEGV"))
    change = changed(*(sides[n] for n in order))
    assert (Verdict.NOT_COMPARABLE, f"{words}: failed: SIGSEGV") == (change.verdict, change.reason)


def test_cases_of_one_run_only_are_rows_of_their_own():
    """A case that is gone and one that is new are told, never silently dropped."""
    made = compare(fakes.run([exact(2_000, "old"), exact(2_000)]), fakes.run([exact(2_000), exact(3_000, "new")]))
    assert [Verdict.ONLY_IN_BASE, Verdict.WITHIN_NOISE, Verdict.ONLY_IN_NEW] == [c.verdict for c in made.changes]
    gone, _, found = made.changes
    assert (2_000.0, Missing) == (gone.base_typical_ns.value, type(gone.new_typical_ns))
    assert (3_000.0, Missing) == (found.new_typical_ns.value, type(found.base_typical_ns))


def test_a_case_that_stands_for_another_is_compared_once():
    """Dump = encode in both runs is left out; where it has numbers of its own in one, it is compared."""
    encode, own = exact(2_000), replace(exact(2_000), case=fakes.case("json", operation="dump"))
    same = Measurement(case=own.case, status=Status.MEASURED, same_as=encode.case.id)
    base, new = fakes.run([encode, same]), fakes.run([encode, own])
    assert ["json/order/decode"] == [change.case.id for change in compare(base, base).changes]
    verdicts = {change.case.id: change.verdict for change in compare(base, new).changes}
    assert {"json/order/decode": Verdict.WITHIN_NOISE, "json/order/dump": Verdict.WITHIN_NOISE} == verdicts


@pytest.mark.parametrize(("median", "other", "expected"), [(1_000, 1_050, 1.05), (0, 0, 1.0), (1_000, 1_000, 1.0)])
def test_encoded_bytes_are_compared_exactly(median, other, expected):
    """A change of one byte is a change; no bytes and no bytes are the same."""
    assert expected == changed(exact(2_000, encoded=median), exact(2_000, encoded=other)).encoded_ratio


def test_from_no_bytes_to_some_there_is_no_ratio():
    """Nothing to divide by."""
    change = changed(exact(2_000, encoded=0), exact(2_000, encoded=5))
    assert Missing(short="from nothing", reason="0 bytes in base, 5 in new") == change.encoded_ratio
    assert EncodedBytes(mean=5.0, median=5.0, min=4, max=6) == change.new_encoded_bytes


def test_differences_name_machine_versions_and_codecs():
    """Everything that may explain a change is listed with both values."""
    other = replace(fakes.ENVIRONMENT, machine=fakes.ENVIRONMENT.machine | {"cpu_model": "Other", "turbo": True})
    found = compare(
        fakes.run([exact(2_000)]),
        fakes.run([exact(2_000)], environment=other, codecs=[replace(fakes.codec("json"), version="2.0")]),
    ).differences
    expected = {
        "cpu model": ("Fake CPU <1>", "Other"),
        "turbo": ("not known", "yes"),
        "codec json": ("1.2.3 C", "2.0 C"),
    }
    assert expected == {difference.label: (difference.base, difference.new) for difference in found}


def test_the_answer_counts_and_tells_the_largest_changes():
    """How many of each, the largest first, five of them, and that nothing is decided."""
    base = fakes.run([exact(2_000, f"c{n}") for n in range(8)])
    new = fakes.run([exact(2_000 + 500 * n, f"c{n}", encoded=1_000 + 100 * (n == 1)) for n in range(8)])
    first, *others = compare(base, new).sentences
    assert "8 cases: 7 slower and 1 within noise." == first
    assert "c7/order/decode is slower: it takes 2.75 times as long (2.70 to 2.80) as in base." == others[0]
    assert "2 more are slower." == others[5]
    assert "c1/order/decode writes 1.10 times as many bytes as in base." == others[6]
    assert others[7].startswith(
        "7 of 8 cases are slower alike, whatever their codec: in the middle 1.88 times as long."
    )
    assert others[8].startswith("The runs were measured one after the other")


def test_a_faster_case_is_told_by_how_much():
    """The ratio stays new over base: below 1 is faster."""
    _, told, *_ = compare(fakes.run([exact(4_000)]), fakes.run([exact(2_000)])).sentences
    assert "json/order/decode is faster: it takes 0.500 times as long (0.491 to 0.509) as in base." == told


def test_doubts_about_the_runs_are_told():
    """Differences and runs that were cut short."""
    sentences = compare(fakes.run([exact(1)], serbench="0.0.9"), fakes.run([exact(1)], complete=False)).sentences
    assert "The runs also differ in serbench: each may explain a change." in sentences
    assert "The new run was cut short; its intervals are wider than they would have been." in sentences


def test_nothing_against_nothing_is_said_to_be_nothing():
    """Two empty runs break nothing."""
    assert "Neither run has a case." == compare(fakes.run([]), fakes.run([])).sentences[0]


def moved(*factors, codecs="abc"):
    """What is said where cases of these codecs in turn take so many times as long as in base."""
    places = [(codecs[n % len(codecs)], f"payload-{n}") for n in range(len(factors))]
    base = [replace(exact(2_000), case=fakes.case(*place)) for place in places]
    new = [
        replace(exact(2_000 * factor), case=fakes.case(*place)) for place, factor in zip(places, factors, strict=True)
    ]
    made = compare(fakes.run(base), fakes.run(new))
    return [text for text in made.sentences if "cases are" in text and "alike" in text]


def test_cases_that_move_together_are_no_codecs_doing():
    """Most of at least eight, of three codecs or more, by two per cent or more in the middle."""
    (told,) = moved(*[0.95] * 9, 1.01)
    assert told.startswith("9 of 10 cases are faster alike, whatever their codec: in the middle 0.950 times as long. ")
    (told,) = moved(*[1.04] * 8)
    assert told.startswith("8 of 8 cases are slower alike, ")
    assert [] == moved(*[0.95] * 7)
    assert [] == moved(*[0.95] * 10, codecs="ab")
    assert [] == moved(*[0.99] * 10)
    assert [] == moved(*[0.95] * 6, *[1.05] * 4)


def test_halves_of_one_measurement_are_not_said_to_be_apart_in_time():
    """They were measured in pairs, whichever is held against the other; halves of two are runs like any others."""
    pairs = {"asked": "orjson==1", "pairs": 6, "rounds": 60}
    base, new = (fakes.run([exact(1)], pairing=Pairing(id="p", side=side, **pairs)) for side in ("base", "new"))
    foreign = fakes.run([exact(1)], pairing=Pairing(id="q", side="new", **pairs))
    for both, expected in (((base, new), IN_PAIRS), ((new, base), IN_PAIRS), ((base, foreign), ONE_AFTER_THE_OTHER)):
        found = compare(*both).sentences
        assert [expected] == [text for text in found if text in {IN_PAIRS, ONE_AFTER_THE_OTHER}]


def test_only_the_first_sizes_are_told_in_words():
    """A payload that grew is not told of once for each codec."""
    base, new = (fakes.run([exact(1, f"c{n}", encoded=size) for n in range(7)]) for size in (1_000, 1_100))
    told = [text for text in compare(base, new).sentences if "bytes" in text]
    assert "c0/order/decode writes 1.10 times as many bytes as in base." == told[0]
    assert (6, "2 more write more or fewer bytes than in base.") == (len(told), told[-1])


def test_a_comparison_has_its_runs_at_hand():
    """For outputs that draw them."""
    base, new = fakes.run([exact(1)]), fakes.run([exact(2)])
    assert (base, new) == compare(base, new).runs
