"""The probe values: what each is about, and that no deviation is without one."""

from __future__ import annotations

import pytest

from serbench.codecs.deviations import Deviation
from serbench.errors import SerbenchError
from serbench.fidelity.declared import concerned
from serbench.fidelity.exactness import difference
from serbench.fidelity.probes import BY_NAME, GROUPS, PROBES
from serbench.schema.payload import Kind, contents

each_probe = pytest.mark.parametrize("probe", PROBES, ids=lambda probe: probe.name)


def test_names_are_their_own():
    """A probe is found by its name, and each group has several."""
    assert len(BY_NAME) == len(PROBES) >= 40
    assert all(sum(probe.group == group for probe in PROBES) > 4 for group in GROUPS)
    assert len({probe.title for probe in PROBES}) == len(PROBES)


@each_probe
def test_a_probe_is_made_anew_and_is_the_same_each_time(probe):
    """A codec that changes what it is handed changes no other's."""
    first, second = probe.make(), probe.make()
    assert "" == difference(first, second)
    assert first is not second or probe.name == "root-text"


@each_probe
def test_plain_values_are_told_from_objects(probe):
    """Payloads may hold the first; of the others no payload can be made."""
    if probe.plain:
        assert probe.payload(probe.make()).kinds == contents(probe.make())[0]
    else:
        with pytest.raises(SerbenchError):
            contents(probe.make())
        assert frozenset() == probe.payload(probe.make()).kinds


@pytest.mark.parametrize("deviation", Deviation)
def test_every_deviation_shows_in_a_probe(deviation):
    """Else the matrix could not be held against what is declared."""
    assert any(concerned(probe, deviation) for probe in PROBES)


def test_every_kind_of_value_occurs():
    """What codecs are asked about when a payload is bound is asked about here."""
    found = set().union(*(probe.payload(probe.make()).kinds for probe in PROBES))
    assert set(Kind) == found
