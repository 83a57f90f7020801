"""Makes a side: an environment from the cache or made anew, and the worker's files for its interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.errors import SideFailure
from serbench.sides import building, cache, interpreters, stage
from serbench.sides.base import Launch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from serbench.sides.interpreters import Interpreter
    from serbench.sides.spec import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An environment that a worker can be started in.

    Attributes:
        launch: how.
        asked: what was asked for, for people.
        python_version: of its interpreter, such as 3.11.9.
        packages: version of every installed distribution by name, as the interpreter itself finds them.
        distributions: names of those that were asked for; empty where an interpreter was named.
        codec_files: where the copy of each codec file is.
        sampler: "native" or "python": the better one that works there. Both sides should use the same.
    """

    launch: Launch
    asked: str
    python_version: str
    packages: Mapping[str, str]
    distributions: tuple[str, ...]
    codec_files: Mapping[Path, str]
    sampler: str


def make(
    spec: Spec,
    *,
    libraries: Mapping[str, str],
    codec_files: Sequence[Path],
    tell: Callable[[str], None],
    stop: Callable[[], bool],
) -> Side:
    """Makes the environment of a side, or takes it from the cache.

    Args:
        spec: what is asked for.
        libraries: exact versions, by name, of what codecs need besides: installed where the side does not bring them.
            Nothing is installed beside an interpreter that is named.
        codec_files: files with codecs of the user's own.
        tell: receives lines for the user: what is made, what is waited for, what could not be had.
        stop: whether somebody asked for the end; looked at all the time.

    Raises:
        NoSuchSide: a version, or a package, that there is not.
        SideFailure: it does not build, cannot be downloaded, does not end.
        CannotWrite: the cache folder cannot be written to.
        UnusableFile: a codec file cannot be read.
        Interrupted: `stop` said so. Nothing half made is ever used.
    """
    named = spec.interpreter
    try:
        made = _as_it_is(named) if named else building.environment(spec, libraries, tell=tell, stop=stop)
        staged = stage.make(made.interpreter, codec_files, stop=stop)
    except OSError as error:
        raise cache.cannot_write(error) from error
    return Side(
        launch=Launch(python=made.interpreter.python, stage=str(staged.path), root=made.root),
        asked=spec.asked,
        python_version=made.interpreter.version,
        packages=dict(made.interpreter.packages),
        distributions=made.distributions,
        codec_files=staged.codec_files,
        sampler=staged.sampler,
    )


def _as_it_is(interpreter: Interpreter) -> building.Made:
    return building.Made(interpreter=interpreter, root="", distributions=())


def require(side: Side, libraries: Mapping[str, str]) -> None:
    """Refuses a side that lacks what the codecs need; only one whose interpreter was named can.

    Args:
        side: where they will be imported.
        libraries: what they need, by name; an empty version stands for any.

    Raises:
        SideFailure: one is not installed there; with the command that installs it.
    """
    there = {interpreters.normal(name) for name in side.packages}
    missing = [name for name in libraries if interpreters.normal(name) not in there]
    if missing:
        wanted = " ".join(missing)
        raise SideFailure(
            f"{side.asked}: {', '.join(missing)} is not installed there; {side.launch.python} -m pip install {wanted}"
        )
