"""The page on what comes back: its commands print what is said beside them."""

from __future__ import annotations

import shlex
import sys

import pytest

from docs_examples import DOCS, blocks, shell, typed
from serbench.fidelity.parts import Harm
from serbench.records.fidelity import Outcome

PAGE = DOCS / "fidelity.md"
TEXT = PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where commands are typed, one after the other: later ones use what earlier ones leave."""
    return tmp_path_factory.mktemp("fidelity")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="other Pythons nest deeper, and the page shows one")
@pytest.mark.parametrize("example", typed(TEXT), ids=lambda example: example.command[:40])
def test_a_command_prints_what_the_page_shows(folder, example):
    """In the order of the page."""
    code, said = shell(example.command, folder)
    assert example.printed_as(said), said
    assert 0 == code


def test_files_are_left_as_the_page_says(folder):
    """One for each output."""
    (block,) = blocks(PAGE, "sh")
    code, said = shell(block.strip(), folder)
    assert 0 == code, said
    left = [word.partition("=")[2] for word in shlex.split(block) if "=" in word]
    assert all((folder / name).stat().st_size for name in left)


def test_every_outcome_and_every_harm_is_on_the_page():
    """In the first column of a table each."""
    assert [] == [str(word) for word in (*Outcome, *Harm) if f"| {word} |" not in TEXT]
