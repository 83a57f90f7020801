"""Real runs and workers that are killed at seeded moments: what is saved is whole, nothing survives, and it goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from random import Random

import pytest

from serbench.harness import strays
from serbench.records.cases import Status
from serbench.store import files
from sessions import by_id, planned, session

LIMIT_SECONDS = 120
GONE_SECONDS = 20
OPTIONS = ("--op", "decode,encode", "--instances", "4", "--budget", "6s", "--seed", "5")
DRIVER = """
import sys
import serbench

def watch(event):
    print(event.phase, event.round, flush=True)

def after_round(run):
    print("saved", len(run.rounds), flush=True)

what, folder = sys.argv[1:]
told = {"watch": watch, "after_round": after_round, "folder": folder}
if what == "resume":
    serbench.resume(**told)
else:
    asked = {"codecs": ["orjson", "json"], "operations": ["decode", "encode"], "instances": 4, "budget": 6, "seed": 5}
    serbench.run("ping", **asked, **told)
"""
needs_proc = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="processes are looked at through /proc")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Where the catalogue is kept, so that a run is under way at once; and what a run that is killed leaves behind."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def start(tmp_path, cache):
    """Starts runs in a folder; those that the test has not ended are killed."""
    started = []

    def start(*command):
        environment = os.environ | {"XDG_CACHE_HOME": str(cache), "TMPDIR": str(cache)}
        with (tmp_path / "output").open("wb") as output, (tmp_path / "errors").open("wb") as errors:
            started.append(
                subprocess.Popen(
                    [sys.executable, *command], cwd=tmp_path, env=environment, stdout=output, stderr=errors
                )
            )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait(LIMIT_SECONDS)


def survivors(pid):
    """Workers of a run that has been killed, once they had time to go."""
    deadline = time.monotonic() + GONE_SECONDS
    while (found := list(workers_of(pid))) and time.monotonic() < deadline:
        time.sleep(0.02)
    return found


def workers_of(pid):
    """Processes that have the mark of that run."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
            except OSError:
                continue
            if any(one.startswith(f"{strays.MARK}={pid}-".encode()) for one in environment):
                yield int(entry.name)


def killed(process, seconds):
    """Ends a run after that time; False where it had come to its end by then. No worker survives it."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(LIMIT_SECONDS)
        assert [] == survivors(process.pid)
        return True
    return False


def ended(process, code=0):
    """Waits for a run to come to its end."""
    assert code == process.wait(LIMIT_SECONDS)


def measured(run):
    """Everything that workers have measured, by case, worker by worker and byte for byte."""
    return {m["case"]["id"]: [json.dumps(worker) for worker in m.get("workers", ())] for m in run["measurements"]}


def goes_on(before, after):
    """Whether one state of a run follows from another: rounds and workers of before are there as they were."""
    assert before["rounds"] == after["rounds"][: len(before["rounds"])]
    assert list(range(1, len(after["rounds"]) + 1)) == [made["n"] for made in after["rounds"]]
    for case, workers in measured(before).items():
        assert workers == measured(after)[case][: len(workers)]
    assert (before["id"], before["started"], before["command"]) == (after["id"], after["started"], after["command"])
    assert before["noise"]["calls"] <= after["noise"]["calls"]


def complete(folder, before):
    """What a run has come to that follows from an earlier state of it."""
    run = json.loads((folder / "run.json").read_text())
    assert run["complete"]
    assert files.load(folder).complete
    assert {"measured"} == {m["status"] for m in run["measurements"]}
    goes_on(before, run)
    waves = [made["wave"] for made in run["rounds"]]
    assert waves == sorted(waves)
    assert before["rounds"][-1]["wave"] < waves[-1] or len(waves) == len(before["rounds"])
    assert (folder / "index.html").exists()
    return run


@needs_proc
@pytest.mark.parametrize("seed", [1])
def test_a_run_that_is_killed_again_and_again(start, tmp_path, seed):
    """From the command line: also while it is gone on with. What lies there is whole every time, and grows."""
    random, folder = Random(seed), tmp_path / "run"
    first = ("-m", "serbench", "run", "ping", "-c", "orjson,json", *OPTIONS, "--dir", "run", "-q")
    again = ("-m", "serbench", "run", "--resume", "--dir", "run", "-q")
    process, states = start(*first), []
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (folder / "run.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    for _ in range(2):
        assert killed(process, random.uniform(0.0, 1.2))
        saved = files.load(folder)
        assert not saved.complete
        states.append(json.loads((folder / "run.json").read_text()))
        process = start(*again)
    ended(process)
    goes_on(*states)
    complete(folder, states[-1])
    ended(start(*again), 2)
    assert "complete, nothing is left to go on with" in one_line(tmp_path)


def one_line(folder):
    """What a command said that ended before anything was measured."""
    assert "" == (folder / "output").read_text()
    (line,) = (folder / "errors").read_text().splitlines()
    assert line.startswith("serbench: ")
    return line


def told(folder):
    """The last round that was begun, and the last one that was told to be saved; 0 where there was none."""
    lines = [line.split() for line in (folder / "output").read_text().splitlines()]
    lines = [words for words in lines if len(words) == 2]  # the last one may be on its way
    begun = [int(n) for what, n in lines if what == "round"]
    return max(begun, default=0), max((int(n) for what, n in lines if what == "saved"), default=0)


@needs_proc
@pytest.mark.parametrize("seed", [3])
def test_a_round_is_lost_at_the_most(start, tmp_path, seed):
    """Told by the run itself until it was killed: all that was finished is in the file, whose rounds count on."""
    random, folder = Random(seed), tmp_path / "run"
    (tmp_path / "driver.py").write_text(DRIVER)
    states = []
    process = start("driver.py", "run", "run")
    for n in range(2):
        deadline = time.monotonic() + LIMIT_SECONDS
        while told(tmp_path)[1] < (states[-1] if n else 0) + 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        assert killed(process, random.uniform(0.0, 0.8))
        begun, saved = told(tmp_path)
        states.append(len(files.load(folder).rounds))
        assert max(saved, begun - 1) <= states[-1] <= begun
        process = start("driver.py", "resume", "run")
    before = json.loads((folder / "run.json").read_text())
    ended(process)
    assert len(complete(folder, before)["rounds"]) == told(tmp_path)[1]


@needs_proc
@pytest.mark.parametrize("seconds", [0.15, 0.5])
def test_a_kill_before_the_first_round(start, tmp_path, seconds):
    """There is no file yet, or a whole one; either way the folder can be measured into, or gone on with."""
    command = (
        "-m",
        "serbench",
        "run",
        "ping",
        "-c",
        "orjson",
        "--op",
        "decode",
        "--budget",
        "2s",
        "--dir",
        "run",
        "-q",
    )
    assert killed(start(*command), seconds)
    there = (tmp_path / "run" / "run.json").exists()
    ended(start(*command, *(["--resume"] if there else [])))
    assert files.load(tmp_path / "run").complete


@pytest.fixture(scope="module")
def cut_short(tmp_path_factory, cache):
    """The run.json of a run that was cut short."""
    folder = tmp_path_factory.mktemp("cut-short")
    command = [sys.executable, "-m", "serbench", "run", "ping", "-c", "orjson", *OPTIONS, "--dir", "run", "-q"]
    process = subprocess.Popen(
        command, cwd=folder, env=os.environ | {"XDG_CACHE_HOME": str(cache), "TMPDIR": str(cache)}
    )
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (folder / "run" / "run.json").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.wait(LIMIT_SECONDS)
    return json.loads((folder / "run" / "run.json").read_text())


def change_python(run):
    """Another version of it."""
    run["environment"]["python"]["version"] = "3.0.0"


def change_codec(run):
    """Another version of its library."""
    run["codecs"][0]["version"] = "0.0.1"


def change_messages(run):
    """Other ones, under the same name."""
    run["payloads"][0]["digest"] = "other"


def change_machine(run):
    """Another processor."""
    run["environment"]["machine"]["cpu_model"] = "Other"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (change_python, "Python: version was 3.0.0 and is "),
        (change_codec, "orjson was 0.0.1 and is "),
        (change_messages, "payload ping has other messages than it had"),
        (change_machine, "machine: cpu_model was Other and is "),
    ],
)
def test_what_is_not_as_it_was_is_not_gone_on_with(start, tmp_path, cut_short, change, words):
    """One line, exit 4, and the file is as it was; found in `reports` as in a folder that is named."""
    home = tmp_path / "reports" / "mine"
    home.mkdir(parents=True)
    run = json.loads(json.dumps(cut_short))
    change(run)
    (home / "run.json").write_text(json.dumps(run))
    before = (home / "run.json").read_bytes()
    for place in ((), ("--dir", "reports/mine")):
        ended(start("-m", "serbench", "run", "--resume", *place), 4)
        assert words in one_line(tmp_path)
    assert before == (home / "run.json").read_bytes()
    assert ["run.json"] == [path.name for path in home.iterdir()]


def test_nothing_to_go_on_with(start, tmp_path):
    """One line, exit 2, whether or not there is a place for it."""
    for place, words in (((), "no run in it was cut short"), (("--dir", "gone"), "gone: no such file")):
        ended(start("-m", "serbench", "run", "--resume", *place), 2)
        assert words in one_line(tmp_path)
    assert {"output", "errors"} == {path.name for path in tmp_path.iterdir()}


class Killer:
    """Kills workers of a session that tells it what it does.

    Args:
        moments: by the how manieth block: seconds after it was told, and whose worker.
        stop_at: at which block the session is asked to end.
    """

    def __init__(self, moments, stop_at):
        self.moments, self.stop_at, self.blocks, self.timers = moments, stop_at, 0, []
        self.session = None
        self.hit = []

    def watch(self, event):
        """A block begins."""
        if event.phase == "round":
            self.blocks += 1
            for seconds, codec in self.moments.get(self.blocks, ()):
                self.timers.append(threading.Timer(seconds, self.kill, [codec]))
                self.timers[-1].start()

    def kill(self, codec):
        """The worker of that codec, wherever it is."""
        for station, member in list(self.session.crew.members.items()):
            if station.codec == codec and member.link.alive:
                os.kill(member.link.pid, signal.SIGKILL)
                self.hit.append(member.link.pid)

    def run(self, plan):
        """The last state of the session."""
        about = {"seconds": 30.0, "timeout": 10.0, "watch": self.watch, "stop": lambda: self.blocks >= self.stop_at}
        self.session = session(plan, **about)
        final = list(self.session.run())[-1]
        for timer in self.timers:
            timer.join()
        return final


@needs_proc
@pytest.mark.parametrize("seed", range(2))
def test_a_worker_that_is_killed_costs_a_block(tmp_path, seed):
    """Its case goes on with another one and says so; other cases of it are as ever, and other codecs do not notice."""
    random = Random(seed)
    moments = {random.randint(6, 25): [(random.uniform(0, 0.02), codec)] for codec in ("orjson", "json")}
    killer = Killer(moments, 60)
    final = killer.run(planned(tmp_path, ["orjson", "json", "msgpack"], ["decode", "encode"]))
    assert {(Status.MEASURED, "")} == {(m.status, m.reason) for m in final.measurements}
    struck = [m.case.codec for m in final.measurements if "worker-killed" in [w.name for w in m.warnings]]
    # One that had nothing left to do when it was killed is missed by nobody.
    assert 1 <= len(set(struck)) == len(struck) <= len(killer.hit)
    rounds = sum(not made.repeated for made in final.rounds)
    for m in final.measurements:
        blocks = sum(len(worker.ns_per_call) for worker in m.workers)
        assert blocks >= rounds - (m.case.codec in struck)
        # One more than there were waves, if the one that was killed had come to a block of this case.
        assert len(m.workers) - len({worker.pair for worker in m.workers}) <= (m.case.codec in struck)
    assert [] == list(strays._marked())


def test_a_case_whose_worker_is_killed_twice_fails(tmp_path):
    """In words; the codec's other case is measured, with the words of what happened to its workers nowhere."""
    case, kills = "orjson/note/decode", []
    plan = planned(tmp_path, ["orjson", "json"], ["decode", "encode"])
    one = session(plan, seconds=30.0, timeout=10.0, stop=lambda: len(kills) > 12)

    def watch(event):
        if event.phase == "round":
            kills.append(event.case)
            if event.case == case and kills.count(case) in (1, 2):
                (member,) = (m for station, m in one.crew.members.items() if station.codec == "orjson")
                os.kill(member.link.pid, signal.SIGKILL)

    one.watch = watch
    final = by_id(list(one.run())[-1])
    failed = final.pop(case)
    assert (Status.FAILED, "killed by SIGKILL during block", ()) == (failed.status, failed.reason, failed.workers)
    assert ["worker-killed"] == [w.name for w in failed.warnings]
    assert {Status.MEASURED} == {m.status for m in final.values()}
    assert "worker-killed" not in [w.name for m in final.values() for w in m.warnings]
