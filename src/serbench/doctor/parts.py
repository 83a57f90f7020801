"""What is found and what it is found from."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from serbench.harness import machine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from serbench.histogram import Histogram
    from serbench.records.run import Environment
    from serbench.records.samples import Disturbance

T = TypeVar("T")

Judgement = Literal["good", "mind", "bad", "unknown"]
"""`mind`: to be kept in mind, numbers are sound in part; `bad`: no number is sound; `unknown`: it cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that numbers depend on.

    Attributes:
        name: a key that stays: `governor`.
        what: the same for people: `frequency governor`.
        value: how it is here, in words with units; for what cannot be read, `not known`.
        judgement: what that means.
        advice: one sentence: what to do, or why it cannot be read; empty where all is good.
    """

    name: str
    what: str
    value: str
    judgement: Judgement
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What the system counts; None where it does not tell.

    Attributes:
        load: processes that ran or wanted to, mean of the last minute.
        swap_used_bytes: what lies in swap.
        swapped_pages: pages that went in or out so far.
        throttled_periods: periods so far in which control groups had used up their processors.
    """

    load: float | None = None
    swap_used_bytes: int | None = None
    swapped_pages: int | None = None
    throttled_periods: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """What was read while the machine was looked at.

    Attributes:
        clock_cost_ns: one reading of the clock.
        clock_step_ns: the smallest step that it is seen to take.
        noise: ns of empty calls, measured on the measuring core.
        observed_ns: time inside those calls.
        disturbance: what others did while nothing was measured.
        before: what the system had counted when it began.
        after: the same when it ended.
    """

    clock_cost_ns: float
    clock_step_ns: float
    noise: Histogram
    observed_ns: int
    disturbance: Disturbance
    before: Activity
    after: Activity


def activity(root: Path) -> Activity:
    """What the system counts at this moment; raises nothing.

    Args:
        root: where `proc` and `sys` are looked for.
    """
    return Activity(
        load=_told(lambda: os.getloadavg()[0]),
        swap_used_bytes=_told(lambda: machine.swap_used_bytes(root)),
        swapped_pages=_told(lambda: machine.swapped_pages(root)),
        throttled_periods=_told(lambda: machine.throttled_periods(root)),
    )


def judged(name: str, what: str, value: str, judgement: Judgement, advice: str) -> Finding:
    """A finding whose advice is needed only if it is not good."""
    return Finding(name=name, what=what, value=value, judgement=judgement, advice="" if judgement == "good" else advice)


def unknown(name: str, what: str, why: str) -> Finding:
    """What cannot be read, and why."""
    return Finding(name=name, what=what, value="not known", judgement="unknown", advice=why)


def unreadable(environment: Environment) -> str:
    """Why something that Linux usually tells is not told here: one sentence."""
    if str(environment.system.get("platform", "")).startswith("macos"):
        return "macOS does not tell."
    around = str(environment.machine.get("virtualisation", "none"))
    if "virtual machine" in around:
        return "A virtual machine is not told: ask whoever runs its host."
    if around != "none":
        return "A container is not always shown it: look on its host."
    return "This system has no such file under /proc or /sys."


def _told(read: Callable[[], T]) -> T | None:
    with contextlib.suppress(OSError, ValueError):
        return read()
    return None
