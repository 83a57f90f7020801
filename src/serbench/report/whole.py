"""A report: all that renderers and charts are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serbench.records.cases import CodecInfo, PayloadInfo
    from serbench.records.run import Environment
    from serbench.report.batches import CaseBatches
    from serbench.report.cases import CasePage
    from serbench.report.cells import Grid
    from serbench.report.compressed import CompressedSizes
    from serbench.report.fidelity import FidelityView
    from serbench.report.matrix import Matrix
    from serbench.report.parts import Curve, Ground, Sentence, Table, Timeline
    from serbench.report.price.offers import Prices


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A run, made ready for people.

    Attributes:
        title: one line.
        run_id: the run.
        started: RFC 3339, UTC.
        finished: the same.
        complete: whether the run ended by itself.
        serbench: version that measured.
        command: the command line that makes these numbers again, quoted for a shell.
        sentences: the answer, payload by payload, then what holds for the whole run.
        codecs: every codec of the run.
        payloads: every payload of the run.
        tables: by payload, parsing first, headline first.
        curves: in the order of the tables and their rows.
        timelines: of those cases of headline tables whose slowest calls are known.
        sizes: compressed sizes, a table for each payload; empty where that was not measured.
        compressed: the same as numbers, of each case.
        memory: what calls take of memory, likewise.
        cold_starts: what the first use costs, likewise.
        instructions: how many a call executes, likewise.
        conditions: what was measured under several conditions, side by side.
        ground: what the numbers stand on.
        matrix: every codec on every payload.
        prices: what a service pays for its messages, of which figures.
        cases: each case by itself, with all that is known of it.
        batches: what other tools compare, for the outputs that write their files.
        environment: where it was measured, as it was read; `ground` has it for people.
        fidelity: what comes back from each codec; None where the run looked at none.
    """

    title: str
    run_id: str
    started: str
    finished: str
    complete: bool
    serbench: str
    command: str
    sentences: tuple[Sentence, ...]
    codecs: tuple[CodecInfo, ...]
    payloads: tuple[PayloadInfo, ...]
    tables: tuple[Table, ...]
    curves: tuple[Curve, ...]
    timelines: tuple[Timeline, ...]
    sizes: tuple[Grid, ...]
    compressed: tuple[CompressedSizes, ...]
    memory: tuple[Grid, ...]
    cold_starts: tuple[Grid, ...]
    instructions: tuple[Grid, ...]
    conditions: tuple[Grid, ...]
    ground: Ground
    matrix: Matrix
    prices: Prices
    cases: tuple[CasePage, ...]
    batches: tuple[CaseBatches, ...]
    environment: Environment
    fidelity: FidelityView | None = None
