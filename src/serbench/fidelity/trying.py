"""One probe and one codec, in the process that imports the codec's library."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.errors import UnsupportedPayload
from serbench.fidelity.declared import disagreement
from serbench.fidelity.exactness import difference
from serbench.records.fidelity import Outcome, Probed
from serbench.schema.payload import Payload
from serbench.schema.types import Scalar, Schema, record
from serbench.worker.words import brief, printable, raised

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.base import Bound, Codec
    from serbench.fidelity.probes import Probe

NO_TYPE = "its types follow from a schema, and a schema has none for this"
NO_TEXT = "its bytes do not hold keys as text"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """What became of a message; `back` is what came back, `shape` whether it was refused before it was looked at."""

    outcome: Outcome
    words: str = ""
    back: Any = None
    shape: bool = False


def attempt(codec: Codec, probe: Probe, at: Callable[[str], None]) -> Probed:
    """What becomes of a probe.

    Args:
        codec: who is to carry it.
        probe: what.
        at: called before each step with its name, so that a watcher knows where the process has died.
    """
    if probe.schema is None and not needs_no_schema(codec):
        return Probed(probe=probe.name, outcome=Outcome.UNTRIED, words=NO_TYPE)
    seen = _carried(codec, probe, at)
    at("comparison")
    words = brief(seen.words)
    undeclared = disagreement(probe, codec.deviations, seen.outcome, seen.back, shape=seen.shape)
    return Probed(probe=probe.name, outcome=seen.outcome, words=words, undeclared=printable(undeclared))


def needs_no_schema(codec: Codec) -> bool:
    """Whether it carries what the values say and not what the schema says: an integer where text was announced."""
    schema = Schema("Probe", record("Probe", v=Scalar.STRING))
    announced = Payload(name="probe", schema=schema, instances=({"v": ""},), kinds=frozenset(), digest="")
    message = {"v": 1}
    try:
        return difference(message, there_and_back(codec.bind(announced), message)) == ""
    except Exception:  # a codec raises what it likes at what it does not carry
        return False


def warm_up(codec: Codec) -> None:
    """Sends a message that any codec carries: what a library takes once, such as memory to serve calls from, it has."""
    schema = Schema("Probe", record("Probe", v=Scalar.INT64))
    message = {"v": 1}
    with contextlib.suppress(Exception):
        payload = Payload(name="probe", schema=schema, instances=(message,), kinds=frozenset(), digest="")
        there_and_back(codec.bind(payload), message)


def there_and_back(bound: Bound, message: Any) -> Any:
    """What comes back of a plain value."""
    return bound.convert(bound.decode(bound.source(bytes(bound.encode(bound.build(message))))))


def _carried(codec: Codec, probe: Probe, at: Callable[[str], None]) -> _Seen:
    message = probe.make()
    step = "bind"
    try:
        at(step)
        bound = codec.bind(probe.payload(message))
        at(step := "encode")
        data = bytes(bound.encode(bound.build(message)))
        if probe.twin:
            if data.count(probe.twin[0]) != 1:
                return _Seen(outcome=Outcome.UNTRIED, words=NO_TEXT)
            data = data.replace(*probe.twin)
        at(step := "decode")
        back = bound.convert(bound.decode(bound.source(data)))
    except UnsupportedPayload as refused:
        return _Seen(outcome=Outcome.REFUSED, words=str(refused), shape=step == "bind")
    except Exception as error:
        words = raised(error)
        return _Seen(outcome=Outcome.REFUSED, words=words if step != "decode" else f"written, then not read: {words}")
    except BaseException as error:
        return _Seen(outcome=Outcome.CRASHED, words=f"{step} raised {raised(error)}, past `except Exception`")
    words = difference(probe.make(), back)
    return _Seen(outcome=Outcome.CHANGED if words else Outcome.EXACT, words=words, back=back)
