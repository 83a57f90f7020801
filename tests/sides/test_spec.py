import subprocess
import sys
from pathlib import Path

import pytest
import tiny_packages

from serbench.errors import NoSuchSide
from serbench.sides.spec import Kind, parse


@pytest.mark.parametrize(
    ("text", "distribution", "pinned"),
    [
        ("orjson==3.10.18", "orjson", True),
        ("orjson", "orjson", False),
        ("orjson === 3.10.18", "orjson", True),
        ("orjson==3.10.*", "orjson", False),
        ("orjson>=3,<4", "orjson", False),
        ("orjson==3.1, !=3.2", "orjson", True),
        ("orjson (>=3)", "orjson", False),
        ("my.lib_a[fast,small]~=1.0", "my.lib_a", False),
        ("tiny==1!2.0+local.1; python_version > '3'", "tiny", True),
        ("tiny @ https://example.org/tiny-1.0.tar.gz", "tiny", False),
    ],
)
def test_a_requirement(tmp_path, text, distribution, pinned):
    """Its name, and whether only one version meets it."""
    (part,) = parse([text], tmp_path).parts
    assert (Kind.REQUIREMENT, text, distribution, pinned) == (part.kind, part.text, part.distribution, part.pinned)


def test_a_name_wins_over_a_folder_of_that_name(tmp_path):
    """With `./` before it, it is the folder."""
    folder = tiny_packages.project(tmp_path / "tiny", "other")
    assert {Kind.REQUIREMENT} == parse(["tiny"], tmp_path).kinds
    (part,) = parse(["./tiny"], tmp_path).parts
    assert (Kind.DIRECTORY, "other", folder.resolve()) == (part.kind, part.distribution, part.path)


def test_files_have_their_distribution_in_their_name(tmp_path):
    """A wheel's up to the first dash, an sdist's up to the last."""
    tiny_packages.wheel(tmp_path, "tiny_one", "1.0")
    (tmp_path / "tiny-two-1.0.tar.gz").touch()
    spec = parse(["tiny_one-1.0-py3-none-any.whl", "./tiny-two-1.0.tar.gz"], tmp_path)
    assert ("tiny_one", "tiny-two") == spec.distributions
    assert {Kind.FILE} == spec.kinds
    assert "tiny_one-1.0-py3-none-any.whl, ./tiny-two-1.0.tar.gz" == spec.asked


def test_a_project_without_a_static_name(tmp_path):
    """A setup.py alone is a project too."""
    (tmp_path / "setup.py").touch()
    assert () == parse(["."], tmp_path).distributions


def test_a_revision_has_the_name_that_it_had_then(tmp_path):
    """Whatever the work tree says now."""
    tiny_packages.project(tmp_path, "before")
    commit = tiny_packages.commit(tmp_path, "first")
    tiny_packages.project(tmp_path, "after")
    (part,) = parse(["git:HEAD"], tmp_path).parts
    assert ("before", commit) == (part.distribution, part.revision.commit)


def test_an_interpreter_or_the_folder_of_an_environment(tmp_path):
    """By path, by a path from here, or by the name of a program."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True, timeout=60)
    assert str(tmp_path / "env/bin/python") == parse(["python:env"], tmp_path).interpreter.python
    assert str(tmp_path / "env/bin/python3") == parse(["python:./env/bin/python3"], tmp_path).interpreter.python
    assert parse(["python:python3"], tmp_path).interpreter.python.endswith("/python3")


def broken_things(folder):
    """Files and folders that are none of what they seem."""
    (folder / "empty").mkdir()
    (folder / "notes.txt").touch()
    (folder / "tiny-1.0-py3-none-any.whl").write_bytes(b"PK cut short")
    (folder / "tiny.whl").touch()
    tiny_packages.project(folder / "project", "tiny")
    (folder / "torn").mkdir()
    (folder / "torn" / "pyproject.toml").write_text("[project\n")
    (folder / "plain").touch()
    script = "#!/bin/sh\n"
    told = [("old", OLD), ("torn-words", TORN), ("list", LIST), ("half", HALF)]
    for name, text in [("mute", "exit 3"), ("loud", "echo no idea >&2; exit 1"), *told]:
        (folder / name).write_text(script + text + "\n")
        (folder / name).chmod(0o755)
    (folder / "alien").write_bytes(b"\x7fELF nothing")
    (folder / "alien").chmod(0o755)


OLD = """echo 'serbench-interpreter {"version": "3.9.1", "release": [3, 9]}'"""
TORN = """echo 'serbench-interpreter {"version": "3.12.1", "rel'"""
LIST = "echo 'serbench-interpreter [3, 12]'"
HALF = OLD.replace("9", "12")
NAMES = "write it as name==1.2, ./folder, file.whl, git:REV or python:PATH"


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        ([], "a side needs a requirement, a folder, a wheel, git:REV or python:PATH"),
        ([""], f"'' is no requirement; {NAMES}"),
        (["tiny=1.0"], "'tiny=1.0' is no requirement; write it as tiny==1.0"),
        (["tiny==1.0 please"], f"'tiny==1.0 please' is no requirement; {NAMES}"),
        (["-r"], f"'-r' is no requirement; {NAMES}"),
        (["--index-url=x"], f"'--index-url=x' is no requirement; {NAMES}"),
        (["a\nb"], f"'a\\nb' is no requirement; {NAMES}"),
        (["./nowhere"], "./nowhere: no such file or folder; name a wheel, an sdist or a project's folder"),
        (
            ["tiny-2.0-py3-none-any.whl"],
            ("tiny-2.0-py3-none-any.whl: no such file or folder; name a wheel, an sdist or a project's folder"),
        ),
        (["./empty"], "./empty: no pyproject.toml or setup.py in it; name a project's folder"),
        (["."], ".: no pyproject.toml or setup.py in it; name a project's folder"),
        (["./notes.txt"], "./notes.txt: neither a wheel nor an sdist; one ends in .whl, the other in .tar.gz"),
        (
            ["tiny-1.0-py3-none-any.whl"],
            ("tiny-1.0-py3-none-any.whl: no wheel, or cut short: it is not a zip file; build or download it again"),
        ),
        (["tiny.whl"], "tiny.whl: no name of a wheel; it reads name-1.2-py3-none-any.whl"),
        (
            ["./torn"],
            (
                "./torn/pyproject.toml: no TOML: Expected ']' at the end of a table declaration (at line 1, column 9); "
                "mend it"
            ),
        ),
        (
            ["tiny @ file:///no/where/tiny-1.0-py3-none-any.whl"],
            (
                "tiny @ file:///no/where/tiny-1.0-py3-none-any.whl: there is no /no/where/tiny-1.0-py3-none-any.whl; "
                "name a wheel, an sdist or a project's folder"
            ),
        ),
        (["tiny==1", "Tiny==2"], "tiny==1, Tiny==2: both are Tiny; take one away"),
        (["./project", "tiny"], "./project, tiny: both are tiny; take one away"),
        (
            ["python:nowhere/python"],
            ("python:nowhere/python: no such file; name an interpreter or the folder of a virtual environment"),
        ),
        (
            ["python:no-such-program"],
            ("python:no-such-program: no such file; name an interpreter or the folder of a virtual environment"),
        ),
        (["python:empty"], "python:empty: a folder without bin/python; name an interpreter or a virtual environment"),
        (["python:plain"], "python:plain: cannot be executed; name an interpreter, such as python:/usr/bin/python3"),
        (["python:mute"], "python:mute: does not answer as a Python would; name an interpreter"),
        *(
            ([f"python:{name}"], f"python:{name}: does not answer as a Python would; name an interpreter")
            for name in ("torn-words", "list", "half")
        ),
        (["python:loud"], "python:loud: does not answer as a Python would (no idea); name an interpreter"),
        (["python:alien"], "python:alien: cannot be executed, exec format error; name an interpreter of this machine"),
        (["python:old"], "python:old: Python 3.9.1 is too old; workers need 3.11 or newer"),
        (
            ["python:old", "tiny"],
            ("python:old, tiny: nothing is installed beside an interpreter that is named; name it alone"),
        ),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path, texts, message):
    """Which, why, and what to do; nothing was made."""
    broken_things(tmp_path)
    with pytest.raises(NoSuchSide) as raised:
        parse(texts, tmp_path)
    assert message == str(raised.value)


def test_a_folder_without_its_slash_is_recognised(tmp_path):
    """Where the text cannot be a name."""
    (tmp_path / "my folder").mkdir()
    with pytest.raises(NoSuchSide, match=r"^'my folder' is no requirement; for the folder or file write \./my folder$"):
        parse(["my folder"], tmp_path)


def test_the_current_folder_may_be_relative(tmp_path, monkeypatch):
    """Paths are made whole, for pip runs elsewhere."""
    tiny_packages.project(tmp_path, "tiny")
    monkeypatch.chdir(tmp_path)
    (part,) = parse(["."], Path()).parts
    assert tmp_path.resolve() == part.path
