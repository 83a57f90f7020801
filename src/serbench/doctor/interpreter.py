"""The Python that measures: how it was built, what watches it, which variables change it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.doctor.parts import Finding, judged, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.doctor.parts import Judgement
    from serbench.records.run import Environment

_OWN = ("PYTHONHASHSEED",)  # workers are given their own
_SLOWING = ("PYTHONDEVMODE", "PYTHONTRACEMALLOC", "PYTHONPERFSUPPORT", "PYTHON_PERF_JIT_SUPPORT", "MALLOC_PERTURB_")


def of_interpreter(environment: Environment) -> Iterator[Finding]:
    """Build, tracing, lock, compiler at run time, variables."""
    python = environment.python
    yield _build(python)
    yield _tracing(python)
    yield _lock(python)
    yield _jit(python)
    yield _variables(python.get("variables", ()))


def _build(python: dict[str, Any]) -> Finding:
    value = f"{python.get('implementation', 'Python')} {python.get('version', '')}".strip()
    debug = python.get("debug", False)
    advice = "Use a build without `--with-pydebug`, which checks every object and slows libraries unequally."
    return judged("build", "Python", f"{value}, a debug build" if debug else value, "bad" if debug else "good", advice)


def _tracing(python: dict[str, Any]) -> Finding:
    name, what = "tracing", "tracing, profiling, coverage"
    if "tracing" not in python:
        return unknown(name, what, "This interpreter does not tell.")
    tracing = python["tracing"]
    advice = (
        "Run without debugger, profiler, coverage and `tracemalloc`, and "
        "`unset COVERAGE_PROCESS_START COVERAGE_PROCESS_CONFIG COV_CORE_SOURCE PYTHONTRACEMALLOC`."
    )
    return judged(name, what, "on" if tracing else "off", "bad" if tracing else "good", advice)


def _lock(python: dict[str, Any]) -> Finding:
    name, what = "gil", "global interpreter lock"
    lock, free = python.get("gil", True), python.get("free_threaded_build", False)
    if not free:
        return Finding(name=name, what=what, value="on", judgement="good")
    if lock:
        value = "on, in a free-threaded build"
        advice = "Something has switched it on (an extension module, or PYTHON_GIL=1): `PYTHON_GIL=0` keeps it off."
    else:
        value = "off: a free-threaded build"
        advice = "Compare only with runs of the same build; `python3` without `t` is what most services run."
    return Finding(name=name, what=what, value=value, judgement="mind", advice=advice)


def _jit(python: dict[str, Any]) -> Finding:
    jit = python.get("jit", False)
    advice = "It is experimental, and compiles while calls are timed: `export PYTHON_JIT=0`."
    return judged("jit", "compiling at run time (JIT)", "on" if jit else "off", "mind" if jit else "good", advice)


def _variables(variables: list[str]) -> Finding:
    name, what = "variables", "variables that change Python"
    pairs = (entry.partition("=") for entry in variables)
    telling = {key: value for key, _, value in pairs if key not in _OWN and value not in ("", "0")}
    # PYTHON_GIL=0 and PYTHON_JIT=0 do say something, which the findings on both already hold
    if not telling:
        return Finding(name=name, what=what, value="none", judgement="good")
    bad = any(key in _SLOWING or value.endswith("debug") for key, value in telling.items())
    judgement: Judgement = "bad" if bad else "mind"
    value = ", ".join(f"{key}={value}" for key, value in telling.items())
    return Finding(name=name, what=what, value=value, judgement=judgement, advice=f"`unset {' '.join(telling)}`.")
