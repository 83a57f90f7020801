"""Which versions of a run are read, and what the others are told."""

import re

import pytest

from serbench.errors import BadRunFile
from serbench.store.migrations import STEPS, VERSION, migrated


def test_every_older_version_has_its_step():
    """No version between the first and the newest is left without a way on."""
    assert set(range(1, VERSION)) == set(STEPS)


def test_the_newest_version_is_taken_as_it_is():
    """Nothing in a document of the present version is changed."""
    document = {"format": f"serbench.run/{VERSION}", "seed": 1}
    assert document == migrated(document)


def test_an_older_version_goes_through_every_step_in_order():
    """A document of version 1 meets the steps to 2 and to 3, once each, and ends as version 3."""
    steps = {
        1: lambda document: {**document, "steps": ["to 2"]},
        2: lambda document: {**document, "steps": [*document["steps"], "to 3"]},
    }
    expected = {"format": "serbench.run/3", "steps": ["to 2", "to 3"]}
    assert expected == migrated({"format": "serbench.run/1"}, steps, newest=3)


def test_a_newer_version_is_refused_with_what_to_do():
    """A run from the future is not guessed at: the message says which version it is and how to upgrade."""
    told = "written by a newer serbench: serbench.run/3, this one reads up to serbench.run/2; upgrade it with pip"
    with pytest.raises(BadRunFile, match=re.escape(told)):
        migrated({"format": "serbench.run/3"}, {1: dict}, newest=2)


@pytest.mark.parametrize(
    "document",
    [
        [],
        None,
        "serbench.run/1",
        {},
        {"format": 1},
        {"format": "serbench.run/0"},
        {"format": "serbench.run/1 "},
        {"format": "serbench.run/1\n"},
        {"format": "serbench.run/" + "9" * 5000},
        {"machine_info": {}, "benchmarks": []},
    ],
)
def test_what_serbench_did_not_write_is_called_foreign(document):
    """Any other JSON, such as pytest-benchmark's, is no run, and not a broken one."""
    with pytest.raises(BadRunFile, match=r"^not a run of serbench: its format is not serbench\.run/1$"):
        migrated(document)
