"""The words of parts of a report's page, as text: what `golden/` holds them against.

`python tests/golden_words.py` writes them anew; what has changed is then seen in the review of those files.
"""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import fake_reports
import fakes
from serbench.records.cases import Caution, Conditions, Status
from serbench.records.passes import ColdStart, Compressed, EncodedBytes, Memory, Spread
from serbench.records.run import Measurement
from serbench.records.samples import Disturbance
from serbench.renderers.html import Html
from serbench.report.build import build
from serbench.report.price.cost import Inputs
from serbench.report.price.view import bill
from serbench.report.tails import has_tails, tail_grid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from serbench.records.run import Run
    from serbench.report.cells import Grid
    from serbench.report.whole import Report

GOLDEN = Path(__file__).parent / "golden"

_LINES = frozenset({"p", "li", "tr", "h2", "h3", "h4", "dt", "dd", "summary", "caption", "option", "label", "div"})
_SKIPPED = frozenset({"script", "style", "textarea", "i"})
_VOID = frozenset({"input", "br", "meta", "link"})

_OFF = Conditions(instances=64, gc="off")
_BUSY = Conditions(instances=64, heap_objects=20_000, threads=2)


def parts() -> dict[str, str]:
    """The words of each part, by the name of its file."""
    report = build(_run())
    tails = [tail_grid(table) for table in report.tables if table.headline and has_tails(table)]
    return {
        "matrix.txt": "\n".join((_section("matrix", report), *_metrics(report))) + "\n",
        "price.txt": "\n".join((_section("price", report), *_answers(report))) + "\n",
        "cases.txt": "\n".join((_section("cases", _few_cases(report)), _section("cases", _brief_case(report)))) + "\n",
        "conditions.txt": "\n".join((*_said(report, "conditions"), *_grids(report.conditions))) + "\n",
        "tails.txt": "\n".join((*_said(report, "tail"), *_grids(tails))) + "\n",
    }


def _run() -> Run:
    """Two payloads; a winner, a tie, too few workers, every pass, cautions, failures, a case that is another one.

    Nothing is drawn, so that the words are the same on every machine.
    """
    measurements = [*_with_everything(), *_tied(), *_with_gaps(), *_chat()]
    made = fakes.run(
        measurements,
        codecs=fakes.CODECS,
        noise=fake_reports.NOISE,
        passes=("time", "size", "memory", "cold", "instructions"),
    )
    order, chat = made.payloads
    disturbed = replace(made.rounds[0], disturbance=Disturbance(disturbed=True))
    return replace(made, payloads=(replace(order, sample='{"id":4711}'), chat), rounds=(*made.rounds, disturbed))


def _timed(
    codec: str, operation: str, ns: float, conditions: Conditions = fakes.CONDITIONS, **workers: int
) -> Measurement:
    case = fakes.case(codec, operation=operation, conditions=conditions)
    return fakes.measured(case, fakes.even_workers(ns, **workers), {"msgpack": 800, "protobuf": 500}.get(codec, 1_000))


def _with_everything() -> Iterator[Measurement]:
    """orjson: all passes, and the collector, live objects and threads."""
    sizes = EncodedBytes(mean=400, median=400, min=380, max=420)
    packed = Compressed(method="gzip", level=6, messages=64, bytes_per_message=sizes, ns_per_message=20_000)
    memory = Memory(
        calls=64,
        peak_bytes=Spread(median=12_300, min=12_000, max=13_000),
        live_bytes=Spread(median=8_000, min=8_000, max=8_000),
        resident_growth_bytes=-1,
        resident_calls=64,
        tracked_per_result=21.5,
        heap_objects=1_000,
        full_collection_ns=2_000_000,
    )
    spans = (Spread(median=ns, min=0.9 * ns, max=1.1 * ns) for ns in (12e6, 1e3, 20e3))
    cold = ColdStart(**dict(zip(("import_ns", "bind_ns", "first_call_ns"), spans, strict=True)), processes=5)
    whole = fake_reports.labelled(_timed("orjson", "read", 3_000, calls=12_000), from_ns=5_600)
    yield replace(whole, sizes=(packed,), memory=memory, cold_start=cold, instructions=12_345.0)
    yield fake_reports.labelled(_timed("orjson", "encode", 1_500), share=0.01, from_ns=2_400)
    same = fakes.case("orjson", operation="encode").id
    yield Measurement(case=fakes.case("orjson", operation="dump"), status=Status.MEASURED, same_as=same)
    yield fake_reports.labelled(_timed("orjson", "read", 2_000, _OFF, calls=12_000), from_ns=3_700, gc=0)
    yield _timed("orjson", "read", 4_000, _BUSY)


def _tied() -> Iterator[Measurement]:
    """Reading, msgpack cannot be told apart from orjson; encoding it has a caution."""
    yield fake_reports.labelled(_timed("msgpack", "read", 3_010), share=0.01, from_ns=4_800)
    odd = Caution(name="warm-up-capped", text="Warm-up reached its cap. Give a longer --budget.")
    own = fake_reports.labelled(_timed("msgpack", "encode", 1_510), share=0.01, from_ns=2_400, preempted=2, other=25)
    yield replace(own, warnings=(odd,))
    yield _timed("msgpack", "read", 3_000, _OFF)
    yield _timed("msgpack", "read", 7_000, _BUSY)


def _with_gaps() -> Iterator[Measurement]:
    """Too few workers and failures of protobuf, too few and too short calls of json."""
    yield fake_reports.labelled(_timed("protobuf", "read", 90_000), share=0.01, from_ns=143_000)
    yield _timed("protobuf", "encode", 4_000, workers=3)
    yield fakes.unmeasured(fakes.case("protobuf", operation="dump"), Status.FAILED, "the worker died: SIGSEGV")
    yield _timed("json", "read", 9_500, calls=120)
    yield _timed("json", "encode", 300)
    yield fakes.unmeasured(fakes.case("json", operation="dump"), Status.SKIPPED, "its library is not installed")


def _chat() -> Iterator[Measurement]:
    """Another payload, at which orjson is best at everything."""
    for codec, ns in (("orjson", 20_000), ("json", 90_000)):
        for operation in ("read", "encode"):
            yield fakes.measured(fakes.case(codec, "chat", operation), fakes.even_workers(ns), 7_000)


def _said(report: Report, topic: str) -> list[str]:
    return [sentence.text for sentence in report.sentences if sentence.topic == topic]


def _grids(grids: Iterable[Grid]) -> Iterator[str]:
    """Tables with their notes and legends, a line a row."""
    told: list[str] = []
    for grid in grids:
        yield from ("", grid.title, " | ".join(f"{column.head} {column.unit}".rstrip() for column in grid.columns))
        for cells in zip(*(column.cells for column in grid.columns), strict=True):
            yield " | ".join(" ".join(cell.split()) for cell in cells)
        yield from (f"* {text}" for text in grid.notes)
        told += [text for text in grid.legend if text not in told]
    yield from ("", *told)


def _metrics(report: Report) -> Iterator[str]:
    """What can be chosen in the matrix, as the page says it then."""
    yield "Metrics"
    yield from (f"{metric.name}: {metric.words}" for metric in report.matrix.metrics)


def _answers(report: Report) -> Iterator[str]:
    """The answer of the calculator with each codec as that of today: as it comes, compressed, and for cores alone."""
    prices = report.prices
    for offer in prices.offers:
        asked = {method.words: replace(Inputs(), compression=method.name) for method in prices.methods}
        for words, inputs in (asked | {"traffic for nothing": replace(Inputs(), gigabyte=0.0)}).items():
            yield f"Answers for {offer.payload}, {words}"
            yield from (bill(offer, prices, inputs, codec).answer for codec in prices.codecs)


def _few_cases(report: Report) -> Report:
    """The report with one case of each kind."""
    kinds = (
        "orjson/order/read",
        "msgpack/order/encode",
        "json/order/encode",
        "json/order/dump",
        "orjson/order/dump",
        "protobuf/order/encode",
        "orjson/order/read?heap=20000&threads=2",
        "json/chat/read",
    )
    return replace(report, cases=tuple(page for page in report.cases if page.case_id in kinds))


def _brief_case(report: Report) -> Report:
    """The report with one case, told as one of many."""
    return replace(report, cases=(replace(report.cases[0], brief=True),))


def _section(name: str, report: Report) -> str:
    """What a section of the page says, titles and labels that are read aloud included, a line for each thing."""
    html = Html(charts=()).render(report)
    start = html.index(f'aria-labelledby="{name}"')
    return _Words(html[html.rindex("<section", 0, start) : html.index("</section>", start)]).text()


class _Words(HTMLParser):
    """Words in their order; of drawings their names."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self._open: list[str] = []
        self._said = ""
        self.feed(html)
        self.close()

    def text(self) -> str:
        """Lines that are not empty, their spaces single."""
        lines = (" ".join(line.split()).strip("| ") for line in self._said.split("\n"))
        return "\n".join(filter(None, lines))

    def handle_starttag(self, tag, attrs):
        """Begins a line or a cell; tells what an attribute says."""
        told = dict(attrs)
        if tag not in _VOID:
            self._open.append("i" if told.get("class") == "pad" else tag)
        self._said += "\n" if tag in _LINES else " | " if tag in ("td", "th") else " "
        names = ("title", "aria-label", "value") if tag == "input" else ("title", "aria-label")
        self._said += "".join(f" [{told[name]}] " for name in names if told.get(name))

    def handle_startendtag(self, tag, attrs):
        """A part of a drawing that says nothing."""

    def handle_endtag(self, tag):
        """Ends it."""
        self._open.pop()
        self._said += "\n" if tag in _LINES else ""

    def handle_data(self, data):
        """Takes what can be read."""
        drawn = "svg" in self._open and self._open[-1] not in ("title", "desc", "text")
        if not drawn and not _SKIPPED.intersection(self._open):
            self._said += data.replace("\n", " ")


if __name__ == "__main__":
    for file_name, words in parts().items():
        (GOLDEN / file_name).write_text(words, encoding="utf-8")
