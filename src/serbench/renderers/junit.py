"""JUnit XML, as GitLab, Jenkins, Azure Pipelines and CircleCI read it.

There is no one standard. What is written here is what all of them read:

* One suite. GitLab shows `classname` as the suite and only `name` in merge requests, Jenkins takes `classname` for
  package and class: so `classname` is always the same, and `name` says case and metric.
* GitLab and CircleCI show the body of a failure, Jenkins and Azure `message` as well: so all figures are in the body.
* The time is the suite's: rows are measured together, and none has a time of its own.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from serbench.gate.row_words import details, metric, plain, remarks, sentence
from serbench.gate.words import NAME, decided, failing, finding, next_step, ordered, packages
from serbench.records.verdict import METRIC_WORDS, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    from serbench.records.verdict import Row, Verdict
    from serbench.renderers.base import AnyRenderer, Needs

CLASS_NAME = "serbench.gate"
_UNCUT = 10_000  # characters of a name: it tells tests apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Junit:
    """A test for each row: failed, in error where it cannot be compared, skipped where it is inconclusive.

    Where nothing was compared there is one test, in error. A row that is accepted, only warned of or ignored passes and
    says so in its output. With `--strict` an inconclusive row has failed, as the build has.
    """

    name: str = "junit"
    needs: Needs = "verdict"
    suffix: str = ".xml"

    def render(self, what: Verdict, /) -> str:
        """The document, with a declaration; the worst rows stand first."""
        tests = [_test(row, what) for row in ordered(what)] or list(_nothing(what))
        counts = {
            "tests": str(len(tests)),
            "failures": str(sum(test.find("failure") is not None for test in tests)),
            "errors": str(sum(test.find("error") is not None for test in tests)),
            "skipped": str(sum(test.find("skipped") is not None for test in tests)),
            "time": f"{what.seconds:.3f}",
        }
        root = ET.Element("testsuites", {"name": NAME, **counts})
        suite = ET.SubElement(root, "testsuite", {"name": NAME, **counts, **dict(_timestamp(what.started))})
        _properties(suite, what)
        suite.extend(tests)
        ET.SubElement(suite, "system-out").text = "\n".join([finding(what), *map(plain, what.notes)])
        ET.indent(root)
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _nothing(verdict: Verdict) -> Iterator[ET.Element]:
    """Without a row a test that says why the build fails, where it does."""
    if verdict.exit_code:
        test = ET.Element("testcase", {"classname": CLASS_NAME, "name": finding(verdict), "time": "0.000"})
        ET.SubElement(test, "error", {"message": next_step(verdict), "type": str(verdict.outcome)})
        yield test


def _test(row: Row, verdict: Verdict) -> ET.Element:
    name = f"{plain(row.case_id, _UNCUT)} {metric(row)}"
    test = ET.Element("testcase", {"classname": CLASS_NAME, "name": name, "time": "0.000"})
    message, body = sentence(row), _body(row)
    if failing(row, verdict):
        tag = "error" if row.outcome is Outcome.NOT_COMPARABLE else "failure"
        about = {"message": message, "type": plain(row.cause) or str(row.outcome)}
        ET.SubElement(test, tag, about).text = body
    elif row.outcome is Outcome.INCONCLUSIVE:
        ET.SubElement(test, "skipped", {"message": message}).text = body
    elif row.outcome is not Outcome.SAME:
        ET.SubElement(test, "system-out").text = f"{message}\n\n{body}"
    return test


def _body(row: Row) -> str:
    lines = [f"{label}: {value}" for label, value in details(row)]
    return "\n".join([*remarks(row), *lines, f"{metric(row)} is the {METRIC_WORDS[row.metric]}."])


def _properties(suite: ET.Element, verdict: Verdict) -> None:
    properties = ET.SubElement(suite, "properties")
    sides = [(name, side) for name, side in (("base", verdict.base), ("new", verdict.new))]
    about = [(name, ", ".join(filter(None, (plain(side.asked), packages(side))))) for name, side in sides]
    for name, value in (*about, *decided(verdict)):
        ET.SubElement(properties, "property", {"name": name, "value": value})


def _timestamp(started: str) -> Iterator[tuple[str, str]]:
    """UTC without a zone, as the schema of Jenkins has it; nothing where it is no time."""
    with suppress(ValueError):
        at = datetime.fromisoformat(started).astimezone(UTC)
        yield "timestamp", at.strftime("%Y-%m-%dT%H:%M:%S")


RENDERERS: tuple[AnyRenderer, ...] = (Junit(),)
