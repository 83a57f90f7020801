"""Requirements that say from where: `name @ URL`. Which are a file or folder here, which may change unnoticed. Pure.

Their form is PEP 508's; the revision in a URL of a version control system is as pip takes it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

_URL = re.compile(r"^[^@;]*@\s*(\S+)")
_REVISION = re.compile(r"@[0-9a-f]{40}$")
_HASH = re.compile(r"(?:^|&)sha(?:224|256|384|512)=[0-9a-f]{56,128}(?:&|$)")


def url(text: str) -> str:
    """The URL of a requirement, with its fragment; empty where it has none."""
    found = _URL.match(text)
    return found[1] if found else ""


def local(text: str) -> Path | None:
    """The file or folder of this machine that a requirement names; None: it names none.

    A repository is none, wherever it lies: what it has is known by commits.
    """
    parts = urlsplit(url(text))
    if parts.scheme.lower() != "file" or parts.netloc not in {"", "localhost"}:
        return None
    return Path(unquote(parts.path))


def fixed(text: str) -> bool:
    """Whether the URL of a requirement says what is to be got from it: a commit in full, or a hash, that pip checks."""
    parts = urlsplit(url(text))
    return bool(_HASH.search(parts.fragment) or ("+" in parts.scheme and _REVISION.search(parts.path)))


def elsewhere(text: str, path: Path) -> str:
    """The requirement with another place of the same file or folder; extras, fragment and marker stay."""
    old = url(text)
    fragment = f"#{parts}" if (parts := urlsplit(old).fragment) else ""
    return text.replace(old, path.as_uri() + fragment, 1)


def found(origin: Mapping[str, Any]) -> str:
    """What was got from a URL, of PEP 610's account of it: `commit:...`, `sha256:...`; empty for a folder."""
    if "vcs_info" in origin:
        return f"commit:{origin['vcs_info']['commit_id']}"
    archive = origin.get("archive_info", {})
    hashes = archive.get("hashes") or dict([archive["hash"].split("=", 1)] if "hash" in archive else [])
    return next((f"{name}:{digest}" for name, digest in sorted(hashes.items())), "")
