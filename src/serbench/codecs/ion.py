"""amazon.ion: binary Ion by `simpleion.dumps` and `simpleion.loads`.

By default `loads` wraps every value in a class of the library's that keeps annotations, at several times the cost. It
is told to give Python's own where nothing would be lost, which its documentation has for speed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from amazon.ion import simpleion  # type: ignore[import-untyped]  # it has neither types nor stubs

from serbench.codecs.base import Bound, Codec, slow_fallback
from serbench.codecs.deviations import Deviation

if TYPE_CHECKING:
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

_PLAIN = simpleion.IonPyValueModel.MAY_BE_BARE | simpleion.IonPyValueModel.STRUCT_AS_STD_DICT


@dataclass(frozen=True, slots=True, kw_only=True)
class Ion:
    """amazon.ion; without its C extension it runs in pure Python, which is told."""

    name: str = "ion"
    format: str = "ion"
    distribution: str | None = "amazon.ion"
    model: Model = "plain"
    deviations: frozenset[Deviation] = frozenset(
        {
            Deviation.TUPLE_AS_LIST,
            Deviation.NO_SURROGATES,
            Deviation.STRING_KEYS_ONLY,
        }
    )

    @property
    def native(self) -> str:
        """`C`, or `pure Python` where the extension is missing."""
        return "C" if simpleion.c_ext else "pure Python"

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """That the extension is missing, if it is."""
        return () if self.native == "C" else (slow_fallback("amazon.ion"),)

    def bind(self, _payload: Payload, /) -> Bound:
        """The same two callables for every payload."""
        return Bound(encode=simpleion.dumps, decode=partial(simpleion.loads, value_model=_PLAIN))


CODECS: tuple[Codec, ...] = (Ion(),)
