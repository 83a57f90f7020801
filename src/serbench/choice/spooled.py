"""The payloads that were asked for, on disk for workers to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.choice.words import is_file
from serbench.errors import Interrupted, UnknownName, UsageError
from serbench.harness.plan import Spooled
from serbench.payloads import catalogue, instances
from serbench.payloads.files import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from serbench.choice.chosen import Chosen
    from serbench.payloads.files.objects import Instances
    from serbench.records.cases import PayloadInfo
    from serbench.schema.spool import Spool


def spool(
    chosen: Chosen, folder: Path, *, seed: int, count: int | None, stop: Callable[[], bool] = lambda: False
) -> tuple[Spooled, ...]:
    """Makes or loads the payloads and writes them where workers read them.

    Raises:
        UnusableFile: a file that is not there or that no payload can be made of.
        UnknownName: no such payload.
        Interrupted: `stop` said so.
    """
    spooled: list[Spooled] = []
    wanted: tuple[str | Instances, ...] = (*chosen.payloads, *chosen.objects)
    for index, word in enumerate(wanted):
        if stop():
            raise Interrupted("stopped before anything was measured")
        path = folder / f"{index}.ndjson"
        pack, info = _load(word, chosen, seed=seed, count=count)
        pack.write(path)
        spooled.append(Spooled(info=info, path=path, instances_default=count is None))
        if any(other.info.name == spooled[-1].info.name for other in spooled[:-1]):
            file = f"rename the file {word}" if isinstance(word, str) else "give them Instances of other names"
            raise UsageError(f"two payloads are named {spooled[-1].info.name!r}; {file}")
    return tuple(spooled)


def _load(word: str | Instances, chosen: Chosen, *, seed: int, count: int | None) -> tuple[Spool, PayloadInfo]:
    vary = seed if chosen.vary else None
    if not isinstance(word, str):
        return load.load_objects(word, count=count, vary=vary)
    try:
        generated = catalogue.get(word)
    except UnknownName:
        if not is_file(word):
            raise
        return load.load(word, count=count, reading=chosen.reading, vary=vary)
    return instances.make(generated, seed=seed, count=count)
