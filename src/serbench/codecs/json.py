"""The standard library's json, as a service that cares writes it: compact, UTF-8, with an encoder that was made once.

Encoding is `JSONEncoder(...).encode` and the text as UTF-8: what `json.dumps` does, less making an encoder in every
call. Decoding is `json.loads` of the bytes, as users write it; finding out which UTF it is belongs to its price. NaN
and infinities are left as the library has them by default: they are carried, by names (`NaN`) that JSON itself lacks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_text = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=base64_text).encode


def _encode(value: object) -> bytes:
    return _text(value).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Json:
    """`json` of the standard library."""

    name: str = "json"
    format: str = "json"
    distribution: str | None = None
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.BYTES_AS_BASE64,
            Deviation.TUPLE_AS_LIST,
            Deviation.KEYS_AS_STRINGS,
            Deviation.NO_SURROGATES,
        }
    )
    native: str = "C"
    warnings: tuple[Caution, ...] = ()

    def bind(self, _payload: Payload, /) -> Bound:
        """The same two callables for every payload."""
        return Bound(encode=_encode, decode=json.loads)


CODECS: tuple[Codec, ...] = (Json(),)
