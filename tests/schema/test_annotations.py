"""Annotations of a schema's types."""

from __future__ import annotations

from types import GenericAlias

import pytest

from serbench.schema.annotations import PLAIN, Annotations
from serbench.schema.types import List, Map, Scalar, Union, record

S = Scalar
INNER = record("Inner", a=S.INT32)


def kept(record, fields, path):
    """A stand-in for a class: all that it would be made of."""
    return record.name, dict(fields), path


@pytest.mark.parametrize(
    ("kind", "annotation"),
    [
        (S.UINT64, int),
        (S.FLOAT32, float),
        (List(S.STRING), list[str]),
        (Map(S.INT32, List(S.BYTES)), dict[int, list[bytes]]),
        (Union((S.NULL, S.INT64, List(S.BOOL))), None | int | list[bool]),
    ],
)
def test_types_without_records_are_pythons_own(kind, annotation):
    """Numbers of any width are Python's."""
    assert annotation == Annotations(PLAIN, kept).of(kind)


def test_a_record_has_one_class_of_what_its_fields_are():
    """It is made once, after those that it uses, and is told its first path."""
    annotations = Annotations(PLAIN, kept)
    inner = ("Inner", {"a": int}, "rows[]")
    fields = {"rows": GenericAlias(list, (inner,)), "by.id": dict[str, inner]}
    kind = record("Outer", rows=List(INNER), **{"by.id": Map(S.STRING, INNER)})
    assert ("Outer", fields, "") == annotations.of(kind)
    assert ["Inner", "Outer"] == list(annotations.classes)


def test_a_library_has_its_own_scalars_and_unions():
    """The union is handed its type, the annotations of its options and the path."""
    asked = []

    def union(kind, options, path):
        asked.append((kind, options, path))
        return options[0]

    kind = Union((S.BYTES, S.INT32))
    assert dict[str, memoryview] == Annotations(PLAIN | {S.BYTES: memoryview}, kept, union).of(Map(S.STRING, kind))
    assert [(kind, [memoryview, int], "*")] == asked
