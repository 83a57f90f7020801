"""msgspec: JSON and MessagePack, to plain values or to structs that are derived from the payload's schema.

Both decoders read a memoryview where it is, which the variants with `view` in their names show. MessagePack's gives
views of it for bytes where the type of a field is memoryview; in JSON there is nothing to view.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from serbench.codecs.base import Bound, Codec, identity, mapped, owned
from serbench.codecs.deviations import Deviation
from serbench.codecs.own import Way, first_words
from serbench.errors import UnsupportedPayload
from serbench.schema.annotations import PLAIN, Annotations, any_of
from serbench.schema.derived import nullable, spoken
from serbench.schema.names import identifiers
from serbench.schema.payload import Kind
from serbench.schema.types import Field, Record, Scalar, Union

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_UNNAMEABLE = {'"', "\\", *map(chr, range(32))}


def _union(union: Union, options: Sequence[Any], path: str) -> Any:
    kind = any_of(union, options, path)
    try:
        msgspec.json.Decoder(kind)
    except TypeError as error:
        raise UnsupportedPayload(f"msgspec cannot tell {spoken(union.options)} apart in one place", path) from error
    return kind


def _struct(record: Record, kinds: Mapping[str, Any], path: str) -> Any:
    names = identifiers(record)
    if refused := next((name for name in names if not _UNNAMEABLE.isdisjoint(name)), ""):
        raise UnsupportedPayload(f"msgspec takes no field of the name {refused!r}", path)
    fields = [_field(field, names[field.name], kinds[field.name]) for field in record.fields]
    aliases = {identifier: name for name, identifier in names.items()}
    return msgspec.defstruct(record.name, fields, rename=aliases, kw_only=True, omit_defaults=True)


def _field(field: Field, identifier: str, kind: Any) -> Any:
    """A field: without a default, and so never left out; absent it is None, or UNSET where None is a value."""
    if not field.optional:
        return identifier, kind
    absent = (kind | msgspec.UnsetType, msgspec.UNSET) if nullable(field.type) else (kind | None, None)
    return identifier, *absent


def _plain_of_views(value: Any) -> Any:
    return owned(msgspec.to_builtins(value, builtin_types=(bytes, memoryview)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Msgspec:
    """One of msgspec's formats, to plain values or to structs."""

    name: str
    format: str
    model: Model
    deviations: frozenset[Deviation]
    view: bool = False
    distribution: str | None = "msgspec"
    native: str = "C"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """An encoder and a decoder; for structs also their types, and the library's own ways from and to plain."""
        wire = msgspec.json if self.format == "json" else msgspec.msgpack
        source = mapped() if self.view else identity
        if self.model == "plain":
            return Bound(encode=wire.Encoder().encode, decode=wire.Decoder().decode, source=source)
        scalars = PLAIN | {Scalar.BYTES: memoryview if self.view else bytes}
        kind = Annotations(scalars, _struct, _union).of(payload.schema.root)
        convert = _plain_of_views if self.view else partial(msgspec.to_builtins, builtin_types=(bytes,))
        return Bound(
            encode=wire.Encoder().encode,
            decode=wire.Decoder(kind).decode,
            build=lambda value: msgspec.convert(value, kind),
            convert=convert if Kind.BYTES in payload.kinds else msgspec.to_builtins,
            source=source,
            access="attribute",
        )


def own(kind: Any) -> Way:
    """A struct of the user's own; dataclasses and attrs classes are taken like structs."""
    form = Bound(
        encode=msgspec.json.Encoder().encode,
        decode=msgspec.json.Decoder(kind).decode,
        build=partial(msgspec.convert, type=kind, str_keys=True),
        convert=msgspec.to_builtins,
        access="attribute",
    )
    return Way(forms={"msgspec.json": form}, explain=first_words)


_BOTH = frozenset({Deviation.TUPLE_AS_LIST, Deviation.NO_SURROGATES})
_JSON = _BOTH | {Deviation.NO_NAN}
_MSGPACK = _BOTH | {Deviation.INT_64_BITS}
_UNTYPED_JSON = _JSON | {Deviation.BYTES_AS_BASE64, Deviation.KEYS_AS_STRINGS}

CODECS: tuple[Codec, ...] = (
    Msgspec(name="msgspec-json", format="json", model="plain", deviations=_UNTYPED_JSON),
    Msgspec(name="msgspec-json-view", format="json", model="plain", deviations=_UNTYPED_JSON, view=True),
    Msgspec(name="msgspec-json-struct", format="json", model="typed", deviations=_JSON),
    Msgspec(name="msgspec-msgpack", format="msgpack", model="plain", deviations=_MSGPACK),
    Msgspec(name="msgspec-msgpack-struct", format="msgpack", model="typed", deviations=_MSGPACK),
    Msgspec(name="msgspec-msgpack-view", format="msgpack", model="typed", deviations=_MSGPACK, view=True),
)
