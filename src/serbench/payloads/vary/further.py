"""Further instances: one after the other in the shape of each of the few, without an end."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Any

from serbench.payloads.vary.draws import Turn
from serbench.payloads.vary.places import Known, Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from serbench.schema.types import Schema


def further(
    few: Sequence[Any], schema: Schema, rng: Random, *, enums: frozenset[tuple[str, str]] = frozenset()
) -> Iterator[Any]:
    """Instances of the same schema, shapes, widths and lengths as these, without an end.

    Args:
        few: the instances that there are, at least one.
        schema: their shape.
        rng: the source of chance.
        enums: fields whose numbers are all that there are, each as the name of its record and its own.
    """
    known = Known(enums=enums)
    root = Place(schema.root, known)
    for instance in few:
        root.see(instance)
    for instance in cycle(few):
        yield root.varied(Turn(rng, known.letters.table(rng)), instance)
