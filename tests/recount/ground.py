"""The numbers of what a run stands on: the machine, the measuring, the noise."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Any

from recount.cases import Calls
from recount.writing import lasts, three, weighs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recount.cases import Recount


def machine(run: Recount) -> dict[str, str]:
    """Labels and values of machine, system and Python."""
    about = run.file["environment"]
    own = about["machine"] | about["system"] | {f"Python {key}": value for key, value in about["python"].items()}
    found = dict(_fact(key, value) for key, value in own.items())
    return found | {"libraries": ", ".join(f"{name} {version}" for name, version in sorted(about["packages"].items()))}


def _fact(key: str, value: Any) -> tuple[str, str]:
    label = key.replace("_", " ")
    if isinstance(value, int | float) and key.endswith("_bytes"):
        return label.removesuffix(" bytes"), weighs(value)
    if isinstance(value, int | float) and key.endswith("_ns"):
        return label.removesuffix(" ns"), lasts(value)
    return label, _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_text(one)}" for key, one in value.items())
    return ", ".join(map(_text, value)) if isinstance(value, list) else str(value)


def measuring(run: Recount) -> dict[str, list[str]]:
    """By label, the numbers of what is said of the measuring, in their order."""
    file = run.file
    floors = _floors(file)
    workers = [len(entry["workers"]) for entry in file["measurements"] if entry.get("workers")]
    counted = [w["calls"] + w["batch_calls"] for entry in file["measurements"] for w in entry.get("workers", [])]
    spent = file.get("timing", {})
    wall = spent.get("total", sum(spent.values()))
    inside = sum(one["block_seconds"] for one in file["rounds"])
    found = {
        "floor": [lasts(median(floors[key])).split()[0] for key in ("ns_per_call", "batch_ns_per_call")]
        if workers
        else [],
        "clock step": [lasts(median(floors["clock_step_ns"])).split()[0]] if workers else [],
        "workers": list(dict.fromkeys(map(str, (min(workers), max(workers))))) if workers else [],
        "rounds": [f"{len(file['rounds']):,}"],
        "timed calls": [f"{sum(counted):,}"],
        "seed": [str(file["seed"])],
        "budget": [f"{file['budget_seconds']:g}"],
        "inside blocks": [f"{inside:.1f}", f"{wall:.1f}", f"{100 * inside / wall:.0f}"] if wall else [],
        "disturbed rounds": list(_disturbed(file["rounds"])),
    }
    return found | ({"noise": list(_noise(file["noise"]))} if "noise" in file else {})


def _floors(file: dict[str, Any]) -> dict[str, list[float]]:
    """One per process: cases of a codec share one."""
    found = {
        (entry["case"]["codec"], w["pair"], w["hash_seed"], *w["floor"].values()): w["floor"]
        for entry in file["measurements"]
        for w in entry.get("workers", [])
    }
    return {
        key: [floor[key] for floor in found.values()] for key in ("ns_per_call", "batch_ns_per_call", "clock_step_ns")
    }


def _disturbed(rounds: list[dict[str, Any]]) -> Iterator[str]:
    found = [one["disturbance"] for one in rounds if one.get("disturbance", {}).get("disturbed")]
    if not found:
        return
    yield from (str(len(found)), str(len(rounds)), str(sum(one.get("repeated", False) for one in rounds)))
    worst = {key: max((one[key] for one in found if key in one), default=None) for key in _DISTURBING}
    if (worst["foreign_cpu"] or 0) >= 0.005:
        yield f"{100 * worst['foreign_cpu']:.0f}"
    if (worst["foreign_cpu_elsewhere"] or 0) >= 0.05:
        yield f"{worst['foreign_cpu_elsewhere']:.1f}"
    if (worst["steal"] or 0) >= 0.005:
        yield f"{100 * worst['steal']:.0f}"
    if worst["foreign_cpu"] is None and (worst["pressure"] or 0) >= 0.005:
        yield f"{100 * worst['pressure']:.0f}"


_DISTURBING = ("foreign_cpu", "foreign_cpu_elsewhere", "steal", "pressure")


def _noise(noise: dict[str, Any]) -> Iterator[str]:
    calls, observed = Calls.decode(noise["histogram"]), noise["observed_ns"]
    yield three(calls.total / 1e6, 2) if calls.total >= 1e6 else f"{calls.total:,}"
    yield lasts(observed).split()[0]
    for name, share, needed in (("50", "0.5", 20), ("99", "0.99", 1_000), ("99.99", "0.9999", 100_000)):
        if calls.total >= needed:
            yield from (name, lasts(calls.at(share)).split()[0])
    yield lasts(calls.ordered[-1]).split()[0]
    usual, long = calls.at("0.5"), {ns: n for ns, n in calls.counts.items() if ns > 1_000}
    if long:
        yield three(sum(long.values()) * 1e9 / observed)
    yield "1"
    if long:
        yield three(100 * min(1.0, sum((ns - usual) * n for ns, n in long.items()) / observed), 2)
    if noise["core"] >= 0:
        yield str(noise["core"])
