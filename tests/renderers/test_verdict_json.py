"""The verdict as JSON: what the schema says, without what does not apply."""

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

import fake_verdicts as fake
from serbench.renderers.json import JsonVerdict
from serbench.store.verdicts import from_wire, json_schema

SCHEMA = Path(__file__).parents[2] / "docs" / "verdict.schema.json"


def body(verdict):
    """As other programs read it."""
    return json.loads(JsonVerdict().render(verdict))


@pytest.mark.parametrize("verdict", [fake.verdict(), fake.verdict(fake.CLEAN), fake.verdict([]), fake.hostile()])
def test_every_verdict_keeps_to_the_schema(verdict):
    """It is read by strict structs, of which the schema is made; written again it is the same."""
    text = JsonVerdict().render(verdict)
    file = from_wire(text.encode())
    assert len(verdict.rows) == len(file.rows)
    assert text == msgspec.json.format(msgspec.json.encode(file), indent=2).decode() + "\n"


def test_the_published_schema_is_that_of_the_structs():
    """Written again by `python -c 'from serbench.store.verdicts import json_schema; print(json_schema(), end="")'`."""
    assert json_schema() == SCHEMA.read_text()


def test_the_schema_is_strict():
    """A key that nobody knows is none of a verdict's."""
    with pytest.raises(msgspec.ValidationError, match=r"unknown field `more` - at `\$\.rows\[0\]`"):
        from_wire(JsonVerdict().render(fake.verdict()).replace('"case_id"', '"more":1,"case_id"', 1).encode())


def test_the_format_and_the_answer_stand_first():
    """Whoever reads it knows what it is, and what came out."""
    found = body(fake.verdict())
    assert [("format", "serbench.verdict/1"), ("outcome", "regressed"), ("exit_code", 1)] == list(found.items())[:3]


def test_rows_have_base_units_and_nothing_that_does_not_apply():
    """Never null: what is not there is absent."""
    found = {(row["case_id"], row["metric"]): row for row in body(fake.verdict())["rows"]}
    row = found["orjson/order/decode", "p10"]
    assert ("ns", 1_234.0, 0.104, True) == tuple(row[key] for key in ("unit", "base", "change", "failing"))
    assert {"low": pytest.approx(0.094), "high": pytest.approx(0.114)} == row["interval"]
    missing = found["msgpack/order/decode", "correctness"]
    assert {"case_id", "metric", "outcome", "severity", "failing", "tolerance", "cause", "reason"} == missing.keys()
    assert "null" not in JsonVerdict().render(fake.verdict())


def test_an_acceptance_is_carried():
    """With its reason, its commit and its end; the row does not fail."""
    (row,) = body(fake.verdict([fake.EXCUSED]))["rows"]
    assert {"reason": "checks UTF-8 now", "commit": "0123abc", "expires": "2027-01-31"} == row["accepted"]
    assert row["failing"] is False


def test_with_strict_what_is_inconclusive_fails():
    """In the row as in the exit code."""
    found = body(fake.verdict([fake.OPEN], strict=True))
    assert (3, True) == (found["exit_code"], found["rows"][0]["failing"])


def test_an_end_without_an_end_is_absent():
    """JSON has no number for it."""
    endless = replace(fake.OPEN, interval=(-0.5, float("inf")), base=float("nan"))
    (row,) = body(fake.verdict([endless]))["rows"]
    assert ({"low": -0.5}, False) == (row["interval"], "base" in row)


def test_names_come_back_as_they_were():
    """But for what UTF-8 cannot carry, which is written with backslashes."""
    found = body(fake.hostile())
    expected = fake.HOSTILE.replace("\udce9", "\\udce9")
    assert expected == found["base"]["asked"] == found["notes"][0]
    assert f"{expected}0" == found["rows"][0]["case_id"]
