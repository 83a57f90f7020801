"""The page about run.json: its example is a run, its code does what it says, its tables name every key."""

import json
import re

from docs_examples import DOCS, blocks, printed, promised
from serbench.store.wire import from_wire, json_schema, to_wire

PAGE = DOCS / "run-format.md"


def test_the_example_is_a_run():
    """It is read without complaint, and written again it is the same."""
    (example,) = blocks(PAGE, "json")
    assert json.loads(example) == json.loads(to_wire(from_wire(example.encode())))


def test_the_code_prints_what_the_page_says(tmp_path, monkeypatch):
    """Every Python block works on the example, and prints what stands under it."""
    (tmp_path / "run.json").write_text(*blocks(PAGE, "json"))
    monkeypatch.chdir(tmp_path)
    assert promised(PAGE) == printed(PAGE)


def test_the_tables_name_every_key_and_say_which_may_be_absent():
    """One table for each object of the schema, with its keys and its optional keys, in its order."""
    tables = re.findall(r"\| key \|.*\n\| --- .*\n((?:\|.*\n)+)", PAGE.read_text())
    row = re.compile(r"^\| `(\w+)` \|.*\| ?([^|]*?) ?\|$", re.MULTILINE)
    in_page = [[(key, bool(absent)) for key, absent in row.findall(table)] for table in tables]
    parts = [part for part in json.loads(json_schema())["$defs"].values() if "properties" in part]
    in_schema = [[(key, key not in part["required"]) for key in part["properties"]] for part in parts]
    assert sorted(in_schema) == sorted(in_page)
