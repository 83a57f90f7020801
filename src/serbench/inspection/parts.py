"""What an inspection finds. `serbench inspect -o json` writes exactly this; docs/inspection.schema.json has its types.

Sizes are bytes of the messages as compact UTF-8 JSON, bytes as base64, whatever the file's own format. They add up: the
kinds, the keys and the structure make all of it, and so do the fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Shape(StrEnum):
    """The kinds of values, each value being of one."""

    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"
    NULL = "null"
    BYTES = "bytes"
    LIST = "list"
    OBJECT = "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Bytes of a message.

    Attributes:
        total: of all messages together.
        p99: of a hundred messages 99 have no more; None where there are fewer than a hundred.
    """

    total: int
    min: int
    median: float
    max: int
    p99: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Different:
    """How many different ones there are.

    Attributes:
        count: how many.
        at_least: whether no more were counted, for want of memory.
    """

    count: int
    at_least: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """All values of one kind.

    Attributes:
        shape: the kind.
        count: how many.
        json_bytes: of leaves, quotes included; of lists and objects 0: theirs is the structure.
    """

    shape: Shape
    count: int
    json_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys of all objects.

    Attributes:
        count: how many there are.
        json_bytes: theirs, quotes included.
        different: how many different ones.
    """

    count: int
    json_bytes: int
    different: Different


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From the lowest to the highest, both included. Of floats the finite ones."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """All values that stand in one place of the messages.

    Attributes:
        path: `$` is the message, `.name` what stands under a key, `[]` any item of a list, `.*` what stands under any
            key of objects whose keys are data.
        count: how many values.
        of: in how many there could be one: objects that might have the key; of what has no key of its own, `count`.
        shapes: how many values there are of each kind.
        json_bytes: what they take without what stands inside of them, their key and its colon included.
        numbers: the range of integers and floats; None: there are none that are finite.
        characters: of strings; None: there are none. The same for the rest.
        bytes: of bytes.
        items: of lists.
        keys: of objects.
        true: how many booleans are true.
        different: among strings, integers and floats.
        values: these, as JSON, where they are few and short; else none.
    """

    path: str
    count: int
    of: int
    shapes: dict[Shape, int]
    json_bytes: int
    numbers: Range | None = None
    characters: Range | None = None
    bytes: Range | None = None
    items: Range | None = None
    keys: Range | None = None
    true: int
    different: Different
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """Where something is.

    Attributes:
        path: as of a field; of what is about keys, that of the objects; of a key that stands twice, its own.
        count: how many values it is about.
        first: the first message that it is in, as `orders.ndjson: line 3`; empty where it is in no single one.
        words: more about it; empty: there is no more.
    """

    path: str
    count: int
    first: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What codecs of this installation do with it.

    Attributes:
        outcome: `refused`, `changed` or `crashed`.
        words: why or into what.
        codecs: their names.
        of: of how many codecs this is known.
        declared: whether they declare it; else `serbench fidelity` has found it.
    """

    outcome: str
    words: str
    codecs: tuple[str, ...]
    of: int
    declared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """Something that will go wrong somewhere.

    Attributes:
        oddity: its name, from the list in `serbench.inspection.oddities`.
        title: a few words.
        words: what goes wrong, and where.
        common: whether nothing is wrong with it as such: it is told because a codec refuses or changes it.
        spots: where it is, the most values first.
        handlings: what codecs do with it; none: all carry it, as far as is known.
    """

    oddity: str
    title: str
    words: str
    common: bool
    spots: tuple[Spot, ...]
    handlings: tuple[Handling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What messages are made of.

    Attributes:
        name: of the payload that they are.
        title: what they are.
        origin: the file, `stdin`, or `generated`.
        messages: how many; at least one.
        left_out: how many lines were left out because they are no message.
        first_left_out: where the first of these is; empty: there is none.
        sizes: of a message.
        text_bytes: of the JSON as it stands in the file, unpacked; None where the file is no JSON.
        depth: how many lists and objects are open at the innermost place.
        values: how many values, lists and objects included.
        shares: each kind that occurs, in the order of `Shape`.
        keys: of objects.
        structure_bytes: brackets, colons and commas.
        characters: of all strings.
        non_ascii: how many of these are not ASCII.
        fields: the most bytes first.
        warnings: the gravest first.
        codecs: how many codecs of this installation were asked about.
    """

    name: str
    title: str
    origin: str
    messages: int
    left_out: int
    first_left_out: str
    sizes: Sizes
    text_bytes: int | None = None
    depth: int
    values: int
    shares: tuple[Share, ...]
    keys: Keys
    structure_bytes: int
    characters: int
    non_ascii: int
    fields: tuple[Field, ...]
    warnings: tuple[Warned, ...]
    codecs: int
