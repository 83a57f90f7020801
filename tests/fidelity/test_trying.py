"""One probe and one codec: every outcome, with codecs that are json but for one thing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from serbench.codecs.base import Bound
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload
from serbench.fidelity.probes import BY_NAME
from serbench.fidelity.trying import NO_TEXT, NO_TYPE, attempt, needs_no_schema
from serbench.records.fidelity import Outcome, Probed

JSON = {Deviation.TUPLE_AS_LIST, Deviation.KEYS_AS_STRINGS, Deviation.NO_BYTES, Deviation.NO_SURROGATES}


class Panic(BaseException):
    """What a library of Rust's raises when it panics."""


def encode(value):
    """As most do."""
    return json.dumps(value).encode()


@dataclass
class Like:
    """json with another encoder, decoder or bind."""

    encode: Any = encode
    decode: Any = json.loads
    bound: list[Any] = field(default_factory=list)
    refuses: str = ""
    deviations: frozenset[Deviation] = frozenset(JSON)
    name: str = "like"

    def bind(self, payload):
        """Notes the payload."""
        self.bound.append(payload)
        if self.refuses:
            raise UnsupportedPayload(self.refuses, "v")
        return Bound(encode=self.encode, decode=self.decode)


def tried(probe, codec, at=lambda _: None):
    """Outcome, words and what is undeclared."""
    found = attempt(codec, BY_NAME[probe], at)
    assert probe == found.probe
    return found.outcome.value, found.words, found.undeclared


def raising(error):
    """A callable that raises it."""

    def call(_):
        raise error

    return call


def test_what_comes_back_is_exact():
    """Nothing is said of it."""
    assert Probed(probe="tenth", outcome=Outcome.EXACT) == attempt(Like(), BY_NAME["tenth"], lambda _: None)


def test_what_is_changed_is_told():
    """And whether it is declared."""
    assert ("changed", "[1, 2]", "") == tried("tuple", Like())
    other = Like(decode=lambda _: {"v": 3})
    assert ("changed", "3", "not declared") == tried("tenth", other)


def test_where_it_was_refused_is_told():
    """By its shape, by the encoder, or once it was written, which is worse."""
    assert ("refused", "v: no lists", "") == tried("tuple", Like(refuses="no lists"))
    assert ("refused", "ValueError: too big", "no declared deviation refuses it") == tried(
        "huge", Like(encode=raising(ValueError("too big\nand more")))
    )
    late = Like(decode=raising(ValueError("too big")), deviations=frozenset({Deviation.INT_64_BITS}))
    assert ("refused", "written, then not read: ValueError: too big", "") == tried("huge", late)


def test_what_except_exception_does_not_catch_is_a_crash():
    """A service would be gone."""
    words = "decode raised Panic: at the disco, past `except Exception`"
    assert ("crashed", words, "") == tried("tenth", Like(decode=raising(Panic("at the disco"))))


def test_words_can_be_printed():
    """Whatever comes back."""
    assert ("changed", r"'\ud800\n'", "not declared") == tried("tenth", Like(decode=lambda _: {"v": "\ud800\n"}))


def test_objects_go_straight_to_the_encoder():
    """Behind a payload of which nothing follows for them."""
    codec = Like()
    assert ("refused", "TypeError: Object of type set is not JSON serializable", "") == tried("set", codec)
    assert frozenset() == codec.bound[-1].kinds
    assert {1, 2} == codec.bound[-1].instances[0]["v"]


def test_a_codec_that_needs_a_schema_is_asked_only_what_one_can_say():
    """Whether it does is seen by what it makes of an integer where text was announced."""

    def by_schema(value):
        if isinstance(value["v"], int):
            raise TypeError("no text")
        return encode(value)

    assert needs_no_schema(Like())
    assert not needs_no_schema(Like(encode=by_schema))
    assert not needs_no_schema(Like(decode=lambda _: {"v": "1"}))
    assert ("untried", NO_TYPE, "") == tried("set", Like(encode=by_schema))


def test_a_key_is_there_twice():
    """By tampering with what was encoded; which of the values is kept is told."""
    assert ("changed", "{'key-1': 2}", "") == tried("key-twice", Like())
    first = Like(decode=lambda data: json.loads(data, object_pairs_hook=lambda pairs: dict(reversed(pairs))))
    assert ("changed", "{'key-1': 1}", "") == tried("key-twice", first)
    packed = Like(encode=lambda value: encode(value)[::-1], decode=lambda data: json.loads(data[::-1]))
    assert ("untried", NO_TEXT, "") == tried("key-twice", packed)


def test_steps_are_told_before_they_are_gone():
    """So that a watcher knows where a process has died."""
    steps = []
    tried("tenth", Like(encode=lambda value: steps.append("called") or encode(value)), steps.append)
    assert ["bind", "encode", "called", "decode", "comparison"] == steps
