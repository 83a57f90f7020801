"""python-rapidjson: an `Encoder` and a `Decoder` that were made once.

An encoder gives text, which is made UTF-8 here as its users must. Its hook for other types is a method, so where there
are bytes the encoder is of a subclass; otherwise it writes bytes as the text that they may hold. Keys that are no
strings it refuses unless told to coerce them, so it is told where the payload has some.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import rapidjson

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


class _WithBytes(rapidjson.Encoder):
    default = staticmethod(base64_text)


def _encoder(payload: Payload) -> Callable[[Any], bytes]:
    """Writes compact UTF-8, with the options that the payload needs."""
    kind = _WithBytes if Kind.BYTES in payload.kinds else rapidjson.Encoder
    coerced = Kind.NON_STRING_KEY in payload.kinds
    made = kind(
        ensure_ascii=False,
        bytes_mode=rapidjson.BM_NONE,
        mapping_mode=rapidjson.MM_COERCE_KEYS_TO_STRINGS if coerced else rapidjson.MM_ANY_MAPPING,
    )
    text = cast("Callable[[Any], str]", made)  # it gives None only where it is handed a stream

    def encode(value: Any) -> bytes:
        return text(value).encode()

    return encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Rapidjson:
    """python-rapidjson, which carries NaN and infinities by name and integers of any size."""

    name: str = "rapidjson"
    format: str = "json"
    distribution: str | None = "python-rapidjson"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.BYTES_AS_BASE64,
            Deviation.TUPLE_AS_LIST,
            Deviation.KEYS_AS_STRINGS,
            Deviation.NO_SURROGATES,
        }
    )
    native: str = "C++"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """An encoder and a decoder of its own for every payload."""
        return Bound(encode=_encoder(payload), decode=rapidjson.Decoder())


CODECS: tuple[Codec, ...] = (Rapidjson(),)
