"""The orchestrator's end of a real worker: what it answers, how it died in words, and that nothing of it stays."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from pathlib import Path

import pytest

from codec_files import codec_file
from serbench.errors import WorkerFailure
from serbench.harness import link as link_module
from serbench.harness.link import Link, LinkFailure, Stopped, close_all, wait_any
from serbench.schema import spool
from serbench.schema.types import Scalar, Schema, record
from serbench.worker import protocol

LONG = 60.0
CORES = sorted(getattr(os, "sched_getaffinity", lambda _: ())(0))
SLEEP = "import time; time.sleep(60)\n"
SHOUT = """
import contextlib, os, time
for descriptor in range(3, 20):
    with contextlib.suppress(OSError):
        os.write(descriptor, {text!r})
time.sleep(60)
"""
FORK = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
open({path!r}, "w").write(str(child.pid))
"""
CHILD = """
import os, time
child = os.fork()
if not child:
    time.sleep(600)
    os._exit(0)
open({path!r}, "w").write(str(child))
"""


@pytest.fixture
def start():
    """Starts workers; those that the test has not ended are killed."""
    started = []

    def start(**options):
        started.append(Link(**{"on": frozenset(), "hash_seed": 1} | options))
        return started[-1]

    yield start
    for link in started:
        link._process.kill()  # whatever becomes of the next line
        link.kill()


def never():
    """Nobody asks for the end."""
    return False


def hello(*sources):
    """The request that has a worker describe codecs."""
    return {"do": "hello", "version": protocol.VERSION, "sources": list(sources), "describe": True}


def ask(link, request, *, patience=LONG):
    """The answer to a request."""
    return link.ask(request, patience=patience, stop=never)


def failure(link, *sources, patience=LONG):
    """Why a worker is gone that was to import something."""
    with pytest.raises(LinkFailure) as caught:
        ask(link, hello(*sources), patience=patience)
    assert link is caught.value.link
    assert not link.alive
    return str(caught.value)


def gone_by(pid, seconds):
    """Whether a process that is nobody's child any more ends within that time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.01)
    return False


def descriptors():
    """How many this process has open."""
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_worker_has_the_hash_seed(start, tmp_path):
    """The one it was given, and it says which codecs a file has."""
    file = codec_file(tmp_path, "mine", before="import os\nassert os.environ['PYTHONHASHSEED'] == '4000000000'\n")
    answer = ask(start(hash_seed=4_000_000_000), hello(file))
    assert [("mine", file, None)] == [(c["name"], c["source"], c.get("unavailable")) for c in answer["codecs"]]


def test_a_worker_is_out_of_reach_of_ctrl_c(start):
    """It is in a session of its own: what the terminal sends to the orchestrator's group does not reach it."""
    link = start()
    assert link._process.pid == os.getsid(link._process.pid)


@pytest.mark.skipif(len(CORES) < 2, reason="there is one core, or the system cannot pin")
def test_a_worker_moves_to_other_cores(start):
    """It starts where it is told to, and is moved while it lives; afterwards nothing happens."""
    first, *_, last = CORES
    link = start(on=frozenset({last}))
    assert {last} == os.sched_getaffinity(link._process.pid)
    link.move(frozenset({first}))
    assert {first} == os.sched_getaffinity(link._process.pid)
    link.kill()
    link.move(frozenset({last}))


def test_samples_come_whole(start, tmp_path):
    """More of them than one read takes: 8 bytes a number, and the next answer begins behind them."""
    pack = spool.pack("note", Schema("Note", record("Note", n=Scalar.INT32)), map(spool.encode, [{"n": 1}, {"n": 2}]))
    pack.write(tmp_path / "note.ndjson")
    link = start()
    ask(link, {**hello("serbench.codecs.json"), "describe": False})
    bind = {"do": "bind", "codec": "json", "payload": "note", "spool": str(tmp_path / "note.ndjson")}
    assert "bound" == ask(link, bind | {"operations": ["decode"], "verify_seconds": 1.0})["is"]
    case = {"payload": "note", "operation": "decode", "gc": "on"}
    lead_in = {"lead_in_calls": 5, "lead_in_ns": 1, "lead_in_limit_ns": 0, "lead_in_at_most": 5}
    answer = ask(link, {"do": "block", "calls": 200_000, "batch": 1, **lead_in, **case})
    (strand,), collections = answer.strands()
    assert 2 * 200_000 == len(strand.times)
    assert answer["count"] == len(strand.times) + len(strand.marks) + len(collections)
    assert 8 * answer["count"] == len(answer.samples)
    assert b"" == ask(link, {"do": "floor"}).samples


def test_a_worker_that_could_not_goes_on(start):
    """What it says of itself is no end of it: the next request is answered."""
    link = start()
    with pytest.raises(WorkerFailure, match=r"^KeyError: 'dance'$") as caught:
        ask(link, {"do": "dance"})
    assert not isinstance(caught.value, LinkFailure)
    assert "floor" == ask(link, {"do": "floor"})["is"]


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("os._exit(0)", "ended by itself with exit code 0"),
        ("os._exit(3)", "ended by itself with exit code 3"),
        ("os.kill(os.getpid(), signal.SIGABRT)", "killed by SIGABRT"),
        ("os.kill(os.getpid(), 40)", "killed by signal 40"),
    ],
)
def test_a_death_in_words(start, tmp_path, code, words):
    """How it ended, during which step; it is reaped."""
    file = codec_file(tmp_path, "mine", before=f"import os, signal\n{code}\n")
    assert f"{words} during import of {file}" == failure(start(), file)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (b"first\nlast\n", "last"),
        (b"first\nlast\n\n \n", "last"),
        (b"\n", ""),
        (b"x" * 1000, "x" * 200),
        (b"bad \xff byte", "bad � byte"),
        (b"\x1b[31mred\r\x07\n", r"\x1b[31mred\r\x07"),
        (b"y" * 200_000 + b"\nlast", "last"),
    ],
)
def test_last_words(start, tmp_path, written, words):
    """The last line on stderr stands behind the reason, cut to what fits; a flood of it stops nobody."""
    file = codec_file(tmp_path, "mine", before=f"import os\nos.write(2, {written!r})\nos._exit(3)\n")
    expected = f"ended by itself with exit code 3 during import of {file}" + (f"; stderr: {words}" if words else "")
    assert expected == failure(start(), file)


def test_the_file_that_it_died_of_can_be_printed(start, tmp_path):
    """Its name may have anything but a slash in it."""
    file = codec_file(tmp_path, "mine", before="import os\nos._exit(3)\n", stem="odd\n\x1b[31m")
    expected = rf"ended by itself with exit code 3 during import of {tmp_path}/odd\n\x1b[31m.py"
    assert expected == failure(start(), file)


def test_a_closed_stderr_is_no_end(start, tmp_path):
    """A codec may close it: the worker is heard all the same."""
    file = codec_file(tmp_path, "mine", before="import os, time\nos.close(2)\ntime.sleep(0.3)\n")
    assert "mine" == ask(start(), hello(file))["codecs"][0]["name"]


def test_a_death_between_requests(start):
    """It is found by the next request, which does not fail in sending, and told again to whoever asks once more."""
    link = start()
    ask(link, {"do": "floor"})
    os.kill(link._process.pid, signal.SIGTERM)
    assert gone_by(link._process.pid, LONG)
    for do in ("floor", "warm"):
        with pytest.raises(LinkFailure, match=r"^killed by SIGTERM during floor$") as caught:
            ask(link, {"do": do})
        assert link is caught.value.link
        link.give_up(str(caught.value))


NO_JSON = (b"hello", b"\xff\xfe", b"", b'{"is":' + 30_000 * b"[")
NO_ANSWERS = (b"[1]", b"7", b"{}", b'{"is": 1}', b'{"is": "at"}', b'{"is": "samples"}')
NO_COUNTS = (b'{"is": "samples", "count": -1}', b'{"is": "samples", "count": "9"}')


@pytest.mark.parametrize("text", [*NO_JSON, *NO_ANSWERS, *NO_COUNTS])
def test_garbage_ends_a_worker(start, tmp_path, text):
    """What is no answer is told as it came, and the worker is not asked again."""
    file = codec_file(tmp_path, "mine", before=SHOUT.format(text=text + b"\n"))
    assert f"broke the worker protocol: {text[:80]!r}" == failure(start(), file)


def test_an_answer_that_lacks_something_is_a_failure(start):
    """What is asked for and not there is no error of ours."""
    answer = ask(start(), {"do": "floor"})
    with pytest.raises(WorkerFailure, match=r"^broke the worker protocol: its 'floor' has no 'ended'$"):
        _ = answer["ended"]


def test_a_worker_that_was_given_up_says_why(start):
    """It is gone, and whoever asks it is told the reason."""
    link = start()
    link.give_up("of no use")
    assert not link.alive
    with pytest.raises(LinkFailure, match=r"^of no use$"):
        ask(link, {"do": "floor"})


def test_a_lot_of_garbage_is_cut(start, tmp_path):
    """Eighty bytes of it are enough."""
    file = codec_file(tmp_path, "mine", before=SHOUT.format(text=b"z" * 50_000 + b"\n"))
    assert f"broke the worker protocol: {b'z' * 80!r}" == failure(start(), file)


def test_a_worker_that_hangs_is_killed(start, tmp_path):
    """With the time that it had and the step; no option gives an import more."""
    file = codec_file(tmp_path, "mine", before=SLEEP)
    link = start()
    ask(link, {"do": "floor"})
    expected = f"no answer within 0.25 s during import of {file}; killed"
    assert expected == failure(link, file, patience=0.25)
    assert "import" == link.doing


def test_an_answer_that_does_not_end_is_a_hang(start, tmp_path):
    """Half a line keeps nobody waiting for ever."""
    file = codec_file(tmp_path, "mine", before=SHOUT.format(text=b'{"is": "hel'))
    link = start()
    ask(link, {"do": "floor"})
    assert failure(link, file, patience=0.5).startswith("no answer within 0.5 s")


def test_signs_of_life_renew_the_patience(start, tmp_path):
    """Steps that each end in time may take longer together."""
    files = [codec_file(tmp_path, f"mine{n}", before="import time; time.sleep(0.5)\n") for n in range(3)]
    link = start()
    ask(link, {"do": "floor"})
    assert ["mine0", "mine1", "mine2"] == [c["name"] for c in ask(link, hello(*files), patience=1.4)["codecs"]]


def test_a_wish_to_stop_ends_the_waiting(start, tmp_path):
    """The worker is the caller's to end."""
    link = start()
    asked = iter([False, False, True])
    with pytest.raises(Stopped):
        link.ask(hello(codec_file(tmp_path, "mine", before=SLEEP)), patience=LONG, stop=lambda: next(asked))
    assert link.alive


def test_the_first_to_answer_is_heard(start, tmp_path):
    """While another is busy; what has been heard is taken, and the other is heard afterwards."""
    busy, quick = start(), start()
    for link in (busy, quick):
        ask(link, {"do": "floor"})
    busy.post(hello(codec_file(tmp_path, "mine", before="import time; time.sleep(0.7)\n")), patience=LONG)
    quick.post({"do": "floor"}, patience=LONG)
    assert quick is wait_any([busy, quick], never)
    assert "floor" == quick.take()["is"]
    assert busy is wait_any([busy], never)
    assert "hello" == busy.take()["is"]


def test_the_one_that_failed_is_named(start, tmp_path):
    """Of several that are waited for; the others live."""
    busy, dying = start(), start()
    busy.post(hello(codec_file(tmp_path, "slow", before=SLEEP)), patience=LONG)
    dying.post(hello(codec_file(tmp_path, "mine", before="import os; os._exit(3)\n")), patience=LONG)
    with pytest.raises(LinkFailure) as caught:
        wait_any([busy, dying], never)
    assert dying is caught.value.link
    assert busy.alive


def test_workers_end_when_told(start, monkeypatch):
    """All of them hear bye; those that have gone are no trouble."""
    monkeypatch.setattr(link_module, "BYE_SECONDS", LONG)
    links = [start() for _ in range(3)]
    links[1].kill()
    close_all(links)
    close_all(links)
    assert [0, -signal.SIGKILL, 0] == [link._process.returncode for link in links]


def test_a_worker_that_does_not_listen_is_killed(start, tmp_path, monkeypatch):
    """Bye is said once, and waited for no longer than that."""
    monkeypatch.setattr(link_module, "BYE_SECONDS", 0.1)
    link = start()
    link.post(hello(codec_file(tmp_path, "mine", before=SLEEP)), patience=LONG)
    close_all([link])
    assert -signal.SIGKILL == link._process.returncode


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="processes are looked at through /proc")
def test_killing_leaves_nothing_behind(start, tmp_path):
    """No child of the worker, no zombie, no descriptor; a second time does no harm."""
    before = descriptors()
    link = start()
    pid = tmp_path / "pid"
    ask(link, hello(codec_file(tmp_path, "mine", before=FORK.format(path=str(pid)))))
    link.kill()
    link.kill()
    assert gone_by(pid.read_text(), LONG)
    assert not Path(f"/proc/{link._process.pid}").exists()
    assert before == descriptors()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="processes are looked at through /proc")
@pytest.mark.parametrize("end", ["os._exit(3)", ""], ids=["dies", "is dismissed"])
def test_children_do_not_outlive_their_worker(start, tmp_path, end):
    """One that was forked holds the protocol's pipe open; the death is seen all the same, and the child ends too."""
    pid = tmp_path / "pid"
    file = codec_file(tmp_path, "mine", before=CHILD.format(path=str(pid)) + end + "\n")
    link = start()
    if end:
        assert f"ended by itself with exit code 3 during import of {file}" == failure(link, file)
    else:
        ask(link, hello(file))
        close_all([link])
    assert gone_by(pid.read_text(), LONG)


def test_names_from_outside_arrive(start):
    """They may hold ends of lines, quotes and lone surrogates."""
    name = 'a\n"\udc80é'
    with pytest.raises(WorkerFailure) as caught:
        ask(start(), {"do": name})
    assert f"KeyError: {name!r}" == str(caught.value)


def test_what_arrived_while_this_process_slept_is_read_first(start, tmp_path):
    """A long answer takes several reads: a deadline that passed meanwhile is no hang of the worker."""
    pack = spool.pack("note", Schema("Note", record("Note", n=Scalar.INT32)), map(spool.encode, [{"n": 1}]))
    pack.write(tmp_path / "note.ndjson")
    link = start()
    ask(link, {**hello("serbench.codecs.json"), "describe": False})
    bind = {"do": "bind", "codec": "json", "payload": "note", "spool": str(tmp_path / "note.ndjson")}
    ask(link, bind | {"operations": ["decode"], "verify_seconds": 1.0})
    block = {"do": "block", "payload": "note", "operation": "decode", "gc": "on", "calls": 400_000, "batch": 1}
    lead_in = {"lead_in_calls": 0, "lead_in_ns": 0, "lead_in_limit_ns": 0, "lead_in_at_most": 0}
    link.post(block | lead_in, patience=0.01)
    assert select.select([link._out], [], [], 60.0)[0]  # as if stopped, or starved, until there is something
    assert link is wait_any([link], never)
    (strand,), _ = link.take().strands()
    assert 2 * 400_000 == len(strand.times)  # more than a pipe holds


def test_a_worker_that_somebody_else_reaped_has_ended(start):
    """A program that uses the library may wait for all of its children."""
    link = start()
    ask(link, {"do": "floor"})
    os.kill(link._process.pid, signal.SIGKILL)
    os.waitpid(link._process.pid, 0)
    assert not link.alive
    with pytest.raises(LinkFailure):
        ask(link, {"do": "floor"})


def test_pipes_need_not_be_large(start, monkeypatch):
    """Where a user's pipes take as much memory as they may, answers come all the same."""
    monkeypatch.setattr(link_module, "_PIPE_BYTES", 1 << 40)
    assert "floor" == ask(start(), {"do": "floor"})["is"]


@pytest.mark.parametrize(
    ("number", "expected"),
    [(signal.SIGKILL, True), (signal.SIGTERM, True), (signal.SIGSEGV, False), (signal.SIGABRT, False)],
)
def test_who_ended_it_is_told_to_all_who_ask(start, number, expected):
    """Whether from outside: known with the death, and to whoever asks once more, also after it was given up."""
    link = start()
    ask(link, {"do": "floor"})
    os.kill(link.pid, number)
    for _ in range(3):
        with pytest.raises(LinkFailure) as caught:
            ask(link, {"do": "floor"})
        assert expected is caught.value.from_outside
        link.give_up(str(caught.value))


@pytest.mark.parametrize("reason", ["hang", "garbage", "exit"])
def test_what_a_worker_does_itself_is_not_from_outside(start, tmp_path, reason):
    """It is killed for it, but not by anybody else."""
    before = {"hang": SLEEP, "garbage": SHOUT.format(text=b"hello\n"), "exit": "import os; os._exit(9)\n"}[reason]
    link = start()
    ask(link, {"do": "floor"})
    with pytest.raises(LinkFailure) as caught:
        ask(link, hello(codec_file(tmp_path, "mine", before=before)), patience=0.5)
    assert False is caught.value.from_outside


reads_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at through /proc")


def state(pid):
    """The letter that the kernel has for a process: T is stopped."""
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]


def reaches(pid, letters, seconds=LONG):
    """Whether a process comes to one of these states within that time."""
    deadline = time.monotonic() + seconds
    while state(pid) not in letters and time.monotonic() < deadline:
        time.sleep(0.01)
    return state(pid) in letters


@reads_proc
def test_a_worker_is_kept_still_with_its_children(start, tmp_path):
    """All of its group stop and go on; one that has gone is no trouble."""
    pid = tmp_path / "pid"
    link = start()
    ask(link, hello(codec_file(tmp_path, "mine", before=FORK.format(path=str(pid)))))
    child = int(pid.read_text())
    link.keep_still(True)
    assert (True, True) == (reaches(link.pid, "T"), reaches(child, "T"))
    link.keep_still(False)
    assert (True, True) == (reaches(link.pid, "RS"), reaches(child, "RS"))
    assert "floor" == ask(link, {"do": "floor"})["is"]
    link.kill()
    link.keep_still(True)


BARE = """
import os, subprocess, sys
child = subprocess.Popen(["/bin/sleep", "600"], env={{}}, start_new_session=True)
open({path!r}, "w").write(str(child.pid))
"""


def left_bare(link, folder, after=""):
    """The id of a process that a codec has started in a session of its own and without a variable."""
    file = codec_file(folder, "mine", before=BARE.format(path=str(folder / "pid")) + after)
    with contextlib.suppress(LinkFailure):
        ask(link, hello(file), patience=1.0 if after else LONG)
    return int((folder / "pid").read_text())


@reads_proc
@pytest.mark.parametrize("way", ["closed", "killed", "died", "hung"])
def test_what_a_codec_has_left_ends_with_its_worker(start, tmp_path, way):
    """Told bye, killed, gone by itself, or killed for its silence before it could say what it has left."""
    link = start()
    child = left_bare(link, tmp_path, SLEEP if way == "hung" else "")
    assert way == "hung" or state(child) in "RS"
    if way == "died":
        os.kill(link.pid, signal.SIGSEGV)
        with pytest.raises(LinkFailure, match=r"^killed by SIGSEGV during floor$"):
            ask(link, {"do": "floor"})
    elif way == "killed":
        link.kill()
    else:
        close_all([link])
    assert gone_by(child, LONG)


@reads_proc
def test_children_elsewhere_are_kept_still_with_their_worker(start, tmp_path):
    """In a session of its own, where what is sent to the group does not arrive. It ends while it is stopped."""
    link = start()
    child = left_bare(link, tmp_path)
    for _ in range(2):
        link.keep_still(True)
        assert (True, True) == (reaches(link.pid, "T"), reaches(child, "T", 5.0))
        link.keep_still(False)
        assert (True, True) == (reaches(link.pid, "RS"), reaches(child, "RS"))
    link.keep_still(True)
    os.kill(link.pid, signal.SIGKILL)
    link.close()
    assert gone_by(child, LONG)


def test_a_step_is_named_by_its_first_word(start, tmp_path):
    """As the worker last told it: who must know whether a crash was in `read` asks that."""
    link = start()
    assert "start" == link.doing
    ask(link, {"do": "floor"})
    assert "floor" == link.doing
    failure(link, codec_file(tmp_path, "mine", before="import os; os._exit(3)\n"))
    assert "import" == link.doing
