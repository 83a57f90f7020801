"""ujson: `ujson.dumps` and `ujson.loads`.

`dumps` gives text, which is made UTF-8 here as its users must. By default it escapes slashes and all but ASCII; its own
documentation advises against both, so they are left as they are. The hook is passed where there are bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ujson

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


def _encode(value: Any) -> bytes:
    return ujson.dumps(value, ensure_ascii=False, escape_forward_slashes=False).encode()


def _with_bytes(value: Any) -> bytes:
    return ujson.dumps(value, ensure_ascii=False, escape_forward_slashes=False, default=base64_text).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ujson:
    """ujson, which carries NaN and infinities by name and integers of any size."""

    name: str = "ujson"
    format: str = "json"
    distribution: str | None = "ujson"
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

    def bind(self, payload: Payload, /) -> Bound:
        """The hook only where it is needed."""
        return Bound(encode=_with_bytes if Kind.BYTES in payload.kinds else _encode, decode=ujson.loads)


CODECS: tuple[Codec, ...] = (Ujson(),)
