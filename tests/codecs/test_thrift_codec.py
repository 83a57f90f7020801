"""Thrift: what is on the wire is what the `.thrift` text says."""

from __future__ import annotations

import io

import pytest
import thriftpy2
from codec_samples import NESTED, OPTIONAL, SCALARS, payload
from thriftpy2.protocol import TBinaryProtocolFactory, TCompactProtocolFactory
from thriftpy2.utils import deserialize, serialize

from serbench.codecs.deviations import refusal
from serbench.codecs.thrift import CODECS
from serbench.errors import UnsupportedPayload
from serbench.schema.thrift import to_thrift
from serbench.schema.types import Field, List, Map, Record, Scalar, Union, record

FACTORIES = {"thrift": TBinaryProtocolFactory(), "thrift-compact": TCompactProtocolFactory()}
SMALL = payload("small", SCALARS.schema.root, *({**one, "id": 1} for one in SCALARS.instances))
each_codec = pytest.mark.parametrize("codec", CODECS, ids=[codec.name for codec in CODECS])


@each_codec
@pytest.mark.parametrize("sample", [SMALL, OPTIONAL, NESTED], ids=lambda sample: sample.name)
def test_structs_that_the_library_makes_of_the_text_read_and_write_the_same(codec, sample):
    """What is encoded here is decoded there to the same values, and encodes there to the same bytes."""
    module = thriftpy2.load_fp(io.StringIO(to_thrift(sample.schema)), f"{sample.name}_{len(codec.name)}_thrift")
    made = getattr(module, sample.schema.root.name)
    bound = codec.bind(sample)
    for instance in sample.instances:
        data = bound.encode(bound.build(instance))
        theirs = deserialize(made(), data, FACTORIES[codec.name])
        assert data == serialize(theirs, FACTORIES[codec.name])
        assert instance == bound.convert(theirs)


def test_the_compact_protocol_is_smaller_and_says_what_runs_it():
    """Only the binary protocol is C."""
    binary, compact = (codec.bind(SMALL) for codec in CODECS)
    for instance in SMALL.instances:
        assert len(compact.encode(compact.build(instance))) < len(binary.encode(binary.build(instance)))
    assert [codec.native for codec in CODECS] == ["C", "pure Python"]


@each_codec
def test_an_integer_that_needs_an_unsigned_one_is_refused_where_it_stands(codec):
    """Thrift would send it as another number."""
    kind = record("Ids", ids=List(Scalar.UINT64))
    assert refusal(payload("fits", kind, {"ids": [2**63 - 1]}), codec.deviations) is None
    _, where = refusal(payload("over", kind, {"ids": [0, 2**63]}), codec.deviations)
    assert where == "instance 0: ids[1]"


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (record("A", read=Scalar.BOOL), "read: thriftpy2's objects have something else under that name"),
        (record("A", a=record("B", thrift_spec=Scalar.BOOL)), "thrift_spec: thriftpy2's objects have something else"),
        (
            record("A", a=List(Union((Scalar.INT64, Scalar.STRING)))),
            "a[]: the codec for thrift carries one type in a place",
        ),
        (
            record("A", a=Map(Scalar.STRING, record("B", b=Union((Scalar.BOOL, Scalar.STRING))))),
            "a.*.b: the codec for thrift carries one type in a place",
        ),
        (Record("A", (Field(name="a", type=Scalar.BOOL, number=32_768),)), "a: thrift has no field number 32768"),
    ],
)
def test_what_the_codec_cannot_carry_is_refused_with_its_path(kind, complaint):
    """That is an answer before any call."""
    with pytest.raises(UnsupportedPayload) as caught:
        CODECS[0].bind(payload("odd", kind))
    assert str(caught.value).startswith(complaint)


@each_codec
def test_lists_are_carried_at_any_depth(codec):
    """Beyond the 64 levels that the library allows by itself."""
    kind, value = Scalar.INT64, 1
    for _ in range(90):
        kind, value = List(kind), [value]
    sample = payload("deep", record("Deep", a=kind), {"a": value})
    bound = codec.bind(sample)
    assert sample.instances[0] == bound.convert(bound.decode(bound.encode(bound.build(sample.instances[0]))))


def test_a_field_below_the_root_may_be_called_like_a_method():
    """Only the root's own methods are called."""
    sample = payload(
        "below", record("A", a=record("B", read=Scalar.BOOL, write=Scalar.STRING)), {"a": {"read": True, "write": ""}}
    )
    bound = CODECS[0].bind(sample)
    assert sample.instances[0] == bound.convert(bound.decode(bound.encode(bound.build(sample.instances[0]))))
