"""What is special to Arrow: batches of rows, and a schema that is not part of a message."""

from __future__ import annotations

import pytest
from codec_samples import payload

pa = pytest.importorskip("pyarrow")

from serbench.codecs.pyarrow import CODECS  # noqa: E402 - only where the library is there
from serbench.errors import UnsupportedPayload  # noqa: E402
from serbench.schema.types import List, Map, Optional, Scalar, Union, record  # noqa: E402

CODEC, _ = CODECS
ITEM = record("Item", id=Scalar.INT32, note=Optional(Scalar.STRING))
SCHEMA = pa.schema([pa.field("id", pa.int32(), nullable=False), pa.field("note", pa.string())])


def nested(levels):
    """Lists in lists, and a value of that type."""
    kind, value = Scalar.INT64, 1
    for _ in range(levels):
        kind, value = List(kind), [value]
    return kind, value


def test_a_message_is_one_row_of_a_batch():
    """What is encoded is the batch's own IPC message, which any reader of Arrow takes with the schema."""
    bound = CODEC.bind(payload("item", ITEM, {"id": 1}))
    batch = pa.ipc.read_record_batch(bound.encode({"id": 1}), SCHEMA)
    assert (1, SCHEMA) == (batch.num_rows, batch.schema)
    assert bound.encode({"id": 1}) == memoryview(batch.serialize())


def test_a_list_of_records_is_a_batch_of_as_many_rows():
    """Columns are those of the items, and no rows are a batch as well."""
    bound = CODEC.bind(payload("items", List(ITEM), [{"id": 1}]))
    assert pa.ipc.read_record_batch(bound.encode([{"id": 1}, {"id": 2}]), SCHEMA).num_rows == 2
    assert [{"id": 1, "note": None}, {"id": 2, "note": "a"}] == bound.decode(
        bound.encode([{"id": 1}, {"id": 2, "note": "a"}])
    )
    assert bound.decode(bound.encode([])) == []


def test_as_many_levels_are_carried_as_the_format_takes():
    """A map is two of them."""
    (lists, value), (inner, below) = nested(63), nested(61)
    message = {"a": value, "b": {"k": below}}
    bound = CODEC.bind(payload("deep", record("Deep", a=lists, b=Map(Scalar.STRING, inner)), message))
    assert message == bound.decode(bytes(bound.encode(message)))


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (record("Empty"), "a batch without columns has no rows"),
        (List(record("Empty")), "[]: a batch without columns has no rows"),
        (
            record("A", a=List(Union((Scalar.INT64, Scalar.STRING)))),
            "a[]: the codec for pyarrow carries one type in a place",
        ),
        (record("A", a=Map(Scalar.STRING, Scalar.BIGINT)), "a.*: pyarrow has integers of 64 bits"),
        (record("A", a=nested(64)[0]), f"a{'[]' * 64}: Arrow's IPC format takes 64 levels"),
        (
            List(record("A", a=Map(Scalar.STRING, nested(62)[0]))),
            f"[].a.*{'[]' * 62}: Arrow's IPC format takes 64 levels",
        ),
    ],
)
def test_what_arrow_has_no_batch_of_is_refused_with_the_path(kind, reason):
    """The reason says what is missing, and the path where."""
    with pytest.raises(UnsupportedPayload) as caught:
        CODEC.bind(payload("odd", kind))
    assert str(caught.value).startswith(reason)
