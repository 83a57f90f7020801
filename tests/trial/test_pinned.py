"""Workers measure on the measuring core, whatever this process has moved to meanwhile."""

from __future__ import annotations

import os
from random import Random

import pytest

from serbench.harness import cores, extras
from serbench.harness.plan import Setting
from serbench.records.cases import Operation
from serbench.trial.arms import Maker
from serbench.trial.proof import Proof
from sessions import planned, session, spooled

SPLIT = cores.split()
pytestmark = pytest.mark.skipif(not SPLIT.measuring, reason="nothing is pinned on one core")


def test_all_arms_of_a_proof_measure_on_one_core(tmp_path):
    """And this process keeps off it."""
    seen = set()
    maker = Maker(
        payloads=(spooled(tmp_path),),
        operations=(Operation.DECODE,),
        settings=(Setting(),),
        rng=Random(1),
        timeout=1.0,
        stop=lambda: False,
    )

    def look(phase, _case):
        if phase == "round":
            pids = [m.link.pid for arm in proof._made for m in arm.crew.members.values()]
            seen.update((frozenset(os.sched_getaffinity(pid)), frozenset(os.sched_getaffinity(0))) for pid in pids)

    codecs = planned(tmp_path, ["sound"]).codecs
    proof = Proof(maker=maker, codecs=codecs, seed=1, timeout=1.0, stop=lambda: False, tell=look, rounds=2)
    next(running := proof.run())
    running.close()
    assert {(SPLIT.measuring, SPLIT.others)} == seen
    assert {SPLIT.only} == {run.environment.machine["measuring_core"] for run in proof.runs().values()}
    assert SPLIT.everywhere == os.sched_getaffinity(0)


def test_passes_of_a_session_measure_there_too(tmp_path, monkeypatch):
    """They run while this process has moved aside."""
    given = []
    made = extras.Extras.__init__

    def note(self, **options):
        given.append(options["cores"])
        made(self, **options)

    monkeypatch.setattr(extras.Extras, "__init__", note)
    list(session(planned(tmp_path, ["sound"]), passes=("time", "memory")).run())
    assert [SPLIT] == given
