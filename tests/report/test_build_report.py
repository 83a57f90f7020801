from dataclasses import replace

import pytest

import fake_reports as f
import fakes
from serbench import api
from serbench.errors import BadRunFile
from serbench.records.passes import Compressed, EncodedBytes
from serbench.records.samples import Disturbance
from serbench.report.build import build
from serbench.report.parts import Fact
from serbench.statistics.estimates import Missing


@pytest.fixture(scope="module")
def report():
    """The report of four codecs on one payload."""
    return build(fakes.order_run(calls=200))


def test_a_report_names_its_run_and_the_command_that_makes_it_again(report):
    """Identity, times and the command, quoted for a shell."""
    run = fakes.run([], command=("serbench", "run", "a b.json"))
    assert "serbench run 'a b.json'" == build(run).command
    assert ("20260102T030405Z-1a2b", "2026-01-02T03:04:05Z", True) == (report.run_id, report.started, report.complete)


def test_answers_stand_before_doubts(report):
    """The reader sees the answer first."""
    topics = [sentence.topic for sentence in report.sentences]
    assert ["parse", "serialise", "size", "doubt"] == list(dict.fromkeys(topics))


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["order"], "What serialization costs: 1 codec on order"),
        (["ping", "order", "chat"], "What serialization costs: 1 codec on ping, order and chat"),
        (["a", "b", "c", "d", "e", "f"], "What serialization costs: 1 codec on 6 payloads"),
    ],
)
def test_the_title_says_what_was_measured(names, expected):
    """Few payloads by name, many by number."""
    measurements = [fakes.measured(fakes.case("json", name), (fakes.worker([5_000] * 20, [5_000]),)) for name in names]
    assert expected == build(fakes.run(measurements)).title


def test_the_ground_has_what_is_known_of_machine_and_measuring(report):
    """Units are words, long lists are left to run.json, and the share of time inside blocks is worked out."""
    environment, measuring = dict(map(pair, report.ground.environment)), dict(map(pair, report.ground.measuring))
    assert "Fake CPU <1>" == environment["cpu model"]
    assert "8.00 GB" == environment["memory"]
    assert "3.11.9" == environment["Python version"]
    assert "orjson 3.10.1, protobuf 5.29.0" == environment["libraries"]
    assert "cpu flags" not in environment
    assert "an empty call reads 50.0 ns, 20.0 ns in batches" == measuring["floor"]
    assert "6 per case" == measuring["workers"]
    assert "21.0 of 31.5 s (67%)" == measuring["inside blocks"]


def test_the_ground_has_the_noise_and_what_the_sampler_means(report):
    """Passes that were made, and no disturbed round where there was none."""
    measuring = dict(map(pair, report.ground.measuring))
    assert measuring["sampler"].startswith("python (in Python, as the native one was not built")
    assert ("time", "none") == (measuring["passes"], measuring["disturbed rounds"])
    assert "noise" not in measuring
    measuring = dict(map(pair, build(fakes.run([], noise=f.NOISE)).ground.measuring))
    assert measuring["noise"].startswith("100,000 empty calls in 1.00 s: p50 20.0 ns")
    assert measuring["noise"].endswith(", on core 1")
    with pytest.raises(BadRunFile, match="its noise"):
        build(fakes.run([], noise=replace(f.NOISE, histogram="AAAA")))


def test_disturbed_rounds_are_counted_with_the_worst_of_them():
    """How many, how many of them again, and what other programs took at the most."""
    (calm,) = fakes.run([]).rounds
    met = [Disturbance(foreign_cpu=share, foreign_cpu_elsewhere=0.0, disturbed=True) for share in (0.1, 0.34)]
    rounds = (calm, *(replace(calm, disturbance=one, repeated=one is met[0]) for one in met))
    measuring = dict(map(pair, build(fakes.run([], rounds=rounds)).ground.measuring))
    told = "2 of 3, 1 of them measured again; at the most other programs took 34 % of the measuring core"
    assert told == measuring["disturbed rounds"]


def test_other_passes_have_their_tables():
    """One for each payload, where the pass was made."""
    run = replace(fakes.order_run(calls=100), passes=("time", "size", "cold"))
    made = build(run)
    assert (["order"], [], ["order"]) == tuple(
        [grid.payload for grid in grids] for grids in (made.sizes, made.memory, made.cold_starts)
    )


@pytest.mark.parametrize("output", ["html", "markdown", "table", "json", "csv"])
def test_a_run_that_timed_nothing_can_be_rendered(output):
    """Every output says that nothing was timed, and none ranks anything."""
    sizes = tuple(
        Compressed(
            method=method,
            level=level,
            messages=64,
            bytes_per_message=EncodedBytes(mean=size, median=size, min=size, max=size),
            ns_per_message=9_000.0,
        )
        for method, level, size in (("none", 0, 1_000), ("gzip", 6, 401))
    )
    measured = [replace(fakes.measured(fakes.case(name), ()), sizes=sizes) for name in ("json", "orjson")]
    text = api.report(fakes.run(measured, passes=("size",)), output)
    assert "not timed: the pass time was not asked for" in " ".join(text.split())
    assert "fastest" not in text.partition("<body>")[2]
    assert ("401" in text) == (output in {"html", "markdown", "table"})


def test_uncommitted_changes_are_told():
    """A commit alone would not make the numbers again."""
    dirty = replace(fakes.ENVIRONMENT, git={"commit": "0123abc", "dirty": True})
    ground = build(fakes.run([], environment=dirty)).ground
    assert Fact(label="git commit", value="0123abc with uncommitted changes") in ground.environment


def test_a_run_without_numbers_is_a_report_without_numbers():
    """Nothing measured: no table, no floor, and nothing breaks."""
    made = build(fakes.run([]))
    assert ((), ()) == (made.tables, made.curves)
    assert isinstance(made.ground.floor_ns, Missing)
    assert "What serialization costs: 0 codecs on nothing" == made.title


def pair(fact):
    """Label and value."""
    return fact.label, fact.value
