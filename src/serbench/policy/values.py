"""Single values of a policy, from TOML or a command line. What is wrong is told with what it should be."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from serbench.errors import UnknownName, UsageError
from serbench.policy.parts import METRICS, Scope, Tolerance, matches
from serbench.records.verdict import TIMES
from serbench.suites import duration

MOST = 10.0
"""A change over 1,000 % is a slip of the pen."""

_PERCENT = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?%")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_change(value: Any) -> float:
    """0.05, from `5%` or from the number 0.05.

    A number from 1 on is refused: 5 may be meant for 5 %, and as 500 % nothing would ever fail.

    Raises:
        UsageError: it is no such value, negative or over 1,000 %.
    """
    if isinstance(value, str) and (found := _PERCENT.fullmatch(value.strip())):
        change = float(found[1]) / 100
    elif isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1:
        change = float(value)
    else:
        raise UsageError(f'{value!r} is no change; write it as "5%" or 0.05')
    if change > MOST:
        raise UsageError(f"{value!r} is over {100 * MOST:,.0f} %; write a change such as 5%")
    return change


def parse_tolerance(text: str) -> Tolerance:
    """A tolerance of all cases, from `p99=40%`, of one metric or a pattern of them, or from `5%`, of all times.

    Raises:
        UsageError: there is no such metric, or it is no change.
    """
    metrics, found, change = text.rpartition("=")
    if not found:
        return demand_room(Tolerance(change=parse_change(change)))
    patterns = (metrics.strip(),)
    demand_metrics(patterns)
    if patterns == ("correctness",):
        raise UsageError("correctness has no tolerance: leave it away")
    return demand_room(Tolerance(scope=Scope(metric=patterns), change=parse_change(change)))


def demand_room(tolerance: Tolerance) -> Tolerance:
    """Makes sure that a time has a tolerance above nothing: no measurement can exclude a change of 0 %.

    Raises:
        UsageError: it is 0 % of a metric that takes a clock.
    """
    if not tolerance.change and any(matches(tolerance.scope.metric, metric) for metric in TIMES):
        raise UsageError("0 % of a time is less than any measurement can tell; write a change such as 5%")
    return tolerance


def demand_metrics(patterns: tuple[str, ...]) -> None:
    """Makes sure that each pattern matches a metric that there is.

    Raises:
        UnknownName: one does not; the nearest metric, or all, are in the message.
    """
    for pattern in patterns:
        if not any(matches((pattern,), metric) for metric in METRICS):
            raise UnknownName("metric", pattern, METRICS)


def text(value: Any) -> str:
    """A text that says something.

    Raises:
        UsageError: it is none.
    """
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{value!r} is no text; write it in quotes")
    return value


def texts(value: Any) -> tuple[str, ...]:
    """One or several texts.

    Raises:
        UsageError: it is neither.
    """
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v.strip() for v in values):
        raise UsageError(f'{value!r} is neither a text nor a list of them; write "one" or ["one", "two"]')
    return tuple(dict.fromkeys(values))


def seconds(value: Any) -> float:
    """A time, as `60s` or in seconds.

    Raises:
        UsageError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise UsageError(f'{value!r} is no duration; write it as "60s" or 60')
    return duration(str(value))


def whole(value: Any, *, least: int) -> int:
    """A whole number.

    Raises:
        UsageError: it is none, or too small.
    """
    if type(value) is not int or value < least:
        raise UsageError(f"{value!r} is no whole number from {least} on; write it as {max(1, least)}")
    return value


def yes_or_no(value: Any) -> bool:
    """True or false.

    Raises:
        UsageError: it is neither.
    """
    if not isinstance(value, bool):
        raise UsageError(f"{value!r} is neither true nor false")
    return value


def day(value: Any) -> date:
    """A date, as TOML has them or as a text.

    Raises:
        UsageError: it is none, or has a time of day.
    """
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        if isinstance(value, str) and _DAY.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(f"{value!r}: {error}; write it as 2027-01-31") from error
    raise UsageError(f"{str(value)!r} is no date; write it as 2027-01-31")
