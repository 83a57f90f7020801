"""Every number on the page follows from `run.json`: a walk through all of it, with everything reckoned again.

`recount` reckons from the JSON file, without `serbench.report`. A number that is no measurement but the method's own
stands in `recount.claims.METHOD`, with its reason.
"""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import fake_reports
import fakes
import whole_runs
from recount.walk import Walk
from serbench.fidelity.probes import PROBES
from serbench.records.fidelity import Fidelity, Outcome, Probed
from serbench.renderers.html import Html
from serbench.report.build import build
from serbench.store.files import load, save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from serbench.records.run import Run

CHANGES = 20
"""Numbers that are changed, one by one; 200 were when the test was written, and all were noticed."""

NUMBERS = re.compile(r"(?<![&#\w])\d[\d.,\u202f]*|(?<=[a-z])\d[\d.]*")
UNSEEN = re.compile(r"<(script|style|textarea)\b.*?</\1>|<i>.*?</i>|<span class=\"pad\".*?</span>", re.DOTALL)
SEEN = re.compile(r">([^<>]*\d[^<>]*)<|\b(?:title|data-value|aria-label)=\"([^\"]*\d[^\"]*)\"")


def shown(run: Run, folder: Path) -> tuple[Walk, str]:
    """The page of a run as `serbench report` makes it, and the walk that holds it against the file."""
    save(run, folder)
    return Walk((folder / "run.json").read_text(encoding="utf-8")), Html().render(build(load(folder)))


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> tuple[Walk, str]:
    """Four cases with all that a case can have."""
    return shown(whole_runs.small_run("json", "protobuf", payloads=("order",)), tmp_path_factory.mktemp("small"))


def few_workers() -> Run:
    """Two workers, no noise, calls in one round: ranges and nothing about tails."""
    return fakes.order_run(workers=2, calls=1_500)


def one_codec() -> Run:
    """A single codec, whose matrix has times in it and no multiples."""
    run = fakes.order_run()
    return replace(run, measurements=tuple(m for m in run.measurements if m.case.codec == "orjson"))


def cut_short() -> Run:
    """A run without the pass that times."""
    case = whole_runs.small_run("json").measurements[0]
    return fakes.run([replace(case, workers=(), labels=None)], passes=("size", "memory"), complete=False)


def lossy() -> Run:
    """A run that looked at what comes back: of every outcome something, with words and numbers in them."""
    whole = whole_runs.whole_run()
    told = {
        Outcome.CHANGED: ("9007199254740992, 1 less", "changed 3 of 7"),
        Outcome.REFUSED: ("OverflowError: 64 bits at the most", ""),
        Outcome.CRASHED: ("SIGSEGV after 12 calls", ""),
        Outcome.UNTRIED: ("", ""),
        Outcome.EXACT: ("", ""),
    }
    found = []
    for n, codec in enumerate(whole.codecs[:3]):
        outcomes = [list(told)[i % (3 + n)] if i % 3 else Outcome.EXACT for i in range(len(PROBES))]
        probed = (
            Probed(probe=probe.name, outcome=outcome, words=told[outcome][0], undeclared=told[outcome][1])
            for probe, outcome in zip(PROBES, outcomes, strict=True)
        )
        found.append(Fidelity(codec=codec.name, probed=tuple(probed)))
    return replace(whole, fidelity=tuple(found))


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> tuple[Walk, str]:
    """All that a run can have."""
    return shown(lossy(), tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize(
    "run",
    [lossy, fake_reports.labelled_run, few_workers, one_codec, cut_short],
    ids=lambda run: run.__name__,
)
def test_every_number_follows_from_the_run(run, tmp_path):
    """In tables, sentences, drawings, notes, facts and formulas, and under the pointer."""
    walk, html = shown(run(), tmp_path)
    assert [] == walk.faults(html)


def test_a_changed_number_is_noticed(small):
    """Whichever it is, and whichever of its digits."""
    walk, html = small
    assert [] == walk.faults(html)
    drawn = random.Random(7)
    places = [place for found in numbers(html) for place in found if html[place].isdigit()]
    for place in drawn.sample(places, CHANGES):
        digit = drawn.choice([digit for digit in "0123456789" if digit != html[place]])
        changed = f"{html[:place]}{digit}{html[place + 1 :]}"
        assert [] != walk.faults(changed), changed[place - 200 : place + 50]


@pytest.mark.parametrize("part", ["fidelity", "matrix"])
def test_a_changed_number_of_a_part_is_noticed(part, whole):
    """Of what comes back, and of what a script makes other matrices of; the part is walked by itself."""
    walk, html = whole
    section = re.search(rf'<section[^>]* aria-labelledby="{part}">.*?</section>', html, re.DOTALL)[0]
    if part == "matrix":
        section = re.search(r'<script type="application/json" id="matrix-data">.*?</script>', section, re.DOTALL)[0]
    assert [] == walk.faults(section)
    drawn = random.Random(7)
    spots = [place for place in places(section, part) if section[place].isdigit()]
    for place in drawn.sample(spots, CHANGES):
        digit = drawn.choice([digit for digit in "123456789" if digit != section[place]])
        changed = f"{section[:place]}{digit}{section[place + 1 :]}"
        assert [] != walk.faults(changed), changed[place - 200 : place + 50]


def places(section: str, part: str) -> Iterator[int]:
    """Where a digit of a number stands; of long ones in a script the first six that are no zeros before it."""
    if part == "fidelity":
        shown_ = (found.span(1 if found[1] else 2) for found in SEEN.finditer(section))
        yield from (
            place for span in shown_ for number in NUMBERS.finditer(section, *span) for place in range(*number.span())
        )
        return
    for cell in re.finditer(r'\[\d+,\d+,"[^"]*",(\[.*?\])\](?=[,\]])', section):
        for number in re.finditer(r"[\d.]+(?=[,\]])", section[cell.start(1) : cell.end(1)]):
            yield from range(cell.start(1) + number.start(), cell.start(1) + min(number.end(), number.start() + 6))


@pytest.mark.parametrize("element", ["<p>It takes 12.3 us.</p>", "<ul><li>3 of 4 are slow</li></ul>"])
def test_a_number_that_nobody_explains_is_noticed(small, element):
    """A sentence that says nothing wrong, but whose numbers follow from nothing."""
    walk, html = small
    for part in ("summary", "matrix", "payload-order", "price", "ground"):
        more = re.sub(rf'(<h2 id="{part}">.*?</h2>)', rf"\1{element}", html, count=1)
        assert more != html
        assert [] != walk.faults(more), part


def numbers(html: str) -> Iterator[range]:
    """Where a number stands that a reader can see."""
    hidden = [found.span() for found in UNSEEN.finditer(html)]
    for found in SEEN.finditer(html, html.index("<body>")):
        start, end = found.span(1 if found[1] else 2)
        if not any(low <= start and end <= high for low, high in hidden):
            yield from (range(*number.span()) for number in NUMBERS.finditer(html, start, end))
