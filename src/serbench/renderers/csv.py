"""One line per case, for spreadsheets and data frames: RFC 4180, base units in names, always the same columns."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench.report.flat import CHANGE_FIELDS, FIELDS, change_records, records

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from serbench.compare.parts import Comparison
    from serbench.renderers.base import AnyRenderer, Needs
    from serbench.report.whole import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Csv:
    """The cases of a run."""

    name: str = "csv"
    needs: Needs = "run"
    suffix: str = ".csv"

    def render(self, what: Report, /) -> str:
        """A header and a line per case."""
        return _written(FIELDS, records(what))


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvComparison:
    """The cases of two runs."""

    name: str = "csv"
    needs: Needs = "comparison"
    suffix: str = ".csv"

    def render(self, what: Comparison, /) -> str:
        """A header and a line per case."""
        return _written(CHANGE_FIELDS, change_records(what))


def _written(fields: Sequence[str], lines: Iterable[Mapping[str, Any]]) -> str:
    """Lines end in CR LF, as RFC 4180 has it; what does not apply is an empty field."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, fields)
    writer.writeheader()
    for line in lines:
        writer.writerow(
            {name: str(value).lower() if isinstance(value, bool) else value for name, value in line.items()}
        )
    return out.getvalue()


RENDERERS: tuple[AnyRenderer, ...] = (Csv(), CsvComparison())
