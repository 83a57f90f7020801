"""The first instances of a payload, as files of their own: for workers that are so slow that few have to do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from serbench.worker import exchange

if TYPE_CHECKING:
    from pathlib import Path

    from serbench.harness.plan import Spooled

INSTANCES = 16
"""At the most."""

LINE_BYTES = 200_000
"""What they may take in the spool file together; one there is always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """The first instances of a payload.

    Attributes:
        path: the spool file. Its digest is still that of the whole payload, so it can be read unchecked only.
        exchange: what a worker has encoded of them; where none has, there is no file.
        instances: how many.
    """

    path: Path
    exchange: Path
    instances: int


def cut(payload: Spooled, codec: str, folder: Path) -> Excerpt:
    """Cuts a payload short, to as many instances for every codec: they depend on the spool file alone.

    Args:
        payload: the whole one.
        codec: whose encoded messages are taken along.
        folder: where the files are written.
    """
    path = folder / payload.path.name
    with payload.path.open("rb") as file:
        header, lines = json.loads(file.readline()), [file.readline()]
        room = LINE_BYTES - len(lines[0])
        for line in islice(file, INSTANCES - 1):
            room -= len(line)
            if room < 0:
                break
            lines.append(line)
    path.write_bytes(json.dumps(header | {"count": len(lines)}).encode() + b"\n" + b"".join(lines))
    encoded, messages = payload.exchange(codec), path.with_name(f"{path.name}.encoded")
    if encoded.is_file():
        exchange.write(messages, exchange.read(encoded, len(lines)))
    return Excerpt(path=path, exchange=messages, instances=len(lines))
