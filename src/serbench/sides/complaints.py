"""What pip's log says of a failure, in one line. Pure."""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.errors import NoSuchSide, SerbenchError, SideFailure
from serbench.sides.interpreters import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

_STAMP = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d,\d{3} ", re.MULTILINE)
_NO_NETWORK = re.compile(
    r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|NameResolutionError|ProxyError|SSLError"
    r"|Max retries exceeded|Temporary failure in name resolution|Network is unreachable"
    r"|Connection refused|connection error:"
)
_NO_SPACE = re.compile(r"No space left on device|Disk quota exceeded")
_NO_VERSION = re.compile(
    r"^\s*ERROR: Could not find a version that satisfies the requirement (.+?)"
    r"(?: \(from (?!versions)(.+?)\))? \(from versions: (.*)\)$",
    re.MULTILINE,
)
_OTHER_PYTHON = re.compile(
    r"^ERROR: Ignored the following versions that require a different python version: (.*)$", re.MULTILINE
)
_NEEDS_PYTHON = re.compile(r"^ERROR: Package '(.+?)' requires a different Python: \S+ not in '(.+)'$", re.MULTILINE)
_STEP_FAILED = re.compile(r"^\s*ERROR: (?:\[present-rich\] )?(.+) exited with (-?\d+)$", re.MULTILINE)
_BUILD_NEEDS = "pip subprocess to install build dependencies"
_STEP_BEGAN = re.compile(r"^\s*Running command .*$", re.MULTILINE)
_SAID_IN_BUILD = re.compile(
    r"\b(?:fatal )?error(?:\[E\d+\])?: (?!command |linking |could not compile|subprocess-)", re.IGNORECASE
)
_CONFLICT = re.compile(r"^ERROR: (Cannot install .+? because .+?)\.?$", re.MULTILINE)
_UNFIT_WHEEL = re.compile(r"^ERROR: (\S+\.whl) is not a supported wheel on this platform", re.MULTILINE)
_ANY = re.compile(r"^(?:ERROR|CRITICAL): (?!\[present-rich\]|Exception:)(.+)$", re.MULTILINE)
_RAISED = re.compile(r"^[A-Za-z_][\w.]*(?:: .+|Error|Exception|Exit)$", re.MULTILINE)
_LAST = 3
_LONGEST = 300


class Offline(SideFailure):
    """pip could not reach what it had to download from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What pip was asked.

    Attributes:
        asked: the side, for people.
        distributions: that were asked for by name.
        python: label of the interpreter.
        log: where pip's output is kept.
    """

    asked: str
    distributions: Sequence[str]
    python: str
    log: str


def explain(text: str, context: Context) -> SerbenchError:
    """The error that a failed pip stands for.

    Args:
        text: its log.
        context: what it was asked.

    Returns:
        NoSuchSide: what was named is not there, or fits no Python like this one.
        Offline: there is no network.
        SideFailure: it does not build, there is no space, or whatever else pip complained of.
    """
    text = _STAMP.sub("", text)
    for look in (_space, _build, _version, _python, _conflict, _wheel, _network):
        if error := look(text, context):
            return error
    said = _ANY.findall(text) or _RAISED.findall(text.partition("ERROR: Exception:\n")[2])
    last = said[-1] if said else text.strip().rpartition("\n")[2]
    return SideFailure(f"{context.asked}: pip failed: {_short(last) or 'it says nothing'}; its log: {context.log}")


def no_space(context: Context) -> SideFailure:
    """The line for a full disk."""
    return SideFailure(
        f"{context.asked}: no space left for its environment; make room, or set XDG_CACHE_HOME to another folder"
    )


def too_long(context: Context, seconds: float) -> SideFailure:
    """The line for an installation that does not end."""
    return SideFailure(
        f"{context.asked}: was not installed within {seconds:.0f} s; build a wheel of it and name that; "
        f"pip's log: {context.log}"
    )


def _offline(context: Context) -> Offline:
    return Offline(
        f"{context.asked}: no network, and no environment with it is cached; "
        f"connect, or have PIP_FIND_LINKS name a folder with its wheels; pip's log: {context.log}"
    )


def _space(text: str, context: Context) -> SerbenchError | None:
    return no_space(context) if _NO_SPACE.search(text) else None


def _network(text: str, context: Context) -> SerbenchError | None:
    return _offline(context) if _NO_NETWORK.search(text) else None


def _build(text: str, context: Context) -> SerbenchError | None:
    """A step of a build that failed: what was last said in it that sounds like the reason."""
    failed = _STEP_FAILED.search(text)
    if not failed:
        return None
    began = [match.end() for match in _STEP_BEGAN.finditer(text, 0, failed.start())]
    said = [line.strip() for line in text[began[-1] if began else 0 : failed.start()].splitlines() if line.strip()]
    reasons = [line for line in said if _SAID_IN_BUILD.search(line)] or said or [f"{failed[1]} failed"]
    if failed[1] != _BUILD_NEEDS:
        return SideFailure(f"{context.asked}: does not build: {_short(reasons[-1])}; the whole output: {context.log}")
    if _NO_NETWORK.search(text):
        return _offline(context)
    missing = _NO_VERSION.search(text)
    what = missing[1] if missing else _short(reasons[-1])
    return SideFailure(f"{context.asked}: what its build needs is not to be had: {what}; pip's log: {context.log}")


def _version(text: str, context: Context) -> SerbenchError | None:
    """A version or a name that the index does not have."""
    missing = _NO_VERSION.search(text)
    if not missing:
        return None
    wanted, parents, versions = missing[1], missing[2], [v for v in missing[3].split(", ") if v not in {"", "none"}]
    if not versions and _NO_NETWORK.search(text):
        return _offline(context)
    name = re.split(r"[\s\[=~!<>(;@]", wanted, maxsplit=1)[0]
    known = {normal(distribution) for distribution in context.distributions}
    if normal(name) not in known:
        needs = f"needs {wanted}" + (f" (for {parents})" if parents else "")
        return SideFailure(f"{context.asked}: {needs}, and there is no such version; pip's log: {context.log}")
    other = _OTHER_PYTHON.search(text)
    hint = f"; for another Python than {context.python}: {_short(other[1])}" if other else ""
    if not versions:
        return NoSuchSide(f"{wanted}: there is no package {name} to install for {context.python}{hint}; mend the name")
    return NoSuchSide(f"{wanted}: there is no such version for {context.python}; {_nearest(wanted, versions)}{hint}")


def _python(text: str, context: Context) -> SerbenchError | None:
    other = _NEEDS_PYTHON.search(text)
    if not other:
        return None
    return NoSuchSide(
        f"{context.asked}: {other[1]} needs Python {other[2]}, and this is {context.python}; "
        "run serbench with such a one"
    )


def _nearest(wanted: str, versions: Sequence[str]) -> str:
    """Versions that may have been meant, two before and one after it, and the last ones. pip gives them in order."""
    number = _numbers(re.split(r"[=~!<>]+", wanted)[-1])
    at = bisect.bisect([_numbers(version) for version in versions], number)
    near = versions[max(0, at - 2) : at + 1]
    last = versions[-_LAST:]
    if not number or set(near) <= set(last):
        return f"the last are {', '.join(last)}"
    return f"near it are {', '.join(near)}, the last {', '.join(last)}"


def _numbers(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"[0-9]+", version)]


def _conflict(text: str, context: Context) -> SerbenchError | None:
    conflict = _CONFLICT.search(text)
    if not conflict:
        return None
    return NoSuchSide(f"{context.asked}: {_short(conflict[1])}; pip's log says which: {context.log}")


def _wheel(text: str, context: Context) -> SerbenchError | None:
    unfit = _UNFIT_WHEEL.search(text)
    if not unfit:
        return None
    return NoSuchSide(f"{unfit[1]}: was built for another Python or machine than {context.python} here; name another")


def _short(text: str) -> str:
    """A line that can be printed, and not too long."""
    line = "".join(c if c.isprintable() else " " for c in text).strip()
    return line if len(line) <= _LONGEST else line[: _LONGEST - 3] + "..."
