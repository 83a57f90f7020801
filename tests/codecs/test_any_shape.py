"""Payloads of any shape, drawn by hypothesis, come back from every codec as declared."""

from __future__ import annotations

import pytest
from codec_samples import exact, exact_after, payload
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from serbench import registry
from serbench.codecs.deviations import Deviation, expected, refusal
from serbench.errors import UnsupportedPayload
from serbench.schema.types import Field, List, Map, Record, Scalar, Union
from serbench.worker import operations

CODECS = {codec.name: codec for module in registry.sources("codecs") for codec in registry.load(module).CODECS}

VALUES = {
    Scalar.BOOL: st.booleans(),
    Scalar.INT32: st.integers(-(2**31), 2**31 - 1),
    Scalar.INT64: st.integers(-(2**63), 2**63 - 1),
    Scalar.UINT32: st.integers(0, 2**32 - 1),
    Scalar.UINT64: st.integers(0, 2**64 - 1),
    Scalar.FLOAT32: st.floats(width=32),
    Scalar.FLOAT64: st.floats(allow_nan=False, allow_infinity=False),
    Scalar.STRING: st.text(max_size=8),
    Scalar.BYTES: st.binary(max_size=8),
}
KEYS = (Scalar.STRING, Scalar.INT32, Scalar.INT64, Scalar.UINT32, Scalar.UINT64)
REFUSED = {  # of what is drawn here, beyond what deviations refuse
    "protobuf-json": "largest 32-bit float",
    "pyarrow": "a batch without columns",
    "pyarrow-view": "a batch without columns",
    "mashumaro-orjson": "no field of the name ''",
}
NAMES = ("id", "name", "unitPrice", "unit_price", "class", "x-y", "values", "Größe", "HasField", "k", "v", "v0", "")


@st.composite
def types(draw, depth=4, taken=None):
    """A type: nullable or of two kinds of numbers, no other union, since not every codec has those."""
    taken = [] if taken is None else taken
    flat = ("scalar", "numbers")
    what = draw(st.sampled_from(flat if depth == 0 else (*flat, "record", "list", "map", "nullable")))
    match what:
        case "numbers":
            return Union((Scalar.INT32, Scalar.FLOAT64))
        case "scalar":
            return draw(st.sampled_from(list(VALUES)))
        case "list":
            return List(draw(types(depth - 1, taken)))
        case "map":
            return Map(draw(st.sampled_from(KEYS)), draw(types(depth - 1, taken)))
        case "nullable":
            inner = draw(types(depth - 1, taken))
            return Union((Scalar.NULL, *(inner.options if isinstance(inner, Union) else (inner,))))
    return draw(records(depth, taken))


@st.composite
def records(draw, depth, taken):
    """A record with a name of its own."""
    taken.append(f"Record{len(taken)}")
    name = taken[-1]
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=4))
    fields = (
        Field(name=field, type=draw(types(depth - 1, taken)), number=number, optional=draw(st.booleans()))
        for number, field in enumerate(names, start=1)
    )
    return Record(name, tuple(fields))


def values(kind, *, loose, field=False):
    """Plain values of a type; null is a field's, or loose as well."""
    match kind:
        case Record():
            required = {f.name: values(f.type, loose=loose, field=True) for f in kind.fields if not f.optional}
            optional = {f.name: values(f.type, loose=loose, field=True) for f in kind.fields if f.optional}
            return st.fixed_dictionaries(required, optional=optional)
        case List():
            return st.lists(values(kind.item, loose=loose), max_size=3)
        case Map():
            return st.dictionaries(VALUES[kind.key], values(kind.value, loose=loose), max_size=3)
        case Union():
            options = [values(option, loose=loose) for option in kind.options if option is not Scalar.NULL]
            null = [st.none()] if Scalar.NULL in kind.options and (field or loose) else []
            return st.one_of(*null, *options)
    return VALUES[kind]


def bound_or_reason(codec, payload):
    """The bound codec, or why it refuses the shape."""
    try:
        return codec.bind(payload)
    except UnsupportedPayload as refused:
        return str(refused)


@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data())
def test_any_message_comes_back_as_declared(codec, data):
    """Built, encoded, decoded and converted, a message of any shape is itself after the deviations, and can be read."""
    root = data.draw(records(4, []))
    instance = data.draw(values(root, loose=Deviation.NO_LOOSE_NULL not in codec.deviations))
    drawn = payload("drawn", root, instance)
    if refusal(drawn, codec.deviations):
        return
    bound = bound_or_reason(codec, drawn)
    if isinstance(bound, str):
        assert codec.name in REFUSED
        assert REFUSED[codec.name] in bound
        return
    encoded = bound.source(bytes(bound.encode(bound.build(instance))))
    assert exact(expected(instance, root, codec.deviations)) == exact_after(
        codec.deviations, bound.convert(bound.decode(encoded))
    )
    read = operations.reader(bound, drawn, codec.deviations, bound.decode, operations.in_python)
    assert read(encoded) is None
