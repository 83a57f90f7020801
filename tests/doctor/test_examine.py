"""The doctor looks at this machine, and says what it found."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from serbench.doctor import examine, words
from serbench.doctor.findings import Verdict
from serbench.doctor.parts import Finding
from serbench.errors import Interrupted, NothingMeasured
from serbench.records.samples import Disturbance


def test_this_machine_is_looked_at():
    """Every finding has words; the verdict follows from them; the noise is of calls that were made."""
    found = examine.examine(seconds=0.2)
    by_name = {finding.name: finding for finding in found.findings}
    assert by_name["sampler"].value in ("native", "python")
    assert all(finding.value for finding in found.findings)
    assert all(finding.advice for finding in found.findings if finding.judgement != "good")
    assert found.verdict.fitness in ("fit for tails", "fit for medians", "unfit")
    assert (found.verdict.fitness == "unfit") == any(finding.judgement == "bad" for finding in found.findings)
    assert " empty calls in " in found.noise


def test_the_end_can_be_asked_for():
    """Ctrl-C is no fault."""
    with pytest.raises(Interrupted):
        examine.examine(lambda: True)


def test_without_a_worker_there_is_a_line(monkeypatch):
    """And no traceback."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(NothingMeasured, match=r"^no worker can be started here: "):
        examine.examine(seconds=0.1)


EXAMINED = examine.Examination(
    noise="some",
    findings=(
        Finding(name="a", what="one thing", value="fine", judgement="good"),
        Finding(name="b", what="another", value="not so", judgement="bad", advice="Mend it."),
    ),
    verdict=Verdict(fitness="unfit", reasons=("another: not so",)),
)


def test_the_text_has_what_to_do_and_ends_in_the_verdict():
    """A line for each finding, advice below it, reasons below the verdict."""
    lines = words.examination_text(EXAMINED).splitlines()
    assert ["ok   one thing  fine", "BAD  another    not so"] == [lines[0], lines[1]]
    assert "Mend it." == lines[2].strip()
    assert ["noise: some", "", "verdict: unfit", "  because of another: not so"] == lines[4:]


def test_the_json_has_the_same():
    """For programs."""
    told = json.loads(words.examination_json(EXAMINED))
    assert ("unfit", "Mend it.") == (told["verdict"]["fitness"], told["findings"][1]["advice"])


def test_an_unknown_output_is_refused():
    """Before anything is looked at."""
    command = [sys.executable, "-m", "serbench", "doctor", "-o", "xml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (2, "serbench: unknown output 'xml'; known: json, table\n") == (done.returncode, done.stderr)


def test_what_others_do_is_in_the_verdict(monkeypatch):
    """Nine tenths of the measuring core taken by others: nothing can be measured here."""
    busy = Disturbance(foreign_cpu=0.9, foreign_cpu_elsewhere=0.0, steal=0.0, pressure=0.9, disturbed=True)
    monkeypatch.setattr(examine.Watch, "end", lambda _self, _pids: busy)
    found = examine.examine(seconds=0.1)
    assert "unfit" == found.verdict.fitness
    assert any("90" in reason for reason in found.verdict.reasons)
