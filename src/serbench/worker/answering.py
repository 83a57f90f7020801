"""A program that examines a codec: it answers one request at a time, as workers do, and may die of any."""

from __future__ import annotations

import contextlib
import os
import resource
from typing import TYPE_CHECKING, Any

from serbench.worker import guard, process, protocol, words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Answers = Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]
    """What is done at each verb."""


def at(channel: protocol.Channel, step: str) -> None:
    """Tells which step comes next, for the case that it is the last."""
    channel.end_children()
    channel.send({"is": "at", "what": step})


def serve(make: Callable[[protocol.Channel, guard.Guard], Answers]) -> None:
    """Answers on the protocol's private descriptors until the orchestrator has gone. Does not return.

    Args:
        make: what is done at each verb, of the channel and of what notices what a codec does to the process. Whatever a
            codec raises becomes an answer.
    """
    process.tie_to_family()
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # processes die here on purpose
    printed = guard.captured_output()
    channel = protocol.private_channel(printed)
    try:
        _answer(channel, make(channel, guard.Guard(printed)))
    except OSError:  # the descriptors of the protocol are gone: a codec has closed them, or the orchestrator has died
        os._exit(protocol.LOST)
    os._exit(0)  # what was decoded is nobody's any more


def _answer(channel: protocol.Channel, answers: Answers) -> None:
    while (request := channel.receive()) is not None:
        if request["do"] == "bye":
            return
        try:
            answer = answers[request["do"]](request)
        except BaseException as error:  # a codec may raise SystemExit as well
            answer = {"is": "failed", "reason": words.raised(error)}
        channel.send(answer)
