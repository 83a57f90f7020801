"""The template of a codec and of its test, for those who write their own."""

from __future__ import annotations

import keyword
import re
import shlex
import sys
from importlib import resources
from typing import TYPE_CHECKING

from serbench.errors import UnusableFile, UsageError

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*([-_.][A-Za-z0-9]+)*")


def write(name: str, to: Path) -> tuple[Path, Path]:
    """Writes a codec of that name and its test.

    Args:
        name: as on the command line.
        to: a folder; made if it is not there.

    Returns:
        both files.

    Raises:
        UsageError: no name for a codec, a file is there already, or it cannot be written.
    """
    if not _NAME.fullmatch(name) or len(name) > 60:
        raise UsageError(
            f"{name!r} is no name for a codec; take letters and digits with - between them, as in my-codec"
        )
    module = re.sub(r"[-.]", "_", name).lower()
    module += "_codec" if module in _taken() else ""
    files = to / f"{module}.py", to / f"test_{module}.py"
    for file in files:
        if file.exists() or file.is_symlink():
            raise UnusableFile(f"{file}: is there already, and stays; take another name, or another folder with --to")
    words = {
        "NAME": name,
        "CLASS": "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_.]", name)),
        "MODULE": module,
        "FILE": f"./{files[0].name}",
    }
    try:
        to.mkdir(parents=True, exist_ok=True)
        for file, source in zip(files, ("codec.py.txt", "test_codec.py.txt"), strict=True):
            with file.open("x", encoding="utf-8") as opened:
                opened.write(_filled(source, words))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnusableFile(f"{to}: cannot be written to, {reason}; choose another folder with --to") from error
    return files


def _taken() -> frozenset[str]:
    """Modules that a file of that name would hide from what it imports."""
    return frozenset({*sys.stdlib_module_names, *keyword.kwlist, "serbench", "pytest"})


def _filled(source: str, words: dict[str, str]) -> str:
    text = resources.files("serbench.conformance").joinpath("templates", source).read_text(encoding="utf-8")
    return re.sub(r"@([A-Z]+)@", lambda match: words[match[1]], text)


def command(codec: Path) -> str:
    """The command that checks a file."""
    return f"serbench codec check {quoted(codec)}"


def quoted(file: Path) -> str:
    """A path as a shell takes it, and as one of a file."""
    text = str(file)
    return shlex.quote(text if "/" in text else f"./{text}")
