"""Who else is at work: other programs, the hypervisor, limits of control groups, swapping."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.doctor.parts import Finding, judged, unknown, unreadable
from serbench.harness.disturbance import FOREIGN_SHARE, PRESSURE_SHARE, STEAL_SHARE
from serbench.units import size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.doctor.parts import Activity, Judgement, Readings
    from serbench.records.run import Environment

FOREIGN_BAD = 0.2
"""Of the measuring core: at a fifth, in wake-ups every 5 ms, blocks of 2 ms took 8 % longer by their median and 45 %
by their mean; with a competitor for all of it, the median took 60 % longer."""

STEAL_BAD = 0.1
"""Of all cores: it may be a fifth of the measuring one of two."""

ELSEWHERE_SHARE = 0.5
"""Of the other cores. On two cores that share nothing, a busy neighbour changed no call's time; where threads share a
core, caches or a power budget, it does."""

LOAD_SHARE = 0.5
"""Processes per core of the machine, whose load it is: what runs then is more than this program's start."""

_WORKER_AND_ORCHESTRATOR = 2
_STOP = "Stop what else runs here: `top` shows what it is."


def of_company(environment: Environment, readings: Readings) -> Iterator[Finding]:
    """What others did while nothing was measured, and what is kept from this process."""
    everywhere = environment.machine.get("cores")
    cores = int(environment.machine.get("cores_usable") or everywhere or 1)
    why = unreadable(environment)
    yield _foreign(readings.disturbance.foreign_cpu, why)
    yield _elsewhere(readings.disturbance.foreign_cpu_elsewhere, cores - 1, why)
    yield _steal(readings.disturbance.steal, why)
    yield _pressure(readings.disturbance.pressure, why)
    yield _load(readings.after.load, int(everywhere or cores))
    yield _limit(environment.machine.get("cpu_limit"))
    yield _throttled(readings.before, readings.after, why)
    yield _swap(readings.after.swap_used_bytes, why)
    yield _swapping(readings.before, readings.after, why)


def _foreign(share: float | None, why: str) -> Finding:
    name, what = "foreign_cpu", "other programs on the measuring core"
    if share is None:
        return unknown(name, what, why)
    judgement = _graded(share, FOREIGN_SHARE, FOREIGN_BAD)
    return judged(name, what, _percent(share), judgement, _STOP)


def _elsewhere(busy: float | None, others: int, why: str) -> Finding:
    name, what = "foreign_cpu_elsewhere", "other programs on the other cores"
    if others < 1:
        return Finding(name=name, what=what, value="there are none", judgement="good")
    if busy is None:
        return unknown(name, what, why)
    judgement: Judgement = "mind" if busy > ELSEWHERE_SHARE * others else "good"
    return judged(name, what, f"{busy:.1f} of {others} busy", judgement, _STOP)


def _steal(share: float | None, why: str) -> Finding:
    name, what = "steal", "processor time that the hypervisor gave to others"
    if share is None:
        return unknown(name, what, why)
    advice = "Take an instance with dedicated processors, or measure when its neighbours are quiet."
    return judged(name, what, _percent(share), _graded(share, STEAL_SHARE, STEAL_BAD), advice)


def _pressure(share: float | None, why: str) -> Finding:
    name, what = "pressure", "time in which something waited for a processor"
    if share is None:
        return unknown(name, what, why)
    return judged(name, what, _percent(share), "mind" if share > PRESSURE_SHARE else "good", _STOP)


def _load(load: float | None, cores: int) -> Finding:
    name, what = "load", "load of the last minute"
    if load is None:
        return unknown(name, what, "This system has no load average.")
    judgement: Judgement = "mind" if load > LOAD_SHARE * cores else "good"
    advice = "Wait until it has gone down (`uptime`), or stop what runs (`top`)."
    return judged(name, what, f"{load:.2f} for {cores} core{'s' if cores > 1 else ''}", judgement, advice)


def _limit(processors: float | None) -> Finding:
    name, what = "cpu_limit", "limit of processor time"
    if processors is None:
        return Finding(name=name, what=what, value="none", judgement="good")
    judgement: Judgement = "mind" if processors < _WORKER_AND_ORCHESTRATOR else "good"
    advice = "Grant at least 2 processors, since a group that has used up its share is stopped: `docker run --cpus 2`."
    return judged(name, what, f"{processors:g} processors", judgement, advice)


def _throttled(before: Activity, after: Activity, why: str) -> Finding:
    name, what = "throttled", "stopped for having used up its limit"
    if before.throttled_periods is None or after.throttled_periods is None:
        return unknown(name, what, why)
    times = after.throttled_periods - before.throttled_periods
    advice = (
        "Raise or remove the limit of processor time: `docker update --cpus 2 CONTAINER`, or `cpu.max` of the group."
    )
    value = f"{times} time{'s' if times != 1 else ''} meanwhile" if times else "no"
    return judged(name, what, value, "bad" if times else "good", advice)


def _swap(used: int | None, why: str) -> Finding:
    name, what = "swap", "memory that lies in swap"
    if used is None:
        return unknown(name, what, why)
    advice = "Bring it back and keep it back with `sudo swapoff -a`, if there is memory enough (`free -m`)."
    return judged(name, what, size(used) if used else "none", "mind" if used else "good", advice)


def _swapping(before: Activity, after: Activity, why: str) -> Finding:
    name, what = "swapping", "pages swapped in or out"
    if before.swapped_pages is None or after.swapped_pages is None:
        return unknown(name, what, why)
    pages = after.swapped_pages - before.swapped_pages
    advice = "Free memory (`ps aux --sort=-rss | head` shows who has it), then `sudo swapoff -a`."
    return judged(name, what, f"{pages} meanwhile" if pages else "none", "mind" if pages else "good", advice)


def _graded(share: float, mind: float, bad: float) -> Judgement:
    return "bad" if share > bad else "mind" if share > mind else "good"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
