"""What the doctor says: findings and the self-test, as text and as JSON."""

from __future__ import annotations

import json
import shutil
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.doctor.examine import Examination
    from serbench.doctor.parts import Finding
    from serbench.doctor.selftest import Check

_MARKS = {"good": "ok", "mind": "mind", "bad": "BAD", "unknown": "?"}
_WIDTH = 100


def examination_text(found: Examination) -> str:
    """A line for each finding, with what to do about it below where there is something; the verdict at the end."""
    wide = max(len(finding.what) for finding in found.findings)
    lines = [line for finding in found.findings for line in _finding(finding, wide)]
    lines += ["", *_wrapped(f"noise: {found.noise}"), "", f"verdict: {found.verdict.fitness}"]
    lines += [line for reason in found.verdict.reasons for line in _wrapped(f"  because of {reason}")]
    return "\n".join(lines) + "\n"


def examination_json(found: Examination) -> str:
    """The same, for programs."""
    return json.dumps(asdict(found), indent=2) + "\n"


def _finding(finding: Finding, wide: int) -> Iterator[str]:
    yield f"{_MARKS[finding.judgement]:5}{finding.what:{wide}}  {finding.value}"
    if finding.advice:
        yield from _wrapped(finding.advice, indent=wide + 7)


def _wrapped(text: str, indent: int = 0) -> list[str]:
    width = max(60, min(shutil.get_terminal_size((_WIDTH, 24)).columns, _WIDTH))
    return textwrap.wrap(
        text, width, initial_indent=" " * indent, subsequent_indent=" " * indent, break_long_words=False
    )


def self_test_text(checks: Sequence[Check]) -> str:
    """A line for each check: what serbench says, what the codec's own record says, and how far apart they are."""
    wide = max(len(check.what) for check in checks)
    lines = [f"{'':5}{'':{wide}}  {'serbench':>12}  {'own record':>12}        apart  allowed"]
    for check in checks:
        apart = abs(check.said / check.known - 1) if check.known else float(check.said != 0)
        note = f"  {check.note}" if check.note else ""
        lines.append(
            f"{'ok' if check.passed else 'BAD':5}{check.what:{wide}}  {_number(check.said, check.unit):>12}  "
            f"{_number(check.known, check.unit):>12} {check.unit:5} {100 * apart:6.2f} %  "
            f"{100 * check.tolerance:5.3g} %{note}"
        )
    failed = sum(not check.passed for check in checks)
    verdict = f"failed: {failed} of {len(checks)} checks" if failed else f"passed: all {len(checks)} checks"
    return "\n".join([*lines, "", f"self-test {verdict}"]) + "\n"


def self_test_json(checks: Sequence[Check]) -> str:
    """The same, for programs."""
    return json.dumps([asdict(check) for check in checks], indent=2) + "\n"


def _number(value: float, unit: str) -> str:
    return f"{value:,.0f}" if unit == "calls" or value >= 100 else significant(value)
