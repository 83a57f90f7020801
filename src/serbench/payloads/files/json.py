"""`.json`: each file is a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.payloads.files.texts import Texts, documents

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.payloads.files.base import Format, Messages, Reading
    from serbench.payloads.files.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Json:
    """JSON documents."""

    name: str = "json"
    endings: tuple[str, ...] = (".json", ".geojson")

    def read(self, sources: Sequence[Source], reading: Reading, /) -> Messages:
        """A message for each file."""
        return Texts(documents(sources), skip_bad=reading.skip_bad and len(sources) > 1)


FORMATS: tuple[Format, ...] = (Json(),)
