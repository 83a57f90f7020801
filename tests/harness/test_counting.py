"""Instructions, counted by the real callgrind where it is installed."""

from __future__ import annotations

import pytest

from serbench.harness import instructions
from serbench.records.cases import Operation
from sessions import planned, session

pytestmark = pytest.mark.skipif(bool(instructions.obstacle()), reason=instructions.obstacle() or "valgrind works")
LIMIT_SECONDS = 60.0


def counts(plan, codec):
    """Instructions per call of a codec's cases, by operation."""
    (info,) = [info for info in plan.codecs if info.name == codec]
    found = instructions.count(
        [case for case in plan.cases if case.codec == codec],
        source=info.source,
        payloads={payload.info.name: payload for payload in plan.payloads},
        seconds=LIMIT_SECONDS,
        on=frozenset(),
        stop=lambda: False,
    )
    return {one.case.operation: one for one in found}


def test_counts_are_the_same_again(tmp_path):
    """Within half of what is tolerated."""
    plan = planned(tmp_path, ["orjson"])
    first, again = (counts(plan, "orjson")[Operation.DECODE] for _ in range(2))
    assert "" == first.reason
    assert first.instructions_per_call == pytest.approx(again.instructions_per_call, rel=0.0025)
    assert 1_000 < first.instructions_per_call < 1_000_000


def test_what_dies_while_it_is_counted_costs_its_case_only(tmp_path):
    """The pass says so, and another codec's cases have theirs."""
    plan = planned(tmp_path, ["dies", "sound"])
    final = list(session(plan, seconds=40.0, passes=("size", "instructions")).run())[-1]
    by_codec = {m.case.codec: m for m in final.measurements}
    assert by_codec["sound"].instructions
    assert by_codec["dies"].instructions is None
    assert ["no-instructions"] == [c.name for c in by_codec["dies"].warnings if c.name.startswith("no-")]


def test_a_budget_that_is_over_is_told(tmp_path):
    """Each case that was not come to has that for a reason."""
    plan = planned(tmp_path, ["orjson"])
    (info,) = plan.codecs
    payloads = {payload.info.name: payload for payload in plan.payloads}
    options = {"source": info.source, "payloads": payloads, "on": frozenset(), "stop": lambda: False}
    (one,) = instructions.count(list(plan.cases), seconds=0.0, **options)
    assert "the time for instructions was over" == one.reason
