"""`.msgpack`: one value after the other, each a message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.errors import MissingLibrary, UnusableFile
from serbench.payloads.files.base import TOO_DEEP, Format, Found, Messages, Reading, refuse_skipping
from serbench.payloads.files.counted import Counted
from serbench.payloads.files.sources import too_large

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.payloads.files.sources import Source

_MOST_BUFFER = (1 << 31) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Msgpack:
    """MessagePack values."""

    name: str = "msgpack"
    endings: tuple[str, ...] = (".msgpack", ".mpk")

    def read(self, sources: Sequence[Source], reading: Reading, /) -> Messages:
        """A message for each value. A key may be text or a whole number."""
        refuse_skipping(sources[0].label, reading, "MessagePack")
        try:
            import msgpack  # type: ignore[import-untyped]  # noqa: PLC0415 - only who has such files needs it
        except ImportError:
            raise MissingLibrary(f"{sources[0].label}: msgpack is not installed; pip install msgpack") from None
        return Messages(found for source in sources for found in _values(source, msgpack))


def _values(source: Source, msgpack: Any) -> Iterator[Found]:
    with Counted(source) as file:
        most = min(file.most, _MOST_BUFFER)
        unpacker = msgpack.Unpacker(file, strict_map_key=False, max_buffer_size=most)
        while True:
            at = unpacker.tell()
            file.messages += 1
            file.begun = file.total  # what was read beyond the last message is no more than a buffer of this one
            try:
                value = unpacker.unpack()
            except msgpack.OutOfData:
                if file.total == at and file.messages > 1:
                    return
                if not file.total:
                    raise UnusableFile(f"{file.label}: empty; it needs at least one MessagePack value") from None
                raise UnusableFile(f"{file.where}: cut short at byte {file.total:,}; copy it again") from None
            except msgpack.StackError:
                raise UnusableFile(f"{file.where}: {TOO_DEEP}") from None
            except msgpack.BufferFull:
                raise too_large(file.where, most) from None
            except (ValueError, TypeError, msgpack.UnpackException) as error:
                reason = str(error) or "a byte that begins no value"
                raise UnusableFile(f"{file.where}, from byte {at:,}: not MessagePack: {reason}") from None
            yield value, file.label, file.messages


FORMATS: tuple[Format, ...] = (Msgpack(),)
