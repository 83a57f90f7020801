"""mashumaro on orjson: dataclasses that are derived from the payload's schema, and the user's own.

Encoder and decoder are what `ORJSONEncoder` and `ORJSONDecoder` are made of, with the options of a class that leaves
defaults out and writes bytes as base64.
"""

from __future__ import annotations

import base64
import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import orjson
from mashumaro.codecs.basic import BasicDecoder, BasicEncoder
from mashumaro.codecs.orjson import ORJSONDecoder, ORJSONEncoder
from mashumaro.helper import pass_through
from mashumaro.mixins.orjson import OrjsonDialect

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation
from serbench.codecs.own import Way, first_words
from serbench.errors import UnsupportedPayload
from serbench.schema.dataclasses import derive, refuse_deeper, refuse_unions
from serbench.schema.payload import Kind
from serbench.schema.types import Scalar, records_of

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload
    from serbench.schema.types import Schema, Type

_AS_IT_IS = {"serialize": pass_through, "deserialize": pass_through}
_UNNAMEABLE = {"'", "\\", *map(chr, range(32))}


class _Plain(OrjsonDialect):
    """To and from plain values."""

    serialize_by_alias = True
    omit_default = True
    serialization_strategy = MappingProxyType({**OrjsonDialect.serialization_strategy, bytes: _AS_IT_IS})


class _Wire(_Plain):
    """To and from what orjson writes."""

    serialization_strategy = MappingProxyType(
        {**_Plain.serialization_strategy, bytes: {"serialize": base64_text, "deserialize": base64.b64decode}}
    )


def _with_keys(value: Any) -> bytes:
    return orjson.dumps(value, None, orjson.OPT_NON_STR_KEYS)


def _refuse(schema: Schema) -> None:
    """Says what mashumaro has no form for: it writes its code with the names as they are, and unions untouched.

    Of nested lists it makes comprehensions in each other: Python from 3.12 on crashes on more of them than 20.

    Raises:
        UnsupportedPayload: with the path of a union, or the name.
    """
    refuse_unions(schema, "mashumaro", _told_apart)
    if sys.version_info >= (3, 12):
        refuse_deeper(schema, "mashumaro", 20)
    for record in records_of(schema):
        for field in record.fields:
            if not field.name or not _UNNAMEABLE.isdisjoint(field.name):
                raise UnsupportedPayload(f"mashumaro takes no field of the name {field.name!r}")


def _told_apart(options: tuple[Type, ...]) -> bool:
    return all(isinstance(option, Scalar) and option is not Scalar.BYTES for option in options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mashumaro:
    """orjson, then mashumaro's code for the dataclasses."""

    name: str = "mashumaro-orjson"
    format: str = "json"
    distribution: str | None = "mashumaro"
    model: Model = "typed"
    deviations: frozenset[Deviation] = frozenset(
        {Deviation.TUPLE_AS_LIST, Deviation.INT_64_BITS, Deviation.NO_NAN, Deviation.NO_SURROGATES}
    )
    native: str = "pure Python on orjson's Rust"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """Dataclasses, and the code that mashumaro writes for them."""
        _refuse(payload.schema)
        kind, _ = derive(payload.schema)
        dumps = _with_keys if Kind.NON_STRING_KEY in payload.kinds else orjson.dumps
        return Bound(
            encode=BasicEncoder(kind, default_dialect=_Wire, post_encoder_func=dumps).encode,
            decode=BasicDecoder(kind, default_dialect=_Wire, pre_decoder_func=orjson.loads).decode,
            build=BasicDecoder(kind, default_dialect=_Plain).decode,
            convert=BasicEncoder(kind, default_dialect=_Plain).encode,
            access="attribute",
        )


def own(kind: Any) -> Way:
    """A dataclass of the user's own: orjson writes it by itself where that is enough."""
    rest: dict[str, Any] = {
        "decode": ORJSONDecoder(kind).decode,
        "build": BasicDecoder(kind, default_dialect=OrjsonDialect).decode,
        "convert": BasicEncoder(kind).encode,
        "access": "attribute",
    }
    writers: dict[str, Any] = {"orjson.dumps": orjson.dumps, "mashumaro's ORJSONEncoder": ORJSONEncoder(kind).encode}
    return Way(forms={name: Bound(encode=encode, **rest) for name, encode in writers.items()}, explain=first_words)


CODECS: tuple[Codec, ...] = (Mashumaro(),)
