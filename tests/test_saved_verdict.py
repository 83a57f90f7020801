"""`serbench compare` of the two halves of a gate: its verdict stands on top, decided again from what was saved."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace

import pytest

import two_sides
from serbench.store import files

SLOWER = two_sides.runs({two_sides.DECODE: [1.1 + 0.01 * (k % 3) for k in range(20)]})
GATE = ("serbench", "gate", "--base", "orjson==1", "--new", "orjson==2")


@pytest.fixture
def compared(tmp_path):
    """What the command says of two halves, the last line of its errors, and its page."""

    def compared(*options, order=("base", "new"), runs=SLOWER, command=GATE, policy=""):
        for name, run in zip(("base", "new"), runs, strict=True):
            files.save(replace(run, command=command, id=f"id-{name}"), files.open_folder(tmp_path / name, force=True))
        if policy:
            (tmp_path / "serbench.toml").write_text(policy)
        words = [sys.executable, "-m", "serbench", "compare", *order, "-o", "json", "-o", "html=page.html", *options]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert 0 == done.returncode, done.stderr
        return json.loads(done.stdout)["sentences"], (tmp_path / "page.html").read_text()

    return compared


def headline(page):
    """What the page begins with."""
    return re.sub(r"<[^>]*>", "", re.search(r"<h1.*?</h1>", page, flags=re.DOTALL)[0])


def test_the_gates_verdict_on_its_halves_is_told_first(compared):
    """In a sentence by every output, with all of its rows on the page; the command exits 0 all the same."""
    told, page = compared()
    assert told[0].startswith("serbench gate: 2 of 5 metrics of 1 case regressed")
    assert headline(page) == "Regression in 2 metrics"
    assert "serbench gate --base base --new new" in page
    assert "orjson/order/decode is slower: it takes 1.11 times as long" in " ".join(told)


def test_it_is_asked_what_it_was_asked(compared):
    """Metrics, tolerances and strictness of the command that has measured the halves."""
    told, page = compared(command=(*GATE, "--metric", "p50", "--metric", "p10", "--tolerance", "30%", "--strict"))
    assert told[0].startswith("serbench gate: no regression in 2 metrics of 1 case")
    assert "--base base --new new --metric p50 --metric p10 --tolerance 30% --strict" in page
    assert "<dd>fails the build</dd>" in page
    assert "No regression" == headline(page)


def test_the_policy_of_the_folder_answers_the_rest(compared):
    """Also one that is about more cases than were measured this time."""
    policy = '[gate]\n[[gate.warn]]\ncodec = "orjson"\n[[gate.warn]]\ncodec = "another"\n'
    told, page = compared(policy=policy)
    assert told[0].startswith("serbench gate: no regression that counts in 5 metrics of 1 case (2 only warned of)")
    assert "only warned of" in page


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"policy": "[gate]\nbudgt = 1\n"}, "The gate's verdict is not shown: serbench.toml: [gate]: "),
        ({"command": (*GATE, "--policy", "gone.toml")}, "The gate's verdict is not shown: gone.toml: no such file"),
        ({"order": ("new", "base")}, "The halves of a gate are swapped: give them the other way round"),
    ],
)
def test_a_verdict_that_cannot_be_made_says_why(compared, options, words):
    """And the runs are compared all the same."""
    told, page = compared(**options)
    assert told[0].startswith(words)
    assert "The verdict</h2>" not in page
    assert "1 case" in told[1]


def test_runs_that_are_no_halves_have_no_verdict(compared):
    """Nor have halves of two gates: ids must match."""
    base, new = SLOWER
    other = replace(new, pairing=replace(new.pairing, id="another"))
    for runs in ((base, other), (base, replace(new, pairing=None))):
        told, page = compared(runs=runs)
        assert told[0].startswith("1 case: ")
        assert "The verdict</h2>" not in page


def test_what_is_redacted_has_no_verdict(compared):
    """Its words are the policy's, which nobody has looked through."""
    told, page = compared("--redact")
    assert told[0].startswith("1 case: ")
    assert "The verdict</h2>" not in page
