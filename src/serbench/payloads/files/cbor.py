"""`.cbor`: one data item after the other, each a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.errors import MissingLibrary, UnusableFile
from serbench.payloads.files.base import TOO_DEEP, Format, Found, Messages, Reading, refuse_skipping
from serbench.payloads.files.counted import Counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.payloads.files.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Cbor:
    """CBOR data items: a sequence as RFC 8742 has it."""

    name: str = "cbor"
    endings: tuple[str, ...] = (".cbor", ".cborseq")

    def read(self, sources: Sequence[Source], reading: Reading, /) -> Messages:
        """A message for each item. A key may be text or a whole number."""
        refuse_skipping(sources[0].label, reading, "CBOR")
        try:
            import cbor2  # noqa: PLC0415 - only who has such files needs it
        except ImportError:
            hint = "cbor2 is not installed; pip install 'serbench[cbor2]'"
            raise MissingLibrary(f"{sources[0].label}: {hint}") from None
        return Messages(found for source in sources for found in _values(source, cbor2))


def _values(source: Source, cbor2: Any) -> Iterator[Found]:
    with Counted(source) as file:
        decoder = cbor2.CBORDecoder(file)
        while not file.at_end():
            file.begin()
            try:
                value = decoder.decode()
            except UnusableFile:
                raise
            except RecursionError:
                raise UnusableFile(f"{file.where}: {TOO_DEEP}") from None
            except Exception as error:  # tags may hold anything, and their decoders raise as they like
                if isinstance(error.__cause__, UnusableFile):
                    raise error.__cause__ from None
                deep = "nesting depth" in str(error)
                reason = TOO_DEEP if deep else f"from byte {file.begun:,}: not CBOR: {error}"
                raise UnusableFile(f"{file.where}: {reason}") from None
            yield value, file.label, file.messages
        if not file.messages:
            raise UnusableFile(f"{file.label}: empty; it needs at least one CBOR item")


FORMATS: tuple[Format, ...] = (Cbor(),)
