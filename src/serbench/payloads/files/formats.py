"""Which format a file has: found among the modules of this package by its ending, by name, or by its content."""

from __future__ import annotations

import importlib
import io
import json
import pkgutil
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import UnknownName, UnusableFile
from serbench.payloads.files.sources import Source, endings, most_bytes, too_large
from serbench.payloads.files.texts import check_encoding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.payloads.files.base import Format
    from serbench.payloads.files.packed import Stream

_JSON_BEGINS = frozenset(b'{["-0123456789tfnNI')
_DOCUMENT_BEGINS = frozenset(b"{[")


@cache
def known() -> dict[str, Format]:
    """Every format by its name, in alphabetical order of modules."""
    names = sorted(module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]))
    modules = (importlib.import_module(f"serbench.payloads.files.{name}") for name in names)
    return {made.name: made for module in modules for made in getattr(module, "FORMATS", ())}


def is_described(word: str) -> bool:
    """Whether a file of that name says what messages are, and has none: a `.proto`, a descriptor set."""
    return any(word.lower().endswith(ending) for name in ("proto", "desc") for ending in known()[name].endings)


def choose(word: str, sources: Sequence[Source], read_as: str) -> tuple[Format, Sequence[Source]]:
    """The format of files, and the files as they are to be read: what was looked at of stdin is there again.

    Args:
        word: as the files were named.
        sources: they themselves, at least one.
        read_as: name of a format; empty: what is found.

    Raises:
        UnknownName: no such format.
        UnusableFile: no format, or several.
    """
    if read_as:
        if read_as not in known():
            raise UnknownName("format of files", read_as, known())
        return known()[read_as], sources
    others = " or ".join(f"--as {name}" for name in known() if name in ("msgpack", "cbor"))
    if sources[0].path is None:
        return _by_content(sources[0], _JSON_BEGINS, f"no JSON by its first byte; say what it is: {others}")
    by_ending = {ending: form for form in known().values() for ending in form.endings}
    found = {by_ending.get(source.ending) for source in sources}
    form = found.pop()
    if found:
        raise UnusableFile(f"{word}: files of several kinds: {endings(sources)}; put those of one kind in a folder")
    if form is None:
        hint = f"ends in none of {', '.join(by_ending)}, and begins with no {{ or [; say what it is: --as ndjson"
        if len(sources) == 1:  # such as .har, .ipynb, .log
            return _by_content(sources[0], _DOCUMENT_BEGINS, hint)
        raise UnusableFile(f"{word}: its files end in none of {', '.join(by_ending)}; say what they are: --as ndjson")
    return form, sources


@dataclass(frozen=True, slots=True, kw_only=True)
class _Begun(Source):
    """Stdin, with a beginning that was read already."""

    head: bytes
    rest: Stream

    def open(self) -> Stream:
        return io.BufferedReader(_Joined(self.head, self.rest), 1 << 18)


class _Joined(io.RawIOBase):
    def __init__(self, head: bytes, rest: Stream) -> None:
        self.head = memoryview(head)
        self.rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if not self.head:
            return self.rest.readinto(buffer)
        count = min(len(buffer), len(self.head))
        buffer[:count] = self.head[:count]
        self.head = self.head[count:]
        return count


def _by_content(source: Source, begins: frozenset[int], otherwise: str) -> tuple[Format, Sequence[Source]]:
    """JSON by its first character; of lines, if the first one that is not blank is a whole document."""
    with ExitStack() as unless_used:
        stream = unless_used.enter_context(source.open())
        head, begin = _beginning(stream, source.label)
        if begin and begin[0] not in begins:
            raise UnusableFile(f"{source.label}: {otherwise}")
        form = known()["ndjson" if _whole(begin) else "json"]
        if source.path:
            return form, (source,)
        unless_used.pop_all()
    return form, (_Begun(label=source.label, path=None, head=head, rest=stream),)


def _beginning(stream: Stream, label: str) -> tuple[bytes, bytes]:
    """What is read as far as the first line that is not blank, and that line without what may stand before JSON."""
    most = most_bytes()
    head = line = stream.readline(most)
    check_encoding(head[:4], label)
    while line.isspace() and len(head) < most:
        line = stream.readline(most)
        head += line
    if len(line) == most:
        raise too_large(f"{label}: line 1", most)
    return head, line.removeprefix(b"\xef\xbb\xbf").lstrip()


def _whole(text: bytes) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
