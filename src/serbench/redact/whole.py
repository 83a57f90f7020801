"""All of a run, text by text."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from serbench.records.cases import Case, Caution, CodecInfo, PayloadInfo
from serbench.records.fidelity import Fidelity
from serbench.records.run import Measurement
from serbench.redact import names, places
from serbench.redact.known import NUMBERS, gathered
from serbench.redact.quotes import without_quotes
from serbench.redact.shape import shape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from serbench.records.run import Run
    from serbench.redact.known import Surroundings

_CLOSED = frozenset({"deviations", "digest", "finished", "model", "passes", "sampler", "side", "started"})
"""Fields whose words are from a closed list, or are a digest or a time."""


def redact(run: Run, known: Surroundings) -> Run:
    """The run without names of hosts and users and without folders, in every text of it.

    Paths become `[path]/LAST`, addresses `https://[host]/LAST`, and names, where they stand as a word, `[host]` and
    `[user]`. A name that is short, common or a word of the run itself (a codec's, a payload's) goes in paths only.
    Of a message that serbench did not generate its shape is left, and of a reason not what it quotes of such a message.
    Ids, digests and times stay what they are; a case whose codec or payload is named after a user has another id.

    Args:
        run: as it was measured. A run does not record the host's or the user's name, but texts in it may.
        known: what is not to be told, beside what the run's own paths tell of users.
    """
    return _Redaction(run, gathered(known, [run])).run()


class _Redaction:
    """One run's: its names and paths are known, wherever they stand."""

    def __init__(self, run: Run, known: Surroundings) -> None:
        self._run = run
        self._own = {payload.name for payload in run.payloads if payload.origin != "generated"}
        self._names = names.finders(known, names.vocabulary(run))
        files = {place for place in places.places(run) if places.folder(place)}
        folders = {places.folder(place) for place in files}
        self._folders = known.folders | {folder for folder in folders if "/" in folder}  # one word alone may be any
        self._places = places.anywhere(self._folders | files)
        self._ids: dict[str, str] = {}
        self._changed = places.anywhere(())
        self._codecs = _distinct((codec.name for codec in run.codecs), self._text)
        self._payloads = _distinct((payload.name for payload in run.payloads), self._text)
        cases = (measurement.case for measurement in run.measurements)
        self._ids = {case.id: self._case(case).id for case in cases}
        self._changed = places.anywhere(old for old, new in self._ids.items() if old != new)

    def run(self) -> Run:
        """All of it."""
        made: Run = self._record(self._run)
        return made

    def _value(self, value: Any) -> Any:
        match value:
            case None | bool() | int() | float() | Enum():
                return value
            case str():
                return self._ids[value] if value in self._ids else self._text(value)
            case dict():
                keys = _distinct(value, self._text)
                return {keys[key]: self._value(item) for key, item in value.items()}
            case tuple() | list():
                return type(value)(map(self._value, value))
            case _ if isinstance(value, NUMBERS):
                return value
        return self._record(value)

    def _record(self, value: Any) -> Any:
        fields = (field.name for field in dataclasses.fields(value) if field.name not in _CLOSED)
        match value:
            case Case():
                return self._case(value)
            case Caution():
                return replace(value, text=self._text(value.text))
        made = {name: self._value(getattr(value, name)) for name in fields}
        if isinstance(value, CodecInfo):
            made["name"] = self._codecs[value.name]
        if isinstance(value, Fidelity):
            made["codec"] = self._codecs.get(value.codec, made["codec"])
        if isinstance(value, PayloadInfo):
            made["name"] = self._payloads[value.name]
            made["sample"] = shape(value.sample) if value.name in self._own else made["sample"]
        if isinstance(value, Measurement) and value.case.payload in self._own:
            made["reason"] = without_quotes(made["reason"])
            made["warnings"] = tuple(replace(one, text=without_quotes(one.text)) for one in made["warnings"])
        return replace(value, **made)

    def _case(self, case: Case) -> Case:
        codec, payload = self._codecs.get(case.codec), self._payloads.get(case.payload)
        return replace(case, codec=codec or self._text(case.codec), payload=payload or self._text(case.payload))

    def _text(self, text: str) -> str:
        if self._changed:
            text = self._changed.sub(lambda found: self._ids[found[0]], text)
        if "/" in text or "\\" in text:
            text = places.URL.sub(places.address, text)
            text = places.QUOTED.sub(lambda found: found[1] + self._short(found[2]) + found[1], text)
            if self._places:
                text = self._places.sub(lambda found: self._short(found[0]), text)
            text = places.UNQUOTED.sub(lambda found: self._short(found[0]), text)
            text = places.BEHIND_FOLDER.sub(lambda found: self._short(found[1]), text)
        for word, pattern in self._names:
            text = pattern.sub(word, text)
        return text

    def _short(self, place: str) -> str:
        return places.PATH if place.rstrip("/") in self._folders else places.short(place)


def _distinct(words: Iterable[str], changed: Callable[[str], str]) -> dict[str, str]:
    """Each name with what becomes of it: names that are different stay different."""
    made: dict[str, str] = {}
    for name in words:
        first = new = changed(name)
        n = 2
        while new in made.values():
            new, n = f"{first}-{n}", n + 1
        made[name] = new
    return made
