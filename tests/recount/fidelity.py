"""What comes back, held against the outcomes in the run: how many there are of each, speeds beside, value by value."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from recount.cases import ranking
from recount.tables import PARSING, SERIALISING
from recount.writing import three
from serbench.fidelity.probes import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recount.cases import Case, Recount
    from recount.claims import Claims
    from recount.names import Names
    from recount.page import Node, Table, Text

SPEEDS = 4
"""Tables whose times stand beside."""

SHAPE = "its shape, before any call"
"""In short, of what was refused without an error's name."""


class Comebacks:
    """The part of a page that tells what came back."""

    def __init__(self, run: Recount, names: Names) -> None:
        self._run, self._names = run, names
        self._of = {one["codec"]: one["probed"] for one in run.file.get("fidelity", [])}
        self._titles = {_title(one["probe"]): one["probe"] for own in self._of.values() for one in own}

    def counts(self, table: Table) -> Iterator[str]:
        """How often each outcome occurred, and the time as a multiple of the best."""
        exact = [
            Counter(one["outcome"] for one in self._of[self._names.codec(line[0])])["exact"] for line in table.lines
        ]
        if exact != sorted(exact, reverse=True) or len(exact) != len(self._of):
            yield f"codecs come back {exact} times"
        speeds = self._speeds()
        for line in table.lines:
            codec = self._names.codec(line[0])
            counted = Counter(one["outcome"] for one in self._of[codec])
            for node, (head, unit) in zip(line[1:], table.heads[1:], strict=True):
                right = str(counted[head]) if unit == "values" else _multiple(speeds[head], codec)
                if (right or any(map(str.isdigit, node.text()))) and node.text() != right:
                    yield f"{codec}, {head}: {node.text()!r} is {right!r}"

    def _speeds(self) -> dict[str, list[Case]]:
        """The cases behind each column of times."""
        found: dict[str, list[Case]] = {}
        for payload in self._run.payloads:
            for order in (PARSING, SERIALISING):
                first = next(iter(self._run.conditions(payload)), None)
                own = {name: self._run.of(payload=payload, operation=name, conditions=first) for name in order}
                if name := ranking(own):
                    found[f"{payload} {name}"] = own[name]
        return found

    def values(self, table: Table) -> Iterator[str]:
        """Each value and codec: its outcome, what is told of it, and how it stands to what is declared."""
        codecs = [head for head, _ in table.heads[1:]]
        for line in table.lines:
            if len(line) == 1:  # the name of a group
                continue
            name = self._titles.get(line[0].text(), "")
            for codec, node in zip(codecs, line[1:], strict=True):
                probed = next((one for one in self._of[codec] if one["probe"] == name), {"outcome": "untried"})
                yield from (f"{codec}, {line[0].text()}: {fault}" for fault in _cell(node, probed))

    def texts(self, claims: Claims, text: Text) -> None:
        """How many values there are, of how many tables times are shown, and which values came back from all."""
        for found in claims.each(r"(?P<values>\d+) awkward values"):
            claims.expect(found, values=str(len(self._titles)))
        for found in claims.each(r"of (?P<shown>\d+) tables out of (?P<every>\d+)"):
            claims.expect(found, shown=str(SPEEDS), every=str(len(self._speeds())))
        if text.words.startswith("Exact from every codec"):
            lossy = {p["probe"] for own in self._of.values() for p in own if p["outcome"] not in ("exact", "untried")}
            titles = [title for title, name in self._titles.items() if name not in lossy]
            claims.allow_texts([f"asked: {'; '.join(titles)}."])


def _title(name: str) -> str:
    return BY_NAME[name].title if name in BY_NAME else name


def _multiple(cases: list[Case], codec: str) -> str:
    timed = {case.codec: case.typical.value for case in cases if case.typical}
    return three(timed[codec] / min(timed.values())) if codec in timed else ""


def _cell(node: Node, probed: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a cell of the values."""
    words, odd = probed.get("words", ""), probed.get("undeclared", "")
    told = "; ".join(filter(None, (words, odd and f"not as declared: {odd}")))
    outcome, small = node.text(without=("small",)), " ".join(one.text() for one in node.all("small"))
    right = f"{probed['outcome']} !" if odd else probed["outcome"]
    if outcome != right or " ".join(node.attributes.get("title", "").split()) != " ".join(told.split()):
        yield f"{(outcome, node.attributes.get('title', ''))} is {(right, told)}"
    if small and small != SHAPE and small not in " ".join(words.split()):
        yield f"{small!r} is not of {words!r}"
