"""An inspection as JSON is what docs/inspection.schema.json says, to the last key.

A new schema is written by `python tests/inspection/test_inspection_wire.py`, which takes tests/ on PYTHONPATH.
"""

from __future__ import annotations

import inspect
import json
import re

import msgspec
import pytest
from inspected import codec, inspection, texts
from jsonschema import Draft202012Validator

from docs_examples import DOCS
from serbench.inspection import parts, wire
from serbench.inspection.parts import Inspection

FILE = DOCS / "inspection.schema.json"
ODD = [
    '{"a": 1, "a": 2, "b": [NaN, 1e400], "\\u0000": -0.0, "c": "\\ud800", "n": null, "big": 18446744073709551616}',
    '{"a": "x", "b": [1.5, 2, null], "t": true}',
]


def schema():
    """From the records: their types, and what their docstrings say of each attribute."""
    made = msgspec.json.schema(Inspection)["$defs"]
    for name, part in made.items():
        record = getattr(parts, name)
        part["description"] = inspect.getdoc(record).partition("\n")[0]
        if "properties" in part:
            told = attributes(record)
            part["properties"] = {key: present(kind) | told.get(key, {}) for key, kind in part["properties"].items()}
            part["additionalProperties"] = False
    root = made.pop("Inspection")
    root["properties"] = {
        "format": {"const": wire.FORMAT},
        "serbench": {"type": "string", "description": "version"},
        "python": {"type": "string", "description": "version"},
    } | root["properties"]
    root["required"] = ["format", "serbench", "python", *root["required"]]
    title = "What messages are made of, as serbench inspect -o json writes it"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **root, "title": title, "$defs": made}


def present(kind):
    """A type without null: what does not apply is absent."""
    kind.pop("default", None)
    (only, *_) = [option for option in kind.pop("anyOf", [kind]) if option != {"type": "null"}]
    return only


def attributes(record):
    """What a docstring says of each attribute."""
    _, _, text = inspect.getdoc(record).partition("Attributes:\n")
    entries = re.split(r"^ {4}(?=\w+: )", text, flags=re.MULTILINE)[1:]
    told = (" ".join(entry.split()).partition(": ") for entry in entries)
    return {name: {"description": re.sub(r"\bNone\b", "absent", words)} for name, _, words in told}


def test_the_schema_is_that_of_the_records():
    """Whoever changes a record writes the schema anew and, where readers could stumble, counts the format up."""
    assert schema() == json.loads(FILE.read_text(encoding="utf-8"))


def test_what_is_written_is_valid(tmp_path):
    """With everything in it that can be odd, and with as little as possible; and nothing else would be."""
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())
    codecs = [codec("c", "INT_64_BITS", "NO_NAN", "NO_SURROGATES", "ABSENT_AS_NULL")]
    for messages in (ODD, ["1"]):
        text = wire.to_json(inspection(texts(tmp_path / "a.ndjson", messages), codecs), "1.2.3")
        told = json.loads(text, parse_constant=pytest.fail)
        assert [] == list(validator.iter_errors(told))
        assert list(validator.iter_errors(told | {"more": 1}))
        assert list(validator.iter_errors(told | {"fields": [{**told["fields"][0], "keys": None}]}))
        assert text.isascii()
        assert text.endswith("}\n")


def test_what_does_not_apply_is_absent(tmp_path):
    """A field without numbers has no range of them; a single message has no 99th percentile."""
    tree = json.loads(wire.to_json(inspection(texts(tmp_path / "a.ndjson", ['{"a": "x"}'])), "1.2.3"))
    assert ("serbench.inspection/1", "1.2.3") == (tree["format"], tree["serbench"])
    assert "p99" not in tree["sizes"]
    one = next(field for field in tree["fields"] if field["path"] == "$.a")
    assert not {"numbers", "items", "keys", "bytes"} & one.keys()
    assert ({"low": 1, "high": 1}, {"string": 1}) == (one["characters"], one["shapes"])
    assert None not in [value for field in tree["fields"] for value in field.values()]


if __name__ == "__main__":
    FILE.write_text(json.dumps(schema(), indent=2) + "\n", encoding="utf-8")
