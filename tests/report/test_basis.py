"""What stands behind numbers: every count is the run's, and every command measures one case."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest

import fake_reports as f
import fakes
from serbench.records.cases import Conditions, Status
from serbench.records.samples import Disturbance, Floor, Round, ThreadSamples
from serbench.report.basis import basis_grid, command, commands, threads_words
from serbench.report.rows import tables
from serbench.unfinished import request

ASKED = "serbench run order --codec json --op decode"


def only_table(*measurements, **about):
    """The only table of these measurements."""
    (table,), _ = tables(fakes.run(measurements, **about))
    return table


def column(grid, head):
    """The trimmed cells of a column, and its unit."""
    (found,) = [column for column in grid.columns if column.head == head]
    return found.unit, [cell.strip() for cell in found.cells]


def even(name, **workers):
    """A measured case with facts on its tail."""
    return f.labelled(fakes.measured(fakes.case(name), fakes.even_workers(5_000, **workers)))


def round_(wave, *, disturbed=False, repeated=False):
    """A round of a generation of workers."""
    return Round(
        n=1,
        wave=wave,
        started="",
        seconds=1.0,
        block_seconds=0.5,
        disturbance=Disturbance(disturbed=disturbed),
        repeated=repeated,
    )


def test_counts_are_those_of_all_workers():
    """Six workers: calls, batches, lead-in, warm-up, collections and switches are sums."""
    grid = basis_grid(only_table(even("json")))
    counts = [column(grid, head) for head in ("single", "batch", "lead-in", "warm-up")]
    assert [("calls", ["6,000"]), ("calls", ["3,000"]), ("calls", ["300"]), ("calls", ["1,200"])] == counts
    assert [["6"], ["60"], ["42"]] == [column(grid, head)[1] for head in ("workers", "collections", "switches")]


def test_floors_and_the_clock_share_a_unit():
    """Medians over workers: an empty call by itself, in batches, and the step of the clock."""
    grid = basis_grid(only_table(even("json")))
    assert [("ns", ["50.0"]), ("ns", ["20.0"]), ("ns", ["1.00"])] == [
        column(grid, head) for head in ("floor", "in batches", "clock step")
    ]
    odd = fakes.even_workers(5_000)
    floor = Floor(ns_per_call=90.0, batch_ns_per_call=20.0, clock_step_ns=1.0, calls=9)
    odd = (replace(odd[0], floor=floor), *odd[1:])
    assert ["50.0"] == column(basis_grid(only_table(fakes.measured(fakes.case("json"), odd))), "floor")[1]


def test_the_interval_says_how_often_it_holds():
    """Its coverage from six workers on; a range below; nothing of one worker."""
    grid = basis_grid(only_table(even("a"), even("b", workers=3), even("c", workers=1)))
    cells = dict(zip(column(grid, "codec")[1], column(grid, "interval")[1], strict=True))
    assert {"a": "96.9 %", "b": "range", "c": "-"} == cells


def test_disturbed_rounds_are_those_of_the_cases_own_workers():
    """Rounds of other generations, and those that were measured again, are not behind its numbers."""
    rounds = (round_(0, disturbed=True), round_(0), round_(0, disturbed=True, repeated=True), round_(7, disturbed=True))
    grid = basis_grid(only_table(even("json"), rounds=rounds))
    assert ("rounds", ["1 of 2"]) == column(grid, "disturbed")
    quiet = basis_grid(only_table(even("json")))
    assert "disturbed" not in [column.head for column in quiet.columns]


def test_what_was_not_timed_has_a_command_and_no_line():
    """How to measure it again is worth more where it failed."""
    table = only_table(even("json"), fakes.unmeasured(fakes.case("dead"), Status.FAILED, "SIGSEGV"))
    assert ["json"] == column(basis_grid(table), "codec")[1]
    assert ["json", "dead"] == [codec for codec, _ in commands(table)]


def test_threads_are_held_against_each_other():
    """The fastest and the slowest thread of all workers, in the table and in words."""
    case = fakes.case("json", conditions=Conditions(instances=64, threads=2))
    threads = [ThreadSamples(calls=1, histogram="", ns_per_call=(ns, ns, ns)) for ns in (4_000.0, 6_000.0)]
    workers = tuple(replace(w, threads=tuple(threads)) for w in fakes.even_workers(5_000))
    table = only_table(fakes.measured(case, workers))
    assert ("us", ["4.00-6.00"]) == column(basis_grid(table), "a thread")
    expected = "objects and MB a second: all threads together; their typical times lie between 4.00 us and 6.00 us"
    assert expected == threads_words(table.rows[0])
    assert 2 * 1e9 / 5_000 == pytest.approx(table.rows[0].objects_per_second.value)
    assert 2 * 1e3 / 5_000 * 1_000 == pytest.approx(table.rows[0].megabytes_per_second.value)


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        (Conditions(instances=64), f"{ASKED} --budget 10s --seed 7"),
        (
            Conditions(instances=9, instances_default=False, gc="off", heap_objects=20_000, threads=4),
            f"{ASKED} --gc off --heap 20000 --threads 4 --instances 9 --budget 10s --seed 7",
        ),
    ],
)
def test_a_command_has_all_that_is_not_usual(conditions, words):
    """And it is one that a run that was cut short could be gone on with: the command line takes it."""
    run = fakes.run([fakes.measured(fakes.case("json", conditions=conditions), ())], passes=("time", "size"))
    assert words == command(run.measurements[0].case, run)
    asked = request(replace(run, command=tuple(shlex.split(words))))
    assert (("order",), ("json",), ("decode",), 7) == (asked.payloads, asked.codecs, asked.operations, asked.seed)


def test_a_class_of_the_users_own_is_named_by_its_module():
    """Without its other ways, and so that a run that was cut short could be gone on with."""
    ways = [replace(fakes.codec(f"Order-{way}"), source="shop:Order") for way in ("cattrs", "msgspec")]
    run = fakes.run([fakes.measured(fakes.case("Order-cattrs"), ())], codecs=tuple(ways))
    words = shlex.split(command(run.measurements[0].case, run))
    asked = request(replace(run, command=tuple(words)))
    assert (("shop:Order",), ("!Order-msgspec",)) == (asked.types, asked.codecs)


def test_files_are_named_by_their_paths():
    """A codec of a file, without the others in it, and a payload of a file; quoted for a shell."""
    mine, other = (replace(fakes.codec(name), source="my codecs.py") for name in ("mine", "other"))
    payload = replace(fakes.payload("events"), origin="data/my events.ndjson")
    measured = [fakes.measured(fakes.case(name, "events"), ()) for name in ("mine", "other")]
    run = fakes.run(measured, codecs=(mine, other), payloads=(payload,))
    words = shlex.split(command(run.measurements[0].case, run))
    assert ["serbench", "run", "data/my events.ndjson", "--codec", "my codecs.py", "--codec", "!other"] == words[:7]


@pytest.mark.parametrize("verb", [("run",), ("gate", "--base", "a==1", "--new", "a==2")])
def test_files_are_read_again_as_they_were(verb):
    """By the words of the run's own command, or of the gate's; generated payloads take none of them."""
    files = ["--as", "ndjson", "--skip-bad", "--message", "shop.Order", "--data", "a.json", "--data", "b", "--vary"]
    payload = replace(fakes.payload("events"), origin="-events.log")
    measured = [fakes.measured(fakes.case("json", name), ()) for name in ("events", "order")]
    own = ("serbench", *verb, *files, "--seed", "7", "--", "-events.log", "order", "--as", "x")
    about = {"payloads": (payload, fakes.payload("order")), "passes": ("size", "time")}
    run = replace(fakes.run(measured, **about), command=own)
    words = command(run.measurements[0].case, run)
    asked = request(replace(run, command=tuple(shlex.split(words))))
    read = (asked.read_as, asked.skip_bad, asked.message, asked.data, asked.vary)
    assert ("ndjson", True, "shop.Order", ("a.json", "b"), True) == read
    assert ("-events.log",) == asked.payloads
    assert ASKED + " --budget 10s --seed 7" == command(run.measurements[1].case, run)


@pytest.mark.parametrize(
    ("own", "expected"),
    [(("serbench", "run", "--", "-"), ("-",)), (("serbench", "run", "stdin"), ("stdin",))],
)
def test_messages_from_standard_input_are_asked_for_there(own, expected):
    """By its word, as the run's own command has it; a file that is named `stdin` stays one."""
    payload = replace(fakes.payload("stdin"), origin="stdin")
    run = replace(fakes.run([fakes.measured(fakes.case("json", "stdin"), ())], payloads=(payload,)), command=own)
    words = shlex.split(command(run.measurements[0].case, run))
    assert expected == request(replace(run, command=tuple(words))).payloads


def test_a_command_asks_for_the_passes_that_the_run_had():
    """What else stands in a case's card is measured again with it."""
    run = fakes.run([fakes.measured(fakes.case("json"), ())], passes=("time", "memory", "cold"))
    expected = "serbench run order --codec json --op decode --pass time,memory,cold --budget 10s --seed 7"
    assert expected == command(run.measurements[0].case, run)
