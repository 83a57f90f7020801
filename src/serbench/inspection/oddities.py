"""What goes wrong somewhere: the closed list, the gravest first, with words for people.

Which codecs refuse or change it is not said here. It follows from the deviations that they declare and from what
`serbench fidelity` has found, of values that are like it: probes of that command, and some of our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from serbench.fidelity.probes import BY_NAME, Probe
from serbench.schema.places import DEEPEST
from serbench.schema.types import List, Scalar, Type, Union, record

VERY_DEEP = 500


class Odd(StrEnum):
    """The names, as they stand in JSON."""

    DUPLICATE_KEY = "duplicate-key"
    NON_FINITE = "non-finite"
    SURROGATE = "surrogate"
    INT_OVER_64_BITS = "int-over-64-bits"
    INT_OVER_63_BITS = "int-over-63-bits"
    INT_OVER_53_BITS = "int-over-53-bits"
    MIXED = "mixed-types"
    INT_AND_FLOAT = "int-and-float"
    NON_STRING_KEY = "non-string-key"
    SURROGATE_IN_KEY = "surrogate-in-key"
    ZERO_IN_KEY = "zero-in-key"
    ZERO_IN_TEXT = "zero-in-text"
    VERY_DEEP = "very-deep"
    DEEP = "deep"
    NEGATIVE_ZERO = "negative-zero"
    NULL = "null"
    LOOSE_NULL = "loose-null"
    BYTES = "bytes"
    ABSENT = "absent"
    EMPTY_OR_ABSENT = "empty-or-absent"
    FLOAT = "float"


@dataclass(frozen=True, slots=True, kw_only=True)
class Oddity:
    """What is odd.

    Attributes:
        title: a few words.
        words: what goes wrong, and where.
        probes: names of values like it.
        common: whether nothing is wrong with it as such, so that it is told only where a codec refuses or changes it.
    """

    title: str
    words: str
    probes: tuple[str, ...] = ()
    common: bool = False


def _own(name: str, items: list[Any], *options: Type) -> Probe:
    """A list of values of these types, in a field."""
    schema = record("Probe", v=List(Union(options)))
    return Probe(name=name, group="", title=name, make=lambda: {"v": list(items)}, schema=schema)


PROBES: dict[str, Probe] = BY_NAME | {
    "null-in-list": _own("null-in-list", [1, None], Scalar.INT64, Scalar.NULL),
    "int-beside-float": _own("int-beside-float", [1, 1.5], Scalar.INT64, Scalar.FLOAT64),
}
"""By their names. Of our own, `serbench fidelity` knows nothing."""

_PLAN = "serbench run FILE -c all --plan names the codecs that leave it out"

ODDITIES: dict[Odd, Oddity] = {
    Odd.DUPLICATE_KEY: Oddity(
        title="a key twice in one object",
        words="Readers disagree: Python, JavaScript and most others keep the last value, some the first, some refuse. "
        "What is counted and measured here is the last.",
    ),
    Odd.NON_FINITE: Oddity(
        title="NaN or an infinity",
        words="JSON has neither (a number beyond 64 bits, such as 1e400, is read as one): strict readers refuse the "
        "whole document, JavaScript's JSON.parse among them.",
        probes=("nan", "infinities"),
    ),
    Odd.SURROGATE: Oddity(
        title="a lone surrogate in text",
        words="UTF-8 has no bytes for it: databases and most encoders refuse it, others write U+FFFD instead.",
        probes=("surrogate",),
    ),
    Odd.INT_OVER_64_BITS: Oddity(
        title="integers beyond 64 bits",
        words="No integer type of protobuf, Avro, SQL or C holds them; JavaScript rounds them.",
        probes=("over-64-bits", "below-int64"),
    ),
    Odd.INT_OVER_63_BITS: Oddity(
        title="integers from 2^63 to 2^64 - 1",
        words="Signed integers of 64 bits, as Java, SQL and Avro have them, do not hold them.",
        probes=("over-63-bits",),
    ),
    Odd.INT_OVER_53_BITS: Oddity(
        title="integers beyond 2^53",
        words="JavaScript, older jq and whatever else reads numbers as doubles round them; ids are safer as text.",
        probes=("over-53-bits",),
    ),
    Odd.MIXED: Oddity(
        title="values of several types in one field",
        words=f"Typed languages and schemas need a union for it, or leave it out. {_PLAN}.",
    ),
    Odd.INT_AND_FLOAT: Oddity(
        title="integers beside floats in one field",
        words="A schema has a union for it or makes all of them floats; 1 and 1.0 differ in Python and in MessagePack "
        f"and not in JavaScript. {_PLAN}.",
        probes=("int-beside-float",),
    ),
    Odd.NON_STRING_KEY: Oddity(
        title="keys that are no text",
        words="JSON has none: encoders refuse them or turn them into text, and they stay text.",
        probes=("integer-keys",),
    ),
    Odd.SURROGATE_IN_KEY: Oddity(
        title="a lone surrogate in a key",
        words="UTF-8 has no bytes for it: most encoders refuse it.",
        probes=("surrogate-key",),
    ),
    Odd.ZERO_IN_KEY: Oddity(
        title="a key with a NUL",
        words="Formats that end a key with a NUL do not have it; PostgreSQL's jsonb refuses it.",
        probes=("zero-in-key",),
    ),
    Odd.ZERO_IN_TEXT: Oddity(
        title="text with a NUL",
        words="PostgreSQL's text and jsonb refuse it, and programs in C take it for the end of the text.",
        probes=("zero-character",),
    ),
    Odd.VERY_DEEP: Oddity(
        title=f"nested over {VERY_DEEP} levels deep",
        words="Many readers stop at 512 or 1,000 levels, and some run out of stack.",
        probes=("deep-1000",),
    ),
    Odd.DEEP: Oddity(
        title=f"nested over {DEEPEST} levels deep",
        words=f"serbench run measures {DEEPEST} levels at the most, and protobuf reads as many; unwrap some.",
        probes=("deep-90",),
    ),
    Odd.NEGATIVE_ZERO: Oddity(
        title="-0.0",
        words="It equals 0.0 and prints otherwise; JavaScript's JSON.stringify writes 0.",
        probes=("negative-zero",),
    ),
    Odd.NULL: Oddity(
        title="null in fields",
        words="Not every format tells it from the absence of the field.",
        probes=("none",),
        common=True,
    ),
    Odd.LOOSE_NULL: Oddity(
        title="null that is no field's",
        words="In a list, in a map, or as the message: formats without null cannot leave it out there.",
        probes=("null-in-list",),
        common=True,
    ),
    Odd.BYTES: Oddity(title="bytes", words="JSON has none.", probes=("bytes",), common=True),
    Odd.ABSENT: Oddity(
        title="fields that some objects lack",
        words="Not every format tells the absence of a field from null.",
        probes=("absent",),
        common=True,
    ),
    Odd.EMPTY_OR_ABSENT: Oddity(
        title="empty lists and maps in fields that are absent or null elsewhere",
        words="Not every format tells one from the other.",
        probes=("empty",),
        common=True,
    ),
    Odd.FLOAT: Oddity(title="floats", words="Not every codec keeps their 64 bits.", probes=("tenth",), common=True),
}
