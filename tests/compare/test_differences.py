from dataclasses import replace

import fakes
from serbench.compare.environment import differences, facts
from serbench.compare.parts import Difference


def test_facts_are_words_with_units():
    """Keys lose their underscores and units, values have theirs; lists and mappings are spelled out."""
    machine = {"memory_bytes": 8_000_000_000, "turbo": False, "caches": {"L1": 32, "L2": [1, 2]}}
    environment = replace(fakes.ENVIRONMENT, machine=machine, system={"clock_resolution_ns": 1.0}, python={"gil": True})
    expected = {
        "memory": "8.00 GB",
        "turbo": "no",
        "caches": "L1 32, L2 1, 2",
        "clock resolution": "1.00 ns",
        "Python gil": "yes",
    }
    assert expected == facts(environment)


def test_a_codec_that_only_one_run_has_is_a_difference():
    """What is absent on a side is not known there."""
    base, new = fakes.run([], codecs=[fakes.codec("json")]), fakes.run([], codecs=[])
    assert [Difference(label="codec json", base="1.2.3 C", new="not known")] == list(differences(base, new))


def test_equal_runs_do_not_differ():
    """Nothing is listed that is the same."""
    assert [] == list(differences(fakes.run([]), fakes.run([])))
