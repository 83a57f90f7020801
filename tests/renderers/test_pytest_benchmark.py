"""The file, as pytest-benchmark itself reads it."""

from __future__ import annotations

import csv
import json
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

import fakes
from serbench.renderers.pytest_benchmark import PytestBenchmark
from serbench.report.build import build

COMMAND = str(Path(sys.executable).with_name("pytest-benchmark"))
DECODE = "orjson/order/decode"


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two runs, the second of which took 1.5 times as long, as files; and the runs."""
    folder = tmp_path_factory.mktemp("pytest-benchmark")
    runs = {name: fakes.order_run(seed=1, scale=scale) for name, scale in (("a", 1.0), ("b", 1.5))}
    for name, run in runs.items():
        (folder / f"{name}.json").write_text(PytestBenchmark().render(build(run)), encoding="utf-8")
    return folder, runs


def compared(folder, *options: str) -> str:
    """What `pytest-benchmark compare` prints of both files."""
    command = [COMMAND, "compare", *options, "a.json", "b.json"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    told = "Generated csv: out.csv" if "--csv=out.csv" in options else ""
    assert (0, told) == (done.returncode, done.stderr.strip())
    return done.stdout


def means(run, case_id: str) -> list[float]:
    """Every batch mean of a case, in ns."""
    return [ns for worker in run.measurement(case_id).workers for ns in worker.ns_per_call]


def test_compare_shows_a_group_for_each_payload_and_operation(files):
    """With the cases of both files in it; what is another case's has no line of its own."""
    folder, _ = files
    text = compared(folder)
    titles = [line.strip("- ") for line in text.splitlines() if line.startswith("-") and "benchmark" in line]
    assert [
        "benchmark 'order/decode': 8 tests",
        "benchmark 'order/encode': 8 tests",
        "benchmark 'order/read': 8 tests",
    ] == titles
    assert 2 == text.count(f"{DECODE} (")


def test_compare_has_the_right_numbers(files):
    """Mean, median and the rest, in seconds, through its own CSV."""
    folder, runs = files
    compared(folder, "--csv=out.csv", "--columns=min,max,mean,stddev,median,rounds,iterations,ops,outliers")
    with (folder / "out.csv").open() as lines:
        first, second = [line for line in csv.DictReader(lines) if line["name"] == DECODE]
    for name, line in (("a", first), ("b", second)):
        own = [ns / 1e9 for ns in means(runs[name], DECODE)]
        expected = [min(own), max(own), statistics.mean(own), statistics.stdev(own), statistics.median(own)]
        assert pytest.approx(expected) == [float(line[key]) for key in ("min", "max", "mean", "stddev", "median")]
        assert pytest.approx(1 / statistics.mean(own)) == float(line["ops"])
        assert ("1200", "100") == (line["rounds"], line["iterations"])


def test_compare_between_files_shows_the_change(files):
    """A case of half as much time again is 50 % more."""
    folder, _ = files
    (line,) = [one for one in compared(folder, "--between=median").splitlines() if one.startswith(DECODE)]
    assert "+50.0%" == line.split()[-1]


def test_it_can_be_grouped_by_codec(files):
    """Codec, payload and operation are parameters."""
    folder, _ = files
    assert "benchmark 'codec=orjson': 6 tests" in compared(folder, "--group-by=param:codec")


def test_a_round_is_explained(files):
    """Whoever opens the file learns what stands behind a round, and which library was measured where."""
    folder, runs = files
    body = json.loads((folder / "a.json").read_text())
    (found,) = [benchmark for benchmark in body["benchmarks"] if benchmark["name"] == DECODE]
    assert found["extra_info"]["round"].startswith("a round is a batch of calls timed as a whole")
    assert ("orjson 1.2.3", 6) == (found["extra_info"]["library"], found["extra_info"]["workers"])
    assert ("0123abc", False) == (body["commit_info"]["id"], body["commit_info"]["dirty"])
    assert ("3.11.9", "Fake CPU <1>") == (body["machine_info"]["python_version"], body["machine_info"]["processor"])
    assert runs["a"].started == body["datetime"]


def test_names_from_outside_do_nothing(tmp_path):
    """A codec's name may hold anything; the case's id is ASCII."""
    case = fakes.case('a"\ud800\n</script>[1]', "x/y")
    run = fakes.run([fakes.measured(case, fakes.even_workers(1_000))])
    for name in ("a", "b"):
        (tmp_path / f"{name}.json").write_text(PytestBenchmark().render(build(run)), encoding="utf-8")
    text = compared(tmp_path)
    assert 2 == text.count(case.id)
    assert "benchmark 'x%2Fy/decode': 2 tests" in text
