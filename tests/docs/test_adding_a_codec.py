"""The page about codecs: its example is listed, measured and found out: as a file, in a package, among the others."""

import dataclasses
import json
import shutil
from pathlib import Path

import pytest

import serbench
from docs_examples import DOCS, blocks, install, shell, typed
from serbench.codecs.base import Bound, Codec, Introspective
from serbench.codecs.deviations import RULES
from serbench.conformance.parts import CHECKS

PAGE = DOCS / "adding-a-codec.md"
EXAMPLE, FORGETFUL, WALK = blocks(PAGE, "python")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the page's commands are typed, with its example in it."""
    made = tmp_path_factory.mktemp("codec")
    (made / "my_codec.py").write_text(EXAMPLE.lstrip())
    (made / "forgetful.py").write_text(FORGETFUL.lstrip())
    return made


@pytest.mark.parametrize("example", typed(PAGE.read_text()), ids=lambda example: example.command)
def test_a_command_prints_what_the_page_shows(folder, example):
    """A run of the smallest payload and three seconds stands for the one on the page."""
    command, output = example.command, example.output
    if "--plan" not in command:
        command, output = (text.replace("order", "ping") for text in (command.replace("10s", "3s"), output))
    _, said = shell(command, folder)
    assert dataclasses.replace(example, output=output).printed_as(said), said


def test_the_example_is_measured(folder):
    """Every operation of it has a number in run.json, and the file stands there as its source."""
    code, said = shell("serbench run ping -c ./my_codec.py --op all --budget 3s --dir out -q", folder)
    assert 0 == code, said
    run = json.loads((folder / "out" / "run.json").read_text())
    assert {("plistlib", "./my_codec.py")} == {(codec["name"], codec["source"]) for codec in run["codecs"]}
    assert [("measured", "plistlib")] * 5 == [(m["status"], m["case"]["codec"]) for m in run["measurements"]]
    assert all(m["workers"][0]["calls"] > 0 for m in run["measurements"] if "same_as" not in m)


def test_the_example_is_right_for_every_payload_of_serbench(folder):
    """As the page says: no payload makes it incorrect, fail or be skipped. Few instances will do."""
    code, said = shell("serbench run all -c ./my_codec.py --op decode --instances 3 --budget 10s --dir all -q", folder)
    assert 0 == code, said
    run = json.loads((folder / "all" / "run.json").read_text())
    assert {"measured"} == {m["status"] for m in run["measurements"]}


def listed(folder, **variables):
    """The codecs that are listed without `-c`."""
    _, said = shell("serbench list codecs -o json", folder, **variables)
    return {row["codec"]: row for row in json.loads(said)}


def test_a_package_brings_its_codec_along(tmp_path):
    """With the entry point of the page, installed and found without `-c`."""
    name = install(PAGE, tmp_path)
    assert "plist" == listed(tmp_path, PYTHONPATH=str(tmp_path))[name]["format"]


def test_a_file_beside_the_other_codecs_is_all_it_takes(tmp_path):
    """In a copy of serbench with the example among its codecs it is listed like them."""
    package = tmp_path / "serbench"
    shutil.copytree(Path(serbench.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "codecs" / "plistlib.py").write_text(EXAMPLE.lstrip())
    rows = listed(tmp_path, PYTHONPATH=str(tmp_path))
    assert {"json", "plistlib"} <= set(rows)
    assert "" == rows["plistlib"]["notes"]


def test_the_schema_is_walked_as_shown(capsys):
    """The page's walk prints what stands under it."""
    exec(compile(WALK, PAGE, "exec"), {})
    assert blocks(PAGE, "text")[0].lstrip() == capsys.readouterr().out


def tables():
    """The first cells of every table that lists attributes."""
    parts = [part.partition("\n\n")[0] for part in PAGE.read_text().split("| attribute | ")[1:]]
    return [[line.split("|")[1].strip(" `") for line in part.splitlines()[2:]] for part in parts]


def test_the_tables_name_every_attribute():
    """Those of a codec, with what it may say besides, and those of what it binds."""
    codec = [name for kind in (Codec, Introspective) for name in vars(kind) if not name.startswith("_")]
    bound = [field.name for field in dataclasses.fields(Bound)]
    assert [sorted(codec), sorted(bound)] == [sorted(table) for table in tables()]


def test_the_table_of_deviations_is_the_closed_list():
    """Names and words, in its order: first those that change values."""
    table = PAGE.read_text().partition("| deviation | words |\n| --- | --- |\n")[2].partition("\n\n")[0]
    rows = [tuple(cell.strip(" `") for cell in line.strip("|").split("|")) for line in table.splitlines()]
    assert [(str(deviation), rule.words) for deviation, rule in RULES.items()] == rows
    assert [True] * 9 + [False] * 9 == [rule.refuses is None for rule in RULES.values()]


def test_the_table_of_checks_is_theirs():
    """Names, what holds and what to do, in their order."""
    table = PAGE.read_text().partition("| check | what holds | where it does not |\n| --- | --- | --- |\n")[2]
    rows = [f"| `{check.name}` | {check.holds} | {check.remedy} |" for check in CHECKS]
    assert rows == table.partition("\n\n")[0].splitlines()
