"""Verification of a class of the user's own: by what it writes, since its objects may hold anything.

A message is held against the JSON that the class makes of it. What the class does on purpose is kept and told: another
form of the same value (a datetime, a Decimal), fields with defaults, null and defaults left out. A field that is left
out because the class has none for it is work not done, and another value is a fault. What is written must besides say
the same once it has been read and written again.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, Any

from serbench.errors import UnsupportedPayload
from serbench.schema.payload import Kind, join
from serbench.schema.spool import compact_json
from serbench.worker import words
from serbench.worker.alike import alike
from serbench.worker.own_objects import leaves

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from serbench.codecs.base import Bound
    from serbench.codecs.own import OwnBound
    from serbench.schema.payload import Payload

    Steps = tuple[str | int, ...]
    Difference = tuple[Steps, str, Any, Any]

_AS_JSON_HAS_THEM = frozenset({str, int, float, bool, type(None)})
_REWRITTEN = frozenset({Kind.BYTES, Kind.TUPLE, Kind.NON_STRING_KEY})
_TOLD = 3
_SHOWN = 40
_LOOKED_AT = 16
_PENALTIES = {"left out": 100, "changed": 100, "added": 1}


def as_json(instance: Any, payload: Payload) -> Any:
    """The instance as JSON has it: bytes as base64 text, keys as text."""
    return instance if _REWRITTEN.isdisjoint(payload.kinds) else json.loads(compact_json(instance))


def differences(message: Any, written: Any, at: Steps = ()) -> Iterator[Difference]:
    """Where two JSON values differ: the way there, `added`, `left out` or `changed`, and both values. Types count."""
    if isinstance(message, dict) and isinstance(written, dict):
        for key, value in message.items():
            if key in written:
                yield from differences(value, written[key], (*at, key))
            else:
                yield (*at, key), "left out", value, None
        yield from (((*at, key), "added", None, value) for key, value in written.items() if key not in message)
    elif isinstance(message, list) and isinstance(written, list) and len(message) == len(written):
        found = [d for i, (a, b) in enumerate(zip(message, written, strict=True)) for d in differences(a, b, (*at, i))]
        yield from [(at, "changed", message, written)] if found and alike(message, written) else found
    elif not _same(message, written):
        yield at, "changed", message, written


def _same(message: Any, written: Any) -> bool:
    """Whether two leaves are of one type and equal, or both NaN."""
    if type(message) is not type(written):
        return False
    return bool(message == written) or (message != message and written != written)  # noqa: PLR0124 - NaN


def cost(bound: Bound, payload: Payload) -> int:
    """How much a form of a way loses of the first messages or makes otherwise; to be held against other forms."""
    total = 0
    for instance in payload.instances[:_LOOKED_AT]:
        try:
            data = bytes(bound.encode(bound.build(instance)))
            bound.decode(data)
        except Exception:
            total += 10_000
            continue
        for _, how, message, written in differences(as_json(instance, payload), json.loads(data)):
            total += 1 if message is None or alike(message, written) else _PENALTIES[how]
    return total


class Comparison:
    """Holds messages against what a class makes of them, and keeps what is to be told.

    Args:
        bound: how its objects are written and read.
        payload: the messages.
    """

    def __init__(self, bound: OwnBound, payload: Payload) -> None:
        self._bound = bound
        self._payload = payload
        self._made: dict[str, str] = {}
        self._others: dict[str, dict[str, str]] = {"changed": {}, "added": {}, "left out": {}}
        self._known: set[str] = set()

    def difference(self, index: int, data: bytes, decoded: Any) -> str:
        """What is wrong with an instance; empty where nothing is.

        Args:
            index: of the instance.
            data: what was written of it.
            decoded: the object that was read of that.

        Raises:
            UnsupportedPayload: the class has no field for something in it.
        """
        written, message = json.loads(data), as_json(self._payload.instances[index], self._payload)
        again = json.loads(bytes(self._bound.encode(decoded)))
        for steps, how, first, second in differences(written, again):
            if how != "changed" or not alike(first, second):
                return f"{path(steps)}: written and read and written again, {_difference(first, second)}"
        for steps, how, before, after in differences(message, written):
            if how == "left out" and before is not None and not self._knows(steps, message):
                where = f"instance {index}: {path(steps)}"
                raise UnsupportedPayload(f"{self._bound.kind} has no field for it and leaves it out", where)
            if how == "changed" and not alike(before, after):
                return f"{path(steps)}: {_difference(before, after)}, which is another value"
            self._others[how].setdefault(_anywhere(steps), _both(how, before, after))
        for where, leaf in leaves(decoded):
            if type(leaf) not in _AS_JSON_HAS_THEM:
                self._made.setdefault(where or "(root)", type(leaf).__name__)
        return ""

    def _knows(self, steps: Steps, message: Any) -> bool:
        """Whether the class has a field for what it leaves out, as one with a default does: another value is seen."""
        if _anywhere(steps) in self._known:
            return True
        other = json.loads(compact_json(message))
        holder = other
        for step in steps[:-1]:
            holder = holder[step]
        holder[steps[-1]] = _another(holder[steps[-1]])
        try:
            seen = json.loads(bytes(self._bound.encode(self._bound.decode(compact_json(other)))))
            for step in steps:
                seen = seen[step]
        except LookupError:
            return False
        except Exception:
            seen = "refused, and so looked at"
        self._known.add(_anywhere(steps))
        return True

    def words(self) -> str:
        """What the class does with messages; empty where they come back as they are."""
        made = [f"{kind} of {where}" for where, kind in self._made.items()]
        parts = [f"makes {_some(made)}"] if made else []
        verbs = {"changed": "writes otherwise", "added": "adds", "left out": "leaves out"}
        parts += [
            f"{verb} {_some([f'{where} ({text})' for where, text in found.items()])}"
            for how, verb in verbs.items()
            if (found := self._others[how])
        ]
        if self._bound.written_by:
            parts.append(f"is written by {self._bound.written_by}")
        return words.brief(f"It {'; '.join(parts)}", words.CONVERSIONS) if parts else ""


def _difference(before: Any, after: Any) -> str:
    """Both values, in the words of every other difference."""
    first, second = (
        repr(value) if len(repr(value)) <= _SHOWN else f"{repr(value)[:_SHOWN]}..." for value in (before, after)
    )
    return f"expected {first} ({type(before).__name__}), got {second} ({type(after).__name__})"


def path(steps: Steps) -> str:
    """The way as text: `items[3].price`."""
    made = ""
    for step in steps:
        made = f"{made}[{step}]" if isinstance(step, int) else join(made, step)
    return made or "(root)"


def _anywhere(steps: Steps) -> str:
    """The same for every item: `items[].price`."""
    made = ""
    for step in steps:
        made = f"{made}[]" if isinstance(step, int) else join(made, step)
    return made or "(root)"


def _another(value: Any) -> Any:
    """Another value of the same type."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value}x"
        case list():
            return [] if value else [None]
    return {} if value else {"x": None}


def _quoted(value: Any) -> str:
    """A value in quotes: what is quoted is taken out before a run is shown to others."""
    if value is None:
        return "null"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")


def _both(how: str, before: Any, after: Any) -> str:
    if how != "changed":
        return _quoted(after if how == "added" else before)
    if type(before) is type(after):
        return f"{_quoted(before)} as {_quoted(after)}"
    return f"{_quoted(before)} ({type(before).__name__}) as {_quoted(after)} ({type(after).__name__})"


def _some(items: Iterable[str]) -> str:
    every = list(items)
    more = f" and {len(every) - _TOLD} more" if len(every) > _TOLD else ""
    return ", ".join(islice(every, _TOLD)) + more
