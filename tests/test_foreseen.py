"""What a run would measure, in words."""

from __future__ import annotations

from pathlib import Path

import pytest

import fakes
from serbench import foreseen
from serbench.harness.plan import Setting, Spooled, plan
from serbench.harness.probe import Prospect
from serbench.records.cases import Operation


def planned(codecs, operations, found=None, passes=("time", "size")):
    """The plan of a payload of 64 instances, in words, for 6 seconds."""
    payload = Spooled(info=fakes.payload(), path=Path("order"), instances_default=True)
    made = plan(codecs, [payload], operations, [Setting()])
    return foreseen.in_words(made, 6.0, found or Prospect(), passes).splitlines()


def test_a_plan_in_words():
    """What is measured and over how many instances, what is shown as another, what is skipped and why."""
    broken = fakes.replace(fakes.codec("orjson"), unavailable="pip install orjson")
    expected = [
        "2 cases in 6 s, 3 s a case; passes: time, size",
        "  json/order/encode  64 instances",
        "  json/order/read  64 instances",
        "  json/order/dump  shown as json/order/encode",
        "  orjson/order/dump  skipped: pip install orjson",
        "  orjson/order/read  skipped: pip install orjson",
    ]
    assert expected == planned([fakes.codec("json"), broken], [Operation.DUMP, Operation.READ])


def test_a_plan_of_nothing():
    """Where all is skipped there is no division by none."""
    assert ["0 cases in 6 s, 6 s a case; passes: memory"] == planned([], [Operation.READ], passes=("memory",))


def test_what_a_codec_does_not_carry_is_skipped_with_its_reason():
    """It takes none of the time, so the others have it."""
    found = Prospect(skipped={"capnp/order/read": "items[]: one type in a place"})
    expected = [
        "1 case in 6 s, 6 s a case; passes: time, size",
        "  json/order/read  64 instances",
        "  capnp/order/read  skipped: items[]: one type in a place",
    ]
    assert expected == planned([fakes.codec("json"), fakes.codec("capnp")], [Operation.READ], found)


def expected_of(ns, calls, *, floor=50.0, workers=6, problems=None):
    """What was found of the one case that there is."""
    case = "json/order/read"
    numbers = {"ns_per_call": {case: ns}, "floor_ns": {case: floor}, "calls": {case: calls}}
    return Prospect(workers=workers, problems={case: problems} if problems else {}, **numbers)


@pytest.mark.parametrize(
    ("found", "lines"),
    [
        (
            expected_of(3_100.0, 45_123),
            [
                "about 6 workers a case, which is enough for intervals",
                "  json/order/read  64 instances, about 3.10 us a call, some 45,000 single calls",
            ],
        ),
        (
            expected_of(3_100.0, 4_512, workers=5),
            [
                "about 5 workers a case: no intervals, which take 6; give a longer --budget",
                "  json/order/read  64 instances, about 3.10 us a call, some 4,500 single calls: no p99.9",
                "p99.9 takes 10,000 calls: 1 case cannot earn it; give a longer --budget or fewer cases",
            ],
        ),
        (
            expected_of(999.0, 1_000_000, workers=1),
            [
                "about 1 worker a case: no intervals, which take 6; give a longer --budget",
                "  json/order/read  64 instances, about 999 ns a call, some 1,000,000 single calls: no tail",
                "1 case too short for single readings: the typical time is shown, no tail",
            ],
        ),
        (
            expected_of(3_100.0, 45_123, problems="hangs"),
            [
                "about 6 workers a case, which is enough for intervals",
                "  json/order/read  64 instances, will fail: hangs",
            ],
        ),
    ],
)
def test_what_may_be_expected_of_a_plan(found, lines):
    """Workers, the length of a call, single calls, and the percentiles that there are too few for."""
    assert lines == planned([fakes.codec("json")], [Operation.READ], found)[1:]
