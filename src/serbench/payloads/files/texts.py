"""JSON texts: parsed exactly, and passed over quickly where they hold nothing new.

What is new is decided by a decoder of msgspec that is made for all that was seen so far: it takes a text only if the
text would widen nothing (`quick`). Any other text, and any that msgspec does not take, is parsed by Python's json,
whose word is the last. So the result is what it would be without the decoder.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from serbench.errors import UnusableFile
from serbench.payloads.files import quick
from serbench.payloads.files.base import TOO_DEEP, Found, Messages
from serbench.payloads.files.sources import most_bytes, too_large

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.payloads.files.sources import Source
    from serbench.schema.places import Place

Text = tuple[bytes, str, int]
"""A JSON text, the file that it stands in, and the number of its line."""

_FIRST_NEWS = 16
_MOST_NEWS = 1024
_NEWS_BYTES = 500_000  # what comes of it is looked at several times, and stays in a cache meanwhile
_BLANK = b" \t\r\n"
_MARK = b"\xef\xbb\xbf"


def documents(sources: Sequence[Source]) -> Iterator[Text]:
    """Each file as one text.

    Raises:
        UnusableFile: one is empty, too large, or in another encoding than UTF-8.
    """
    for source in sources:
        data = source.read()
        check_encoding(data[:4], source.label)
        data = data.removeprefix(_MARK)
        if not data.strip(_BLANK):
            raise UnusableFile(f"{source.label}: empty; it needs at least one JSON document")
        yield data, source.label, 0


def lines(sources: Sequence[Source]) -> Iterator[Text]:
    """Each line of the files as a text, but for blank ones.

    Raises:
        UnusableFile: all are blank, a line is too large, or a file is in another encoding than UTF-8.
    """
    empty = True
    for source in sources:
        most = most_bytes()
        with source.open() as stream:
            for number, line in enumerate(iter(partial(stream.readline, most), b""), start=1):
                if number == 1:
                    check_encoding(line[:4], source.label)
                text = line.removeprefix(_MARK) if number == 1 else line
                if len(line) == most:
                    raise too_large(f"{source.label}: line {number:,}", most)
                if not text.isspace() and text:
                    empty = False
                    yield text, source.label, number
    if empty:
        raise UnusableFile(f"{sources[0].label}: empty; it needs at least one JSON document")


def check_encoding(head: bytes, label: str) -> None:
    """Looks at the first four bytes of a file.

    Raises:
        UnusableFile: they are UTF-16 or UTF-32.
    """
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or (len(head) > 1 and 0 in head[:2])
    if wide:
        name = "UTF-32" if b"\0\0" in head else "UTF-16"
        raise UnusableFile(f"{label}: {name}, and JSON is UTF-8; convert it: iconv -f {name} -t UTF-8")


class Texts(Messages):
    """The messages of JSON texts.

    Args:
        texts: what is parsed.
        unit: `line`, or empty where a file is one text.
        skip_bad: whether a text that is no JSON is left out and counted.
    """

    def __init__(self, texts: Iterator[Text], *, unit: str = "", skip_bad: bool = False) -> None:
        self.texts = texts
        self.skip_bad = skip_bad
        super().__init__(self._parsed(), unit=unit)

    def _parsed(self) -> Iterator[Found]:
        for text in self.texts:
            yield from self._of(text)

    def _of(self, text: Text) -> Iterator[Found]:
        """The message of a text; nothing where it is none and is left out."""
        try:
            yield parsed(*text), text[1], text[2]
        except UnusableFile:
            if not self.skip_bad:
                raise
            self.first_bad = self.first_bad or self.where(text[1], text[2])
            self.bad += 1

    def draw(self, seen: Place | None) -> Iterator[Found]:
        """As of any messages. What is known of them already is told by the decoder here as well."""
        decode: quick.Decode = quick.nothing
        news = 0
        for text in self.texts:
            known = seen is None or _takes(decode, text[0])
            for found in self._of(text):
                if seen and not known:
                    self.show([found], seen)
                    news += 1
                    decode = quick.decoder(seen) if news.bit_count() == 1 else decode
                yield found

    def survey(self, seen: Place) -> int:
        """As of any messages. A text that holds nothing new is not even turned into objects."""
        count, most, bad = 0, _FIRST_NEWS, self.bad
        decode = quick.decoder(seen)
        while True:
            news, passed = self._news(decode, most)
            count += passed + len(news)
            if not news:
                return count - (self.bad - bad)
            self.show([found for text in news for found in self._of(text)], seen)
            most = min(2 * most, _MOST_NEWS)
            # Where most texts are news, whatever was seen before, looking at them first is time lost.
            decode = quick.nothing if most == _MOST_NEWS and passed < len(news) else quick.decoder(seen)

    def _news(self, decode: quick.Decode, most: int) -> tuple[list[Text], int]:
        """The next texts that hold something new, and how many others there were among them."""
        news: list[Text] = []
        passed, size = 0, 0
        for text in self.texts:
            if _takes(decode, text[0]):
                passed += 1
                continue
            news.append(text)
            size += len(text[0])
            if len(news) >= most or size >= _NEWS_BYTES:
                break
        return news, passed


def _takes(decode: quick.Decode, data: bytes) -> bool:
    try:
        decode(data)
    except (ValueError, RecursionError):  # msgspec's own errors are ValueErrors
        return False
    return True


def parsed(data: bytes, label: str, number: int) -> Any:
    """The value of a text.

    Args:
        data: the text.
        label: its file.
        number: of its first line; 0: it is the whole file.

    Raises:
        UnusableFile: it is no JSON in UTF-8, with its place.
    """
    try:
        return msgspec.json.decode(data)
    except (ValueError, RecursionError):
        pass  # what msgspec does not take may be JSON all the same: NaN, lone surrogates, floats beyond 64 bits
    line = f" line {number:,}:" if number else ""
    try:
        text = data.decode()
        # The end of a line is not the beginning of the next: what is missing is missing in this one.
        return json.loads(text.rstrip("\r\n") if number else text)
    except UnicodeDecodeError as error:
        raise UnusableFile(f"{label}:{line} not UTF-8 at byte {error.start}; convert it first") from None
    except json.JSONDecodeError as error:
        at = max(number, 1) + error.lineno - 1
        hint = "; --skip-bad leaves such lines out" if number else ""
        hint = "; a message a line is .ndjson (--as ndjson)" if error.msg == "Extra data" and not number else hint
        raise UnusableFile(f"{label}: not JSON at line {at:,}, column {error.colno}: {error.msg}{hint}") from None
    except RecursionError:
        raise UnusableFile(f"{label}:{line} {TOO_DEEP}") from None
    except ValueError as error:  # more digits than Python takes
        raise UnusableFile(f"{label}:{line} {error}") from None
