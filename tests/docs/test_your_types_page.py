"""The page on your own types: its class is measured as the page says, and its commands print what is beside them."""

from __future__ import annotations

import json

import pytest

from docs_examples import DOCS, blocks, shell, typed
from serbench.worker.own_type import LIBRARIES

PAGE = DOCS / "your-types.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where commands are typed, with the page's module in it; later ones use files of earlier ones."""
    made = tmp_path_factory.mktemp("types")
    (made / "shop.py").write_text(blocks(PAGE, "python")[0].lstrip(), encoding="utf-8")
    shell(typed(TEXT)[0].command, made)
    return made


@pytest.mark.parametrize("example", typed(TEXT), ids=lambda example: example.command[:60])
def test_a_command_prints_what_the_page_shows(folder, example):
    """In the order of the page; a wrong command ends with 2, and one that measures nothing with 4."""
    code, said = shell(f"{example.command} --force" if "--budget" in example.command else example.command, folder)
    assert example.printed_as(said), said
    assert (0 if not said.startswith("serbench: ") else 4 if "nothing was measured" in said else 2) == code


def test_derived_classes_and_the_users_own_are_measured_side_by_side(folder):
    """With numbers for each, what the class does beside them, and the class as the source of its codecs."""
    command = "serbench run orders.ndjson --type shop:Order -c cattrs-orjson --budget 5s --dir both -q"
    code, said = shell(command, folder)
    assert 0 == code, said
    run = json.loads((folder / "both" / "run.json").read_text())
    assert {"shop:Order", "serbench.codecs.cattrs"} == {codec["source"] for codec in run["codecs"]}
    assert {"measured"} == {m["status"] for m in run["measurements"]}
    told = {m["case"]["codec"] for m in run["measurements"] for w in m.get("warnings", ()) if w["name"] == "converts"}
    assert {"Order-cattrs", "Order-mashumaro", "Order-msgspec"} == told
    page = (folder / "both" / "index.html").read_text()
    assert "It makes datetime of created, Decimal of items[].price" in page


def test_every_way_is_in_the_table():
    """By the name that it has on the command line."""
    table = TEXT.partition("| the class is |")[2].partition("\n\n")[0]
    assert [] == [way for way in LIBRARIES if f"`Order-{way}`" not in table]
