"""A file that pytest-benchmark reads (`pytest-benchmark compare`, `--benchmark-compare`), which is not needed for it.

A benchmark per case, a round per batch of any worker process. Its figures do not know of processes: how sure a
difference is stands in serbench's own outputs.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from serbench.units import NS_PER_SECOND

if TYPE_CHECKING:
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.batches import CaseBatches, Figures
    from serbench.report.whole import Report

ROUND = "a round is a batch of calls timed as a whole, in one block of one worker process; its time is that of one call"
VERSION = "5.1.0"
"""The pytest-benchmark whose format this is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PytestBenchmark:
    """The batch means of a run, as figures over all of them; seconds per call. Groups are payload and operation."""

    name: str = "pytest-benchmark"
    needs: Needs = "run"
    suffix: str = ".json"

    def render(self, what: Report, /) -> str:
        """One object."""
        body = {
            "machine_info": _machine(what),
            "commit_info": _commit(what),
            "benchmarks": [_benchmark(batches, what) for batches in what.batches],
            "datetime": what.started,
            "version": VERSION,
        }
        return json.dumps(body, indent=1, allow_nan=False) + "\n"


def _machine(report: Report) -> dict[str, Any]:
    machine, system, python = (getattr(report.environment, part) for part in ("machine", "system", "python"))
    kernel, _, release = str(system.get("kernel", "")).partition(" ")
    return {
        "node": "",
        "processor": machine.get("cpu_model", ""),
        "machine": machine.get("architecture", ""),
        "python_compiler": python.get("compiler", ""),
        "python_implementation": python.get("implementation", ""),
        "python_implementation_version": python.get("version", ""),
        "python_version": python.get("version", ""),
        "python_build": [python.get("build", "")],
        "release": release,
        "system": kernel,
        "cpu": {"brand_raw": machine.get("cpu_model", ""), "count": machine.get("cores", 0)},
    }


def _commit(report: Report) -> dict[str, Any]:
    git = report.environment.git
    known = {"id": git.get("commit", "unversioned"), "dirty": bool(git.get("dirty"))}
    return known | {"time": None, "author_time": None, "project": "", "branch": "(unknown)"}


def _benchmark(batches: CaseBatches, report: Report) -> dict[str, Any]:
    case, codec = batches.case, batches.codec
    return {
        "group": batches.group,
        "name": case.id,
        "fullname": case.id,
        "params": {"codec": case.codec, "payload": case.payload, "operation": str(case.operation)},
        "param": case.codec,
        "extra_info": {
            "round": ROUND,
            "iterations": "mean calls of a batch",
            "workers": len(batches.processes),
            "library": f"{codec.distribution or 'standard library'} {codec.version}",
            "conditions": asdict(case.conditions),
            "same_as_this": list(batches.also),
            "run": report.run_id,
            "command": report.command,
        },
        "options": {},
        "stats": _stats(batches.figures),
    }


def _stats(figures: Figures) -> dict[str, Any]:
    seconds = {
        "min": figures.min,
        "max": figures.max,
        "mean": figures.mean,
        "stddev": figures.stddev,
        "median": figures.median,
        "iqr": figures.q3 - figures.q1,
        "q1": figures.q1,
        "q3": figures.q3,
        "ld15iqr": figures.low,
        "hd15iqr": figures.high,
        "total": figures.total,
    }
    return {name: ns / NS_PER_SECOND for name, ns in seconds.items()} | {
        "rounds": figures.batches,
        "iterations": figures.calls_per_batch,
        "ops": NS_PER_SECOND / figures.mean,
        "iqr_outliers": figures.beyond_fence,
        "stddev_outliers": figures.beyond_stddev,
        "outliers": f"{figures.beyond_stddev};{figures.beyond_fence}",
    }


RENDERERS: tuple[AnyRenderer, ...] = (PytestBenchmark(),)
