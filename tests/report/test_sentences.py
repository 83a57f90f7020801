from dataclasses import replace

import pytest

import fake_reports as f
import fakes
from serbench.records.cases import Caution, Conditions
from serbench.records.samples import Disturbance
from serbench.report.grid import table_grid
from serbench.report.results import results
from serbench.report.rows import tables
from serbench.report.sentences import answers


def said(*measurements, topic="parse", **about):
    """The sentences on a topic."""
    made, _ = tables(fakes.run(measurements, **about))
    return [sentence.text for sentence in answers(made) if sentence.topic == topic]


def exact(name, ns, operation="read", *, workers=6, spread=10, encoded=1_000):
    """A case whose workers lie evenly around a time, `spread` ns apart."""
    middle = (workers - 1) / 2
    made = [fakes.worker([ns] * 20, [ns + spread * (n - middle)], pair=n) for n in range(workers)]
    return fakes.measured(fakes.case(name, operation=operation), tuple(made), encoded)


def test_a_clear_winner_is_named_with_its_interval_and_its_distance():
    """Who, how long, how sure, and how far the next one and the usual baseline of the format are."""
    time = "2.00 us a message (1.98 us to 2.02 us, 96.9 % interval of 6 workers)"
    expected = [
        f"To parse order (read: every leaf read once), orjson is fastest: {time}, below all others.",
        "other comes next and takes 2.00 times as long (1.96 to 2.04) as orjson.",
        "json, the usual baseline of its format, takes 5.00 times as long (4.93 to 5.08) as orjson.",
    ]
    assert expected == said(exact("json", 10_000), exact("other", 4_000), exact("orjson", 2_000))


def test_only_the_baseline_of_the_winners_format_is_told():
    """The next one, and not every baseline that there is."""
    about = [fakes.codec("orjson"), fakes.codec("ormsgpack", "msgpack"), fakes.codec("msgpack", "msgpack")]
    texts = said(exact("orjson", 2_000), exact("ormsgpack", 3_000), exact("msgpack", 9_000), codecs=about)
    assert 2 == len(texts)
    assert texts[1].startswith("ormsgpack comes next")


def test_a_tie_is_called_a_tie():
    """Intervals that meet: nobody is fastest, and the next one is the first that is told apart."""
    first, second = said(exact("a", 2_000), exact("b", 2_010), exact("c", 3_000))
    assert "a and b are too close to call: their intervals meet. a takes 2.00 us a message" in first
    assert "c comes next and takes 1.50 times as long (1.47 to 1.53) as a." == second


def test_few_workers_make_nobody_fastest():
    """With five workers the range is called a range, and being fastest is not sure."""
    first, second, third = said(exact("a", 2_000, workers=5), exact("b", 9_000, workers=5))
    assert "a has the shortest typical time: 2.00 us a message (1.98 us to 2.02 us, range of 5 workers)." in first
    assert "Whether it is fastest is not sure: an interval takes 6 workers." == second
    assert "b comes next and takes 4.50 times as long (4.45 to 4.56) as a." == third


def test_ranges_that_meet_are_a_tie():
    """Without intervals nothing is sure, and what is not even apart by its range does not come next."""
    made = (exact(name, ns, workers=5) for name, ns in (("a", 2_000), ("b", 2_040), ("c", 2_041), ("d", 9_000)))
    first, second, third = said(*made)
    assert "a and b are too close to call: their ranges meet. a takes 2.00 us a message (1.98 us to 2.02 us" in first
    assert "No difference is sure: an interval takes 6 workers." == second
    assert third.startswith("c comes next and takes 1.02 times as long")


def test_one_worker_says_nothing_of_spread():
    """No ends are printed where there are none, nor do they meet."""
    first, _, third = said(exact("a", 2_000, workers=1), exact("b", 9_000, workers=1))
    assert "2.00 us a message (one worker)." in first
    assert "b comes next and takes 4.50 times as long as a." == third


def test_a_codec_without_interval_cannot_be_ranked_and_takes_the_claim_away():
    """The best has its interval, another has not: nobody is called fastest."""
    first, second = said(exact("a", 2_000), exact("b", 9_000, workers=3))
    assert "a has the shortest typical time" in first
    assert "b cannot be ranked: fewer than 6 workers have a number." == second


def test_a_lone_codec_is_not_fastest():
    """There is nothing to be faster than."""
    (only,) = said(exact("a", 2_000))
    assert "a takes 2.00 us a message" in only
    assert only.endswith("there is no other number to hold it against.")


@pytest.mark.parametrize(
    ("operations", "words"),
    [
        (["decode", "load"], "(decode: until the codec's own object is there)"),
        (["load"], "(load: until plain values are there)"),
        (["decode", "read"], "(read: every leaf read once)"),
    ],
)
def test_the_sentence_says_which_operation_ranks(operations, words):
    """Read if there is one, else decode, else load."""
    made = [exact(name, ns, operation) for operation in operations for name, ns in (("a", 2_000), ("b", 3_000))]
    assert words in said(*made)[0]


def test_codecs_with_objects_of_their_own_get_dump_beside_encode():
    """Encode ranks first, then dump, where any codec has to build its object."""
    about = [fakes.codec("orjson"), fakes.codec("protobuf", "protobuf", "message")]
    times = {
        ("orjson", "encode"): 2_000,
        ("protobuf", "encode"): 1_000,
        ("orjson", "dump"): 2_000,
        ("protobuf", "dump"): 9_000,
    }
    texts = said(*(exact(n, ns, o) for (n, o), ns in times.items()), topic="serialise", codecs=about)
    assert "encode: from the codec's own object), protobuf is fastest" in texts[0]
    assert "dump: from plain values), orjson is fastest" in texts[2]
    assert "protobuf comes next and takes 4.50 times" in texts[3]


def test_building_that_was_not_measured_is_said_to_be_missing():
    """Encode alone flatters codecs that have to build first, so the missing half is named."""
    about = [fakes.codec("orjson"), fakes.codec("protobuf", "protobuf", "message")]
    texts = said(exact("orjson", 2_000, "encode"), exact("protobuf", 1_000, "encode"), topic="serialise", codecs=about)
    built = "dump: any object of its own built first"
    assert f"What protobuf would take from plain values ({built}) was not measured." == texts[-1]


def test_a_lazy_codec_is_not_said_to_build_anything():
    """What it gives is its own, what it takes is not: a run does not say which, so no sentence may claim either."""
    about = [fakes.codec("bson-lazy", "bson", "message"), fakes.codec("orjson")]
    made = (exact("orjson", 2_000, "encode"), exact("bson-lazy", 1_000, "encode"))
    (told,) = [text for text in said(*made, topic="serialise", codecs=about) if "dump" in text]
    assert "bson-lazy" in told
    assert "its object" not in told
    assert "any object of its own" in told


def test_plain_codecs_need_no_word_on_building():
    """For plain codecs encode is dump."""
    assert 2 == len(said(exact("a", 1_000, "encode"), exact("b", 2_000, "encode"), topic="serialise"))


def test_sizes_name_the_smallest_and_what_the_leaders_take():
    """The smallest, then each leader of a ranking that is larger."""
    texts = said(exact("a", 2_000, encoded=1_500), exact("b", 3_000, encoded=500), topic="size")
    assert ["b writes the smallest order: 500 B (median).", "a writes 1.50 kB, 3.00 times as much."] == texts


def test_leaders_that_write_as_much_are_told_once():
    """One number for all of them."""
    made = [exact("a", 2_000, encoded=1_500), exact("c", 9_000, encoded=500)]
    made += [exact("a", 9_000, "encode", encoded=1_500), exact("b", 2_000, "encode", encoded=1_500)]
    texts = said(*made, topic="size")
    assert [
        "c writes the smallest order: 500 B (median).",
        "a writes 1.50 kB, 3.00 times as much.",
        "So does b.",
    ] == texts


@pytest.mark.parametrize(
    ("sizes", "words"),
    [((996, 997), "996.5 B"), ((999, 1_000), "1.00 kB"), ((997, 997), "997 B"), ((1_996, 1_997), "2.00 kB")],
)
def test_a_size_is_written_as_in_the_tables(sizes, words):
    """A median between two is a half; sentence, page and text table have the same digits."""
    encoded = fakes.EncodedBytes(min=min(sizes), mean=sum(sizes) / 2, median=sum(sizes) / 2, max=max(sizes))
    smaller = replace(exact("a", 2_000), encoded_bytes=encoded)
    run = fakes.run([smaller, exact("b", 3_000, encoded=5_000)])
    (table,) = tables(run)[0]
    (told,) = [sentence.text for sentence in answers([table]) if sentence.topic == "size"][:1]
    assert f"a writes the smallest order: {words} (median)." == told
    page, grid = results(table), table_grid(table)
    assert words == f"{page.lines[0][0].text} {page.heads[0].unit}"
    assert words.split() == [grid.columns[1].cells[0].strip(), grid.columns[1].unit]


def test_equal_sizes_are_one_sentence():
    """Nobody is smallest where all are alike."""
    assert ["Every codec writes order in 1.00 kB (median)."] == said(exact("a", 1), exact("b", 2), topic="size")


def test_other_conditions_add_who_is_first_under_them():
    """The answer is that under the first conditions; of the others it says who has the shortest time, in one go."""
    off, frozen = (Conditions(gc=gc, instances=64) for gc in ("off", "frozen"))
    on = [exact("a", 2_000), exact("b", 3_000)]
    others = [replace(m, case=replace(m.case, conditions=conditions)) for conditions in (off, frozen) for m in on]
    texts = said(*on, *others)
    assert 3 == len(texts)
    assert "(read: every leaf read once), collector on, 64 instances, a is fastest" in texts[0]
    assert "a has the shortest typical time with collector off; collector frozen." == texts[2]


def test_a_codec_that_is_alone_under_other_conditions_is_not_first():
    """Its times are told, one by one."""
    measured = [
        replace(m, case=replace(m.case, conditions=Conditions(gc=gc, instances=64)))
        for gc, m in (("on", exact("a", 3_000)), ("off", exact("a", 2_000)), ("frozen", exact("a", 2_500)))
    ]
    texts = said(*measured)
    assert "a takes 2.00 us with collector off; 2.50 us with collector frozen." == texts[1]
    assert not any("shortest" in text for text in texts)


def test_who_passes_whom_without_the_collector_is_told():
    """Where both orders are sure, and before what building adds; the first of all may stay the first."""
    about = [fakes.codec(name, "protobuf", "message") for name in "abcd"]
    on = [exact(name, ns, "encode") for name, ns in zip("abcd", (1_000, 2_000, 3_000, 4_000), strict=True)]
    off = [exact(name, ns, "encode") for name, ns in zip("abcd", (1_000, 1_900, 1_800, 1_200), strict=True)]
    conditions = Conditions(gc="off", instances=64)
    texts = said(
        *on, *(replace(m, case=replace(m.case, conditions=conditions)) for m in off), topic="serialise", codecs=about
    )
    assert [
        "a has the shortest typical time with collector off.",
        "With the collector off the order turns: c is faster than b; d is faster than b and c.",
    ] == texts[2:4]
    assert "would take from plain values" in texts[4]


@pytest.mark.parametrize(
    ("gc", "first", "times"),
    [
        ("off", 2_000, (2_000, 3_000)),
        ("off", 2_000, (3_010, 3_000)),
        ("off", 2_990, (3_000, 2_000)),
        ("frozen", 2_000, (3_000, 2_000)),
    ],
    ids=["same order", "too close without", "too close with", "another condition"],
)
def test_an_order_that_does_not_surely_turn_is_not_said_to(gc, first, times):
    """The same order, intervals that meet with the collector or without, and what is not the collector being off."""
    conditions = Conditions(gc=gc, instances=64)
    other = [
        replace(m, case=replace(m.case, conditions=conditions))
        for m in (exact(name, ns) for name, ns in zip("ab", times, strict=True))
    ]
    assert not any("order turns" in text for text in said(exact("a", first), exact("b", 3_000), *other))


def test_many_that_move_up_are_counted():
    """Three are named."""
    conditions = Conditions(gc="off", instances=64)
    on = [exact(f"c{n}", 1_000 * (n + 1)) for n in range(6)]
    off = [exact(f"c{n}", 7_000 - 1_000 * n) for n in range(6)]
    texts = said(*on, *(replace(m, case=replace(m.case, conditions=conditions)) for m in off))
    (told,) = [text for text in texts if "order turns" in text]
    assert "c1 is faster than c0; c2 is faster than c0 and c1; c3 is faster than c0, c1 and c2; 2 more move up." in told


def test_a_tie_under_other_conditions_is_called_one():
    """Whoever has the shortest time there: with ties under one of several, that is said."""

    def under(gc, *cases):
        conditions = Conditions(gc=gc, instances=64)
        return [replace(m, case=replace(m.case, conditions=conditions)) for m in cases]

    on = [exact("a", 2_000), exact("b", 3_000), exact("c", 9_000)]
    tie = under("off", exact("a", 2_000), exact("b", 2_010), exact("c", 9_000))
    clear = under("frozen", *on)
    told = "There it cannot be told apart from b."
    assert ["a has the shortest typical time with collector off.", told] == said(*on, *tie)[2:]
    assert ["a has the shortest typical time with collector frozen."] == said(*on, *clear)[2:]
    told = "Under one of these at least it cannot be told apart from b."
    assert ["a has the shortest typical time with collector off; collector frozen.", told] == said(*on, *tie, *clear)[
        2:
    ]


def test_tails_are_told_of_the_best_and_of_those_that_are_one_thing():
    """Whose tails are the machine's, and of the others which are mostly one thing; then the best in full."""
    counts = {"share": 0.01, "from_ns": 40_000, "gc": 2, "preempted": 2, "instance": 2, "other": 54}
    made = [
        f.labelled(fakes.measured(fakes.case(name), fakes.even_workers(ns)), **(counts | changes))
        for name, ns, changes in (
            ("best", 4_000, {}),
            ("mixed", 5_000, {}),
            ("large", 6_000, {"instance": 54, "other": 2}),
            ("waits", 7_000, {"preempted": 54, "other": 2}),
            ("slow", 12_000, {"preempted": 54, "other": 2}),
        )
    ]
    *others, last = said(*made, topic="tail", noise=f.NOISE)
    assert [
        "Decode: the tail of slow is the machine's.",
        "Decode: the tail of waits is mostly the scheduler's doing.",
        "Decode: the tail of large is mostly larger messages.",
        "Decode: the tails of best and mixed are not the machine's and mostly unexplained, so perhaps the codec's own.",
    ] == others
    assert last.startswith("Decode: the slowest 1 % of best (60 calls from 40.0 us): 90 % unexplained, 3 % collector")


def test_whose_tail_it_is_comes_first_for_the_best_as_well():
    """The answer, then what it rests on."""
    made = f.labelled(fakes.measured(fakes.case("slow"), fakes.even_workers(12_000)), share=0.01)
    first, second = said(made, topic="tail", noise=f.NOISE)
    assert "Decode: the tail of slow is the machine's." == first
    assert second.startswith("Decode: the slowest 1 % of slow")


def test_a_tail_of_which_nothing_can_be_told_is_nobodys():
    """A steady call would have taken over twice as long: neither the machine's nor the codec's own."""
    counts = {"share": 0.01, "from_ns": 20_000, "gc": 2, "preempted": 2, "instance": 2, "other": 54}
    made = f.labelled(fakes.measured(fakes.case("a"), fakes.even_workers(12_000)), **counts)
    (only,) = said(made, topic="tail", noise=f.NOISE)
    assert only.endswith("so whose tail it is cannot be told.")


def test_a_tail_on_a_machine_that_was_not_watched_is_nobodys():
    """Where the noise of the machine is not known, what is unexplained is not laid on the codec."""
    counts = {"share": 0.01, "from_ns": 40_000, "gc": 2, "preempted": 2, "instance": 2, "other": 54}
    made = f.labelled(fakes.measured(fakes.case("a"), fakes.even_workers(4_000)), **counts)
    (only,) = said(made, topic="tail")
    assert only.startswith("Decode: the slowest 1 % of a")


@pytest.mark.parametrize(
    ("rounds", "noted", "told"),
    [
        ("dd.", True, "mostly unexplained, while other programs ran."),
        ("dd.", False, "not the machine's and mostly unexplained, so perhaps the codec's own."),
        ("d..", True, "not the machine's and mostly unexplained, so perhaps the codec's own."),
    ],
)
def test_what_is_unexplained_while_other_programs_ran_is_not_laid_on_the_codec(rounds, noted, told):
    """Caches that they leave cold do not show in empty calls: where most rounds were theirs, it is said."""
    counts = {"share": 0.01, "from_ns": 40_000, "gc": 2, "preempted": 2, "instance": 2, "other": 54}
    caution = Caution(name="disturbed", text="Other programs ran.")
    made = f.labelled(fakes.measured(fakes.case("a"), fakes.even_workers(4_000)), **counts)
    (quiet,) = fakes.run([]).rounds
    weather = [replace(quiet, disturbance=Disturbance(disturbed=one == "d"), wave=n) for n, one in enumerate(rounds)]
    noticed = replace(made, warnings=(caution,) * noted)
    first, _ = said(noticed, topic="tail", noise=f.NOISE, rounds=tuple(weather))
    assert f"Decode: the tail of a is {told}" == first


def test_a_tail_that_is_half_unexplained_is_not_mostly_so():
    """Mostly is more than half."""
    counts = {"share": 0.01, "from_ns": 40_000, "gc": 10, "preempted": 10, "instance": 10, "other": 30}
    made = f.labelled(fakes.measured(fakes.case("a"), fakes.even_workers(4_000)), **counts)
    assert 1 == len(said(made, topic="tail", noise=f.NOISE))


def test_nothing_is_ranked_where_nothing_was_timed():
    """Not to have asked is no failure of a codec."""
    assert [] == said(fakes.measured(fakes.case("a"), ()), passes=("size",))
