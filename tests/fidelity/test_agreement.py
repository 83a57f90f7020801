"""Every codec's declared deviations agree with what comes back from it."""

from __future__ import annotations

import pytest

from serbench.codecs.deviations import Deviation
from serbench.fidelity import running
from serbench.fidelity.declared import concerned
from serbench.fidelity.probes import BY_NAME, PROBES
from serbench.harness import catalogue
from serbench.records.fidelity import Outcome

INFOS = [info for info in catalogue.catalogue() if not info.unavailable]

# Values that end a process, and why.
CRASHES = {("ion", "surrogate-key"): "amazon.ion 0.15.0 loops for ever"}


@pytest.fixture(scope="module")
def found():
    """What comes back from each codec that is installed."""
    return {one.codec: one for one in running.each(INFOS, running.fidelity)}


def test_what_comes_back_is_as_declared(found):
    """Each change and each refusal is declared, and each that is declared happens."""
    assert {} == {(name, p.probe): p.undeclared for name, one in found.items() for p in one.probed if p.undeclared}


def test_no_value_ends_a_process(found):
    """But for those that are known."""
    died = {(name, p.probe): p.words for name, one in found.items() for p in one.probed if p.outcome is Outcome.CRASHED}
    assert {} == {key: words for key, words in died.items() if key not in CRASHES}


def test_every_codec_is_asked_everything(found):
    """Each probe has an outcome, and only what cannot be asked is not: nothing plain that a schema can say."""
    for one in found.values():
        assert [probe.name for probe in PROBES] == [probed.probe for probed in one.probed]
        untried = {probed.probe for probed in one.probed if probed.outcome is Outcome.UNTRIED} - {"key-twice"}
        assert [] == [name for name in untried if BY_NAME[name].schema is not None]


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.name)
def test_every_declared_deviation_is_seen(info, found):
    """A deviation that a codec declares shows in one of the probes that it is about."""
    outcomes = {probed.probe: probed.outcome for probed in found[info.name].probed}
    for deviation in map(Deviation, info.deviations):
        about = [outcomes[probe.name] for probe in PROBES if concerned(probe, deviation)]
        assert {Outcome.CHANGED, Outcome.REFUSED, Outcome.CRASHED} & set(about), deviation
