"""Rows and a policy: which tolerance holds, what only warns, what is accepted, and which patterns match nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from serbench.errors import UsageError
from serbench.policy.parts import NEVER_FAILING, SCOPE, TOLERANCES, Scope
from serbench.records.verdict import TIMES, Acceptance, Outcome
from serbench.units import significant

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from serbench.policy.parts import Accepted, Policy
    from serbench.records.verdict import Metric, Row, Severity

_HAIR = 1e-9  # 112 over 100 less 1 is a little more than 0.12

SHOWN = 8
"""As many cases are named where a pattern matches none; the others are counted."""


def tolerance_of(policy: Policy, case_id: str, metric: Metric) -> float:
    """The change of that metric of that case that is still none: of the last entry that covers it, or the default."""
    said = (entry.change for entry in reversed(policy.tolerances) if entry.scope.covers(case_id, metric))
    return next(said, TOLERANCES[metric])


def check(policy: Policy, known: Iterable[str], metrics: Collection[Metric]) -> None:
    """Makes sure that every entry of the policy is about something: one that is not protects or excuses nothing.

    Args:
        policy: read from a file.
        known: ids of all cases that there are: those of the policy's own selection, also where the command line takes
            only some of them this time, and those that only one of the sides has.
        metrics: all that the policy gates, in the same sense.

    Raises:
        UsageError: a pattern, or all of an entry together, matches nothing; with the entry, and what there is.
    """
    known = tuple(known)
    for where, scope in _scopes(policy):
        for key in SCOPE[:-1]:
            for pattern in getattr(scope, key):
                if not any(Scope(**{key: (pattern,)}).has_case(case_id) for case_id in known):
                    raise UsageError(f"{where}: {key} = {pattern!r} matches no case; {_listed(known)}")
        if not any(scope.has_case(case_id) for case_id in known):
            raise UsageError(f"{where}: no case matches all of it; {_listed(known)}")
        for pattern in () if scope == Scope(metric=TIMES) else scope.metric:
            if not any(Scope(metric=(pattern,)).covers("", metric) for metric in metrics):
                known_metrics = ", ".join(metrics)
                raise UsageError(f"{where}: metric = {pattern!r} matches no metric that is gated: {known_metrics}")


def judge(policy: Policy, rows: Iterable[Row], today: date) -> tuple[Row, ...]:
    """The rows with what the policy makes of them: severity, acceptance, and words about both.

    A regression that is accepted stays one, and says who accepted it; one that is larger, or whose acceptance has
    expired, counts, and says so.
    """
    return tuple(_judged(policy, row, today) for row in rows)


def _judged(policy: Policy, row: Row, today: date) -> Row:
    row = replace(row, severity=_severity(policy, row))
    if row.outcome is not Outcome.REGRESSED:
        return row
    said = [entry for entry in policy.accepted if entry.scope.covers(row.case_id, row.metric)]
    for entry in reversed(said):
        if _holds(entry, row, today):
            expires = entry.expires.isoformat() if entry.expires else ""
            return replace(row, accepted=Acceptance(reason=entry.reason, commit=entry.commit, expires=expires))
    return replace(row, reason="; ".join(filter(None, (row.reason, _why_not(said[-1], today))))) if said else row


def _severity(policy: Policy, row: Row) -> Severity:
    made: Severity = "fail"
    if row.outcome is Outcome.NOT_COMPARABLE:
        made = policy.on.get(row.cause, "fail")
        if row.cause == NEVER_FAILING and made == "fail":
            made = "warn"
    warned = made == "fail" and any(scope.covers(row.case_id, row.metric) for scope in policy.warn)
    return "warn" if warned else made


def _holds(entry: Accepted, row: Row, today: date) -> bool:
    in_time = entry.expires is None or today <= entry.expires
    return in_time and row.change is not None and row.change <= entry.change + _HAIR


def _why_not(entry: Accepted, today: date) -> str:
    if entry.expires is not None and today > entry.expires:
        return f"was accepted until {entry.expires.isoformat()} ({entry.reason}), counts again since"
    return f"up to {significant(100 * entry.change)} % is accepted ({entry.reason}), this is more"


def _scopes(policy: Policy) -> Iterator[tuple[str, Scope]]:
    """Every scope that the policy names, and where it stands."""
    lists = (
        ("tolerance", [entry.scope for entry in policy.tolerances]),
        ("warn", policy.warn),
        ("accept", [entry.scope for entry in policy.accepted]),
    )
    prefix = f"{policy.source}: " if policy.source else ""
    for key, scopes in lists:
        for number, scope in enumerate(scopes, 1):
            yield f"{prefix}{key}, entry {number}", scope


def _listed(known: Collection[str]) -> str:
    shown = ", ".join(list(known)[:SHOWN])
    more = f" and {len(known) - SHOWN} more" if len(known) > SHOWN else ""
    return f"there are: {shown}{more}" if known else "there are no cases"
