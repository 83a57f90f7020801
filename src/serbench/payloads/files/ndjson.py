"""`.ndjson` and `.jsonl`: each line is a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.payloads.files.texts import Texts, lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.payloads.files.base import Format, Messages, Reading
    from serbench.payloads.files.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Ndjson:
    """JSON texts, one a line."""

    name: str = "ndjson"
    endings: tuple[str, ...] = (".ndjson", ".jsonl")

    def read(self, sources: Sequence[Source], reading: Reading, /) -> Messages:
        """A message for each line that is not blank."""
        return Texts(lines(sources), unit="line", skip_bad=reading.skip_bad)


FORMATS: tuple[Format, ...] = (Ndjson(),)
