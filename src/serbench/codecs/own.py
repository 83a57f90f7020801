"""A class of the user's own: what the module of a library says of how objects of it are written and read, as they are.

A module that has classes made of messages offers `own(kind) -> Way` beside its `CODECS`; `serbench.worker.own_type`
makes codecs of that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.codecs.base import Bound

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a library writes and reads objects of one class.

    Attributes:
        forms: by the call that writes. There are several where it is the class that decides which one its users call:
            that one is taken which gives the most of a message back, the first of equals. `build` takes a plain value
            as JSON has it, and raises where that is none of the class.
        explain: of such a value and what was raised: the library's own first words about it.
    """

    forms: Mapping[str, Bound]
    explain: Callable[[Any, Exception], str]


def first_words(_value: Any, error: Exception) -> str:
    """The explanation of a library whose errors say it all."""
    return str(error)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBound(Bound):
    """A way that was taken. It is verified by what it writes: the objects are the user's, and may hold anything.

    Attributes:
        kind: name of the class.
        written_by: which form was taken; empty where it was the first.
        explain: of the way.
    """

    kind: str
    written_by: str
    explain: Callable[[Any, Exception], str]
