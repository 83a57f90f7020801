"""The first use of a codec: what is called, how often, and with what."""

from __future__ import annotations

import pickle
from types import SimpleNamespace

import pytest

from fake_codecs import INSTANCES, SCHEMA, Fake
from serbench.codecs.base import Bound
from serbench.records.cases import Operation
from serbench.schema.spool import payload_of
from serbench.worker import cold, operations

PAYLOAD = payload_of("note", SCHEMA, INSTANCES)
ENCODED = pickle.dumps(INSTANCES[0])


@pytest.fixture
def clock(monkeypatch):
    """The clock of a first use: it moves with every step of the codec, by a number of its own."""
    now = SimpleNamespace(ns=1000)
    monkeypatch.setattr(cold, "perf_counter_ns", lambda: now.ns)
    return now


def slow(clock, steps, **own):
    """A codec whose steps are told and take 1 (bind), 10 (encode), 100 (decode), 1,000 (build), ... ns."""
    ns = {"bind": 1, "encode": 10, "decode": 100, "build": 1_000, "convert": 10_000, "source": 100_000, "read": 10**6}

    def step(name, call):
        def taken(value):
            steps.append((name, value))
            clock.ns += ns[name]
            return call(value)

        return taken

    parts = {"encode": pickle.dumps, "decode": pickle.loads} | own
    bound = Bound(**{name: step(name, call) for name, call in parts.items()})
    return Fake(name="slow", make=step("bind", lambda _: bound), model="typed")


OBJECTS = {"build": dict, "convert": dict, "source": bytes, "read": lambda value: list(value.values())}


@pytest.mark.parametrize(
    ("operation", "names", "first_call_ns"),
    [
        (Operation.ENCODE, ["bind", "build", "encode"], 10),
        (Operation.DUMP, ["bind", "build", "encode"], 1_010),
        (Operation.DECODE, ["bind", "source", "decode"], 100),
        (Operation.LOAD, ["bind", "source", "decode", "convert"], 10_100),
        (Operation.READ, ["bind", "source", "decode", "read"], 1_000_100),
    ],
)
def test_only_what_the_operation_needs_is_called_once(clock, operation, names, first_call_ns):
    """Nothing is verified or encoded beforehand; the time of what is not the operation is in neither reading."""
    steps = []
    codec = slow(clock, steps, **OBJECTS)
    found = cold.first_use(codec, PAYLOAD, operation, ENCODED, operations.in_python)
    assert names == [name for name, _ in steps]
    assert {"bind_ns": 1, "first_call_ns": first_call_ns} == found


@pytest.mark.parametrize(("operation", "argument"), [(Operation.DUMP, INSTANCES[0]), (Operation.DECODE, ENCODED)])
def test_the_first_instance_is_the_message(clock, operation, argument):
    """As it is in the payload, or as another process encoded it."""
    steps = []
    cold.first_use(slow(clock, steps), PAYLOAD, operation, ENCODED, operations.in_python)
    assert argument == steps[-1][1]


def test_a_reader_is_made_before_it_is_timed(clock):
    """What `read` reads with is no part of the first call."""
    steps = []
    found = cold.first_use(slow(clock, steps), PAYLOAD, Operation.READ, ENCODED, operations.in_python)
    assert ["bind", "decode"] == [name for name, _ in steps]
    assert {"bind_ns": 1, "first_call_ns": 100} == found


def test_what_a_first_use_raises_comes_out(clock):
    """A codec that cannot decode what another process has encoded."""
    with pytest.raises(pickle.UnpicklingError):
        cold.first_use(slow(clock, []), PAYLOAD, Operation.DECODE, b"no pickle", operations.in_python)
