"""pysimdjson: `Parser.parse` to plain values, or to its lazy documents. It only decodes; its `JSONEncoder` is json's.

What `encode` and `dump` measure is therefore the standard library's json, as `native` says.

To plain values one parser serves every call: nothing refers to it once a call is over. A lazy document refers to its
parser, which refuses to parse another one meanwhile, so each lazy document has a parser of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import simdjson

from serbench.codecs.base import Bound, Codec, base64_text, identity
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload
from serbench.schema.derived import spoken
from serbench.schema.payload import join
from serbench.schema.types import List, Map, Record, Scalar, Type, Union

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_text = simdjson.JSONEncoder(separators=(",", ":"), ensure_ascii=False, default=base64_text).encode


def _encode(value: Any) -> bytes:
    return _text(value).encode()


def _document(data: bytes) -> Any:
    return simdjson.Parser().parse(data)


def _plain(document: Any) -> Any:
    if isinstance(document, simdjson.Object):
        return document.as_dict()
    return document.as_list() if isinstance(document, simdjson.Array) else document


def _refuse(kind: Type, path: str) -> None:
    """What lazy documents cannot tell: an array from something else, as it is no list of Python's; a key with a NUL."""
    match kind:
        case Record():
            for field in kind.fields:
                below = join(path, field.name)
                if "\0" in field.name:
                    raise UnsupportedPayload("a lazy document finds no key with a zero character in it", below)
                _refuse(field.type, below)
        case List():
            _refuse(kind.item, f"{path}[]")
        case Map():
            _refuse(kind.value, join(path, "*"))
        case Union():
            others = [option for option in kind.options if option is not Scalar.NULL]
            if len(others) > 1 and any(isinstance(option, List) for option in others):
                here = f"here are {spoken(others)}"
                raise UnsupportedPayload(f"a lazy array is no list, so it is not told from others, and {here}", path)
            for option in others:
                _refuse(option, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Simdjson:
    """pysimdjson behind json's encoder, to plain values or to lazy documents."""

    name: str
    model: Model
    format: str = "json"
    distribution: str | None = "pysimdjson"
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
    warnings: tuple[Caution, ...] = ()

    @property
    def native(self) -> str:
        """The code that simdjson chose for this processor, such as `haswell`, and who encodes."""
        name, _ = simdjson.Parser().implementation
        return f"C++ ({name}); json encodes"

    def bind(self, payload: Payload, /) -> Bound:
        """A parser of its own for every payload, or one for every document."""
        if self.model == "plain":
            return Bound(encode=_encode, decode=partial(simdjson.Parser().parse, recursive=True))
        _refuse(payload.schema.root, "")
        return Bound(encode=_encode, decode=_document, build=identity, convert=_plain)


CODECS: tuple[Codec, ...] = (
    Simdjson(name="simdjson", model="plain"),
    Simdjson(name="simdjson-lazy", model="message"),
)
