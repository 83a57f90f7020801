"""Processes that codecs leave: the mark finds them wherever they have gone, and spares everybody else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from serbench.harness import strays
from serbench.harness.link import Link

LONG = 60.0
SLEEP = "import sys, time; print('up', flush=True); time.sleep(300)"
pytestmark = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system shows no environments")


@pytest.fixture
def start():
    """Starts processes in sessions of their own; those that the test has not ended are killed."""
    started = []

    def start(program=SLEEP, **variables):
        environment = {name: value for name, value in os.environ.items() if name != strays.MARK} | variables
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", program],
                env=environment,
                start_new_session=True,
                stdout=subprocess.PIPE,
                text=True,
            )
        )
        assert "up\n" == started[-1].stdout.readline()  # its environment is its own by now
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(LONG)
        process.stdout.close()


def test_who_has_the_mark_is_ended(start):
    """In a session of its own, out of reach of what is sent to a group."""
    marked = start(**{strays.MARK: strays.TOKEN})
    assert 1 == strays.end(workers=())
    assert -signal.SIGKILL == marked.wait(LONG)
    assert 0 == strays.end(workers=())


def test_others_are_left_alone(start):
    """No mark, that of another run, or one that only begins or ends like this one."""
    others = [
        start(),
        start(**{strays.MARK: "1-0123456789abcdef"}),
        start(**{strays.MARK: strays.TOKEN + "0"}),
        start(**{f"X{strays.MARK}": strays.TOKEN}),
        start(OTHER=f"{strays.MARK}={strays.TOKEN}"),
    ]
    assert 0 == strays.end(workers=())
    assert [None] * len(others) == [process.poll() for process in others]


def test_workers_that_are_needed_are_spared(start):
    """Not those that they have started: these have the mark from them."""
    worker = start(
        f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {SLEEP!r}]).wait()",
        **{strays.MARK: strays.TOKEN},
    )
    assert 1 == strays.end(workers=[worker.pid])
    assert 0 == worker.wait(LONG)


def test_this_process_is_no_stray(monkeypatch):
    """Even if it is the worker of somebody else."""
    monkeypatch.setattr(strays, "_marked", lambda: iter([os.getpid()]))
    assert 0 == strays.end(workers=())


UNTIL_ALONE = "import sys; print('up', flush=True); sys.stdin.read()"  # it ends with who has started it
NEST = f"""
import subprocess, sys
command = [sys.executable, '-c', {UNTIL_ALONE!r}]
subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True).wait()
"""


def test_descendants_are_found_in_every_generation(start):
    """In sessions of their own as well; neither the roots nor anybody else's."""
    parent, other = start(NEST), start()
    found = strays.descendants({parent.pid: strays.started(parent.pid)})
    (child,) = found
    assert {child: strays.started(child)} == found
    assert {parent.pid, other.pid, child} <= set(strays.descendants({os.getpid(): strays.started(os.getpid())}))


def test_a_family_is_ended_and_its_root_is_not(start):
    """Its own end is another's matter; it was not waited for here."""
    parent, other = start(NEST), start()
    began = strays.started(parent.pid)
    (child,) = strays.descendants({parent.pid: began})
    strays.end_family(parent.pid, began, {})
    assert {} == strays.descendants({parent.pid: began})
    assert 0 == parent.wait(LONG)  # its child has gone, and it is at its end
    assert None is strays.started(child)
    assert None is other.poll()


def test_looking_for_what_to_stop_comes_to_an_end(monkeypatch):
    """Where there is somebody new each time one looks."""
    ids, told = iter(range(1, 100)), []
    monkeypatch.setattr(strays, "descendants", lambda _: {next(ids): 7})
    monkeypatch.setattr(strays, "tell", lambda processes, _: told.append(processes))
    assert {1: 7, 2: 7, 3: 7, 4: 7} == strays.stop_family(17, 7)
    assert [{1: 7}, {2: 7}, {3: 7}, {4: 7}] == told


def test_who_is_remembered_is_ended_without_a_root(start):
    """The worker has gone, and nobody descends from it any more."""
    child = start()
    strays.end_family(0, None, {child.pid: strays.started(child.pid)})
    assert -signal.SIGKILL == child.wait(LONG)


def test_a_process_that_has_anothers_id_is_left_alone(start):
    """An id is used again: the time of the start tells them apart, in roots and in what is remembered."""
    parent = start(NEST)
    earlier = strays.started(parent.pid) - 1
    assert {} == strays.descendants({parent.pid: earlier})
    strays.end_family(parent.pid, earlier, {parent.pid: earlier})
    strays.tell({parent.pid: earlier}, signal.SIGKILL)
    assert None is parent.poll()
    assert 1 == len(strays.descendants({parent.pid: earlier + 1}))


def test_what_does_not_end_is_not_waited_for(monkeypatch, start):
    """A process that no signal reaches: a second, and on."""
    parent = start(NEST)
    monkeypatch.setattr(strays, "_END_SECONDS", 0.02)
    monkeypatch.setattr(strays, "tell", lambda *_: None)
    strays.end_family(parent.pid, strays.started(parent.pid), {})
    assert 1 == len(strays.descendants({parent.pid: strays.started(parent.pid)}))


def test_every_worker_has_the_mark():
    """From its start, and whoever it starts has it as well."""
    link = Link(on=frozenset(), hash_seed=1)
    try:
        link.ask({"do": "floor"}, patience=LONG, stop=lambda: False)
        assert link.pid in set(strays._marked())
    finally:
        link.kill()


def test_no_run_has_the_mark_of_another():
    """It names the process and something that nobody can guess."""
    program = "from serbench.harness import strays; print(strays.TOKEN)"
    tokens = {
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert 2 == len(tokens - {strays.TOKEN})
    assert strays.TOKEN.startswith(f"{os.getpid()}-")


def test_a_system_that_shows_nothing(monkeypatch, tmp_path):
    """There is nothing to be found, and no error."""
    monkeypatch.setattr(strays, "_PROC", tmp_path / "none")
    assert 0 == strays.end(workers=())
    (tmp_path / "none" / "17").mkdir(parents=True)
    (tmp_path / "none" / "self").mkdir()
    assert 0 == strays.end(workers=())
    assert None is strays.started(17)
    assert {} == strays.descendants({17: None})
    strays.end_family(17, None, {17: 1})
