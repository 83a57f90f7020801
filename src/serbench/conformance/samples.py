"""The messages that checks are made with: generated payloads of a seed, and shapes that bring out differences."""

from __future__ import annotations

import functools
import marshal
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from serbench.conformance import shapes
from serbench.payloads import catalogue
from serbench.payloads.instances import random_of
from serbench.schema.payload import contents
from serbench.schema.spool import payload_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.schema.payload import Payload

EACH = 2
"""Instances of each generated payload."""

LARGE_BYTES = 50_000

STEADY = ("order", "ping", "chat", "ticks")
"""Generated payloads for checks that take many messages: of usual size, and together of many types."""


def payloads(*, large: bool = False) -> Iterator[Payload]:
    """Every payload that messages are tried with; they are made anew, should a codec change them.

    Args:
        large: whether those with messages of more than `LARGE_BYTES` are among them.
    """
    for payload in _payloads():
        instances: Any = payload.instances
        copied = marshal.dumps(instances)
        if large or len(copied) <= LARGE_BYTES * len(instances):
            yield replace(payload, instances=marshal.loads(copied))  # noqa: S302 - written above


@functools.cache
def _payloads() -> tuple[Payload, ...]:
    return (*(generated(name, seed=1, count=EACH) for name in catalogue.known()), *shapes.ALL)


def generated(name: str, *, seed: int, count: int) -> Payload:
    """A generated payload."""
    return payload_of(name, catalogue.get(name).schema, messages(name, seed=seed, count=count))


def messages(name: str, *, seed: int, count: int) -> list[Any]:
    """Messages of a generated payload; those of another seed are others."""
    source = catalogue.get(name)
    return list(islice(source.generate(random_of(name, seed)), count))


def with_kinds_of(payload: Payload, others: list[Any]) -> Payload:
    """The same payload, whose kinds say what occurs in other messages as well."""
    kinds = payload.kinds | frozenset[Any]().union(*(contents(one)[0] for one in others))
    return replace(payload, kinds=kinds)
