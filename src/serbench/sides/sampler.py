"""The sampler in C for an interpreter: this one's own where it fits, else compiled, else none."""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.sides import cache, commands

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.sides.interpreters import Interpreter

_SECONDS = 120.0
_WORKER = Path(__file__).parents[1] / "worker"
SOURCE = _WORKER / "_sampler.c"
_HOW = ("-bundle", "-undefined", "dynamic_lookup") if sys.platform == "darwin" else ("-shared",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How an interpreter gets its sampler.

    Attributes:
        suffix: what the module's file ends in.
        copied: the file that fits as it is; None: there is none.
        command: of a compiler, without the file that it writes; empty: there is none, or no Python.h.
    """

    suffix: str
    copied: Path | None = None
    command: Sequence[str] = ()

    @property
    def material(self) -> list[str]:
        """What makes one sampler another, for a key."""
        return [self.suffix, cache.content(self.copied) if self.copied else "", *self.command]


def way(interpreter: Interpreter) -> Way:
    """How this interpreter gets its sampler. Nothing is compiled yet."""
    suffix = interpreter.suffix
    ready = _WORKER / f"_sampler{suffix}"
    if suffix and suffix == sysconfig.get_config_var("EXT_SUFFIX") and ready.is_file():
        return Way(suffix=suffix, copied=ready)
    header = Path(interpreter.include) / "Python.h"
    if not suffix or interpreter.implementation != "CPython" or not header.is_file():
        return Way(suffix=suffix)
    for wanted in (os.environ.get("CC", ""), interpreter.compiler, "cc", "gcc", "clang"):
        words = wanted.split()
        if words and shutil.which(words[0]):
            options = ("-O2", "-DNDEBUG", "-fPIC", "-fno-strict-overflow", *_HOW, f"-I{interpreter.include}")
            return Way(suffix=suffix, command=(*words, *options, str(SOURCE)))
    return Way(suffix=suffix)


def put(chosen: Way, stage: Path, interpreter: Interpreter, log: Path, stop: Callable[[], bool]) -> bool:
    """Puts the sampler into a stage, and has the interpreter import it.

    Returns:
        Whether it is there and works.
    """
    place = stage / "serbench" / "worker" / f"_sampler{chosen.suffix}"
    if chosen.copied:
        shutil.copyfile(chosen.copied, place)
    elif not chosen.command or not _succeeds([*chosen.command, "-o", str(place)], log, stop):
        place.unlink(missing_ok=True)
        return False
    test = f"import sys; sys.path.insert(0, {str(stage)!r}); import serbench.worker._sampler"
    works = _succeeds([interpreter.python, "-I", "-c", test], log, stop)
    if not works:
        place.unlink(missing_ok=True)
    return works


def _succeeds(command: Sequence[str], log: Path, stop: Callable[[], bool]) -> bool:
    try:
        return not commands.run(command, seconds=_SECONDS, stop=stop, output=log)
    except (commands.TooLong, OSError):
        return False
