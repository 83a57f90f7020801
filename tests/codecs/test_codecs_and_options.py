"""What these codecs tell their libraries, what they refuse, and what they say of themselves."""

from __future__ import annotations

import importlib
import sys

import bson
import cbor2
import jiter
import pytest
import ujson
from amazon.ion import simpleion
from bson.int64 import Int64
from codec_samples import BYTES, INT_KEYS, SCALARS, exact, payload

from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload
from serbench.schema.types import Field, List, Map, Record, Scalar, Union, record
from serbench.worker.verify import first_difference

LIBRARIES = {
    "ujson": "ujson",
    "simdjson": "simdjson",
    "rapidjson": "rapidjson",
    "jiter": "jiter",
    "cbor2": "cbor2",
    "bson": "bson",
    "ion": "amazon.ion",
}
WIDE = payload("wide", record("Wide", n=List(Scalar.INT64)), {"n": [1, 1 << 40, -(1 << 63)]})


def codec(name):
    """The codec of that name; its module has the part before the dash."""
    codecs = importlib.import_module(f"serbench.codecs.{name.partition('-')[0]}").CODECS
    return next(each for each in codecs if each.name == name)


def round_trip(name, carried):
    """What comes back of the first instance."""
    bound = codec(name).bind(carried)
    return bound.convert(bound.decode(bound.encode(bound.build(carried.instances[0]))))


@pytest.mark.parametrize(("module", "library"), LIBRARIES.items())
def test_a_missing_library_is_told_when_the_module_is_imported(monkeypatch, module, library):
    """The library is imported at the top of its module, so a worker learns at once that it is missing."""
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.delitem(sys.modules, f"serbench.codecs.{module}", raising=False)
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module(f"serbench.codecs.{module}")
    assert library == caught.value.name


@pytest.mark.parametrize("name", ["ujson", "rapidjson", "jiter", "simdjson", "simdjson-lazy"])
def test_text_is_compact_utf8_whoever_encodes(name):
    """No spaces, no escapes of what UTF-8 has, slashes as they are, base64 for bytes, those that are text included."""
    shape = record("Text", s=Scalar.STRING, b=List(Scalar.BYTES), n=Map(Scalar.INT64, Scalar.FLOAT64))
    one = payload("text", shape, {"s": 'é😀</"\n', "b": [b"\xff\xfe", b"abc"], "n": {-1: 1.5}})
    written = codec(name).bind(one).encode(one.instances[0])
    assert written == '{"s":"é😀</\\"\\n","b":["//4=","YWJj"],"n":{"-1":1.5}}'.encode()


def test_the_librarys_own_callables_are_timed_where_they_can_be():
    """Nothing of ours stands between the call and a library that takes one argument and gives what is wanted."""
    assert ujson.loads == codec("ujson").bind(SCALARS).decode
    assert jiter.from_json == codec("jiter").bind(SCALARS).decode
    for carried in (SCALARS, BYTES, INT_KEYS):
        bound = codec("cbor2").bind(carried)
        assert (cbor2.dumps, cbor2.loads) == (bound.encode, bound.decode)
    bound = codec("bson").bind(WIDE)
    assert (bson.encode, bson.decode) == (bound.encode, bound.decode)
    assert simpleion.dumps == codec("ion").bind(SCALARS).encode


@pytest.mark.parametrize("name", ["bson", "bson-lazy"])
def test_wide_integers_of_bson_come_back_as_a_subclass(name):
    """As its users get them; the codec says so, and verification takes nothing else for an integer."""
    assert Deviation.INT_SUBCLASS in codec(name).deviations
    back = round_trip(name, WIDE)
    assert {Int64} == {type(n) for n in back["n"][1:]}
    assert WIDE.instances[0] == back
    assert "" == first_difference(WIDE.instances[0], back, subclasses=True) != first_difference(WIDE.instances[0], back)


@pytest.mark.parametrize("name", ["bson", "bson-lazy"])
@pytest.mark.parametrize(
    ("root", "reason"),
    [
        (
            record("A", a=List(Record("B", (Field(name="x\0", type=Scalar.BOOL, number=1),)))),
            "a[]: BSON takes no key with a zero character in it",
        ),
        (
            record(
                "A",
                a=Map(
                    Scalar.STRING,
                    Record(
                        "B",
                        (
                            Field(name="$ref", type=Scalar.STRING, number=1),
                            Field(name="$id", type=Scalar.INT64, number=2, optional=True),
                        ),
                    ),
                ),
            ),
            "a.*: an object with $ref and $id comes back from BSON as a reference",
        ),
    ],
)
def test_shapes_that_bson_has_no_form_for_are_refused_with_the_path(name, root, reason):
    """Before any call, since the library would refuse some and change others."""
    with pytest.raises(UnsupportedPayload) as caught:
        codec(name).bind(payload("odd", root))
    assert reason == str(caught.value)


def test_an_object_at_the_root_may_look_like_a_reference():
    """BSON takes only what is inside a document for one."""
    fields = (Field(name="$ref", type=Scalar.STRING, number=1), Field(name="$id", type=Scalar.STRING, number=2))
    root = payload("root", Record("Root", fields), {"$ref": "a", "$id": "b"})
    assert root.instances[0] == round_trip("bson", root)


def test_ion_comes_back_as_pythons_own_types():
    """The library alone gives classes of its own, which is why it is told."""
    shape = record("Own", n=Scalar.BIGINT, s=Scalar.STRING, o=Map(Scalar.STRING, Union((Scalar.NULL, Scalar.FLOAT64))))
    own = payload("own", shape, {"n": 10**200, "s": "é", "o": {"a": None, "b": -0.0}})
    assert exact(own.instances[0]) == exact(round_trip("ion", own))
    assert exact(own.instances[0]) != exact(simpleion.loads(simpleion.dumps(own.instances[0])))


@pytest.mark.parametrize(
    ("name", "where", "attribute", "without"),
    [
        ("cbor2", cbor2, "loads", lambda _data: None),
        ("bson", bson, "has_c", lambda: False),
        ("ion", simpleion, "c_ext", False),
    ],
)
def test_a_library_that_lost_its_native_part_is_told(monkeypatch, name, where, attribute, without):
    """A slow fallback is named, with a warning that says what to install."""
    assert codec(name).warnings == ()
    monkeypatch.setattr(where, attribute, without)
    (caution,) = codec(name).warnings
    assert ("pure Python", "slow-fallback") == (codec(name).native, caution.name)
    assert f"Install a wheel of {codec(name).distribution}" in caution.text


@pytest.mark.parametrize("name", ["jiter", "simdjson", "simdjson-lazy"])
def test_a_library_that_only_decodes_says_who_encodes(name):
    """Whoever reads its encode times is to know that they are json's."""
    assert codec(name).native.endswith("; json encodes")
