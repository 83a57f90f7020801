"""The first page: its commands do what it says, and what it shows is what serbench prints."""

import json
import re
import shutil
import subprocess
import sys

import pytest

from docs_examples import DOCS, blocks, shell

PAGE = DOCS.parent / "README.md"
MAKE, COMMANDS = blocks(PAGE, "console")
FIRST, *OTHERS = COMMANDS.strip().splitlines()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the commands are typed: with a file of the user's own and two runs."""
    made = tmp_path_factory.mktemp("readme")
    (made / "my.json").write_text(json.dumps({"id": 1, "tags": ["a", "b"], "at": {"x": 0.5, "y": 2.0}}))
    return made


@pytest.fixture(scope="module")
def printed(folder):
    """What the first command prints, in a fifth of the time."""
    code, said = shell(FIRST.replace("15s", "3s") + " --dir reports/first", folder)
    assert 0 == code, said
    shutil.copytree(folder / "reports" / "first", folder / "reports" / "second")
    return said


def test_make_has_the_targets():
    """Each of the commands that do all the set-up is a target with words."""
    makefile = (DOCS.parent / "Makefile").read_text()
    targets = re.findall(r"^make (\w+)", MAKE, re.MULTILINE)
    assert ["run", "test"] == targets
    assert all(re.search(rf"^{target}:.* ## ", makefile, re.MULTILINE) for target in targets)


def lines(text):
    """The lines of a text, spaces folded."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_the_first_command_prints_what_the_page_shows(printed):
    """Title, heads, codecs and how the sentences begin; units and numbers are another machine's."""
    (shown,) = blocks(PAGE, "text")
    title, heads, _, _, *rows = lines(shown)
    assert {title, heads} <= set(lines(printed))
    names = [row.split()[0] for row in rows[:3]]
    assert sorted(names) == ["msgpack", "orjson", "protobuf"]
    assert all(re.search(rf"^{name} ", printed, re.MULTILINE) for name in names)
    beginning = "To parse order (read: every leaf read once), "
    assert beginning in " ".join(rows)
    assert beginning in " ".join(lines(printed))


@pytest.mark.usefixtures("printed")
@pytest.mark.parametrize("command", OTHERS)
def test_the_other_commands_work(folder, command):
    """Each ends with 0 and prints what was asked for; a run in a few seconds stands for the one on the page."""
    code, said = shell(command + (" --budget 4s" if " run " in command else ""), folder)
    assert 0 == code, said
    assert len(said.splitlines()) > 5


def test_the_library_does_what_the_page_says(folder):
    """The Python block runs, in a fifth of the time, and leaves a run with its report."""
    (code,) = blocks(PAGE, "python")
    code = code.replace("budget=15", "budget=3") + "print(len(run.table()), run.folder)\n"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60, check=True
    )
    cases, place = done.stdout.split()
    assert "6" == cases
    assert {"run.json", "index.html"} == {file.name for file in (folder / place).iterdir()}
