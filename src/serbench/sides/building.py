"""Environments in the cache: which one is wanted, whether it is there and whole, and how it is made under a lock."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.errors import NoSuchSide, SideFailure
from serbench.sides import cache, direct, installed, interpreters, pip, sources
from serbench.sides.complaints import Context, Offline
from serbench.sides.pip import Pip
from serbench.sides.spec import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from serbench.sides.interpreters import Interpreter
    from serbench.sides.spec import Spec

_LAYOUT = 1
"""Counts up when an environment is laid out otherwise: the ones before are then not used any more."""

_MARK = "side.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An environment.

    Attributes:
        interpreter: its own, as it describes itself.
        root: folder that libraries come from; empty: anywhere.
        distributions: names of what was asked for.
    """

    interpreter: Interpreter
    root: str
    distributions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """All that one environment is made from.

    Attributes:
        spec: what was asked for.
        libraries: what codecs need besides, exact versions by name.
        mine: this interpreter, whose Python the environment gets.
        contents: what each part is, by content.
        resolved: what there is today of what is not pinned, as `Pip.resolve` says; empty where all is.
        tell: lines for the user.
        stop: whether somebody asked for the end.
    """

    spec: Spec
    libraries: Mapping[str, str]
    mine: Interpreter
    contents: Sequence[Sequence[str]]
    resolved: Mapping[str, str]
    tell: Callable[[str], None]
    stop: Callable[[], bool]

    @property
    def request(self) -> str:
        """A key for what was asked for, whatever it is resolved to."""
        return cache.key([_LAYOUT, self.mine.build, self.contents, dict(self.libraries), pip.settings()])

    @property
    def key(self) -> str:
        """A key for what is in the environment."""
        return cache.key([self.request, dict(self.resolved)])

    def context(self, key: str) -> Context:
        """For pip's errors, with a log of that name."""
        log = cache.folder("logs") / f"{key}.log"
        return Context(
            asked=self.spec.asked, distributions=self.spec.distributions, python=self.mine.label, log=str(log)
        )


def environment(
    spec: Spec, libraries: Mapping[str, str], *, tell: Callable[[str], None], stop: Callable[[], bool]
) -> Made:
    """The environment for what was asked for: from the cache, or made now.

    What is pinned is known by its text. What is not is resolved first; without a network the newest environment for the
    same text serves, and that is told.

    Raises:
        SerbenchError: as `serbench.sides.environment.make` says.
    """
    mine = interpreters.ask(interpreters.own(), "this Python")
    contents = [sources.content(part) for part in spec.parts]
    order = _Order(spec=spec, libraries=libraries, mine=mine, contents=contents, resolved={}, tell=tell, stop=stop)
    if any(part.kind is Kind.REQUIREMENT and not part.pinned for part in spec.parts):
        try:
            order = replace(order, resolved=_resolve(order))
        except (Offline, NoSuchSide) as error:
            cut_off = isinstance(error, Offline) or os.environ.get("PIP_NO_INDEX")
            if cut_off and (made := _newest(order)):
                return made
            raise
    return _whole(cache.folder() / order.key) or _make(order)


def _resolve(order: _Order) -> dict[str, str]:
    """What would be installed today, by name."""
    asked = _pip(order, order.context(f"resolve-{order.request}"))
    Path(asked.context.log).unlink(missing_ok=True)
    with cache.passing("resolve") as passing:
        taken = [sources.take(part, passing / str(n), order.stop) for n, part in enumerate(order.spec.parts)]
        return asked.resolve([target for target, _ in taken], passing / "report.json")


def _pip(order: _Order, context: Context, *keep: int) -> Pip:
    python = pip.tool(tell=order.tell, stop=order.stop)
    labels = sources.labels(order.spec.parts, order.contents)
    anew = any(direct.url(part.text) and not part.pinned for part in order.spec.parts if part.kind is Kind.REQUIREMENT)
    return Pip(python=python, context=context, stop=order.stop, more=labels, keep=keep, anew=anew)


def _newest(order: _Order) -> Made | None:
    """The environment that was made last for the same request, where its versions cannot be looked up."""
    marks = ((cache.read_mark(path), path.parent) for path in cache.folder().glob(f"*/{_MARK}"))
    same = [(told["made"], home) for told, home in marks if told and told.get("request") == order.request]
    for when, home in sorted(same, reverse=True):
        if made := _whole(home):
            named = ", ".join(f"{name} {made.interpreter.version_of(name)}" for name in made.distributions)
            order.tell(f"no network: {order.spec.asked} is {named} from the cache, as of {when.partition('T')[0]}")
            return made
    return None


def _whole(home: Path) -> Made | None:
    """The environment in a folder, if it was made to its end and still holds what it held then."""
    told = cache.read_mark(home / _MARK)
    if told is None:
        return None
    try:
        found = interpreters.ask(_python(home), str(home))
    except NoSuchSide:
        return None
    if dict(found.packages) != told.get("packages") or (told.get("whole", True) and not installed.whole(home / "venv")):
        return None
    return Made(interpreter=found, root=str(home / "venv"), distributions=tuple(told["distributions"]))


def _python(home: Path) -> str:
    return str(home / "venv" / "bin" / "python")


def _make(order: _Order) -> Made:
    """Makes it, unless another process has just done so. What an earlier process left half made goes first."""
    home = cache.folder() / order.key
    with cache.locked(order.key, tell=order.tell, stop=order.stop) as lock:
        if made := _whole(home):
            return made
        cache.remove(home)
        try:
            order.tell(f"making an environment for {order.spec.asked}")
            return _built(order, home, lock)
        except BaseException:
            cache.remove(home)
            raise


def _built(order: _Order, home: Path, lock: int) -> Made:
    installs = _pip(order, order.context(order.key), lock)
    pip.make_venv(home / "venv", Path(installs.context.log), stop=order.stop, keep=(lock,))
    taken = [sources.take(part, home / "sources" / str(n), order.stop) for n, part in enumerate(order.spec.parts)]
    _refuse_change(order, [content for _, content in taken])
    limits = _constraints(order.resolved, home / "resolved.txt") if order.resolved else None
    installs.install([target for target, _ in taken], _python(home), limits)
    _refuse_move(order, home / "venv")
    found = interpreters.ask(_python(home), order.spec.asked)
    missing = [f"{name}=={version}" for name, version in order.libraries.items() if not found.version_of(name)]
    if missing:
        _add(missing, installs, home, found)
        found = interpreters.ask(_python(home), order.spec.asked)
    names = _asked_for(order.spec, found, [Path(target) for target, _ in taken])
    cache.remove(home / "sources")
    told: dict[str, Any] = {"asked": order.spec.asked, "request": order.request, "distributions": names}
    told |= {"packages": dict(found.packages), "python": found.label, "whole": installed.whole(home / "venv")}
    cache.write_mark(home / _MARK, told | {"made": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())})
    return Made(interpreter=found, root=str(home / "venv"), distributions=tuple(names))


def _add(libraries: list[str], installs: Pip, home: Path, found: Interpreter) -> None:
    """Installs what codecs need besides. What the side has brought stays as it is."""
    there = _constraints(found.packages, home / "installed.txt")
    try:
        installs.install(libraries, _python(home), there)
    except NoSuchSide as conflict:
        raise SideFailure(
            f"{installs.context.asked}: {', '.join(libraries)}, which codecs need, does not go with it; "
            f"take those codecs away; pip's log: {installs.context.log}"
        ) from conflict


def _refuse_change(order: _Order, contents: list[list[str]]) -> None:
    """An environment is kept under the name of its content: what changed while it was copied is not that any more."""
    for part, before, now in zip(order.spec.parts, order.contents, contents, strict=True):
        if list(before) != now:
            last = sources.latest(part)
            raise SideFailure(
                f"{part.text}: its files changed while they were copied{f', {last} as the last' * bool(last)}; "
                "start again when they are still, and have git ignore what is written meanwhile"
            )


def _refuse_move(order: _Order, venv: Path) -> None:
    """The same of what a URL led to when it was looked up."""
    now = installed.from_urls(venv)
    for name, before in order.resolved.items():
        if ":" in before and now.get(interpreters.normal(name)) != before:
            raise SideFailure(f"{order.spec.asked}: what its URL leads to changed meanwhile; start again")


def _constraints(versions: Mapping[str, str], path: Path) -> Path:
    """A file that holds pip to these versions."""
    lines = (f"{name}=={version}\n" for name, version in sorted(versions.items()) if ":" not in version)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _asked_for(spec: Spec, found: Interpreter, targets: Iterable[Path]) -> list[str]:
    """Names of what was asked for, as they are installed.

    Raises:
        NoSuchSide: one was not installed, for its marker does not hold here.
    """
    urls = {path.as_uri() for path in targets if path.is_absolute()}
    names = list(spec.distributions)
    names += [name for name, url in found.origins.items() if url.rstrip("/") in urls]
    for name in names:
        if not found.version_of(name):
            raise NoSuchSide(f"{spec.asked}: {name} was not installed: its marker does not hold for {found.label} here")
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(interpreters.normal(name), name)
    return list(first.values())
