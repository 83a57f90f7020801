"""Where measured libraries were imported from: the proof that a side measured its own."""

from __future__ import annotations

import os
import sys

_OURS = "serbench"
_AT_START = frozenset(sys.modules)
"""What the interpreter brings along, files that end in `.pth` included."""


def imported() -> dict[str, str]:
    """The file, or folder, of every top-level module imported since the start that is neither Python's nor serbench's.

    Returns:
        Paths by name of the module.
    """
    found = {}
    for name, module in list(sys.modules.items()):
        if "." in name or name.startswith(_OURS) or name in _AT_START or name in sys.stdlib_module_names:
            continue
        place = str(getattr(module, "__file__", None) or next(iter(getattr(module, "__path__", ())), ""))
        if place and not _is_pythons(place):
            found[name] = place
    return found


def _is_pythons(place: str) -> bool:
    """Whether it lies in the standard library: modules of the build and of the platform are in no list of names."""
    home = os.path.dirname(os.__file__) + os.sep  # noqa: PTH120 - pathlib takes longer to import than a codec
    return place.startswith(home) and not place.startswith((f"{home}site-packages", f"{home}dist-packages"))
