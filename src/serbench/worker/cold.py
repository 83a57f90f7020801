"""The first use of a codec in a process that has done nothing else: what construction and the first call take."""

from __future__ import annotations

from time import perf_counter_ns
from typing import TYPE_CHECKING

from serbench.records.cases import Operation
from serbench.worker import operations

if TYPE_CHECKING:
    from serbench.codecs.base import Codec
    from serbench.schema.payload import Payload
    from serbench.worker.operations import Chain


def first_use(codec: Codec, payload: Payload, operation: Operation, encoded: bytes, chain: Chain) -> dict[str, int]:
    """Binds and calls once.

    Args:
        codec: imported, and not used yet.
        payload: its first instance is the message.
        operation: what is called.
        encoded: the first instance as another process encoded it.
        chain: makes one callable of two.

    Returns:
        `bind_ns` and `first_call_ns`.
    """
    began = perf_counter_ns()
    bound = codec.bind(payload)
    bind_ns = perf_counter_ns() - began
    reader = None
    if operation is Operation.READ:
        reader = operations.reader(bound, payload, codec.deviations, bound.decode, chain)
    call = operations.timed(bound, operation, chain, reader)
    if operation.from_bytes:
        argument = bound.source(encoded)
    else:
        argument = payload.instances[0] if operation is Operation.DUMP else bound.build(payload.instances[0])
    began = perf_counter_ns()
    call(argument)
    return {"bind_ns": bind_ns, "first_call_ns": perf_counter_ns() - began}
