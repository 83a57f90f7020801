"""The guard: real offences in a process of their own, what is told of each, and that it is put back."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from serbench.worker import guard

linux = pytest.mark.skipif(sys.platform != "linux", reason="the system lists no threads")

SCRIPT = """
import contextlib, ctypes, gc, io, json, os, signal, subprocess, sys, threading, time
from serbench.worker.guard import Guard, captured_output
from serbench.worker.protocol import private_channel

printed = captured_output()
channel = private_channel(printed)

def identities():
    return [os.fstat(standard).st_ino for standard in (0, 1, 2)]

def collector():
    return [gc.isenabled(), gc.get_threshold(), gc.get_debug(), len(gc.callbacks)]

def ended(child):
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # it stays, as one that nobody has waited for

def told(collecting=True):
    return [guard.noticed(collecting=collecting), guard.busy]

def works():
    print("again")
    sys.stdout.flush()
    os.write(1, b"and again")
    print(end="", file=sys.stderr, flush=True)
    return [sys.stdin.read(), os.read(0, 9).decode(), os.pread(printed, 99, 0).decode()]

gc.callbacks.append(lambda phase, info: None)  # the worker's own
before = [identities(), collector()]
guard = Guard(printed)
guard.begin()
{offence}
answer = {{"first": told(), "second": told(), "put_back": [identities(), collector()] == before, "works": works()}}
answer["last"] = told()
{afterwards}
channel.send(answer)
os._exit(0)
"""


def happened(offence, afterwards=""):
    """What a guard tells of it at once, and then again, and what the process is like afterwards."""
    code = SCRIPT.format(offence=offence, afterwards=afterwards)
    said = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, check=False, timeout=60)
    assert (0, b"") == (said.returncode, said.stderr.replace(b"to stderr\n", b""))
    answer = json.loads(said.stdout)
    assert ["", "", "again\nand again"] == answer["works"]
    (name, _), *others = answer["last"][0]
    assert "prints" == name
    assert others == answer["second"][0]
    assert answer["put_back"]
    return answer


def once(offence):
    """What is told of something that is over or put back: at once, and no second time; nothing goes on."""
    answer = happened(offence)
    assert [[], False] == answer["second"]
    told, busy = answer["first"]
    assert not busy
    return [tuple(notice) for notice in told]


CLEAN = {
    "nothing": "",
    "stderr": "print('to stderr', file=sys.stderr, flush=True)",
    "a stream for a while": "with contextlib.redirect_stdout(io.StringIO()): print('kept')",
    "a descriptor for a while": "kept = os.dup(1); os.close(1); os.dup2(kept, 1); os.close(kept)",
    "a file of its own": "os.open('/dev/null', os.O_RDWR)",
    "a thread that was waited for": "t = threading.Thread(target=int); t.start(); t.join()",
    "the collector as it was": "gc.disable(); gc.collect(); gc.enable()",
}


@pytest.mark.parametrize("deed", CLEAN.values(), ids=CLEAN)
def test_a_clean_codec_has_no_notice(deed):
    """What every codec may do."""
    assert [] == once(deed)


def test_threads_that_were_waited_for_are_never_told():
    """The system lists a thread for a little longer than Python does."""
    often = "for _ in range(100): t = threading.Thread(target=int); t.start(); t.join(); seen += told()[0]"
    assert [] == once(f"seen = []\n{often}\nassert not seen, seen")


@pytest.mark.parametrize(
    ("offence", "words"),
    [
        ("print('hello')", "It printed 6 bytes to standard output, beginning with 'hello\\n'"),
        ("sys.stdout.write('hello')", "It printed 5 bytes to standard output, beginning with 'hello'"),
        ("os.write(1, b'hello')", "It printed 5 bytes to standard output, beginning with 'hello'"),
        ("os.write(1, b'caf\\xe9')", "It printed 4 bytes to standard output, beginning with 'caf\ufffd'"),
        ("print('x' * 1233)", f"It printed 1,234 bytes to standard output, beginning with '{'x' * 60}'"),
    ],
)
def test_what_is_printed_is_told(offence, words):
    """How much it was, and how it begins."""
    assert [("prints", words)] == once(offence)


@pytest.mark.parametrize("standard", [0, 1, 2])
@pytest.mark.parametrize(
    "offence",
    [
        "os.close({0})",
        "import tempfile; file = tempfile.TemporaryFile(); os.dup2(file.fileno(), {0}); os.write({0}, b'elsewhere')",
        "os.close({0}); os.pipe()",
    ],
    ids=["closed", "a file", "another's"],
)
def test_standard_descriptors_are_put_back(offence, standard):
    """Closed, redirected, or taken by something else; what was written there meanwhile is no print."""
    assert [("moves-descriptors", f"It closed or redirected {standard}")] == once(offence.format(standard))


def test_all_standard_descriptors_are_put_back():
    """They are told together."""
    assert [("moves-descriptors", "It closed or redirected 0, 1, 2")] == once("os.closerange(0, 3)")


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
@pytest.mark.parametrize(
    "offence",
    ["sys.{0} = io.StringIO()", "sys.{0} = None", "del sys.{0}", "sys.{0}.close()", "sys.{0}.detach()"],
)
def test_standard_streams_are_put_back(offence, name):
    """Replaced, taken away, closed or made useless; they work afterwards, which the script looks at."""
    assert [("moves-descriptors", f"It closed or redirected sys.{name}")] == once(offence.format(name))


def test_descriptors_and_streams_are_told_together():
    """Each by its name."""
    told = once("os.close(1); sys.stdout = sys.stderr")
    assert [("moves-descriptors", "It closed or redirected 1, sys.stdout")] == told


FOREVER = "threading.Thread(target=threading.Event().wait, daemon=True).start()"
NATIVE = "c = ctypes.CDLL(None); c.pthread_create(ctypes.byref(ctypes.c_ulong()), None, c.pause, None)"


@pytest.mark.parametrize(
    ("offence", "words"),
    [
        (FOREVER, "It left a thread running"),
        (f"{FOREVER}; {FOREVER}", "It left 2 threads running"),
        pytest.param(NATIVE, "It left a thread running", marks=linux),
    ],
    ids=["one", "two", "native"],
)
def test_threads_are_told_as_long_as_they_go_on(offence, words):
    """Those that Python does not know of as well; they cannot be ended."""
    answer = happened(offence)
    assert [[["starts-threads", words]], True] == answer["first"] == answer["second"]


def test_a_thread_that_ends_later_is_told_until_then():
    """The process is itself again."""
    offence = "gate = threading.Event(); t = threading.Thread(target=gate.wait, daemon=True); t.start()\n"
    offence += "assert guard.noticed(collecting=True); assert guard.busy\ngate.set(); t.join()\n"
    until = "begin = time.monotonic()\nwhile guard.noticed(collecting=True) and time.monotonic() < begin + 30: pass"
    assert [] == once(offence + until)


@pytest.mark.parametrize(
    "offence",
    [
        "child = os.fork() or os._exit(0); os.waitpid(child, 0)",
        "child = os.fork() or os._exit(0); ended(child)",
        "subprocess.run(['true'])",
        "process = subprocess.Popen(['true']); ended(process.pid)",
        "os.waitpid(os.posix_spawnp('true', ['true'], os.environ), 0)",
    ],
    ids=["fork, waited for", "fork", "run", "Popen", "spawn"],
)
def test_children_that_have_ended_are_told_once(offence):
    """Whether the codec has waited for them or not."""
    assert [("starts-processes", "It started child processes")] == once(offence)


CHILDREN = {
    "fork": "child = os.fork() or (time.sleep(60), os._exit(0))",
    "session": "child = os.fork() or (os.setsid(), time.sleep(60), os._exit(0))",
    "Popen": "child = subprocess.Popen(['sleep', '60']).pid",
}


@pytest.mark.parametrize("offence", CHILDREN.values(), ids=CHILDREN)
def test_children_are_told_as_long_as_they_go_on(offence):
    """And not once more when they have ended."""
    answer = happened(offence, "os.kill(child, signal.SIGKILL); ended(child); answer['ended'] = told()")
    assert [[["starts-processes", "It left child processes behind"]], True] == answer["first"] == answer["second"]
    assert [[], False] == answer["ended"]


def test_children_that_have_ended_are_reaped():
    """A codec that forks in every call leaves no heap of them."""
    answer = happened(
        "children = [os.fork() or os._exit(0) for _ in range(5)]; [ended(child) for child in children]",
        "with contextlib.suppress(ChildProcessError): answer['left'] = os.waitpid(-1, os.WNOHANG)",
    )
    assert "left" not in answer


@pytest.mark.parametrize(
    ("offence", "words"),
    [
        ("gc.disable()", "switched it off"),
        ("gc.set_threshold(5, 6, 7)", "set its thresholds to (5, 6, 7)"),
        ("gc.set_debug(gc.DEBUG_UNCOLLECTABLE)", "set its debug flags"),
        ("gc.callbacks.append(lambda *_: None)", "changed its callbacks"),
        ("gc.callbacks.clear()", "changed its callbacks"),
        ("gc.disable(); gc.set_threshold(0)", "switched it off, set its thresholds to (0, 10, 10)"),
    ],
)
def test_what_is_done_to_the_collector_is_told_and_undone(offence, words):
    """All of it in one notice."""
    assert [("changes-collector", f"It changed the garbage collector: {words}")] == once(offence)


def test_a_collector_that_is_meant_to_be_off_is_switched_off():
    """What a block asked for is what is held against."""
    answer = happened("gc.enable()", "answer['off'] = told(collecting=False), gc.isenabled(); gc.disable()")
    words = "It changed the garbage collector: switched it on"
    assert [[[["changes-collector", words]], False], False] == answer["off"]


def test_everything_at_once_is_told():
    """Each kind by its name, in one answer."""
    told = happened(f"os.write(1, b'x'); os.close(0); gc.disable(); subprocess.run(['true']); {FOREVER}")["first"][0]
    names = ["moves-descriptors", "prints", "starts-threads", "starts-processes", "changes-collector"]
    assert names == [name for name, _ in told]


def test_what_was_there_before_is_nobodys_offence():
    """Threads and callbacks of the worker's own, from before the codec's import."""
    own = f"gc.callbacks.append(lambda *_: None); {FOREVER}; before[1] = collector(); guard.begin()"
    assert [] == once(own)
    assert ["changes-collector"] == [name for name, _ in once(f"{own}\ngc.callbacks.clear()")]


@pytest.mark.parametrize("in_memory", [True, False])
def test_printed_text_has_a_file_without_a_name(monkeypatch, tmp_path, in_memory):
    """In memory, or a temporary one where the system has none in memory; nothing of it is left in a folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    if not in_memory:
        monkeypatch.delattr(os, "memfd_create", raising=False)
    descriptor = guard.captured_output()
    try:
        os.write(descriptor, b"hello")
        assert b"hello" == os.pread(descriptor, 9, 0)
        assert [] == list(tmp_path.iterdir())
    finally:
        os.close(descriptor)


@pytest.mark.parametrize(("offence", "words"), [("pass", []), (FOREVER, ["It left a thread running"])])
def test_threads_are_counted_where_the_system_lists_none(offence, words):
    """By what Python knows of them."""
    unlisted = "from pathlib import Path; import serbench.worker.guard as g; g._TASKS = Path('/no/such/folder')\n"
    told, _ = happened(f"{unlisted}guard = Guard(printed); guard.begin(); {offence}")["first"]
    assert words == [words for _, words in told]


NO_MORE = (
    "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (0, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))"
)


def test_threads_that_cannot_be_listed_any_more_are_no_new_ones():
    """A codec that allows itself no descriptor has started no thread; one that has started one before has."""
    assert [] == once(NO_MORE)
    seen = f"{FOREVER}; assert guard.noticed(collecting=True)\n{NO_MORE}"
    assert [["starts-threads", "It left a thread running"]] == happened(seen)["first"][0]
