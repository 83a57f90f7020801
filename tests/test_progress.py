"""Live progress: words for an event, a table that fills, and a terminal that is touched only where that is wanted."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

import fakes
from serbench import progress
from serbench.harness.state import Event
from serbench.records.cases import Conditions, Status
from serbench.records.run import Measurement

EVENT = Event(phase="round", round=12, wave=1, waves=6, case="orjson/order/decode", seconds_left=34.4)
SHOWN = """
import sys
sys.path.append({tests!r})
import fakes
from serbench import progress
from serbench.harness.state import Event
with progress.showing({wanted}) as (watch, after_round):
    watch(Event(phase="round", round=3, wave=0, waves=6, case="json/order/decode", seconds_left=9.0))
    after_round(fakes.run([fakes.measured(fakes.case("json"), (fakes.worker([1_000], [1_234]),))]))
print("done")
"""


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (EVENT, "round 12 · workers 2 of 6 · orjson/order/decode · 34 s left"),
        (
            replace(EVENT, phase="warm-up", round=0, wave=0, seconds_left=0.0),
            "before the first round · workers 1 of 6 · orjson/order/decode · 0 s left",
        ),
        (
            replace(EVENT, phase="start-up", round=3, case=""),
            "round 3 · workers 2 of 6 · starting workers, verifying · 34 s left",
        ),
        (
            replace(EVENT, phase="memory", case="json/order/read", seconds_left=0.0),
            "round 12 · workers 2 of 6 · json/order/read · 0 s left",
        ),
    ],
)
def test_an_event_in_a_line(event, expected):
    """Where the run is, and how long it takes."""
    assert expected == progress.words(event)


def worker(*means):
    """A worker with these batch means."""
    return fakes.worker([1_000], means)


@pytest.mark.parametrize(
    ("workers", "expected"),
    [((worker(1_000, 9_000, 1_234),), "1.23 us"), ((worker(1_000), worker(3_000), worker(90_000)), "3.00 us")],
)
def test_a_cell_is_the_typical_time_so_far(workers, expected):
    """The median over workers of their median batch mean, as in the report."""
    assert expected == progress.cell(fakes.measured(fakes.case("json"), workers))


@pytest.mark.parametrize(
    ("status", "expected"), [(Status.SKIPPED, "·"), (Status.FAILED, "failed"), (Status.INCORRECT, "incorrect")]
)
def test_a_cell_without_a_number(status, expected):
    """Not yet, or how the case ended."""
    assert expected == progress.cell(fakes.unmeasured(fakes.case("json"), status, "a reason"))


def drawn(run):
    """The lines of a run's table."""
    console = Console(width=100)
    with console.capture() as capture:
        console.print(progress.table(run))
    return [line.split() for line in capture.get().splitlines()]


def test_a_table_has_a_row_per_operation_and_a_column_per_codec():
    """Aliases have the number of their case, other conditions a row of their own; what is not in the plan is empty."""
    encode, dump = (fakes.case("orjson", operation=operation) for operation in ("encode", "dump"))
    off = fakes.case("orjson", operation="encode", conditions=Conditions(gc="off", instances=64))
    run = fakes.run(
        [
            fakes.measured(encode, (worker(1_000),)),
            Measurement(case=dump, status=Status.MEASURED, same_as=encode.id),
            fakes.measured(off, (worker(2_000),)),
            fakes.unmeasured(fakes.case("json", operation="encode"), Status.SKIPPED, "not yet"),
            fakes.unmeasured(fakes.case("json", payload="feed", operation="read"), Status.FAILED, "raised"),
        ],
        codecs=[fakes.codec("json"), fakes.codec("orjson")],
    )
    assert [
        ["payload", "operation", "json", "orjson"],
        ["order", "encode", "·", "1.00", "us"],
        ["order", "dump", "1.00", "us"],
        ["order", "encode", "gc=off", "2.00", "us"],
        ["feed", "read", "failed"],
    ] == drawn(run)


def test_names_from_outside_are_no_markup():
    """A codec or a file may be called like a style, or like the end of one that was never begun."""
    run = fakes.run([fakes.measured(fakes.case("[red]json", payload="[/bold]"), (worker(1_000),))])
    assert [["payload", "operation", "[red]json"], ["[/bold]", "decode", "1.00", "us"]] == drawn(run)


def on_a_terminal(wanted):
    """What a run leaves on stdout, and what it writes to the terminal that its stderr is."""
    master, slave = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    environment |= {"TERM": "xterm", "COLUMNS": "100"}
    command = [sys.executable, "-c", SHOWN.format(wanted=wanted, tests=str(Path(__file__).parent))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=slave, env=environment) as process:
        os.close(slave)
        written = b""
        try:
            while data := os.read(master, 4096):
                written += data
        except OSError:  # Linux: the other end has been closed
            pass
        output, _ = process.communicate(timeout=60)
    os.close(master)
    assert 0 == process.returncode, written
    return output, written.decode()


def test_progress_is_on_the_terminal_and_gone_afterwards():
    """The line and the table, on stderr; the last thing is to wipe them."""
    output, written = on_a_terminal(wanted=True)
    assert b"done\n" == output
    assert "round 3 · workers 1 of 6 · json/order/decode · 9 s left" in written
    assert "1.23 us" in written
    assert "\x1b[2K" in written.rpartition("left")[2]


def test_nothing_is_on_a_terminal_that_nobody_watches():
    """Neither words nor a cursor that is switched off."""
    assert (b"done\n", "") == on_a_terminal(wanted=False)
