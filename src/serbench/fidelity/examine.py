"""Examines codecs: what comes back of every probe, and what broken input does to their decoders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.errors import WorkerFailure
from serbench.fidelity import attacking, running
from serbench.fidelity.parts import Examined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.fidelity.budget import Budget
    from serbench.fidelity.running import Process
    from serbench.records.cases import CodecInfo


def examine(
    codecs: Sequence[CodecInfo],
    budget: Budget | None = None,
    *,
    stop: Callable[[], bool] = lambda: False,
    told: Callable[[str], None] = lambda _: None,
) -> list[Examined]:
    """What is found out about codecs, in their order.

    Args:
        codecs: who; all can be used.
        budget: how long their decoders are attacked; None: not at all.
        stop: whether somebody asked for the end.
        told: is told the name of each that is done, from other threads.

    Raises:
        Interrupted: somebody asked for the end.
    """
    share = budget.seconds * running.at_once(len(codecs)) / max(1, len(codecs)) if budget else 0.0

    def one(info: CodecInfo, process: Process) -> Examined:
        fidelity = running.fidelity(info, process)
        attack = attacking.attack(process, budget, share) if budget else None
        return Examined(info=info, fidelity=fidelity, attack=attack)

    return running.each(codecs, one, stop=stop, told=told)


def feed(codecs: Sequence[CodecInfo], data: bytes, *, stop: Callable[[], bool] = lambda: False) -> list[str]:
    """What decoders do with one input, a line each: `thrift: crash: killed by SIGSEGV during decode`.

    Raises:
        Interrupted: somebody asked for the end.
    """

    def one(info: CodecInfo, process: Process) -> str:
        try:
            harm, words = attacking.feed(process, data)
        except WorkerFailure as failure:
            return f"{info.name}: not fed: {failure}"
        if harm:
            return f"{info.name}: {harm}: {words}"
        return f"{info.name}: refused: {words}" if words else f"{info.name}: decoded"

    return running.each(codecs, one, stop=stop)
