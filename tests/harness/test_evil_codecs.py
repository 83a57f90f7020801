"""Codecs that do something to their process: their own cases fail in words or say so, others are measured as ever."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import evil_codecs
from serbench.harness import memory, strays
from serbench.records.cases import Status
from sessions import EVIL, by_id, planned, session

GONE_SECONDS = 20
FAILING = {
    "segfaults": (Status.FAILED, "killed by SIGSEGV during "),
    "exits": (Status.FAILED, "ended by itself with exit code 3 during "),
    "hangs": (Status.FAILED, "no answer within 1.0"),
    "wrong_type": (Status.INCORRECT, "encode returned int, which is no bytes-like object"),
    "allocates": (Status.FAILED, "ran out of memory (limit 1.0 GB) during "),
    "closes_all": (Status.FAILED, "closed every file descriptor, those of the worker protocol among them, during "),
}
NAMED = {
    "prints": "prints",
    "closes_standard": "moves-descriptors",
    "redirects": "moves-descriptors",
    "threads": "starts-threads",
    "seldom_forks_waits": "starts-processes",
    "forks_leaves": "starts-processes",
    "starts_bare": "starts-processes",
    "seldom_forks_returns": "starts-processes",
    "collector_off": "changes-collector",
    "thresholds": "changes-collector",
}
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are looked at through /proc")


@pytest.fixture(autouse=True)
def _unwatched(monkeypatch):
    """No coverage of workers: it saves in os._exit, and so makes a child of each call a hundred times as slow."""
    for name in ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"):
        monkeypatch.setenv(name, "")


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """Measures a codec beside a sound one and another; whatever it does, nothing of it is left in the end."""
    monkeypatch.setenv(evil_codecs.LEFT, str(tmp_path / "left"))
    monkeypatch.setattr(memory, "limit", lambda: 1_000_000_000)
    before = children()

    def measure(name, *, timeout=1.0):
        plan = planned(tmp_path, [name, "sound", "orjson"], ["encode", "decode"], file=EVIL)
        return list(session(plan, seconds=2.5, timeout=timeout).run())[-1]

    yield measure
    assert [] == left_over(tmp_path / "left", before)


def children():
    """Of this process, ended ones among them; a browser of other tests may be one."""
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def left_over(left, before):
    """Processes with this run's mark, new children of this one, and what a codec has left, once they had time to go."""
    deadline = time.monotonic() + GONE_SECONDS
    while (found := _left_over(left, before)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def _left_over(left, before):
    wrote = left.read_text().split() if left.exists() else []
    still = [pid for pid in wrote if Path(f"/proc/{pid}").exists() and _sleeps_for_us(pid)]
    return [*map(str, strays._marked()), *(set(children()) - set(before)), *still]


def _sleeps_for_us(pid):
    """Whether that number is still the process that had it."""
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return b"serbench.worker" in command or command.startswith(b"/bin/sleep")


def statuses(final, *codecs):
    """How the cases of these codecs ended."""
    return {(m.status, m.reason) for m in final.measurements if m.case.codec in codecs}


@pytest.mark.parametrize("name", FAILING)
def test_what_cannot_be_measured_fails_in_words(measured, name):
    """In a line; all other cases are measured, the same codec's decode among them, in which it does nothing."""
    final = measured(name)
    case = by_id(final)[f"{name}/note/encode"]
    status, words = FAILING[name]
    assert (status, ()) == (case.status, case.workers)
    assert words in case.reason
    assert "\n" not in case.reason
    assert {(Status.MEASURED, "")} == statuses(final, "sound", "orjson")
    decode = by_id(final)[f"{name}/note/decode"]
    assert (Status.INCORRECT if name == "wrong_type" else Status.MEASURED) is decode.status
    assert final.finished


@pytest.mark.parametrize("name", NAMED)
def test_what_can_be_measured_is_named(measured, name):
    """Beside its numbers; the others' are there without a word of it, from every wave."""
    final = measured(name, timeout=20.0)
    case = by_id(final)[f"{name}/note/encode"]
    assert (Status.MEASURED, "") == (case.status, case.reason)
    assert case.workers
    cautions = {w.name: w.text for w in case.warnings}
    assert NAMED[name] in cautions
    assert {(Status.MEASURED, "")} == statuses(final, "sound", "orjson")
    others = {w.name for m in final.measurements if m.case.codec != name for w in m.warnings}
    assert set() == others & set(NAMED.values())
    assert {made.wave for made in final.rounds} == {
        worker.pair for m in final.measurements if m.case.codec == "sound" for worker in m.workers
    }


def test_a_sound_codec_has_no_word_said_of_it(measured):
    """By itself, in the same file."""
    final = measured("wrong_type")
    told = {w.name for m in final.measurements if m.case.codec == "sound" for w in m.warnings}
    assert set() == told & set(NAMED.values())


@pytest.mark.thorough
def test_all_of_them_at_once(tmp_path, monkeypatch):
    """A whole file of them in one run: each has its end, and the sound one is measured."""
    monkeypatch.setenv(evil_codecs.LEFT, str(tmp_path / "left"))
    monkeypatch.setattr(memory, "limit", lambda: 1_000_000_000)
    before = children()
    names = [*FAILING, *NAMED, "sound"]
    plan = planned(tmp_path, names, ["encode"], file=EVIL)
    final = list(session(plan, seconds=16.0, timeout=6.0).run())[-1]
    expected = {name: FAILING.get(name, (Status.MEASURED, ""))[0] for name in names}
    assert [] == [(m.case.id, m.status, m.reason) for m in final.measurements if expected[m.case.codec] != m.status]
    assert [] == left_over(tmp_path / "left", before)
