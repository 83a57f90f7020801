"""pip, with a bound in time: it installs into environments without a pip of their own, and looks versions up."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import SideFailure
from serbench.sides import cache, commands, complaints, direct, interpreters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serbench.sides.complaints import Context

INSTALL_SECONDS = 600.0
_VENV_SECONDS = 120.0
_BYTES_OF_A_VENV = 1 << 20
_OPTIONS = ("--no-input", "--disable-pip-version-check")
_DROPPED = frozenset(
    {"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON"}  # where to: nowhere else
    | {"PIP_LOG", "PIP_QUIET", "PIP_VERBOSE", "PIP_REPORT", "PIP_DRY_RUN"}  # what is read here
    | {"PIP_REQUIREMENT", "PIP_EDITABLE", "PIP_UPGRADE", "PIP_FORCE_REINSTALL", "PIP_IGNORE_INSTALLED"}  # what else
    | {"PIP_REQUIRE_VIRTUALENV"}
)
_MATTERS = (
    *("PIP_NO_BINARY", "PIP_ONLY_BINARY", "PIP_PREFER_BINARY", "PIP_PRE", "PIP_NO_DEPS", "PIP_CONSTRAINT"),
    *("PIP_BUILD_CONSTRAINT", "PIP_NO_BUILD_ISOLATION", "PIP_CONFIG_SETTINGS"),
    *("CC", "CXX", "CFLAGS", "CPPFLAGS", "CXXFLAGS", "LDFLAGS", "RUSTFLAGS", "ARCHFLAGS", "MACOSX_DEPLOYMENT_TARGET"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pip:
    """pip for one side.

    Attributes:
        python: an interpreter that has it.
        context: what is said where it fails; its log is added to.
        stop: whether somebody asked for the end.
        more: variables beside those of this process.
        keep: descriptors that it inherits.
        anew: whether everything is downloaded and built anew: what pip keeps of a URL may be what was there before.
    """

    python: str
    context: Context
    stop: Callable[[], bool]
    more: Mapping[str, str]
    keep: tuple[int, ...] = ()
    anew: bool = False

    def install(self, targets: Sequence[str], into: str, constraints: Path | None = None) -> None:
        """Installs requirements, folders and files with what they need.

        Args:
            targets: as pip takes them.
            into: the interpreter of an environment.
            constraints: file with versions that are kept to.

        Raises:
            NoSuchSide: what was named is not there.
            SideFailure: it cannot be installed.
            Interrupted: `stop` said so.
        """
        limits = ("--constraint", str(constraints)) if constraints else ()
        self._run("--python", into, "install", *limits, "--", *targets)

    def resolve(self, targets: Sequence[str], report: Path) -> dict[str, str]:
        """What would be installed today, by name.

        Versions of what an index or a folder of wheels has; of what a URL leads to, what `direct.found` says.

        Args:
            targets: as for `install`.
            report: where pip may leave its report.

        Raises:
            SerbenchError: as for `install`.
        """
        self._run("install", "--dry-run", "--ignore-installed", "--report", str(report), "--", *targets)
        told: dict[str, Any] = json.loads(report.read_bytes())
        found = ((item["metadata"], item) for item in told["install"])
        resolved = {
            about["name"]: direct.found(item["download_info"]) if item.get("is_direct") else about["version"]
            for about, item in found
        }
        return {name: what for name, what in resolved.items() if what}

    def _run(self, *arguments: str) -> None:
        log = Path(self.context.log)
        began = log.stat().st_size if log.exists() else 0
        options = (*_OPTIONS, "--no-cache-dir") if self.anew else _OPTIONS
        command = [self.python, "-I", "-m", "pip", "-qqq", *options, "--log", str(log), *arguments]
        scratch = tempfile.mkdtemp(prefix="serbench-pip-")  # a pip that is killed leaves its builds behind
        try:
            code = commands.run(
                command,
                seconds=INSTALL_SECONDS,
                stop=self.stop,
                output=log,
                environment=variables() | dict(self.more) | {"TMPDIR": scratch},
                keep=self.keep,
            )
        except commands.TooLong:
            raise complaints.too_long(self.context, INSTALL_SECONDS) from None
        finally:
            with contextlib.suppress(OSError):
                cache.remove(Path(scratch))
        if code:
            text = log.read_bytes()[began:].decode(errors="replace")
            raise complaints.explain(text, self.context)


def variables() -> dict[str, str]:
    """The environment of pip: what the user has set holds, but for where and what else it installs."""
    return {name: value for name, value in commands.variables().items() if name not in _DROPPED}


def settings() -> dict[str, str]:
    """Variables that change what is installed, with the content of files that they name: part of a cache's key."""
    found = {name: os.environ[name] for name in _MATTERS if os.environ.get(name)}
    for path in re.split(r"\s+", found.get("PIP_CONSTRAINT", "").strip()):
        with contextlib.suppress(OSError):
            found[f"content of {path}"] = cache.content(Path(path))
    return found


def tool(*, tell: Callable[[str], None], stop: Callable[[], bool]) -> str:
    """An interpreter that has pip: an environment of its own in the cache, made once.

    Sides have no pip themselves: then they are quickly made, and hold nothing but what they were asked for.

    Raises:
        SideFailure: Python's own `venv` and `ensurepip` cannot make it.
    """
    mine = interpreters.ask(interpreters.own(), sys.executable)
    name = f"pip-{cache.key([mine.build])}"
    home = cache.folder() / name
    python = home / "venv" / "bin" / "python"
    with cache.locked(name, tell=tell, stop=stop) as lock:
        if cache.read_mark(home / "made.json") is None or not python.exists():
            cache.remove(home)
            try:
                home.mkdir()
                make_venv(home / "venv", cache.folder("logs") / f"{name}.log", stop=stop, keep=(lock,), with_pip=True)
                cache.write_mark(home / "made.json", {"python": mine.label})
            except BaseException:
                cache.remove(home)
                raise
    return str(python)


def make_venv(
    path: Path, log: Path, *, stop: Callable[[], bool], keep: tuple[int, ...], with_pip: bool = False
) -> None:
    """Makes a virtual environment of this interpreter's Python, also where this is one itself.

    Raises:
        SideFailure: it cannot be made.
    """
    command = [sys.executable, "-I", "-m", "venv", *(() if with_pip else ("--without-pip",)), str(path)]
    log.unlink(missing_ok=True)
    try:
        code = commands.run(command, seconds=_VENV_SECONDS, stop=stop, output=log, keep=keep)
    except commands.TooLong:
        code = -1
    if not code:
        return
    text = log.read_text(encoding="utf-8", errors="replace")
    if "No space left" in text or shutil.disk_usage(path.parent).free < _BYTES_OF_A_VENV:  # the log may be cut off too
        raise SideFailure("no space left for an environment; make room, or set XDG_CACHE_HOME to another folder")
    if "ensurepip" in text or "No module named venv" in text:
        wanted = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise SideFailure(f"this Python comes without ensurepip, which makes environments; apt install {wanted}")
    raise SideFailure(f"python -m venv failed; its output: {log}")
