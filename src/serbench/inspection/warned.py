"""What was seen that will go wrong somewhere, with its places and what codecs do with it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from serbench.inspection.fields import is_keyed, path_of, possible
from serbench.inspection.oddities import ODDITIES, Odd
from serbench.inspection.parts import Shape, Spot, Warned

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.inspection.carriers import Carriers
    from serbench.inspection.keys import Steps
    from serbench.inspection.places import Place
    from serbench.inspection.survey import Survey

_NUMBERS = {Shape.INTEGER, Shape.FLOAT}


def warnings(survey: Survey, carriers: Carriers) -> tuple[Warned, ...]:
    """Every oddity that occurs, the gravest first; one that is common only where a codec refuses or changes it."""
    spots: dict[Odd, list[Spot]] = {}
    for odd, spot in _spots(survey):
        spots.setdefault(odd, []).append(spot)
    found = []
    for odd, oddity in ODDITIES.items():
        handlings = carriers.handlings(oddity.probes) if odd in spots else ()
        if odd in spots and (handlings or not oddity.common):
            found.append(
                Warned(
                    oddity=str(odd),
                    title=oddity.title,
                    words=oddity.words,
                    common=oddity.common,
                    spots=tuple(sorted(spots[odd], key=lambda spot: -spot.count)),
                    handlings=handlings,
                )
            )
    return tuple(found)


def _spots(survey: Survey) -> Iterator[tuple[Odd, Spot]]:
    counted: Counter[tuple[Steps, Odd]] = Counter({(steps, Odd.DUPLICATE_KEY): n for steps, n in survey.lost.items()})
    for steps, place, above in survey.places():
        counted.update({(steps, odd): count for odd, count in place.odd().items()})
        for odd, spot in _of_all(steps, place, above):
            yield odd, spot
    for (steps, odd), count in counted.items():
        spot = Spot(path=path_of(steps), count=count, first=survey.first.get((steps, odd), ""))
        yield (Odd.LOOSE_NULL if odd is Odd.NULL and not is_keyed(steps) else odd), spot


def _of_all(steps: Steps, place: Place, above: Place | None) -> Iterator[tuple[Odd, Spot]]:
    """What is odd about all values of a place together, and about no single one."""
    path, shapes = path_of(steps), place.shapes
    types = {shape: count for shape, count in shapes.items() if shape is not Shape.NULL}
    if len(types) > 1:
        odd = Odd.INT_AND_FLOAT if types.keys() == _NUMBERS else Odd.MIXED
        words = ", ".join(f"{count:,} {_named(shape, count)}" for shape, count in types.items())
        yield odd, Spot(path=path, count=sum(types.values()), words=words)
    lacking = possible(steps, place, above) - place.count
    if lacking:
        yield Odd.ABSENT, Spot(path=path, count=lacking)
    empty = place.lists.empty if place.lists else 0
    if place.objects and place.objects.any is not None:
        empty += place.objects.empty
    if empty and (lacking or (place.nulls and is_keyed(steps))):
        yield Odd.EMPTY_OR_ABSENT, Spot(path=path, count=empty)


def _named(shape: Shape, count: int) -> str:
    return str(shape) if count == 1 or shape is Shape.BYTES else f"{shape}s"
