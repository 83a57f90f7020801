"""The standard library's marshal, the interpreter's own format; it may differ between versions of Python.

It reads a memoryview where it is, which `marshal-view` shows; bytes are copied out all the same.
"""

from __future__ import annotations

import marshal
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.codecs.base import Bound, Codec, identity, mapped

if TYPE_CHECKING:
    from serbench.codecs.deviations import Deviation
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload


@dataclass(frozen=True, slots=True, kw_only=True)
class Marshal:
    """`marshal` of the standard library. It carries every plain value as it is."""

    name: str
    view: bool = False
    format: str = "marshal"
    distribution: str | None = None
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset()
    native: str = "C"
    warnings: tuple[Caution, ...] = ()

    def bind(self, _payload: Payload, /) -> Bound:
        """The same two callables for every payload."""
        return Bound(encode=marshal.dumps, decode=marshal.loads, source=mapped() if self.view else identity)


CODECS: tuple[Codec, ...] = (Marshal(name="marshal"), Marshal(name="marshal-view", view=True))
