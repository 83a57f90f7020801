"""Results for github-action-benchmark, whose tool is to be `customSmallerIsBetter`.

Source: `extract.ts` and `extractRangeInfo.ts` of github.com/benchmark-action/github-action-benchmark: an array of
objects with `name`, `unit`, `value`, and as text `range` (one number behind a plus-minus sign) and `extra`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.report.measures import report_measures, verdict_measures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from serbench.records.verdict import Verdict
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.measures import Measure
    from serbench.report.whole import Report

NAME = "github-action-benchmark"


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkAction:
    """The cases of a run."""

    name: str = NAME
    needs: Needs = "run"
    suffix: str = ".json"

    def render(self, what: Report, /) -> str:
        """Typical time, p50, p99 and encoded size of each case."""
        return _written(report_measures(what))


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkActionVerdict:
    """The new side of a gate."""

    name: str = NAME
    needs: Needs = "verdict"
    suffix: str = ".json"

    def render(self, what: Verdict, /) -> str:
        """Every gated metric that has a number, with what became of it as `extra`."""
        return _written(verdict_measures(what))


def _written(measures: Iterable[Measure]) -> str:
    return json.dumps([_entry(measure) for measure in measures], indent=2, allow_nan=False) + "\n"


def _entry(measure: Measure) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": f"{measure.case_id} {measure.metric.replace('_', ' ')}",
        "unit": measure.unit,
        "value": measure.value,
    }
    if measure.low is not None and measure.high is not None:
        # It is read as one distance: the larger of both holds for either end.
        entry["range"] = f"± {max(measure.value - measure.low, measure.high - measure.value):.6g}"
    return entry | ({"extra": "\n".join(measure.words)} if measure.words else {})


RENDERERS: tuple[AnyRenderer, ...] = (BenchmarkAction(), BenchmarkActionVerdict())
