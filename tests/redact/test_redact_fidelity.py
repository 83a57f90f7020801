"""What comes back from codecs, without whose they are."""

from __future__ import annotations

import re
from dataclasses import replace

import fakes
from serbench.records.fidelity import Fidelity, Outcome, Probed
from serbench.redact import Surroundings, redact
from serbench.renderers.html import Html
from serbench.report.build import build

HERE = Surroundings(
    hosts=frozenset({"wombat"}), users=frozenset({"alice"}), folders=frozenset({"/home/alice", "/home/alice/quokka"})
)
OWN, OTHER = "/home/alice/quokka/mine.py", "/home/alice/numbat/mine.py"


def looked_at(*codecs):
    """A run of these codecs, each of which was asked for one value."""
    words = "ValueError: '/home/alice/quokka/x.json' on wombat"
    probed = (Probed(probe="nan", outcome=Outcome.REFUSED, words=words, undeclared="alice said so"),)
    return fakes.run(
        [fakes.measured(fakes.case(name), fakes.drawn_workers(5_000)) for name in codecs],
        codecs=[fakes.codec(name) for name in codecs],
        fidelity=tuple(Fidelity(codec=name, probed=probed) for name in codecs),
    )


def test_what_comes_back_stays_with_its_codec():
    """A codec that is named after a file has one new name everywhere, and two of them stay two."""
    made = redact(looked_at("orjson", OWN, OTHER), HERE)
    names = [codec.name for codec in made.codecs]
    assert names == [one.codec for one in made.fidelity]
    assert names == [measurement.case.codec for measurement in made.measurements]
    assert len(names) == len(set(names))
    assert "orjson" == names[0]
    assert not any(secret in name for name in names for secret in ("alice", "quokka", "numbat"))


def test_what_a_codec_said_of_a_value_names_nobody():
    """Its reasons and what it did not declare are texts like all others; outcomes and probes stay."""
    (one,) = redact(looked_at("orjson"), HERE).fidelity
    (probed,) = one.probed
    assert ("nan", Outcome.REFUSED) == (probed.probe, probed.outcome)
    assert "ValueError: '[path]/x.json' on [host]" == probed.words
    assert "[user] said so" == probed.undeclared


def test_a_codec_that_only_was_looked_at_is_redacted_as_well():
    """Measured or not: the page shows its name."""
    run = looked_at("orjson", OWN)
    run = replace(run, measurements=run.measurements[:1])
    html = Html().render(build(redact(run, HERE)))
    section = re.search(r'<section aria-labelledby="fidelity">.*?</section>', html, re.DOTALL)[0]
    assert "mine.py" in section
    assert not re.search(r"alice|quokka|wombat", html)
