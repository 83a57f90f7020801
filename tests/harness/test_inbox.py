"""What a worker's pipe brings: bytes in pieces of any size become answers, and what is no answer is told as it came."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fakes import block_answer
from serbench.errors import WorkerFailure
from serbench.harness import inbox as module
from serbench.harness.inbox import Answer, Inbox

SAMPLES = [1, -1, 1 << 62, 0x0A0A0A0A0A0A0A0A]  # the last one is eight ends of lines


def line(**fields):
    """An answer as a worker writes it."""
    return json.dumps(fields).encode() + b"\n"


def samples(numbers=SAMPLES):
    """An answer with samples behind it."""
    return line(**{"is": "samples", "count": len(numbers)}) + np.asarray(numbers, "<i8").tobytes()


SENT = (
    (line(**{"is": "at", "what": "bind"}), "bind"),
    (line(**{"is": "bound", "ready": 7}), ({"is": "bound", "ready": 7}, b"")),
    (samples(), ({"is": "samples", "count": 4}, np.asarray(SAMPLES, "<i8").tobytes())),
    (samples([]), ({"is": "samples", "count": 0}, b"")),
    (line(**{"is": "failed", "reason": "a\nb\udc80é"}), ({"is": "failed", "reason": "a\nb\udc80é"}, b"")),
)


def heard(inbox, data):
    """What these bytes complete."""
    return [what if isinstance(what, str) else (what.fields, what.samples) for what in inbox.take(data)]


@given(st.lists(st.sampled_from(SENT), max_size=6), st.lists(st.integers(0, 400), max_size=12))
def test_pieces_of_any_size_become_answers(sent, cuts):
    """The same ones in the same order, wherever the pieces end."""
    data, inbox, found = b"".join(written for written, _ in sent), Inbox(), []
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for begin, end in pairwise(edges):
        found += heard(inbox, data[begin:end])
    assert [expected for _, expected in sent] == found


def test_every_byte_by_itself():
    """An answer is there with its last byte and not before."""
    inbox, data = Inbox(), samples()
    assert [[]] * (len(data) - 1) == [heard(inbox, data[n : n + 1]) for n in range(len(data) - 1)]
    assert [SENT[2][1]] == heard(inbox, data[-1:])


@pytest.mark.parametrize(
    "wrong",
    [
        b"hello",
        b"",
        b"[1]",
        b"null",
        b"{}",
        b'{"is": 1}',
        b'{"is": "at"}',
        b'{"is": "at", "what": 1}',
        b'{"is": "samples"}',
        b'{"is": "samples", "count": -1}',
        b'{"is": "samples", "count": 1.0}',
        b'{"is": "bound", "count": 3}',
        b"\xff\xfe",
        b"[" * 30_000,
    ],
)
def test_what_is_no_answer_is_told(wrong):
    """Its first 80 bytes; what came whole before it is heard."""
    answers = Inbox().take(SENT[1][0] + wrong + b"\n")
    assert {"is": "bound", "ready": 7} == next(answers).fields
    with pytest.raises(WorkerFailure) as caught:
        next(answers)
    assert f"broke the worker protocol: {wrong[:80]!r}" == str(caught.value)


def test_a_line_without_an_end_is_not_kept_for_ever(monkeypatch):
    """No answer is as long."""
    monkeypatch.setattr(module, "_LINE_BYTES", 100)
    inbox = Inbox()
    assert [] == heard(inbox, b"z" * 100)
    with pytest.raises(WorkerFailure, match=f"^broke the worker protocol: b'{'z' * 80}'$"):
        heard(inbox, b"z")


def test_what_is_missing_is_the_workers_failure():
    """With the kind of the answer and the key."""
    with pytest.raises(WorkerFailure, match=r"^broke the worker protocol: its 'warm' has no 'calls'$"):
        _ = Answer({"is": "warm"}, b"")["calls"]


def test_samples_are_taken_apart_by_thread():
    """Times, then marks of each; the collections are behind the last one."""
    answer = block_answer([10, 20], [30, 40], at=100, first=3, switches=(5, 5, 6), collections=[(7, 9), (11, 12)])
    strands, collections = answer.strands()
    assert [[100, 110, 1_110, 1_130], [100, 130, 1_130, 1_170]] == [strand.times.tolist() for strand in strands]
    assert [[0, 5, 1, 5, 2, 6]] * 2 == [strand.marks.tolist() for strand in strands]
    assert [3, 3] == [strand.told["first"] for strand in strands]
    assert [1_000.0, 1_000.0] == [strand.batch_ns_per_call for strand in strands]
    assert [7, 9, 11, 12] == collections.tolist()


@pytest.mark.parametrize("change", [{"collections": 1}, {"threads": []}])
@pytest.mark.parametrize("sent", [0, -8, 8])
def test_samples_that_are_not_as_many_as_told(change, sent):
    """One number too few or too many is found; so is a worker that counts wrongly."""
    answer = block_answer([10, 20])
    data = answer.samples + b"\0" * sent if sent > 0 else answer.samples[: len(answer.samples) + sent]
    wrong = Answer(answer.fields | (change if sent == 0 else {}), data)
    with pytest.raises(WorkerFailure, match="its samples are not as many as it says"):
        wrong.strands()


@pytest.mark.parametrize("key", ["calls", "marks", "first", "lead_in", "batch_ns", "batch_calls"])
@pytest.mark.parametrize("value", [None, "3", -1, 1.5])
def test_a_thread_that_is_not_told(key, value):
    """Nothing of it is left for later to stumble over: every count is there, and is one."""
    answer = block_answer([10])
    answer.fields["threads"][0][key] = value
    with pytest.raises(WorkerFailure, match="its samples are of no thread that can be told"):
        answer.strands()


@pytest.mark.parametrize("told", [None, 7, [], "calls"])
def test_a_thread_that_is_none(told):
    """Whatever stands in its place."""
    with pytest.raises(WorkerFailure, match="of no thread that can be told"):
        Answer(block_answer([10]).fields | {"threads": [told]}, b"").strands()


@pytest.mark.parametrize("answer", [block_answer([]), block_answer([10], batch_calls=0)])
def test_a_block_without_a_call_is_none(answer):
    """No single one, or none in its batch, whose mean would be of nothing."""
    with pytest.raises(WorkerFailure, match="of no thread that can be told"):
        answer.strands()
