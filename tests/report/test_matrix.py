from __future__ import annotations

import json
from dataclasses import replace

import pytest

import fake_reports
import fakes
from serbench.records.cases import Conditions, Status
from serbench.report.matrix import matrix
from serbench.report.rows import tables
from serbench.statistics.estimates import Estimate

BAD = "</script><!--<script>\u2028"


def of(*measurements, **about):
    """The matrix of these measurements."""
    run = fakes.run(measurements, **about)
    return matrix(run, tables(run)[0])


def wide():
    """That of 75 cases, three of them without a number."""
    return matrix(fakes.run([]), fake_reports.wide_report().tables)


def quick(codec, payload, ns, **about):
    """A measured case."""
    return fakes.measured(fakes.case(codec, payload, **about), fakes.drawn_workers(ns, calls=100))


def texts(heat_map):
    """What stands in each line, after the codec's name."""
    return {codec.name: [cell.shade.text for cell in cells] for codec, cells in heat_map.lines}


def numbers(found, operation, *, setting=0):
    """From the data: of each case its id and numbers by metric, reasons in short."""
    data = json.loads(found.data)
    (block,) = [b for b in data["blocks"] if (b["operation"], b["setting"]) == (operation, setting)]
    told = {}
    for codec, payload, case_id, values in block["cells"]:
        shorts = [data["reasons"][v[0]][0] if isinstance(v, list) and len(v) == 1 else v for v in values]
        keys = [key for key, *_ in data["metrics"]]
        told[data["codecs"][codec][0], data["payloads"][payload]] = (case_id, dict(zip(keys, shorts, strict=True)))
    return told


def test_each_headline_operation_has_a_map_of_all_payloads():
    """Codecs stand by the first payload, the best first; what has no number last."""
    first, second = wide().maps
    assert [("read", True), ("encode", True)] == [(m.operation, m.ranks) for m in (first, second)]
    assert ("ping", "order", "chat", "telemetry", "feed") == tuple(name for name, _ in first.heads)
    assert ["msgspec-json-struct", "orjson", "msgpack", "json", "protobuf"] == [codec.name for codec, _ in first.lines]
    assert ["failed", "skipped"] == [texts(first)[name][0] for name in ("json", "protobuf")]
    assert all(texts(second)[name][0] != "failed" for name in ("json", "protobuf"))


def test_a_cell_leads_to_its_case_and_has_the_number_itself():
    """Or the reason why there is none."""
    lines = {codec.name: cells for codec, cells in wide().maps[0].lines}
    assert ("json/ping/read", "the worker died: SIGSEGV") == (lines["json"][0].case_id, lines["json"][0].title)
    best = lines["msgspec-json-struct"][1]
    assert ("msgspec-json-struct/order/read", "1", "best") == (best.case_id, best.shade.text, best.shade.mark)
    assert best.title.startswith("2.")
    assert " us (2." in best.title


def test_what_is_certain_is_what_the_tables_say():
    """A cell is marked if, and only if, its row is not certain; the best of a table is the one that is 1."""
    run = fakes.order_run(calls=100)
    made, _ = tables(run)
    cells = {cell.case_id: cell.shade for m in matrix(run, made).maps for _, line in m.lines for cell in line}
    rows = [row for table in made if table.headline for row in table.rows]
    assert len(rows) == len(cells)
    for row in rows:
        assert row.certain == (cells[row.case_id].mark in {"", "best"})
        assert row.best == (cells[row.case_id].text == "1")


def test_a_codec_that_has_no_such_case_says_so():
    """It was not measured, and leads nowhere."""
    (found,) = of(quick("json", "order", 900), quick("json", "chat", 900), quick("orjson", "chat", 100)).maps
    assert {"json": ["1", "9.00"], "orjson": ["not measured", "1"]} == texts(found)
    cell = next(cells for codec, cells in found.lines if codec.name == "orjson")[0]
    assert ("", "this run has no such case") == (cell.case_id, cell.title)


def test_one_codec_and_one_payload_make_a_map_of_one():
    """Its number stands in its unit, and is the best of nothing."""
    made = of(quick("json", "order", 9_000))
    (found,) = made.maps
    assert not made.compares
    assert ("in us", (("order", ""),)) == (found.shown, found.heads)
    ((text,),) = texts(found).values()
    assert 9.0 == pytest.approx(float(text), rel=0.05)
    assert "" == found.lines[0][1][0].shade.mark


def test_a_run_of_nothing_has_no_map():
    """And its data can be read."""
    found = of()
    assert ((), (), ()) == (found.maps, found.codecs, found.operations)
    assert [] == json.loads(found.data)["blocks"]


def test_without_times_sizes_are_shown():
    """The first metric is one whose pass was made."""
    found = matrix(fakes.run([], passes=("size",)), [fake_reports.table([fake_reports.row("json", 900, size=500)])])
    assert "size" == found.metrics[0].key
    assert "500 B" == found.maps[0].lines[0][1][0].title


def test_maps_are_of_the_usual_conditions_and_the_data_has_all():
    """Default ones stand first, wherever the run has them, and each is named by what sets it apart."""
    off = Conditions(gc="off", instances=64)
    found = of(
        quick("json", "order", 500, conditions=off),
        quick("json", "order", 900),
        quick("json", "chat", 900, conditions=replace(fakes.CONDITIONS, instances=8)),
    )
    assert ("collector on", "collector off") == found.settings
    (shown,) = found.maps
    assert (("order", ""), ("chat", "")) == shown.heads
    assert "json/order/decode" == shown.lines[0][1][0].case_id
    assert {("json", "order")} == set(numbers(found, "decode", setting=1))
    assert "json/order/decode?gc=off" == numbers(found, "decode", setting=1)["json", "order"][0]


def test_a_run_under_other_conditions_only_shows_those():
    """They are what there is."""
    found = of(quick("json", "order", 500, conditions=Conditions(gc="off", instances=64)))
    assert ("",) == found.settings
    assert "json/order/decode?gc=off" == found.maps[0].lines[0][1][0].case_id


def test_the_data_has_every_case_with_every_number():
    """Intervals as three numbers, counts as one, and reasons in the place of others."""
    found = numbers(wide(), "read")
    assert 25 == len(found)
    case_id, order = found["orjson", "order"]
    row = next(r for t in fake_reports.wide_report().tables for r in t.rows if r.case_id == "orjson/order/read")
    assert ("orjson/order/read", row.encoded_bytes.median) == (case_id, order["size"])
    value, low, high = order["typical"]
    assert isinstance(row.typical_ns, Estimate)
    assert (row.typical_ns.value, row.typical_ns.low, row.typical_ns.high) == pytest.approx(
        (value, low, high), rel=1e-6
    )
    assert ["failed"] * 6 == list(found["json", "ping"][1].values())
    assert "too few calls" == found["msgpack", "ping"][1]["p999"]


def test_columns_stand_in_the_order_of_the_run_whatever_the_operation():
    """The first operation lacks the first payload here."""
    found = of(
        quick("json", "ping", 500, operation="encode"),
        quick("json", "order", 500, operation="encode"),
        quick("json", "order", 500),
    )
    assert ["ping", "order"] == json.loads(found.data)["payloads"]
    assert [("order",), ("ping", "order")] == [tuple(name for name, _ in one.heads) for one in found.maps]


def test_the_data_may_stand_in_a_script():
    """Names and reasons that would end it do not, and come out as they were."""
    found = of(fakes.unmeasured(fakes.case(BAD, BAD), Status.FAILED, BAD))
    assert "<" not in found.data
    data = json.loads(found.data)
    assert (BAD, [BAD], ["failed", BAD]) == (data["codecs"][0][0], data["payloads"], data["reasons"][1])


def test_the_data_of_a_thousand_cases_is_small():
    """A page may have so many: 50 codecs on 20 payloads are under 250 bytes each."""
    made = [
        fake_reports.table(
            (fake_reports.row(f"codec-{n}", 1_000.123 * (n + 1), table=f"payload-{p}/read") for n in range(50)),
            payload=f"payload-{p}",
        )
        for p in range(20)
    ]
    assert 250 * 1_000 > len(matrix(fakes.run([]), made).data)
