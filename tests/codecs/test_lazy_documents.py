"""Lazy documents: several alive at once, plain when they are converted, and what they cannot tell apart."""

from __future__ import annotations

import pytest
import simdjson
from bson.raw_bson import RawBSONDocument
from codec_samples import BYTES, DEEP, NESTED, NULLABLE, exact, payload

from serbench.codecs.bson import CODECS as BSON
from serbench.codecs.deviations import expected
from serbench.codecs.simdjson import CODECS as SIMDJSON
from serbench.errors import UnsupportedPayload
from serbench.schema.types import List, Map, Optional, Scalar, Union, record

LAZY = {codec.name: codec for codec in (*SIMDJSON, *BSON) if codec.model == "message"}
OWN = {"simdjson-lazy": simdjson.Object, "bson-lazy": RawBSONDocument}
each_lazy = pytest.mark.parametrize("codec", LAZY.values(), ids=LAZY)


@each_lazy
def test_what_is_decoded_is_the_librarys_own(codec):
    """No dict has been made, neither of the message nor of what is inside."""
    bound = codec.bind(NULLABLE)
    document = bound.decode(bound.encode(NULLABLE.instances[0]))
    assert OWN[codec.name] is type(document)
    assert OWN[codec.name] is type(document["child"])


@each_lazy
def test_documents_that_are_alive_do_not_get_in_each_others_way(codec):
    """A service holds more than one message: each stays readable while others are decoded."""
    bound = codec.bind(NESTED)
    documents = [bound.decode(bound.encode(instance)) for instance in (*NESTED.instances, *NESTED.instances)]
    back = [exact(bound.convert(document)) for document in documents]
    assert [exact(instance) for instance in NESTED.instances] * 2 == back


@each_lazy
@pytest.mark.parametrize("carried", [BYTES, NESTED, DEEP], ids=lambda each: each.name)
def test_a_converted_document_is_plain_all_the_way_down(codec, carried):
    """No lazy object is left inside."""
    bound = codec.bind(carried)
    for instance in carried.instances:
        must = expected(instance, carried.schema.root, codec.deviations)
        assert exact(must) == exact(bound.convert(bound.decode(bound.encode(instance))))


@pytest.mark.parametrize(("root", "value"), [(List(Scalar.INT64), [1, 2]), (Scalar.STRING, "a"), (Scalar.INT64, 1)])
def test_a_root_that_is_no_object_is_converted_as_well(root, value):
    """JSON has any value at its root."""
    bound = LAZY["simdjson-lazy"].bind(payload("root", root, value))
    assert exact(value) == exact(bound.convert(bound.decode(bound.encode(value))))


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        (record("A", a=Union((Scalar.STRING, List(Scalar.STRING)))), "a"),
        (record("A", a=Optional(List(Union((record("B"), List(Scalar.BOOL)))))), "a[]"),
        (record("A", a=Map(Scalar.STRING, Union((Scalar.NULL, Scalar.INT64, List(Scalar.INT64))))), "a.*"),
        (record("A", a=Union((Scalar.NULL, record("B", b=Union((Scalar.BOOL, List(Scalar.BOOL))))))), "a.b"),
    ],
)
def test_a_lazy_array_or_something_else_is_refused_with_the_path(kind, path):
    """Users tell a list by its type, and a lazy array is none."""
    with pytest.raises(UnsupportedPayload) as caught:
        LAZY["simdjson-lazy"].bind(payload("mixed", kind))
    assert str(caught.value).startswith(f"{path}: a lazy array is no list")


def test_a_key_with_a_zero_character_is_found_by_no_lazy_document():
    """The library looks for what is before it."""
    kind = record("A", a=List(record("B", **{"x\0y": Scalar.INT64})))
    with pytest.raises(UnsupportedPayload) as caught:
        LAZY["simdjson-lazy"].bind(payload("zero", kind))
    assert str(caught.value) == "a[].x\0y: a lazy document finds no key with a zero character in it"


@pytest.mark.parametrize(
    "kind",
    [
        record("A", a=Union((Scalar.NULL, List(List(Scalar.INT64))))),
        record("A", a=Union((Scalar.NULL, Scalar.STRING, Scalar.INT64, record("B", b=Scalar.BOOL)))),
    ],
)
def test_unions_that_can_be_told_apart_are_taken(kind):
    """A nullable list, and scalars beside one kind of object."""
    assert LAZY["simdjson-lazy"].bind(payload("taken", kind)).access == "item"


def test_a_list_of_lazy_documents_is_what_is_in_one():
    """A document of BSON's is an object, so the list is a field of one; its items are still lazy."""
    rows = payload("rows", List(record("Row", a=Scalar.INT64)), [{"a": 1}, {"a": 2}])
    bound = LAZY["bson-lazy"].bind(rows)
    decoded = bound.decode(bound.encode(rows.instances[0]))
    assert [RawBSONDocument, RawBSONDocument] == list(map(type, decoded))
    assert rows.instances[0] == bound.convert(decoded)
