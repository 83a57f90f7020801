import gc
from dataclasses import replace
from time import perf_counter_ns

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import fakes
from serbench.histogram import HIGHEST_NS, Histogram
from serbench.records.samples import SlowCalls
from serbench.statistics.tail import LETTERS, TIMELINE, Tail, labels, recalled

NONE = np.zeros(0, np.int64)
START = 10**15
"""Of a clock that began to run eleven days ago."""


def int64(numbers):
    """An array as the ledger has them."""
    return np.asarray(numbers, dtype=np.int64)


def timed(ns, gap=50, start=START):
    """Start and end of calls that take so long, one after the other with as much time before each."""
    ends = np.cumsum(int64(ns) + int64(gap)) + start
    return np.stack((ends - int64(ns), ends), axis=1).ravel()


def inside(times, calls, ns, after=10):
    """Collections that take so long, one in each of these calls."""
    starts = times[2 * int64(calls)] + after
    return np.stack((starts, starts + int64(ns)), axis=1).ravel()


def marked(calls, switches, stretch=64, before=7):
    """Marks after every stretch; `switches` says how many came up in which stretch."""
    made = np.append(np.arange(0, calls, stretch), calls)
    up = np.zeros(len(made), np.int64)
    for at, count in switches.items():
        up[at + 1] = count
    return np.stack((made, before + np.cumsum(up)), axis=1).ravel()


def letters(tail, median_ns, above_ns):
    """The letters of the calls above that time, in the order of time."""
    slowest = tail.slowest(median_ns)
    return "".join(LETTERS[label] for label in slowest.labels[slowest.ns > above_ns])


def steady(n, seed=1, ns=1_000.0):
    """Calls that take about as long, within 5 %."""
    return int64(np.random.default_rng(seed).uniform(0.95 * ns, 1.05 * ns, n))


def folded(*durations):
    """All these calls."""
    made = Histogram()
    for ns in durations:
        made.fold(ns)
    return made


def test_durations_are_subtracted_once():
    """The ledger gets ns per call and folds them in; totals are of what lies between the first call and the last."""
    tail = Tail(4)
    times = timed([100, 200, 300])
    before, after = [times[0] - 90, times[0] - 50], [times[-1] + 50, times[-1] + 90]
    collections = int64([*before, *inside(times, [1], 60), *after])
    durations = tail.add(times, int64([0, 7, 2, 8, 3, 10]), collections, 2)
    assert [100, 200, 300] == durations.tolist()
    assert (3, 1, 60, 3) == (tail.calls, tail.collections, tail.collection_ns, tail.switches)


def test_threads_share_their_collections():
    """Two threads that were sampled at once name the same collection; it ran once."""
    tail = Tail(4)
    times = timed([100, 200, 300])
    for _ in range(2):
        tail.add(times, NONE, inside(times, [1], 60), 0)
    assert (6, 1, 60) == (tail.calls, tail.collections, tail.collection_ns)


def test_a_block_without_calls_is_nothing():
    """A worker without calls has no slow ones, and no labels."""
    tail = Tail(4)
    assert 0 == len(tail.add(NONE, NONE, NONE, 0))
    assert SlowCalls() == tail.slowest(100.0).timeline()


def test_calls_are_labelled_by_the_collections_inside_them():
    """Of three slow calls, one is a collection for nine tenths, one for a third, and one without."""
    ns = steady(5_000)
    ns[[700, 1_900, 4_400]] = 10_000
    tail = Tail(1)
    times = timed(ns)
    tail.add(times, NONE, inside(times, [700, 1_900], [8_100, 3_000]), 0)
    assert "goo" == letters(tail, 1_000.0, 5_000)


def test_a_collection_between_calls_is_in_none_of_them():
    """The next call is as long, and it is its own."""
    ns, gap = steady(500), np.full(500, 50)
    ns[300] = gap[300] = 10_000
    tail = Tail(1)
    times = timed(ns, gap)
    tail.add(times, NONE, int64([times[599] + 10, times[600] - 10]), 0)
    assert "o" == letters(tail, 1_000.0, 5_000)


def test_large_documents_in_which_every_call_collects():
    """Every call holds 40 % of collections: a slow one is theirs if there are more in it, and only then."""
    tail, start = Tail(1), START
    for block in range(40):  # five calls a block
        ns, collected = steady(5, seed=block, ns=10e6), np.full(5, 4_000_000)
        if block in (10, 20):
            ns[2] = 30_000_000
            collected[2] = 20_000_000 if block == 20 else 12_000_000
        times = timed(ns, start=start)
        tail.add(times, NONE, inside(times, range(5), collected), 0)
        start = times[-1] + 10**6
    assert "og" == letters(tail, 10e6, 20e6)


def test_as_many_of_the_longest_are_preempted_as_there_were_switches():
    """Two switches in a stretch of three slow calls; slow calls in stretches without a switch are not preempted."""
    ns = steady(640)
    ns[[70, 80, 90]] = [30_000, 10_000, 20_000]
    ns[[200, 400]] = 50_000
    tail = Tail(1)
    tail.add(timed(ns), marked(640, {1: 2, 3: 1}), NONE, 0)
    assert "poppo" == letters(tail, 1_000.0, 5_000)


def test_a_switch_goes_neither_to_a_collection_nor_to_a_large_message():
    """In one stretch are a long collection, an instance that is always long and, shorter, a call that was preempted."""
    ns = steady(6_400)
    ns[5::64] = 20_000  # instance 5 of 64
    ns[[6_350, 6_360]] = 50_000, 12_000
    tail = Tail(64)
    times = timed(ns)
    tail.add(times[:6_400], marked(3_200, {}), NONE, 0)
    tail.add(times[6_400:], marked(3_200, {49: 1}), inside(times, [6_350], 45_000), 0)
    found = letters(tail, 1_000.0, 5_000)
    assert ("i" * 100, "gp") == (found[:-2], found[-2:])


def test_a_switch_between_calls_preempts_none():
    """The time before a call is longer than any call in the stretch: the switch was there."""
    ns, gap = steady(640), np.full(640, 50)
    ns[80], gap[81] = 10_000, 40_000
    tail = Tail(1)
    tail.add(timed(ns, gap), marked(640, {1: 1}), NONE, 0)
    assert "o" == letters(tail, 1_000.0, 5_000)


def test_calls_longer_than_a_stretch():
    """Each is a stretch of its own, and a usual one is preempted twice: what has more switches than that is."""
    ns = steady(300, ns=20e6)
    ns[[100, 200]] = 60_000_000
    tail = Tail(1)
    tail.add(timed(ns), marked(300, dict.fromkeys(range(300), 2) | {200: 9}, stretch=1), NONE, 0)
    assert "op" == letters(tail, 20e6, 40e6)


def test_a_large_message_that_was_preempted_by_the_way():
    """It takes 20 of 24 us always; that it had a switch as well explains little of it."""
    ns = steady(6_400)
    ns[5::64] = 20_000
    ns[3_205] = 24_000
    tail = Tail(64)
    tail.add(timed(ns[:3_200]), marked(3_200, {}), NONE, 0)
    tail.add(timed(ns[3_200:]), marked(3_200, {0: 1}), NONE, 0)
    assert {"i"} == set(letters(tail, 1_000.0, 5_000))


def test_a_system_that_counts_no_switches():
    """Without marks nothing is preempted, it is other."""
    ns = steady(640)
    ns[80] = 10_000
    tail = Tail(1)
    tail.add(timed(ns), NONE, NONE, 0)
    assert ("o", 0) == (letters(tail, 1_000.0, 5_000), tail.switches)


@pytest.mark.parametrize(("instances", "expected"), [(100, "i"), (5_000, "i"), (20_001, "o")])
def test_large_instances_are_told_from_slow_calls(instances, expected):
    """An instance ten times as large explains its calls; instances too many to be remembered explain nothing."""
    tail, first, random = Tail(instances), 17, np.random.default_rng(3)
    sizes = np.full(instances, 1_000)
    sizes[3] = 10_000
    for _ in range(12):
        calls = int(random.integers(instances // 2, 2 * instances))
        ns = sizes[(first + np.arange(calls)) % instances] + random.integers(0, 50, calls)
        ns[calls // 3] = 9_000 if (first + calls // 3) % instances != 3 else ns[calls // 3]
        tail.add(timed(ns), NONE, NONE, first)
        first += calls + 5
    slowest = tail.slowest(1_000.0)
    large, slow = slowest.ns >= 9_999, (slowest.ns > 8_000) & (slowest.ns < 9_999)
    assert expected == "".join({LETTERS[label] for label in slowest.labels[large]})
    assert "o" == "".join({LETTERS[label] for label in slowest.labels[slow]})
    assert slow.sum() >= 10


@pytest.mark.parametrize(("visits", "expected"), [(1, "o"), (2, "o"), (3, "i")])
def test_an_instance_that_was_hardly_visited_explains_nothing(visits, expected):
    """Its usual time would be that of the very call; from the third on it is known."""
    ns = steady(100 * visits)
    ns[::100] = 10_000
    tail = Tail(100)
    tail.add(timed(ns), NONE, NONE, 0)
    assert expected * visits == letters(tail, 1_000.0, 5_000)


def test_half_of_the_factor_has_to_be_the_instance():
    """An instance of three times the usual explains calls of nine times, and none of twelve times."""
    ns = np.full(1_000, 1_000)
    ns[7::10] = 3_000
    ns[[507, 607]] = 8_900, 12_000
    tail = Tail(10)
    tail.add(timed(ns), NONE, NONE, 0)
    assert "io" == letters(tail, 1_000.0, 5_000)


def test_a_slow_process_is_no_large_message():
    """A worker whose calls all take twice what they take in others: its instances explain nothing."""
    ns = steady(2_000, ns=2_000.0)
    tail = Tail(8)
    tail.add(timed(ns), NONE, NONE, 0)
    assert {"o"} == set(letters(tail, 1_000.0, 0))


@given(seed=st.integers(0, 2**32 - 1), instances=st.sampled_from([1, 7, 64, 1_024]))
@settings(max_examples=25, deadline=None)
def test_noise_is_other(seed, instances):
    """Calls that are long at random, in whatever instance: at most one in fifty is taken for a large message."""
    random = np.random.default_rng(seed)
    tail = Tail(instances)
    for block in range(4):
        ns = int64(random.lognormal(np.log(5_000), 0.2, 5_000))
        tail.add(timed(ns, start=START + block * 10**9), marked(5_000, {}), NONE, 5_000 * block)
    found = letters(tail, 5_000.0, 8_000)
    assert len(found) > 50
    assert found.count("o") >= 0.98 * len(found)


def test_collections_timed_by_hand():
    """Real full collections inside some of a loop's calls are found there, and nowhere else."""
    times, collections, started = [], [], 0
    keep = [[] for _ in range(50_000)]

    def note(phase, _info):
        nonlocal started
        now = perf_counter_ns()
        if phase == "start":
            started = now
        else:
            collections.extend((started, now))

    gc.callbacks.append(note)
    try:
        for call in range(2_000):
            begun = perf_counter_ns()
            if call in (301, 907, 1_500):
                gc.collect()
            times.extend((begun, perf_counter_ns()))
    finally:
        gc.callbacks.remove(note)
    tail = Tail(1)
    ns = tail.add(int64(times), NONE, int64(collections), 0)
    slowest = tail.slowest(float(np.median(ns)))
    by_start = dict(zip((slowest.at_ns + times[0]).tolist(), slowest.labels.tolist(), strict=True))
    made = ["gpio"[by_start[times[2 * call]]] for call in (301, 907, 1_500)]
    assert (50_000, ["g"] * 3) == (len(keep), made)
    collected = {
        call for call in range(2_000) for at in collections[::2] if times[2 * call] <= at <= times[2 * call + 1]
    }
    labelled = {times.index(at) // 2 for at, label in by_start.items() if LETTERS[label] == "g"}
    assert labelled <= collected


def test_the_timeline_is_of_the_slowest_in_the_order_of_time():
    """48 calls with when they began, since the first one; reading it changes nothing."""
    ns = np.random.default_rng(4).permutation(np.arange(1_000, 61_000))
    tail = Tail(1)
    times = timed(ns)
    tail.add(times[:60_000], NONE, NONE, 0)
    early = tail.slowest(1_000.0).timeline()
    tail.add(times[60_000:], NONE, NONE, 0)
    made = tail.slowest(1_000.0).timeline()
    slow = np.flatnonzero(ns >= 61_000 - TIMELINE)
    assert tuple(ns[slow].tolist()) == made.ns
    assert tuple((times[2 * slow] - times[0]).tolist()) == made.at_ns
    assert "o" * TIMELINE == made.labels
    assert tuple(np.sort(ns[:30_000])[-TIMELINE:].tolist()) == tuple(sorted(early.ns))


@given(
    seed=st.integers(0, 2**32 - 1),
    drift=st.floats(-2, 2),
    blocks=st.lists(st.sampled_from([1, 300, 9_000, 30_000, 65_536]), min_size=1, max_size=8),
)
@settings(max_examples=25, deadline=None)
def test_the_slowest_calls_are_known_whatever_the_order(seed, drift, blocks):
    """All that took longer than the slowest unknown call are, and 1 % of all, also where calls get faster or slower."""
    random = np.random.default_rng(seed)
    tail, everything = Tail(64), []
    for at, calls in enumerate(blocks):
        ns = int64(random.lognormal(8 + drift * at / len(blocks), 0.3, calls))
        everything.append(tail.add(timed(ns), NONE, NONE, 0))
    ns = np.concatenate(everything)
    slowest = tail.slowest(3_000.0)
    known = slowest.ns[slowest.ns > slowest.beyond_ns]
    assert np.sort(ns[ns > slowest.beyond_ns]).tolist() == np.sort(known).tolist()
    assert len(slowest.ns) >= min(len(ns), max(1_000, len(ns) / 100))
    assert len(slowest.ns) <= 20_000


def test_of_more_than_a_million_calls_ten_thousand_are_known():
    """The slowest came first, and 1 % would be more than are known: it says from where on they are."""
    tail = Tail(1)
    early = np.arange(100_000, 165_536)
    for ns in (early, *[steady(65_536)] * 16):
        tail.add(timed(ns), NONE, NONE, 0)
    slowest = tail.slowest(1_000.0)
    assert (10_000, 155_535) == (len(slowest.ns), slowest.beyond_ns)
    assert early[-10_000:].tolist() == slowest.ns.tolist()


def workers(random, sizes, spread=0.1):
    """Workers with so many calls of which a few are slow, their tails, and all calls together."""
    tails, everything = [], []
    for calls in sizes:
        ns = int64(random.lognormal(9 + random.normal(0, spread), 0.4, calls))
        tail = Tail(64)
        everything.append(tail.add(timed(ns), NONE, NONE, 0))
        tails.append(tail)
    return tails, np.concatenate(everything)


@given(
    seed=st.integers(0, 2**32 - 1), sizes=st.lists(st.sampled_from([40, 700, 2_500, 12_000]), min_size=1, max_size=10)
)
@settings(max_examples=40, deadline=None)
def test_labels_count_what_the_histogram_counts(seed, sizes):
    """Every call in the percentile's bucket or above has a label: their sum is the histogram's, ties included."""
    tails, ns = workers(np.random.default_rng(seed), sizes)
    merged = folded(ns)
    made = labels([tail.slowest(8_000.0) for tail in tails], merged)
    if len(ns) < 1_000:
        assert made is None
        return
    share = 0.001 if len(ns) >= 10_000 else 0.01
    values, counts = merged.values_counts()
    assert (share, merged.percentile(1 - share)) == (made.share, made.from_ns)
    assert counts[values >= made.from_ns].sum() == made.calls
    assert made.calls >= share * len(ns)


def test_a_tail_that_one_of_ten_workers_has_is_known():
    """All the slowest calls are in one worker, 1 % of its own; each has its label."""
    tails, everything = [], []
    for at in range(10):
        ns = steady(200_000, seed=at)
        times = timed(ns)
        if at == 3:
            slow = np.arange(50, 200_000, 100)
            ns[slow] = int64(np.linspace(20_000, 40_000, len(slow)))
            times = timed(ns)
        tail = Tail(1)
        collections = inside(times, slow[::2], ns[slow[::2]] - 1_000) if at == 3 else NONE
        for block in np.array_split(np.arange(200_000), 5):
            part = times[2 * block[0] : 2 * block[-1] + 2]
            everything.append(tail.add(part, NONE, collections, 0))
        tails.append(tail)
    made = labels([tail.slowest(1_000.0) for tail in tails], folded(*everything))
    assert (0.001, 2_000) == (made.share, pytest.approx(made.calls, abs=25))
    assert (1_000, 1_000) == (pytest.approx(made.gc, abs=15), pytest.approx(made.other, abs=15))


@pytest.mark.parametrize(("slow_calls", "others", "told"), [(4_500, 14, True), (10_000, 29, False)])
def test_one_of_many_workers_may_have_more_slow_calls_than_are_known(slow_calls, others, told):
    """Of its slow calls 2,000 are known: `from_ns` is raised to those; less than half of the share are no labels."""
    odd = steady(200_000)
    odd[:slow_calls] = 100_000 + 10 * np.arange(slow_calls)
    tails, everything = [Tail(1) for _ in range(1 + others)], [odd, *[steady(200_000)] * others]
    for tail, ns in zip(tails, everything, strict=True):
        tail.add(timed(ns), NONE, NONE, 0)
    slowest = [tail.slowest(1_000.0) for tail in tails]
    merged = folded(*everything)
    made = labels(slowest, merged)
    assert merged.percentile(0.999) <= slowest[0].beyond_ns
    assert told == (made is not None)
    if made:
        assert slowest[0].beyond_ns < made.from_ns
        assert 2_000 == pytest.approx(made.calls, abs=15)
        assert made.share == made.calls / merged.total < 0.001


def test_where_all_calls_are_alike_there_are_no_slow_ones():
    """One bucket holds all calls, and not all are known: there is nothing to label."""
    tail = Tail(1)
    ns = tail.add(timed(np.full(50_000, 1_000)), NONE, NONE, 0)
    assert None is labels([tail.slowest(1_000.0)], folded(ns))


def test_calls_beyond_the_histogram_are_in_no_label():
    """They are in no percentile either; the timeline has them."""
    ns = steady(2_000)
    ns[500] = HIGHEST_NS + 1
    tail = Tail(1)
    tail.add(timed(ns), NONE, NONE, 0)
    slowest = tail.slowest(1_000.0)
    merged = folded(ns)
    assert (1, HIGHEST_NS + 1) == (merged.overflow, max(slowest.timeline().ns))
    values, counts = merged.values_counts()
    made = labels([slowest], merged)
    assert counts[values >= made.from_ns].sum() == made.calls


def test_a_histogram_of_other_calls_is_refused():
    """The labels would not be of its slowest calls."""
    tails, ns = workers(np.random.default_rng(5), [2_000, 2_000])
    with pytest.raises(ValueError, match="slow calls of these workers"):
        labels([tails[0].slowest(8_000.0)], folded(ns))


def recorded(tail, ns, median_ns):
    """The record of a worker with these calls."""
    return replace(fakes.worker(ns.tolist(), [1.0]), slow=tail.slowest(median_ns).timeline())


def test_workers_of_a_resumed_run_count_as_far_as_their_records_go():
    """Records hold 48 calls of each: enough for the slowest 0.1 % of 20,000, too few for 200,000."""
    for calls, known in ((20_000, True), (200_000, False)):
        tails, ns = workers(np.random.default_rng(6), [calls, calls], spread=0.0)
        parts = np.split(ns, 2)
        resumed = [recalled(recorded(tail, part, 8_000.0)) for tail, part in zip(tails, parts, strict=True)]
        live = [tail.slowest(8_000.0) for tail in tails]
        assert (labels(live, folded(ns)) if known else None) == labels(resumed, folded(ns))


def test_a_record_without_slow_calls_knows_none():
    """As runs wrote them before there were labels."""
    ns = steady(2_000)
    assert None is labels([recalled(fakes.worker(ns.tolist(), [1.0]))], folded(ns))


def test_a_record_of_few_calls_knows_all():
    """30 calls all fit; with them the labels of another worker are complete."""
    few, many = steady(30), steady(5_000, seed=2)
    tails = [Tail(1), Tail(1)]
    for tail, ns in zip(tails, (few, many), strict=True):
        tail.add(timed(ns), NONE, NONE, 0)
    remembered = recalled(recorded(tails[0], few, 1_000.0))
    assert (-1, 30) == (remembered.beyond_ns, len(remembered.ns))
    assert labels([tails[0].slowest(1_000.0), tails[1].slowest(1_000.0)], folded(few, many)) == labels(
        [remembered, tails[1].slowest(1_000.0)], folded(few, many)
    )


def test_a_clock_that_stands_still_breaks_nothing():
    """Calls of 0 ns have no factor."""
    tail = Tail(4)
    ns = np.zeros(2_000, np.int64)
    ns[7] = 10
    tail.add(timed(ns), NONE, NONE, 0)
    assert "o" == letters(tail, 0.0, 5)
