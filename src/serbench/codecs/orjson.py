"""orjson: `orjson.dumps` and `orjson.loads`.

`dumps` takes its options in every call and they are not free, so a payload gets what its own users would pass: nothing;
a hook where there are bytes; `OPT_NON_STR_KEYS` where there are keys that are no strings.

`loads` reads a memoryview where it is, which `orjson-view` shows; what it gives is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from serbench.codecs.base import Bound, Codec, base64_text, identity, mapped
from serbench.codecs.deviations import Deviation
from serbench.codecs.own import Way, first_words
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
    """orjson, which writes NaN as null: it is refused here. From bytes, or from views of mapped memory."""

    name: str
    view: bool = False
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
        encode: Any = _with_bytes if Kind.BYTES in payload.kinds else orjson.dumps
        if Kind.NON_STRING_KEY in payload.kinds:
            encode = _with_keys
        return Bound(encode=encode, decode=orjson.loads, source=mapped() if self.view else identity)


def own(kind: Any) -> Way:
    """A class that has `from_json` itself, from mashumaro's mixins or others; what it cannot write, orjson does."""
    own_write = getattr(kind, "to_jsonb", None) or getattr(kind, "to_json", None)
    write = _in_bytes(own_write) if own_write else orjson.dumps
    form = Bound(
        encode=write,
        decode=kind.from_json,
        build=getattr(kind, "from_dict", None) or (lambda value: kind.from_json(orjson.dumps(value, base64_text))),
        convert=getattr(kind, "to_dict", None) or (lambda value: orjson.loads(write(value))),
        access="attribute",
    )
    return Way(forms={"its own": form}, explain=first_words)


def _in_bytes(write: Any) -> Any:
    """A method that writes, with text as the bytes that are sent."""

    def encode(value: Any) -> Any:
        made = write(value)
        return made.encode() if isinstance(made, str) else made

    return encode


CODECS: tuple[Codec, ...] = (Orjson(name="orjson"), Orjson(name="orjson-view", view=True))
