import re
from dataclasses import replace
from pathlib import Path

import pytest

import fake_reports
import fakes
from serbench.compare.build import compare
from serbench.records.cases import Caution, Status
from serbench.records.run import Measurement
from serbench.renderers.markdown import Markdown, MarkdownComparison, escape
from serbench.report.build import build

GOLDEN = Path(__file__).parent.parent / "golden"


def even(name, operation, ns, **workers):
    """A measured case."""
    return fakes.measured(fakes.case(name, operation=operation), fakes.even_workers(ns, **workers))


def everything(scale=1.0):
    """A run with a tie, few workers, too few and too short calls, a caution, failures and a hostile name."""
    odd = Caution(name="warm-up-capped", text="Warm-up reached its cap. Give a longer --budget.")
    measurements = [
        fake_reports.labelled(even("json", "read", 9_000), share=0.01, from_ns=14_000, instance=50),
        replace(even("orjson", "read", 3_000 * scale), warnings=(odd,)),
        even("msgspec", "read", 3_050, calls=120),
        even("my|<codec>`", "read", 5_000, workers=3),
        even("json", "encode", 8_000),
        even("orjson", "encode", 400),
        Measurement(case=fakes.case("json", operation="dump"), status=Status.MEASURED, same_as="json/order/encode"),
        fakes.unmeasured(fakes.case("orjson", operation="dump"), Status.INCORRECT, "items[0].id: 1 is not 1.0 | <b>"),
        fakes.unmeasured(fakes.case("msgspec", operation="dump"), Status.SKIPPED, "its library is not installed"),
    ]
    return fakes.run(measurements, complete=False, command=("serbench", "run", "a ``` b"), noise=fake_reports.NOISE)


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("report.md", lambda: Markdown().render(build(everything()))),
        (
            "comparison.md",
            lambda: MarkdownComparison().render(compare(everything(), replace(everything(scale=1.2), serbench="9|9"))),
        ),
    ],
)
def test_markdown_is_what_it_was(name, made):
    """The whole text of a run with one of everything, to the letter."""
    assert (GOLDEN / name).read_text(encoding="utf-8") == made()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a|b", r"a\|b"),
        ("`c` *d* _e_", r"\`c\` \*d\* \_e\_"),
        ("<b>&", "&lt;b&gt;&amp;"),
        ("[x](y)", r"\[x\](y)"),
        ("two\nlines", "two lines"),
        ("back\\slash", r"back\\slash"),
    ],
)
def test_nothing_from_outside_is_markup(text, expected):
    """Table cells, emphasis, links, HTML and new lines are disarmed."""
    assert expected == escape(text)


def test_every_line_of_a_table_has_as_many_cells():
    """A bar in a name makes no cell."""
    text = Markdown().render(build(everything()))
    tables = [block.splitlines() for block in text.split("\n\n") if block.startswith("| ")]
    counts = [{len(re.findall(r"(?<!\\)\|", line)) for line in table} for table in tables]
    assert 3 + 3 + 3 == len(tables)  # results, the slowest calls where there is a tail, what stands behind
    assert {1} == set(map(len, counts))


def test_a_command_cannot_leave_its_block():
    """The fence is longer than any in the command."""
    text = Markdown().render(build(everything()))
    assert text.endswith("````\nserbench run 'a ``` b'\n````\n")
