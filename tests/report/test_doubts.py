from dataclasses import replace

import pytest

import fake_reports as f
import fakes
from serbench.records.cases import Status
from serbench.records.samples import Disturbance
from serbench.report.doubts import doubts
from serbench.report.rows import tables

NATIVE = replace(fakes.ENVIRONMENT, sampler="native")


def doubted(*measurements, **changes):
    """Payload and text of every doubt."""
    run = fakes.run(measurements, **({"environment": NATIVE} | changes))
    return [(sentence.payload, sentence.text) for sentence in doubts(run, tables(run)[0])]


def quick(name, ns=5_000, workers=6, calls=200):
    """A measured case."""
    return fakes.measured(fakes.case(name), fakes.drawn_workers(ns, workers=workers, calls=calls))


def test_a_whole_run_with_enough_of_everything_leaves_no_doubt():
    """Six workers and 1,200 calls: there is nothing to warn of."""
    assert [] == doubted(quick("a"), quick("b"))


def test_a_run_that_was_cut_short_says_so():
    """An incomplete run is valid and wider."""
    ((payload, text),) = doubted(quick("a"), complete=False)
    assert "" == payload
    assert text.startswith("The run was cut short")


def test_few_workers_are_counted():
    """How many cases have no interval, and how many not even a range."""
    ((_, text),) = doubted(quick("a"), quick("b", workers=5, calls=300), quick("c", workers=1, calls=2_000))
    assert "2 of 3 cases have fewer than 6 workers and no interval: no difference to them is sure; " in text
    assert "; 1 of them has one worker, so that" in text
    ((_, text),) = doubted(*(quick(name, workers=1, calls=2_000) for name in "abc"))
    assert text.startswith("All 3 cases have fewer than 6 workers")
    assert "; each has one worker, so that" in text
    ((_, text),) = doubted(*(quick(name, workers=n, calls=2_000) for name, n in (("a", 1), ("b", 1), ("c", 2))))
    assert "; 2 of them have one worker, so that" in text


def test_a_single_case_is_not_counted():
    """Nothing reads `1 of 1 cases`, whatever is short of it."""
    ((_, text),) = doubted(quick("a", workers=1, calls=2_000))
    expected = "The only case has fewer than 6 workers and no interval: no difference to it is sure; it has one worker,"
    assert text.startswith(expected)
    texts = [text for _, text in doubted(quick("a", ns=300, workers=3, calls=2))]
    assert any(text.startswith("The only case is too short for single readings: its tail is") for text in texts)
    texts = [text for _, text in doubted(quick("a", workers=3, calls=2))]
    assert any(text.startswith("p99 takes 1,000 calls; the only case has fewer.") for text in texts)


def test_percentiles_that_were_not_earned_are_counted():
    """p99 takes 1,000 calls."""
    ((_, text),) = doubted(quick("a"), quick("b", calls=100))
    assert text.startswith("p99 takes 1,000 calls; 1 of 2 cases has fewer.")


def test_calls_that_are_too_short_are_counted():
    """Under 20 floors no tail is claimed."""
    ((_, text),) = doubted(quick("a"), quick("b", ns=300))
    assert text.startswith("1 of 2 cases is too short for single readings: its tail")


def test_what_was_not_measured_is_told_once_per_reason():
    """Two operations of one codec that failed alike are one sentence about their payload."""
    failed = [fakes.unmeasured(fakes.case("b", operation=o), Status.FAILED, "SIGSEGV") for o in ("decode", "read")]
    wrong = fakes.unmeasured(fakes.case("c"), Status.INCORRECT, "items[0]: 1 is not 1.0")
    expected = [
        ("order", "b has no number for read and decode (failed): SIGSEGV"),
        ("order", "c has no number for decode (incorrect): items[0]: 1 is not 1.0"),
    ]
    assert expected == doubted(quick("a"), *failed, wrong)


def test_the_same_as_another_is_not_counted_twice():
    """A dump that stands for encode is no case of its own."""
    encode = replace(quick("a", workers=3, calls=400), case=fakes.case("a", operation="encode"))
    dump = replace(fakes.unmeasured(fakes.case("a", operation="dump"), Status.MEASURED, ""), same_as=encode.case.id)
    ((_, text),) = doubted(encode, dump)
    assert text.startswith("The only case has fewer than 6 workers")


def test_one_message_again_and_again_is_told():
    """It flatters every codec; payloads with more messages say nothing."""
    run = fakes.order_run()
    assert not any("one message" in s.text for s in doubts(run, []))
    single = replace(run, payloads=tuple(replace(payload, instances=1) for payload in run.payloads))
    (told,) = [s.text for s in doubts(single, []) if "one message" in s.text]
    assert told.startswith("order is one message, measured again and again: messages that vary take longer.")


def test_varied_messages_are_told():
    """How many, and from how many; nothing where none was."""
    run = fakes.order_run()
    assert not any("--vary" in s.text for s in doubts(run, []))
    for given, beginning in (
        (1, "63 of 64 messages of order were varied from the first one (--vary): kinds,"),
        (63, "1 of 64 messages of order was varied from the first 63 (--vary): kinds,"),
    ):
        varied = replace(run, payloads=tuple(replace(one, varied=one.instances - given) for one in run.payloads))
        assert beginning == next(s.text for s in doubts(varied, []) if "--vary" in s.text)[: len(beginning)]


def test_the_python_sampler_is_a_doubt():
    """Its floor is higher, and why, and what would change that."""
    ((_, text),) = doubted(quick("a"), environment=fakes.ENVIRONMENT)
    assert text.startswith("The sampler was the one in Python: its floor is higher")


@pytest.mark.parametrize(
    ("calm", "what"), [(1, "tails, typical times and ranks may be theirs"), (2, "the same: tails may be theirs")]
)
def test_from_half_of_the_rounds_on_typical_times_are_in_doubt(calm, what):
    """With fewer disturbed rounds it is the tails alone."""
    (quiet,) = fakes.run([]).rounds
    disturbed = replace(quiet, disturbance=Disturbance(disturbed=True))
    ((_, text),) = doubted(quick("a"), rounds=(disturbed, *[quiet] * calm))
    assert what in text


def test_rounds_that_stayed_disturbed_are_a_doubt():
    """Those that were measured again are none."""
    disturbed = replace(fakes.run([]).rounds[0], disturbance=Disturbance(disturbed=True))
    ((_, text),) = doubted(quick("a"), rounds=(disturbed, replace(disturbed, repeated=True)))
    assert text.startswith("The only round was disturbed by other programs and counts all the same")


def test_tails_of_the_machine_are_counted():
    """A call of 12 us meets an interruption of 30 us in more than one case of a hundred."""
    of_machine = f.labelled(quick("a", 12_000), share=0.01, gc=3, preempted=5, instance=0, other=4)
    own = f.labelled(quick("b", 5_000), share=0.01, gc=3, preempted=5, instance=0, other=4)
    ((_, text),) = doubted(of_machine, own, noise=f.NOISE)
    assert text.startswith("1 of 2 tails is the machine's")


def test_a_run_that_timed_nothing_says_so():
    """And what was asked for; cases are not doubted one by one."""
    untimed = fakes.measured(fakes.case("a"), ())
    ((_, text),) = doubted(untimed, passes=("size", "memory"))
    assert "Nothing was timed: no other pass than size and memory was asked for (--pass time)." == text
