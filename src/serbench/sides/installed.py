"""What lies in an environment, by the records that pip leaves there: whether it is whole, and what came from a URL."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
from typing import TYPE_CHECKING

from serbench.sides import direct
from serbench.sides.interpreters import normal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BYTES_READ = 16 << 20
"""Of so many the content is looked at, the smallest files first: some hundredths of a second."""

_SHA256 = "sha256="


def whole(venv: Path) -> bool:
    """Whether every file that was installed is there as it was: by size, and by SHA-256 as far as that is quickly done.

    Byte-code is not looked at: Python makes it anew.
    """
    try:
        files = sorted((path.stat().st_size, path, size, digest) for path, size, digest in _recorded(venv))
    except (OSError, ValueError):
        return False
    read = 0
    for there, path, size, digest in files:
        read += there
        if size and there != int(size):
            return False
        if digest.startswith(_SHA256) and read <= _BYTES_READ and _digest(path) != digest:
            return False
    return True


def from_urls(venv: Path) -> dict[str, str]:
    """What was installed from a URL, as `direct.found` says it, by normal name."""
    places = venv.glob("lib/python*/site-packages/*.dist-info/direct_url.json")
    return {normal(path.parent.name.partition("-")[0]): direct.found(json.loads(path.read_bytes())) for path in places}


def _recorded(venv: Path) -> Iterator[tuple[Path, str, str]]:
    """Path, size and digest of every file in a RECORD; both may be empty."""
    for record in venv.glob("lib/python*/site-packages/*.dist-info/RECORD"):
        with record.open(encoding="utf-8", newline="") as file:
            for name, digest, size in csv.reader(file):
                if not name.endswith(".pyc"):
                    yield record.parents[1] / name, size, digest


def _digest(path: Path) -> str:
    """As a RECORD has it: base64 of URLs without its padding."""
    digest = hashlib.sha256(path.read_bytes()).digest()
    return _SHA256 + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
