"""What is in a codec file, and what is wrong with it: in the process that imports it."""

from __future__ import annotations

import ast
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

from serbench import registry
from serbench.worker import describe, words


def look(source: str) -> dict[str, Any]:
    """What is broken in a module or file, and in which line of the file: 0 where that is not known."""
    try:
        registry.load(source)
    except BaseException as error:  # a module may raise SystemExit as well
        if missing := describe.missing_library(error):
            hint = f"{missing} is not installed; pip install {missing}, or mend the import"
            return {"broken": hint, "line": _raised_in(source, error)}
        return {"broken": f"its import raised {words.raised(error)}; mend that line", "line": _raised_in(source, error)}
    try:
        names = Counter(codec.name for codec in describe.load(source))
    except describe.BrokenContract as error:
        return {"broken": f"{error}; docs/adding-a-codec.md has the protocol", "line": _tuple_line(source)}
    double = next((name for name, times in names.items() if times > 1), "")
    broken = f"two codecs are named {double!r}; rename one" if double else ""
    return {"broken": broken, "line": _tuple_line(source)}


def _raised_in(source: str, error: BaseException) -> int:
    """The last line of the file itself that an error has come through."""
    path = str(Path(source).resolve())
    if isinstance(error, SyntaxError) and error.filename == path:
        return error.lineno or 0
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    return (lines[-1] or 0) if lines else 0


def _tuple_line(source: str) -> int:
    """Where a file assigns CODECS; its last line where it does not."""
    if not source.endswith(".py"):
        return 0
    text = Path(source).read_text(encoding="utf-8", errors="replace")
    for statement in ast.parse(text).body:
        targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        if any(isinstance(target, ast.Name) and target.id == "CODECS" for target in targets):
            return statement.lineno
    return max(1, len(text.splitlines()))
