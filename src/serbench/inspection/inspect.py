"""`inspect`: messages in, what they are made of out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.errors import Interrupted, UnusableFile
from serbench.inspection import reading as reading_
from serbench.inspection.carriers import Carriers
from serbench.inspection.fields import fields
from serbench.inspection.parts import Different, Inspection, Keys, Shape, Share
from serbench.inspection.survey import Survey
from serbench.inspection.warned import warnings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from serbench.inspection.reading import Read
    from serbench.payloads.files.base import Reading
    from serbench.records.cases import CodecInfo


def inspect(
    word: str, reading: Reading, *, codecs: Iterable[CodecInfo], seed: int, stop: Callable[[], bool] = lambda: False
) -> Inspection:
    """What the messages of a payload are made of, and what will go wrong with them where. All of a file are looked at.

    Args:
        word: name of a generated payload, a file, a folder, or `-` for stdin.
        reading: how files are read.
        codecs: of this installation, which are told where they refuse or change something.
        seed: of a generated payload.
        stop: whether somebody asked for the end.

    Raises:
        UsageError: the files cannot be read or understood, with the place; or `reading` does not fit them.
        Interrupted: somebody asked for the end.
    """
    read = reading_.read(word, reading, seed)
    survey = Survey(read)
    for batch, texts in read.batches():
        if stop():
            raise Interrupted("stopped before all messages were read")
        survey.add(batch, texts)
    if not survey.sizes.count:
        bad = (
            f"; all {read.messages.bad:,} are bad, the first at {read.messages.first_bad}" if read.messages.bad else ""
        )
        raise UnusableFile(f"{read.origin}: no message in it{bad}")
    survey.fold()
    return _inspection(read, survey, Carriers(codecs))


def _inspection(read: Read, survey: Survey, carriers: Carriers) -> Inspection:
    places = [place for _, place, _ in survey.places()]
    strings = [place.strings for place in places if place.strings]
    sizes, shares = survey.sizes.sizes(), _shares(survey)
    tally = survey.tally
    return Inspection(
        name=read.name,
        title=read.title,
        origin=read.origin,
        messages=survey.sizes.count,
        left_out=read.messages.bad,
        first_left_out=read.messages.first_bad,
        sizes=sizes,
        text_bytes=survey.text_bytes if read.is_json else None,
        depth=max(place.depth + (1 if place.lists or place.objects else 0) for place in places),
        values=sum(share.count for share in shares),
        shares=shares,
        keys=Keys(
            count=tally.keys,
            json_bytes=tally.key_bytes,
            different=Different(count=len(tally.names), at_least=tally.more),
        ),
        structure_bytes=sizes.total - tally.key_bytes - sum(share.json_bytes for share in shares),
        characters=sum(one.characters for one in strings),
        non_ascii=sum(one.non_ascii for one in strings),
        fields=fields(survey),
        warnings=warnings(survey, carriers),
        codecs=len(carriers.codecs),
    )


def _shares(survey: Survey) -> tuple[Share, ...]:
    counts = dict.fromkeys(Shape, 0)
    sizes = dict.fromkeys(Shape, 0)
    for _, place, _ in survey.places():
        for shape, count in place.shapes.items():
            counts[shape] += count
            sizes[shape] += place.leaf_bytes(shape)
    return tuple(Share(shape=shape, count=count, json_bytes=sizes[shape]) for shape, count in counts.items() if count)
