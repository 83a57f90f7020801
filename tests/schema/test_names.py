"""Identifiers for names that Python or protobuf do not take."""

from __future__ import annotations

import keyword
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.schema.names import identifiers, lower_camel
from serbench.schema.types import Scalar, record


def made(*names: str) -> list[str]:
    """The identifiers of a record's fields, in order."""
    mapped = identifiers(record("Any", **dict.fromkeys(names, Scalar.BOOL)))
    assert list(mapped) == list(names)
    return list(mapped.values())


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("a", "unitPrice", "snake_case", "X1"), ["a", "unitPrice", "snake_case", "X1"]),
        (("a-b", "a b", "1st", "größe", "_x", ""), ["f_a_b", "f_a_b_2", "f_1st", "f_gr__e", "f__x", "f_"]),
        (("class", "from", "None"), ["f_class", "f_from", "f_None"]),
        (("HasField", "SerializeToString", "self"), ["f_HasField", "f_SerializeToString", "f_self"]),
        (("f_a_b", "a-b"), ["f_a_b", "f_a_b_2"]),
        (("a-b", "f_a_b"), ["f_a_b_2", "f_a_b"]),
        (("unit_price", "unitPrice"), ["unit_price", "f_unitPrice"]),
    ],
)
def test_names_become_identifiers(names, expected):
    """What is an identifier stays, the rest gets a mark before it and a number where two would meet."""
    assert expected == made(*names)


@given(
    st.lists(st.text(max_size=4) | st.sampled_from(["a_b", "aB", "a-b", "f_aB", "f_a_b_2"]), unique=True, max_size=8)
)
def test_identifiers_are_unique_and_allowed(names):
    """Whatever the names: identifiers of ASCII letters that do not meet, not even in lowerCamelCase."""
    taken = made(*names)
    assert len({lower_camel(name) for name in taken}) == len(names)
    assert [name for name in taken if not re.fullmatch(r"[A-Za-z][0-9A-Za-z_]*", name) or keyword.iskeyword(name)] == []


def test_protobuf_messages_keep_their_methods():
    """No field takes the place of a method of a message."""
    from google.protobuf.struct_pb2 import Struct

    methods = [name for name in dir(Struct) if name[0].isupper() and name not in ("FieldsEntry", "FIELDS_FIELD_NUMBER")]
    assert [name for name in made(*methods) if name in methods] == []


@pytest.mark.parametrize(
    ("name", "expected"), [("unit_price", "unitPrice"), ("a__b_", "aB"), ("X", "X"), ("f_1a", "f1a")]
)
def test_lower_camel_is_protobufs_rule(name, expected):
    """An underscore goes and the letter after it becomes a capital."""
    assert expected == lower_camel(name)
