"""From a bound codec to the one callable that is timed: the library's own, or two steps in a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.codecs.base import identity
from serbench.codecs.deviations import Deviation
from serbench.records.cases import Operation
from serbench.schema.reader import compile_reader, source

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.base import Bound
    from serbench.schema.payload import Payload

    Step = Callable[[Any], Any]
    Chain = Callable[[Step, Step], Step]


def in_python(first: Step, second: Step) -> Step:
    """`second(first(value))`, with a frame of the interpreter; samplers have a better one."""
    return lambda value: second(first(value))


def timed(bound: Bound, operation: Operation, chain: Chain, reader: Step | None) -> Step:
    """What is called with one argument.

    Args:
        bound: the codec, ready for a payload.
        operation: what is timed.
        chain: makes one callable of two.
        reader: for `read`.
    """
    match operation:
        case Operation.ENCODE:
            return bound.encode
        case Operation.DECODE:
            return bound.decode
        case Operation.DUMP:
            return _both(bound.build, bound.encode, chain)
        case Operation.LOAD:
            return _both(bound.decode, bound.convert, chain)
        case Operation.READ:
            assert reader
            return reader


def _both(first: Step, second: Step, chain: Chain) -> Step:
    """Both steps, or the one of them that does something."""
    if first is identity or second is identity:
        return second if first is identity else first
    return chain(first, second)


def reader(bound: Bound, payload: Payload, deviations: frozenset[Deviation], decode: Step, chain: Chain) -> Step:
    """Reads every leaf of what `decode` returns: the codec's own reader, or one made for the payload's schema.

    The generated one calls `decode` in its own frame, which is that of the library's user.
    """
    if bound.read:
        return chain(decode, bound.read)
    text = Deviation.BYTES_AS_BASE64 in deviations
    return compile_reader(source(payload.schema, access=bound.access, base64_text=text), decode)
