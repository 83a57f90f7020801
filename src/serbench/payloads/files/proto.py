"""`.proto` and descriptor sets: they say what the messages are, and `--data` where these are, as JSON or binary."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import MissingLibrary, UnusableFile, UsageError
from serbench.payloads.files import described, sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.payloads.files.base import Format, Messages, Reading
    from serbench.payloads.files.sources import Source

ROOTS_TRIED = 8
"""Folders above a file from which its imports may be meant."""

COMPILE_SECONDS = 60
_NOT_FOUND = "File not found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proto:
    """A `.proto` file, which protoc reads: that of grpcio-tools, or one that is installed."""

    name: str = "proto"
    endings: tuple[str, ...] = (".proto",)

    def read(self, files: Sequence[Source], reading: Reading, /) -> Messages:
        """The messages of `reading.data`."""
        source = _only(files, reading)
        return described.messages(_compiled(source), source.label, reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptorSet:
    """What protoc makes of `.proto` files with `--include_imports --descriptor_set_out`."""

    name: str = "desc"
    endings: tuple[str, ...] = (".desc", ".protoset")

    def read(self, files: Sequence[Source], reading: Reading, /) -> Messages:
        """The messages of `reading.data`."""
        source = _only(files, reading)
        return described.messages(source.read(), source.label, reading)


def _only(files: Sequence[Source], reading: Reading) -> Source:
    if len(files) > 1:
        names = sources.endings(files)
        raise UnusableFile(f"{files[0].label}: one of {names} in a folder; name the one that holds the message")
    if not reading.data:
        raise UsageError(f"{files[0].label}: says what a message is and has none; name a file of them with --data")
    return files[0]


def _compiled(source: Source) -> bytes:
    """The descriptor set of a `.proto`, whose imports are looked for in its folder and then in those above.

    Raises:
        UnusableFile: protoc does not take it, with the place.
        MissingLibrary: there is no protoc.
    """
    command, path = _protoc(source), (source.path or Path(source.label)).resolve()
    first = ""
    for root in list(path.parents)[:ROOTS_TRIED]:
        with tempfile.TemporaryDirectory(prefix="serbench-proto-") as scratch:
            out = Path(scratch) / "out.desc"
            options = [f"--proto_path={root}", "--include_imports", f"--descriptor_set_out={out}", str(path)]
            said = _run([*command, *options], source.label)
            if out.is_file():
                return out.read_bytes()
        first = first or said
        if _NOT_FOUND not in said:
            break
    raise UnusableFile(_complaint(first, path, source.label))


def _run(command: list[str], label: str) -> str:
    """What protoc says on stderr."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, errors="replace", timeout=COMPILE_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise UnusableFile(f"{label}: protoc cannot be run: {error}") from None
    return done.stderr


def _protoc(source: Source) -> list[str]:
    if find_spec("grpc_tools"):
        return [sys.executable, "-m", "grpc_tools.protoc"]
    if found := shutil.which("protoc"):
        return [found]
    raise MissingLibrary(f"{source.label}: reading .proto takes protoc; pip install 'serbench[proto]'")


def _complaint(said: str, path: Path, label: str) -> str:
    """The line of what protoc said that tells the place; an import that is missing before what follows from it."""
    places = [match for line in said.splitlines() if (match := re.match(r"(\S+?):(\d+):(\d+): (.*)", line))]
    missing = next((match for match in places if _NOT_FOUND in said and "was not found" in match[4]), None)
    match missing or next(iter(places), None):
        case None:
            reason = next(iter(said.strip().splitlines()), "no reason told")
            return f"{label}: protoc does not take it: {reason}"
        case place if place is missing:
            file = _file(place[1], path, label)
            name = re.search(r'"(.*?)"', place[4])
            return (
                f"{file}: line {place[2]}: imports {name[1] if name else '?'}, which is not there; put it in the same "
                "folder or above, or name a descriptor set (.desc, made with --include_imports)"
            )
        case place:
            return f"{_file(place[1], path, label)}: not proto at line {place[2]}, column {place[3]}: {place[4]}"


def _file(name: str, path: Path, label: str) -> str:
    """The file as it was named, where it is that; else as protoc names it."""
    return label if os.path.basename(name) == path.name else name  # noqa: PTH119 - a name of protoc's, no path here


FORMATS: tuple[Format, ...] = (Proto(), DescriptorSet())
