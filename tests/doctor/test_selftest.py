"""The self-test passes on what is right, and finds what is wrong."""

from __future__ import annotations

import marshal
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from serbench.doctor import own_record, selftest, synthetic, words
from serbench.errors import Interrupted
from serbench.payloads import catalogue as payloads
from serbench.records.samples import Labels
from serbench.statistics.estimates import Estimate


@pytest.fixture(scope="module")
def measured():
    """Measurements of the synthetic codecs and their own records, of a few seconds, and the checks made of them."""
    kept = {}
    real = selftest._checks

    def keeping(measurements, records):
        kept.update(measurements=measurements, records=records)
        return real(measurements, records)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selftest, "_checks", keeping)
        kept["checks"] = selftest.run(lambda _event: None, lambda: False, seconds=6.0)
    return kept


def failing(measurements, records):
    """What the checks do not pass."""
    return {check.what for check in selftest._checks(measurements, records) if not check.passed}


def test_every_sample_is_a_call_that_the_codec_recorded(measured):
    """None is missing in the record, and none is told twice."""
    counts = [check for check in measured["checks"] if check.what.endswith(": calls")]
    assert ["fixed", "rare", "collecting", "slower"] == [check.what.partition(":")[0] for check in counts]
    assert all(check.said == check.known > 0 for check in counts)


def test_no_record_is_no_agreement(measured, tmp_path):
    """Codecs that could not write one: no sample has a call, nothing passes."""
    record = own_record.Record(tmp_path, "fixed", [(np.array([[1, 2], [3, 4]]), 2)])
    failed = failing(measured["measurements"], measured["records"] | {"fixed": record})
    assert {"fixed: calls", "fixed: typical", "fixed: p50", "fixed: p99"} <= failed


def test_the_last_call_is_in_the_record(monkeypatch, tmp_path):
    """No call follows that writes how it ended: a batch must not have the next process's first call in its place."""
    monkeypatch.setenv(synthetic.FOLDER, str(tmp_path))
    decode = synthetic.CODECS[0].bind(payloads.get("ping")).decode
    for _ in range(3):
        decode(marshal.dumps({}))
    calls = own_record.Record._calls(tmp_path, "fixed")
    assert len(calls) == 3
    assert (calls[:, 1] - calls[:, 0] >= synthetic.DELAY_NS).all()


def test_times_are_those_of_the_record(measured):
    """Each codec's middle call takes what the codec was made to take, and so it was said."""
    for name, delay in (("fixed", synthetic.DELAY_NS), ("slower", synthetic.DELAY_NS * synthetic.SLOWER)):
        (check,) = (check for check in measured["checks"] if check.what == f"{name}: p50")
        assert check.passed
        assert delay <= check.known <= check.said


def test_rare_calls_are_as_rare_as_they_were_made(measured):
    """About one in 200, and they take twenty times as long."""
    ns = measured["records"]["rare"].ns
    rare = np.count_nonzero(ns >= synthetic.DELAY_NS * synthetic.RARE_FACTOR) / len(ns)
    assert 0.002 < rare < 0.02


@pytest.mark.parametrize("name", ["p50", "p99", "typical"])
def test_a_time_that_is_wrong_is_found(measured, monkeypatch, name):
    """Five per cent too much, for one codec."""
    real = selftest.summarise
    field = f"{name}_ns"

    def wrong(measurement):
        summary = real(measurement)
        said = getattr(summary, field)
        if measurement.case.codec != "fixed" or not isinstance(said, Estimate):
            return summary
        return replace(summary, **{field: replace(said, value=1.05 * said.value)})

    monkeypatch.setattr(selftest, "summarise", wrong)
    assert f"fixed: {name}" in failing(measured["measurements"], measured["records"])


def test_a_sample_that_no_call_stands_behind_is_found(measured):
    """One call more in a histogram than the codec knows of."""
    measurements = dict(measured["measurements"])
    first, *others = measurements["rare"].workers
    measurements["rare"] = replace(measurements["rare"], workers=(replace(first, calls=first.calls + 1), *others))
    assert "rare: calls" in failing(measurements, measured["records"])


def test_labels_that_are_wrong_are_found(measured):
    """The collector's calls told as the scheduler's, many of them."""
    labels = Labels(share=0.01, from_ns=1, gc=0, preempted=200, instance=0, other=0)
    wrong = measured["measurements"] | {"collecting": replace(measured["measurements"]["collecting"], labels=labels)}
    assert "collecting: slowest calls preempted" in failing(wrong, measured["records"])
    none = measured["measurements"] | {"collecting": replace(measured["measurements"]["collecting"], labels=None)}
    assert "collecting: labels" in failing(none, measured["records"])


@pytest.mark.parametrize(
    ("sampled", "said", "known", "note", "passed"),
    [
        (1_000, 1_000, 1_000, "", True),
        (1_020, 1_020, 1_000, "", True),
        (2_000, 2_000, 2_000, "1 call from its rank", True),  # the next call is the percentile: one moved across it
        (16_000, 16_000, 16_000, "4 calls from its rank", True),
        (32_000, 32_000, 1_000, "", False),  # five calls of 201 are too many
        (1_400, 1_400, 1_000, "", False),  # no call of the record took this long
        (1_000, 2_000, 1_000, "", False),  # sampled rightly and told wrongly
        (2_000, 2_100, 1_000, "", False),
    ],
)
def test_a_percentile_may_be_few_calls_away(sampled, said, known, note, passed):
    """Where calls are far apart, of 20,000: the one at p99 took 1,000 ns, each slower one twice its forerunner."""
    usual = np.full(19_799, 100)
    own = np.concatenate((usual, 1_000 * 2 ** np.minimum(np.arange(201), 40)))
    record = SimpleNamespace(ns=own, sampled_ns=np.concatenate((usual, np.full(201, sampled))))
    check = selftest._percentile("p99", said, 0.99, record)
    assert (check.known, check.note, check.passed) == (known, note, passed)
    assert words.self_test_text([check]).splitlines()[1].endswith(note or " %")


@pytest.mark.parametrize("said", [0.0, 100.0])
def test_of_few_calls_nothing_may_be_said(said):
    """On a slow machine p99.9 has not its 10,000 calls: to be silent is right then, to tell one is not."""
    ns = np.full(9_999, 100)
    check = selftest._percentile("p99.9", said, 0.999, SimpleNamespace(ns=ns, sampled_ns=ns))
    assert check.passed is not bool(said)
    assert ("not claimed: it takes 10,000 calls" in words.self_test_text([check])) is check.passed


def test_a_switch_is_of_every_call_that_it_can_have_been_in():
    """Counted between the two readings within a call, or around its end and the next one's start: both may have it."""
    after_start, before_end = np.array([7, 7, 9, 10]), np.array([7, 8, 9, 10])
    assert own_record._switches(after_start, before_end).tolist() == [0, 2, 2, 1]
    assert not len(own_record._switches(after_start[:0], before_end[:0]))


def test_a_slower_codec_that_is_called_faster_is_found(measured):
    """The two changed places."""
    swapped = measured["measurements"] | {
        "fixed": measured["measurements"]["slower"],
        "slower": measured["measurements"]["fixed"],
    }
    assert "slower over fixed: p50" in failing(swapped, measured["records"])


def test_the_end_can_be_asked_for():
    """Nothing is said of what was not measured."""
    with pytest.raises(Interrupted):
        selftest.run(lambda _event: None, lambda: True, seconds=5.0)


def test_the_table_says_what_failed(measured):
    """A line for each check, and how many failed."""
    checks = measured["checks"]
    good = [replace(check, passed=True) for check in checks]
    assert words.self_test_text(good).endswith(f"self-test passed: all {len(checks)} checks\n")
    bad = [replace(good[0], passed=False, known=0.0), *good[1:]]
    text = words.self_test_text(bad)
    assert text.endswith(f"self-test failed: 1 of {len(checks)} checks\n")
    assert 1 == sum(line.startswith("BAD ") for line in text.splitlines())
