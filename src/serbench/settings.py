"""Defaults of the command line from `[tool.serbench]` in `pyproject.toml`."""

from __future__ import annotations

import difflib
import tomllib
from typing import TYPE_CHECKING, Any

from serbench.errors import UnusableFile

if TYPE_CHECKING:
    from pathlib import Path

# Key in the file -> parameter of `serbench run`.
KEYS = {
    "suite": "suite",
    "codec": "codec",
    "format": "format_",
    "op": "op",
    "gc": "gc",
    "heap": "heap",
    "threads": "threads",
    "pass": "pass_",
    "instances": "instances",
    "budget": "budget",
    "seed": "seed",
    "timeout": "timeout",
    "type": "type_",
    "as": "read_as",
    "skip-bad": "skip_bad",
    "vary": "vary",
    "message": "message",
    "data": "data",
    "output": "output",
}
TABLES = frozenset({"gate"})
"""Tables in it that are not for `serbench run`: whoever needs one reads it."""

_LISTS = frozenset({"codec", "format", "op", "gc", "heap", "threads", "pass", "type", "data", "output"})


def defaults(path: Path) -> dict[str, Any]:
    """What the command line takes where an option is not given, by command and parameter.

    Raises:
        UnusableFile: broken TOML, no table, or a key that is none.
    """
    try:
        tools = tomllib.loads(path.read_text(encoding="utf-8")).get("tool", {})
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UnusableFile(f"{path}: cannot be read: {error}") from None
    table = tools.get("serbench", {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise UnusableFile(f"{path}: serbench in [tool] is no table; write it as [tool.serbench]")
    for key in table:
        if key not in (*KEYS, *TABLES):
            near = difflib.get_close_matches(key, (*KEYS, *TABLES), n=1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join((*KEYS, *TABLES))}"
            raise UnusableFile(f"{path}: [tool.serbench] has no key {key!r}; {hint}")
    return {"run": {KEYS[key]: _value(key, value) for key, value in table.items() if key in KEYS}}


def _value(key: str, value: Any) -> Any:
    return [value] if key in _LISTS and isinstance(value, str | int) else value
