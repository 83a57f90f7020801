"""JUnit XML: counts that agree, figures in the bodies, and XML whatever the names are."""

from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

import fake_verdicts as fake
from serbench.renderers.junit import Junit

TAGS = ("failure", "error", "skipped", "system-out")


def suites(verdict):
    """The root and its only suite."""
    root = ET.fromstring(Junit().render(verdict).encode())
    (suite,) = root
    return root, suite


def children(verdict):
    """By name, what the test has for a child, if anything."""
    return {test.get("name"): next(iter(test), None) for test in suites(verdict)[1].findall("testcase")}


@pytest.mark.parametrize("verdict", [fake.verdict(), fake.verdict(fake.CLEAN), fake.verdict([]), fake.hostile()])
@pytest.mark.parametrize("strict", [False, True])
def test_counts_agree(verdict, strict):
    """Of the whole and of the suite, with what is in it; something has failed where the gate does."""
    verdict = replace(verdict, strict=strict)
    root, suite = suites(verdict)
    cases = suite.findall("testcase")
    expected = [len(cases)] + [sum(case.find(tag) is not None for case in cases) for tag in TAGS[:3]]
    for element in (root, suite):
        counts = [int(element.get(name)) for name in ("tests", "failures", "errors", "skipped")]
        assert expected == counts
    assert bool(verdict.exit_code) is (expected[1] + expected[2] > 0)
    assert max(1, len(verdict.rows)) == len(cases)


def test_what_became_of_a_row_is_what_became_of_a_test():
    """Failed, in error, skipped; what the policy lets pass has passed and says so; the rest has nothing to say."""
    found = {name: child if child is None else child.tag for name, child in children(fake.verdict()).items()}
    expected = {
        "orjson/chat/decode p99": "failure",
        "orjson/order/decode p10": "failure",
        "orjson/order/encode encoded bytes": "failure",
        "msgpack/order/decode correctness": "error",
        "json/order/decode p99": "system-out",
        "json/chat/decode p50 of batches": "skipped",
        "json/order/decode p50": "system-out",
        "json/chat/decode p99": "system-out",
        "json/chat/decode p10": "system-out",
        "orjson/order/decode p50": None,
    }
    assert list(expected.items()) == list(found.items())


def test_a_failure_has_its_figures_in_its_body():
    """GitLab shows no message; the type is a word that does not change."""
    failure = children(fake.verdict())["orjson/chat/decode p99"]
    assert "regressed" == failure.get("type")
    assert failure.get("message").startswith("p99 of orjson/chat/decode regressed: 12.3 us to 17.4 us, +41.0 %")
    lines = failure.text.splitlines()
    assert {"base: 12.3 us", "new: 17.4 us", "change: +41.0 % (+40.0 to +42.0 %)", "tolerance: 25 %"} <= set(lines)
    assert "p99 is the 99th percentile of single calls." == lines[-1]


def test_an_error_says_why_nothing_was_compared():
    """The cause is its type, the reason in the body."""
    error = children(fake.verdict())["msgpack/order/decode correctness"]
    assert ("missing", "it is in base and not in new") == (error.get("type"), error.text.splitlines()[0])


def test_what_was_accepted_says_by_whom_and_why():
    """In the output of a test that has passed."""
    text = children(fake.verdict())["json/order/decode p50"].text
    assert "accepted: checks UTF-8 now (commit 0123abc, until 2027-01-31)" in text


def test_with_strict_an_inconclusive_test_has_failed():
    """As the build has."""
    assert "failure" == children(fake.verdict(strict=True))["json/chat/decode p50 of batches"].tag


def test_names_tell_tests_apart():
    """Every test has the same class, so that its name must say all."""
    cases = suites(fake.verdict())[1].findall("testcase")
    assert {"serbench.gate"} == {case.get("classname") for case in cases}
    assert len(cases) == len({case.get("name") for case in cases})


@pytest.mark.parametrize(
    ("started", "expected"),
    [
        ("2026-01-02T04:04:05+01:00", "2026-01-02T03:04:05"),
        ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05"),
        ("", None),
        ("yesterday", None),
    ],
)
def test_the_time_is_utc_without_a_zone(started, expected):
    """As the schema wants it; absent where it is not known."""
    _, suite = suites(fake.verdict(started=started))
    assert (expected, "14.200") == (suite.get("timestamp"), suite.get("time"))


def test_the_suite_says_what_was_compared():
    """Both sides and how it was decided as properties; the one line and notes as its output."""
    _, suite = suites(fake.verdict(notes=("A note.",)))
    properties = {entry.get("name"): entry.get("value") for entry in suite.find("properties")}
    assert "orjson==3.13.0, msgpack 1.1.0, orjson 3.13.0" == properties["new"]
    assert "1,024 swaps of whole pairs, seed 7" == properties["Tests"]
    assert suite.find("system-out").text.endswith("10 pairs, 14 s\nA note.")


def test_names_from_outside_change_nothing():
    """What XML cannot carry is written out; what looks like markup comes back as it was."""
    text = Junit().render(fake.hostile())
    assert "]]>" not in text
    names = list(children(fake.hostile()))
    assert (
        rf"""a|b/ ::error::c  \x1b[31m]]>&<i>`"'%0A,{{x}}\{chr(92)}udce9\u202e[l](u)@you\x00\ufffe9 p99""" == names[0]
    )
    assert len(fake.EVERYTHING) == len(names)
