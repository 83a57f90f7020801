"""Live progress on stderr: round, case, time left, and a table that fills."""

from __future__ import annotations

import contextlib
import statistics
from typing import TYPE_CHECKING

from serbench import units
from serbench.records.cases import Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rich.table import Table

    from serbench.harness.state import Event
    from serbench.records.run import Measurement, Run

Watchers = tuple["Callable[[Event], None]", "Callable[[Run], None]"]


@contextlib.contextmanager
def showing(wanted: bool) -> Iterator[Watchers]:  # noqa: FBT001 - reads well: showing(True)
    """What the harness tells, on the screen while it runs; nowhere if not wanted."""
    if not wanted:
        yield (lambda _: None), (lambda _: None)
        return
    from rich.console import Console, Group  # noqa: PLC0415 - only where somebody watches
    from rich.live import Live  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    line = Text("getting ready: codecs and payloads")
    filled: list[Table] = []
    with Live(
        console=Console(stderr=True), refresh_per_second=4, transient=True, get_renderable=lambda: Group(*filled, line)
    ):

        def watch(event: Event) -> None:
            line.plain = words(event)

        def after_round(run: Run) -> None:
            filled[:] = [table(run)]

        yield watch, after_round


def words(event: Event) -> str:
    """An event in a line: `round 12 · workers 2 of 6 · orjson/order/decode · 34 s left`."""
    parts = [
        f"round {event.round}" if event.round else "before the first round",
        f"workers {event.wave + 1} of {event.waves}",
        "starting workers, verifying" if event.phase == "start-up" else event.case,
        f"{event.seconds_left:.0f} s left",
    ]
    return " · ".join(parts)


def table(run: Run) -> Table:
    """Typical times so far: a row per payload and operation, a column per codec."""
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415 - names from outside are text, not markup

    codecs = [info.name for info in run.codecs]
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for m in run.measurements:
        asked = m.case.id.partition("?")[2]  # conditions that are not the default, as ids have them
        what = f"{m.case.operation} {asked}".rstrip()
        rows.setdefault((m.case.payload, what), {})[m.case.codec] = cell(run.numbers(m))
    grid = Table(box=None, pad_edge=False, header_style="bold")
    grid.add_column("payload")
    grid.add_column("operation")
    for codec in codecs:
        grid.add_column(Text(codec), justify="right", no_wrap=True)
    for (payload, operation), cells in rows.items():
        grid.add_row(Text(payload), operation, *(cells.get(codec, "") for codec in codecs))
    return grid


def cell(measurement: Measurement) -> str:
    """`1.23 us`, a dot where nothing has been measured yet, or how the case ended."""
    if measurement.workers:
        return units.duration(statistics.median(statistics.median(w.ns_per_call) for w in measurement.workers))
    return "·" if measurement.status is Status.SKIPPED else str(measurement.status)
