from dataclasses import replace

import pytest

import fakes
from serbench.errors import BadRunFile
from serbench.records.cases import Caution, Status
from serbench.statistics.estimates import Missing
from serbench.statistics.summary import summarise


def test_a_measured_case_has_its_numbers():
    """Lognormal calls with a median of 5 us: every number is near what was drawn, within 2 %."""
    made = summarise(fakes.measured(fakes.case("orjson"), fakes.drawn_workers(5_000, calls=4_000)))
    mean, p99, p999 = 5_000 * 1.0202, 5_000 * 1.5925, 5_000 * 1.8553
    drawn = (mean, 5_000, p99, p999)
    assert drawn == pytest.approx(
        (made.typical_ns.value, made.p50_ns.value, made.p99_ns.value, made.p999_ns.value), rel=0.02
    )
    assert ("interval", "interval", "range") == (made.typical_ns.basis, made.p99_ns.basis, made.p999_ns.basis)
    assert 2_400 == pytest.approx(made.x[-1])
    assert () == made.cautions


def test_a_short_call_has_its_centre_only():
    """Under 20 floors: typical is there, percentiles and curve are not."""
    made = summarise(fakes.measured(fakes.case("orjson"), fakes.drawn_workers(400)))
    assert made.typical_ns.value == pytest.approx(408, rel=0.02)
    assert {"no tail claimed"} == {made.p50_ns.short, made.p99_ns.short, made.p999_ns.short}
    assert ((), ()) == (made.x, made.ns)


def test_what_was_not_measured_carries_its_reason():
    """Status and reason stand in every number."""
    made = summarise(fakes.unmeasured(fakes.case("orjson"), Status.SKIPPED, "items[0]: bytes"))
    assert Missing(short="skipped", reason="items[0]: bytes") == made.typical_ns == made.p99_ns


def test_a_measured_case_without_workers_says_so():
    """A run that was cut before a case's first block has no number for it, and says why."""
    made = summarise(fakes.measured(fakes.case("orjson"), ()))
    assert "no calls" == made.typical_ns.short


def test_calls_beyond_the_histogram_are_told():
    """Overflow is counted over workers and told behind the measurement's own cautions."""
    own = Caution(name="slow-fallback", text="Pure Python is active. Install the wheel.")
    workers = (fakes.worker([5_000] * 20, [5_000.0], overflow=2), fakes.worker([5_000] * 20, [5_000.0], overflow=1))
    made = summarise(replace(fakes.measured(fakes.case("orjson"), workers), warnings=(own,)))
    assert ["slow-fallback", "overflow"] == [caution.name for caution in made.cautions]
    assert made.cautions[1].text.startswith("3 calls took over")


@pytest.mark.parametrize(("warnings", "told"), [((), False), ((Caution(name="disturbed", text="Others ran."),), True)])
def test_workers_that_differ_know_what_ran(warnings, told):
    """The case's own caution says whether other programs may be why."""
    workers = fakes.even_workers(5_000, apart=0.2)
    made = summarise(replace(fakes.measured(fakes.case("orjson"), workers), warnings=warnings))
    (text,) = [caution.text for caution in made.cautions if caution.name == "workers-differ"]
    assert told == ("other programs ran meanwhile" in text)


def test_a_broken_histogram_is_one_line_that_names_the_case():
    """A blob that cannot be read is a broken run file."""
    broken = replace(fakes.worker([5_000], [5_000.0]), histogram="HISTFAAA")
    with pytest.raises(BadRunFile, match=r"orjson/order/decode: .*measure again"):
        summarise(fakes.measured(fakes.case("orjson"), (broken,)))


def test_a_typical_time_above_p99_stands_among_the_cautions():
    """Batches that hold what single calls hardly met: both cautions say so."""
    workers = [replace(worker, ns_per_call=(90_000.0,) * 5) for worker in fakes.even_workers(5_000)]
    made = summarise(fakes.measured(fakes.case("orjson"), tuple(workers)))
    assert "typical-above-p99" in [caution.name for caution in made.cautions]


@pytest.mark.parametrize(("threads", "told"), [(1, True), (4, False)])
def test_readings_of_several_threads_are_not_held_against_each_other(threads, told):
    """Between calls threads wait for each other, which only batches have in them: that is no fault of either."""
    workers = tuple(fakes.worker([5_000] * 1_000, [20_000.0] * 3, pair=n) for n in range(6))
    case = fakes.case("json", conditions=replace(fakes.CONDITIONS, threads=threads))
    names = {caution.name for caution in summarise(fakes.measured(case, workers)).cautions}
    assert told == ("readings-disagree" in names)
