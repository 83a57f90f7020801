"""A verdict in words, the same for every output: the one line, the heading, the order of rows, how it was decided."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from serbench.gate.row_words import BAD, plain, share, standing
from serbench.records.verdict import METRIC_WORDS, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.records.verdict import Mode, Row, SideInfo, Verdict

NAME = "serbench gate"
ASIDE = ("accepted", "only warned of", "ignored")
"""What the policy may make of a row that would fail."""

MODE_WORDS: dict[Mode, str] = {
    "live": "Both sides were measured now, on one machine, in pairs of processes that took turns.",
    "saved": "Two saved runs were held against each other.",
    "baseline": "New was measured now and held against a saved baseline.",
}
"""How both sides came about, a sentence each."""

STAGE_WORDS = {
    0: "nothing was decided by time",
    1: "the first pairs were enough",
    2: "the first pairs left something open, and all pairs together decided, once",
}
"""What the stage of a verdict means."""

LEGEND = {
    "change": "new over base; more is worse",
    "interval": "where the true change lies, nine times in ten",
    "tolerance": "a change that must not pass unseen; of times, half of it counts once it is certain",
    "detectable": "the smallest slowdown that would have been caught nine times in ten",
    "p": "how often chance alone does as much, over everything that is gated here",
}
"""How to read the columns of a verdict's tables, by their heads."""


def summary(verdict: Verdict) -> str:
    """The one line: what became of how many metrics, and what that rests on.

    `serbench gate: no regression in 12 metrics of 4 cases (2 improved, 1 inconclusive); 10 pairs, 14 s`.
    """
    return f"{NAME}: {finding(verdict)}"


def finding(verdict: Verdict) -> str:
    """The one line without the program's name."""
    told, said = _finding(verdict)
    others = ", ".join(f"{n:,} {words}" for words, n in _tally(verdict.rows).items() if n and words != told)
    basis = ", ".join([*_pairs(verdict), *_seconds(verdict)])
    return said + (f" ({others})" if others else "") + (f"; {basis}" if basis else "")


def headline(verdict: Verdict) -> str:
    """The verdict as a heading: a few words."""
    tally, none = _tally(verdict.rows), _none(verdict.rows).capitalize()
    metrics = _counted(tally.get(verdict.outcome, 0), "metric")
    fails = ", and with --strict that fails" if verdict.strict else ""
    better = f"; {_counted(tally[Outcome.IMPROVED], 'metric')} improved" if tally[Outcome.IMPROVED] else ""
    said = {
        Outcome.REGRESSED: f"Regression in {metrics}",
        Outcome.NOT_COMPARABLE: f"Not comparable: {metrics}",
        Outcome.INCONCLUSIVE: f"Inconclusive: {metrics}{fails}" if fails else f"{none}; {metrics} inconclusive",
        Outcome.SAME: none + better,
        Outcome.IMPROVED: none + better,
    }
    return "Nothing was compared" if verdict.empty else said[verdict.outcome]


def next_step(verdict: Verdict) -> str:
    """What to do about a verdict that fails the build; empty where there is nothing to do."""
    steps = {
        Outcome.REGRESSED: "If a change is meant, accept it in the policy file, with a reason.",
        Outcome.NOT_COMPARABLE: "What cannot be compared is no pass; the policy file says what to make of it.",
        Outcome.INCONCLUSIVE: "More time decides more: give a longer --budget, or a quieter machine.",
    }
    if verdict.empty and verdict.exit_code:
        return "Neither side has a number of what is gated, and that is no pass; name other metrics or cases."
    return steps[verdict.outcome] if verdict.exit_code else ""


def quiet(verdict: Verdict) -> bool:
    """Whether the one line says enough: nothing fails the build, and nothing is warned of."""
    warned = any(standing(row) == "only warned of" for row in verdict.rows)
    return bool(verdict.rows) and verdict.exit_code == 0 and not warned


def ordered(verdict: Verdict) -> tuple[Row, ...]:
    """Worst first: what fails, what is warned of, what is open, what was let pass, the rest; then by the change."""
    return tuple(sorted(verdict.rows, key=lambda row: (_rank(row, strict=verdict.strict), -_weight(row))))


def noteworthy(verdict: Verdict) -> tuple[Row, ...]:
    """Worst first, those that are not the same on both sides."""
    return tuple(row for row in ordered(verdict) if row.outcome is not Outcome.SAME)


def failing(row: Row, verdict: Verdict) -> bool:
    """Whether a row fails the build, be it for being inconclusive."""
    return row.failing or (verdict.strict and row.open)


def decided(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """How the verdict was reached, as labels and values."""
    rounds = f", {_counted(verdict.rounds, 'round')} in each" if verdict.rounds else ""
    facts = (
        ("Decision", STAGE_WORDS.get(verdict.stage, "")),
        ("Pairs of processes", f"{verdict.pairs:,}{rounds}" if verdict.pairs else ""),
        ("Tests", f"{verdict.swaps:,} swaps of whole pairs, seed {verdict.seed}" if verdict.swaps else ""),
        ("Tolerance", ", ".join(_tolerances(verdict.rows))),
        ("An inconclusive metric", "fails the build" if verdict.strict else "does not fail the build"),
        ("Measured", ", ".join(filter(None, (plain(verdict.started), *_seconds(verdict))))),
        ("serbench", plain(verdict.serbench)),
    )
    return tuple((label, value) for label, value in facts if value)


def explained(rows: Sequence[Row]) -> tuple[str, ...]:
    """What a case and these metrics are, a line each."""
    known = dict.fromkeys(row.metric for row in rows)
    case = "case: codec, kind of message, and what is timed; conditions that are not the default stand behind a ?."
    return (case, *(f"{name.replace('_', ' ')}: {METRIC_WORDS[name]}." for name in known))


def packages(side: SideInfo) -> str:
    """`msgpack 1.1.0, orjson 3.10.18`."""
    return ", ".join(f"{plain(name)} {plain(version)}" for name, version in sorted(side.packages.items()))


def _finding(verdict: Verdict) -> tuple[str, str]:
    """The words of the tally that are said first, and the sentence that says them."""
    rows, tally, outcome = verdict.rows, _tally(verdict.rows), verdict.outcome
    n = tally.get(outcome, 0)
    if verdict.empty:
        return "", "nothing was compared"
    of_all = f"{_counted(len(rows), 'metric')} of {_counted(len({row.case_id for row in rows}), 'case')}"
    some = f"{n:,} of {of_all}" if n < len(rows) else f"all {of_all}" if n > 1 else of_all
    match outcome:
        case Outcome.REGRESSED:
            return outcome, f"{some} regressed"
        case Outcome.NOT_COMPARABLE:
            return outcome, f"{some} {_are(n)} not comparable"
        case Outcome.INCONCLUSIVE if verdict.strict:
            return outcome, f"{some} {_are(n)} inconclusive, which fails with --strict"
        case Outcome.INCONCLUSIVE if n == len(rows):
            return outcome, f"{some} {_are(n)} inconclusive"
    return "", f"{_none(rows)} in {of_all}"


def _none(rows: Sequence[Row]) -> str:
    """No regression: or none that the policy counts."""
    let_pass = any(row.outcome is Outcome.REGRESSED and standing(row) for row in rows)
    return "no regression" + " that counts" * let_pass


def _tally(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows fail, were let pass, improved, or are open, by their words; each row at most once."""
    counts = Counter(standing(row) or str(row.outcome) for row in rows)
    return {words: counts[words] for words in (*BAD, *ASIDE, Outcome.IMPROVED, Outcome.INCONCLUSIVE)}


def _rank(row: Row, *, strict: bool) -> int:
    if row.failing:
        return BAD.index(row.outcome)
    if row.outcome is Outcome.INCONCLUSIVE:
        return 2 if strict else 4
    if policy := standing(row):
        return {"only warned of": 3, "accepted": 5, "ignored": 6}[policy]
    return 7 if row.outcome is Outcome.IMPROVED else 8


def _weight(row: Row) -> float:
    """The larger a change, the earlier; an improvement by its size."""
    if row.change is None:
        return 0.0
    return -row.change if row.outcome is Outcome.IMPROVED else row.change


def _pairs(verdict: Verdict) -> Iterator[str]:
    if verdict.pairs:
        yield _counted(verdict.pairs, "pair")


def _seconds(verdict: Verdict) -> Iterator[str]:
    if verdict.seconds:
        yield f"{verdict.seconds:.0f} s" if verdict.seconds >= 10 else f"{verdict.seconds:.1f} s"


def _tolerances(rows: Sequence[Row]) -> Iterator[str]:
    """`p50 5 %`, `p99 25 to 40 %`: of each metric that was compared."""
    found: dict[str, list[float]] = {}
    for row in rows:
        if row.change is not None:
            found.setdefault(row.metric.replace("_", " "), []).append(row.tolerance)
    for name, values in found.items():
        low, high = min(values), max(values)
        yield f"{name} {share(low)}{f' to {share(high)}' if high > low else ''} %"


def _are(n: int) -> str:
    return "is" if n == 1 else "are"


def _counted(n: int, what: str) -> str:
    return f"{n:,} {what}{'s' * (n != 1)}"
