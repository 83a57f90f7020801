"""Where the marks, bars, curves and ticks of a panel must lie, and which numbers must stand beside them."""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING

from recount.drawings import SEEN, Axis, corners, is_number
from recount.known import apart
from recount.writing import UNITS, in_unit, parted, three

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from recount.cases import Case
    from recount.drawings import Drawing, Panel
    from recount.known import Known

MOST = 75
"""Marks of a codec in a timeline, as its description says."""

TOLD = ("50", "90", "99", "99.9", "99.99", "99.999", "99.9999")
"""Percentiles that an axis may name."""


def _near(place: float, right: float) -> bool:
    return abs(place - right) <= SEEN


def _percentiles(drawing: Drawing, panel: Panel, cases: Sequence[Case], n: int) -> Iterator[str]:
    """Ticks and curves by what a script is told of the panel; that is held by the curves."""
    group = [one for one in drawing.svg.walk() if "data-panel" in one.attributes][n]
    title, *numbers = group.attributes["data-panel"].split()
    left, right, top, bottom, last, low, high = map(float, numbers)
    if title != panel.title or not (_near(left, panel.left) and _near(top, panel.top)):
        yield f"the panel is not {group.attributes['data-panel']}"
    ticks = {
        place: label
        for label, place, y, node in drawing.texts
        if node.around("text-anchor") == "middle" and is_number(label) and drawing.panel(place + 1, y) is panel
    }
    for place, label in ticks.items():
        if label not in TOLD or not _near(place, left + (right - left) * -log(1 - float(label) / 100) / log(last)):
            yield f"p{label} is not at {place}"
    upwards = Axis(((bottom, low / UNITS[panel.unit]), (top, high / UNITS[panel.unit])))
    yield from drawing.upwards(panel).faults()
    yield from (
        f"{v:g} is not at {place}" for place, v in drawing.upwards(panel).ticks if not _near(upwards.place(v), place)
    )
    own = {case.codec: case for case in cases}
    for path in group.all("path"):
        if codec := path.attributes.get("data-curve"):
            off = [
                (x, y)
                for x, y in next(corners(path.attributes["d"]))
                if not _on_curve(own[codec], (x, y), (left, right, last), (bottom, top, low, high))
            ]
            yield from (f"the curve of {codec} is not right at {place}" for place in off[:1])


def _on_curve(case: Case, point: tuple[float, float], across: tuple[float, ...], up: tuple[float, ...]) -> bool:
    """Whether a point lies where its percentile is, as far as pixels tell which one that is."""
    (x, y), (left, right, last), (bottom, top, low, high) = point, across, up
    shares = [1 - 1 / max(1.0, last ** ((place - left) / (right - left))) for place in (x - 0.1, x + 0.1)]
    least, most = (case.merged.at(f"{min(max(share, 0.0), 1.0):.12f}") for share in shares)
    places = [bottom + (top - bottom) * log(max(ns, 1) / low) / log(high / low) for ns in (least, most)]
    return places[1] - SEEN <= y <= places[0] + SEEN


def _bars(drawing: Drawing, panel: Panel, cases: Sequence[Case], _: int) -> Iterator[str]:
    """Two bars of each codec, and the numbers beside them."""
    for case in cases:
        codec = case.codec
        p50, p99 = case.percentile("p50"), case.percentile("p99")
        centre = p50 or case.typical
        shown = [number for number in (centre, p99) if number]
        texts = [parted(in_unit(number.value, panel.unit)) for number in shown]
        if shown and not p50:
            texts[0] += " typical"
        yield from _bar_faults(drawing, panel, codec, shown, texts)


def _puts_off(drawing: Drawing, panel: Panel, cases: Sequence[Case], _: int) -> Iterator[str]:
    """A bar for each operation of a codec, and how many times decode it is."""
    by_codec: dict[str, dict[str, Case]] = {}
    for case in cases:
        by_codec.setdefault(case.codec, {})[case.operation] = case
    for codec, own in by_codec.items():
        decode = own.get("decode")
        told = [own[name] for name in ("decode", "load", "read") if name in own]
        told = [
            one for one in told if one.typical and not (decode and one.source is decode.source and one is not decode)
        ]
        texts = [
            parted(in_unit(one.typical.value, panel.unit)) + _over(one.typical, decode.typical if decode else None)
            for one in told
        ]
        yield from _bar_faults(drawing, panel, codec, [one.typical for one in told], texts)


def _over(own: Known, decode: Known | None) -> str:
    if decode is None or own is decode:
        return ""
    return f"\u2002x {'' if apart(own, decode) else '~'}{three(own.value / decode.value, 2)}"


def _bar_faults(
    drawing: Drawing, panel: Panel, codec: str, numbers: Sequence[Known], texts: Sequence[str]
) -> Iterator[str]:
    axis = drawing.across(panel)
    ends = [max(x for x, _ in outline) for outline in drawing.shapes(panel, codec, closed=True)]
    right = [axis.place(number.value / UNITS[panel.unit]) for number in numbers]
    if len(ends) != len(right) or not all(map(_near, ends, right)):
        yield f"bars of {codec} end at {ends}, not {right}"
    labels = [words for words in drawing.labels(panel, codec) if any(map(str.isdigit, words))]
    if labels != list(texts):
        yield f"{codec}: {labels} is {list(texts)}"


def _size_time(drawing: Drawing, panel: Panel, cases: Sequence[Case], _: int) -> Iterator[str]:
    """A mark for each codec: its typical time across, its size upwards."""
    across, upwards = drawing.across(panel), drawing.upwards(panel)
    yield from upwards.faults()
    unit = next(
        words.split()[0]
        for words, x, y, _ in drawing.texts
        if words.endswith(" per call") and drawing.panel(x, y) is panel and y > panel.top
    )
    for case in cases:
        codec = case.codec
        marks = drawing.marks(panel, codec)
        if not (case.typical and case.encoded):
            right = []
        else:
            right = [
                (
                    across.place(case.typical.value / UNITS[unit]),
                    upwards.place(case.encoded["median"] / UNITS[panel.unit]),
                )
            ]
        if len(marks) != len(right) or not all(
            _near(a, c) and abs(b - d) < 2 * SEEN for (a, b), (c, d) in zip(marks, right, strict=True)
        ):
            yield f"{codec} is at {marks}, not {right}"


def _timeline(drawing: Drawing, panel: Panel, cases: Sequence[Case], _: int) -> Iterator[str]:
    """A mark for each of the slowest calls, in the band of its codec."""
    across, bands = drawing.across(panel), _bands(drawing, panel)
    for case in cases:
        band, codec = bands[case.codec], case.codec
        yield from band.faults()
        slow = [call for w in case.workers for call in zip(w["slow"]["ns"], w["slow"]["at_ns"], strict=True)]
        calls = sorted(slow, reverse=True)[:MOST] if case.tail else []
        right = [(across.place(at / 1e9), band.place(ns / UNITS[panel.unit])) for ns, at in calls]
        middles = [((x + u) / 2, (y + v) / 2) for (x, y), (u, v) in drawing.shapes(panel, codec, closed=False)]
        yield from (f"{codec} has no mark at {place}" for place in right if not _among(place, middles))
        yield from (f"{codec} has a mark at {place}" for place in middles if not _among(place, right))


def _bands(drawing: Drawing, panel: Panel) -> dict[str, Axis]:
    """The axis of each codec, whose names stand at the left of the first panel of a line."""
    names = [
        (y, words)
        for words, x, y, node in drawing.texts
        if node.around("text-anchor") == "end" and node.around("data-codec") and drawing.panel(x, y).top == panel.top
    ]
    ticks = sorted(drawing.upwards(panel).ticks)
    each = len(ticks) // max(1, len(names))
    own = {codec: ticks[n * each : (n + 1) * each] for n, (_, codec) in enumerate(sorted(names))}
    return {codec: Axis(tuple(reversed(some))) for codec, some in own.items()}


def _among(place: tuple[float, float], others: Sequence[tuple[float, float]]) -> bool:
    return any(abs(place[0] - x) < 0.6 and abs(place[1] - y) < 0.9 for x, y in others)


CHECKS: dict[str, Callable[..., Iterator[str]]] = {
    "percentiles": _percentiles,
    "bars": _bars,
    "puts-off": _puts_off,
    "size-time": _size_time,
    "timeline": _timeline,
}
"""By what a figure's id begins with."""
