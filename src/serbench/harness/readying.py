"""Has workers get ready several at a time: each takes its own steps, one after the other, while others take theirs."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from serbench.errors import WorkerFailure
from serbench.harness.inbox import Answer
from serbench.harness.link import Link, LinkFailure, wait_any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

IMPORT_SECONDS = 20.0
BIND_SECONDS = 5.0

Steps = Generator[tuple[Link, dict[str, Any]], Answer, None]
"""Yields whom to ask what, and is sent the answer, or thrown why there is none."""


def take_steps(of_all: Iterable[Steps], *, at_once: int, patience: float, stop: Callable[[], bool]) -> None:
    """Has all of them taken.

    Args:
        of_all: of each worker, begun in this order.
        at_once: as many workers at a time.
        patience: seconds that a call may take; imports, and whatever binds, have some in any case.
        stop: whether somebody asked for the end.

    Raises:
        Stopped: `stop` said so.
    """
    waiting = list(of_all)
    busy: dict[Link, Steps] = {}

    def go_on(steps: Steps, step: Callable[[], tuple[Link, dict[str, Any]]]) -> None:
        try:
            link, request = step()
        except StopIteration:
            return
        link.post(request, patience=IMPORT_SECONDS if request["do"] == "hello" else max(patience, BIND_SECONDS))
        busy[link] = steps

    while waiting or busy:
        while waiting and len(busy) < max(1, at_once):
            steps = waiting.pop(0)
            go_on(steps, lambda steps=steps: next(steps))  # type: ignore[misc]
        if busy:
            steps, step = _heard(busy, stop)
            go_on(steps, step)


def _heard(
    busy: dict[Link, Steps], stop: Callable[[], bool]
) -> tuple[Steps, Callable[[], tuple[Link, dict[str, Any]]]]:
    """Waits for one of those that are getting ready; returns its steps and how they go on."""
    try:
        link = wait_any(list(busy), stop)
    except LinkFailure as failure:
        steps, gone = busy.pop(failure.link), failure
        return steps, lambda: steps.throw(gone)
    steps = busy.pop(link)
    try:
        answer = link.take()
    except WorkerFailure as failure:
        said = failure
        return steps, lambda: steps.throw(said)
    return steps, lambda: steps.send(answer)
