"""fastavro: `schemaless_writer` and `schemaless_reader`, as services do that send Avro with the schema known to both.

The schema is parsed once. Both functions take a file, so a `BytesIO` is made in every call, as users make it. A payload
with keys that are no names in Avro has them changed on the way in and back on the way out, which is timed.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

import fastavro
from fastavro import schemaless_reader, schemaless_writer

from serbench.codecs.base import Bound, Codec, slow_fallback
from serbench.codecs.deviations import Deviation
from serbench.schema.avro import lower, renaming
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


def _writer(schema: Any) -> Callable[[Any], bytes]:
    def encode(value: Any) -> bytes:
        file = BytesIO()
        schemaless_writer(file, schema, value)
        return file.getvalue()

    return encode


def _writer_of_tuples(schema: Any) -> Callable[[Any], bytes]:
    """A tuple in a union is a value with the name of its type, unless fastavro is told otherwise."""

    def encode(value: Any) -> bytes:
        file = BytesIO()
        schemaless_writer(file, schema, value, disable_tuple_notation=True)
        return file.getvalue()

    return encode


def _reader(schema: Any) -> Callable[[bytes], Any]:
    def decode(data: bytes) -> Any:
        return schemaless_reader(BytesIO(data), schema, None)

    return decode


@dataclass(frozen=True, slots=True, kw_only=True)
class Fastavro:
    """fastavro, whose records have every field: an optional one that was absent is None."""

    name: str = "fastavro"
    format: str = "avro"
    distribution: str | None = "fastavro"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.TUPLE_AS_LIST,
            Deviation.ABSENT_AS_NULL,
            Deviation.INT_64_BITS,
            Deviation.INT_63_BITS,
            Deviation.NO_SURROGATES,
            Deviation.STRING_KEYS_ONLY,
        }
    )

    @property
    def native(self) -> str:
        """`C`, or `pure Python` where the extension is missing."""
        return "pure Python" if schemaless_writer.__module__.endswith("_py") else "C"

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """That the fallback is active, if it is. No variable switches it on: the extension is not there."""
        return () if self.native == "C" else (slow_fallback("fastavro"),)

    def bind(self, payload: Payload, /) -> Bound:
        """A parsed schema."""
        schema = fastavro.parse_schema(lower(payload.schema))
        encode = (_writer_of_tuples if Kind.TUPLE in payload.kinds else _writer)(schema)
        decode = _reader(schema)
        there, back = renaming(payload.schema), renaming(payload.schema, back=True)
        if there is None or back is None:
            return Bound(encode=encode, decode=decode)
        return Bound(encode=lambda value: encode(there(value)), decode=lambda data: back(decode(data)))


CODECS: tuple[Codec, ...] = (Fastavro(),)
