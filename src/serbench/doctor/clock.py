"""How finely time can be told here, and what comes between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench.doctor.noise import interruption_words, interruptions
from serbench.doctor.parts import Finding, judged, unknown, unreadable
from serbench.units import duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.doctor.parts import Judgement, Readings
    from serbench.records.run import Environment

STEP_NS = 100
"""A call has to take 40 steps for its tail to be told: with longer steps that is more than 4 us, and small messages
take less. Virtual machines were seen to step by 10 ns."""

STEP_BAD_NS = 1_000
"""A small message is encoded within one such step."""

COST_NS = 150
"""Readings took 20 to 110 ns where the clock is read without entering the kernel; with entering it they take more."""

COST_BAD_NS = 1_000
"""More than small messages take: most of what is read would be the clock."""

TAIL_NS = 10_000
"""An interruption as long as a call of 10 us makes it a call of the tail."""

TAIL_PER_SECOND = 100
"""So often, one in a thousand calls of 10 us meets one: p99.9 of such calls is then the machine's, not the codec's. A
virtual machine whose timer ticks 250 times a second, for 10 to 20 us each, read 390 to 450 quiet."""

TAKEN_BAD = 0.2
"""A fifth of the time taken by others: as much as `company.FOREIGN_BAD`, seen from inside."""

_FAST = ("tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter", "timebase", "tod", "riscv_clocksource")
_CLOCK_SOURCE = "/sys/devices/system/clocksource/clocksource0/current_clocksource"


def of_clock(environment: Environment, readings: Readings) -> Iterator[Finding]:
    """The sampler, the clock and the machine's own noise."""
    yield _sampler(environment.sampler)
    yield _source(environment)
    yield _cost(readings.clock_cost_ns)
    yield _step(readings.clock_step_ns)
    yield _interruptions(readings)


def _sampler(name: str) -> Finding:
    advice = (
        "Install a C compiler and Python's headers, then `pip install --force-reinstall --no-deps --no-binary serbench "
        "serbench`: the sampler in Python adds tens of ns to every call."
    )
    return judged("sampler", "sampler", name, "good" if name == "native" else "mind", advice)


def _source(environment: Environment) -> Finding:
    source = environment.system.get("clock_source")
    if not source:
        return unknown("clock_source", "clock source", unreadable(environment))
    advice = (
        f"Take a clock that is read without entering the kernel, such as `echo tsc | sudo tee {_CLOCK_SOURCE}`, if "
        "`available_clocksource` beside that file lists it."
    )
    return judged("clock_source", "clock source", source, "good" if source in _FAST else "mind", advice)


def _cost(ns: float) -> Finding:
    advice = f"See which clock it is with `cat {_CLOCK_SOURCE}`, and choose `tsc` if it can be had."
    return judged("clock_cost", "one reading of the clock", duration(ns), _graded(ns, COST_NS, COST_BAD_NS), advice)


def _step(ns: float) -> Finding:
    advice = f"No tail of calls under {duration(40 * ns)} can be told here: measure on a machine with a finer clock."
    return judged("clock_step", "step of the clock", duration(ns), _graded(ns, STEP_NS, STEP_BAD_NS), advice)


def _graded(ns: float, mind: float, bad: float) -> Judgement:
    return "bad" if ns > bad else "mind" if ns > mind else "good"


def _interruptions(readings: Readings) -> Finding:
    name, what = "interruptions", "interruptions of calls that do nothing"
    if not readings.noise.total or readings.observed_ns <= 0:
        return unknown(name, what, "No empty call was measured.")
    found = interruptions(readings.noise, readings.observed_ns, TAIL_NS)
    value = interruption_words(found, TAIL_NS)
    if found.share > TAKEN_BAD:
        return judged(name, what, value, "bad", "Stop what else runs here (`top` shows it), or take another machine.")
    advice = (
        "Trust no percentile above p99 of calls under 10 us here, or use a machine whose measuring core is isolated "
        "(`isolcpus=N nohz_full=N` at boot)."
    )
    return judged(name, what, value, "mind" if found.per_second > TAIL_PER_SECOND else "good", advice)
