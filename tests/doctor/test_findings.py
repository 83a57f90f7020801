"""What is found about machines and Pythons of all sorts, and what it adds up to."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from serbench.doctor.findings import TAILS, Verdict, findings, verdict
from serbench.doctor.parts import Activity, Finding, Readings, activity
from serbench.harness import environment
from serbench.histogram import Histogram
from serbench.records.run import Environment
from serbench.records.samples import Disturbance

SECOND = 1_000_000_000
NAMES = (
    *("sampler", "clock_source", "clock_cost", "clock_step", "interruptions"),
    *("foreign_cpu", "foreign_cpu_elsewhere", "steal", "pressure", "load"),
    *("cpu_limit", "throttled", "swap", "swapping"),
    *("cores", "isolation", "governor", "turbo", "smt", "virtualisation", "hugepages"),
    *("build", "tracing", "gil", "jit", "variables"),
)


def noise(interruptions=0, ns=20_000):
    """Empty calls of 30 ns with so many interruptions of that length among them."""
    histogram = Histogram()
    histogram.fold(np.array([30] * 1000 + [ns] * interruptions, dtype=np.int64))
    return histogram


FIT = Environment(
    machine={
        "cores": 4,
        "cores_usable": 4,
        "measuring_core": 3,
        "isolated_cores": "2-3",
        "tickless_cores": "3",
        "governor": "performance",
        "frequency_driver": "intel_pstate",
        "turbo": False,
        "smt": False,
        "virtualisation": "none",
        "hugepages": "madvise",
    },
    system={"platform": "linux-x86_64", "clock_source": "tsc"},
    python={
        "implementation": "CPython",
        "version": "3.14.0",
        "debug": False,
        "gil": True,
        "free_threaded_build": False,
        "jit": False,
        "tracing": False,
        "variables": ["PYTHONHASHSEED=7", "PYTHONDEVMODE="],
    },
    packages={},
    sampler="native",
)
STILL = Activity(load=0.1, swap_used_bytes=0, swapped_pages=9, throttled_periods=5)
QUIET = Readings(
    clock_cost_ns=40,
    clock_step_ns=1,
    noise=noise(),
    observed_ns=SECOND,
    disturbance=Disturbance(foreign_cpu=0.01, foreign_cpu_elsewhere=0.2, steal=0.0, pressure=0.01),
    before=STILL,
    after=STILL,
)
MAC = Environment(
    machine={"cores": 8},
    system={"platform": "macosx-14.0-arm64"},
    python=FIT.python,
    packages={},
    sampler="native",
)
MAC_READINGS = replace(QUIET, disturbance=Disturbance(), before=Activity(load=0.1), after=Activity(load=0.1))


def changed(**parts):
    """A fit machine but for some keys, by part; None takes a key away."""
    made = {}
    for part, values in parts.items():
        keys = getattr(FIT, part) | values
        made[part] = {key: value for key, value in keys.items() if value is not None}
    return replace(FIT, **made)


def found(name, described=FIT, readings=QUIET):
    """The finding of that name."""
    (finding,) = [finding for finding in findings(described, readings) if finding.name == name]
    return finding


def test_fit():
    """A machine as one would like it has only good findings, none of them with advice, and is fit for tails."""
    all_of_them = findings(FIT, QUIET)
    assert NAMES == tuple(finding.name for finding in all_of_them)
    assert [] == [finding for finding in all_of_them if finding.judgement != "good" or finding.advice]
    assert Verdict(fitness="fit for tails") == verdict(all_of_them)


MACHINE = [
    ("cores", {"measuring_core": None, "cores_usable": 1}, "mind", "1: what drives the measurement", "--cpuset-cpus"),
    ("cores", {"measuring_core": None, "cores_usable": None}, "mind", "not pinned", "on Linux"),
    ("cpu_limit", {"cpu_limit": 1.5}, "mind", "1.5 processors", "docker run --cpus 2"),
    ("cpu_limit", {"cpu_limit": 2.0}, "good", "2 processors", ""),
    ("foreign_cpu_elsewhere", {"cores_usable": 1}, "good", "there are none", ""),
    ("load", {"cores_usable": 1, "cores": 4}, "good", "0.10 for 4 cores", ""),
    ("load", {"cores_usable": 1, "cores": None}, "good", "0.10 for 1 core", ""),
    ("isolation", {"measuring_core": None}, "unknown", "not known", "Nothing is pinned"),
    ("isolation", {"isolated_cores": None}, "mind", "none", "`isolcpus=3 nohz_full=3`"),
    ("isolation", {"measuring_core": 1}, "mind", "2-3, the measuring one not among them", "`taskset -c 0,2-3`"),
    ("isolation", {"tickless_cores": None}, "good", "2-3, the measuring one among them", ""),
    ("governor", {"governor": "powersave"}, "mind", "powersave", "`sudo cpupower frequency-set -g performance`"),
    ("governor", {"governor": None}, "unknown", "not known", "no such file"),
    ("governor", {"governor": None, "virtualisation": "docker"}, "unknown", "not known", "A container"),
    (
        "governor",
        {"governor": None, "virtualisation": "docker in a virtual machine"},
        "unknown",
        "not known",
        "A virtual machine",
    ),
    ("turbo", {"turbo": True}, "mind", "on", "`echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo`"),
    (
        "turbo",
        {"turbo": True, "frequency_driver": "acpi-cpufreq"},
        "mind",
        "on",
        "`echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost`",
    ),
    ("turbo", {"turbo": None}, "unknown", "not known", "no such file"),
    ("smt", {"smt": True}, "mind", "on", "`echo off | sudo tee /sys/devices/system/cpu/smt/control`"),
    ("smt", {"smt": None}, "unknown", "not known", "no such file"),
    ("virtualisation", {"virtualisation": "virtual machine"}, "mind", "virtual machine", "hardware of your own"),
    ("virtualisation", {"virtualisation": "docker"}, "good", "docker", ""),
    ("virtualisation", {"virtualisation": None}, "unknown", "not known", "no such file"),
    ("hugepages", {"hugepages": "always"}, "mind", "always", "`echo madvise | sudo tee"),
    ("hugepages", {"hugepages": None}, "unknown", "not known", "no such file"),
]


@pytest.mark.parametrize(("name", "machine", "judgement", "value", "advice"), MACHINE)
def test_machine(name, machine, judgement, value, advice):
    """What the machine says of itself is judged, and what is not good has its remedy or says why it is not known."""
    finding = found(name, changed(machine=machine))
    assert (judgement, True, True) == (finding.judgement, value in finding.value, advice in finding.advice)


PYTHON = [
    ("build", {"debug": True}, "bad", "CPython 3.14.0, a debug build", "--with-pydebug"),
    ("tracing", {"tracing": True}, "bad", "on", "`unset COVERAGE_PROCESS_START"),
    ("tracing", {"tracing": None}, "unknown", "not known", "does not tell"),
    ("gil", {"free_threaded_build": True, "gil": False}, "mind", "off: a free-threaded build", "the same build"),
    ("gil", {"free_threaded_build": True, "gil": True}, "mind", "on, in a free-threaded build", "`PYTHON_GIL=0`"),
    ("jit", {"jit": True}, "mind", "on", "`export PYTHON_JIT=0`"),
    ("jit", {"jit": None}, "good", "off", ""),
    ("variables", {"variables": ["PYTHONDEVMODE=1"]}, "bad", "PYTHONDEVMODE=1", "`unset PYTHONDEVMODE`"),
    ("variables", {"variables": ["PYTHONMALLOC=pymalloc_debug"]}, "bad", "PYTHONMALLOC=", "`unset PYTHONMALLOC`"),
    ("variables", {"variables": ["PYTHONMALLOC=malloc"]}, "mind", "PYTHONMALLOC=malloc", "`unset PYTHONMALLOC`"),
    (
        "variables",
        {"variables": ["PYTHONHASHSEED=7", "PYTHONOPTIMIZE=2", "PYTHONTRACEMALLOC=1"]},
        "bad",
        "PYTHONOPTIMIZE=2, PYTHONTRACEMALLOC=1",
        "`unset PYTHONOPTIMIZE PYTHONTRACEMALLOC`",
    ),
    ("variables", {"variables": None}, "good", "none", ""),
]


@pytest.mark.parametrize(("name", "python", "judgement", "value", "advice"), PYTHON)
def test_python(name, python, judgement, value, advice):
    """What slows Python unequally is bad; what is merely another Python is to be kept in mind."""
    finding = found(name, changed(python=python))
    assert (judgement, True, True) == (finding.judgement, value in finding.value, advice in finding.advice)


def others(**shares):
    """Readings with these shares taken by others."""
    return {"disturbance": replace(QUIET.disturbance, **shares)}


LIVE = [
    ("clock_cost", {"clock_cost_ns": 150}, "good", "150 ns", ""),
    ("clock_cost", {"clock_cost_ns": 700}, "mind", "700 ns", "current_clocksource`"),
    ("clock_cost", {"clock_cost_ns": 1400}, "bad", "1.40 us", "current_clocksource`"),
    ("clock_step", {"clock_step_ns": 100}, "good", "100 ns", ""),
    ("clock_step", {"clock_step_ns": 500}, "mind", "500 ns", "under 20.0 us"),
    ("clock_step", {"clock_step_ns": 1001}, "bad", "1.00 us", "a finer clock"),
    ("interruptions", {"noise": noise(100)}, "good", "100 interruptions a second longer than 10 us take 0.20 %", ""),
    ("interruptions", {"noise": noise(101)}, "mind", "101 interruptions a second", "`isolcpus=N nohz_full=N`"),
    ("interruptions", {"noise": noise(300, 9_000)}, "good", "no interruption longer than 10 us", ""),
    ("interruptions", {"noise": noise(60, 4_000_000)}, "bad", "take 24 % of the time", "`top`"),
    ("interruptions", {"noise": Histogram(), "observed_ns": 0}, "unknown", "not known", "No empty call"),
    ("foreign_cpu", others(foreign_cpu=0.03), "good", "3.0 %", ""),
    ("foreign_cpu", others(foreign_cpu=0.04), "mind", "4.0 %", "`top`"),
    ("foreign_cpu", others(foreign_cpu=0.21), "bad", "21.0 %", "`top`"),
    ("foreign_cpu", others(foreign_cpu=None), "unknown", "not known", "no such file"),
    ("foreign_cpu_elsewhere", others(foreign_cpu_elsewhere=1.6), "mind", "1.6 of 3 busy", "`top`"),
    ("foreign_cpu_elsewhere", others(foreign_cpu_elsewhere=None), "unknown", "not known", "no such file"),
    ("steal", others(steal=0.03), "mind", "3.0 %", "dedicated processors"),
    ("steal", others(steal=0.11), "bad", "11.0 %", "dedicated processors"),
    ("steal", others(steal=None), "unknown", "not known", "no such file"),
    ("pressure", others(pressure=0.2), "mind", "20.0 %", "`top`"),
    ("pressure", others(pressure=None), "unknown", "not known", "no such file"),
    ("load", {"after": replace(STILL, load=2.5)}, "mind", "2.50 for 4 cores", "`uptime`"),
    ("load", {"after": replace(STILL, load=None)}, "unknown", "not known", "no load average"),
    ("throttled", {"after": replace(STILL, throttled_periods=6)}, "bad", "1 time meanwhile", "`docker update --cpus 2"),
    ("throttled", {"after": replace(STILL, throttled_periods=None)}, "unknown", "not known", "no such file"),
    ("swap", {"after": replace(STILL, swap_used_bytes=5_000_000)}, "mind", "5.00 MB", "`sudo swapoff -a`"),
    ("swap", {"after": replace(STILL, swap_used_bytes=None)}, "unknown", "not known", "no such file"),
    ("swapping", {"after": replace(STILL, swapped_pages=12)}, "mind", "3 meanwhile", "`sudo swapoff -a`"),
    ("swapping", {"before": Activity()}, "unknown", "not known", "no such file"),
]


@pytest.mark.parametrize(("name", "readings", "judgement", "value", "advice"), LIVE)
def test_live(name, readings, judgement, value, advice):
    """What was read at the time is judged by its limits, each of which is itself still good."""
    finding = found(name, readings=replace(QUIET, **readings))
    assert (judgement, True, True) == (finding.judgement, value in finding.value, advice in finding.advice)


@pytest.mark.parametrize(
    ("source", "judgement"), [("tsc", "good"), ("kvm-clock", "good"), ("hpet", "mind"), ("acpi_pm", "mind")]
)
def test_clock_source(source, judgement):
    """Clocks that are read without entering the kernel are good; for others there is a command."""
    finding = found("clock_source", changed(system={"clock_source": source}))
    assert (judgement, judgement != "good") == (finding.judgement, "`echo tsc | sudo tee /sys" in finding.advice)


def test_sampler_in_python():
    """That calls are timed from Python is to be kept in mind."""
    finding = found("sampler", replace(FIT, sampler="python"))
    assert ("mind", True) == (finding.judgement, "pip install" in finding.advice)


def test_mac():
    """On macOS nothing is pinned and little can be read; what cannot says so, and a tail is not promised."""
    all_of_them = findings(MAC, MAC_READINGS)
    silent = {finding.name for finding in all_of_them if finding.judgement == "unknown"}
    expected = {
        *("clock_source", "foreign_cpu", "foreign_cpu_elsewhere", "steal", "pressure", "throttled", "swap", "swapping"),
        *("isolation", "governor", "turbo", "smt", "virtualisation", "hugepages"),
    }
    assert expected == silent
    assert "macOS does not tell." == found("governor", MAC, MAC_READINGS).advice
    assert "fit for medians" == verdict(all_of_them).fitness


@pytest.mark.parametrize(
    ("described", "readings"),
    [(FIT, QUIET), (MAC, MAC_READINGS)]
    + [(changed(machine=case[1]), QUIET) for case in MACHINE]
    + [(changed(python=case[1]), QUIET) for case in PYTHON]
    + [(FIT, replace(QUIET, **case[1])) for case in LIVE],
)
def test_every_finding_that_is_not_good_has_advice(described, readings):
    """Advice is one sentence, of what is not good and of nothing else."""
    for finding in findings(described, readings):
        assert (finding.judgement != "good") is bool(finding.advice)
        assert finding.advice == "" or finding.advice.endswith((".", ")."))
        assert [] == re.findall(r"[a-z]\. [A-Z]", finding.advice)


def one(name, judgement):
    """A finding with a name and a judgement."""
    return Finding(name=name, what="this thing", value="so", judgement=judgement)


@pytest.mark.parametrize("name", sorted(TAILS))
@pytest.mark.parametrize("judgement", ["mind", "unknown"])
def test_what_tails_need(name, judgement):
    """What makes tails has to be good and known, for tails; medians do without."""
    assert Verdict(fitness="fit for medians", reasons=("this thing: so",)) == verdict([one(name, judgement)])
    assert name in NAMES


@pytest.mark.parametrize("name", sorted({*NAMES} - TAILS))
@pytest.mark.parametrize("judgement", ["mind", "unknown"])
def test_what_tails_do_not_need(name, judgement):
    """What changes all calls alike keeps nobody from tails."""
    assert Verdict(fitness="fit for tails") == verdict([one(name, judgement)])


def test_one_bad_finding():
    """A bad finding makes a machine unfit, and only bad ones are given as reasons then."""
    expected = Verdict(fitness="unfit", reasons=("this thing: so",))
    assert expected == verdict([one("build", "bad"), one("steal", "mind"), one("turbo", "mind")])


def test_real_machine():
    """This machine, whatever it is, has all findings and some verdict."""
    described = environment.describe(
        packages=[], sampler="native", measuring_core=None, directory=Path("/nowhere"), root=Path("/")
    )
    now = activity(Path("/"))
    all_of_them = findings(described, replace(QUIET, before=now, after=activity(Path("/"))))
    assert NAMES == tuple(finding.name for finding in all_of_them)
    assert verdict(all_of_them).fitness in {"fit for tails", "fit for medians", "unfit"}
    assert now.load is not None
    assert sys.platform != "linux" or now.swapped_pages is not None


def test_activity_where_there_is_none(tmp_path):
    """Without /proc only the load is told."""
    assert Activity(load=activity(tmp_path).load) == activity(tmp_path)


@pytest.mark.parametrize(("cores", "judgement"), [(4, "mind"), (8, "good")])
def test_the_load_is_that_of_all_cores_whatever_may_be_used(cores, judgement):
    """Under `taskset -c 0` as well."""
    finding = found(
        "load", changed(machine={"cores": cores, "cores_usable": 1}), replace(QUIET, after=replace(STILL, load=2.5))
    )
    assert (judgement, f"2.50 for {cores} cores") == (finding.judgement, finding.value)
