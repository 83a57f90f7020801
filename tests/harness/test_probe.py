"""What may be expected of a run, from a short look with real workers."""

from __future__ import annotations

import pytest

from serbench.errors import Interrupted
from serbench.harness import memory, probe
from sessions import planned


def never():
    """Nobody asks for the end."""
    return False


def test_calls_follow_from_how_long_one_takes(tmp_path):
    """The time inside blocks, shared by all cases, over what a call and its readings take."""
    plan = planned(tmp_path, ["orjson"])
    short, long = (probe.prospect(plan, seconds, ("time",), never) for seconds in (20.0, 200.0))
    (case,) = plan.cases
    assert {case.id} == set(short.ns_per_call) == set(short.floor_ns) == set(short.calls)
    assert 10 < short.ns_per_call[case.id] < 1_000_000
    # A call may take ten times as long in one of the two looks; what all calls take together follows from the time.
    took = [
        found.calls[case.id] * (found.ns_per_call[case.id] + 2 * found.floor_ns[case.id]) for found in (short, long)
    ]
    assert took[0] < took[1]
    assert 6 <= short.workers <= long.workers


def test_a_longer_call_leaves_fewer():
    """A call of a millisecond is its own batch; and every worker has a block, however short the time is."""
    assert 0.75e9 / 120 == pytest.approx(probe._calls(1.0, 100.0, 10.0, 6))
    assert 1e9 / 2_000_020 == pytest.approx(probe._calls(1.0, 2e6, 10.0, 6))  # long calls are single ones
    assert probe._calls(0.0, 100.0, 10.0, 6) == 6


def test_what_cannot_be_called_is_foretold(tmp_path):
    """With the reason that the run would give."""
    plan = planned(tmp_path, ["orjson", "bind-dies", "lies"])
    found = probe.prospect(plan, 20.0, ("time",), never)
    problems = {case_id.partition("/")[0]: reason for case_id, reason in found.problems.items()}
    assert {"bind-dies", "lies"} == set(problems)
    assert "killed by SIGKILL during bind" == problems["bind-dies"]
    assert "instance 0" in problems["lies"]


def test_what_is_not_carried_is_foretold_and_takes_no_time(tmp_path):
    """It is no failure, and the others have all of the budget."""
    found = probe.prospect(planned(tmp_path, ["orjson", "refuses"]), 20.0, ("time",), never)
    assert {"refuses/note/decode": "lines[].n: numbers are not its thing"} == found.skipped
    assert ({}, {"orjson/note/decode"}) == (found.problems, set(found.calls))


def test_without_time_nothing_is_called(tmp_path):
    """The other passes take what they are given."""
    assert probe.Prospect() == probe.prospect(planned(tmp_path, ["orjson"]), 20.0, ("size",), never)


def test_the_end_can_be_asked_for(tmp_path):
    """Ctrl-C while a plan is made."""
    with pytest.raises(Interrupted):
        probe.prospect(planned(tmp_path, ["orjson"]), 20.0, ("time",), lambda: True)


def test_payloads_that_do_not_fit_together_are_called_group_by_group(tmp_path, monkeypatch):
    """A worker is not asked for what another group has, and a codec that fails in one is foretold there."""
    monkeypatch.setattr(memory, "groups_that_fit", lambda payloads, *_: [[payload] for payload in payloads])
    plan = planned(tmp_path, ["orjson", "lies"], payloads=("note", "memo"))
    found = probe.prospect(plan, 20.0, ("time",), never)
    assert {"orjson/note/decode", "orjson/memo/decode"} == set(found.ns_per_call)
    assert {"lies/note/decode", "lies/memo/decode"} == set(found.problems)
    assert all("instance 0" in reason for reason in found.problems.values())
