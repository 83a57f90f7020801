"""The worker's end of the protocol: lines in, lines out, samples behind their line, on descriptors of its own."""

import io
import json
import subprocess
import sys
from array import array
from pathlib import Path

import pytest

from serbench.worker.protocol import Channel


def test_requests_are_lines():
    """One request a line, then None when the other end has gone."""
    channel = Channel(io.BytesIO(b'{"do": "floor"}\n{"do": "bye"}\n'), io.BytesIO())
    assert [{"do": "floor"}, {"do": "bye"}, None] == [channel.receive() for _ in range(3)]


def test_an_answer_is_one_line():
    """Ends of lines, control characters and lone surrogates in a text do not break the line."""
    out = io.BytesIO()
    answer = {"is": "failed", "reason": "a\nb\x00\ud800é"}
    Channel(io.BytesIO(), out).send(answer)
    (line,) = out.getvalue().splitlines()
    assert answer == json.loads(line)


def test_samples_follow_their_line():
    """The bytes of the samples come right behind the line."""
    out = io.BytesIO()
    samples = array("q", [1, -2, 1 << 40])
    Channel(io.BytesIO(), out).send({"is": "samples", "count": 3}, memoryview(samples).cast("B"))
    line, _, rest = out.getvalue().partition(b"\n")
    assert {"is": "samples", "count": 3} == json.loads(line)
    assert samples == array("q", rest)


def test_what_is_no_request_is_an_error():
    """A line that is no JSON says that the other end is none of ours."""
    with pytest.raises(ValueError, match="Expecting value"):
        Channel(io.BytesIO(b"hello\n"), io.BytesIO()).receive()


SPEAKER = """
import os, subprocess, sys
from serbench.worker.guard import captured_output
from serbench.worker.protocol import private_channel
printed = captured_output()
channel = private_channel(printed)
print("print", flush=True)
os.write(1, b"write\\n")
subprocess.run([sys.executable, "-c", "print('child')"], check=True)
inherited = subprocess.run(["ls", "/proc/self/fd"], capture_output=True, text=True).stdout.split()
kept = os.pread(printed, 100, 0).decode()
answer = {"stdin": sys.stdin.read(), "descriptors": len(inherited), "printed": kept}
channel.send({"request": channel.receive()} | answer)
print("stderr", file=sys.stderr)
"""


@pytest.fixture
def spoken():
    """What a process says that has moved the protocol away and then prints in every way."""
    request = b'{"do": "hello"}\n'
    return subprocess.run([sys.executable, "-c", SPEAKER], input=request, capture_output=True, check=True, timeout=60)


def test_the_protocol_has_descriptors_of_its_own(spoken):
    """What is printed goes to the file for it, stdin is empty, the protocol is undisturbed, and stderr stays."""
    (line,) = spoken.stdout.splitlines()
    answer = json.loads(line)
    assert {"do": "hello"} == answer["request"]
    assert "" == answer["stdin"]
    assert ["print", "write", "child"] == answer["printed"].split()
    assert b"stderr\n" == spoken.stderr


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="children are looked at through /proc")
def test_children_do_not_inherit_the_protocol(spoken):
    """A child has the three standard descriptors and the folder that it is reading."""
    assert 4 == json.loads(spoken.stdout)["descriptors"]


FORKER = """
import os, sys
from serbench.worker.guard import captured_output
from serbench.worker.protocol import private_channel
channel = private_channel(captured_output())
channel.end_children()
child = os.fork()
{in_both}
_, status = os.waitpid(child, 0)
channel.send({{"status": status}})
"""


@pytest.mark.parametrize("in_both", ["child or channel.send({})", "channel.end_children()"])
def test_a_child_that_comes_back_says_nothing_and_ends(in_both):
    """Where it would answer, or is asked whether it is one; its parent goes on."""
    code = FORKER.format(in_both=in_both)
    said = subprocess.run([sys.executable, "-c", code], input=b"", capture_output=True, check=True, timeout=60)
    assert (b'{"status": 0}\n', b"") == (said.stdout, said.stderr)
