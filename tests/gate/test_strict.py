"""What is decided without a clock: every case has its row, and exact numbers are held against each other exactly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import fakes
from serbench.gate.baseline import baseline_of
from serbench.gate.strict import UNREACHED, against_stored, comparable, strict_rows
from serbench.harness import session
from serbench.policy.judge import tolerance_of
from serbench.policy.parts import Policy
from serbench.records.cases import Conditions, Status
from serbench.records.passes import EncodedBytes, Memory, Spread
from serbench.records.run import Measurement
from serbench.records.verdict import UNTIMED, Outcome

WORKERS = (fakes.worker([900, 1_000], [950]),)
CASE = "json/order/decode"


def measured(name="json", payload="order", operation="decode", *, sizes=(1_000.0, 900, 1_200), peak=None, **fields):
    """A measured case of these sizes, peak memory and whatever else is said."""
    case = fakes.case(name, payload, operation)
    spread = Spread(median=0, min=0, max=0)
    memory = peak is not None and Memory(
        calls=1,
        peak_bytes=Spread(median=peak, min=0, max=2 * peak),
        live_bytes=spread,
        resident_growth_bytes=0,
        resident_calls=1,
        tracked_per_result=0,
        heap_objects=0,
        full_collection_ns=0,
    )
    encoded = sizes and EncodedBytes(mean=sizes[0], median=sizes[0], min=sizes[1], max=sizes[2])
    made = Measurement(
        case=case, status=Status.MEASURED, workers=WORKERS, encoded_bytes=encoded or None, memory=memory or None
    )
    return replace(made, **fields)


def broken(status, reason="it broke", name="json", **fields):
    """A case without numbers."""
    return fakes.unmeasured(fakes.case(name, **fields), Status(status), reason)


def side(*measurements, **fields):
    """A baseline of them."""
    return baseline_of(fakes.run(measurements, **fields))


def rows(base, new, metrics=UNTIMED, policy=None):
    """All rows of two sides under the default tolerances."""
    return strict_rows(base, new, lambda *of: tolerance_of(policy or Policy(), *of), metrics)


def only(base, new):
    """Outcome, cause and reason of the only row of two lists of measurements."""
    (row,) = rows(side(*base), side(*new))
    assert "correctness" == row.metric
    return row.outcome, row.cause, row.reason


def by_metric(base, new, metrics=UNTIMED):
    """The rows of one case by metric."""
    made = rows(side(base), side(new), metrics)
    assert {CASE} == {row.case_id for row in made}
    return {row.metric: row for row in made}


def test_a_side_against_itself_is_the_same():
    """A row for every metric that there is, in the order of cases; what is the same as another has none."""
    full = measured(peak=5_000.0, instructions=1e6)
    dump = Measurement(case=fakes.case("json", operation="load"), status=Status.MEASURED, same_as=CASE)
    both = side(full, dump, measured("orjson"))
    made = rows(both, both)
    expected = [*((CASE, metric) for metric in UNTIMED), *(("orjson/order/decode", metric) for metric in UNTIMED[:2])]
    assert expected == [(row.case_id, row.metric) for row in made]
    assert {Outcome.SAME} == {row.outcome for row in made}
    assert [None, 0.0, 0.0, 0.0] == [row.change for row in made[:4]]
    assert [None, 1_000.0, 5_000.0, 1e6] == [row.base for row in made[:4]]
    assert (CASE, "orjson/order/decode") == comparable(both, both)


def test_only_what_is_asked_for_has_rows():
    """Times are not looked at here."""
    both = side(measured(peak=5_000.0))
    assert ["peak_bytes"] == [row.metric for row in rows(both, both, ("peak_bytes", "p50"))]


@pytest.mark.parametrize(
    ("sizes", "outcome", "shown"),
    [
        ((1_001.0, 900, 1_200), Outcome.REGRESSED, (1_000, 1_001)),
        ((999.5, 900, 1_200), Outcome.IMPROVED, (1_000, 999.5)),
        ((1_000.0, 900, 1_201), Outcome.REGRESSED, (1_200, 1_201)),
        ((1_000.0, 901, 1_200), Outcome.REGRESSED, (900, 901)),
        ((990.0, 890, 1_201), Outcome.REGRESSED, (1_200, 1_201)),
        ((1_000.0, 890, 1_190), Outcome.SAME, (1_000, 1_000)),
    ],
)
def test_any_growth_of_encoded_bytes_is_a_regression(sizes, outcome, shown):
    """Of the median, or else of the largest or the smallest message, which is then the one that is shown."""
    row = by_metric(measured(), measured(sizes=sizes))["encoded_bytes"]
    assert (outcome, shown) == (row.outcome, (row.base, row.new))
    assert shown[1] / shown[0] - 1 == pytest.approx(row.change)
    assert bool(row.reason) == (shown[0] != 1_000)


def test_the_reason_names_the_message_that_grew():
    """And says what became of the median."""
    row = by_metric(measured(), measured(sizes=(999.0, 900, 1_300)))["encoded_bytes"]
    assert "of the largest message; the median went from 1000 to 999" == row.reason


def test_a_tolerance_of_encoded_bytes_is_asked_for_by_case_and_metric():
    """What grows by no more is the same, both ways."""
    asked = []

    def tolerances(case_id, metric):
        asked.append((case_id, metric))
        return 0.01

    sides = (
        ((1_010.0, 909, 1_212), Outcome.SAME),
        ((995.0, 890, 1_180), Outcome.SAME),
        ((989.0, 890, 1_180), Outcome.IMPROVED),
    )
    for sizes, expected in sides:
        (row,) = strict_rows(side(measured()), side(measured(sizes=sizes)), tolerances, ["encoded_bytes"])
        assert (expected, 0.01) == (row.outcome, row.tolerance)
    assert [(CASE, "encoded_bytes")] * 3 == asked


@pytest.mark.parametrize(
    ("metric", "field", "base", "new", "outcome"),
    [
        ("peak_bytes", "peak", 1_000.0, 1_010.0, Outcome.SAME),
        ("peak_bytes", "peak", 1_000.0, 1_011.0, Outcome.REGRESSED),
        ("peak_bytes", "peak", 1_000.0, 989.0, Outcome.IMPROVED),
        ("peak_bytes", "peak", 0.0, 0.0, Outcome.SAME),
        ("peak_bytes", "peak", 0.0, 1.0, Outcome.REGRESSED),
        ("instructions", "instructions", 1_000.0, 1_005.0, Outcome.SAME),
        ("instructions", "instructions", 1_000.0, 1_006.0, Outcome.REGRESSED),
        ("instructions", "instructions", 1_000.0, 994.0, Outcome.IMPROVED),
    ],
)
def test_memory_and_instructions(metric, field, base, new, outcome):
    """Under tolerances of 1 and 0.5 %; from nothing there is no change in per cent."""
    row = by_metric(measured(**{field: base}), measured(**{field: new}))[metric]
    assert outcome is row.outcome
    assert (None if not base and new else 0.0 if base == new else pytest.approx(new / base - 1)) == row.change


def test_a_change_of_exactly_the_tolerance_is_none():
    """Also where the product is a little less in floating point: 29 % of 100."""
    (row,) = strict_rows(side(measured(peak=100.0)), side(measured(peak=129.0)), lambda *_: 0.29, ["peak_bytes"])
    assert Outcome.SAME is row.outcome


def test_a_stored_count_of_instructions_is_held_less_tightly():
    """At least 3 %, more where the policy says so; other metrics keep theirs."""
    tolerance = against_stored(lambda _, metric: 0.05 if metric == "p50" else 0.01)
    assert (0.03, 0.05, 0.01) == tuple(tolerance(CASE, m) for m in ("instructions", "p50", "encoded_bytes"))
    assert 0.2 == against_stored(lambda *_: 0.2)(CASE, "instructions")


@pytest.mark.parametrize(
    ("metric", "fields", "cause"),
    [
        ("encoded_bytes", {"sizes": (1_000.0, 900, 1_200)}, "not encoded"),
        ("peak_bytes", {"peak": 5.0}, "no memory"),
        ("instructions", {"instructions": 5.0}, "not counted"),
    ],
)
@pytest.mark.parametrize("lacking", ["base", "new"])
def test_a_number_on_one_side_only_is_a_row(metric, fields, cause, lacking):
    """With the side that lacks it and why that may be."""
    bare, full = measured(sizes=None), measured(**{"sizes": None, **fields})
    row = by_metric(*((bare, full) if lacking == "base" else (full, bare)))[metric]
    assert (Outcome.NOT_COMPARABLE, cause) == (row.outcome, row.cause)
    assert row.reason.startswith(f"{lacking} has no ")


def test_a_case_that_is_gone():
    """Fails closed, and says what to do."""
    outcome, cause, reason = only([measured()], [])
    assert (Outcome.NOT_COMPARABLE, "missing") == (outcome, cause)
    assert reason.startswith("it is in base and not in new; if that is as it should be, save the baseline again")


def test_a_case_that_is_new():
    """As new where it was measured; as what it is where it was not."""
    assert (Outcome.NOT_COMPARABLE, "new") == only([], [measured()])[:2]
    assert (Outcome.NOT_COMPARABLE, "failed", "it broke") == only([], [broken("failed")])


@pytest.mark.parametrize("status", ["failed", "incorrect", "skipped"])
def test_what_new_could_not_measure(status):
    """Its status is the cause and its reason the reason, whatever base had."""
    for base in (measured(), broken("failed", "otherwise")):
        assert (Outcome.NOT_COMPARABLE, status, "it broke") == only([base], [broken(status)])


@pytest.mark.parametrize("status", ["failed", "incorrect", "skipped"])
def test_what_only_base_could_not_measure_is_an_improvement(status):
    """There is nothing else to hold it against, which the row says; its time cannot be gated."""
    outcome, cause, reason = only([broken(status)], [measured(peak=1.0)])
    assert (Outcome.IMPROVED, "") == (outcome, cause)
    assert f"it was {status} in base: it broke; its other metrics have nothing to be held against" == reason
    assert () == comparable(side(broken(status)), side(measured()))


def test_what_was_never_carried_is_no_news():
    """A codec that skips a payload on both sides for the same reason; another reason is."""
    reason = "instance 0: id: INT_64_BITS"
    skipped = broken("skipped", reason)
    assert (Outcome.NOT_COMPARABLE, "skipped in both", reason) == only([skipped], [skipped])
    assert "skipped" == only([broken("skipped", "else")], [skipped])[1]


@pytest.mark.parametrize("reason", UNREACHED)
def test_what_there_was_no_time_for_is_not_let_pass(reason):
    """The reason is the same on both sides then, but nothing was gated. The words are the harness's own."""
    source = Path(session.__file__).read_text()
    assert reason in source
    late = broken("skipped", f"{reason} its first block")
    assert "skipped" == only([late], [late])[1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"form": "bson"}, "its format was json and is bson"),
        ({"model": "typed"}, "its model was plain and is typed"),
    ],
)
def test_a_codec_that_does_something_else(fields, words):
    """Its numbers are those of another operation."""
    base, new = side(measured(), codecs=[fakes.codec("json")]), side(measured(), codecs=[fakes.codec("json", **fields)])
    (row,) = rows(base, new)
    assert (Outcome.NOT_COMPARABLE, "other operation") == (row.outcome, row.cause)
    assert row.reason.startswith(f"codec json does something else than in base: {words}; if that")
    assert () == comparable(base, new)


def test_a_codec_that_carries_less():
    """A deviation that has come or gone is something else as well; their order is nothing."""
    codec = fakes.codec("json")
    base = side(measured(), codecs=[replace(codec, deviations=("A", "B"))])
    (row,) = rows(base, side(measured(), codecs=[replace(codec, deviations=("B", "C"))]))
    assert "something else than in base: deviates by C and no longer deviates by A; if" in row.reason
    assert "other operation" == row.cause
    turned = side(measured(), codecs=[replace(codec, deviations=("B", "A"))])
    assert (CASE,) == comparable(base, turned)


def test_another_version_of_a_codec_is_what_is_gated():
    """And native parts, sources and the like."""
    codec = replace(fakes.codec("json"), version="9", native="Rust", source="elsewhere")
    assert (CASE,) == comparable(side(measured()), side(measured(), codecs=[codec]))


def test_another_content_of_a_payload():
    """Under the same name: nothing can be compared."""
    base, new = side(measured()), side(measured(), payloads=[replace(fakes.payload(), digest="other")])
    (row,) = rows(base, new)
    assert (Outcome.NOT_COMPARABLE, "other payload") == (row.outcome, row.cause)
    assert "payload order has another schema or other messages than in base" in row.reason
    assert () == comparable(base, new)


def test_a_renamed_codec():
    """One row under the old name tells of the new one; its payload, operation and conditions are the same."""
    base = side(measured(), measured(operation="encode"))
    new = side(measured("json5", operation="encode"), measured("json5"))
    made = {row.case_id: row for row in rows(base, new)}
    assert {CASE, "json/order/encode"} == set(made)
    assert {"renamed"} == {row.cause for row in made.values()}
    assert "it is not in new, where json5/order/decode has the same messages and operation; " in made[CASE].reason


def test_a_renamed_payload():
    """Its messages are known by their digest."""
    payloads = [replace(fakes.payload("orders"), digest="order-digest")]
    (row,) = rows(side(measured()), side(measured(payload="orders"), payloads=payloads))
    assert (CASE, "renamed") == (row.case_id, row.cause)


@pytest.mark.parametrize(
    "new",
    [
        {"codecs": [fakes.codec("json5", "bson")]},
        {"codecs": [fakes.codec("json5", model="typed")]},
        {"codecs": [fakes.codec("json5", distribution="json5")]},
        {"codecs": [replace(fakes.codec("json5"), deviations=())]},
        {"payloads": [replace(fakes.payload(), digest="other")]},
    ],
)
def test_what_is_another_thing_is_not_renamed(new):
    """One case is missing, and another is new."""
    made = rows(side(measured()), side(measured("json5"), **new))
    assert [(CASE, "missing"), ("json5/order/decode", "new")] == [(row.case_id, row.cause) for row in made]


def test_what_failed_under_another_name_is_not_renamed():
    """It has no number that could be held against anything: one is missing, and the other failed."""
    made = rows(side(measured()), side(broken("failed", name="json5")))
    assert ["missing", "failed"] == [row.cause for row in made]


def test_the_order_of_deviations_hides_no_rename():
    """They are a set."""
    codecs = [[replace(fakes.codec(name), deviations=order)] for name, order in (("json", "AB"), ("json5", "BA"))]
    made = rows(side(measured(), codecs=codecs[0]), side(measured("json5"), codecs=codecs[1]))
    assert ["renamed"] == [row.cause for row in made]


def test_conditions_are_part_of_what_a_case_is():
    """The same under another state of the collector is no rename, and two cases are not renamed to one."""
    off = replace(measured(), case=fakes.case("json", conditions=Conditions(gc="off", instances=64)))
    causes = [row.cause for row in rows(side(measured()), side(off))]
    assert ["missing", "new"] == causes
    both = [fakes.codec(name) for name in ("json", "also")]
    made = rows(side(measured(), measured("also"), codecs=both), side(measured("json5")))
    assert ["renamed", "missing"] == [row.cause for row in made]


def test_a_case_that_is_the_same_as_another_follows_it():
    """It is missing, new or broken together with it in one row; where it alone is gone it has its own."""
    load = Measurement(case=fakes.case("json", operation="load"), status=Status.MEASURED, same_as=CASE)
    failed = replace(load, status=Status.FAILED, reason="it broke")
    assert [CASE] == [row.case_id for row in rows(side(measured(), load), side(broken("failed"), failed))]
    other = measured("msgpack", "chat")
    assert [CASE, "msgpack/chat/decode"] == [row.case_id for row in rows(side(measured(), load), side(other))]
    assert ["msgpack/chat/decode", CASE] == [row.case_id for row in rows(side(other), side(measured(), load))]
    alone = [(row.case_id, row.cause) for row in rows(side(measured(), load), side(measured()), ())]
    assert [("json/order/load", "missing")] == alone


def test_numbers_of_a_case_are_those_of_the_case_that_it_is_the_same_as():
    """Where one side measured it by itself: the other's numbers are found."""
    load = Measurement(case=fakes.case("json", operation="load"), status=Status.MEASURED, same_as=CASE)
    base = side(measured(), load)
    made = {
        row.case_id: row
        for row in rows(base, side(measured(), measured(operation="load", sizes=(2e3, 9, 3_000))), ["encoded_bytes"])
    }
    assert (1_000.0, 2_000.0) == (made["json/order/load"].base, made["json/order/load"].new)
