"""Finds plug-ins: by scanning the package of a seam, from entry points, or from a file. Imports nothing until asked.

A plug-in module ends in one tuple whose name is its seam's: `CODECS`, `PAYLOADS`, `CHARTS`, `RENDERERS`.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import UnusableFile

if TYPE_CHECKING:
    from types import ModuleType

SHARED: dict[str, frozenset[str]] = {
    "charts": frozenset(
        {
            *("axes", "base", "export", "histogram_strip", "labels", "marks", "panel"),
            *("runs", "sheet", "svg", "svg_path", "theme", "ticks"),
        }
    ),
    "codecs": frozenset({"arrow_schema", "base", "deviations", "own", "protobuf_classes"}),
    "payloads": frozenset({"base", "catalogue", "files", "instances", "listing", "profile", "text", "vary", "write"}),
    "renderers": frozenset({"base", "page"}),
}
"""Modules of a seam's package that are no plug-ins, by seam."""


def sources(seam: str) -> tuple[str, ...]:
    """Where plug-ins of a seam may be: modules of `serbench.<seam>` but those they share; entry points of that name.

    Returns:
        Dotted module names, own modules first, each in alphabetical order. Nothing of them has been imported.
    """
    import importlib.metadata  # noqa: PLC0415 - workers load plug-ins and look for none: it takes a fifth of their start

    package = Path(__file__).parent / seam
    own = (m.name for m in pkgutil.iter_modules([str(package)]) if m.name not in SHARED[seam])
    foreign = (entry.module for entry in importlib.metadata.entry_points(group=f"serbench.{seam}"))
    return (*(f"serbench.{seam}.{name}" for name in sorted(own)), *sorted(foreign))


def load(source: str) -> ModuleType:
    """Imports a plug-in.

    Args:
        source: a dotted module name, or the path of a Python file (it ends in `.py`).

    Raises:
        UnusableFile: the file is not there or is no Python module.
        Exception: whatever the module raises while it is imported.
    """
    if not source.endswith(".py"):
        return importlib.import_module(source)
    path = Path(source).resolve()
    name = f"serbench_plugin_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None or not path.is_file():
        raise UnusableFile(f"{source}: no such Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def names_type(source: str) -> bool:
    """Whether a source of codecs is a class of the user's own: `pkg.module:Order`, or `Name=pkg.module:Order`."""
    return ":" in source and not source.endswith(".py")


def plug_ins(seam: str) -> tuple[Any, ...]:
    """Every plug-in of a seam, in the order of `sources`, imported here. Not for codecs: workers load those."""
    return tuple(plug for source in sources(seam) for plug in getattr(load(source), seam.upper(), ()))
