"""Interpreters: which there are, and what they say of themselves and of the distributions that they find."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import NoSuchSide
from serbench.sides.commands import variables

if TYPE_CHECKING:
    from collections.abc import Mapping

LEAST = (3, 11)
"""The worker's files need this Python."""

_ASK_SECONDS = 60.0
_MARK = "serbench-interpreter "
# Any Python back to 2.7 must be able to run this, for it must be able to say that it is too old.
_ASK = f"""
import sys
sys.path[:] = [path for path in sys.path if path]
import json, os, platform, sysconfig
told = {{
    "version": platform.python_version(),
    "release": list(sys.version_info[:2]),
    "implementation": platform.python_implementation(),
    "build": sys.version + " " + os.path.realpath(sys.executable),
    "suffix": sysconfig.get_config_var("EXT_SUFFIX") or "",
    "compiler": sysconfig.get_config_var("CC") or "",
    "include": sysconfig.get_paths()["include"],
    "packages": {{}},
    "origins": {{}},
}}
if sys.version_info >= {LEAST!r}:
    import importlib.metadata
    for found in importlib.metadata.distributions():
        name = found.metadata["Name"] if found.metadata else None
        if name and name not in told["packages"]:
            told["packages"][name] = found.version
            origin = found.read_text("direct_url.json")
            if origin:
                told["origins"][name] = json.loads(origin).get("url", "")
print("{_MARK}" + json.dumps(told))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpreter:
    """A Python, in the words of itself.

    Attributes:
        python: how it is called; the path is not resolved, for a virtual environment's is a link.
        version: such as 3.11.9.
        release: its first two numbers.
        implementation: such as CPython.
        build: its long version and its real path: changes with whatever may run otherwise.
        suffix: what extension modules for it end in.
        compiler: the command that it was compiled with; empty: it does not say.
        include: folder where Python.h would be.
        packages: version of every distribution that it finds, by name.
        origins: URL of those that were installed from a file or a folder, by name.
    """

    python: str
    version: str
    release: tuple[int, ...]
    implementation: str
    build: str
    suffix: str
    compiler: str
    include: str
    packages: Mapping[str, str]
    origins: Mapping[str, str]

    @property
    def label(self) -> str:
        """Such as CPython 3.11.9."""
        return f"{self.implementation} {self.version}"

    def version_of(self, distribution: str) -> str:
        """The version that is installed, however the name is written; empty: none."""
        wanted = normal(distribution)
        return next((version for name, version in self.packages.items() if normal(name) == wanted), "")


def normal(distribution: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def own() -> str:
    """This interpreter."""
    return sys.executable


def locate(text: str, directory: Path) -> str:
    """The interpreter that `python:` names.

    Args:
        text: path of an interpreter or of a virtual environment, or the name of a program.
        directory: that paths are relative to.

    Raises:
        NoSuchSide: it is none of these.
    """
    path = directory / Path(text).expanduser()
    if path.is_dir():
        inside = path / "bin" / "python"
        if not inside.exists():
            raise NoSuchSide(
                f"python:{text}: a folder without bin/python; name an interpreter or a virtual environment"
            )
        path = inside
    elif not path.exists():
        program = shutil.which(text) if os.sep not in text else None
        if program is None:
            raise NoSuchSide(f"python:{text}: no such file; name an interpreter or the folder of a virtual environment")
        path = Path(program)
    if not os.access(path, os.X_OK):
        raise NoSuchSide(f"python:{text}: cannot be executed; name an interpreter, such as python:/usr/bin/python3")
    return str(path.absolute())


def ask(python: str, name: str) -> Interpreter:
    """What an interpreter says of itself, and of what it finds without paths of this process and of the user.

    Args:
        python: its path.
        name: what it is called in an error.

    Raises:
        NoSuchSide: it is no Python, or too old a one.
    """
    told = _told(python, name)
    if _release(told) and _release(told) < LEAST:
        wanted = ".".join(map(str, LEAST))
        raise NoSuchSide(f"{name}: Python {told['version']} is too old; workers need {wanted} or newer")
    if not _sound(told):
        raise NoSuchSide(f"{name}: does not answer as a Python would; name an interpreter")
    return Interpreter(**told | {"python": python, "release": tuple(told["release"])})


def _release(told: Any) -> tuple[int, ...]:
    """The first two numbers of a version; none where what is told has no such."""
    release = told.get("release") if isinstance(told, dict) and isinstance(told.get("version"), str) else None
    good = isinstance(release, list) and len(release) == 2 and all(type(number) is int for number in release)
    return tuple(release) if release and good else ()


def _sound(told: Any) -> bool:
    """Whether all that was asked is there and is of its kind: what is named may be any program."""
    if not _release(told) or told.keys() != {field.name for field in fields(Interpreter)} - {"python"}:
        return False
    texts = [told[name] for name in ("implementation", "build", "suffix", "compiler", "include")]
    for found in (told["packages"], told["origins"]):
        texts += [*found, *found.values()] if isinstance(found, dict) else [None]
    return all(isinstance(text, str) for text in texts)


def _told(python: str, name: str) -> Any:
    command = [python, "-E", "-s", "-c", _ASK]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env=variables(),
            timeout=_ASK_SECONDS,
            check=False,
            start_new_session=True,  # a Ctrl-C is for serbench alone
        )
    except subprocess.TimeoutExpired:
        raise NoSuchSide(f"{name}: does not answer within {_ASK_SECONDS:.0f} s; name an interpreter") from None
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise NoSuchSide(f"{name}: cannot be executed, {why}; name an interpreter of this machine") from error
    for line in reversed(done.stdout.decode(errors="replace").splitlines()):
        if line.startswith(_MARK):
            with contextlib.suppress(ValueError, RecursionError):
                return json.loads(line.removeprefix(_MARK))
    last = done.stderr.decode(errors="replace").strip().rpartition("\n")[2][:200]
    why = f" ({last})" if last.isprintable() and last else ""
    raise NoSuchSide(f"{name}: does not answer as a Python would{why}; name an interpreter")
