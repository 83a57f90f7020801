"""How the time of a run is spent: known answers for waves, widths, and which cases more workers are spent on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from serbench.harness import schedule
from serbench.harness.schedule import Starts
from serbench.records.cases import Conditions
from serbench.statistics.intervals import trimmed

A, B, C = (fakes.case(name).id for name in "abc")


@pytest.mark.parametrize(
    ("seconds", "start", "expected"),
    [
        (0, 1, 6),
        (-3, 1, 6),
        (10, 1, 6),
        (44.9, 1, 6),  # eight would do no more than six
        (45, 1, 9),  # a fifth of the time for getting nine ready
        (60, 1, 12),
        (60, 2, 6),
        (8.9, 0, 6),
        (9, 0, 9),  # a wave is a second at least
        (200, 1, 20),
        (3_600, 1, 20),
        (3_600, 1_000, 6),
    ],
)
def test_waves_that_a_run_should_have(seconds, start, expected):
    """Six, as an interval takes so many workers, and further steps of it for which there is time."""
    assert expected == schedule.waves_wanted(seconds, start)


@given(st.floats(-10, 1e5), st.floats(0, 1e4))
def test_every_wave_that_is_wanted_gains_something(seconds, start):
    """With one fewer the interval would leave out less; six are the least, and they are never too many."""
    wanted = schedule.waves_wanted(seconds, start)
    assert 6 <= wanted <= schedule.WAVES_AT_MOST
    assert wanted == 6 or trimmed(wanted - 1) < trimmed(wanted)
    assert wanted == 6 or (wanted <= seconds and wanted * start <= 0.2 * seconds * (1 + 1e-9))


@pytest.mark.parametrize(
    ("seconds", "start", "wanted", "expected"),
    [
        (10.0, 1.0, 5, 4),  # four tenths of ten seconds
        (10.0, 1.0, 3, 3),
        (10.0, 4.1, 5, 0),
        (10.0, 0.0, 5, 5),
        (0.0, 1.0, 5, 0),
        (-10.0, 1.0, 5, 0),
        (10.0, 1.0, -2, 0),
    ],
)
def test_waves_that_there_is_time_for(seconds, start, wanted, expected):
    """As many as wanted, but getting ready takes four tenths at the most; where there is no time there are none."""
    assert expected == schedule.waves_affordable(seconds, start, wanted)


@pytest.mark.parametrize(
    ("medians", "expected"),
    [
        ([100, 110, 120, 130, 140, 150], 0.5),
        ([150, 100, 140, 110, 130, 120], 0.5),
        ([100, 110, 120, 130, 140, 150, 160, 170, 400], 170 / 110 - 1),  # of nine the ends are left out
        ([7] * 6, 0.0),
        ([0.0] * 6, -1.0),  # a clock that stands still divides by nothing
    ],
)
def test_the_width_of_an_interval(medians, expected):
    """From the smallest to the largest that is not left out, as a share of the smaller one."""
    assert expected == pytest.approx(schedule.width(medians))


@pytest.mark.parametrize(("workers", "expected"), [(6, 3), (7, 2), (8, 1), (9, 3), (11, 1), (12, 3)])
def test_workers_until_the_interval_gains(workers, expected):
    """Six to eight leave none out, nine to eleven one at each end, from twelve on two."""
    assert expected == schedule.workers_to_gain(workers)


@given(st.integers(6, 60))
def test_a_gain_is_the_next_step(workers):
    """With one worker fewer there is none."""
    more = schedule.workers_to_gain(workers)
    assert trimmed(workers) == trimmed(workers + more - 1) < trimmed(workers + more)


@pytest.mark.parametrize(
    ("medians", "expected"),
    [
        ([], True),
        ([[100, 100.2, 100.4, 100.6, 100.8, 100.9]], True),
        ([[100, 100.2, 100.4, 100.6, 100.8, 101.1]], False),
        ([[100] * 5], False),  # five are too few to say
        ([[100] * 6, [100] * 5 + [200]], False),
    ],
)
def test_when_all_is_known(medians, expected):
    """Every case has its six workers, and none an interval of over one per cent."""
    assert expected is schedule.certain(medians)


def waves(*codecs, seconds=0.1):
    """What getting ready took, in a wave of one case of each codec."""
    starts = Starts()
    starts.took([fakes.case(name) for name in codecs], seconds * len(codecs), thorough=False)
    return starts


def test_what_a_start_takes():
    """A worker and a payload in it, as the mean of what was seen; a codec's operations are got ready together."""
    starts = Starts()
    assert fakes.case("a").id not in starts
    cases = [fakes.case("a", operation=operation) for operation in ("encode", "decode")]
    other = fakes.case("b", conditions=Conditions(instances=64, gc="off"))
    starts.took([*cases, other], 3.0, thorough=False)
    starts.took(cases, 0.0, thorough=False)
    assert all(case.id in starts for case in (*cases, other))
    assert [1.0, 1.0, 2.0, 0.0] == [starts.of(some) for some in (cases[:1], cases, [*cases, other], [])]
    assert 2.0 == starts.of_ids([cases[0].id, other.id])


def test_the_first_start_takes_longer():
    """All is verified in it: half of that is expected of the next ones, until one of them has been seen."""
    starts = Starts()
    assert 0.0 == starts.of([fakes.case("a")])
    starts.took([fakes.case("a"), fakes.case("b")], 4.0, thorough=True)
    assert [1.0, 2.0] == [starts.of([fakes.case("a")]), starts.of_ids([A, B])]
    starts.took([fakes.case("a")], 0.25, thorough=False)
    assert [0.25, 0.5] == [starts.of([fakes.case("a")]), starts.of_ids([A, B])]


WIDE, WIDER, KNOWN = [100, 101, 102, 103, 104, 110], [100, 101, 102, 103, 104, 150], [100, 100, 100, 100, 100, 100.5]


def test_the_widest_come_first():
    """As many as there is time for: three more workers each, their start and a tenth of a second of blocks."""
    medians = {A: WIDE, B: WIDER, C: KNOWN}
    starts = waves("a", "b", "c", seconds=0.1)
    assert [[], [B], [B], [B, A], [B, A]] == [
        list(schedule.widest(medians, starts, seconds)) for seconds in (0.59, 0.61, 1.19, 1.21, 100.0)
    ]


@pytest.mark.parametrize("medians", [{}, {A: KNOWN}, {A: WIDE[:5]}, {"never/order/started": WIDER}])
def test_nothing_to_be_sharpened(medians):
    """No case, one that is known, one that has too few workers to say, one that was never started."""
    assert [] == list(schedule.widest(medians, waves("a"), 100.0))


def test_the_one_that_gains_last_decides_how_many():
    """A case of eight workers gains with one more, one of six with three: together they take three."""
    medians = {A: [*WIDER, 102, 103], B: WIDE}
    starts = waves("a", "b", seconds=0.1)
    assert [[A], [A, B]] == [list(schedule.widest(medians, starts, seconds)) for seconds in (1.1, 1.3)]


cases = st.dictionaries(st.sampled_from([A, B, C]), st.lists(st.floats(1, 1e9), max_size=14))


@given(cases, st.floats(-1, 100))
def test_what_is_chosen_is_wide_and_affordable(medians, seconds):
    """And no case that is left out is wider than one that is chosen."""
    starts = waves("a", "b", "c")
    chosen = list(schedule.widest(medians, starts, seconds))
    assert all(schedule.width(medians[case]) > schedule.CERTAIN for case in chosen)
    if chosen:
        extra = max(schedule.workers_to_gain(len(medians[case])) for case in chosen)
        assert extra * (starts.of_ids(chosen) + 0.1 * len(chosen)) <= seconds
        narrowest = min(schedule.width(medians[case]) for case in chosen)
        left = [own for case, own in medians.items() if case not in chosen and len(own) >= 6]
        assert all(schedule.width(own) <= narrowest for own in left)
