"""Bills: cores, gigabytes and money, held against examples that were worked by hand."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from serbench.records.cases import Caution, Conditions, Operation, Status
from serbench.records.passes import Compressed, EncodedBytes
from serbench.report.price.cost import Figures, Inputs, Packed, Step, certain, cost, difference
from serbench.report.price.offers import prices
from serbench.report.price.view import FIELDS, bill, price_view
from serbench.report.price.words import plain, signed, with_ends
from serbench.report.rows import tables
from serbench.statistics.estimates import Estimate, Missing
from serbench.statistics.intervals import apart


def estimate(value, share=0.1, basis="interval"):
    """A time whose interval reaches that share to both sides."""
    low, high = (value, value) if basis == "none" else (value * (1 - share), value * (1 + share))
    cover = 0.97 if basis == "interval" else 0.0
    return Estimate(value=value, low=low, high=high, basis=basis, coverage=cover, workers=6, calls=100)


def figures(codec="json", parse=10_000.0, serialise=5_000.0, size=1_000.0, **about):
    """A codec: 10 us to parse, 5 us to serialise, 1,000 B, 300 B with zstd in 5 us."""
    return Figures(
        codec=codec,
        parse=Step(operation=Operation.READ, ns=estimate(parse, **about)),
        serialise=Step(operation=Operation.DUMP, ns=estimate(serialise, **about)),
        packed={"none": Packed(bytes=size), "zstd": Packed(bytes=0.3 * size, ns=5_000.0)},
    )


GONE = Missing(short="no time", reason="no time for parsing: read failed: SIGSEGV")


def test_the_defaults_worked_by_hand():
    """20,000/s x 15 us / 50 % are 0.6 cores; 20,000/s x 1,000 B are 52,600.32 GB a month; 18 + 4,734.0288 money."""
    made = cost(figures(), Inputs())
    assert pytest.approx((0.6, 0.54, 0.66)) == (made.cores.value, made.cores.low, made.cores.high)
    assert pytest.approx(52_600.32) == made.gigabytes
    assert pytest.approx((18, 16.2, 19.8)) == (made.for_cores.value, made.for_cores.low, made.for_cores.high)
    assert pytest.approx(4_734.0288) == made.for_gigabytes
    assert pytest.approx((4_752.0288, 4_750.2288, 4_753.8288)) == (made.money.value, made.money.low, made.money.high)
    assert ("interval", pytest.approx(0.94)) == (made.money.basis, made.money.coverage)


def test_compression_takes_time_of_the_sender_and_saves_bytes():
    """5 us more for each message that goes out, none for one that comes in; 3 out of 10 bytes go out."""
    made = cost(figures(), Inputs(compression="zstd", decoded=2, encoded=3))
    assert pytest.approx(20_000 * (2 * 10_000 + 3 * (5_000 + 5_000)) / 1e9 / 0.5) == made.cores.value
    assert pytest.approx(3 * 0.3 * 52_600.32) == made.gigabytes


def test_full_use_of_cores_takes_half_of_them():
    """Utilisation divides cores, and touches nothing else."""
    full, half = (cost(figures(), Inputs(utilisation=share)) for share in (100, 50))
    assert pytest.approx(0.3) == full.cores.value
    assert full.gigabytes == half.gigabytes


def test_what_is_not_needed_may_be_missing():
    """A codec without a time to parse has a bill where nothing is parsed; else the bill says what is missing."""
    lame = replace(figures(), parse=GONE)
    assert GONE.reason == cost(lame, Inputs()).reason
    assert pytest.approx(0.2) == cost(lame, Inputs(decoded=0)).cores.value
    mute = replace(figures(), serialise=GONE, packed={"none": GONE})
    assert (0.0, 0.0) == (cost(mute, Inputs(encoded=0)).gigabytes, cost(mute, Inputs(encoded=0)).for_gigabytes)
    assert f"{GONE.reason}; {GONE.reason}" == cost(mute, Inputs()).reason


@pytest.mark.parametrize(("basis", "ends"), [("range", (0.54, 0.66)), ("none", (0.6, 0.6))])
def test_the_weakest_basis_holds(basis, ends):
    """One time without an interval leaves the total without; and then nothing is told apart."""
    weak = replace(figures(), parse=Step(operation=Operation.READ, ns=estimate(10_000.0, basis=basis)))
    made = cost(weak, Inputs())
    assert (basis, pytest.approx(ends), 0.0) == (
        made.cores.basis,
        (made.cores.low, made.cores.high),
        made.cores.coverage,
    )
    assert not apart(made.money, cost(figures(size=10), Inputs()).money)


def test_free_cores_leave_a_bill_that_is_certain():
    """Sizes are counted: where only they cost money, no worker is needed to tell bills apart."""
    one, other = (cost(figures(size=size, basis="none"), Inputs(core=0)).money for size in (1_000, 1_001))
    assert apart(one, other)
    assert (one.low, one.high) == (one.value, one.value)


positive = st.floats(min_value=0.01, max_value=1e6)
inputs = st.builds(
    Inputs,
    rate=positive,
    decoded=st.integers(0, 9),
    encoded=st.integers(0, 9),
    core=st.floats(0, 1e4),
    gigabyte=st.floats(0, 10),
    utilisation=st.floats(1, 100),
    compression=st.sampled_from(["none", "zstd"]),
)
some = st.builds(figures, parse=positive, serialise=positive, size=positive, share=st.floats(0, 0.9))


@given(some, inputs)
def test_a_bill_grows_with_the_rate(own, given_inputs):
    """Twice the requests are twice of everything; ends hold the value; the money is both parts."""
    one, two = cost(own, given_inputs), cost(own, replace(given_inputs, rate=2 * given_inputs.rate))
    for number in (one.cores, one.for_cores, one.money):
        assert number.low <= number.value <= number.high
    assert pytest.approx(2 * one.gigabytes) == two.gigabytes
    for end in ("value", "low", "high"):
        assert pytest.approx(2 * getattr(one.cores, end)) == getattr(two.cores, end)
        assert pytest.approx(2 * getattr(one.money, end)) == getattr(two.money, end)
    assert pytest.approx(one.for_cores.value + one.for_gigabytes) == one.money.value


@given(some, some, inputs)
def test_differences_and_overlaps_say_the_same(one, other, given_inputs):
    """Two totals are apart exactly where their difference cannot be zero; the other way round it has the other sign."""
    mine, theirs = cost(one, given_inputs).money, cost(other, given_inputs).money
    more, less = difference(mine, theirs), difference(theirs, mine)
    assert (more.value, more.low, more.high) == (-less.value, -less.high, -less.low)
    assert more.low <= more.value <= more.high
    assert apart(mine, theirs) == (more.low > 0 or more.high < 0)


def test_differences_without_a_spread_have_none():
    """Where one side is a single number, so is the difference."""
    made = difference(certain(5), estimate(3, basis="none"))
    assert (2, 2, 2, "none") == (made.value, made.low, made.high, made.basis)


def test_the_fields_of_a_page_are_the_inputs():
    """Their usual values are the defaults, and lie where they may."""
    usual = {field.name: getattr(Inputs(), field.name) for field in fields(Inputs) if field.name != "compression"}
    assert usual == {field.name: float(field.usual) for field in FIELDS}
    assert all(float(field.low) <= float(field.usual) <= float(field.high) for field in FIELDS)
    assert 0 < float(next(field.low for field in FIELDS if field.name == "utilisation"))


# What bills rest on.


def priced(run):
    """The prices of a run."""
    return prices(run, tables(run)[0])


def with_sizes(run, codec="json", messages=64):
    """The run with what compressors made of one codec's messages."""

    def one(method, level, size, ns):
        sizes = EncodedBytes(mean=size, median=size, min=1, max=9_999)
        return Compressed(method=method, level=level, messages=messages, bytes_per_message=sizes, ns_per_message=ns)

    own = (one("none", 0, 1_000.0, 0.0), one("gzip", 6, 400.0, 20_000.0), one("zstd", 3, 300.0, 5_000.0))
    first = next(m for m in run.measurements if m.case.codec == codec and m.workers)
    measurements = tuple(replace(m, sizes=own) if m is first else m for m in run.measurements)
    return replace(run, measurements=measurements, passes=("time", "size"))


def test_parsing_is_read_and_serialising_dump():
    """Typical times of the tables with their intervals, and the size of a median message."""
    made = priced(fakes.order_run())
    (offer,) = made.offers
    first = offer.figures[0]
    assert ("json", Operation.READ, Operation.DUMP) == (first.codec, first.parse.operation, first.serialise.operation)
    by_case = {row.case_id: row for table in tables(fakes.order_run())[0] for row in table.rows}
    assert by_case["json/order/read"].typical_ns == first.parse.ns
    assert by_case["json/order/encode"].typical_ns == first.serialise.ns
    assert {"none": Packed(bytes=1_000.0)} == first.packed
    assert ("json", ("json", "orjson", "msgpack", "protobuf")) == (made.today, made.codecs)
    assert "Parsing is read: bytes to every leaf read once" in offer.basis[0]
    assert "Times are typical ones with collector on, 64 instances." == offer.basis[2]


def test_another_operation_is_said():
    """A codec whose dump failed is reckoned with encode, and a note says why."""
    (offer,) = priced(fakes.order_run()).offers
    assert Operation.ENCODE is offer.figures[3].serialise.operation
    assert (
        "protobuf: serialising is encode here, which is other work than dump (dump failed: the worker died: SIGSEGV)",
    ) == offer.notes


def test_load_comes_before_decode():
    """Where read was not measured, parsing is load, else decode."""
    cases = [
        fakes.measured(fakes.case(codec, operation=operation), fakes.even_workers(ns))
        for codec, operation, ns in (("json", "decode", 5e3), ("json", "load", 6e3), ("orjson", "decode", 1e3))
    ]
    (offer,) = priced(fakes.run(cases)).offers
    assert [Operation.LOAD, Operation.DECODE] == [f.parse.operation for f in offer.figures]
    assert (
        "no time for serialising: dump was not measured, encode was not measured" == offer.figures[0].serialise.reason
    )
    assert "orjson: parsing is decode here, which is other work than load" in offer.notes[0]


def test_default_conditions_count():
    """Where there are several; else the first."""
    off = Conditions(gc="off", instances=64)
    cases = [
        fakes.measured(fakes.case("json", conditions=c), fakes.even_workers(ns))
        for c, ns in ((off, 1e3), (fakes.CONDITIONS, 2e3))
    ]
    both, alone = (priced(fakes.run(own)).offers[0] for own in (cases, cases[:1]))
    assert pytest.approx(2e3) == both.figures[0].parse.ns.value
    assert pytest.approx(1e3) == alone.figures[0].parse.ns.value
    assert "Times are typical ones with collector off, 64 instances." in alone.basis


def test_several_threads_are_said():
    """Their time is no time of a core."""
    case = fakes.case("json", conditions=Conditions(instances=64, threads=2))
    (offer,) = priced(fakes.run([fakes.measured(case, fakes.even_workers(1e3))])).offers
    assert "one of 2 threads" in offer.basis[-1]


def test_compressed_sizes_and_their_times():
    """With each method and level of the run; a codec that it did not get to says so."""
    made = priced(with_sizes(fakes.order_run()))
    assert ["no compression", "gzip level 6", "zstd level 3"] == [method.words for method in made.methods]
    json, orjson = made.offers[0].figures[:2]
    assert Packed(bytes=300.0, ns=5_000.0) == json.packed["zstd"]
    assert "zstd: the run ended before this was measured" in orjson.packed["zstd"].reason
    assert "compressed sizes" not in " ".join(made.offers[0].notes)


def test_sizes_of_some_of_the_messages_are_said():
    """As the table of sizes does."""
    (offer,) = priced(with_sizes(fakes.order_run(), messages=12)).offers
    assert "json: compressed sizes are those of 12 of 64 messages" in offer.notes


def test_a_disturbed_time_is_said():
    """It counts, and a note says what it is worth."""
    run = fakes.order_run()
    made = tables(run)[0]
    caution = Caution(name="disturbed", text="Other programs ran. Run it again on a quiet machine.")
    disturbed = [replace(table, rows=tuple(replace(row, cautions=(caution,)) for row in table.rows)) for table in made]
    (offer,) = prices(run, disturbed).offers
    assert "json, orjson, msgpack and protobuf: other programs disturbed the time of read" in offer.notes


def test_a_run_without_times_has_no_prices():
    """And a page says so."""
    failed = fakes.unmeasured(fakes.case("json"), Status.FAILED, "SIGSEGV")
    made = priced(fakes.run([failed]))
    assert ((), "", ()) == (made.offers, made.today, made.codecs)
    assert () == price_view(made).bills


def test_a_codec_that_failed_is_in_the_bill():
    """Last, with its reason in the place of numbers."""
    run = fakes.order_run()
    dead = [fakes.unmeasured(fakes.case("dead", operation=o), Status.FAILED, "SIGSEGV") for o in ("read", "dump")]
    run = replace(run, codecs=(*run.codecs, fakes.codec("dead")), measurements=(*run.measurements, *dead))
    last = price_view(priced(run)).bills[0].lines[-1]
    assert ("dead", ()) == (last.codec, last.cells)
    assert "no time for parsing: read failed: SIGSEGV, load was not measured" in last.reason


# Words and cells.


def bills_of(*own, today="json", **changes):
    """A bill of these figures."""
    made = priced(fakes.order_run())
    offer = replace(made.offers[0], figures=own)
    return bill(offer, made, Inputs(**changes), today)


def texts(line):
    """What stands in the cells of a line."""
    return [(cell.text, cell.spread) for cell in line.cells]


def test_a_bill_answers_what_switching_saves():
    """In a sentence, with its ends and its share; and in the column of differences."""
    made = bills_of(figures(), figures("orjson", 2_000.0, 1_000.0), gigabyte=0.001)
    assert (
        "At 20\u202f000 requests per second json costs 70.6 (68.8 to 72.4) a month: "
        "18.0 for cores and 52.6 for GB out. Switching to orjson saves 14.4 (12.2 to 16.6) a month, 20.4\u00a0% of it: "
        "14.4 less for cores and as much for GB out."
    ) == made.answer
    first, last = made.lines
    assert [("0.120", "0.108\u20130.132"), ("52\u202f600", ""), ("56.2", "55.8\u201356.6")] == texts(first)[:3]
    assert ("\u221214.4", "\u221216.6 to \u221212.2") == texts(first)[3]
    assert (("orjson", True, False), ("json", False, True)) == tuple((x.codec, x.cheapest, x.today) for x in made.lines)
    assert ("\u2013", "") == texts(last)[3]


def test_bills_that_overlap_cannot_be_told_apart():
    """In the column, in the sentences, and no one is the cheapest."""
    made = bills_of(figures(), figures("orjson", 9_500.0), figures("msgpack", 9_600.0), gigabyte=0)
    assert "orjson has the lowest total, which cannot be told apart from that of json." in made.answer
    assert made.answer.endswith("msgpack cannot be told apart from orjson.")
    assert ["cannot be told apart"] * 2 == [texts(line)[3][0] for line in made.lines if not line.today]
    assert "\u22124.14 to +2.94" == texts(made.lines[0])[3][1]
    assert not any(line.cheapest for line in made.lines)


def test_too_few_workers_tell_nothing():
    """The difference is shown, with the word."""
    several = [figures(name, ns, basis="range") for name, ns in (("json", 1e4), ("orjson", 1e3), ("msgpack", 2e3))]
    made = bills_of(*several)
    assert ("\u221210.8", "too few workers to tell") == texts(made.lines[0])[3]
    told = "orjson has the lowest total, 10.8 less (10.8 less for cores and as much for GB out); there are too few"
    assert told in made.answer
    assert made.answer.endswith("There are too few workers to tell msgpack from orjson.")
    assert "told apart" not in made.answer


def test_equal_bills_have_no_difference():
    """Where nothing costs money."""
    made = bills_of(figures(), figures("orjson"), core=0, gigabyte=0)
    assert ["no difference"] == [texts(line)[3][0] for line in made.lines if not line.today]


def test_the_cheapest_may_be_todays():
    """Then nothing is saved."""
    assert "No codec costs less." in bills_of(figures(), figures("orjson", 90_000.0)).answer
    without = replace(figures("orjson", 90_000.0), parse=GONE)
    assert "No codec that has a total costs less." in bills_of(figures(), without).answer


def test_a_saving_says_how_much_of_it_is_traffic():
    """A smaller message may take more time; both parts are told, and they are the saving."""
    made = bills_of(figures(), figures("protobuf", 20_000.0, 10_000.0, size=400.0))
    assert "saves 2820 (2820 to 2830) a month" in made.answer
    assert made.answer.endswith(" of it: 18.0 more for cores and 2840 less for GB out.")


def test_many_that_cannot_be_told_apart_are_counted():
    """Names of more than five help nobody."""
    made = bills_of(figures(), *(figures(f"c{n}") for n in range(7)))
    assert made.answer.endswith("7 others cannot be told apart from json.")


def test_todays_codec_without_a_total():
    """Its reason, and who is the cheapest."""
    made = bills_of(replace(figures(), parse=GONE), figures("orjson"), gigabyte=0)
    assert (
        f"json has no total here: {GONE.reason}. The cheapest with one is orjson: 18.0 (16.2 to 19.8) a month."
        == made.answer
    )
    assert "orjson" == made.example
    unknown = bills_of(figures("orjson"), today="elsewhere")
    assert unknown.answer.startswith("elsewhere has no total here: it was not measured on this payload.")


def test_a_bill_without_any_total():
    """A sentence, and a formula in words alone."""
    made = bills_of(replace(figures(), parse=GONE))
    assert "No codec has all the parts that this takes; the table says what is missing." == made.answer
    assert ["", "", ""] == [line.numbers for line in made.formula]


def test_the_formula_has_the_numbers_of_one_codec():
    """Those of today's; what it gives is what its line says."""
    made = bills_of(figures(), figures("orjson", 90_000.0), decoded=2)
    assert [
        "20\u202f000/s \u00d7 (2 \u00d7 10.0 us + 1 \u00d7 (5.00 us + 0 ns)) ÷ 50\u00a0% = 1.00",
        "20\u202f000/s \u00d7 1 \u00d7 1000 B \u00d7 2,630,016 s ÷ 10⁹ B = 52\u202f600",
        "1.00 \u00d7 30 + 52\u202f600 \u00d7 0.09 = 4760",
    ] == [line.numbers for line in made.formula]
    assert ("json", "1.00", "4760") == (made.example, made.lines[0].cells[0].text, made.lines[0].cells[2].text)


def test_assumptions_in_words():
    """Everything that was entered."""
    assert (
        "1234.5 requests per second, each with 1 message decoded and 0 messages encoded. A core costs 7 a month and is "
        "used to 80\u00a0%; a GB out costs 0.02; no compression."
    ) == bills_of(figures(), rate=1_234.5, encoded=0, core=7, utilisation=80, gigabyte=0.02).assumptions


def test_numbers_as_text():
    """No needless zeros, a real minus, and ends only where digits show them."""
    assert ["0", "0.09", "20\u202f000", "1234.5"] == [plain(n) for n in (0, 0.09, 20_000.0, 1_234.5)]
    assert ["\u22121.50", "0", "+12\u202f300"] == [signed(n) for n in (-1.5, 0.0, 12_345)]
    assert "100" == with_ends(estimate(100, share=1e-6))


def test_a_view_keeps_names_from_leaving_the_script():
    """No tag can begin in the data."""
    run = fakes.order_run()
    bad = "</script><b>"
    made = priced(replace(run, payloads=(replace(run.payloads[0], title=bad),)))
    offers = (replace(made.offers[0], payload=bad, notes=(bad,)),)
    assert "<" not in price_view(replace(made, offers=offers)).data
