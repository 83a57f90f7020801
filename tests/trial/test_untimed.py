"""What needs no clock is measured of one side, as far as this machine has what it takes."""

from __future__ import annotations

from random import Random

import pytest

from serbench.harness import instructions
from serbench.harness.crew import Kit, Times
from serbench.harness.link import Stopped
from serbench.harness.pairs import alternating
from serbench.harness.plan import Setting
from serbench.records.cases import Operation
from serbench.sides.base import HERE
from serbench.trial import untimed
from serbench.trial.arms import Maker
from sessions import planned, spooled

CASES = ["sound/note/encode", "sound/note/decode"]


@pytest.fixture
def side(tmp_path):
    """An arm that has been verified, and what measures it."""
    maker = Maker(
        payloads=(spooled(tmp_path),),
        operations=(Operation.ENCODE, Operation.DECODE),
        settings=(Setting(),),
        rng=Random(1),
        timeout=1.0,
        stop=lambda: False,
    )
    arm = maker.arm("base", planned(tmp_path, ["sound"]).codecs, launch=HERE)
    options = {"cores": maker.cores, "timeout": 1.0, "stop": lambda: False, "tell": lambda _phase, _case: None}
    alternating([arm], rng=Random(1), **options).get_ready(Times(prepare=5.0, verify=5.0))

    def measure(passes, **changes):
        return untimed.measure(arm, Kit(launch=HERE), passes, **(options | changes))

    return arm, measure


def found(arm, name):
    """What a pass found, of every case."""
    return [getattr(m, name) for m in arm.ledger.measurements("not measured")]


def test_only_passes_that_are_asked_for_are_made(side):
    """Memory of each case, told as it goes; nobody asked for instructions, so nothing stands in their way."""
    arm, measure = side
    told = []
    assert "" == measure({}, tell=lambda *said: told.append(said))
    assert [] == told
    assert "" == measure({"memory": 4.0}, tell=lambda *said: told.append(said))
    assert [("memory", case) for case in CASES] == sorted(told, reverse=True)
    assert all(found(arm, "memory"))
    assert [None, None] == found(arm, "instructions")


def test_without_the_tool_the_other_passes_are_made(side, monkeypatch):
    """The obstacle is what comes back, and instructions are nobody's."""
    monkeypatch.setenv("PATH", "")
    instructions.obstacle.cache_clear()
    arm, measure = side
    told = []
    why = measure({"instructions": 5.0, "memory": 4.0}, tell=lambda *said: told.append(said))
    assert "" == measure({"memory": 4.0})
    instructions.obstacle.cache_clear()
    assert "valgrind is not installed" == why or "instructions are not counted" in why
    assert {"memory"} == {phase for phase, _ in told}
    assert all(found(arm, "memory"))


def test_somebody_may_end_it_after_any_case(side):
    """The others are not begun; after the last it is ended as well."""
    arm, measure = side
    told = []
    with pytest.raises(Stopped):
        measure({"memory": 4.0}, stop=lambda: bool(told), tell=lambda *said: told.append(said))
    assert 1 == len(told)
    assert [True, False] == sorted(map(bool, found(arm, "memory")), reverse=True)
    with pytest.raises(Stopped):
        measure({"memory": 4.0}, stop=lambda: len(told) > 2, tell=lambda *said: told.append(said))
    assert 3 == len(told)
