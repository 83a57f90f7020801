"""msgspec: JSON and MessagePack, to plain values or to structs that are derived from the payload's schema."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial, reduce
from operator import or_
from types import GenericAlias
from typing import TYPE_CHECKING, Any

import msgspec

from serbench.codecs.base import Bound, Codec
from serbench.codecs.deviations import Deviation
from serbench.codecs.own import Way
from serbench.errors import UnsupportedPayload
from serbench.schema.names import identifiers
from serbench.schema.payload import Kind, join
from serbench.schema.types import Field, List, Map, Record, Scalar, Type, Union

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_SCALARS: dict[Scalar, Any] = {
    **dict.fromkeys(Scalar, int),
    **dict.fromkeys((Scalar.FLOAT32, Scalar.FLOAT64), float),
    Scalar.NULL: None,
    Scalar.BOOL: bool,
    Scalar.STRING: str,
    Scalar.BYTES: bytes,
}
_UNNAMEABLE = {'"', "\\", *map(chr, range(32))}


def _type(kind: Type, path: str, structs: dict[str, Any]) -> Any:
    """The type of what stands at a path, with one struct for each record; `structs` keeps them."""
    match kind:
        case Scalar():
            return _SCALARS[kind]
        case Record():
            if kind.name not in structs:
                structs[kind.name] = _struct(kind, path, structs)
            return structs[kind.name]
        case List():
            return GenericAlias(list, (_type(kind.item, f"{path}[]", structs),))
        case Map():
            return GenericAlias(dict, (_type(kind.key, path, structs), _type(kind.value, join(path, "*"), structs)))
        case Union():
            union = reduce(or_, [_type(option, path, structs) for option in kind.options])
            try:
                msgspec.json.Decoder(union)
            except TypeError as error:
                raise UnsupportedPayload("msgspec cannot tell the types of this union apart", path) from error
            return union


def _struct(record: Record, path: str, structs: dict[str, Any]) -> Any:
    names = identifiers(record)
    if refused := next((name for name in names if not _UNNAMEABLE.isdisjoint(name)), ""):
        raise UnsupportedPayload(f"msgspec takes no field of the name {refused!r}", path)
    fields = [_field(f, names[f.name], _type(f.type, join(path, f.name), structs)) for f in record.fields]
    rename = {identifier: name for name, identifier in names.items()}
    return msgspec.defstruct(record.name, fields, rename=rename, kw_only=True, omit_defaults=True)


def _field(field: Field, identifier: str, kind: Any) -> Any:
    """A field: without a default, and so never left out; absent it is None, or UNSET where None is a value."""
    if not field.optional:
        return identifier, kind
    if Scalar.NULL in (field.type, *getattr(field.type, "options", ())):
        return identifier, kind | msgspec.UnsetType, msgspec.UNSET
    return identifier, kind | None, None


def _plain_with_bytes(value: Any) -> Any:
    return msgspec.to_builtins(value, builtin_types=(bytes,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Msgspec:
    """One of msgspec's formats, to plain values or to structs."""

    name: str
    format: str
    model: Model
    deviations: frozenset[Deviation]
    distribution: str | None = "msgspec"
    native: str = "C"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """An encoder and a decoder; for structs also their types, and the library's own ways from and to plain."""
        wire = msgspec.json if self.format == "json" else msgspec.msgpack
        if self.model == "plain":
            return Bound(encode=wire.Encoder().encode, decode=wire.Decoder().decode)
        kind = _type(payload.schema.root, "", {})
        return Bound(
            encode=wire.Encoder().encode,
            decode=wire.Decoder(kind).decode,
            build=lambda value: msgspec.convert(value, kind),
            convert=_plain_with_bytes if Kind.BYTES in payload.kinds else msgspec.to_builtins,
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
    return Way(forms={"msgspec.json": form}, explain=lambda _value, error: str(error))


_BOTH = frozenset({Deviation.TUPLE_AS_LIST, Deviation.NO_SURROGATES})
_JSON = _BOTH | {Deviation.NO_NAN}
_MSGPACK = _BOTH | {Deviation.INT_64_BITS}
_UNTYPED_JSON = _JSON | {Deviation.BYTES_AS_BASE64, Deviation.KEYS_AS_STRINGS}

CODECS: tuple[Codec, ...] = (
    Msgspec(name="msgspec-json", format="json", model="plain", deviations=_UNTYPED_JSON),
    Msgspec(name="msgspec-json-struct", format="json", model="typed", deviations=_JSON),
    Msgspec(name="msgspec-msgpack", format="msgpack", model="plain", deviations=_MSGPACK),
    Msgspec(name="msgspec-msgpack-struct", format="msgpack", model="typed", deviations=_MSGPACK),
)
