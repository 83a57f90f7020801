"""cbor2: `cbor2.dumps` and `cbor2.loads`. It carries every plain value but tuples and lone surrogates."""

from __future__ import annotations

from dataclasses import dataclass
from types import FunctionType
from typing import TYPE_CHECKING

import cbor2

from serbench.codecs.base import Bound, Codec, slow_fallback
from serbench.codecs.deviations import Deviation

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Cbor2:
    """cbor2; releases before 6 may lack their extension and then run in pure Python, which is told."""

    name: str = "cbor2"
    format: str = "cbor"
    distribution: str | None = "cbor2"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset({Deviation.TUPLE_AS_LIST, Deviation.NO_SURROGATES})

    @property
    def native(self) -> str:
        """`Rust`, from release 6 on; `C` or `pure Python` before."""
        if isinstance(cbor2.loads, FunctionType):
            return "pure Python"
        return "Rust" if cbor2.loads.__module__.startswith("cbor2.") else "C"

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """That the extension is missing, if it is."""
        return (slow_fallback("cbor2", "CBOR2_BUILD_C_EXTENSION"),) if self.native == "pure Python" else ()

    def bind(self, _payload: Payload, /) -> Bound:
        """The library's own callables for every payload."""
        return Bound(encode=cbor2.dumps, decode=cbor2.loads)


CODECS: tuple[Codec, ...] = (Cbor2(),)
