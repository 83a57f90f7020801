"""What a language of schemas is. A language is one module of this package that ends in `LANGUAGES`, a tuple."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from serbench.schema.types import Scalar, Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """A language of schemas.

    Attributes:
        name: the value of `-o`.
        title: what it is, a few words.
        write: the text of a schema in a package; an empty one is the language's own choice. It raises
            UnsupportedPayload, with its path, for what it has no form for.
        lacks: scalars that it has no form for but null, and what these are in words.
        refuses: why it cannot tell a key; empty: it can.
        longest: characters of a key that its compilers take; 0: any number.
        signed: whether its integers are signed, so that those of 64 bits have to be under 2**63.
        packages: whether its texts have a package or a namespace.
        records_only: whether a message is a record, never a list, a map or a bare value.
        nulls: whether it has a form for what is always null, and for lists that are always empty.
    """

    name: str
    title: str
    write: Callable[[Schema, str], str]
    lacks: Mapping[Scalar, str] = field(default_factory=dict)
    refuses: Callable[[str], str] = lambda _: ""
    longest: int = 0
    signed: bool = False
    packages: bool = True
    records_only: bool = False
    nulls: bool = True
