"""What is measured without a clock: memory, and instructions where they can be counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.harness import extras, instructions, memory
from serbench.harness.link import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from serbench.harness.cores import Cores
    from serbench.harness.crew import Kit
    from serbench.harness.pairs import Arm
    from serbench.harness.state import Phase
    from serbench.records.cases import Pass

_PHASES: dict[Pass, Phase] = {"memory": "memory", "instructions": "instructions"}


def measure(
    arm: Arm,
    kit: Kit,
    passes: Mapping[Pass, float],
    *,
    cores: Cores,
    timeout: float,
    stop: Callable[[], bool],
    tell: Callable[[Phase, str], None],
) -> str:
    """The passes of one side that need no clock, in workers of their own.

    Args:
        arm: the side; its workers have verified its codecs once.
        kit: what its workers are started with.
        passes: seconds that each may take.
        cores: where workers measure.
        timeout: seconds that one call may take.
        stop: whether somebody asked for the end.
        tell: what is happening.

    Returns:
        why no instructions can be counted on this machine; empty where they can, or nobody asked.

    Raises:
        Stopped: somebody asked for the end.
    """
    runner = extras.Extras(
        plan=arm.plan,
        ledger=arm.ledger,
        cores=cores,
        memory_bytes=memory.limit(),
        timeout=timeout,
        stop=stop,
        launch=kit.launch,
        sampler=kit.sampler,
        every_case=True,
    )
    obstacle = instructions.obstacle() if "instructions" in passes else ""
    for name, seconds in passes.items():
        if name == "instructions" and obstacle:
            continue
        for case_id in runner.run(name, seconds):
            tell(_PHASES[name], case_id)
            if stop():
                raise Stopped
    return obstacle
