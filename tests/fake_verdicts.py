"""Verdicts that nobody measured: one of every outcome, and names that are markup everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from serbench.records.verdict import Acceptance, Outcome, Ratio, Row, SideInfo, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

HOSTILE = "a|b/\n::error::c\r\n\x1b[31m]]>&<i>`\"'%0A,{x}\\\udce9\u202e[l](u)@you\x00\ufffe"
"""A name with markup of every output, new lines, a terminal's commands and what UTF-8 cannot carry."""

BASE = SideInfo(
    asked="orjson==3.10.18", python="3.11.9", packages={"orjson": "3.10.18", "msgpack": "1.1.0"}, sampler="native"
)
NEW = replace(BASE, asked="orjson==3.13.0", packages={"orjson": "3.13.0", "msgpack": "1.1.0"})


def timed(case_id: str, metric: str, outcome: Outcome, change: float = 0.001, **fields) -> Row:
    """A row of times: base takes 1,234 ns, p99 ten times as much; the interval is a hundredth to both sides."""
    base = 12_340.0 if metric == "p99" else 1_234.0
    known = {
        "base": base,
        "new": base * (1 + change),
        "change": change,
        "interval": (change - 0.01, change + 0.01),
        "tolerance": 0.25 if metric == "p99" else 0.05,
        "p_slower": 0.0005 if outcome is Outcome.REGRESSED else 0.62,
        "p_faster": 0.0004 if outcome is Outcome.IMPROVED else 0.41,
        "detectable": 0.031,
        "pairs": 10,
        "calls": (12_000, 12_100),
    }
    return Row(case_id=case_id, metric=metric, outcome=outcome, **(known | fields))


def sized(case_id: str, outcome: Outcome, base: float, new: float, **fields) -> Row:
    """A row of encoded sizes."""
    return Row(
        case_id=case_id, metric="encoded_bytes", outcome=outcome, base=base, new=new, change=new / base - 1, **fields
    )


def refused(case_id: str, cause: str = "missing", reason: str = "it is in base and not in new", **fields) -> Row:
    """A case that cannot be compared."""
    return Row(
        case_id=case_id, metric="correctness", outcome=Outcome.NOT_COMPARABLE, cause=cause, reason=reason, **fields
    )


ACCEPTED = Acceptance(reason="checks UTF-8 now", commit="0123abc", expires="2027-01-31")

SAME = timed("orjson/order/decode", "p50", Outcome.SAME)
REGRESSED = timed("orjson/order/decode", "p10", Outcome.REGRESSED, 0.104)
WORSE = timed("orjson/chat/decode", "p99", Outcome.REGRESSED, 0.41)
WARNED = timed("json/order/decode", "p99", Outcome.REGRESSED, 0.3, severity="warn")
IGNORED = timed("json/chat/decode", "p99", Outcome.REGRESSED, 0.31, severity="ignore")
EXCUSED = timed("json/order/decode", "p50", Outcome.REGRESSED, 0.08, accepted=ACCEPTED)
OPEN = timed("json/chat/decode", "p50", Outcome.INCONCLUSIVE, 0.021, reason="8 more pairs would decide", batch=True)
IMPROVED = timed("json/chat/decode", "p10", Outcome.IMPROVED, -0.07)
GROWN = sized("orjson/order/encode", Outcome.REGRESSED, 1_234, 1_235)
MISSING = refused("msgpack/order/decode")

EVERYTHING = (SAME, IMPROVED, OPEN, IGNORED, EXCUSED, WARNED, MISSING, REGRESSED, GROWN, WORSE)
"""One of every kind, and two that regressed, the worst last."""

CLEAN = (
    *(
        timed(f"{codec}/order/decode", metric, Outcome.SAME)
        for codec in ("json", "orjson")
        for metric in ("p10", "p50")
    ),
    timed("json/order/decode", "p99", Outcome.IMPROVED, -0.2),
    timed("orjson/order/decode", "p99", Outcome.INCONCLUSIVE, 0.08),
)
"""Nothing to look at: six metrics of two cases."""


def verdict(rows: Iterable[Row] = EVERYTHING, **fields) -> Verdict:
    """A verdict of ten pairs in 14 s."""
    known = {
        "mode": "live",
        "base": BASE,
        "new": NEW,
        "stage": 2,
        "pairs": 10,
        "rounds": 60,
        "swaps": 1_024,
        "seed": 7,
        "seconds": 14.2,
        "started": "2026-01-02T04:04:05+01:00",
        "serbench": "0.1.0",
        "command": ("serbench", "gate", "--base", "orjson==3.10.18", "--new", "orjson==3.13.0", "a ``` b"),
        "ratios": (Ratio(case_id="orjson/order/decode", over="json/order/decode", base=0.412, new=0.455),),
    }
    return Verdict(rows=tuple(rows), **(known | fields))


def hostile() -> Verdict:
    """Every text of a verdict is hostile, in rows of every outcome."""
    side = SideInfo(
        asked=HOSTILE, python=HOSTILE, packages={HOSTILE: HOSTILE}, origins={HOSTILE: HOSTILE}, sampler=HOSTILE
    )
    excuse = Acceptance(reason=HOSTILE, commit=HOSTILE, expires=HOSTILE)
    texts = {"reason": HOSTILE, "cause": HOSTILE}
    rows = [
        replace(row, case_id=f"{HOSTILE}{n}", accepted=row.accepted and excuse, **texts)
        for n, row in enumerate(EVERYTHING)
    ]
    return verdict(
        rows,
        base=side,
        new=side,
        notes=(HOSTILE,),
        command=(HOSTILE,),
        serbench=HOSTILE,
        started=HOSTILE,
        ratios=(Ratio(case_id=HOSTILE, over=HOSTILE, base=1.0, new=2.0),),
    )
