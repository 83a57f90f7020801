"""What must stand in the cells of a payload's tables, worked out from the run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Any

from recount.cases import LABELS
from recount.known import apart, over
from recount.writing import in_unit, parted, three

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from recount.cases import Case
    from recount.known import Known

PARSING, SERIALISING = ("read", "decode", "load"), ("encode", "dump")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: the number, in small its ends, under the pointer what is behind it, and its full value."""

    text: str
    small: str = ""
    title: str = ""
    value: float | None = None


NOTHING = Cell("")
"""No number stands there."""


def setting(conditions: dict[str, Any]) -> str:
    """Conditions as captions have them: `collector on, 64 instances`."""
    instances, heap, threads = (
        conditions.get(key, usual) for key, usual in (("instances", 0), ("heap_objects", 0), ("threads", 1))
    )
    words = [f"collector {conditions['gc']}", f"{instances:,} instance{'s' * (instances != 1)}"]
    words += [f"{heap:,} live objects"] * (heap > 0) + [f"{threads} threads"] * (threads != 1)
    return ", ".join(words)


def difference(conditions: dict[str, Any], among: Sequence[dict[str, Any]]) -> str:
    """What sets conditions apart from the others: `collector off, no live objects`."""
    heap, threads = conditions["heap_objects"], conditions["threads"]
    words = {
        "gc": f"collector {conditions['gc']}",
        "heap_objects": f"{heap:,} live object{'s' * (heap != 1)}" if heap else "no live objects",
        "threads": f"{threads} thread{'s' * (threads != 1)}",
        "instances": f"{conditions['instances']:,} instance{'s' * (conditions['instances'] != 1)}",
    }
    return ", ".join(words[key] for key in words if len({one[key] for one in among}) > 1)


def behind(known: Known) -> str:
    """`96.9 % interval of 6 workers, 12,000 calls`; nothing where a single call is all that there is."""
    if known.calls <= 1:
        return ""
    who = f"{known.workers} workers" if known.each == 1 else f"{known.workers} groups of at least {known.each} workers"
    kind = {"interval": f"{100 * known.coverage:.3g} % interval", "range": "range"}.get(known.basis)
    return ", ".join(([f"{kind} of {who}"] if kind else []) + [f"{known.calls:,} calls"])


def ended(known: Known | None, write: Callable[[float], str], *, told: bool = False) -> Cell:
    """A number with its ends, and if `told` with what is behind it."""
    if known is None:
        return NOTHING
    text, low, high = (parted(write(value)) for value in (known.value, known.low, known.high))
    small = f"{low}\u2013{high}" if known.basis else ""
    return Cell(text, small, behind(known), known.value) if told else Cell(text, small)


def plain(value: float | None, write: Callable[[float], str]) -> Cell:
    """A number without ends."""
    return NOTHING if value is None else Cell(parted(write(value)))


def scale(unit: str) -> Callable[[float], str]:
    """How a number is written in that unit: bytes to the byte."""
    return _bytes if unit == "B" else lambda value: in_unit(value, unit)


def _bytes(size: float) -> str:
    """Whole or half ones as they are, others to the byte."""
    return f"{size:.10g}" if 2 * size == int(2 * size) else f"{size:.0f}"


def results(case: Case, best: Case | None, head: str, unit: str) -> Cell:
    """A cell of a table of results."""
    write, size = scale(unit), case.encoded["median"] if case.encoded else None
    mean = case.encoded["mean"] if case.encoded else None
    cells = {
        "size": lambda: _size(size, unit),
        "typical": lambda: ended(case.typical, write, told=True),
        "objects": lambda: _rate(case, 1.0),
        "encoded": lambda: _rate(case, mean / 1e6 if mean else None),
        "to best": lambda: _to_best(case, best),
    }
    percentiles = ("p50", "p99", "p99.9")
    return ended(case.percentile(head), write, told=True) if head in percentiles else cells[head]()


def _size(size: float | None, unit: str) -> Cell:
    if size is None:
        return NOTHING
    return Cell(parted(f"{size:.10g}" if unit == "B" else in_unit(size, unit)), value=size)


def _rate(case: Case, amount: float | None) -> Cell:
    cell = ended(case.rate(amount) if amount else None, three, told=True)
    return replace(cell, small="")  # that of the typical time says it


def _to_best(case: Case, best: Case | None) -> Cell:
    if case.typical is None or best is None:
        return NOTHING
    if case is best:
        return Cell("1.00", "", behind(replace(case.typical, basis="")), 1.0)
    return ended(over(case.typical, best.typical), three, told=True)


def tail(case: Case, head: str, unit: str) -> Cell:
    """A cell of a table of the slowest calls."""
    labels, rare, write = case.tail, case.percentile("p99.9"), scale(unit)
    share = labels["share"] if labels else 0.001 if rare else 0.01
    name = {0.001: "p99.9", 0.01: "p99"}[share]
    shown = case.percentile(name)
    slowest = plain(case.slowest or None, lambda n: f"{n:.0f}")
    cells = {
        "tail": lambda: Cell(name if shown else ""),
        "took": lambda: ended(shown, write),
        **dict.fromkeys([name] if shown else ["p99", "p99.9"], lambda: ended(shown, write)),
        "steady call": lambda: plain(case.steady_ns, write),
        "slowest": lambda: slowest,
        **dict.fromkeys([f"slowest {100 * share:g} %"] if shown else ["slowest 0.1 %", "slowest 1 %"], lambda: slowest),
        "from": lambda: plain(labels and labels["from_ns"], write),
        "whose": lambda: NOTHING,
    }
    parts = {words: labels[key] for key, words in LABELS.items()} if labels else dict.fromkeys(LABELS.values())
    return plain(parts[head], lambda n: f"{100 * n / case.slowest:.0f}") if head in parts else cells[head]()


def basis(case: Case, head: str, unit: str) -> Cell:
    """A cell of a table of what stands behind numbers."""
    counts = {"batch": "batch_calls", "lead-in": "lead_in", "warm-up": "warm_up"}
    counts |= {"collections": "collections", "switches": "switches"}
    floors = {"floor": "ns_per_call", "in batches": "batch_ns_per_call", "clock step": "clock_step_ns"}
    if head in counts:
        return plain(case.total(counts[head]), lambda n: f"{n:.0f}")
    if head in floors:
        return plain(case.floor(floors[head]), scale(unit))
    known, kept, own = case.typical, rounds(case), threads(case)
    covered = known is not None and known.basis == "interval"
    cells = {
        "single": lambda: plain(case.total("calls") + case.total("overflow"), lambda n: f"{n:.0f}"),
        "workers": lambda: Cell(str(len(case.workers))),
        "interval": lambda: Cell(f"{100 * known.coverage:.3g} %") if covered else NOTHING,
        "disturbed": lambda: Cell(f"{sum(kept)} of {len(kept)}"),
        "a thread": lambda: Cell("-".join(map(scale(unit), (min(own), max(own))))) if own else NOTHING,
    }
    return cells[head]()


def rounds(case: Case) -> list[bool]:
    """Of each round of the case's workers that counts whether it was disturbed."""
    waves = {worker["pair"] for worker in case.workers}
    return [
        one.get("disturbance", {}).get("disturbed", False)
        for one in case.file["rounds"]
        if one["wave"] in waves and not one.get("repeated")
    ]


def threads(case: Case) -> list[float]:
    """The median batch mean of each of several threads."""
    return [
        median(one["ns_per_call"]) for worker in case.workers for one in worker.get("threads", []) if one["ns_per_call"]
    ]


def reference(case: Case, cases: Sequence[Case]) -> Case:
    """What a case is held against among those of its codec: the collector off, else frozen, else the first."""
    own = [one for one in cases if one.codec == case.codec]
    alike = [one for one in own if all(one.conditions[k] == case.conditions[k] for k in ("heap_objects", "threads"))]
    found = (one for gc in ("off", "frozen") for one in alike if one.conditions["gc"] == gc)
    return next(found, own[0])


def condition(case: Case, other: Case, head: str, unit: str) -> Cell:
    """A cell of a table of conditions."""
    runs = case.total("collections")
    match head:
        case "typical":
            return ended(case.typical, scale(unit))
        case "p99" | "p99.9":
            return ended(case.percentile(head), scale(unit))
        case "typical to reference" | "p99.9 to reference":
            rare = head.startswith("p99.9")
            mine, theirs = ((one.percentile("p99.9") if rare else one.typical) for one in (case, other))
            if mine is None or theirs is None:
                return NOTHING
            return Cell(
                "1" if case is other else f"{'' if apart(mine, theirs) else '~'}{three(mine.value / theirs.value)}"
            )
        case "collections":
            calls = case.total("calls") + case.total("overflow")
            return plain(1_000 * runs / calls if calls else None, three)
        case "pause":
            return plain(case.total("collection_ns") / runs if runs else None, scale(unit))
    raise KeyError(head)
