import pytest

import fake_reports as f
import fakes
from serbench.compare.build import compare
from serbench.records.cases import Status
from serbench.report.build import build
from serbench.report.flat import CHANGE_FIELDS, FIELDS, change_records, columns, records


def only(*measurements):
    """The records of these measurements."""
    return records(build(fakes.run(measurements)))


def test_a_record_has_names_conditions_and_numbers_in_base_units():
    """One case, worked out by hand: 2 us a call, 1,000 bytes."""
    (record,) = only(fakes.measured(fakes.case("json"), fakes.even_workers(2_000)))
    assert ("json/order/decode", "json", "order", "decode", "on", 64) == tuple(
        record[name] for name in ("case_id", "codec", "payload", "operation", "gc", "instances")
    )
    ends = tuple(record[f"typical_ns{part}"] for part in ("", "_low", "_high"))
    assert (2_000.0, 1_950.0, 2_050.0) == pytest.approx(ends)
    assert ("interval", 0.96875, 6) == tuple(record[f"typical_ns_{part}"] for part in ("basis", "coverage", "workers"))
    assert 500_000.0 == pytest.approx(record["objects_per_second"])
    assert 500.0 == pytest.approx(record["megabytes_per_second"])
    assert 1_000.0 == record["encoded_bytes_median"]


def test_what_is_missing_has_its_reason_instead():
    """No number and no None, but why."""
    (record,) = only(fakes.unmeasured(fakes.case("json"), Status.FAILED, "SIGSEGV"))
    assert "typical_ns" not in record
    assert "SIGSEGV" == record["typical_ns_missing"] == record["reason"]
    assert None not in record.values()


def test_ends_are_there_only_where_something_is_known_of_the_spread():
    """One worker: a value without ends."""
    (record,) = only(fakes.measured(fakes.case("json"), fakes.even_workers(2_000, workers=1)))
    assert "none" == record["typical_ns_basis"]
    assert not {"typical_ns_low", "typical_ns_high", "typical_ns_coverage"} & record.keys()


def test_every_key_is_among_the_fields_in_their_order():
    """Columns are stable: no record has a key of its own."""
    for record in records(build(fakes.order_run(calls=100))):
        assert [name for name in FIELDS if name in record] == list(record)


def test_a_record_has_what_is_behind_its_numbers():
    """Floor, the slowest calls by label, collections, switches, lead-in, and the command of this case."""
    (record,) = only(f.labelled(fakes.measured(fakes.case("json"), fakes.even_workers(5_000, calls=2_000))))
    tail = [record[f"tail_{name}"] for name in ("share", "from_ns", "gc", "preempted", "instance", "other")]
    assert [0.001, 40_000, 3, 6, 0, 1] == tail
    assert (50.0, 60, 42, 300) == tuple(
        record[name] for name in ("floor_ns", "collections", "switches", "lead_in_calls")
    )
    assert "serbench run order --codec json --op decode --pass time --budget 10s --seed 7" == record["command"]


def test_a_record_without_a_tail_has_no_counts_of_it():
    """A case that failed has its command all the same."""
    (record,) = only(fakes.unmeasured(fakes.case("json"), Status.FAILED, "SIGSEGV"))
    assert [] == [name for name in record if name.startswith("tail_") or name in ("floor_ns", "switches")]
    assert record["command"].startswith("serbench run order")


def test_changes_are_records_as_well():
    """Ratios are new over base, with both sides beside them."""
    base, new = (fakes.run([fakes.measured(fakes.case("json"), fakes.even_workers(ns))]) for ns in (2_000, 3_000))
    (record,) = change_records(compare(base, new))
    assert [name for name in CHANGE_FIELDS if name in record] == list(record)
    assert ("slower", 1.5, 2_000.0, 3_000.0) == tuple(
        record[name] for name in ("verdict", "typical_ratio", "base_typical_ns", "new_typical_ns")
    )
    assert 1.0 == record["encoded_ratio"]


def test_columns_say_the_same_as_records():
    """Read back, a list by place and one value for all, they are the records; what a record does not have is None."""
    found = only(
        fakes.measured(fakes.case("json"), fakes.even_workers(2_000)),
        fakes.unmeasured(fakes.case("orjson"), Status.FAILED, "SIGSEGV"),
    )
    made = columns(found)
    assert ["order", "decode"] == [made["payload"], made["operation"]]
    assert {"json", "orjson"} == set(made["codec"])
    for place, one in enumerate(found):
        back = {name: value[place] if isinstance(value, list) else value for name, value in made.items()}
        assert one == {name: value for name, value in back.items() if value is not None}
    assert {} == columns([])
