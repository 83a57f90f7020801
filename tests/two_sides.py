"""Both sides of a gate that never ran: runs in pairs, and the verdicts over them, whose every number is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

import fakes
from serbench.records.run import Pairing, Run
from serbench.records.verdict import Acceptance, Outcome, Ratio, Row, SideInfo, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.records.cases import Case
    from serbench.records.samples import WorkerSamples

ROUNDS = 60
CALLS = 20
"""Of a block."""

DECODE, ENCODE = fakes.case("orjson"), fakes.case("orjson", operation="encode")
CHAT = fakes.case("json", "chat")


def pair_worker(ns: float, pair: int, seed: int = 1) -> WorkerSamples:
    """A worker of a pair: 60 blocks of lognormal calls, and a batch of each block whose mean is exactly `ns`."""
    drawn = np.random.default_rng([seed, pair])
    blocks = np.rint(ns * np.exp(drawn.normal(0, 0.2, (ROUNDS, CALLS)))).astype(np.int64)
    made = fakes.worker(blocks.ravel().tolist(), [ns] * ROUNDS, pair=pair)
    return replace(made, block_medians=tuple(np.median(blocks, axis=1).tolist()))


def runs(
    changes: Mapping[Case, Sequence[float]], *, ns: float = 4_000, base_ns: Sequence[float] = ()
) -> tuple[Run, Run]:
    """Two halves of one measurement.

    Args:
        changes: of each case, how many times as long new took as base, pair by pair.
        ns: of base.
        base_ns: the same by pair, where pairs differ.
    """
    own = {case: base_ns or [ns] * len(ratios) for case, ratios in changes.items()}
    base = [fakes.measured(c, tuple(pair_worker(t, k) for k, t in enumerate(own[c]))) for c in changes]
    new = [
        fakes.measured(c, tuple(pair_worker(t * r, k) for k, (t, r) in enumerate(zip(own[c], ratios, strict=True))))
        for c, ratios in changes.items()
    ]
    pairs = max(map(len, changes.values()))
    return (
        fakes.run(base, pairing=Pairing(id="p", side="base", asked="orjson==1", pairs=pairs, rounds=ROUNDS)),
        fakes.run(new, pairing=Pairing(id="p", side="new", asked="orjson==2", pairs=pairs, rounds=ROUNDS)),
    )


def row(case: Case, metric: str = "p50", outcome: Outcome = Outcome.SAME, **changes: object) -> Row:
    """A row of 12 pairs, 1 % slower, with an interval of 1 % to both sides and a tolerance of 5 %."""
    made = Row(
        case_id=case.id,
        metric=metric,  # type: ignore[arg-type]
        outcome=outcome,
        base=4_000.0,
        new=4_040.0,
        change=0.01,
        interval=(0.0, 0.02),
        tolerance=0.05,
        p_slower=0.4,
        p_faster=0.6,
        detectable=0.03,
        pairs=12,
        calls=(14_400, 14_400),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def verdict(rows: Sequence[Row], both: tuple[Run, Run] | None = None, **changes: object) -> Verdict:
    """A verdict of these rows."""
    made = Verdict(
        mode="live",
        base=SideInfo(
            asked="orjson==3.10.18",
            python="3.11.9",
            packages={"orjson": "3.10.18"},
            origins={"orjson": "site-packages/orjson/__init__.py"},
            sampler="native",
        ),
        new=SideInfo(asked="orjson==3.13.0", python="3.11.9", packages={"orjson": "3.13.0"}, sampler="native"),
        rows=tuple(rows),
        stage=2,
        pairs=12,
        rounds=ROUNDS,
        swaps=4_096,
        seed=7,
        seconds=14.2,
        started="2026-01-02T03:04:05Z",
        serbench="0.1.0",
        command=("serbench", "gate", "--base", "orjson==3.10.18", "--new", "orjson==3.13.0", "a payload"),
        runs=both,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def full_verdict() -> Verdict:
    """Three cases: one regressed, one with every other outcome in it, one unchanged; drawn from 12 pairs."""
    slower = {DECODE: [1.1 + 0.01 * (k % 3) for k in range(12)]}
    other = {ENCODE: [0.98 + 0.005 * (k % 5) for k in range(12)], CHAT: [0.99 + 0.002 * (k % 7) for k in range(12)]}
    accepted = Acceptance(reason="a safer parser", commit="0123abc", expires="2027-01-31")
    worse = {"base": 4_000.0, "new": 4_440.0, "change": 0.11, "interval": (0.1, 0.12), "p_slower": 0.0005}
    tail = {"tolerance": 0.25, "interval": (-0.1, 0.4), "base": 6_000.0, "new": 6_300.0, "change": 0.05}
    sizes = {"base": 1_000.0, "new": 1_001.0, "change": 0.001, "interval": None, "pairs": 0, "p_slower": None}
    sizes |= {"p_faster": None, "detectable": None, "tolerance": 0.0}
    rows = [
        row(DECODE, "p50", Outcome.REGRESSED, **worse),
        row(DECODE, "p10", Outcome.REGRESSED, **worse, accepted=accepted),
        row(DECODE, "p99", Outcome.SAME, tolerance=0.25),
        row(ENCODE, "p50", Outcome.IMPROVED, change=-0.04, interval=(-0.05, -0.03), p_faster=0.001),
        row(ENCODE, "p99", Outcome.INCONCLUSIVE, **tail, reason="about 12 more pairs would tell"),
        row(ENCODE, "encoded_bytes", Outcome.REGRESSED, **sizes, severity="warn"),
        Row(case_id=CHAT.id, metric="peak_bytes", outcome=Outcome.SAME, base=4_096.0, new=4_096.0, change=0.0),
        *(row(CHAT, metric) for metric in ("p10", "p50", "p99")),
        Row(
            case_id="msgpack/order/decode",
            metric="p50",
            outcome=Outcome.NOT_COMPARABLE,
            cause="missing",
            reason="new has no such case; remove it from the policy or add the codec",
            severity="warn",
        ),
    ]
    ratios = (Ratio(case_id=DECODE.id, over=CHAT.id, base=0.251, new=0.274),)
    notes = ("The cores were shared with another program.",)
    return verdict(rows, runs(slower | other), ratios=ratios, notes=notes)
