"""jiter: `jiter.from_json`. It only decodes, so the standard library's json encodes, as `native` says.

What `encode` and `dump` measure is therefore json and not jiter: an encoder that was made once, compact, UTF-8. By
default jiter keeps short texts between calls, values as well as keys, and hands out the same object again; messages
that come round again meet those. That default is what its users have, and it stays.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jiter

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_text = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=base64_text).encode


def _encode(value: Any) -> bytes:
    return _text(value).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Jiter:
    """jiter behind json's encoder. It carries NaN and infinities, as json names them."""

    name: str = "jiter"
    format: str = "json"
    distribution: str | None = "jiter"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.BYTES_AS_BASE64,
            Deviation.TUPLE_AS_LIST,
            Deviation.KEYS_AS_STRINGS,
            Deviation.NO_SURROGATES,
        }
    )
    native: str = "Rust; json encodes"
    warnings: tuple[Caution, ...] = ()

    def bind(self, _payload: Payload, /) -> Bound:
        """The same two callables for every payload."""
        return Bound(encode=_encode, decode=jiter.from_json)


CODECS: tuple[Codec, ...] = (Jiter(),)
