"""serbench: what serialization costs your service, with your payload, and how sure that is.

    import serbench

    run = serbench.run("order", codecs=["orjson", "msgpack"], budget=15)
    run.table()

The front door is lazy: `import serbench` imports nothing else of it. Workers stay clean, and the command is quick.
"""

from __future__ import annotations

import importlib
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from serbench.api import Instances, compare, load, render, report, resume, run
    from serbench.gating import gate

__all__ = ["Instances", "__version__", "compare", "gate", "load", "render", "report", "resume", "run"]

__version__: str


class _FrontDoor(ModuleType):
    """Keeps the import system from putting the modules `compare` and `report` where those functions stand."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _FrontDoor


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "__version__":
        value: Any = _version()
    else:
        value = getattr(importlib.import_module("serbench.gating" if name == "gate" else "serbench.api"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    import importlib.metadata  # noqa: PLC0415 - takes longer to import than everything else here

    try:
        return importlib.metadata.version("serbench")
    except importlib.metadata.PackageNotFoundError:
        return "0+unknown"  # files that were copied, not installed
