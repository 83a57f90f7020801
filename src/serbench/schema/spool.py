"""Instances on disk: the neutral file from which workers read payloads.

One JSON document a line, UTF-8. The first line is the header, each further line an instance. What JSON cannot carry is
an object with one key that begins with `$`: `{"$bytes": base64}`, `{"$float": "nan"}`, `{"$tuple": [...]}`, and
`{"$map": [[key, value], ...]}` for a dict with other than string keys or with a key that begins with `$`. The header
says whether such an object occurs at all (`tagged`); where none does, a reader needs nothing but a JSON parser.

    {"format": "serbench.instances/1", "name": ..., "schema": {...}, "kinds": [...], "digest": sha256, "count": n,
     "tagged": bool, "described": {"name": ..., "files": base64}}

`described` is there where a type of protobuf was stated for the messages.
"""

from __future__ import annotations

import base64
import gc
import hashlib
import marshal
import math
import sys
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from json import JSONEncoder, loads  # a codec may put something else in their place
from os import getpid
from typing import TYPE_CHECKING, Any

from serbench.errors import SerbenchError
from serbench.schema import types
from serbench.schema.payload import Described, Kind, Payload, contents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

FORMAT = "serbench.instances/1"
_REWRITTEN = {Kind.TUPLE, Kind.NON_FINITE, Kind.NON_STRING_KEY}


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """An instance and its line of the file.

    Attributes:
        instance: the plain value.
        line: as the file has it, without the end of the line.
        kinds: what occurs in it.
        tagged: whether the line has something that JSON itself cannot carry.
        json_bytes: its size as compact UTF-8 JSON, bytes as base64.
    """

    instance: Any
    line: bytes
    kinds: frozenset[Kind]
    tagged: bool
    json_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Spool:
    """A payload whose instances have been encoded once: for the digest, for the size and for the file.

    Attributes:
        payload: what codecs see.
        encoded: its instances with their lines.
    """

    payload: Payload
    encoded: tuple[Encoded, ...]

    @property
    def json_bytes(self) -> int:
        """Size of all instances as compact UTF-8 JSON, bytes as base64."""
        return sum(encoded.json_bytes for encoded in self.encoded)

    def write(self, path: Path) -> None:
        """Writes the file that `read` reads."""
        header: dict[str, Any] = {
            "format": FORMAT,
            "name": self.payload.name,
            "schema": types.to_json(self.payload.schema),
            "kinds": sorted(self.payload.kinds),
            "digest": self.payload.digest,
            "count": len(self.encoded),
            "tagged": any(encoded.tagged for encoded in self.encoded),
        }
        if described := self.payload.described:
            header["described"] = {"name": described.name, "files": _base64(described.files)}
        with path.open("wb") as file:
            first = _line(header, ascii_only=True)
            file.writelines(line + b"\n" for line in (first, *(encoded.line for encoded in self.encoded)))


def encode(instance: Any) -> Encoded:
    """An instance with its line.

    Raises:
        SerbenchError: it is no plain value.
    """
    kinds, keys = contents(instance)
    rewritten = not kinds.isdisjoint(_REWRITTEN) or any(key.startswith("$") for key in keys)
    tagged = rewritten or Kind.BYTES in kinds
    line = _line(_tag(instance) if rewritten else instance, ascii_only=Kind.SURROGATE in kinds)
    plain = not tagged and Kind.SURROGATE not in kinds
    json_bytes = len(line) if plain else len(compact_json(instance))
    return Encoded(instance=instance, line=line, kinds=frozenset(kinds), tagged=tagged, json_bytes=json_bytes)


def pack(name: str, schema: types.Schema, encoded: Iterable[Encoded], described: Described | None = None) -> Spool:
    """The payload of these instances, ready to be written."""
    encoded = tuple(encoded)
    payload = Payload(
        name=name,
        schema=schema,
        instances=tuple(one.instance for one in encoded),
        kinds=frozenset().union(*(one.kinds for one in encoded)),
        digest=_digest(schema, b"".join(one.line + b"\n" for one in encoded), described),
        described=described,
    )
    return Spool(payload=payload, encoded=encoded)


def payload_of(name: str, schema: types.Schema, instances: Sequence[Any]) -> Payload:
    """A payload of these instances, with its kinds and its digest."""
    return pack(name, schema, map(encode, instances)).payload


def write(payload: Payload, path: Path) -> None:
    """Spools a payload to a file."""
    pack(payload.name, payload.schema, map(encode, payload.instances)).write(path)


def read(path: Path, *, check: bool = True) -> Payload:
    """The payload that `write` spooled.

    Args:
        path: the file.
        check: whether the digest is computed and compared. Where it is not, what the same Python has read before is
            taken from a copy that it left beside the file.

    Raises:
        SerbenchError: another format, or the digest is not that of the content.
    """
    copy = path.with_name(f"{path.name}.{sys.implementation.cache_tag}")
    with path.open("rb") as file:
        header = _header(path, file.readline())
        schema, described = types.from_json(header["schema"]), _described(header.get("described"))
        instances = None if check else _copied(copy)
        if instances is None:
            lines = file.read()
            if check and _digest(schema, lines, described) != header["digest"]:
                raise SerbenchError(f"{path}: content and digest differ; it was changed or cut short")
            instances = _instances(lines, tagged=header["tagged"])
            _copy(copy, instances)
    return Payload(
        name=header["name"],
        schema=schema,
        instances=instances,
        kinds=frozenset(map(Kind, header["kinds"])),
        digest=header["digest"],
        described=described,
    )


def _described(header: dict[str, str] | None) -> Described | None:
    return Described(name=header["name"], files=base64.b64decode(header["files"])) if header else None


def _copied(copy: Path) -> list[Any] | None:
    """The instances as the same Python has read them before: three times as quick to read as JSON."""
    try:
        data = copy.read_bytes()
    except OSError:
        return None
    with _no_collections():
        instances: list[Any] = marshal.loads(data)
    return instances


def _copy(copy: Path, instances: list[Any]) -> None:
    """Leaves them for whoever reads the file next with the same Python."""
    part = copy.with_name(f"{copy.name}.{getpid()}.part")
    with suppress(OSError):
        part.write_bytes(marshal.dumps(instances))
        part.replace(copy)


def compact_json(value: Any) -> bytes:
    """A plain value as compact UTF-8 JSON, bytes as base64 text; a lone surrogate as three bytes, which UTF-8 lacks."""
    return _encoder(_base64, ensure_ascii=False).encode(value).encode(errors="surrogatepass")


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _encoder(default: Callable[[bytes], Any], *, ensure_ascii: bool) -> JSONEncoder:
    return JSONEncoder(separators=(",", ":"), ensure_ascii=ensure_ascii, default=default)


def _line(value: Any, *, ascii_only: bool = False) -> bytes:
    return _encoder(lambda value: {"$bytes": _base64(value)}, ensure_ascii=ascii_only).encode(value).encode()


def _digest(schema: types.Schema, lines: bytes, described: Described | None) -> str:
    """Over the schema and the instances, a line each, as the file has them, behind the type if one was stated."""
    digest = hashlib.sha256(b"" if described is None else described.name.encode() + b"\n" + described.files)
    digest.update(_line(types.to_json(schema), ascii_only=True) + b"\n")
    digest.update(lines)
    return digest.hexdigest()


def _header(path: Path, line: bytes) -> dict[str, Any]:
    try:
        header = loads(line)
    except ValueError:
        header = None
    if not isinstance(header, dict) or header.get("format") != FORMAT:
        raise SerbenchError(f"{path}: not a {FORMAT} file")
    return header


def _instances(lines: bytes, *, tagged: bool) -> list[Any]:
    """All lines as one document, so that equal keys are one object in all instances, as they are in a program."""
    text = lines.decode().removesuffix("\n").replace("\n", ",")
    with _no_collections():
        instances: list[Any] = loads(f"[{text}]", object_hook=_untag if tagged else None)
    return instances


@contextmanager
def _no_collections() -> Iterator[None]:
    """The collector would walk ever more objects of which none is garbage."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _tag(value: Any) -> Any:
    """A copy that JSON carries. Bytes stay what they are: the encoder asks about them."""
    match value:
        case float() if not math.isfinite(value):
            return {"$float": repr(value)}
        case tuple():
            return {"$tuple": [_tag(item) for item in value]}
        case list():
            return [_tag(item) for item in value]
        case dict() if any(not isinstance(key, str) or key.startswith("$") for key in value):
            return {"$map": [[_tag(key), _tag(item)] for key, item in value.items()]}
        case dict():
            return {key: _tag(item) for key, item in value.items()}
    return value


def _untag(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        ((key, content),) = value.items()
        match key:
            case "$bytes":
                return base64.b64decode(content)
            case "$float":
                return float(content)
            case "$tuple":
                return tuple(content)
            case "$map":
                return dict(content)
    return value
