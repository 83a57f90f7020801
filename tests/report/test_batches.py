from __future__ import annotations

import random
from dataclasses import replace

import pytest
from pytest_benchmark.stats import Stats

import fakes
from serbench.records.cases import Conditions, Status
from serbench.records.run import Measurement
from serbench.report.batches import case_batches

ENCODE = fakes.case("json", operation="encode")


def batches(*means):
    """The batches of a case with a worker for each of these sequences of means."""
    workers = tuple(fakes.worker([1_000] * 10, ns, pair=n) for n, ns in enumerate(means))
    (found,) = case_batches(fakes.run([fakes.measured(ENCODE, workers)]))
    return found


def test_a_process_keeps_its_batches_in_order():
    """Means as they were measured, and how many calls stand behind each."""
    one, other = batches([30.0, 10.0], [20.0]).processes
    assert ((30.0, 10.0), (20.0,)) == (one.ns_per_call, other.ns_per_call)
    assert (0, 1, 100, 50, 200) == (
        one.number,
        one.hash_seed,
        one.calls_per_batch,
        one.lead_in_calls,
        one.warm_up_calls,
    )


def test_uneven_batches_have_their_mean_number_of_calls():
    """Of a process, and over all: 250 calls in 3 batches, 350 in 4."""
    workers = (
        replace(fakes.worker([1_000], [1.0, 2.0, 3.0]), batch_calls=250),
        replace(fakes.worker([1_000], [4.0], pair=1), batch_calls=100),
    )
    (found,) = case_batches(fakes.run([fakes.measured(ENCODE, workers)]))
    assert ([83, 100], 88) == ([p.calls_per_batch for p in found.processes], found.figures.calls_per_batch)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 6, 7, 8, 9, 120, 121, 122, 123])
def test_figures_are_those_of_pytest_benchmark(count):
    """Whatever number of batches there is, odd or even: the same as its own code makes of the same values."""
    drawn = random.Random(count)
    means = [drawn.lognormvariate(7, 0.5) for _ in range(count)]
    figures, theirs = batches(means).figures, Stats()
    theirs.data = means
    assert pytest.approx([theirs.q1, theirs.q3, theirs.ld15iqr, theirs.hd15iqr]) == [
        *(figures.q1, figures.q3, figures.low, figures.high)
    ]
    assert pytest.approx([theirs.min, theirs.max, theirs.mean, theirs.median, theirs.stddev, theirs.total]) == [
        *(figures.min, figures.max, figures.mean, figures.median, figures.stddev, figures.total)
    ]
    assert (theirs.rounds, theirs.outliers) == (figures.batches, f"{figures.beyond_stddev};{figures.beyond_fence}")


def test_a_case_that_is_another_is_named_with_it():
    """`dump` of a plain codec has no batches of its own."""
    dump = fakes.case("json", operation="dump")
    same = Measurement(case=dump, status=Status.MEASURED, same_as=ENCODE.id)
    (found,) = case_batches(fakes.run([fakes.measured(ENCODE, fakes.even_workers(1_000)), same]))
    assert (ENCODE, (dump.id,)) == (found.case, found.also)


def test_who_has_no_batches_is_left_out():
    """Failed, not timed, or timed by a clock that did not move."""
    cases = [fakes.case(name) for name in ("a", "b", "c")]
    still = (fakes.worker([1_000], [5.0, 0.0]),)
    run = fakes.run(
        [
            fakes.unmeasured(cases[0], Status.FAILED, "SIGSEGV"),
            fakes.measured(cases[1], ()),
            fakes.measured(cases[2], still),
        ]
    )
    assert () == case_batches(run)


def test_a_group_is_what_codecs_have_in_common():
    """Payload, operation and conditions that are not the default."""
    case = fakes.case("orjson", "a/b", conditions=Conditions(instances=64, gc="off"))
    (found,) = case_batches(fakes.run([fakes.measured(case, fakes.even_workers(1_000))]))
    assert "a%2Fb/decode?gc=off" == found.group
