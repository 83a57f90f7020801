"""Annotations on GitHub: workflow commands for the log of a step, which the page of the run shows on top.

GitHub shows ten of a kind for each step, so there are nine rows at the most and the summary as the tenth.
Escaping: that of GitHub's own toolkit (actions/toolkit, packages/core/src/command.ts).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from serbench.gate.row_words import metric, plain, sentence, standing
from serbench.gate.words import NAME, failing, finding, noteworthy, quiet
from serbench.records.verdict import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.verdict import Row, Verdict
    from serbench.renderers.base import AnyRenderer, Needs

MOST = 9
"""Rows that have an annotation of their own."""

Level = Literal["error", "warning", "notice"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Github:
    """What has become worse, could not be compared or is open: an improvement needs no attention."""

    name: str = "github"
    needs: Needs = "verdict"
    suffix: str = ".txt"

    def render(self, what: Verdict, /) -> str:
        """One command a line, the worst first, the summary last. Where the one line says enough, only that."""
        return "".join(f"{line}\n" for line in _commands(what))


def _commands(verdict: Verdict) -> Iterator[str]:
    rows = [row for row in noteworthy(verdict) if _is_told(row)]
    rows = [] if quiet(verdict) else rows
    for row in rows[:MOST]:
        title = f"{metric(row)} of {plain(row.case_id)}"
        yield _command(_level(row, verdict), f"{NAME}: {title}", sentence(row))
    left = len(rows) - MOST
    more = f"; {left:,} more than are shown here, see the other outputs" if left > 0 else ""
    told = [plain(note) for note in verdict.notes]
    yield _command(_overall(verdict), NAME, "\n".join([finding(verdict) + more, *told]))


def _is_told(row: Row) -> bool:
    return row.outcome is not Outcome.IMPROVED and standing(row) != "ignored"


def _level(row: Row, verdict: Verdict) -> Level:
    if failing(row, verdict):
        return "error"
    return "warning" if standing(row) == "only warned of" else "notice"


def _overall(verdict: Verdict) -> Level:
    if verdict.exit_code or not verdict.rows:
        return "error" if verdict.exit_code else "warning"
    return "notice" if quiet(verdict) else "warning"


def _command(level: Level, title: str, message: str) -> str:
    return f"::{level} title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


RENDERERS: tuple[AnyRenderer, ...] = (Github(),)
