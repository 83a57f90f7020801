"""Conditions with real workers: each has workers of its own, in which it holds while calls are timed."""

from __future__ import annotations

from itertools import groupby

import pytest

from serbench.harness.plan import Setting
from serbench.histogram import Histogram
from serbench.records.cases import Status
from sessions import by_id, planned, session

HEAP = 500
FEW = 5
"""Documents that are in use at any moment, besides those of a heap."""

SEES = '''
import gc, json, os, threading, weakref
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from serbench.codecs.base import Bound

class Document:
    """What this codec decodes to; every one that is alive is known."""
    alive = weakref.WeakSet()

    def __init__(self, value):
        self.value = value

    @classmethod
    def loads(cls, data):
        made = cls(json.loads(data))
        if next(CALLS) % 5 == 0:
            alive = len(cls.alive)
            with FOUND.open("a") as found:
                collects = gc.isenabled() and gc.get_threshold()[0] < 1_000_000  # idle while a worker gets ready
                frozen, threads = gc.get_freeze_count() > 0, threading.active_count() > 1
                found.write(f"{{alive}} {{collects}} {{frozen}} {{threads}}\\n")
        if threading.current_thread() is threading.main_thread():
            cls.alive.add(made)
        return made

CALLS = count()
FOUND = Path({folder!r}) / f"{{os.getpid()}}.seen"

@dataclass(frozen=True, slots=True, kw_only=True)
class Sees:
    name: str = "sees"
    format: str = "json"
    distribution: str | None = None
    model: str = "typed"
    deviations: frozenset = frozenset()

    def bind(self, payload, /):
        return Bound(
            encode=lambda document: json.dumps(document.value).encode(),
            decode=Document.loads,
            build=Document,
            convert=lambda document: document.value,
        )

CODECS = (Sees(),)
'''

# What a worker sees, by setting: a heap, the collector on, what the harness holds frozen, threads. First what is looked
# at before anything is timed, then what a heap is built in, then a lead-in in the main thread, then the setting itself.
FIRST = (False, False, False, False)
BUILDING = (False, False, True, False)
SETTINGS = {
    Setting(): [FIRST, (False, True, True, False)],
    Setting(gc="off"): [FIRST, (False, False, True, False)],
    Setting(heap_objects=HEAP): [FIRST, BUILDING, (True, True, True, False)],
    Setting(threads=2): [FIRST, (False, True, True, False), (False, True, True, True)],
    Setting(heap_objects=HEAP, gc="off", threads=2): [
        FIRST,
        BUILDING,
        (True, False, True, False),
        (True, False, True, True),
    ],
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """A session of all these settings: its last state, and what each worker saw in its calls, one after another.

    What it saw is a list of stretches of the same: what that was, and how many documents were alive at its calls.
    """
    folder = tmp_path_factory.mktemp("stations")
    (folder / "sees.py").write_text(SEES.format(folder=str(folder)))
    plan = planned(folder, ["sees"], settings=tuple(SETTINGS), file=str(folder / "sees.py"))
    for told in folder.glob("*.seen"):
        told.unlink()  # of the worker that told what the file has
    final = list(session(plan, seconds=6.0, timeout=5.0).run())[-1]
    return final, [_stretches(path.read_text().splitlines()) for path in sorted(folder.glob("*.seen"))]


def _stretches(lines):
    told = []
    for line in lines:
        alive, *facts = line.split()
        told.append(((int(alive) >= HEAP, *(fact == "True" for fact in facts)), int(alive)))
    return [(what, [alive for _, alive in some]) for what, some in groupby(told, key=lambda one: one[0])]


def test_every_condition_is_measured(seen):
    """Under an id of its own."""
    final, _ = seen
    ends = {case: (m.status, m.reason) for case, m in by_id(final).items()}
    conditions = ("", "?gc=off", f"?heap={HEAP}", "?threads=2", f"?gc=off&heap={HEAP}&threads=2")
    assert {f"sees/note/decode{one}": (Status.MEASURED, "") for one in conditions} == ends


def test_each_condition_has_workers_of_its_own(seen):
    """In none of them is another one met: each goes the way of one setting, as far as the session lets it."""
    _, workers = seen
    ways = [[what for what, _ in stretches] for stretches in workers]
    assert [] == [way for way in ways if way not in [whole[: len(way)] for whole in SETTINGS.values()]]
    assert [] == [way for way in SETTINGS.values() if way not in ways]


def test_heap_objects_are_alive_while_calls_are_timed(seen):
    """All of them and hardly anything else; without a heap next to nothing is, and no less than what was asked for."""
    _, workers = seen
    with_heap = [count for stretches in workers for what, alive in stretches if what[0] for count in alive]
    without = [count for way in workers for what, alive in way if not what[0] and what != BUILDING for count in alive]
    assert HEAP <= min(with_heap)
    assert max(with_heap) <= HEAP + FEW
    assert max(without) <= FEW


def test_what_the_harness_holds_is_out_of_the_collectors_sight(seen):
    """Under every condition, from before a heap is built: only what a user's heap would have is traversed."""
    _, workers = seen
    frozen = [[what[2] for what, _ in stretches] for stretches in workers]
    assert [] == [one for one in frozen if one != [False] + [True] * (len(one) - 1)]


def test_threads_add_up_to_their_worker(seen):
    """Each has a histogram of its own; a worker of one thread has none beside its own."""
    final, _ = seen
    for case, m in by_id(final).items():
        threads = m.case.conditions.threads
        for worker in m.workers:
            assert (threads if threads > 1 else 0) == len(worker.threads), case
            if worker.threads:
                assert worker.histogram == Histogram.merge(one.histogram for one in worker.threads).encode()
                assert worker.calls == sum(one.calls for one in worker.threads)
                assert {len(worker.ns_per_call)} == {len(one.ns_per_call) for one in worker.threads}


def test_a_thread_that_fails_fails_the_case(tmp_path):
    """As one that is alone: the error is told, the other cases are measured."""
    plan = planned(tmp_path, ["raises"], ["decode", "encode"], settings=[Setting(threads=2)])
    final = by_id(list(session(plan).run())[-1])
    assert "ValueError: the 400th call" in final["raises/note/decode?threads=2"].reason
    assert Status.MEASURED is final["raises/note/encode?threads=2"].status
