"""Pieces of Python text that is generated from a payload's shape: what builders, converters and readers share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

DEEPEST = 12
"""Loops in each other in one function: CPython allows 20, and from 3.12 on crashes on more that are comprehensions."""


def compiled(code: str, name: str, namespace: dict[str, Any]) -> Callable[..., Any]:
    """The function that the text defines under a name.

    Args:
        code: our own text; what comes from a payload is in it as `repr` writes it.
        name: of the function.
        namespace: what the text knows besides; what it defines is added.
    """
    exec(compile(code, f"<serbench {name}>", "exec"), namespace)  # noqa: S102 - see above
    made: Callable[..., Any] = namespace[name]
    return made


def block(lines: list[str]) -> list[str]:
    """Lines inside of something; `pass` where there are none."""
    return [f"    {line}" for line in lines or ["pass"]]


def comprehension(begin: str, over: str, end: str, depth: int) -> str:
    """A comprehension, in a function of its own where it would be in too many others.

    Args:
        begin: its text as far as `in`.
        over: an expression for what it goes over.
        end: the rest of its text.
        depth: how many comprehensions it is in.
    """
    if depth and depth % DEEPEST == 0:
        return f"(lambda x: {begin} x{end})({over})"
    return f"{begin} {over}{end}"
