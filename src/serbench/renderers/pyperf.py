"""A file that pyperf reads (`pyperf compare_to`, `show`, `stats`, `hist`), without pyperf: format 1.0 of its JSON.

A benchmark per case, a pyperf run per worker process, a value per batch mean. What pyperf makes of them is not what
serbench says: it pools all values, as if batches of one process were independent of each other.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.records.cases import OPERATION_WORDS
from serbench.units import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.batches import CaseBatches, Process
    from serbench.report.whole import Report

VERSION = "1.0"
"""Of the format, since pyperf 1.0."""

_COLLECTOR = {"on": "", "off": "disabled", "frozen": "frozen"}  # the first two as pyperf says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Pyperf:
    """The batch means of a run.

    A value is seconds per call. `loops` are the calls of a batch (their mean in that process), `inner_loops` is 1.
    Calls of warm-up and lead-in are counted in the metadata and no warm-up values: nobody timed them.
    """

    name: str = "pyperf"
    needs: Needs = "run"
    suffix: str = ".json"

    def render(self, what: Report, /) -> str:
        """One object. Without a case that has batches there is no benchmark in it, which pyperf refuses to read."""
        body = {
            "version": VERSION,
            "metadata": _metadata(_common(what)),
            "benchmarks": [_benchmark(batches) for batches in what.batches],
        }
        return json.dumps(body, separators=(",", ":"), allow_nan=False) + "\n"


def _common(report: Report) -> dict[str, Any]:
    """What all benchmarks have in common, under pyperf's names where it has one."""
    environment = report.environment
    machine, system, python = environment.machine, environment.system, environment.python
    return {
        "unit": "second",
        "date": report.started[:19].replace("T", " "),
        "platform": " ".join(str(part) for part in (system.get("kernel"), system.get("libc")) if part),
        "cpu_model_name": machine.get("cpu_model"),
        "cpu_machine": machine.get("architecture"),
        "cpu_count": machine.get("cores"),
        "cpu_affinity": machine.get("measuring_core"),
        "python_implementation": str(python.get("implementation", "")).lower(),
        "python_version": python.get("version"),
        "python_compiler": python.get("compiler"),
        "timer": system.get("clock"),
        "serbench_version": report.serbench,
        "serbench_run": report.run_id,
        "serbench_command": report.command,
        "serbench_sampler": environment.sampler,
    }


def _benchmark(batches: CaseBatches) -> dict[str, Any]:
    case, codec = batches.case, batches.codec
    about = {
        "name": case.id,
        "description": OPERATION_WORDS[case.operation],
        "inner_loops": 1,
        "python_gc": _COLLECTOR[case.conditions.gc],
        "serbench_codec": f"{codec.distribution or 'standard library'} {codec.version}",
        "serbench_instances": case.conditions.instances,
        "serbench_same_as_this": ", ".join(batches.also),
    }
    return {"metadata": _metadata(about), "runs": [_run(process) for process in batches.processes]}


def _run(process: Process) -> dict[str, Any]:
    about = {
        "loops": process.calls_per_batch,
        "python_hash_seed": str(process.hash_seed),
        "serbench_worker": process.number,
        "serbench_warm_up_calls": process.warm_up_calls,
        "serbench_lead_in_calls": process.lead_in_calls,
    }
    return {"metadata": _metadata(about), "values": [ns / NS_PER_SECOND for ns in process.ns_per_call]}


def _metadata(about: Mapping[str, Any]) -> dict[str, Any]:
    """What pyperf takes: numbers, and text of one line; what is not known or empty is not there."""
    plain = {name: value if isinstance(value, int | float) else _line(value) for name, value in about.items()}
    return {name: value for name, value in plain.items() if value != ""}


def _line(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


RENDERERS: tuple[AnyRenderer, ...] = (Pyperf(),)
