"""The processor: which cores there are, how they are shared, and what changes their frequency."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.doctor.parts import Finding, judged, unknown, unreadable
from serbench.harness.machine import core_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.doctor.parts import Judgement
    from serbench.records.run import Environment

_CPU = "/sys/devices/system/cpu"


def of_hardware(environment: Environment) -> Iterator[Finding]:
    """Cores, their isolation and frequency, virtualisation, large pages."""
    machine = environment.machine
    why = unreadable(environment)
    yield _cores(machine)
    yield _isolation(machine, why)
    yield _governor(machine, why)
    yield _turbo(machine, why)
    yield _smt(machine, why)
    yield _virtualisation(machine, why)
    yield _hugepages(machine, why)


def _cores(machine: dict[str, Any]) -> Finding:
    """Whether a core can be set aside to measure on."""
    name, what = "cores", "usable cores"
    usable, core = machine.get("cores_usable"), machine.get("measuring_core")
    if core is not None:
        return Finding(name=name, what=what, value=f"{usable}, core {core} measures", judgement="good")
    if usable == 1:
        value = "1: what drives the measurement disturbs it"
        advice = "Grant a second core: `taskset -c 0,1`, or `docker run --cpuset-cpus 0,1`."
    else:
        value = "processes are not pinned to cores"
        advice = "Measure on Linux where tails matter, since this system does not pin a process to a core."
    return Finding(name=name, what=what, value=value, judgement="mind", advice=advice)


def _isolation(machine: dict[str, Any], why: str) -> Finding:
    """Isolated cores are left alone by the scheduler, and are not among the usable ones until asked for by name."""
    name, what = "isolation", "isolated cores"
    core, count = machine.get("measuring_core"), machine.get("cores")
    if core is None or not count:
        return unknown(name, what, why if core is not None else "Nothing is pinned, so that isolation would not help.")
    isolated = str(machine.get("isolated_cores", ""))
    if core in core_numbers(isolated):
        tickless = core in core_numbers(str(machine.get("tickless_cores", "")))
        value = f"{isolated}, the measuring one among them{', without timer ticks' if tickless else ''}"
        return Finding(name=name, what=what, value=value, judgement="good")
    if isolated:
        advice = f"Start serbench with `taskset -c 0,{isolated}`: its last core measures."
        value = f"{isolated}, the measuring one not among them"
    else:
        advice = (
            f"For the quietest tails boot with `isolcpus={count - 1} nohz_full={count - 1}` and start serbench with "
            f"`taskset -c 0,{count - 1}`."
        )
        value = "none"
    return Finding(name=name, what=what, value=value, judgement="mind", advice=advice)


def _governor(machine: dict[str, Any], why: str) -> Finding:
    governor = machine.get("governor")
    if governor is None:
        return unknown("governor", "frequency governor", why)
    advice = "Keep the frequency up with `sudo cpupower frequency-set -g performance`."
    judgement: Judgement = "good" if governor == "performance" else "mind"
    return judged("governor", "frequency governor", governor, judgement, advice)


def _turbo(machine: dict[str, Any], why: str) -> Finding:
    name, what = "turbo", "frequency above the base one"
    turbo = machine.get("turbo")
    if turbo is None:
        return unknown(name, what, why)
    intel = str(machine.get("frequency_driver", "")).startswith("intel")
    command = f"echo 1 | sudo tee {_CPU}/intel_pstate/no_turbo" if intel else f"echo 0 | sudo tee {_CPU}/cpufreq/boost"
    advice = f"It comes and goes with heat and with what other cores do: `{command}`."
    return judged(name, what, "on" if turbo else "off", "mind" if turbo else "good", advice)


def _smt(machine: dict[str, Any], why: str) -> Finding:
    name, what = "smt", "two threads to a core (SMT)"
    smt = machine.get("smt")
    if smt is None:
        return unknown(name, what, why)
    advice = f"What runs on the other thread of the measuring core slows it: `echo off | sudo tee {_CPU}/smt/control`."
    return judged(name, what, "on" if smt else "off", "mind" if smt else "good", advice)


def _virtualisation(machine: dict[str, Any], why: str) -> Finding:
    name, what = "virtualisation", "virtualisation"
    value = machine.get("virtualisation")
    if value is None:
        return unknown(name, what, why)
    judgement: Judgement = "mind" if "virtual machine" in value else "good"  # a container alone costs no time
    advice = "Compare only what was measured in one run, and measure on hardware of your own where the digits matter."
    return judged(name, what, value, judgement, advice)


def _hugepages(machine: dict[str, Any], why: str) -> Finding:
    name, what = "hugepages", "transparent huge pages"
    value = machine.get("hugepages")
    if value is None:
        return unknown(name, what, why)
    advice = (
        "Memory is put together in the background, which stops a call now and then: "
        "`echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled`."
    )
    return judged(name, what, value, "mind" if value == "always" else "good", advice)
