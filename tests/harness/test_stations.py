"""Conditions with real workers: each has workers of its own, in which it holds while calls are timed."""

from __future__ import annotations

import pytest

from serbench.harness.plan import Setting
from serbench.histogram import Histogram
from serbench.records.cases import Status
from sessions import by_id, planned, session

HEAP = 500
LINES = 40
"""The last ones of a worker are all from calls that were timed or led in to them."""

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
                frozen, threads = gc.get_freeze_count() > 0, threading.active_count() > 1
                found.write(f"{{alive}} {{gc.isenabled()}} {{frozen}} {{threads}}\\n")
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

# Settings, and whether there is a heap, the collector is on, and threads measure.
SETTINGS = {
    Setting(): (False, "True", "False"),
    Setting(gc="off"): (False, "False", "False"),
    Setting(heap_objects=HEAP): (True, "True", "False"),
    Setting(threads=2): (False, "True", "True"),
    Setting(heap_objects=HEAP, gc="off", threads=2): (True, "False", "True"),
}


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """A session of all these settings: its last state, and what its workers saw in their calls."""
    folder = tmp_path_factory.mktemp("stations")
    (folder / "sees.py").write_text(SEES.format(folder=str(folder)))
    plan = planned(folder, ["sees"], settings=tuple(SETTINGS), file=str(folder / "sees.py"))
    for told in folder.glob("*.seen"):
        told.unlink()  # of the worker that told what the file has
    final = list(session(plan, seconds=6.0, timeout=5.0).run())[-1]
    found = [path.read_text().splitlines() for path in sorted(folder.glob("*.seen"))]
    return final, [[line.split() for line in lines[-LINES:]] for lines in found if len(lines) > 4 * LINES]


def test_every_condition_is_measured(seen):
    """Under an id of its own."""
    final, _ = seen
    ends = {case: (m.status, m.reason) for case, m in by_id(final).items()}
    conditions = ("", "?gc=off", f"?heap={HEAP}", "?threads=2", f"?gc=off&heap={HEAP}&threads=2")
    assert {f"sees/note/decode{one}": (Status.MEASURED, "") for one in conditions} == ends


def test_each_condition_has_workers_of_its_own(seen):
    """In none of them is another one met: what a worker saw in its last calls is one condition, throughout."""
    _, workers = seen
    met = [{(int(alive) >= HEAP, on, threads) for alive, on, _, threads in lines} for lines in workers]
    assert {1} == {len(one) for one in met}
    assert set(SETTINGS.values()) == set.union(*met)


def test_heap_objects_are_alive_while_calls_are_timed(seen):
    """All of them and hardly anything else; without a heap next to nothing is, and no less than what was asked for."""
    _, workers = seen
    counts = [int(alive) for lines in workers for alive, *_ in lines]
    assert {True, False} == {count >= HEAP for count in counts}
    assert [] == [count for count in counts if 5 < count < HEAP or count > HEAP + 5]


def test_what_the_harness_holds_is_out_of_the_collectors_sight(seen):
    """Under every condition: only what a user's heap would have is traversed."""
    _, workers = seen
    assert {"True"} == {frozen for lines in workers for _, _, frozen, _ in lines}


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
