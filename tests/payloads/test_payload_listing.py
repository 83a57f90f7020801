"""The rows of `serbench list payloads`, and the files that they come from."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from serbench.payloads import catalogue, listing, write
from serbench.schema.proto_text import to_proto

FOLDER = Path(__file__).parents[2] / "payloads"


@pytest.mark.parametrize("name", catalogue.known())
def test_the_files_beside_a_payload_are_what_its_module_makes(name):
    """The files are in step with the generator, on this Python: `make payloads` writes them."""
    made = write.files(catalogue.get(name))
    assert made == {path.name: path.read_text(encoding="utf-8") for path in (FOLDER / name).iterdir()}


def test_there_are_files_for_own_payloads_and_for_no_others():
    """A payload that was taken away leaves no folder behind."""
    assert sorted(write.own()) == sorted(path.name for path in FOLDER.iterdir())


def test_writing_makes_the_folders(tmp_path, monkeypatch):
    """The command writes both files of every own payload; those of other packages are theirs."""
    ping = catalogue.get("ping")
    foreign = replace(ping, name="pong", generate=lambda _: iter(()))
    monkeypatch.setattr(catalogue, "known", lambda: {"ping": ping, "pong": foreign})
    write.write(tmp_path)
    assert [tmp_path / "ping"] == list(tmp_path.iterdir())
    assert {"payload.toml", "schema.proto"} == {path.name for path in (tmp_path / "ping").iterdir()}


def test_payload_toml_is_toml():
    """A TOML parser reads the facts, whatever characters their words have."""
    odd = replace(catalogue.get("ping"), title='Quotes " and \\ and \t and ü', traits=("a, b", "[c]"))
    text = write.files(odd)["payload.toml"]
    assert listing.facts(odd) == tomllib.loads(text)


def test_schema_proto_is_that_of_the_schema():
    """The text says where it comes from, then what `to_proto` says."""
    ping = catalogue.get("ping")
    note, _, rest = write.files(ping)["schema.proto"].partition("\n\n")
    assert note == "// made from src/serbench/payloads/ping.py by `make payloads`"
    assert rest == to_proto(ping.schema)


def test_rows_say_what_the_files_say():
    """Size in bytes, shares in per cent, in the order of the catalogue."""
    rows = listing.rows()
    assert list(catalogue.known()) == [row["payload"] for row in rows]
    facts = listing.facts(catalogue.get("feed"))
    row = next(row for row in rows if row["payload"] == "feed")
    assert row["JSON bytes"] == round(facts["profile"]["json_bytes_median"])
    assert row["depth"] == facts["profile"]["depth"] == 5
    assert row["strings %"] == round(100 * facts["profile"]["strings"])
    assert row["non-ASCII %"] == round(100 * facts["profile"]["non_ascii"])
    assert row["traits"] == facts["traits"]


def test_own_rows_are_read_and_not_generated(monkeypatch):
    """Listing is instant: nothing of our own is generated for it."""
    known = {name: replace(made, generate=None) for name, made in catalogue.known().items()}
    monkeypatch.setattr(catalogue, "known", lambda: known)
    assert len(known) == len(listing.rows())
