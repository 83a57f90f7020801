"""Bencher Metric Format, which `bencher run --adapter json` reads.

Source: bencher.dev/docs/reference/bencher-metric-format: benchmark, measure, and `value` with `lower_value` and
`upper_value` where there is an interval. A measure is created under its slug when it is first seen; its unit is not in
the format: those that begin with `latency` are nanoseconds, as Bencher's own `latency` is.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from serbench.report.measures import report_measures, verdict_measures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serbench.records.verdict import Verdict
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.measures import Measure
    from serbench.report.whole import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Bencher:
    """The cases of a run."""

    name: str = "bencher"
    needs: Needs = "run"
    suffix: str = ".json"

    def render(self, what: Report, /) -> str:
        """`latency-typical`, `latency-p50`, `latency-p99` and `encoded-bytes` of each case."""
        return _written(report_measures(what))


@dataclass(frozen=True, slots=True, kw_only=True)
class BencherVerdict:
    """The new side of a gate: Bencher keeps the history, base is what it has seen before."""

    name: str = "bencher"
    needs: Needs = "verdict"
    suffix: str = ".json"

    def render(self, what: Verdict, /) -> str:
        """Every gated metric that has a number."""
        return _written(verdict_measures(what))


def _written(measures: Iterable[Measure]) -> str:
    benchmarks: dict[str, dict[str, dict[str, float]]] = {}
    for measure in measures:
        slug = measure.metric.replace("_", "-")
        of_time = f"latency-{slug}" if measure.unit == "ns" else slug
        benchmarks.setdefault(measure.case_id, {})[of_time] = _metric(measure)
    return json.dumps(benchmarks, indent=2, allow_nan=False) + "\n"


def _metric(measure: Measure) -> dict[str, float]:
    ends = {"lower_value": measure.low, "upper_value": measure.high}
    return {"value": measure.value} | {name: end for name, end in ends.items() if end is not None}


RENDERERS: tuple[AnyRenderer, ...] = (Bencher(), BencherVerdict())
