"""msgpack for Python: one `Packer` that packs every message, and `unpackb`.

`msgpack.packb` makes a `Packer` in every call; one that was made once gives the same bytes. `unpackb` refuses keys that
are no strings unless told otherwise, so it is told where the payload has some.

It reads a memoryview where it is, which `msgpack-view` shows; bytes are copied out all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgpack  # type: ignore[import-untyped]  # it has neither types nor stubs

from serbench.codecs.base import Bound, Codec, identity, mapped, slow_fallback
from serbench.codecs.deviations import Deviation
from serbench.schema.payload import Kind

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


def _unpack_any_keys(data: bytes) -> Any:
    return msgpack.unpackb(data, strict_map_key=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Msgpack:
    """msgpack; without its C extension it falls back to pure Python, which is told. From bytes, or from views."""

    name: str
    view: bool = False
    format: str = "msgpack"
    distribution: str | None = "msgpack"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.TUPLE_AS_LIST,
            Deviation.INT_64_BITS,
            Deviation.NO_SURROGATES,
        }
    )

    @property
    def native(self) -> str:
        """`C`, or `pure Python` where the extension is missing or switched off."""
        return "pure Python" if msgpack.Packer.__module__ == "msgpack.fallback" else "C"

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """That the fallback is active, if it is."""
        return () if self.native == "C" else (slow_fallback("msgpack", "MSGPACK_PUREPYTHON"),)

    def bind(self, payload: Payload, /) -> Bound:
        """A packer of its own for every payload."""
        return Bound(
            encode=msgpack.Packer().pack,
            decode=_unpack_any_keys if Kind.NON_STRING_KEY in payload.kinds else msgpack.unpackb,
            source=mapped() if self.view else identity,
        )


CODECS: tuple[Codec, ...] = (Msgpack(name="msgpack"), Msgpack(name="msgpack-view", view=True))
