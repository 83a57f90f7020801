from dataclasses import replace

import pytest

import fakes
from serbench.errors import BadRunFile
from serbench.records.cases import Caution, Conditions, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Measurement
from serbench.report.rows import conditions_words, tables
from serbench.statistics.estimates import Missing


def first_table(*measurements, **about):
    """The only table of these measurements."""
    (table,), _ = tables(fakes.run(measurements, **about))
    return table


def quick(name, ns, workers=6, **drawn):
    """A measured case of few calls."""
    return fakes.measured(fakes.case(name), fakes.drawn_workers(ns, workers=workers, calls=100, **drawn))


def test_tables_stand_by_payload_with_parsing_first():
    """Operations follow the order in which they rank; each table says whether it is the one that ranks."""
    made, _ = tables(fakes.order_run(calls=100))
    expected = [("read", True), ("decode", False), ("encode", True), ("dump", False)]
    assert expected == [(table.operation, table.headline) for table in made]


def test_rows_stand_by_typical_time_and_what_has_none_stands_last():
    """The shortest first; unmeasured ones keep the order of the run."""
    dead = fakes.unmeasured(fakes.case("dead"), Status.FAILED, "SIGSEGV")
    lost = fakes.unmeasured(fakes.case("lost"), Status.INCORRECT, "items[0]: 1 is not 1.0")
    table = first_table(dead, lost, quick("slow", 9_000), quick("fast", 3_000))
    assert ["fast", "slow", "dead", "lost"] == [row.codec.name for row in table.rows]
    assert [True, False, False, False] == [row.best for row in table.rows]
    assert Missing(short="failed", reason="SIGSEGV") == table.rows[2].typical_ns == table.rows[2].relative
    assert Missing(short="incorrect", reason="items[0]: 1 is not 1.0") == table.rows[3].encoded_bytes


def test_relative_is_over_the_best_of_the_table():
    """The best is exactly 1, others have the ratio with the ends that both intervals leave."""
    fast, slow = first_table(quick("slow", 9_000), quick("fast", 3_000, seed=2)).rows
    assert (1.0, 1.0, 1.0) == (fast.relative.value, fast.relative.low, fast.relative.high)
    assert slow.typical_ns.value / fast.typical_ns.value == slow.relative.value
    assert slow.typical_ns.low / fast.typical_ns.high == slow.relative.low
    assert 3.0 == pytest.approx(slow.relative.value, rel=0.03)


def test_throughput_follows_from_the_typical_time_and_the_encoded_size():
    """Objects a second is one over typical, MB a second is encoded bytes over typical: their mean, as it is a mean.

    One message in fifty is a thousand times as long as the others: by the median MB a second would be 20 times too low.
    """
    made = fakes.measured(fakes.case("x"), (fakes.worker([2_000] * 30, [2_000.0]),))
    made = replace(made, encoded_bytes=EncodedBytes(mean=1_049.0, median=50.0, min=50, max=50_000))
    (row,) = first_table(made).rows
    assert 500_000.0 == row.objects_per_second.value
    assert 524.5 == pytest.approx(row.megabytes_per_second.value)


@pytest.mark.parametrize(
    ("other_ns", "workers", "expected"),
    [(4_000, 6, [True, True]), (3_000, 6, [False, False]), (9_000, 5, [False, False])],
)
def test_only_intervals_that_do_not_meet_make_an_order_certain(other_ns, workers, expected):
    """Far apart is certain, close is not, and five workers prove nothing however far."""
    table = first_table(quick("one", 3_000), quick("other", other_ns, workers=workers, seed=2, between=0.03))
    assert expected == [row.certain for row in table.rows]


def test_a_lone_codec_is_best_of_nothing():
    """Nothing is certain of a table with one number."""
    (row,) = first_table(quick("one", 3_000)).rows
    assert (True, False) == (row.best, row.certain)


def test_the_same_as_another_shows_the_others_numbers():
    """A dump that is the same as encode has encode's numbers, sizes and cautions, and says so."""
    odd = Caution(name="warm-up-capped", text="It was. Give it longer.")
    encode = replace(quick("json", 5_000), case=fakes.case("json", operation="encode"), warnings=(odd,))
    dump = Measurement(case=fakes.case("json", operation="dump"), status=Status.MEASURED, same_as=encode.case.id)
    (first, second), curves = tables(fakes.run([encode, dump]))
    (encoded,), (dumped,) = first.rows, second.rows
    assert "json/order/encode" == dumped.same_as
    assert replace(dumped, case_id=encoded.case_id, same_as="", behind=encoded.behind) == encoded
    assert (encoded.behind.tail, encoded.behind.evidence) == (dumped.behind.tail, dumped.behind.evidence)
    assert ["json/order/encode"] == [curve.case_id for curve in curves]
    assert (odd,) == dumped.cautions


def test_the_usual_baseline_is_the_codec_that_is_named_like_its_format():
    """Json is marked, orjson is not."""
    table = first_table(quick("json", 5_000), quick("orjson", 1_000))
    assert {"json": True, "orjson": False} == {row.codec.name: row.baseline for row in table.rows}


def test_conditions_make_tables_of_their_own():
    """Collector on and off are never ranked against each other."""
    off = Conditions(gc="off", instances=64)
    made, _ = tables(
        fakes.run([quick("json", 5_000), replace(quick("json", 4_000), case=fakes.case("json", conditions=off))])
    )
    assert ["collector on, 64 instances", "collector off, 64 instances"] == [table.conditions_words for table in made]
    assert [True, True] == [table.headline for table in made]


def test_conditions_in_words_name_what_is_unusual():
    """Live objects and threads are named where there are any."""
    unusual = Conditions(gc="frozen", instances=1, heap_objects=20_000, threads=2)
    assert "collector frozen, 1 instance, 20,000 live objects, 2 threads" == conditions_words(unusual)


def test_the_headline_is_the_first_operation_that_has_a_number():
    """Where no codec can read, decode ranks parsing."""
    read = fakes.unmeasured(fakes.case("json", operation="read"), Status.FAILED, "SIGSEGV")
    made, _ = tables(fakes.run([read, quick("json", 5_000)]))
    assert {"read": False, "decode": True} == {table.operation: table.headline for table in made}


@pytest.mark.parametrize(
    ("asked", "measured_as", "ranks"), [("dump", "encode", {"dump"}), ("load", "decode", {"load"})]
)
def test_what_only_plain_codecs_were_measured_by_ranks_nobody_else(asked, measured_as, ranks):
    """A run of `dump` has `encode` of plain codecs only; the codec that was asked for as well is not left out."""
    workers = fakes.drawn_workers(4_000, workers=6, calls=100)
    plain = fakes.measured(fakes.case("json", operation=measured_as), workers)
    same = Measurement(
        case=fakes.case("json", operation=asked), status=Status.MEASURED, reason="", same_as=plain.case.id
    )
    typed = fakes.measured(fakes.case("typed", operation=asked), fakes.drawn_workers(3_000, workers=6, calls=100))
    made, _ = tables(fakes.run([plain, same, typed]))
    assert ranks == {table.operation for table in made if table.headline}


def test_among_plain_codecs_what_they_were_measured_by_ranks():
    """All of `dump` is the same as `encode` then, and no other codec is left out."""
    plain = fakes.measured(fakes.case("json", operation="encode"), fakes.drawn_workers(4_000, workers=6, calls=100))
    same = Measurement(
        case=fakes.case("json", operation="dump"), status=Status.MEASURED, reason="", same_as=plain.case.id
    )
    made, _ = tables(fakes.run([plain, same]))
    assert {"encode"} == {table.operation for table in made if table.headline}


def test_cautions_of_codec_and_case_stand_together_once():
    """The codec's come first; the same one twice is one."""
    slow = Caution(name="slow-fallback", text="Pure Python is active. Install the wheel.")
    about = replace(fakes.codec("json"), warnings=(slow, slow))
    (row,) = first_table(quick("json", 5_000), codecs=[about]).rows
    assert (slow,) == row.cautions


def test_curves_follow_the_rows_and_end_where_percentiles_do():
    """The fastest first, each up to the last earned percentile; too short calls have none."""
    _, curves = tables(fakes.run([quick("slow", 9_000), quick("fast", 3_000), quick("short", 100)]))
    assert ["fast", "slow"] == [curve.codec.name for curve in curves]
    assert 1 - 10 / 600 == pytest.approx(curves[0].last_earned)
    assert 60.0 == pytest.approx(curves[0].x[-1])


@pytest.mark.parametrize(
    ("measurement", "words"),
    [
        (fakes.unmeasured(fakes.case("unknown"), Status.SKIPPED, "why"), "does not describe 'unknown'"),
        (fakes.unmeasured(fakes.case("json", "nowhere"), Status.SKIPPED, "why"), "does not describe payload 'nowhere'"),
        (
            Measurement(case=fakes.case("json"), status=Status.MEASURED, same_as="json/order/load"),
            "does not describe 'json/order/load'",
        ),
    ],
)
def test_a_run_that_names_what_it_does_not_describe_is_refused_in_one_line(measurement, words):
    """An unknown codec, payload or case is a broken run file."""
    with pytest.raises(BadRunFile, match=words):
        tables(fakes.run([measurement], codecs=[fakes.codec("json")], payloads=[fakes.payload("order")]))
