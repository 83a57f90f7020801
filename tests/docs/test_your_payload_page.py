"""The page on your own payloads: its commands print what is said beside them."""

from __future__ import annotations

import pytest

from docs_examples import DOCS, blocks, shell, typed
from serbench.payloads.files import formats

PAGE = DOCS / "your-payload.md"
TEXT = PAGE.read_text(encoding="utf-8")
pytest.importorskip("grpc_tools", reason="the page reads a .proto, which takes grpcio-tools")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where commands are typed, one after the other: later ones use files of earlier ones."""
    made = tmp_path_factory.mktemp("own")
    shell('printf \'{"id": %d, "total": 9.5}\\n\' 1 2 3 > orders.ndjson', made)
    return made


@pytest.mark.parametrize("example", typed(TEXT), ids=lambda example: example.command[:60])
def test_a_command_prints_what_the_page_shows(folder, example):
    """In the order of the page; what is refused ends with 2."""
    code, said = shell(example.command, folder)
    assert example.printed_as(said), said
    assert (2 if said.startswith("serbench: ") else 0) == code


def test_a_run_says_how_many_messages_there_were(folder):
    """The words behind the command stand in the page that it leaves."""
    (block,) = blocks(PAGE, "sh")
    command, _, words = block.strip().partition("#")
    code, said = shell(command, folder)
    assert 0 == code, said
    page, _, title = words.strip().partition(": ")
    assert title in (folder / "reports" / "latest" / page).read_text(encoding="utf-8")


def test_every_ending_is_on_the_page():
    """And no other."""
    endings = {ending for form in formats.known().values() for ending in form.endings}
    assert [] == sorted(ending for ending in endings if f"`{ending}`" not in TEXT)
