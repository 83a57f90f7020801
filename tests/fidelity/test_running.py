"""Codecs in processes of their own, some of which die of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from serbench.errors import Interrupted
from serbench.fidelity import running
from serbench.fidelity.probes import PROBES
from serbench.harness import catalogue
from serbench.records.fidelity import Outcome

HARMFUL = {info.name: info for info in catalogue.of_file(str(Path(__file__).parent / "harmful_codecs.py"))}


def outcomes(name):
    """What is not exact from a codec, by probe; the others are those of pickle."""
    (found,) = running.each([HARMFUL[name]], running.fidelity)
    assert [probe.name for probe in PROBES] == [probed.probe for probed in found.probed]
    return {p.probe: (p.outcome.value, p.words) for p in found.probed if p.outcome is not Outcome.EXACT}


LIKE_PICKLE = {"key-twice": "changed"}


@pytest.mark.parametrize(
    ("name", "outcome", "words"),
    [
        ("dies", "crashed", "killed by SIGSEGV during encode"),
        ("spins", "crashed", "no end within 3 s of processor time during encode; killed"),
        ("panics", "crashed", "encode raised Panic: index out of bounds, past `except Exception`"),
        ("refuses", "refused", "ValueError: not that"),
    ],
)
def test_what_a_value_does_costs_that_value_only(name, outcome, words):
    """Those behind it are tried in a new process."""
    found = outcomes(name)
    assert (outcome, words) == found.pop("none")
    found.pop("deep-1000", None)  # refused by Python 3.11, exact from 3.12 on
    assert LIKE_PICKLE == {probe: told for probe, (told, _) in found.items()}


def test_a_codec_that_cannot_be_opened_has_no_outcome():
    """And the others have theirs."""
    gone = replace(HARMFUL["refuses"], name="gone", source=str(Path(__file__).parent / "no_such_codec.py"))
    first, second = running.each([gone, HARMFUL["refuses"]], running.fidelity)
    assert {Outcome.UNTRIED} == {probed.outcome for probed in first.probed}
    assert all("no such Python file" in probed.words for probed in first.probed)
    assert "refuses" == second.codec


def test_each_is_told_when_it_is_done_and_the_order_stays():
    """Whoever is quicker."""
    told = []
    found = running.each([HARMFUL["refuses"], HARMFUL["panics"]], lambda info, _: info.name, told=told.append)
    assert ["refuses", "panics"] == found
    assert {"refuses", "panics"} == set(told)


def test_somebody_asks_for_the_end():
    """No process is waited for then."""
    with pytest.raises(Interrupted):
        running.each([HARMFUL["spins"]], running.fidelity, stop=lambda: True)


@pytest.mark.parametrize(("codecs", "most"), [(0, 1), (1, 1), (100, running.MOST_AT_ONCE)])
def test_how_many_are_examined_at_once(codecs, most):
    """At least one, and no more than there are."""
    assert 1 <= running.at_once(codecs) <= most
