"""The standard library's pickle, protocol 5."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.codecs.base import Bound, Codec

if TYPE_CHECKING:
    from serbench.codecs.deviations import Deviation
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


def _encode(value: object) -> bytes:
    return pickle.dumps(value, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickle:
    """`pickle` of the standard library. It carries every plain value as it is."""

    name: str = "pickle"
    format: str = "pickle"
    distribution: str | None = None
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset()
    native: str = "C"
    warnings: tuple[Caution, ...] = ()

    def bind(self, _payload: Payload, /) -> Bound:
        """The same two callables for every payload."""
        return Bound(encode=_encode, decode=pickle.loads)


CODECS: tuple[Codec, ...] = (Pickle(),)
