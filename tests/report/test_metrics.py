from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
from serbench.records.cases import Caution, Status
from serbench.records.passes import Compressed, EncodedBytes, Memory, Spread
from serbench.records.run import Measurement
from serbench.report.metrics import NO_CASE, metrics
from serbench.report.rows import tables
from serbench.statistics.estimates import Missing

ALL = ("time", "size", "memory")


def compressed(method, level, median):
    """What a compressor made of 64 messages."""
    sizes = EncodedBytes(mean=median, median=median, min=median - 1, max=median + 1)
    return Compressed(method=method, level=level, messages=64, bytes_per_message=sizes, ns_per_message=5.0)


def memory(peak):
    """A memory record."""
    spread = Spread(median=peak, min=peak - 1, max=peak + 1)
    return Memory(
        calls=64,
        peak_bytes=spread,
        live_bytes=spread,
        resident_growth_bytes=1,
        resident_calls=1,
        tracked_per_result=1.0,
        heap_objects=1,
        full_collection_ns=1,
    )


def read(run):
    """Of each case, by id: each metric's number, or the short words in its place."""
    found = {}
    for table in tables(run)[0]:
        for row in table.rows:
            numbers = {metric.key: metric.read(row) for metric in metrics(run)}
            found[row.case_id] = {k: n.short if isinstance(n, Missing) else n.value for k, n in numbers.items()}
    return found


@pytest.mark.parametrize(
    ("passes", "expected"),
    [
        (("time",), "typical p50 p99 p999 objects size"),
        (("size",), "size gzip zstd"),
        (("time", "memory", "cold"), "typical p50 p99 p999 objects size memory"),
        (("time", "size", "memory"), "typical p50 p99 p999 objects size gzip zstd memory"),
    ],
)
def test_only_what_was_asked_for_may_be_shown(passes, expected):
    """A metric for each pass that was made and for each compressor that was used."""
    sizes = (compressed("none", 0, 1_000), compressed("gzip", 6, 400), compressed("zstd", 3, 300))
    one = Measurement(case=fakes.case("json"), status=Status.MEASURED, sizes=sizes)
    assert expected.split() == [metric.key for metric in metrics(fakes.run([one], passes=passes))]


def test_numbers_are_those_of_the_row():
    """Times and rates from its samples, sizes to the byte."""
    workers = (fakes.worker([2_000] * 30, [2_000.0]),)
    (found,) = read(fakes.run([fakes.measured(fakes.case("json"), workers, encoded=500)])).values()
    assert (2_000, 500_000, 500) == (found["typical"], found["objects"], found["size"])
    assert "too few calls" == found["p99"]


def test_compressed_sizes_hold_for_all_cases_of_a_codec_and_payload():
    """They stand with one of them; what one compressor did not reach is said."""
    sizes = (compressed("none", 0, 1_000), compressed("gzip", 6, 400))
    found = read(
        fakes.run(
            [
                Measurement(case=fakes.case("json"), status=Status.MEASURED, sizes=sizes),
                Measurement(case=fakes.case("json", operation="read"), status=Status.MEASURED),
                Measurement(
                    case=fakes.case("orjson"), status=Status.MEASURED, sizes=(*sizes, compressed("zstd", 3, 300))
                ),
                fakes.unmeasured(fakes.case("dead"), Status.FAILED, "SIGSEGV"),
            ],
            passes=ALL,
        )
    )
    assert [400, 400] == [found[f"json/order/{operation}"]["gzip"] for operation in ("decode", "read")]
    assert ("not compressed", 300) == (found["json/order/decode"]["zstd"], found["orjson/order/decode"]["zstd"])
    assert "failed" == found["dead/order/decode"]["gzip"]


def test_memory_is_that_of_the_operation_and_of_the_case_that_it_is_the_same_as():
    """A failed pass is said to have failed."""
    encode = Measurement(case=fakes.case("json", operation="encode"), status=Status.MEASURED, memory=memory(2_000))
    no_memory = Caution(name="no-memory", text="The worker died.")
    found = read(
        fakes.run(
            [
                encode,
                Measurement(case=fakes.case("json", operation="dump"), status=Status.MEASURED, same_as=encode.case.id),
                Measurement(case=fakes.case("json"), status=Status.MEASURED, memory=memory(3_000)),
                Measurement(case=fakes.case("json", operation="load"), status=Status.MEASURED, warnings=(no_memory,)),
            ],
            passes=ALL,
        )
    )
    expected = {"encode": 2_000, "dump": 2_000, "decode": 3_000, "load": "failed"}
    assert expected == {operation: found[f"json/order/{operation}"]["memory"] for operation in expected}


def test_a_row_that_the_run_does_not_know_has_no_number():
    """Not measured, and no error."""
    run = fakes.order_run(calls=100)
    row = replace(tables(run)[0][0].rows[0], case_id="other/order/read")
    empty = metrics(fakes.run([], passes=ALL))
    assert NO_CASE == next(metric for metric in empty if metric.key == "memory").read(row)
