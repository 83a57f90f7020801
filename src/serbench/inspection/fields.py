"""The places of messages as fields: what stands in each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from serbench.inspection.keys import ANY, ITEMS
from serbench.inspection.leaves import Bounds
from serbench.inspection.parts import Different, Field
from serbench.worker.words import printable

if TYPE_CHECKING:
    from serbench.inspection.keys import Steps
    from serbench.inspection.parts import Range
    from serbench.inspection.places import Place
    from serbench.inspection.survey import Survey

MOST_VALUES = 4
"""So many different values are told themselves."""

MOST_CHARACTERS = 24
"""So long is one that is told."""


def path_of(steps: Steps) -> str:
    """`$.items[].price`."""
    return "".join(("$", *steps))


def is_keyed(steps: Steps) -> bool:
    """Whether what stands there has a key of its own: as in a record, not as in a list or a map."""
    return bool(steps) and steps[-1] not in (ITEMS, ANY)


def possible(steps: Steps, place: Place, above: Place | None) -> int:
    """In how many values there could be one in this place."""
    return above.objects.count if is_keyed(steps) and above and above.objects else place.count


def fields(survey: Survey) -> tuple[Field, ...]:
    """Every place, the one that takes most bytes first."""
    found = [_field(steps, place, above) for steps, place, above in survey.places()]
    return tuple(sorted(found, key=lambda field: -field.json_bytes))


def _field(steps: Steps, place: Place, above: Place | None) -> Field:
    different, values = _different(place)
    return Field(
        path=path_of(steps),
        count=place.count,
        of=possible(steps, place, above),
        shapes=place.shapes,
        json_bytes=place.json_bytes,
        numbers=_numbers(place),
        characters=place.strings.lengths.range if place.strings else None,
        bytes=place.blobs.lengths.range if place.blobs else None,
        items=place.lists.lengths.range if place.lists else None,
        keys=place.objects.lengths.range if place.objects else None,
        true=place.true,
        different=different,
        values=values,
    )


def _numbers(place: Place) -> Range | None:
    both = Bounds()
    for part in (place.integers, place.floats):
        if part:
            both.absorb(part.bounds)
    return both.range


def _different(place: Place) -> tuple[Different, tuple[str, ...]]:
    """How many different leaves there are, and these where they are few and short."""
    parts = [part.different for part in (place.strings, place.integers, place.floats) if part]
    count = sum(len(part.values) for part in parts)
    more = any(part.more for part in parts)
    values: tuple[str, ...] = ()
    if not more and count <= MOST_VALUES:
        told = (json.dumps(value, ensure_ascii=False) for part in parts for value in sorted(part.values))
        values = tuple(map(printable, told))
    shown = values if all(len(value) <= MOST_CHARACTERS for value in values) else ()
    return Different(count=count, at_least=more), shown
