"""The report's tables and words as JSON: names of fields are those of the report's parts, with their units."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.records.cases import Case, CodecInfo
from serbench.statistics.estimates import Missing
from serbench.store.verdicts import to_wire

if TYPE_CHECKING:
    from serbench.compare.parts import Comparison, History
    from serbench.records.verdict import Verdict
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.whole import Report

REPORT_FORMAT = "serbench.report/1"
_PICTURES = {"curves", "timelines", "matrix", "prices", "cases", "compressed"}
_LEFT_OUT = _PICTURES | {"sizes", "memory", "cold_starts", "instructions", "conditions", "batches", "environment"}
COMPARISON_FORMAT = "serbench.comparison/1"
HISTORY_FORMAT = "serbench.history/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Json:
    """A run's report, but for what `run.json` has in figures: curves, timelines, batches, other passes."""

    name: str = "json"
    needs: Needs = "run"
    suffix: str = ".json"

    def render(self, what: Report, /) -> str:
        """One object. A missing number is `{"missing": two or three words, "reason": why}`."""
        codecs = [dataclasses.asdict(codec) for codec in what.codecs]
        body = {name: _plain(value) for name, value in _fields(what).items() if name not in _LEFT_OUT}
        return _written({"format": REPORT_FORMAT} | body | {"codecs": codecs})


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonComparison:
    """Two runs side by side."""

    name: str = "json"
    needs: Needs = "comparison"
    suffix: str = ".json"

    def render(self, what: Comparison, /) -> str:
        """One object; ratios are new over base. The runs themselves are not in it."""
        body = {name: _plain(value) for name, value in _fields(what).items() if name != "runs"}
        return _written({"format": COMPARISON_FORMAT} | body)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonHistory:
    """Several runs side by side."""

    name: str = "json"
    needs: Needs = "history"
    suffix: str = ".json"

    def render(self, what: History, /) -> str:
        """One object; of each case a point a run, and a change a run but the first. The runs are not in it."""
        body = {name: _plain(value) for name, value in _fields(what).items() if name != "records"}
        return _written({"format": HISTORY_FORMAT} | body)


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonVerdict:
    """What the gate has decided."""

    name: str = "json"
    needs: Needs = "verdict"
    suffix: str = ".json"

    def render(self, what: Verdict, /) -> str:
        """One object, as docs/verdict.schema.json has it; what does not apply is absent."""
        return to_wire(what).decode()


def _plain(value: Any) -> Any:
    """What JSON carries: records as objects, codecs by name, and the id with a case."""
    match value:
        case Missing():
            return {"missing": value.short, "reason": value.reason}
        case CodecInfo():
            return value.name
        case Case():
            return {"id": value.id} | {name: _plain(part) for name, part in _fields(value).items()}
        case tuple():
            return [_plain(item) for item in value]
        case _ if dataclasses.is_dataclass(value):
            return {name: _plain(part) for name, part in _fields(value).items()}
    return value


def _fields(record: Any) -> dict[str, Any]:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}


def _written(body: dict[str, Any]) -> str:
    return json.dumps(body, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


RENDERERS: tuple[AnyRenderer, ...] = (Json(), JsonComparison(), JsonHistory(), JsonVerdict())
