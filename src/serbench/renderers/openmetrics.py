"""OpenMetrics text 1.0, for a Prometheus that scrapes it or a gateway that it is pushed to; base units: seconds, bytes.

Source: prometheus.io/docs/specs/om/open_metrics_spec: TYPE, UNIT and HELP before the samples of a family, the unit as
the end of its name, and a last line of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from serbench.gate.row_words import plain
from serbench.gate.words import failing
from serbench.records.verdict import WORST_FIRST
from serbench.report.measures import case_name, report_measures
from serbench.units import NS_PER_SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from serbench.records.verdict import Outcome, Row, Verdict
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.whole import Report

Sample = tuple["Mapping[str, str]", float]
"""Labels and value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMetrics:
    """The cases of a run."""

    name: str = "openmetrics"
    needs: Needs = "run"
    suffix: str = ".txt"

    def render(self, what: Report, /) -> str:
        """Times with both ends of their intervals or ranges, encoded sizes, and which run it is."""
        return "".join((*_run(what), "# EOF\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenMetricsVerdict:
    """A verdict."""

    name: str = "openmetrics"
    needs: Needs = "verdict"
    suffix: str = ".txt"

    def render(self, what: Verdict, /) -> str:
        """Both sides of each row, its change, what became of it, and the whole."""
        return "".join((*_verdict(what), "# EOF\n"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Family:
    """A metric family; its unit is the end of its name."""

    name: str
    kind: Literal["gauge", "info", "stateset"]
    text: str
    unit: str = ""

    def lines(self, samples: Iterable[Sample]) -> str:
        """Its description and its samples; nothing without samples."""
        name = self.name + "_info" * (self.kind == "info")
        rows = [f"{name}{_labels(labels)} {_number(value)}\n" for labels, value in samples]
        about = [f"# TYPE {self.name} {self.kind}\n"]
        about += [f"# UNIT {self.name} {self.unit}\n"] * bool(self.unit)
        return "".join((*about, f"# HELP {self.name} {_escaped(self.text)}\n", *rows)) if rows else ""


def _run(report: Report) -> Iterator[str]:
    about = {"run": report.run_id, "started": report.started, "serbench": report.serbench}
    yield _Family(name="serbench_run", kind="info", text="The run.").lines([(about, 1)])
    measures = report_measures(report)
    times = [measure for measure in measures if measure.unit == "ns"]
    for name, text, part in (
        ("call", "Time of a call: typical, median or 99th percentile.", "value"),
        ("call_low", "Lower end of its interval or range.", "low"),
        ("call_high", "Upper end of its interval or range.", "high"),
    ):
        family = _Family(name=f"serbench_{name}_seconds", kind="gauge", text=text, unit="seconds")
        found = [(measure, getattr(measure, part)) for measure in times]
        yield family.lines(
            ({"case": measure.case_id, "metric": measure.metric}, ns / NS_PER_SECOND)
            for measure, ns in found
            if ns is not None
        )
    sizes = _Family(name="serbench_encoded_bytes", kind="gauge", text="Median encoded size.", unit="bytes")
    yield sizes.lines(({"case": measure.case_id}, measure.value) for measure in measures if measure.unit == "bytes")


def _verdict(verdict: Verdict) -> Iterator[str]:
    about = {"base": verdict.base.asked, "new": verdict.new.asked, "mode": verdict.mode, "started": verdict.started}
    whole = _Family(name="serbench_gate", kind="info", text="What was held against what.")
    yield whole.lines([(about | {"serbench": verdict.serbench}, 1)])
    yield _gauge("exit_code", "Exit code of the gate: 0 is no regression.", [({}, verdict.exit_code)])
    yield _states("verdict", "The verdict over all rows that count.", [({}, verdict.outcome)])
    yield _gauge("pairs", "Pairs of processes that were measured.", [({}, verdict.pairs)])
    yield _gauge("measuring_seconds", "Wall time of the measurement.", [({}, verdict.seconds)], "seconds")
    yield _sides("call_seconds", "Time of a call.", "seconds", verdict.rows, "ns", NS_PER_SECOND)
    yield _sides("size_bytes", "Encoded size or peak memory.", "bytes", verdict.rows, "bytes")
    yield _sides("call_instructions", "Instructions of a call.", "instructions", verdict.rows, "instructions")
    for name, text, values in (
        ("change", "New over base less one.", [row.change for row in verdict.rows]),
        ("change_low", "Lower end of the change at 90 %.", [row.interval and row.interval[0] for row in verdict.rows]),
        ("change_high", "Upper end of the change at 90 %.", [row.interval and row.interval[1] for row in verdict.rows]),
        ("detectable", "The smallest slowdown that would have been caught.", [row.detectable for row in verdict.rows]),
        ("tolerance", "The change that must not pass unseen.", [row.tolerance for row in verdict.rows]),
    ):
        found = zip(verdict.rows, values, strict=True)
        yield _gauge(f"{name}_ratio", text, ((_of(row), value) for row, value in found if value is not None), "ratio")
    yield _gauge("failing", "Whether a row fails the build.", ((_of(r), failing(r, verdict)) for r in verdict.rows))
    yield _states("outcome", "What became of a row.", ((_of(row), row.outcome) for row in verdict.rows))


def _of(row: Row) -> dict[str, str]:
    return {"case": case_name(row.case_id), "metric": row.metric}


def _gauge(name: str, text: str, samples: Iterable[Sample], unit: str = "") -> str:
    return _Family(name=f"serbench_gate_{name}", kind="gauge", text=text, unit=unit).lines(samples)


def _sides(name: str, text: str, unit: str, rows: Iterable[Row], of: str, divisor: float = 1) -> str:  # noqa: PLR0917
    found = [(row, side, value) for row in rows for side, value in (("base", row.base), ("new", row.new))]
    samples = ((_of(r) | {"side": s}, v / divisor) for r, s, v in found if v is not None and r.unit == of)
    return _gauge(name, f"{text} Both sides.", samples, unit)


def _states(name: str, text: str, found: Iterable[tuple[Mapping[str, str], Outcome]]) -> str:
    """A set of states: one sample for each outcome, of which the one that holds is 1."""
    family = _Family(name=f"serbench_gate_{name}", kind="stateset", text=text)
    return family.lines(
        ({**labels, family.name: outcome.value}, outcome is held) for labels, held in found for outcome in WORST_FIRST
    )


def _labels(labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{name}="{_escaped(plain(value, 10_000))}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    """Whole numbers without a point; those that are endless as Prometheus writes them."""
    if isinstance(value, int):
        return str(int(value))
    return {"inf": "+Inf", "-inf": "-Inf", "nan": "NaN"}.get(repr(float(value)), repr(float(value)))


RENDERERS: tuple[AnyRenderer, ...] = (OpenMetrics(), OpenMetricsVerdict())
