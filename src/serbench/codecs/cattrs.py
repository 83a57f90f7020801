"""cattrs on orjson: dataclasses that are derived from the payload's schema, and the user's own, attrs included.

The converter is `cattrs.preconf.orjson`'s. `detailed_validation` is off, as cattrs advises for speed: what is wrong is
still refused, but at the first fault and without its path. Bytes are base64, where cattrs has base85.
"""

from __future__ import annotations

import base64
import dataclasses
from decimal import Decimal
from functools import partial
from types import NoneType
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from cattrs import Converter, transform_error
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.preconf.orjson import make_converter
from cattrs.strategies import configure_union_passthrough

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation
from serbench.codecs.own import Way
from serbench.schema.dataclasses import derive, refuse_unions
from serbench.schema.types import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload
    from serbench.schema.types import Type

_AS_THEY_ARE = (Scalar.BOOL, Scalar.STRING, *(scalar for scalar in Scalar if "int" in scalar or "float" in scalar))


def _told_apart(options: tuple[Type, ...]) -> bool:
    """Whether a union has one type at the most that is more than text, a number or a boolean, or is not beside text."""
    other = [option for option in options if option not in _AS_THEY_ARE]
    return not other or (len(other) == 1 and not (other[0] is Scalar.BYTES and Scalar.STRING in options))


def _taught(converter: Converter, classes: Iterable[type]) -> None:
    """Tells it the names of fields, to leave out what is absent, and null."""
    converter.register_structure_hook(NoneType, lambda value, _: value)
    for kind in classes:
        fields = dataclasses.fields(kind)
        named: dict[str, Any] = {f.name: override(rename=f.metadata["alias"]) for f in fields if f.metadata}
        converter.register_structure_hook(kind, make_dict_structure_fn(kind, converter, **named))
        write: Any = make_dict_unstructure_fn(kind, converter, _cattrs_omit_if_default=True, **named)
        converter.register_unstructure_hook(kind, write)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Cattrs:
    """orjson, then cattrs' code for the dataclasses."""

    name: str = "cattrs-orjson"
    format: str = "json"
    distribution: str | None = "cattrs"
    model: Model = "typed"
    deviations: frozenset[Deviation] = frozenset(
        {Deviation.TUPLE_AS_LIST, Deviation.INT_64_BITS, Deviation.NO_NAN, Deviation.NO_SURROGATES}
    )
    native: str = "pure Python on orjson's Rust"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """Dataclasses, a converter for orjson, and one for plain values."""
        refuse_unions(payload.schema, "cattrs", _told_apart)
        kind, classes = derive(payload.schema)
        wire, plain = make_converter(detailed_validation=False), Converter(detailed_validation=False)
        wire.register_unstructure_hook(bytes, base64_text)
        wire.register_structure_hook(bytes, lambda text, _: base64.b64decode(text))
        configure_union_passthrough(str | bool | int | float | None, plain)
        for converter in (wire, plain):
            _taught(converter, classes)
        return Bound(
            encode=partial(wire.dumps, unstructure_as=kind),
            decode=partial(wire.loads, cl=kind),
            build=partial(plain.structure, cl=kind),
            convert=partial(plain.unstructure, unstructure_as=kind),
            access="attribute",
        )


def own(kind: Any) -> Way:
    """A dataclass or an attrs class of the user's own: orjson writes the former by itself where that is enough.

    The converter has hooks for UUID and Decimal besides, which cattrs leaves to its users.
    """
    converter, thorough = make_converter(detailed_validation=False), make_converter()
    for each in (converter, thorough):
        each.register_structure_hook(UUID, lambda value, _: UUID(value))
        each.register_structure_hook(Decimal, lambda value, _: Decimal(str(value)))
        each.register_unstructure_hook(Decimal, str)
    rest: dict[str, Any] = {
        "decode": partial(converter.loads, cl=kind),
        "build": partial(converter.structure, cl=kind),
        "convert": converter.unstructure,
        "access": "attribute",
    }
    writers: dict[str, Any] = {"cattrs' OrjsonConverter": converter.dumps}
    if dataclasses.is_dataclass(kind):
        writers = {"orjson.dumps": orjson.dumps, **writers}

    def explain(value: Any, error: Exception) -> str:
        try:
            thorough.structure(orjson.loads(value) if isinstance(value, bytes) else value, kind)
        except Exception as told:
            return next(iter(transform_error(told)), str(error))
        return str(error)

    return Way(forms={name: Bound(encode=encode, **rest) for name, encode in writers.items()}, explain=explain)


CODECS: tuple[Codec, ...] = (Cattrs(),)
