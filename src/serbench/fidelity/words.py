"""The matrix for a terminal of 80 columns, and as Markdown."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from serbench.fidelity import found, summary
from serbench.fidelity.probes import BY_NAME, GROUPS, PROBES
from serbench.fidelity.summary import MARKS
from serbench.records.fidelity import OUTCOME_WORDS, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.fidelity.parts import Examined
    from serbench.records.cases import CodecInfo

WIDTH = 80
_WIDTHS = tuple(max(len(group), sum(p.group == group for p in PROBES)) for group in GROUPS)


def text(examined: Sequence[Examined], missing: Sequence[CodecInfo] = ()) -> str:
    """Marks, then value by value what is not exact, then what broken input did.

    Args:
        examined: codecs with what was found.
        missing: codecs that cannot be used.
    """
    lines = [*_overview(examined), "", *_details(examined), *_odds(examined), *_attacks(examined)]
    lines += [line for info in missing for line in _wrapped(f"{info.name}: not examined; {info.unavailable}")]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _overview(examined: Sequence[Examined]) -> Iterator[str]:
    wide = max((len(one.info.name) for one in examined), default=0)
    yield f"What comes back of {len(PROBES)} values through {_counted(len(examined), 'codec')}"
    yield (
        "  ".join(f"{mark} {outcome}" for outcome, mark in MARKS.items() if mark != " ") + "  (blank: cannot be asked)"
    )
    yield ""
    yield " ".join([" " * wide, *(group.ljust(width) for group, width in zip(GROUPS, _WIDTHS, strict=True))])
    for one in examined:
        cells = (cell.ljust(width) for cell, width in zip(summary.marks(one.fidelity), _WIDTHS, strict=True))
        yield " ".join([one.info.name.ljust(wide), *cells])


def _details(examined: Sequence[Examined]) -> Iterator[str]:
    """The probes of each group, in the order of their marks."""
    told = summary.deeds([one.fidelity for one in examined])
    for group in GROUPS:
        yield group
        for n, probe in enumerate((p for p in PROBES if p.group == group), start=1):
            yield f"{n:3} {probe.title}" + ("" if probe.name in told else ": exact wherever it can be asked")
            for deed in told.get(probe.name, ()):
                line = f"{MARKS[deed.outcome]} {deed.words}: {', '.join(deed.codecs)}"
                yield from _wrapped(line if len(examined) > 1 else f"{MARKS[deed.outcome]} {deed.words}", indent=6)
        yield ""


def _odds(examined: Sequence[Examined]) -> Iterator[str]:
    if odd := summary.undeclared([one.fidelity for one in examined]):
        yield "Not as declared"
        for codec, probed in odd:
            words = f"{codec}: {summary.title(probed.probe)}: {probed.outcome}, {probed.words}; {probed.undeclared}"
            yield from _wrapped(words, indent=2)
        yield ""


def _attacks(examined: Sequence[Examined]) -> Iterator[str]:
    attacks = [(one.info, one.attack) for one in examined if one.attack]
    if not attacks:
        return
    wide = max(len(info.name) for info, _ in attacks)
    yield f"Decoders under broken input, seed {attacks[0][1].seed}"
    yield f"{'':{wide}} {'inputs':>9} {'refused':>9} {'decoded':>9}  did harm"
    for info, attack in attacks:
        row = f"{info.name:{wide}} {attack.tried:>9,} {attack.refused:>9,} {attack.decoded:>9,}  "
        first, *more = textwrap.wrap(summary.harms(attack) or "none", max(20, WIDTH - len(row)))
        yield row + first
        yield from (" " * len(row) + line for line in more)
    yield ""
    for info, attack in attacks:
        for finding in attack.findings:
            yield from _wrapped(f"{info.name}: {found.words(finding)}")
            if finding.file:
                yield f"  {found.command(info, finding.file)}"


def _wrapped(words: str, indent: int = 0) -> list[str]:
    return textwrap.wrap(
        words, WIDTH, initial_indent=" " * indent, subsequent_indent=" " * (indent + 2), break_on_hyphens=False
    ) or [""]


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'s' * (n != 1)}"


def markdown(examined: Sequence[Examined], missing: Sequence[CodecInfo] = ()) -> str:
    """A table of counts, a table of what is not exact, and what broken input did."""
    lines = [f"## What comes back of {len(PROBES)} values", ""]
    lines += [*(f"* **{outcome}**: {words}" for outcome, words in OUTCOME_WORDS.items()), ""]
    lines += _table(["codec", *Outcome], [[one.info.name, *_numbers(one)] for one in examined])
    rows = [
        [BY_NAME[name].group, _code(summary.title(name)), deed.outcome, _code(deed.words), ", ".join(deed.codecs)]
        for name, deeds in summary.deeds([one.fidelity for one in examined]).items()
        for deed in deeds
    ]
    lines += _table(["group", "value", "outcome", "into what, or how", "codecs"], rows)
    odd = summary.undeclared([one.fidelity for one in examined])
    lines += [f"* {codec}: {summary.title(p.probe)}: {p.words}; not as declared: {p.undeclared}" for codec, p in odd]
    lines += _attacks_in_markdown(examined)
    lines += [f"* {info.name}: not examined; {info.unavailable}" for info in missing]
    return "\n".join(lines).rstrip() + "\n"


def _numbers(one: Examined) -> list[str]:
    return [str(n) for n in summary.counts(one.fidelity).values()]


def _attacks_in_markdown(examined: Sequence[Examined]) -> list[str]:
    attacks = [(one.info, one.attack) for one in examined if one.attack]
    if not attacks:
        return []
    rows = [
        [info.name, f"{a.tried:,}", f"{a.refused:,}", f"{a.decoded:,}", summary.harms(a) or "none"]
        for info, a in attacks
    ]
    table = _table(["decoder", "inputs", "refused", "decoded", "did harm"], rows)
    told = [f"* {info.name}: {found.words(finding)}" for info, attack in attacks for finding in attack.findings]
    return [f"## Decoders under broken input, seed {attacks[0][1].seed}", "", *table, *told]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [*(f"| {' | '.join(map(str, line))} |" for line in lines), ""]


def _code(words: str) -> str:
    """Text that Markdown shows as it is, in a cell."""
    return f"`` {words} ``".replace("|", "\\|") if "`" in words else f"`{words}`".replace("|", "\\|")
