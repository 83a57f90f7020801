"""orjson: `orjson.dumps` and `orjson.loads`.

`dumps` takes its options in every call and they are not free, so a payload gets what its own users would pass: nothing;
a hook where there are bytes; `OPT_NON_STR_KEYS` where there are keys that are no strings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


def _with_bytes(value: Any) -> bytes:
    return orjson.dumps(value, base64_text)


def _with_keys(value: Any) -> bytes:
    return orjson.dumps(value, base64_text, orjson.OPT_NON_STR_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Orjson:
    """orjson, which writes NaN as null: it is refused here."""

    name: str = "orjson"
    format: str = "json"
    distribution: str | None = "orjson"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.BYTES_AS_BASE64,
            Deviation.TUPLE_AS_LIST,
            Deviation.KEYS_AS_STRINGS,
            Deviation.INT_64_BITS,
            Deviation.NO_NAN,
            Deviation.NO_SURROGATES,
        }
    )
    native: str = "Rust"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """The library's own `dumps` unless the payload needs an option."""
        if Kind.NON_STRING_KEY in payload.kinds:
            return Bound(encode=_with_keys, decode=orjson.loads)
        return Bound(encode=_with_bytes if Kind.BYTES in payload.kinds else orjson.dumps, decode=orjson.loads)


CODECS: tuple[Codec, ...] = (Orjson(),)
