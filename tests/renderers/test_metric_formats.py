"""What other tools keep over time: github-action-benchmark, Bencher and OpenMetrics, of runs and of verdicts."""

import json
import re
from dataclasses import replace

import pytest

import fake_verdicts as fake
import fakes
from serbench.records.cases import Status
from serbench.records.run import Measurement
from serbench.renderers.bencher import Bencher, BencherVerdict
from serbench.renderers.benchmark_action import BenchmarkAction, BenchmarkActionVerdict
from serbench.renderers.openmetrics import OpenMetrics, OpenMetricsVerdict
from serbench.report.build import build

HOSTILE = r"""a|b/ ::error::c  \x1b[31m]]>&<i>`"'%0A,{x}\\udce9\u202e[l](u)@you\x00\ufffe"""
NAME = r"(?:[a-zA-Z_:][a-zA-Z0-9_:]*)"
SAMPLE = re.compile(rf'({NAME})(?:\{{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[n"\\])*",?)+)\}})? (\S+)')
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')
NUMBER = re.compile(r"[+-]?\d+(\.\d*)?(e[+-]?\d+)?|[+-]Inf|NaN")


@pytest.fixture(scope="module")
def report():
    """A case with intervals, one with few workers, one that failed and one that is another."""
    good = fakes.measured(fakes.case("json"), fakes.even_workers(2_000))
    few = fakes.measured(fakes.case("orjson"), fakes.even_workers(3_000, workers=1, calls=100))
    bad = fakes.unmeasured(fakes.case("msgpack"), Status.FAILED, "SIGSEGV")
    same = Measurement(case=fakes.case("json", operation="load"), status=Status.MEASURED, same_as=good.case.id)
    return build(fakes.run([good, few, bad, same]))


def openmetrics(text):
    """Families by name: kind, unit and samples as (suffix, labels, value); what the standard forbids fails."""
    assert text.endswith("# EOF\n")
    assert "\r" not in text
    families, name = {}, None
    for line in text.splitlines()[:-1]:
        if described := re.fullmatch(rf"# (TYPE|UNIT|HELP) ({NAME}) (.+)", line):
            key, name, value = described.groups()
            assert (key == "TYPE") == (name not in families), "TYPE first, each family once and in one piece"
            assert key not in families.setdefault(name, {"samples": []})
            assert name == list(families)[-1]
            families[name][key] = value
            continue
        found = SAMPLE.fullmatch(line)
        assert found, line
        assert NUMBER.fullmatch(found[3])
        suffix = found[1].removeprefix(name)
        labels = dict(LABEL.findall(found[2] or ""))
        assert (suffix, labels) not in [sample[:2] for sample in families[name]["samples"]]
        families[name]["samples"].append((suffix, labels, float(found[3])))
    for name, family in families.items():
        assert name.endswith(f"_{family['UNIT']}") if "UNIT" in family else True
        kinds = {"info": ("_info", {1.0}), "stateset": ("", {0.0, 1.0})}
        suffix, values = kinds.get(family["TYPE"], ("", None))
        assert {suffix} == {sample[0] for sample in family["samples"]}
        assert values is None or values >= {sample[2] for sample in family["samples"]}
        assert family["TYPE"] in {"gauge", *kinds}
        assert family["TYPE"] != "stateset" or all(name in sample[1] for sample in family["samples"])
    return families


def test_a_run_for_github_action_benchmark(report):
    """Name, unit and value of what there is; one distance as range, only where a spread is known."""
    entries = {entry["name"]: entry for entry in json.loads(BenchmarkAction().render(report))}
    expected = [
        f"{codec}/order/decode {metric}" for codec in ("orjson", "json") for metric in ("typical", "p50", "p99")
    ]
    sizes = {f"{codec}/order/decode encoded bytes" for codec in ("json", "orjson")}
    assert {*expected, *sizes} - {"orjson/order/decode p99"} == set(entries)
    assert ("ns", 2_000.0) == tuple(entries["json/order/decode typical"][key] for key in ("unit", "value"))
    assert all(isinstance(entry["value"], int | float) for entry in entries.values())
    p99 = entries["json/order/decode p99"]
    assert re.fullmatch(r"± \d[\d.e+]*", p99["range"])
    assert "6 workers" in p99["extra"]
    assert "range" not in entries["orjson/order/decode typical"]


def test_a_range_holds_for_either_end():
    """The larger of both distances."""
    workers = [
        worker for ns in (1_990, 2_000, 2_000, 2_000, 2_000, 2_050) for worker in fakes.even_workers(ns, workers=1)
    ]
    report = build(fakes.run([fakes.measured(fakes.case("json"), workers)]))
    (typical, *_) = json.loads(BenchmarkAction().render(report))
    (row,) = report.tables[0].rows
    distance = max(row.typical_ns.value - row.typical_ns.low, row.typical_ns.high - row.typical_ns.value)
    assert distance == pytest.approx(float(typical["range"].removeprefix("± ")), rel=1e-5)
    assert distance > 0


def test_a_verdict_for_github_action_benchmark():
    """The new side's numbers, and what became of them."""
    entries = {entry["name"]: entry for entry in json.loads(BenchmarkActionVerdict().render(fake.verdict()))}
    assert len(fake.EVERYTHING) - 1 == len(entries)
    found = entries["orjson/order/decode p10"]
    assert ("ns", pytest.approx(1_362.3, abs=0.1)) == (found["unit"], found["value"])
    assert found["extra"].startswith("p10 of orjson/order/decode regressed: ")
    assert {"ns", "bytes"} == {entry["unit"] for entry in entries.values()}


def test_a_run_for_bencher(report):
    """A benchmark per case, ns under slugs that begin with latency, both ends where there is an interval."""
    found = json.loads(Bencher().render(report))
    assert {"json/order/decode", "orjson/order/decode"} == set(found)
    measures = found["json/order/decode"]
    assert {"latency-typical", "latency-p50", "latency-p99", "encoded-bytes"} == set(measures)
    p99 = measures["latency-p99"]
    assert p99["lower_value"] <= p99["value"] <= p99["upper_value"]
    assert {"value": 1_000.0} == measures["encoded-bytes"]
    assert {"value"} == set(found["orjson/order/decode"]["latency-typical"])


def test_a_verdict_for_bencher():
    """The new side's numbers; what has none is not there."""
    found = json.loads(BencherVerdict().render(fake.verdict()))
    assert {"value": 1_235} == found["orjson/order/encode"]["encoded-bytes"]
    assert {"latency-p10", "latency-p50"} == set(found["orjson/order/decode"])
    assert "msgpack/order/decode" not in found


def test_slugs_are_what_bencher_takes():
    """Small letters, digits and hyphens, at most 64."""
    rows = [replace(fake.GROWN, metric=metric) for metric in ("encoded_bytes", "peak_bytes", "instructions")]
    found = json.loads(BencherVerdict().render(fake.verdict([*rows, *fake.EVERYTHING])))
    slugs = {slug for measures in found.values() for slug in measures}
    assert {"encoded-bytes", "peak-bytes", "instructions"} < slugs
    assert [] == [slug for slug in slugs if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) or len(slug) > 64]


def test_a_run_in_openmetrics(report):
    """Seconds and bytes; which run it is."""
    found = openmetrics(OpenMetrics().render(report))
    assert [("_info", report.run_id)] == [(s, labels["run"]) for s, labels, _ in found["serbench_run"]["samples"]]
    seconds = {(x["case"], x["metric"]): value for _, x, value in found["serbench_call_seconds"]["samples"]}
    assert 2e-6 == pytest.approx(seconds["json/order/decode", "typical"])
    assert ("seconds", "bytes") == (found["serbench_call_seconds"]["UNIT"], found["serbench_encoded_bytes"]["UNIT"])
    low, high = (
        {(x["case"], x["metric"]): value for _, x, value in found[f"serbench_call_{end}_seconds"]["samples"]}
        for end in ("low", "high")
    )
    assert low["json/order/decode", "p99"] <= seconds["json/order/decode", "p99"] <= high["json/order/decode", "p99"]
    assert ("orjson/order/decode", "typical") not in low


def test_a_verdict_in_openmetrics():
    """Both sides, the change, what became of it, and the answer."""
    found = openmetrics(OpenMetricsVerdict().render(fake.verdict()))
    samples = {name: family["samples"] for name, family in found.items()}
    assert [1.0] == [value for _, _, value in samples["serbench_gate_exit_code"]]
    held = [labels["serbench_gate_verdict"] for _, labels, value in samples["serbench_gate_verdict"] if value]
    assert ["regressed"] == held
    of = {"case": "orjson/order/decode", "metric": "p10"}
    sides = {x["side"]: v for _, x, v in samples["serbench_gate_call_seconds"] if x.items() >= of.items()}
    assert {"base": pytest.approx(1.234e-6), "new": pytest.approx(1.362e-6, rel=1e-3)} == sides
    change = {(x["case"], x["metric"]): v for _, x, v in samples["serbench_gate_change_ratio"]}
    assert 0.104 == change["orjson/order/decode", "p10"]
    states = [
        x["serbench_gate_outcome"] for _, x, v in samples["serbench_gate_outcome"] if v and x.items() >= of.items()
    ]
    assert ["regressed"] == states
    assert 5 * len(fake.EVERYTHING) == len(samples["serbench_gate_outcome"])
    failing = {x["case"] for _, x, v in samples["serbench_gate_failing"] if v}
    assert {"orjson/order/decode", "orjson/chat/decode", "orjson/order/encode", "msgpack/order/decode"} == failing


def test_endless_numbers_are_written_as_the_standard_has_them():
    """In OpenMetrics; the JSON formats leave them out, as JSON has none."""
    row = replace(fake.OPEN, interval=(float("-inf"), float("inf")), new=float("nan"))
    text = OpenMetricsVerdict().render(fake.verdict([row]))
    openmetrics(text)
    assert (True, True, True) == tuple(f" {word}\n" in text for word in ("-Inf", "+Inf", "NaN"))
    assert ("[]\n", "{}\n") == tuple(
        one.render(fake.verdict([row])) for one in (BenchmarkActionVerdict(), BencherVerdict())
    )


@pytest.mark.parametrize("renderer", [BenchmarkActionVerdict(), BencherVerdict()])
def test_names_from_outside_are_one_line_of_text(renderer):
    """JSON that can be read, names that are whole and can be printed."""
    found = json.loads(renderer.render(fake.hostile()))
    names = [entry["name"] for entry in found] if isinstance(found, list) else list(found)
    assert len(fake.EVERYTHING) - 1 == len(names)
    assert all(name.isprintable() and name.startswith(HOSTILE.replace(r"\\", "\\" * 2)) for name in names)


def test_names_from_outside_are_labels():
    """Backslashes and quotes are escaped, and nothing else is lost."""
    found = openmetrics(OpenMetricsVerdict().render(fake.hostile()))
    (_, labels, _), *_ = found["serbench_gate"]["samples"]
    assert HOSTILE == re.sub(r"\\(.)", r"\1", labels["base"])


@pytest.mark.parametrize("renderer", [BenchmarkAction(), Bencher(), OpenMetrics()])
def test_an_empty_run_is_rendered(renderer):
    """Nothing to keep is no error."""
    assert renderer.render(build(fakes.run([]))).endswith("\n")


@pytest.mark.parametrize("renderer", [BenchmarkActionVerdict(), BencherVerdict(), OpenMetricsVerdict()])
def test_an_empty_verdict_is_rendered(renderer):
    """The same."""
    assert renderer.render(fake.verdict([])).endswith("\n")
