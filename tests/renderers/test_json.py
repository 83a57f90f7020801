import json

import pytest

import fakes
from serbench.compare.build import compare
from serbench.records.cases import Status
from serbench.renderers.json import Json, JsonComparison
from serbench.report.build import build

GOOD = fakes.measured(fakes.case("json"), fakes.even_workers(2_000))
BAD = fakes.unmeasured(fakes.case('a"\u202e</script>'), Status.FAILED, "SIGSEGV")


@pytest.fixture(scope="module")
def body():
    """A report with a number and without one, as other programs read it."""
    return json.loads(Json().render(build(fakes.run([GOOD, BAD]))))


def test_the_format_stands_first(body):
    """Whoever reads it knows what it is, and in which version."""
    assert ("format", "serbench.report/1") == next(iter(body.items()))


def test_tables_have_rows_with_units_in_their_names(body):
    """Numbers are objects with what is known of their spread."""
    ((row, _),) = [table["rows"] for table in body["tables"]]
    assert ("json/order/decode", "json") == (row["case_id"], row["codec"])
    assert (2_000.0, "interval", 0.96875, 6) == tuple(
        row["typical_ns"][name] for name in ("value", "basis", "coverage", "workers")
    )
    assert {"mean": 1_000.0, "median": 1_000.0, "min": 900, "max": 1_200} == row["encoded_bytes"]


def test_what_is_missing_is_an_object_with_a_reason(body):
    """Never null."""
    _, row = body["tables"][0]["rows"]
    assert 'a"\u202e</script>' == row["codec"]
    assert {"missing": "failed", "reason": "SIGSEGV"} == row["typical_ns"] == row["p99_ns"]


def test_words_and_ground_are_in_it_and_curves_are_not(body):
    """Everything that is said; the curves' data are in run.json."""
    assert {"parse", "doubt"} == {sentence["topic"] for sentence in body["sentences"]}
    assert "Fake CPU <1>" == body["ground"]["environment"][0]["value"]
    assert ["json", 'a"\u202e</script>'] == [codec["name"] for codec in body["codecs"]]
    assert "curves" not in body


def test_a_comparison_has_its_cases_with_their_ids():
    """Verdicts, ratios and both sides."""
    body = json.loads(JsonComparison().render(compare(fakes.run([GOOD, BAD]), fakes.run([GOOD]))))
    assert ("format", "serbench.comparison/1") == next(iter(body.items()))
    assert "runs" not in body
    same, gone = body["changes"]
    assert ("json/order/decode", "within noise", 1.0) == (
        same["case"]["id"],
        same["verdict"],
        same["typical_ratio"]["value"],
    )
    assert ("only in base", "only in base") == (gone["verdict"], gone["typical_ratio"]["missing"])
