"""From a bound codec to the one callable that is timed."""

from __future__ import annotations

import json

import pytest

from serbench.codecs.base import Bound
from serbench.codecs.deviations import Deviation
from serbench.records.cases import Operation
from serbench.schema.spool import payload_of
from serbench.schema.types import Scalar, Schema, record
from serbench.worker import operations, python_sampler, sampler

SAMPLERS = [python_sampler, *({sampler.load()} - {python_sampler})]
BYTES = payload_of("blob", Schema("Blob", record("Blob", data=Scalar.BYTES)), [{"data": b"x"}])


def encode(value):
    """The codec's own object as bytes."""
    return f"encoded {value}"


def decode(data):
    """Bytes as the codec's own object."""
    return f"decoded {data}"


def build(value):
    """A plain value as the codec's own object."""
    return f"built {value}"


def convert(value):
    """The codec's own object as a plain value."""
    return f"converted {value}"


def refuse(_first, _second):
    """A chain that nobody asks for."""
    pytest.fail("there is one step only")


BARE = {"encode": encode, "decode": decode}


@pytest.mark.parametrize(
    ("operation", "changes", "own"),
    [
        (Operation.ENCODE, {"build": build, "convert": convert}, encode),
        (Operation.DECODE, {"build": build, "convert": convert}, decode),
        (Operation.DUMP, {"convert": convert}, encode),
        (Operation.LOAD, {"build": build}, decode),
        (Operation.READ, {}, print),
    ],
)
def test_one_step_is_timed_as_it_is(operation, changes, own):
    """No frame of ours stands around it, and nothing is chained."""
    assert own is operations.timed(Bound(**BARE | changes), operation, refuse, print)


def test_a_step_that_does_nothing_is_left_out():
    """Where the codec's encode is the identity, dump is its build alone; the same for load."""
    bound = Bound(encode=operations.identity, decode=operations.identity, build=build, convert=convert)
    assert build is operations.timed(bound, Operation.DUMP, refuse, None)
    assert convert is operations.timed(bound, Operation.LOAD, refuse, None)


@pytest.mark.parametrize("chain", [operations.in_python, *(each.chain for each in SAMPLERS)])
def test_two_steps_are_chained_in_their_order(chain):
    """Building comes before encoding, decoding before converting."""
    bound = Bound(**BARE, build=build, convert=convert)
    assert "encoded built x" == operations.timed(bound, Operation.DUMP, chain, None)("x")
    assert "converted decoded x" == operations.timed(bound, Operation.LOAD, chain, None)("x")


@pytest.mark.parametrize("chain", [operations.in_python, *(each.chain for each in SAMPLERS)])
def test_a_reader_of_the_codecs_own_comes_behind_decode(chain):
    """It is handed what the decode returned that is asked for, which need not be the codec's."""
    seen = []
    bound = Bound(**BARE, read=seen.append)
    assert operations.reader(bound, BYTES, frozenset(), json.loads, chain)(b"[1]") is None
    assert [[1]] == seen


@pytest.mark.parametrize(("deviations", "fails"), [(frozenset(), False), ({Deviation.BYTES_AS_BASE64}, True)])
def test_a_reader_that_is_made_reads_every_leaf(deviations, fails):
    """Around decode, without a chain; where bytes come as text, reading them is decoding them."""
    read = operations.reader(Bound(**BARE), BYTES, frozenset(deviations), json.loads, refuse)
    with pytest.raises(KeyError, match="data"):
        read(b"{}")
    if fails:
        with pytest.raises(ValueError, match="base64"):
            read(b'{"data": "x"}')
    else:
        assert read(b'{"data": "x"}') is None


def test_a_reader_reaches_leaves_as_users_do():
    """By attribute where the codec's objects have them."""
    read = operations.reader(Bound(**BARE, access="attribute"), BYTES, frozenset(), json.loads, refuse)
    with pytest.raises(AttributeError, match="data"):
        read(b'{"data": "x"}')
