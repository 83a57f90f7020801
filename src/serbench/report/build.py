"""Makes a report of a run. Pure."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from serbench.compare.words import listed
from serbench.report.batches import case_batches
from serbench.report.cases import case_pages
from serbench.report.compressed import compressed_sizes
from serbench.report.conditions import condition_grids
from serbench.report.doubts import doubts
from serbench.report.fidelity import fidelity_view
from serbench.report.ground import ground
from serbench.report.matrix import matrix
from serbench.report.passes import cold_start_grids, instruction_grids, memory_grids, size_grids
from serbench.report.price.offers import prices
from serbench.report.rows import tables, timelines
from serbench.report.sentences import answers
from serbench.report.whole import Report

if TYPE_CHECKING:
    from serbench.records.run import Run

NAMED_PAYLOADS = 5
"""A title names as many payloads, and counts more."""


def build(run: Run) -> Report:
    """Words, tables and series of a run.

    Raises:
        BadRunFile: the run names what it does not describe, or a histogram cannot be read.
    """
    made, curves = tables(run)
    return Report(
        title=_title(run),
        run_id=run.id,
        started=run.started,
        finished=run.finished,
        complete=run.complete,
        serbench=run.serbench,
        command=shlex.join(run.command),
        sentences=(*answers(made), *doubts(run, made)),
        codecs=run.codecs,
        payloads=run.payloads,
        tables=made,
        curves=curves,
        timelines=timelines(run, made),
        sizes=size_grids(run),
        compressed=compressed_sizes(run),
        memory=memory_grids(run),
        cold_starts=cold_start_grids(run),
        instructions=instruction_grids(run),
        conditions=condition_grids(made),
        ground=ground(run),
        matrix=matrix(run, made),
        prices=prices(run, made),
        cases=case_pages(run, made),
        batches=case_batches(run),
        environment=run.environment,
        fidelity=fidelity_view(run.fidelity, run.codecs, made),
    )


def _title(run: Run) -> str:
    codecs = len({m.case.codec for m in run.measurements})
    names = [payload.name for payload in run.payloads]
    about = listed(names) if len(names) <= NAMED_PAYLOADS else f"{len(names)} payloads"
    return f"What serialization costs: {codecs} codec{'s' * (codecs != 1)} on {about or 'nothing'}"
