"""What the page about messages shows of sides are lines that the source can make."""

import ast
import re
from pathlib import Path

import pytest

import serbench
from docs_examples import DOCS, sections

ERRORS = sections(sections((DOCS / "messages.md").read_text(), 2)["Errors"], 3)
RAISED = {"NoSuchSide": {"NoSuchSide"}, "SideFailure": {"SideFailure", "Offline"}}


def pattern(node):
    """What a text in the source may become; words that are put in have at least one letter."""
    match node:
        case ast.Constant():
            return re.escape(str(node.value))
        case ast.JoinedStr():
            return "".join(map(pattern, node.values))
    return ".+"


def forms(names):
    """Every text that one of these errors is made with."""
    for path in (Path(serbench.__file__).parent / "sides").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                yield pattern(node.args[0])


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (error, line.removeprefix("serbench: "))
        for error in RAISED
        for block in re.findall(r"^```text\n(.*?)\n```$", ERRORS[error], re.MULTILINE | re.DOTALL)
        for line in block.splitlines()
    ],
)
def test_a_line_on_the_page_is_one_of_the_source(error, line):
    """Under the error that it is raised as."""
    assert [form for form in forms(RAISED[error]) if re.fullmatch(form, line)]
