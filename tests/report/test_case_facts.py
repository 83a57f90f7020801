"""What is told of a case in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fake_reports as f
import fakes
from serbench.records.cases import Caution
from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory, Spread
from serbench.report.case_facts import Passes, basis_facts, codec_facts, readings, sample_fact, size_fact
from serbench.statistics.estimates import Missing

MEMORY = Memory(
    calls=64,
    peak_bytes=Spread(median=12_300, min=12_000, max=13_000),
    live_bytes=Spread(median=8_000, min=8_000, max=8_000),
    resident_growth_bytes=-1,
    resident_calls=64,
    tracked_per_result=21.5,
    heap_objects=1_000,
    full_collection_ns=2_000_000,
)
COLD = ColdStart(
    processes=5,
    import_ns=Spread(median=12e6, min=11e6, max=13e6),
    bind_ns=Spread(median=1e3, min=1e3, max=1e3),
    first_call_ns=Spread(median=20e3, min=20e3, max=20e3),
)


def compressed(method: str, level: int, size: int) -> Compressed:
    """Messages of one size under a compressor."""
    sizes = EncodedBytes(mean=size, median=size, min=size, max=size)
    return Compressed(method=method, level=level, messages=64, bytes_per_message=sizes, ns_per_message=1.0)


def told(facts) -> dict[str, str]:
    """Facts by label."""
    return {fact.label: fact.value for fact in facts}


def measurement(operation: str, **changes):
    """A measured case of a codec."""
    return replace(fakes.measured(fakes.case("json", operation=operation), fakes.even_workers(5_000)), **changes)


def test_both_readings_are_held_against_each_other():
    """By how much the median of single calls is apart from the typical time, and what the floor is of it."""
    row = f.row("json", 2_000, p50_ns=f.exact(2_040))
    expected = "p50 lies 2 % above the typical time, an empty call is 2.5 % of it: single calls and batches agree."
    assert expected == readings(row)
    assert "lies 1.5 % below" in readings(f.row("json", 2_000, p50_ns=f.exact(1_970)))
    assert "lies at the typical time" in readings(f.row("json", 2_000))
    assert "agree, as a batch is a mean and the calls are skewed." in readings(
        f.row("json", 2_000, p50_ns=f.exact(1_500))
    )
    assert "is under 0.1 % of it" in readings(f.row("json", 2_000_000))


def test_readings_that_disagree_are_said_to():
    """The caution of the summary decides, so that page and table say the same."""
    caution = Caution(name="readings-disagree", text="They do.")
    assert readings(f.row("json", 2_000, cautions=(caution,))).endswith("single calls and batches do not agree.")


def test_with_several_threads_single_calls_are_not_held_against_batches():
    """They wait for each other in between."""
    row = f.row("json", 2_000)
    row = replace(row, behind=replace(row.behind, evidence=replace(f.EVIDENCE, thread_ns=(1.0, 2.0))))
    assert "only batches count" in readings(row)


@pytest.mark.parametrize("missing", ["typical_ns", "p50_ns"])
def test_one_reading_alone_is_held_against_nothing(missing):
    """Where one is missing there is nothing to say."""
    assert "" == readings(f.row("json", 2_000, **{missing: f.NO_TAIL}))


def test_what_a_case_rests_on():
    """Floor, calls and the slowest calls, with the figures of its evidence."""
    facts = told(basis_facts(f.row("json", 2_000)))
    assert ["empty call", "calls", "slowest calls"] == list(facts)
    assert "50.0 ns, in batches 20.0 ns; step of the clock 1.00 ns" == facts["empty call"]
    for part in ("100,000 one by one", "40,000 in batches", "60 rounds", "300 of lead-in", "1,200 of warm-up"):
        assert part in facts["calls"]
    assert "60 % preempted, 20 % collector, 10 % larger messages, 10 % unexplained" in facts["slowest calls"]


def test_disturbed_rounds_are_told():
    """And only those."""
    row = f.row("json", 2_000)
    disturbed = replace(row, behind=replace(row.behind, evidence=replace(f.EVIDENCE, disturbed_rounds=3)))
    assert "60 rounds, 3 of them disturbed" in told(basis_facts(disturbed))["calls"]
    assert "disturbed" not in told(basis_facts(row))["calls"]


@pytest.mark.parametrize(("rounds", "typical"), [(29, False), (30, True)])
def test_from_half_of_its_rounds_on_a_typical_time_may_be_others(rounds, typical):
    """Of sixty; with fewer it is the tail alone."""
    row = f.row("json", 2_000)
    disturbed = replace(row, behind=replace(row.behind, evidence=replace(f.EVIDENCE, disturbed_rounds=rounds)))
    words = f"{rounds} of them disturbed (its typical time and ranks may be other programs')"
    assert typical == (words in told(basis_facts(disturbed))["calls"])


def test_why_a_tail_is_not_known():
    """Its reason stands in its place."""
    row = f.row("json", 2_000)
    row = replace(row, behind=replace(row.behind, tail=f.TOO_FEW))
    assert f.TOO_FEW.reason == told(basis_facts(row))["slowest calls"]


def test_what_was_not_timed_rests_on_nothing():
    """No floor and no calls."""
    row = f.row("json", 2_000)
    nothing = Missing(short="failed", reason="the worker died")
    assert [] == list(basis_facts(replace(row, behind=replace(row.behind, evidence=nothing))))


def test_the_codec_and_what_it_does_not_carry():
    """Library, version and native part; deviations in words, unknown names as they are."""
    codec = replace(fakes.codec("orjson", distribution="orjson"), deviations=("TUPLE_AS_LIST", "LATER"))
    facts = told(codec_facts(codec))
    assert {"codec": "orjson 1.2.3, C", "deviations": "a tuple comes back as a list; LATER"} == facts
    plain = replace(codec, distribution="", deviations=(), native="")
    assert {"codec": "standard library 1.2.3"} == told(codec_facts(plain))


def test_the_size_of_a_message():
    """Median, both ends and mean; one number where all are alike; nothing where nothing was encoded."""
    assert {"message": "1.00 kB (900 B to 1.20 kB, mean 1.04 kB)"} == told(
        size_fact(EncodedBytes(mean=1_040.0, median=1_000.0, min=900, max=1_200))
    )
    assert {"message": "77 B"} == told(size_fact(EncodedBytes(mean=77.0, median=77.0, min=77, max=77)))
    assert {} == told(size_fact(f.TOO_FEW))


@pytest.mark.parametrize(
    ("sample", "caption"),
    [
        ('{"a":1}', "instance 1 of 64"),
        ("[1,2]", "instance 1 of 64"),
        ('{"a key":"number"}', "instance 1 of 64"),
        ('"ab"… of 900 characters\n… 902 bytes in all', "instance 1 of 64, shortened"),
        ("[string of 3 characters, null]", "instance 1 of 64, its shape alone"),
        ("[integer, … 8 more]\n… 19 bytes in all", "instance 1 of 64, its shape alone, shortened"),
    ],
)
def test_a_message_is_shown(sample, caption):
    """With which it is of how many, and whether it is all of it or redacted."""
    payload = replace(fakes.payload(), sample=sample)
    (fact,) = sample_fact(payload)
    assert (sample, caption) == (fact.value, fact.caption)
    encode = measurement("encode")
    assert [fact] == list(Passes(fakes.run([encode], payloads=[payload])).facts(encode))


def test_a_run_of_an_earlier_serbench_has_no_message():
    """Then nothing is said."""
    assert [] == list(sample_fact(fakes.payload()))


def test_passes_are_shared_by_cases_that_they_hold_for():
    """Sizes are a codec's; memory, cold start and instructions are an operation's."""
    sizes = (compressed("none", 0, 1_000), compressed("gzip", 6, 350))
    encode = measurement("encode", sizes=sizes, memory=MEMORY, cold_start=COLD, instructions=12_345.0)
    decode = measurement("decode")
    run = fakes.run([encode, decode], passes=("time", "size", "memory", "cold", "instructions"))
    facts = told(Passes(run).facts(encode))
    assert "gzip level 6: 350 B" == facts["compressed"]
    assert "at most 12.3 kB more during a call, 8.00 kB while its result is held" in facts["memory"]
    assert "import 12.0 ms, bind 1.00 us, first call 20.0 us" == facts["cold start"]
    assert "12,345 a call, under callgrind" == facts["instructions"]
    others = told(Passes(run).facts(decode))
    assert facts["compressed"] == others["compressed"]
    assert others["memory"].startswith("the run ended before this was measured")


def test_new_memory_is_told_where_it_was_counted():
    """What a call copies, as far as the system told it."""
    counted = replace(MEMORY, new_bytes=Spread(median=1_052_672, min=0, max=2_000_000))
    texts = [
        told(Passes(fakes.run([one], passes=("memory",))).facts(one))["memory"]
        for one in (measurement("decode", memory=counted), measurement("decode", memory=MEMORY))
    ]
    assert texts[0] == f"{texts[1]}; it writes to 1.05 MB of new memory"


def test_what_was_not_asked_for_is_not_told():
    """A run of time alone says nothing about the other passes, even if something was found."""
    encode = measurement("encode", memory=MEMORY)
    assert [] == list(Passes(fakes.run([encode])).facts(encode))
