"""bson, as pymongo brings it: `bson.encode` and `bson.decode`, or lazy `RawBSONDocument`s.

`bson.decode` gives integers that take 64 bits on the wire as `Int64`, a subclass of int. That is what its users get, so
it is what is timed: a registry of types that gives ints takes a tenth to a half more.

A document is an object. A message that is something else is the field `values` of one, as users have to write it.

Its extension reads a memoryview where it is, which `bson-view` shows; bytes are copied out all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import bson
from bson.raw_bson import RawBSONDocument

from serbench.codecs.base import Bound, Codec, identity, mapped, slow_fallback
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload
from serbench.schema.carried import VALUES
from serbench.schema.payload import join
from serbench.schema.types import List, Map, Record, Type, Union

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


def _plain(value: Any) -> Any:
    """What a lazy document holds, or an array of them."""
    if isinstance(value, RawBSONDocument):
        return bson.decode(value.raw)
    return [_plain(item) for item in value] if isinstance(value, list) else value


def _encode_inside(value: Any) -> bytes:
    return bson.encode({VALUES: value})


def _parts(kind: Type, path: str = "") -> Iterator[tuple[str, Type]]:
    """A type and every type inside it, each with its path."""
    yield path, kind
    match kind:
        case Record():
            for field in kind.fields:
                yield from _parts(field.type, join(path, field.name))
        case List():
            yield from _parts(kind.item, f"{path}[]")
        case Map():
            yield from _parts(kind.value, join(path, "*"))
        case Union():
            for option in kind.options:
                yield from _parts(option, path)


def _refuse_names(record: Record, path: str) -> None:
    """Refuses a record whose fields have names that BSON has no form for, or another meaning."""
    names = {field.name for field in record.fields}
    if any("\0" in name for name in names):
        raise UnsupportedPayload("BSON takes no key with a zero character in it", path or "(root)")
    if path and names >= {"$ref", "$id"}:
        raise UnsupportedPayload("an object with $ref and $id comes back from BSON as a reference", path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bson:
    """bson: to dicts, from bytes or from views, or to lazy documents.

    Without its C extension it runs in pure Python, which is told.
    """

    name: str
    model: Model
    view: bool = False
    format: str = "bson"
    distribution: str | None = "pymongo"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.TUPLE_AS_LIST,
            Deviation.INT_SUBCLASS,
            Deviation.INT_64_BITS,
            Deviation.INT_63_BITS,
            Deviation.NO_SURROGATES,
            Deviation.STRING_KEYS_ONLY,
            Deviation.NO_ZERO_IN_KEYS,
        }
    )

    @property
    def native(self) -> str:
        """`C`, or `pure Python` where the extension is missing."""
        return "C" if bson.has_c() else "pure Python"

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """That the extension is missing, if it is."""
        return () if self.native == "C" else (slow_fallback("pymongo", "NO_EXT"),)

    def bind(self, payload: Payload, /) -> Bound:
        """The library's own callables."""
        for path, part in _parts(payload.schema.root):
            if isinstance(part, Record):
                _refuse_names(part, path)
        lazy = self.model == "message"
        decode, convert = (RawBSONDocument, _plain) if lazy else (bson.decode, identity)
        bound = partial(Bound, convert=convert, source=mapped() if self.view else identity)
        if isinstance(payload.schema.root, Record | Map):
            return bound(encode=bson.encode, decode=decode)
        return bound(encode=_encode_inside, decode=lambda data: decode(data)[VALUES])


CODECS: tuple[Codec, ...] = (
    Bson(name="bson", model="plain"),
    Bson(name="bson-view", model="plain", view=True),
    Bson(name="bson-lazy", model="message"),
)
