from dataclasses import replace

import pytest

import fakes
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
