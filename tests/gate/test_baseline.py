"""What is kept of a run, how codecs compare inside of it, and what times of two sittings can still say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import fakes
from serbench.errors import BadRunFile
from serbench.gate.baseline import baseline_of, machine_differences, narrowed, ratios, same_machine
from serbench.gate.stored import time_rows
from serbench.records.baseline import BaselineCodec, BaselinePayload, BaselineTime
from serbench.records.cases import Conditions, Status
from serbench.records.run import Measurement
from serbench.records.samples import Floor
from serbench.records.verdict import TIMES, Outcome, Ratio
from serbench.statistics.intervals import spread

CASE = "json/order/decode"


def kept(*measurements, **fields):
    """The baseline of a run of them."""
    return baseline_of(fakes.run(measurements, **fields))


def decode(name="json", ns=2_000, *, workers=6, calls=1_000, apart=0.0, **fields):
    """A case whose workers are all alike, or lie that far apart."""
    return fakes.measured(fakes.case(name, **fields), fakes.even_workers(ns, workers=workers, calls=calls, apart=apart))


def environment(**changes):
    """The fakes' environment with parts of it replaced: machine, system, python, sampler."""
    old = fakes.ENVIRONMENT
    made = {key: value if isinstance(value, str) else {**getattr(old, key), **value} for key, value in changes.items()}
    return replace(old, **made)


def test_what_is_kept_of_a_run():
    """Names, digests and versions; of a case its status, sizes and times."""
    made = baseline_of(fakes.order_run(calls=200))
    assert ("0.1.0", "20260102T030405Z-1a2b", "2026-01-02T03:05:05Z") == (made.serbench, made.run, made.created)
    about = BaselineCodec(
        format="protobuf", model="message", deviations=("TUPLE_AS_LIST",), distribution="protobuf", version="1.2.3"
    )
    assert about == made.codecs["protobuf"]
    assert {"order": BaselinePayload(digest="order-digest", instances=64)} == made.payloads
    assert 16 == len(made.entries)
    entry = made.entries["protobuf/order/dump"]
    assert (Status.FAILED, "the worker died: SIGSEGV", None) == (entry.status, entry.reason, entry.typical)
    assert "json/order/encode" == made.entries["json/order/dump"].same_as
    assert made.entries["json/order/encode"] is made.numbers("json/order/dump")
    assert 500.0 == made.entries["protobuf/order/read"].encoded_bytes.median


def test_times_have_their_intervals_and_what_is_behind_them():
    """To five digits; percentiles as they are earned."""
    entry = kept(decode(ns=2_000.123, apart=0.01)).entries[CASE]
    assert BaselineTime(ns=2_000.1, low=1_950.1, high=2_050.1, workers=6, calls=3_000) == entry.typical
    assert 6_000 == entry.p10.calls == entry.p50.calls == entry.p99.calls
    assert (1_548, 2_000, 3_185) == pytest.approx((entry.p10.ns, entry.p50.ns, entry.p99.ns), rel=5e-3)


@pytest.mark.parametrize(
    ("calls", "earned"), [(19, []), (20, ["p50"]), (99, ["p50"]), (100, ["p10", "p50"]), (1_000, ["p10", "p50", "p99"])]
)
def test_percentiles_are_kept_as_they_are_earned(calls, earned):
    """With ten calls expected beyond them, and for p10 below it."""
    entry = kept(decode(workers=1, calls=calls)).entries[CASE]
    assert earned == [name for name in TIMES if getattr(entry, name)]


def test_a_short_call_keeps_its_typical_time_only():
    """Single readings of it would be the clock's."""
    entry = kept(decode(ns=900)).entries[CASE]
    assert 900.0 == entry.typical.ns
    assert (None, None, None) == (entry.p10, entry.p50, entry.p99)


def test_a_time_from_nothing_is_not_kept():
    """Where the clock did not move in one of the workers, no ratio can be made of the ends."""
    floor = Floor(ns_per_call=0, batch_ns_per_call=0, clock_step_ns=0, calls=1)
    workers = tuple(fakes.worker([5] * 100, [ns], floor=floor) for ns in (0, 10, 10))
    assert kept(fakes.measured(fakes.case("json"), workers)).entries[CASE].typical is None


def test_a_histogram_that_cannot_be_read():
    """Is told with its case."""
    (worker,) = decode(workers=1).workers
    with pytest.raises(BadRunFile, match=r"^json/order/decode: not a histogram of serbench .*; measure again$"):
        kept(fakes.measured(fakes.case("json"), (replace(worker, histogram="nothing"),)))


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("no module: /home/alice/src/mine/codec.py", "no module: codec.py"),
        ("'/Users/alice/lib/x.so' is broken", "'x.so' is broken"),
        ("OSError:/opt/tools/lib/x.so: gone", "OSError:x.so: gone"),
        ("cannot enter /home/alice: denied", "cannot enter ~: denied"),
        ("in ~/code/x and file:///home/alice/y/z", "in x and file:z"),
        ("items[].price: a/b is no application/json", "items[].price: a/b is no application/json"),
        ("1 / 2 or 3/4 /x", "1 / 2 or 3/4 /x"),
    ],
)
def test_no_folder_and_no_user_is_kept(reason, expected):
    """A reason may hold paths; names of files stay."""
    assert expected == kept(fakes.unmeasured(fakes.case("json"), Status.FAILED, reason)).entries[CASE].reason


def test_the_machine_is_told_by_what_times_depend_on():
    """No commit, no core, no patch level and no flags; memory in powers of two."""
    expected = {
        "cpu_model": "Fake CPU <1>",
        "cores": "2",
        "memory": "8 GiB",
        "kernel": "6.1",
        "python_implementation": "CPython",
        "python_version": "3.11.9",
        "python_gil": "yes",
        "sampler": "python",
    }
    assert expected == kept(environment=environment(machine={"memory_bytes": 7_900_000_000})).machine


@pytest.mark.parametrize(
    "same",
    [
        {"system": {"kernel": "6.1.99"}},
        {"machine": {"measuring_core": 1, "cpu_flags": [], "memory_bytes": 8_100_000_000}},
        {"python": {"executable": "/home/alice/python", "compiler": "clang"}},
    ],
)
def test_machines_of_one_kind(same):
    """What differs from day to day, or tells of a user, makes no other machine."""
    base, new = kept(), kept(environment=environment(**same))
    assert same_machine(base, new)
    assert () == machine_differences(base, new)
    assert base.fingerprint == new.fingerprint
    assert 12 == len(base.fingerprint)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"machine": {"cpu_model": "B"}}, "cpu model was Fake CPU <1> and is B"),
        ({"machine": {"governor": "powersave"}}, "governor was not known and is powersave"),
        ({"machine": {"turbo": True}}, "turbo was not known and is yes"),
        ({"system": {"kernel": "Linux 6.2.0"}}, "kernel was 6.1 and is Linux 6.2"),
        ({"python": {"version": "3.12.1"}}, "python version was 3.11.9 and is 3.12.1"),
        ({"python": {"gil": False}}, "python gil was yes and is no"),
        ({"sampler": "native"}, "sampler was python and is native"),
    ],
)
def test_another_machine(other, words):
    """Is told by what differs."""
    base, new = kept(), kept(environment=environment(**other))
    assert not same_machine(base, new)
    assert (words,) == machine_differences(base, new)


def test_a_baseline_without_the_cases_that_were_not_asked_for():
    """What is the same as one of those has its numbers itself."""
    encode = decode(operation="encode")
    dump = Measurement(case=fakes.case("json", operation="dump"), status=Status.MEASURED, same_as=encode.case.id)
    base = kept(encode, dump, decode())
    assert base == narrowed(base, lambda _: True)
    made = narrowed(base, lambda entry: entry.operation == "dump")
    assert ["json/order/dump"] == list(made.entries)
    expected = replace(base.entries["json/order/encode"], operation=dump.case.operation)
    assert expected == made.entries["json/order/dump"]


def test_ratios_are_over_the_codec_that_is_named_like_the_format():
    """That one is held against the first codec, and a format without such a codec as well."""
    codecs = [
        fakes.codec(name, form)
        for name, form in (
            ("json", "json"),
            ("orjson", "json"),
            ("msgpack", "msgpack"),
            ("ormsgpack", "msgpack"),
            ("x", "y"),
        )
    ]
    times = {"json": 8_000, "orjson": 2_000, "msgpack": 4_000, "ormsgpack": 1_000, "x": 16_000}
    base = kept(*(decode(name, ns) for name, ns in times.items()), codecs=codecs)
    new = kept(*(decode(name, ns * (2 if name == "orjson" else 3)) for name, ns in times.items()), codecs=codecs)
    found = {ratio.case_id.partition("/")[0]: ratio for ratio in ratios(base, new)}
    assert Ratio(case_id="orjson/order/decode", over=CASE, base=0.25, new=2 / 12) == found["orjson"]
    assert {"orjson": "json", "msgpack": "json", "ormsgpack": "msgpack", "x": "json"} == {
        name: ratio.over.partition("/")[0] for name, ratio in found.items()
    }


def test_ratios_stay_inside_payload_operation_and_conditions():
    """And take both codecs with a time on both sides."""
    off = Conditions(gc="off", instances=64)
    alone = [decode("orjson", operation="encode"), decode("orjson", payload="chat"), decode("orjson", conditions=off)]
    failed = fakes.unmeasured(fakes.case("orjson"), Status.FAILED, "broken")
    base = kept(decode(), *alone, decode("orjson"))
    assert [("orjson/order/decode", CASE)] == [(r.case_id, r.over) for r in ratios(base, base)]
    assert () == ratios(base, kept(decode(), *alone, failed))
    assert () == ratios(base, kept(decode("orjson")))


def test_a_case_that_is_the_same_as_another_has_no_ratio_of_its_own():
    """The other's stands for it."""
    made = baseline_of(fakes.order_run(calls=50))
    assert not [ratio for ratio in ratios(made, made) if "dump" in ratio.case_id]
    assert 9 == len(ratios(made, made))


def timed(base, new, metrics=("p50",), tolerance=0.05):
    """The rows of time of two measurements."""
    return time_rows(kept(base), kept(new), lambda *_: tolerance, metrics)


@pytest.mark.parametrize(
    ("ns", "outcome"),
    [
        (2_100, Outcome.INCONCLUSIVE),
        (2_180, Outcome.INCONCLUSIVE),
        (2_195, Outcome.REGRESSED),
        (2_000, Outcome.SAME),
        (2_040, Outcome.INCONCLUSIVE),
        (1_960, Outcome.INCONCLUSIVE),
        (1_835, Outcome.INCONCLUSIVE),
        (1_825, Outcome.IMPROVED),
    ],
)
def test_time_regresses_where_the_nearest_ends_are_further_apart_than_the_tolerance(ns, outcome):
    """Both intervals reach 2 % up and down: that takes some 9 % more; the mirror improves."""
    (row,) = timed(decode(ns=2_000, apart=0.008), decode(ns=ns, apart=0.008))
    assert outcome is row.outcome
    assert ns / 2_000 - 1 == pytest.approx(row.change, abs=1e-3)
    least, most = row.interval
    assert (ns * 0.98 / 2_040 - 1, ns * 1.02 / 1_960 - 1) == pytest.approx((least, most), abs=2e-3)
    assert (6_000, 6_000) == row.calls
    assert bool(row.reason) == (outcome is not Outcome.SAME)


def test_few_workers_decide_nothing():
    """Five have a range, which is no interval."""
    (row,) = timed(decode(ns=2_000), decode(ns=4_000, workers=5))
    assert (Outcome.INCONCLUSIVE, None) == (row.outcome, row.interval)
    assert "6 and 5 workers, an interval takes 6 on each side" == row.reason


def test_another_machine_decides_nothing_about_time():
    """Every row says in what it differs, however much slower."""
    new = kept(decode(ns=9_000), environment=environment(machine={"cores": 64}))
    made = time_rows(kept(decode()), new, lambda *_: 0.05, TIMES)
    assert [(metric, Outcome.NOT_COMPARABLE, "other machine") for metric in TIMES] == [
        (row.metric, row.outcome, row.cause) for row in made
    ]
    assert made[0].reason.startswith("cores was 2 and is 64; measure both sides now: serbench gate --base")


def test_a_percentile_that_is_not_earned_is_a_row():
    """With the side that lacks it."""
    (row,) = timed(decode(), decode(calls=100), ["p99"])
    assert (Outcome.NOT_COMPARABLE, "unearned") == (row.outcome, row.cause)
    assert "new has too few calls for it, or they are too short" == row.reason


def test_a_call_too_short_for_single_readings_is_gated_by_its_batches():
    """As the middle; its floor and its tail are not earned."""
    made = {row.metric: row for row in timed(decode(ns=500), decode(ns=600), TIMES)}
    assert (Outcome.REGRESSED, True, 500.0, 600.0) == (
        made["p50"].outcome,
        made["p50"].batch,
        made["p50"].base,
        made["p50"].new,
    )
    assert ["unearned", "unearned"] == [made["p10"].cause, made["p99"].cause]


def test_time_is_of_what_both_sides_have_measured_and_was_asked_for():
    """Whatever else there is has a row of another sort, or was not timed."""
    untimed = replace(decode("orjson"), workers=())
    failed = fakes.unmeasured(fakes.case("msgpack"), Status.FAILED, "broken")
    base = kept(decode(), untimed, failed, decode("x"))
    new = kept(decode(), untimed, decode("msgpack"))
    assert [(CASE, "p50")] == [
        (r.case_id, r.metric) for r in time_rows(base, new, lambda *_: 0.1, ["p50", "peak_bytes"])
    ]


def test_what_a_machine_differs_by_between_two_sittings_fails_hardly_any_build():
    """Identical code on machines that differ by 2.7 %, workers by 3 %: of 2,000 pairs of sittings under 1 % regress.

    A threshold of 5 % between the middles alone fails more than one in twenty.
    """
    random = np.random.default_rng(3)
    base = kept(decode())
    entry = base.entries[CASE]

    def sitting():
        own = 2_000 * np.exp(random.normal(0, 0.027)) * np.exp(random.normal(0, 0.03, 10))
        made = spread(float(np.median(own)), own.tolist(), 1_000)
        time = BaselineTime(ns=made.value, low=made.low, high=made.high, workers=10, calls=1_000)
        return replace(base, entries={CASE: replace(entry, p50=time)})

    made = [time_rows(sitting(), sitting(), lambda *_: 0.05, ["p50"])[0] for _ in range(2_000)]
    regressed = [row for row in made if row.outcome is Outcome.REGRESSED]
    assert len(regressed) < 20
    assert sum(row.change > 0.05 for row in made) > 100
