"""One core measures, the orchestrator stays on the others; where that cannot be, nothing happens."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from serbench.harness import cores
from serbench.harness.cores import Cores

USABLE = frozenset(getattr(os, "sched_getaffinity", lambda _: ())(0))
can_pin = pytest.mark.skipif(len(USABLE) < 2, reason="there is one core, or the system cannot pin")
SPLIT = Cores(measuring=frozenset({7}), others=frozenset({2, 3}))


@pytest.mark.parametrize(
    ("usable", "expected"),
    [
        ({7, 2, 3}, SPLIT),
        ({4, 0}, Cores(measuring=frozenset({4}), others=frozenset({0}))),
        ({5}, Cores()),
    ],
)
def test_the_last_usable_core_measures(monkeypatch, usable, expected):
    """The highest number that this process may use, whatever others the machine has; one core cannot be split."""
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: usable, raising=False)
    assert expected == cores.split()


def test_a_system_that_cannot_pin_is_not_split(monkeypatch):
    """As macOS, which has no such call."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    assert Cores() == cores.split()


def test_everywhere_is_all_of_them():
    """Both parts together; nowhere where there is no split."""
    assert (frozenset({2, 3, 7}), frozenset()) == (SPLIT.everywhere, Cores().everywhere)


@can_pin
def test_a_process_is_moved():
    """To the cores that are said; no cores leave it where it is."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        for core in USABLE:
            cores.pin(process.pid, frozenset({core}))
            cores.pin(process.pid, frozenset())
            assert {core} == os.sched_getaffinity(process.pid)
    finally:
        process.communicate(timeout=60)


@can_pin
def test_what_cannot_be_moved_stays():
    """A process that has gone, and a core that is none, are no errors."""
    process = subprocess.Popen([sys.executable, "-c", "pass"])
    process.wait(60)
    cores.pin(process.pid, USABLE)
    cores.pin(os.getpid(), frozenset({9_999}))
    assert USABLE == os.sched_getaffinity(0)


@can_pin
def test_the_orchestrator_steps_aside_and_comes_back():
    """Also where what it does meanwhile fails, and to where it was and not to all cores."""
    split = cores.split()
    with pytest.raises(KeyError), cores.aside(split):
        raise KeyError
    assert USABLE == os.sched_getaffinity(0)
    with cores.aside(split):
        assert split.others == os.sched_getaffinity(0)
        with cores.aside(Cores(measuring=split.others, others=split.measuring)):
            assert split.measuring == os.sched_getaffinity(0)
        assert split.others == os.sched_getaffinity(0)
    assert USABLE == os.sched_getaffinity(0)


def test_nowhere_to_step_aside(monkeypatch):
    """Without a split nothing is called that a system may not have."""
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.delattr(os, "sched_setaffinity", raising=False)
    with cores.aside(Cores()):
        assert cores.pin(os.getpid(), frozenset()) is None
