"""Messages of a type that descriptors state: read from JSON or binary, as plain values of the schema of that type."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.errors import UnusableFile
from serbench.payloads.files import descriptors, sources
from serbench.payloads.files.base import Messages, Reading
from serbench.payloads.files.texts import documents, lines
from serbench.schema import payload
from serbench.schema.messages import converter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from serbench.payloads.files.base import Found
    from serbench.payloads.files.sources import Source
    from serbench.schema.places import Place

BINARY = (".bin", ".binpb", ".pb")
"""How files end that are one message in protobuf's own encoding each."""

_LINES = (".ndjson", ".jsonl")
_DOCUMENTS = (".json",)


def messages(descriptor_set: bytes, label: str, reading: Reading) -> Messages:
    """The messages that `reading.data` names, of the type that `reading.message` names.

    Args:
        descriptor_set: a FileDescriptorSet.
        label: its file, for errors.
        reading: which message, and where they are.

    Raises:
        UsageError: no such message, or its type or its files cannot be used.
    """
    kind = descriptors.find(descriptor_set, label, reading.message)
    files = [source for word in reading.data for source in sources.find(word)]
    found = Described(files, kind, skip_bad=reading.skip_bad)
    found.title = f"{kind.name} from {', '.join(map(sources.base_name, reading.data))}"
    return found


@dataclass(frozen=True, slots=True)
class _Parser:
    """How bytes become messages of a type."""

    kind: descriptors.MessageType
    convert: Callable[[Any], Any]

    def json(self, data: bytes, where: str) -> Any:
        from google.protobuf import json_format  # noqa: PLC0415 - only who has such files needs it

        try:
            text = data.decode()
            message = json_format.Parse(text, self.kind.message(), descriptor_pool=self.kind.pool)
        except (json_format.ParseError, UnicodeDecodeError, RecursionError) as error:
            reason = str(error).partition("\n")[0] or "nested too deeply"
            raise UnusableFile(f"{where}: no {self.kind.name} in JSON: {reason}") from None
        return self.convert(message)

    def binary(self, data: bytes, where: str) -> Any:
        from google.protobuf.message import DecodeError  # noqa: PLC0415 - the same
        from google.protobuf.unknown_fields import UnknownFieldSet  # noqa: PLC0415 - the same

        try:
            message = self.kind.message.FromString(data)
        except DecodeError as error:
            raise UnusableFile(f"{where}: no {self.kind.name} in protobuf's encoding: {error}") from None
        if unknown := UnknownFieldSet(message):
            reason = f"it has a field {unknown[0].field_number} that {self.kind.name} has not"
            raise UnusableFile(f"{where}: {reason}; name another --message")
        return self.convert(message)


class Described(Messages):
    """Messages of a known type. Those that are not taken are counted and not looked into."""

    def __init__(self, files: Sequence[Source], kind: descriptors.MessageType, *, skip_bad: bool) -> None:
        self.skip_bad = skip_bad
        self.parser = _Parser(kind, converter(kind.schema))
        endings = {_ending(source) for source in files}
        if len(endings) > 1:
            raise UnusableFile(f"{files[0].label}: messages of several kinds: {sources.endings(files)}; name one kind")
        (ending,) = endings
        if ending in BINARY:
            self.raw, self.parse = _binary(files), self.parser.binary
        elif ending in _LINES:
            self.raw, self.parse = lines(files), self.parser.json
        elif ending in _DOCUMENTS:
            self.raw, self.parse = documents(files), self.parser.json
        else:
            known = ", ".join((*_DOCUMENTS, *_LINES, *BINARY))
            raise UnusableFile(f"{files[0].label}: a file of --data ends in one of {known}; name it so")
        stated = payload.Described(name=kind.name, files=kind.files)
        super().__init__(self._parsed(), unit="line" if ending in _LINES else "", schema=kind.schema, described=stated)

    def _parsed(self) -> Iterator[Found]:
        for data, label, number in self.raw:
            try:
                yield self.parse(data, self.where(label, number)), label, number
            except UnusableFile:
                if not self.skip_bad:
                    raise
                self.first_bad = self.first_bad or self.where(label, number)
                self.bad += 1

    def survey(self, seen: Place) -> int:  # noqa: ARG002 - the schema is known
        """How many are left."""
        return sum(1 for _ in self.raw)


def _ending(source: Source) -> str:
    """The ending, one for those of the same kind; what comes by stdin is a message a line."""
    if source.path is None:
        return _LINES[0]
    return next((kind[0] for kind in (BINARY, _LINES) if source.ending in kind), source.ending)


def _binary(files: Sequence[Source]) -> Iterator[tuple[bytes, str, int]]:
    return ((source.read(), source.label, 0) for source in files)
