"""What workers notice of codecs becomes cautions of their cases, with a remedy each."""

from __future__ import annotations

import pytest

import fakes
from serbench.harness import notices
from serbench.harness.inbox import Answer
from serbench.harness.ledger import Ledger
from serbench.harness.plan import Plan

DECODE, ENCODE, OTHER = fakes.case("orjson"), fakes.case("orjson", operation="encode"), fakes.case("json")
NAMES = ("moves-descriptors", "prints", "starts-threads", "starts-processes", "changes-collector", "converts")


@pytest.fixture
def ledger():
    """Of three cases."""
    return Ledger(Plan(codecs=(), payloads=(), cases=(DECODE, ENCODE, OTHER), aliases=(), skipped=()))


def cautions(ledger):
    """Names and texts of all cautions, by case."""
    return {m.case: [(w.name, w.text) for w in m.warnings] for m in ledger.measurements("") if m.warnings}


def said(*noticed, **fields):
    """An answer in which something was noticed."""
    return Answer({"is": "warm", "noticed": [list(one) for one in noticed], **fields}, b"")


def test_a_quiet_answer_says_nothing(ledger):
    """Nothing noticed, nothing goes on."""
    assert False is notices.note(ledger, [DECODE], Answer({"is": "warm"}, b""))
    assert {} == cautions(ledger)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_noticed_is_a_caution(ledger, name):
    """Of the cases that were in hand and of no other; the fact first, then at least one sentence of what to do."""
    notices.note(ledger, [DECODE, ENCODE], said((name, "It did something")))
    assert {DECODE, ENCODE} == set(cautions(ledger))
    ((told, text),) = cautions(ledger)[DECODE]
    assert name == told
    assert text.startswith("It did something. ")
    assert text.endswith(".")


def test_the_first_time_is_told(ledger):
    """A codec does in every block what it does; several things stand side by side."""
    notices.note(ledger, [DECODE], said(("prints", "It printed 4 bytes")))
    notices.note(ledger, [DECODE], said(("prints", "It printed 5 bytes"), ("starts-threads", "It left 1")))
    assert ["prints", "starts-threads"] == [name for name, _ in cautions(ledger)[DECODE]]
    assert cautions(ledger)[DECODE][0][1].startswith("It printed 4 bytes. ")


def test_a_name_that_is_not_known_is_left_out(ledger):
    """The list is closed: a worker of another version may know more."""
    assert False is notices.note(ledger, [DECODE], said(("sings", "It sang")))
    assert {} == cautions(ledger)


@pytest.mark.parametrize(("busy", "expected"), [({}, False), ({"busy": False}, False), ({"busy": True}, True)])
def test_what_goes_on_is_told_back(ledger, busy, expected):
    """So that the worker is kept still while others measure."""
    assert expected is notices.note(ledger, [DECODE], said(("starts-threads", "It left 1"), **busy))
