"""The page about payloads: its example keeps the rules, among the others and in a package."""

import itertools
import json
import shutil
import sys
import tomllib
from pathlib import Path
from random import Random

import pytest

import serbench
from conforming import violations
from docs_examples import DOCS, blocks, install, shell, typed
from serbench.payloads import base

PAGE = DOCS / "adding-a-payload.md"
(EXAMPLE,) = blocks(PAGE, "python")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A copy of serbench with the example among its payloads, and the files beside them written again."""
    made = tmp_path_factory.mktemp("payload")
    shutil.copytree(Path(serbench.__file__).parent, made / "serbench", ignore=shutil.ignore_patterns("__pycache__"))
    (made / "serbench" / "payloads" / "login.py").write_text(EXAMPLE.lstrip())
    code, said = shell(f"{sys.executable} -m serbench.payloads.write payloads", made, PYTHONPATH=str(made))
    assert 0 == code, said
    return made


def test_the_files_beside_it_are_written(folder):
    """Facts and .proto of the example, made from the module alone."""
    facts = tomllib.loads((folder / "payloads" / "login" / "payload.toml").read_text())
    assert ["small", "flat", "optional field"] == facts["traits"]
    assert "optional string agent = 5;" in (folder / "payloads" / "login" / "schema.proto").read_text()


@pytest.mark.parametrize("example", typed(PAGE.read_text()), ids=lambda example: example.command)
def test_a_command_prints_what_the_page_shows(folder, example):
    """In the copy, where the payload is."""
    _, said = shell(example.command, folder, PYTHONPATH=str(folder))
    assert example.printed_as(said), said


def test_the_example_keeps_the_rules():
    """What it yields is what its schema says, an absent key comes and goes, and the same seed makes the same again."""
    names = {}
    exec(compile(EXAMPLE, PAGE, "exec"), names)
    (generated,) = names["PAYLOADS"]
    logins, again = (list(itertools.islice(generated.generate(Random(1)), 50)) for _ in range(2))
    assert json.dumps(logins) == json.dumps(again)
    assert [] == [violation for login in logins for violation in violations(login, generated.schema.root)]
    assert {True, False} == {"agent" in login for login in logins}


def test_a_package_brings_its_payload_along(tmp_path):
    """With the entry point of the page, installed and listed without a file beside it."""
    name = install(PAGE, tmp_path)
    _, said = shell("serbench list payloads -o json", tmp_path, PYTHONPATH=str(tmp_path))
    (row,) = [row for row in json.loads(said) if row["payload"] == name]
    assert ("Login", 1) == (row["title"], row["depth"])


def test_the_page_names_what_there_is_to_draw_with():
    """Every function of the base that the page names is there."""
    said = PAGE.read_text().partition("made of these two: ")[2].partition(";")[0]
    assert {"below", "rfc3339"} <= {name.strip(" `\n") for name in said.split(",")} <= set(vars(base))
