"""pydantic: models that are derived from the payload's schema, by its own JSON or behind orjson, and the user's own.

A `TypeAdapter` does the same work as `model_validate_json` and `model_dump_json`, and gives bytes. Where fields may be
absent, those that were are left out (`exclude_unset`). Its base64 is the one for URLs.
"""

from __future__ import annotations

import base64
import warnings
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import orjson
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError, create_model

from serbench.codecs.base import Bound, Codec, base64_text
from serbench.codecs.deviations import Deviation
from serbench.codecs.own import Way
from serbench.errors import UnsupportedPayload
from serbench.schema.annotations import PLAIN, Annotations
from serbench.schema.dataclasses import refuse_unions
from serbench.schema.derived import has_optional
from serbench.schema.names import identifiers
from serbench.schema.payload import Kind, join
from serbench.schema.types import Record, Scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_CONFIG = ConfigDict(serialize_by_alias=True, ser_json_bytes="base64", val_json_bytes="base64")


def _from_text(value: Any) -> Any:
    return base64.b64decode(value) if isinstance(value, str) else value


_BYTES: dict[str, Any] = {"pydantic": bytes, "pydantic-orjson": Annotated[bytes, BeforeValidator(_from_text)]}


def _model(record: Record, kinds: Mapping[str, Any], path: str) -> Any:
    names = identifiers(record)
    fields: dict[str, Any] = {}
    for field in record.fields:
        name, kind = names[field.name], kinds[field.name]
        if name == "Config" or (name.startswith("model_") and hasattr(BaseModel, name)):
            raise UnsupportedPayload(f"pydantic has something else under the name {name!r}", join(path, field.name))
        alias: dict[str, Any] = {} if name == field.name else {"alias": field.name}
        fields[name] = (kind | None, Field(None, **alias)) if field.optional else (kind, Field(**alias))
    with warnings.catch_warnings(action="ignore"):  # a field may be named like a method that is not called here
        return create_model(record.name, __config__=_CONFIG, **fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pydantic:
    """pydantic's own JSON, or orjson's with pydantic behind it."""

    name: str
    native: str
    deviations: frozenset[Deviation]
    format: str = "json"
    distribution: str | None = "pydantic"
    model: Model = "typed"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """Models, and the adapter of the root's."""
        refuse_unions(payload.schema, "pydantic", lambda options: not {Scalar.STRING, Scalar.BYTES} <= set(options))
        annotations = Annotations(PLAIN | {Scalar.BYTES: _BYTES[self.name]}, _model)
        adapter = TypeAdapter(annotations.of(payload.schema.root))
        given: dict[str, Any] = {"exclude_unset": True} if has_optional(payload.schema) else {}
        validate, dump = adapter.validate_python, partial(adapter.dump_python, **given)
        bound = partial(Bound, build=validate, convert=dump, access="attribute")
        if self.name == "pydantic":
            return bound(encode=partial(adapter.dump_json, **given), decode=adapter.validate_json)
        hook = base64_text if Kind.BYTES in payload.kinds else None
        option = orjson.OPT_NON_STR_KEYS if Kind.NON_STRING_KEY in payload.kinds else None
        return bound(
            encode=lambda value: orjson.dumps(dump(value), hook, option),
            decode=lambda data: validate(orjson.loads(data)),
        )


def own(kind: Any) -> Way:
    """A model, or a dataclass of pydantic's, of the user's own; a strict one is built from JSON, not from Python."""
    write: Any
    if issubclass(kind, BaseModel):
        decode, plain = kind.model_validate_json, {"build": kind.model_validate, "convert": kind.model_dump}
        name, write = "model_dump_json", lambda value, **given: value.model_dump_json(**given).encode()
    else:
        adapter = TypeAdapter(kind)
        decode, plain = adapter.validate_json, {"build": adapter.validate_python, "convert": adapter.dump_python}
        name, write = "dump_json", adapter.dump_json
    writers = {name: write, f"{name}(by_alias=True)": partial(write, by_alias=True)}
    forms = {name: Bound(encode=encode, decode=decode, access="attribute", **plain) for name, encode in writers.items()}
    forms |= {
        f"{name} ": replace(f, build=lambda value: decode(orjson.dumps(value, base64_text)))
        for name, f in forms.items()
    }
    return Way(forms=forms, explain=_explain)


def _explain(_value: Any, error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    first = error.errors(include_url=False)[0]
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), first["msg"])))


_BOTH = frozenset({Deviation.TUPLE_AS_LIST, Deviation.NO_NAN, Deviation.NO_SURROGATES})
CODECS: tuple[Codec, ...] = (
    Pydantic(name="pydantic", native="Rust", deviations=_BOTH),
    Pydantic(name="pydantic-orjson", native="Rust", deviations=_BOTH | {Deviation.INT_64_BITS}),
)
