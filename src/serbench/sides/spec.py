"""What a side is asked for: texts of the command line, understood and looked at, before anything is made."""

from __future__ import annotations

import re
import tomllib
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.errors import NoSuchSide
from serbench.sides import direct, interpreters, revisions
from serbench.sides.tree import PROJECT_FILES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.sides.interpreters import Interpreter
    from serbench.sides.revisions import Revision

_SDIST_ENDINGS = (".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".zip")
_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_CLAUSE = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9.!+*_-]+"
# PEP 508, but for what stands in a version or a marker: pip knows that better.
_REQUIREMENT = re.compile(
    rf"(?P<name>{_NAME})\s*(?P<extras>\[[^\]]*\])?\s*"
    rf"(?:(?P<url>@\s*\S+)|\(?\s*(?P<clauses>{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)?\s*\)?)\s*(?:;.+)?"
)
_PINNED = re.compile(r"={2,3}\s*[^*\s]+")


class Kind(StrEnum):
    """What one text stands for."""

    REQUIREMENT = "requirement"
    DIRECTORY = "directory"
    FILE = "file"
    REVISION = "revision"
    INTERPRETER = "interpreter"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One text of a side.

    Attributes:
        text: as it was given.
        kind: what it stands for.
        distribution: its name as far as it stands somewhere; empty: only known when it is installed.
        path: of the project's folder, the wheel or sdist, or the interpreter.
        revision: the commit.
        pinned: a requirement that only one thing meets: a version, a file here, or what a URL has a hash or commit of.
    """

    text: str
    kind: Kind
    distribution: str = ""
    path: Path = Path()
    revision: Revision | None = None
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """All that a side is asked for.

    Attributes:
        parts: at least one; an interpreter is alone.
        interpreter: the one that was named, as it describes itself; None: an environment is made with this one.
    """

    parts: tuple[Part, ...]
    interpreter: Interpreter | None = None

    @property
    def asked(self) -> str:
        """The texts, for people."""
        return ", ".join(part.text for part in self.parts)

    @property
    def kinds(self) -> frozenset[Kind]:
        """What the texts stand for."""
        return frozenset(part.kind for part in self.parts)

    @property
    def distributions(self) -> tuple[str, ...]:
        """Names of what was asked for, as far as they are known before it is installed."""
        return tuple(dict.fromkeys(part.distribution for part in self.parts if part.distribution))


def parse(texts: Sequence[str], directory: Path) -> Spec:
    """Understands what a side is asked for, and looks whether it is there.

    Args:
        texts: each a requirement, a project's folder, a wheel or sdist, `git:REV`, or `python:PATH`.
        directory: the current one.

    Raises:
        NoSuchSide: one of them is none of these or is not there, or they do not go together.
    """
    if not texts:
        raise NoSuchSide("a side needs a requirement, a folder, a wheel, git:REV or python:PATH")
    directory = directory.absolute()
    parts = tuple(_part(text.strip(), directory) for text in texts)
    spec = Spec(parts=parts)
    if Kind.INTERPRETER in spec.kinds:
        if len(parts) > 1:
            raise NoSuchSide(f"{spec.asked}: nothing is installed beside an interpreter that is named; name it alone")
        python = str(parts[0].path)
        return Spec(parts=parts, interpreter=interpreters.ask(python, parts[0].text))
    _refuse_doubles(parts)
    return spec


def _refuse_doubles(parts: Sequence[Part]) -> None:
    first: dict[str, Part] = {}
    for part in parts:
        other = first.setdefault(interpreters.normal(part.distribution) or part.text, part)
        if other is not part:
            raise NoSuchSide(f"{other.text}, {part.text}: both are {part.distribution or part.text}; take one away")


def _part(text: str, directory: Path) -> Part:
    scheme, _, rest = text.partition(":")
    if scheme == "git":
        revision = revisions.locate(rest, directory)
        name = static_name(revisions.read(revision, "pyproject.toml"), text)
        return Part(text=text, kind=Kind.REVISION, distribution=name, path=directory, revision=revision)
    if scheme == "python":
        return Part(text=text, kind=Kind.INTERPRETER, path=Path(interpreters.locate(rest, directory)))
    match = _REQUIREMENT.fullmatch(text)
    archive = text.lower().endswith((".whl", *_SDIST_ENDINGS)) and "@" not in text
    if match and not archive:
        return _requirement(text, match)
    if not archive and text not in {".", ".."} and "/" not in text:
        raise NoSuchSide(f"{text!r} is no requirement; {_hint(text, directory)}")
    return _on_disk(text, directory)


def _requirement(text: str, match: re.Match[str]) -> Part:
    path = direct.local(text)
    if path and not path.exists():
        raise NoSuchSide(f"{text}: there is no {path}; name a wheel, an sdist or a project's folder")
    pinned = any(_PINNED.fullmatch(clause.strip()) for clause in (match["clauses"] or "").split(","))
    pinned = pinned or bool(path) or direct.fixed(text)
    return Part(text=text, kind=Kind.REQUIREMENT, distribution=match["name"], pinned=pinned)


def _hint(text: str, directory: Path) -> str:
    if re.fullmatch(rf"{_NAME}\s*=\s*[^=]+", text):
        name, _, version = text.partition("=")
        return f"write it as {name.strip()}=={version.strip()}"
    if text and (directory / text).exists():
        return f"for the folder or file write ./{text}"
    return "write it as name==1.2, ./folder, file.whl, git:REV or python:PATH"


def _on_disk(text: str, directory: Path) -> Part:
    path = directory / Path(text).expanduser()
    if path.is_dir():
        if not any((path / name).is_file() for name in PROJECT_FILES):
            raise NoSuchSide(f"{text}: no pyproject.toml or setup.py in it; name a project's folder")
        return Part(text=text, kind=Kind.DIRECTORY, distribution=_name_in(path, text), path=path.resolve())
    if not path.is_file():
        raise NoSuchSide(f"{text}: no such file or folder; name a wheel, an sdist or a project's folder")
    if path.suffix == ".whl":
        return Part(text=text, kind=Kind.FILE, distribution=_wheel(path, text), path=path)
    stem = next((path.name[: -len(ending)] for ending in _SDIST_ENDINGS if path.name.endswith(ending)), "")
    if not stem:
        raise NoSuchSide(f"{text}: neither a wheel nor an sdist; one ends in .whl, the other in .tar.gz")
    return Part(text=text, kind=Kind.FILE, distribution=stem.rpartition("-")[0] or stem, path=path)


def _wheel(path: Path, text: str) -> str:
    """The distribution in a wheel's name, if it is a wheel at all."""
    words = path.stem.split("-")
    if len(words) not in {5, 6}:
        raise NoSuchSide(f"{text}: no name of a wheel; it reads name-1.2-py3-none-any.whl")
    if not zipfile.is_zipfile(path):
        raise NoSuchSide(f"{text}: no wheel, or cut short: it is not a zip file; build or download it again")
    return words[0]


def _name_in(folder: Path, text: str) -> str:
    try:
        return static_name((folder / "pyproject.toml").read_text(encoding="utf-8"), f"{text}/pyproject.toml")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise NoSuchSide(f"{text}/pyproject.toml: cannot be read; {error}") from error


def static_name(text: str, where: str) -> str:
    """The name in a pyproject.toml; empty where it has none.

    Raises:
        NoSuchSide: it is no TOML.
    """
    try:
        project = tomllib.loads(text).get("project", {})
    except tomllib.TOMLDecodeError as error:
        raise NoSuchSide(f"{where}: no TOML: {error}; mend it") from error
    name = project.get("name", "") if isinstance(project, dict) else ""
    return name if isinstance(name, str) else ""
