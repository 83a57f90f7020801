"""Names of protobuf's fields as its users write them, in lower_snake_case.

A key that is written so stays. Others become what is nearest, and the key is told as the JSON name. Where a schema has
more keys in camelCase than in snake_case, its keys are the JSON names that protobuf makes by itself, `unitPrice` of
`unit_price`, so only other ones are told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from serbench.schema.names import lower_camel
from serbench.schema.naming import words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.schema.types import Record


def identifiers(record: Record) -> dict[str, str]:
    """For every field name an identifier, unique in the record, in lowerCamelCase as well: protobuf compares these."""
    made: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted((field.name for field in record.fields), key=lambda name: _snake(name) != name):
        word, n = _snake(name), 2
        while lower_camel(word).lower() in taken:
            word, n = f"{_snake(name)}_{n}", n + 1
        taken.add(lower_camel(word).lower())
        made[name] = word
    return {field.name: made[field.name] for field in record.fields}


def in_camel_case(records: Sequence[Record]) -> bool:
    """Whether the keys of a schema are the JSON names that protobuf makes, and not the names of fields."""
    pairs = [pair for record in records for pair in identifiers(record).items()]
    camel = sum(name != word and lower_camel(word) == name for name, word in pairs)
    return camel > sum(name == word and lower_camel(word) != name for name, word in pairs)


def json_names(record: Record, *, camel: bool) -> dict[str, str]:
    """The JSON name of every field for which it is to be stated, by its key.

    Args:
        record: whose fields.
        camel: see `in_camel_case`.
    """
    known = identifiers(record)
    made = {name: lower_camel(word) for name, word in known.items()}
    return {
        name: name
        for name, word in known.items()
        if name != (made[name] if camel else word) or (made[name] != name and made[name] in known)
    }


def _snake(name: str) -> str:
    if re.fullmatch(r"[a-z][a-z0-9]*(_[a-z][a-z0-9]*|_+[0-9]+)*", name):
        return name
    made = "_".join(words(name))
    return made if made[:1].isalpha() else f"f_{made}".rstrip("_")
