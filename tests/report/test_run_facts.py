from __future__ import annotations

from dataclasses import replace

import fakes
from serbench.report.run_facts import conditions, measured

RUNS = [fakes.run([]), replace(fakes.run([]), seed=8), fakes.run([], complete=False, command=("serbench", "a b"))]


def test_what_differs_has_a_value_of_each_run():
    """However many there are; what is the same in all stands apart."""
    different, alike = conditions(RUNS, [])
    assert [("seed", "7", "8", "7")] == different
    assert ("serbench", "0.1.0", "0.1.0", "0.1.0") in alike
    assert not {fact[0] for fact in different} & {fact[0] for fact in alike}


def test_known_differences_are_added_where_the_runs_do_not_tell_them():
    """What the runs tell themselves is told in their words."""
    different, _ = conditions(RUNS, [("codec json", "1", "2", "2"), ("seed", "seven", "eight", "seven")])
    assert [("seed", "7", "8", "7"), ("codec json", "1", "2", "2")] == different
    assert ([("cpu model", "a", "b")], []) == conditions([], [("cpu model", "a", "b")])


def test_how_the_measuring_went_is_told_of_each():
    """And what one of them has not is a dash there."""
    facts = {label: values for label, *values in measured(RUNS)}
    assert ["yes", "yes", "no, it was cut short"] == facts["complete"]
    assert "serbench 'a b'" == facts["command"][2]
    assert [] == measured([])
