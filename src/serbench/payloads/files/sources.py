"""Where messages come from: a file, a folder of files, or stdin."""

from __future__ import annotations

import io
import os
import stat
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import UnusableFile
from serbench.payloads.files import packed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.payloads.files.packed import Stream

STDIN = "-"
BYTES_PER_BYTE = 16
"""How much memory a message may take for a byte of its file: as text, as Python's objects and encoded again."""

_MEMORY_WHERE_UNKNOWN = 4 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file.

    Attributes:
        label: as errors name it.
        path: where it is; None: stdin.
    """

    label: str
    path: Path | None

    @property
    def ending(self) -> str:
        """The ending that tells its format, in lowercase, with the point: `.json` of `orders.json.gz`."""
        return _endings(self.path)[0] if self.path else ""

    def open(self) -> Stream:
        """Its bytes, unpacked.

        Raises:
            UnusableFile: it cannot be read, or not unpacked.
        """
        said = packed.ENDINGS.get(_endings(self.path)[1], "") if self.path else ""
        if self.path is None and not sys.stdin:
            raise UnusableFile("stdin: closed; give it messages, or name a file")
        try:
            file = io.FileIO(self.path) if self.path else io.FileIO(sys.stdin.fileno(), closefd=False)
            stream = io.BufferedReader(file, 1 << 18)
            with _closed_on_error(stream):
                return packed.unpacked(stream, self.label, said)
        except OSError as error:
            raise UnusableFile(f"{self.label}: {error.strerror}; name a file that can be read") from None

    def read(self) -> bytes:
        """All its bytes, unpacked.

        Raises:
            UnusableFile: as `open`; or they are more than memory can hold as one message.
        """
        most = most_bytes()
        with self.open() as stream:
            large = self.path is not None and self.path.stat().st_size > most  # nothing is packed into more
            data = b"" if large else stream.read(most + 1)
        if large or len(data) > most:
            raise too_large(self.label, most)
        return data


@contextmanager
def _closed_on_error(stream: Stream) -> Iterator[None]:
    try:
        yield
    except BaseException:
        stream.close()
        raise


def _endings(path: Path) -> tuple[str, str]:
    """The ending that tells the format, and the one that tells how the file is packed."""
    last = path.suffix.lower()
    return (path.with_suffix("").suffix.lower(), last) if last in packed.ENDINGS else (last, "")


def too_large(where: str, most: int) -> UnusableFile:
    """The error of a message that is larger than `most_bytes`."""
    return UnusableFile(
        f"{where}: one message of over {most / 1e6:,.0f} MB, more than the memory here can hold as objects; "
        "take a smaller one, or write its parts as .ndjson, one a line"
    )


def most_bytes() -> int:
    """How large one message may be for the memory that is available now."""
    try:
        with Path("/proc/meminfo").open("rb") as file:
            available = next(int(line.split()[1]) for line in file if line.startswith(b"MemAvailable")) << 10
    except (OSError, StopIteration, ValueError):
        available = _MEMORY_WHERE_UNKNOWN
    return available // BYTES_PER_BYTE


def find(word: str) -> tuple[Source, ...]:
    """The files of a path, or stdin.

    Returns:
        One, or those of a folder and of the folders in it, in the order of their paths; without hidden ones.

    Raises:
        UnusableFile: there is none.
    """
    if word == STDIN:
        return (Source(label="stdin", path=None),)
    path = Path(word)
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise UnusableFile(f"{word}: {error.strerror}; name a file that can be read") from None
    if stat.S_ISDIR(mode):
        return _folder(path)
    if not stat.S_ISREG(mode):
        raise UnusableFile(f"{word}: a pipe or a device, which may never end; name a regular file, or - for stdin")
    return (Source(label=word, path=path),)


def _folder(path: Path) -> tuple[Source, ...]:
    files: list[Path] = []
    for folder, below, names in os.walk(path, onerror=_unreadable):
        below[:] = [name for name in below if not name.startswith(".")]
        files += [Path(folder, name) for name in names if not name.startswith(".")]
    found = tuple(Source(label=str(file), path=file) for file in sorted(files) if file.is_file())
    if not found:
        raise UnusableFile(f"{path}: no file in this folder; name a folder with messages, or a file")
    return found


def _unreadable(error: OSError) -> None:
    raise UnusableFile(f"{error.filename}: {error.strerror}; name a folder that can be read")


def endings(sources: Sequence[Source]) -> str:
    """How many files there are of each ending, in words: `3 .json, 1 .md`."""
    counted = Counter(source.ending or "without an ending" for source in sources)
    return ", ".join(f"{count:,} {ending}" for ending, count in counted.most_common())


def base_name(word: str) -> str:
    """The last name of a path, of a folder with a slash behind it; `stdin`."""
    if word == STDIN:
        return "stdin"
    path = Path(word)
    return f"{path.resolve().name}/" if path.is_dir() else path.name


def name_of(word: str) -> str:
    """What a payload is named after where it came from: `orders` of `data/orders.ndjson.gz`."""
    if word == STDIN:
        return "stdin"
    path = Path(word)
    if path.is_dir():
        return path.resolve().name or "root"
    return path.with_suffix("").stem if path.suffix.lower() in packed.ENDINGS else path.stem
