"""A small library in several versions, each installed for an interpreter of its own, and a codec that measures it."""

from __future__ import annotations

import subprocess
import venv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LIBRARY = """
import json

def dumps(value):
    data = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
    {dumps}
    return data

def loads(data):
    value = json.loads(data)
    {loads}
    return value
"""
CODEC = """
from __future__ import annotations

from dataclasses import dataclass

import tinyjson

from serbench.codecs.base import Bound
from serbench.codecs.deviations import Deviation


@dataclass(frozen=True)
class Tiny:
    name: str = "tiny"
    format: str = "json"
    distribution: str | None = "tinyjson"
    model: str = "plain"
    deviations: frozenset = frozenset({Deviation.BYTES_AS_BASE64, Deviation.KEYS_AS_STRINGS, Deviation.TUPLE_AS_LIST})

    def bind(self, payload):
        return Bound(encode=tinyjson.dumps, decode=tinyjson.loads)


CODECS = (Tiny(),)
"""
NOTHING = "pass"
TWICE = "json.loads(data)"
LARGER = 'data = data.replace(b":", b": ", 1)'
WRONG = "value.pop(next(iter(value)), None)"
HOARDS = "[None] * 20_000"


def interpreter(folder: Path, version: str, *, dumps: str = NOTHING, loads: str = NOTHING) -> Path:
    """An environment without pip that has that version of the library; returns its Python."""
    venv.create(folder, with_pip=False, symlinks=True)
    python = folder / "bin" / "python"
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    told = subprocess.run([python, "-I", "-c", where], capture_output=True, text=True, check=True, timeout=60)
    packages = folder.__class__(told.stdout.strip())
    packages.joinpath("tinyjson.py").write_text(LIBRARY.format(dumps=dumps, loads=loads))
    info = packages / f"tinyjson-{version}.dist-info"
    info.mkdir()
    info.joinpath("METADATA").write_text(f"Metadata-Version: 2.1\nName: tinyjson\nVersion: {version}\n")
    info.joinpath("INSTALLER").write_text("hand\n")
    return python


def codec_file(folder: Path) -> Path:
    """The codec in a file of its own."""
    path = folder / "tiny_codec.py"
    path.write_text(CODEC)
    return path
