"""Looks at the machine: a worker that measures nothing but empty calls, and what else goes on meanwhile."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from serbench.doctor.findings import Verdict, findings, verdict
from serbench.doctor.noise import noise_words
from serbench.doctor.parts import Finding, Readings, activity
from serbench.errors import Interrupted, NothingMeasured, WorkerFailure
from serbench.harness import cores, environment, noise
from serbench.harness.disturbance import Watch
from serbench.harness.link import Link, Stopped, close_all
from serbench.worker import protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.samples import Disturbance

SECONDS = 1.0
"""How long nothing is done, to see what others do; and how long empty calls are made after that."""

_PATIENCE = 20.0
_BLOCK_NS = 10_000_000
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What was found.

    Attributes:
        noise: the machine's own, in a line.
        findings: in the order to be shown.
        verdict: what they add up to.
    """

    noise: str
    findings: tuple[Finding, ...]
    verdict: Verdict


def examine(stop: Callable[[], bool] = lambda: False, *, seconds: float = SECONDS) -> Examination:
    """Looks at the machine that this runs on.

    Args:
        stop: whether somebody asked for the end.
        seconds: of each of the two looks.

    Raises:
        Interrupted: `stop` said so.
        NothingMeasured: no worker can be started.
    """
    split, root = cores.split(), Path("/")
    core = split.only
    described = environment.describe(packages=(), sampler="", measuring_core=core, directory=root)
    watch, before, meter = Watch(root, core, cores.usable()), activity(root), noise.Meter()
    link = Link(on=split.measuring, hash_seed=0)
    try:
        with cores.aside(split):
            request = {"do": "hello", "version": protocol.VERSION, "sources": [], "describe": False}
            hello = link.ask(request, patience=_PATIENCE, stop=stop)
            disturbance = _look_on(watch, link, seconds, stop)
            _empty_calls(link, meter, seconds, stop)
    except Stopped:
        raise Interrupted("stopped before the machine was looked at") from None
    except WorkerFailure as failure:
        raise NothingMeasured(f"no worker can be started here: {failure}") from failure
    finally:
        close_all([link])
    readings = Readings(
        clock_cost_ns=hello["clock_cost_ns"],
        clock_step_ns=hello["clock_step_ns"],
        noise=meter.histogram,
        observed_ns=meter.observed_ns,
        disturbance=disturbance,
        before=before,
        after=activity(root),
    )
    found = findings(replace(described, sampler=hello["sampler"]), readings)
    words = noise_words(meter.histogram, meter.observed_ns)
    return Examination(noise=words, findings=found, verdict=verdict(found))


def _look_on(watch: Watch, link: Link, seconds: float, stop: Callable[[], bool]) -> Disturbance:
    """What others do while the worker waits."""
    watch.begin([link.pid])
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if stop():
            raise Stopped
        time.sleep(_LOOK_SECONDS)
    return watch.end([link.pid])


def _empty_calls(link: Link, meter: noise.Meter, seconds: float, stop: Callable[[], bool]) -> None:
    """Has the worker make them until the time is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        meter.take(link.ask({"do": "noise", "calls": noise.calls(_BLOCK_NS)}, patience=_PATIENCE, stop=stop))
