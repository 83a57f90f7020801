"""Reports and comparisons as flat records, one per case: base units in names, the same keys in the same order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.statistics.estimates import Estimate, Missing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from serbench.compare.parts import Change, Comparison
    from serbench.records.passes import EncodedBytes
    from serbench.report.evidence import Behind
    from serbench.report.parts import Row, Table
    from serbench.report.whole import Report
    from serbench.statistics.estimates import Number

_ABOUT = ("case_id", "codec", "format", "model", "distribution", "version", "payload", "operation")
_CONDITIONS = ("gc", "instances", "heap_objects", "threads")
_ENDING = ("status", "reason", "same_as", "baseline", "best", "certain")
_SIZES = ("encoded_bytes_mean", "encoded_bytes_median", "encoded_bytes_min", "encoded_bytes_max")
_NUMBERS = (
    "typical_ns",
    "p50_ns",
    "p99_ns",
    "p999_ns",
    "objects_per_second",
    "megabytes_per_second",
    "relative",
)
_PARTS = ("", "_low", "_high", "_basis", "_coverage", "_workers", "_calls", "_missing")

_TAIL = ("tail_share", "tail_from_ns", "tail_gc", "tail_preempted", "tail_instance", "tail_other")
_EVIDENCE = ("collections", "switches", "lead_in_calls")

FIELDS = (
    *("run_id", *_ABOUT, *_CONDITIONS, *_ENDING, *_SIZES),
    *(f"{number}{part}" for number in _NUMBERS for part in _PARTS),
    *("cautions", "floor_ns", *_TAIL, *_EVIDENCE, "command"),
)
"""Every key that a record may have, in order. Megabytes are of encoded bytes; `relative` is over the best.

`tail_share` is the share of all single calls that are the slowest; `tail_gc` to `tail_other` count those by label.
"""


def records(report: Report) -> list[dict[str, Any]]:
    """One record per case, in the order of tables and rows.

    Returns:
        Names, status and reason; each number with `_low`, `_high`, `_basis`, `_coverage`, `_workers` and `_calls`, or
        with `_missing`, why there is none. What does not apply is absent.
    """
    return [_record(report, table, row) for table in report.tables for row in table.rows]


def columns(found: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The same records by key: a list with a value for each record, or the one value that all of them have.

    Args:
        found: records; no value in them is a list.

    Returns:
        Every key that any record has, in the order of `FIELDS`; None in the place of what a record does not have.
    """
    keys = [name for name in FIELDS if any(name in one for one in found)]
    lists = {name: [one.get(name) for one in found] for name in keys}
    return {name: values[0] if all(one == values[0] for one in values) else values for name, values in lists.items()}


def _record(report: Report, table: Table, row: Row) -> dict[str, Any]:
    about: dict[str, Any] = {
        "run_id": report.run_id,
        "case_id": row.case_id,
        "codec": row.codec.name,
        "payload": table.payload.name,
        "operation": str(table.operation),
        "status": str(row.status),
        "cautions": " ".join(caution.name for caution in row.cautions),
        "command": row.behind.command,
    }
    about |= {name: getattr(row.codec, name) for name in ("format", "model", "distribution", "version")}
    about |= {name: getattr(table.conditions, name) for name in _CONDITIONS}
    about |= {name: getattr(row, name) for name in _ENDING[1:]}
    about |= _sizes(row.encoded_bytes)
    for name in _NUMBERS:
        about |= _number(name, getattr(row, name))
    about |= _behind(row.behind)
    return {name: about[name] for name in FIELDS if name in about}


def _behind(behind: Behind) -> dict[str, Any]:
    tail, evidence = behind.tail, behind.evidence
    found: dict[str, Any] = {}
    if not isinstance(tail, Missing):
        found |= {name: getattr(tail, name.removeprefix("tail_")) for name in _TAIL}
    if not isinstance(evidence, Missing):
        found |= {name: getattr(evidence, name) for name in ("floor_ns", *_EVIDENCE)}
    return found


def _sizes(sizes: EncodedBytes | Missing) -> dict[str, float]:
    if isinstance(sizes, Missing):
        return {}
    return {f"encoded_bytes_{part}": getattr(sizes, part) for part in ("mean", "median", "min", "max")}


def _number(name: str, number: Number) -> dict[str, Any]:
    if not isinstance(number, Estimate):
        return {f"{name}_missing": number.reason}
    ends = ("basis",) if number.basis == "none" else ("low", "high", "basis")
    parts = {part: getattr(number, part) for part in (*ends, "workers", "calls")}
    if number.basis == "interval":
        parts["coverage"] = number.coverage
    return {name: number.value} | {f"{name}_{part}": value for part, value in parts.items()}


_CHANGE_SIDES = ("base_typical_ns", "new_typical_ns", "typical_ratio", "base_p99_ns", "new_p99_ns", "p99_ratio")

CHANGE_FIELDS = (
    *("base_id", "new_id", "case_id", "codec", "payload", "operation", *_CONDITIONS, "verdict", "reason"),
    *(f"{number}{part}" for number in _CHANGE_SIDES for part in _PARTS),
    *("base_encoded_bytes_median", "new_encoded_bytes_median", "encoded_ratio", "encoded_ratio_missing"),
)
"""Every key that a record of a comparison may have, in order. Ratios are new over base."""


def change_records(comparison: Comparison) -> list[dict[str, Any]]:
    """One record per case of either run, keyed as those of `records`."""
    return [_change_record(comparison, change) for change in comparison.changes]


def _change_record(comparison: Comparison, change: Change) -> dict[str, Any]:
    about: dict[str, Any] = {
        "base_id": comparison.base_id,
        "new_id": comparison.new_id,
        "case_id": change.case.id,
        "codec": change.case.codec,
        "payload": change.case.payload,
        "operation": str(change.case.operation),
        "verdict": str(change.verdict),
        "reason": change.reason,
    }
    about |= {name: getattr(change.case.conditions, name) for name in _CONDITIONS}
    for name in _CHANGE_SIDES:
        about |= _number(name, getattr(change, name))
    for side, sizes in (("base", change.base_encoded_bytes), ("new", change.new_encoded_bytes)):
        if not isinstance(sizes, Missing):
            about[f"{side}_encoded_bytes_median"] = sizes.median
    ratio = change.encoded_ratio
    about |= {"encoded_ratio_missing": ratio.reason} if isinstance(ratio, Missing) else {"encoded_ratio": ratio}
    return {name: about[name] for name in CHANGE_FIELDS if name in about}
