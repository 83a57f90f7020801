"""The numbers that a page's script makes other matrices of, held against the run: every metric of every case."""

from __future__ import annotations

import json
from math import isclose
from typing import TYPE_CHECKING, Any

from recount.cases import NEEDED
from recount.tables import setting
from recount.writing import lasts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recount.cases import Case, Recount
    from recount.known import Known

DIGITS = 1e-6
"""How far a measured number may be rounded: seven digits are kept."""

PERCENTILES = {"p50": "p50", "p99": "p99", "p999": "p99.9"}


def matrix_data(run: Recount, script: str) -> Iterator[str]:
    """What is wrong in the JSON of a matrix."""
    data = json.loads(script)
    keys = [key for key, *_ in data["metrics"]]
    met = []
    for block in data["blocks"]:
        for codec, payload, case_id, numbers in block["cells"]:
            case = run.cases[case_id]
            met.append(case_id)
            place = (data["codecs"][codec][0], data["payloads"][payload], block["operation"])
            if place != (case.codec, case.payload, case.operation):
                yield f"{case_id} stands at {place}"
            yield from _condition(case, data["settings"][block["setting"]])
            for key, packed in zip(keys, numbers, strict=True):
                missing = isinstance(packed, list) and len(packed) == 1
                why = data["reasons"][packed[0]] if missing and packed[0] < len(data["reasons"]) else None
                found = _missing(run, case, key, why) if missing else _number(run, case, key, packed)
                yield from (f"{case_id}, {key}: {fault}" for fault in found)
    if sorted(met) != sorted(run.cases):
        yield f"{len(met)} cases are there, of {len(run.cases)}"


def _condition(case: Case, words: str) -> Iterator[str]:
    """Conditions are told by what sets them apart; each part must be one of the case's own."""
    own = setting(case.conditions).split(", ")
    usual = ["1 thread"] * (case.threads == 1) + ["no live objects"] * (not case.conditions["heap_objects"])
    if wrong := [part for part in words.split(", ") if part and part not in (*own, *usual)]:
        yield f"{case.id} is not under {wrong}"


def _missing(run: Recount, case: Case, key: str, why: list[str] | None) -> Iterator[str]:
    """Two or three words in a number's place, and the whole reason."""
    short, words = case.entry["status"], case.entry.get("reason", "")
    if short == "measured" and key in PERCENTILES:
        name = PERCENTILES[key]
        short, words = "too few calls", f"{name} takes {NEEDED[name]:,} calls and there are {case.merged.total:,};"
        if case.tailless:
            short, words = "no tail claimed", f"a call of {lasts(case.call_ns)} is shorter than"
    elif short == "measured":
        short, words = "not reached", "the run ended before this"
    if _expected(run, case, key) or why is None or why[0] != short or words not in why[1]:
        yield f"it is missing because of {why}, not {short}: {words}"


def _number(run: Recount, case: Case, key: str, packed: Any) -> Iterator[str]:
    """A number, or a list of it and both ends."""
    right = _expected(run, case, key)
    shown = packed if isinstance(packed, list) else [packed]
    if len(shown) != len(right) or not all(isclose(a, b, rel_tol=DIGITS) for a, b in zip(shown, right, strict=True)):
        yield f"{packed} is {right}"


def _expected(run: Recount, case: Case, key: str) -> list[float]:
    if key == "objects":
        return _ends(case.rate())
    if key == "typical" or key in PERCENTILES:
        return _ends(case.typical if key == "typical" else case.percentile(PERCENTILES[key]))
    if key == "size":
        return [case.encoded["median"]] if case.encoded else []
    if key == "memory":
        alike = run.of(codec=case.codec, payload=case.payload, operation=case.operation)
        found = next((one.source["memory"] for one in alike if one.source.get("memory")), None)
        return [found["peak_bytes"]["median"]] if found else []
    alike = run.of(codec=case.codec, payload=case.payload)
    sizes = next((one.entry["sizes"] for one in alike if one.entry.get("sizes")), [])
    return [one["bytes_per_message"]["median"] for one in sizes if one["method"] == key]


def _ends(known: Known | None) -> list[float]:
    if known is None:
        return []
    return [known.value, known.low, known.high] if known.basis == "interval" else [known.value]
