"""The file, as pyperf itself reads it: its commands, and its library."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from dataclasses import replace

import pyperf
import pytest

import fakes
from serbench.records.cases import Conditions
from serbench.renderers.pyperf import Pyperf
from serbench.report.build import build

DECODE = "orjson/order/decode"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two runs, the second of which took 1.5 times as long, as files; and the runs."""
    folder = tmp_path_factory.mktemp("pyperf")
    runs = {name: fakes.order_run(seed=1, scale=scale) for name, scale in (("a", 1.0), ("b", 1.5))}
    for name, run in runs.items():
        (folder / f"{name}.json").write_text(Pyperf().render(build(run)), encoding="utf-8")
    return folder, runs


def said(folder, *arguments: str) -> str:
    """What a command of pyperf prints."""
    command = [sys.executable, "-m", "pyperf", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert (0, "") == (done.returncode, done.stderr)
    return done.stdout


def means(run, case_id: str) -> list[float]:
    """Every batch mean of a case, in seconds."""
    return [ns / 1e9 for worker in run.measurement(case_id).workers for ns in worker.ns_per_call]


def test_compare_to_names_our_cases_with_their_means(files):
    """Every case that has numbers of its own, and how much longer it took."""
    folder, runs = files
    text = said(folder, "compare_to", "a.json", "b.json", "--table", "--table-format=md")
    lines = {line.split("|")[1].strip(): line for line in text.splitlines() if "/order/" in line}
    assert {m.case.id for m in runs["a"].measurements if m.workers} == set(lines)
    shown = f"{1e6 * statistics.mean(means(runs['a'], DECODE)):.2f} us"
    assert [shown, f"{1e6 * statistics.mean(means(runs['b'], DECODE)):.2f} us: 1.50x slower"] == [
        cell.strip() for cell in lines[DECODE].split("|")[2:4]
    ]


def test_stats_and_show_read_it(files):
    """Workers are its runs, batch means its values, the calls of a batch its loops."""
    folder, runs = files
    text = said(folder, "stats", "a.json", "-b", DECODE)
    assert "Number of run with values: 6" in text
    assert "Number of value per run: 200" in text
    assert "Loop iterations per value: 100" in text
    assert f"Median +- MAD:   {1e6 * statistics.median(means(runs['a'], DECODE)):.2f} us" in text
    assert f"Mean +- std dev: {1e6 * statistics.mean(means(runs['a'], DECODE)):.2f} us" in said(
        folder, "show", "a.json", "-b", DECODE
    )


def test_its_library_finds_every_value_again(files):
    """Values, names, units and metadata, through pyperf's own checks of what runs of one benchmark share."""
    folder, runs = files
    suite = pyperf.BenchmarkSuite.load(str(folder / "a.json"))
    found = suite.get_benchmark(DECODE)
    checked = pyperf.Benchmark(found.get_runs())  # adds run by run, which compares their metadata
    assert means(runs["a"], DECODE) == list(checked.get_values())
    about = found.get_metadata()
    assert ("second", "3.11.9", "cpython", "Fake CPU <1>", 2) == tuple(
        about[name] for name in ("unit", "python_version", "python_implementation", "cpu_model_name", "cpu_count")
    )
    assert ["1", "2", "3", "4", "5", "6"] == [run.get_metadata()["python_hash_seed"] for run in found.get_runs()]
    assert [200] * 6 == [run.get_metadata()["serbench_warm_up_calls"] for run in found.get_runs()]
    assert ((), 100, 1) == (found.get_runs()[0].warmups, found.get_loops(), found.get_inner_loops())
    assert "orjson/order/dump" == suite.get_benchmark("orjson/order/encode").get_metadata()["serbench_same_as_this"]


def test_the_time_that_it_works_out_is_that_of_the_batches(files):
    """Values times loops: what the batches took together."""
    folder, runs = files
    found = pyperf.BenchmarkSuite.load(str(folder / "a.json")).get_benchmark(DECODE)
    assert pytest.approx(100 * sum(means(runs["a"], DECODE))) == found.get_total_duration()


def test_text_of_several_lines_or_none_does_not_stop_it(tmp_path):
    """What pyperf refuses is made fit: line breaks and empty text in metadata."""
    run = fakes.order_run()
    machine = run.environment.machine | {"cpu_model": "two\nlines </script>"}
    run = replace(run, environment=replace(run.environment, machine=machine, sampler=""))
    (tmp_path / "a.json").write_text(Pyperf().render(build(run)), encoding="utf-8")
    about = pyperf.BenchmarkSuite.load(str(tmp_path / "a.json")).get_metadata()
    assert ("two lines </script>", False) == (about["cpu_model_name"], "serbench_sampler" in about)


def test_names_from_outside_are_those_of_the_ids(tmp_path):
    """A codec's name may hold anything; the case's id is ASCII."""
    case = fakes.case('a"\ud800\n</script>', conditions=Conditions(instances=64, gc="off"))
    run = fakes.run([fakes.measured(case, fakes.even_workers(1_000))])
    (tmp_path / "a.json").write_text(Pyperf().render(build(run)), encoding="utf-8")
    assert case.id in said(tmp_path, "show", "a.json", "--metadata", "--quiet") + said(tmp_path, "dump", "a.json", "-v")
    (benchmark,) = pyperf.BenchmarkSuite.load(str(tmp_path / "a.json"))
    assert (case.id, "disabled") == (benchmark.get_name(), benchmark.get_metadata()["python_gc"])


def test_a_run_without_times_has_no_benchmark():
    """It is a whole file all the same."""
    body = json.loads(Pyperf().render(build(fakes.run([fakes.measured(fakes.case("json"), ())]))))
    assert [] == body["benchmarks"]
