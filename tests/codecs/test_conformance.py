"""Every codec that the registry finds keeps the protocol, on payloads that bring out what codecs differ in."""

from __future__ import annotations

import pytest
from codec_samples import ALL, BIG_INTS, BYTES, INT_KEYS, NAN, SURROGATE, TUPLES, exact, exact_after, payload

from serbench import registry
from serbench.codecs.base import identity
from serbench.codecs.deviations import RULES, Deviation, expected, refusal
from serbench.errors import UnsupportedPayload
from serbench.schema.types import List, Map, Optional, Scalar, Union, record
from serbench.worker import operations
from serbench.worker.verify import unread_leaf

CODECS = {codec.name: codec for module in registry.sources("codecs") for codec in registry.load(module).CODECS}

SEVERAL = ("unions", "string_or_bytes")
UNCARRIED = {  # by their shape, beyond what deviations refuse; a variant with views is as the other one
    "protobuf": SEVERAL,
    "thrift": SEVERAL,
    "thrift-compact": SEVERAL,
    "flatbuffers": SEVERAL,
    "capnp": SEVERAL,
    "capnp-packed": SEVERAL,
    "protobuf-json": (*SEVERAL, "scalars"),
    "pyarrow": (*SEVERAL, "nulls"),
    "fory-struct": (*SEVERAL, "nulls"),
    "simdjson-lazy": ("unions", "nulls"),
    "pydantic": ("string_or_bytes",),
    "pydantic-orjson": ("string_or_bytes",),
    "cattrs-orjson": ("unions", "string_or_bytes"),
    "mashumaro-orjson": ("unions", "string_or_bytes", "names", "nulls", "odd_name"),
    "msgspec-json-struct": ("string_or_bytes", "odd_name"),
    "msgspec-msgpack-struct": ("string_or_bytes", "odd_name"),
    "msgspec-msgpack-view": ("string_or_bytes", "odd_name"),
}

NAMED = {
    "amazon.ion": "ion",
    "pyfory": "fory",
    "pymongo": "bson",
    "pysimdjson": "simdjson",
    "python-rapidjson": "rapidjson",
    "pycapnp": "capnp",
    "thriftpy2": "thrift",
}  # distributions that are not named as users call the library

PROBED_AS = {
    Deviation.BYTES_AS_BASE64: Scalar.BYTES,
    Deviation.TUPLE_AS_LIST: List(Scalar.INT64),
    Deviation.KEYS_AS_STRINGS: Map(Scalar.INT64, Scalar.STRING),
    Deviation.FLOAT32: Scalar.FLOAT64,
    Deviation.EMPTY_AS_ABSENT: record("Probe", a=Optional(List(Scalar.INT64))),
    Deviation.ABSENT_AS_NULL: record("Probe", a=Optional(Scalar.INT64)),
    Deviation.NULL_AS_ABSENT: record("Probe", a=Union((Scalar.NULL, Scalar.INT64))),
    Deviation.INT_AS_FLOAT: Union((Scalar.INT64, Scalar.FLOAT64)),
    Deviation.INT_SUBCLASS: Scalar.INT64,
    Deviation.INT_64_BITS: Scalar.BIGINT,
    Deviation.INT_63_BITS: Scalar.UINT64,
    Deviation.NO_NAN: Scalar.FLOAT64,
    Deviation.NO_NULL: Union((Scalar.NULL, Scalar.STRING)),
    Deviation.NO_LOOSE_NULL: List(Union((Scalar.NULL, Scalar.INT64))),
    Deviation.NO_BYTES: Scalar.BYTES,
    Deviation.NO_SURROGATES: Scalar.STRING,
    Deviation.STRING_KEYS_ONLY: Map(Scalar.INT64, Scalar.STRING),
    Deviation.NO_ZERO_IN_KEYS: Map(Scalar.STRING, Scalar.STRING),
}


def round_trip(bound, instance):
    """What comes back of a plain value."""
    return bound.convert(bound.decode(bound.source(bytes(bound.encode(bound.build(instance))))))


CARRIED = [
    pytest.param(codec, payload, id=f"{codec.name}-{payload.name}")
    for codec in CODECS.values()
    for payload in ALL
    if not refusal(payload, codec.deviations)
    and payload.name not in UNCARRIED.get(codec.name, UNCARRIED.get(codec.name.removesuffix("-view"), ()))
]
each_carried = pytest.mark.parametrize(("codec", "payload"), CARRIED)
each_codec = pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)


@each_carried
def test_what_comes_back_is_what_went_in_after_the_deviations(codec, payload):
    """Every instance comes back exactly, types included, but for what the codec declares."""
    bound = codec.bind(payload)
    for instance in payload.instances:
        must = expected(instance, payload.schema.root, codec.deviations)
        assert exact(must) == exact_after(codec.deviations, round_trip(bound, instance))


@each_carried
def test_encoding_gives_bytes_and_leaves_the_value_alone(codec, payload):
    """`encode` returns something bytes-like, the same length each time, and the plain value is as it was."""
    bound = codec.bind(payload)
    for instance in payload.instances:
        before = exact(instance)
        first, second = (bound.encode(bound.build(instance)) for _ in range(2))
        assert isinstance(first, bytes | bytearray | memoryview)
        assert len(first) == len(second)
        assert before == exact(instance)


@each_carried
def test_the_reader_reads_every_leaf(codec, payload):
    """A codec's own `read`, or the generated one of its access style, runs on real objects and leaves no leaf out."""
    bound = codec.bind(payload)
    read = operations.reader(bound, payload, codec.deviations, bound.decode, operations.in_python)
    for instance in payload.instances:
        data = bound.source(bytes(bound.encode(bound.build(instance))))
        assert read(data) is None
        must = expected(instance, payload.schema.root, codec.deviations)
        missed, _ = unread_leaf(
            lambda decode: operations.reader(bound, payload, codec.deviations, decode, operations.in_python),
            bound.decode,
            data,
            must,
            payload.schema,
        )
        assert missed == ""


@pytest.mark.parametrize(("codec", "payload"), [(codec, name) for codec, names in UNCARRIED.items() for name in names])
def test_a_shape_that_cannot_be_carried_is_refused_when_it_is_bound(codec, payload):
    """What no deviation is about but a library has no form for is an answer before any call."""
    with pytest.raises(UnsupportedPayload):
        CODECS[codec].bind(next(each for each in ALL if each.name == payload))


def is_about(deviation, probe):
    """Whether a deviation refuses the only instance of a payload, or promises another value."""
    if deviation is Deviation.INT_SUBCLASS:  # it may change any integer, and need not
        return False
    (instance,) = probe.instances
    changed = expected(instance, probe.schema.root, {deviation})
    return refusal(probe, {deviation}) is not None or exact(changed) != exact(instance)


@pytest.mark.parametrize("deviation", Deviation)
@each_codec
def test_a_deviation_is_declared_exactly_where_its_probe_shows_it(codec, deviation):
    """A probe comes back as it was if and only if no deviation of the codec is about it."""
    kind = PROBED_AS[deviation]
    probe = payload("probe", record("Probes", v=kind), {"v": RULES[deviation].probe})
    about = {other for other in codec.deviations if other is deviation or is_about(other, probe)}
    try:
        back = round_trip(codec.bind(probe), probe.instances[0])
    except Exception:  # a codec raises what it likes at what it does not carry
        back = "refused"
    carried = exact(back) == exact(probe.instances[0])
    assert carried is not bool(about)
    if about and all(RULES[other].refuses is None for other in about):
        assert exact(expected(probe.instances[0], probe.schema.root, about)) == exact_after(about, back)


@each_codec
def test_a_codec_says_what_it_is(codec):
    """Name, format, model, implementation and warnings have the types that the catalogue needs."""
    assert codec.name
    assert codec.format
    assert codec.model in {"plain", "typed", "message"}
    assert isinstance(codec.native, str)
    assert codec.native
    assert codec.warnings == ()
    assert codec.distribution is None or NAMED.get(codec.distribution, codec.distribution) in codec.__class__.__module__


@each_codec
def test_plain_codecs_build_and_convert_nothing(codec):
    """A plain codec gives plain values, any other converts its own; a lazy one may encode plain values."""
    made = codec.bind(BYTES)
    assert (codec.model == "plain") is (made.convert is identity)
    assert made.build is identity or codec.model != "plain"


def test_codecs_share_nothing_between_payloads():
    """Two payloads bound at once do not get in each other's way, names of records included."""
    for codec in CODECS.values():
        one, two = (payload("same", record("Same", **{name: Scalar.INT64}), {name: 1}) for name in ("a", "b"))
        bounds = [codec.bind(each) for each in (one, two)]
        for made, each in zip(bounds, (one, two), strict=True):
            assert each.instances[0] == round_trip(made, each.instances[0])


def test_every_codec_that_belongs_here_is_found():
    """The registry finds each codec by its module alone."""
    assert set(CODECS) == {
        *("json", "marshal", "msgpack", "orjson", "ormsgpack", "pickle", "protobuf"),
        *("msgspec-json", "msgspec-json-struct", "msgspec-msgpack", "msgspec-msgpack-struct"),
        *("ujson", "rapidjson", "jiter", "simdjson", "simdjson-lazy", "cbor2", "bson", "bson-lazy", "ion"),
        *("fastavro", "fory", "fory-struct", "protobuf-json", "pyarrow"),
        *("capnp", "capnp-packed", "flatbuffers", "thrift", "thrift-compact"),
        *("pydantic", "pydantic-orjson", "cattrs-orjson", "mashumaro-orjson"),
        *("orjson-view", "msgspec-json-view", "msgpack-view", "msgspec-msgpack-view", "pickle-view"),
        *("protobuf-view", "flatbuffers-view", "capnp-view", "pyarrow-view"),
        *("ormsgpack-view", "bson-view", "marshal-view"),
    }


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("json", {SURROGATE.name}),
        ("pickle", set()),
        ("marshal", set()),
        ("orjson", {SURROGATE.name, NAN.name, BIG_INTS.name}),
        ("msgpack", {SURROGATE.name, BIG_INTS.name}),
        ("ormsgpack", {SURROGATE.name, BIG_INTS.name}),
        ("msgspec-json", {SURROGATE.name, NAN.name}),
        ("msgspec-json-struct", {SURROGATE.name, NAN.name}),
        ("msgspec-msgpack", {SURROGATE.name, BIG_INTS.name}),
        ("msgspec-msgpack-struct", {SURROGATE.name, BIG_INTS.name}),
        ("protobuf", {SURROGATE.name, BIG_INTS.name}),
        ("ujson", {SURROGATE.name}),
        ("rapidjson", {SURROGATE.name}),
        ("jiter", {SURROGATE.name}),
        ("simdjson", {SURROGATE.name, NAN.name, BIG_INTS.name}),
        ("simdjson-lazy", {SURROGATE.name, NAN.name, BIG_INTS.name}),
        ("cbor2", {SURROGATE.name}),
        ("bson", {SURROGATE.name, BIG_INTS.name, INT_KEYS.name}),
        ("bson-lazy", {SURROGATE.name, BIG_INTS.name, INT_KEYS.name}),
        ("ion", {SURROGATE.name, INT_KEYS.name}),
        ("protobuf-json", {SURROGATE.name, BIG_INTS.name}),
        ("fastavro", {SURROGATE.name, BIG_INTS.name, INT_KEYS.name}),
        ("pyarrow", {SURROGATE.name, BIG_INTS.name}),
        ("fory", {SURROGATE.name, BIG_INTS.name, INT_KEYS.name}),
        ("fory-struct", {SURROGATE.name, BIG_INTS.name}),
        ("capnp", {SURROGATE.name, BIG_INTS.name}),
        ("capnp-packed", {SURROGATE.name, BIG_INTS.name}),
        ("flatbuffers", {SURROGATE.name, BIG_INTS.name}),
        ("thrift", {SURROGATE.name, BIG_INTS.name, INT_KEYS.name}),
        ("thrift-compact", {SURROGATE.name, BIG_INTS.name, INT_KEYS.name}),
        ("pydantic", {SURROGATE.name, NAN.name}),
        ("pydantic-orjson", {SURROGATE.name, NAN.name, BIG_INTS.name}),
        ("cattrs-orjson", {SURROGATE.name, NAN.name, BIG_INTS.name}),
        ("mashumaro-orjson", {SURROGATE.name, NAN.name, BIG_INTS.name}),
    ],
)
def test_only_what_cannot_be_carried_is_refused(name, refused):
    """Bytes and tuples are carried by every codec; the rest is refused by exactly those that must."""
    tried = (SURROGATE, NAN, BIG_INTS, BYTES, TUPLES, INT_KEYS)
    assert refused == {payload.name for payload in tried if refusal(payload, CODECS[name].deviations)}
