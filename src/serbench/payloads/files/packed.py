"""gzip and zstd, told by their first bytes and unpacked as they are read."""

from __future__ import annotations

import io
import sys
import zlib
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from serbench.errors import UnusableFile

if TYPE_CHECKING:
    from collections.abc import Callable

Stream: TypeAlias = "io.BufferedReader[Any]"

ENDINGS = {".gz": "gzip", ".zst": "zstd", ".zstd": "zstd"}
"""What these endings say about a file; the ending before them tells the format."""

_MAGIC = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}
_CHUNK = 1 << 15


def unpacked(stream: Stream, label: str, said: str = "") -> Stream:
    """The stream itself, or what is packed in it.

    Args:
        stream: at its beginning.
        label: the file, for errors.
        said: what its ending says it is packed by; empty: nothing.

    Raises:
        UnusableFile: it is not what its ending says; later, while it is read: it is broken or cut short.
    """
    head = stream.peek(4)
    method = next((name for magic, name in _MAGIC.items() if head.startswith(magic)), "")
    if said and said != method:
        raise UnusableFile(f"{label}: not {said}, whatever its ending says; rename it or pack it")
    return io.BufferedReader(_Unpacked(stream, label, method), 1 << 18) if method else stream


class _Decompressor(Protocol):
    """What zlib and zstd have in common. A decompressor is for one member or frame."""

    eof: bool
    unused_data: bytes

    def decompress(self, data: bytes, /) -> bytes: ...


def _gzip() -> Any:
    return zlib.decompressobj(wbits=31)


def _zstd() -> Any:
    if sys.version_info >= (3, 14):
        from compression.zstd import ZstdDecompressor  # noqa: PLC0415

        return ZstdDecompressor()
    import zstandard  # noqa: PLC0415

    return zstandard.ZstdDecompressor().decompressobj()


_METHODS: dict[str, Callable[[], Any]] = {"gzip": _gzip, "zstd": _zstd}


class _Unpacked(io.RawIOBase):
    """Bytes out of one packed member after the other."""

    def __init__(self, stream: Stream, label: str, method: str) -> None:
        self.stream = stream
        self.label = label
        self.method = method
        self.member: _Decompressor = _METHODS[method]()
        self.ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self.stream.close()
        super().close()

    def readinto(self, buffer: Any) -> int:
        while not self.ready:
            if not (packed := self._packed()):
                return 0
            try:
                self.ready = memoryview(self.member.decompress(packed))
            except Exception as error:  # each library has its own
                raise UnusableFile(f"{self.label}: broken {self.method}: {error}; pack it again") from None
        count = min(len(buffer), len(self.ready))
        buffer[:count] = self.ready[:count]
        self.ready = self.ready[count:]
        return count

    def _packed(self) -> bytes:
        """The next bytes for the decompressor; none at the end of the last member, behind which there may be zeros."""
        data = self.member.unused_data if self.member.eof else b""
        data = data or self.stream.read(_CHUNK)
        if not self.member.eof and not data:
            raise UnusableFile(f"{self.label}: {self.method} cut short; copy or download it again")
        if self.member.eof:
            data = data.lstrip(b"\0") or self.stream.read().lstrip(b"\0")
            if data:
                self.member = _METHODS[self.method]()
        return data
