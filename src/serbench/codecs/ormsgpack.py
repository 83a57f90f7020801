"""ormsgpack: `packb` and `unpackb`, with `OPT_NON_STR_KEYS` where a payload has keys that are no strings.

It reads a memoryview where it is, which `ormsgpack-view` shows; bytes are copied out all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ormsgpack

from serbench.codecs.base import Bound, Codec, identity, mapped
from serbench.codecs.deviations import Deviation
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


def _pack_any_keys(value: Any) -> bytes:
    return ormsgpack.packb(value, None, ormsgpack.OPT_NON_STR_KEYS)


def _unpack_any_keys(data: bytes) -> Any:
    return ormsgpack.unpackb(data, option=ormsgpack.OPT_NON_STR_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ormsgpack:
    """ormsgpack, from bytes or from views."""

    name: str
    view: bool = False
    format: str = "msgpack"
    distribution: str | None = "ormsgpack"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.TUPLE_AS_LIST,
            Deviation.INT_64_BITS,
            Deviation.NO_SURROGATES,
        }
    )
    native: str = "Rust"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """The library's own callables unless the payload needs the option."""
        any_keys = Kind.NON_STRING_KEY in payload.kinds
        return Bound(
            encode=_pack_any_keys if any_keys else ormsgpack.packb,
            decode=_unpack_any_keys if any_keys else ormsgpack.unpackb,
            source=mapped() if self.view else identity,
        )


CODECS: tuple[Codec, ...] = (Ormsgpack(name="ormsgpack"), Ormsgpack(name="ormsgpack-view", view=True))
