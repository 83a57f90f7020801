"""`serbench codec new` and `serbench codec check`: what they write, print and end with."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from serbench.cli.codec_commands import codec_app
from serbench.conformance import template
from serbench.errors import UnknownName, UnusableFile, UsageError

BAD = str(Path(__file__).with_name("bad_codecs.py"))


def run(*words):
    """What the command printed and ended with; what it raised besides goes on."""
    done = CliRunner().invoke(codec_app, words)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout


def test_a_new_codec_passes_its_own_test_and_the_check_right_away(tmp_path, monkeypatch):
    """Both files are written, both commands that are said to be next succeed."""
    monkeypatch.chdir(tmp_path)
    code, said = run("new", "my-codec", "--to", "sub")
    assert (0, 3) == (code, len(said.splitlines()))
    assert ["  serbench codec check sub/my_codec.py", "  python -m pytest sub/test_my_codec.py"] == said.splitlines()[
        1:
    ]
    code, said = run("check", "sub/my_codec.py")
    assert (0, "my-codec: all 12 checks passed") == (code, said.splitlines()[-1]), said
    test = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "sub/test_my_codec.py"]
    done = subprocess.run(test, capture_output=True, text=True, timeout=300, check=False)
    assert 0 == done.returncode, done.stdout
    assert "12 passed" in done.stdout


def test_the_test_of_a_new_codec_fails_where_the_codec_does(tmp_path):
    """It says what was seen and what to do."""
    codec, test = template.write("mine", tmp_path)
    codec.write_text(codec.read_text().replace("Deviation.TUPLE_AS_LIST,", ""))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test), "-k", "round-trip"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False, cwd=tmp_path)
    assert 1 == done.returncode
    assert "(tuple), got" in done.stdout
    assert "declare the deviation that covers it" in done.stdout


@pytest.mark.parametrize("there", ["mine.py", "test_mine.py"])
def test_nothing_is_overwritten(tmp_path, there):
    """Neither the codec nor the test, and then neither is written."""
    (tmp_path / there).write_text("mine")
    with pytest.raises(UnusableFile, match="is there already, and stays"):
        template.write("mine", tmp_path)
    assert [there] == [file.name for file in tmp_path.iterdir()]
    assert "mine" == (tmp_path / there).read_text()


@pytest.mark.parametrize("name", ["", "a b", "a/b", "../a", "!a", "a,b", "1a", "-a", "ä", "a" * 61])
def test_what_is_no_name_is_refused(tmp_path, name):
    """Nothing is written."""
    with pytest.raises(UsageError, match="is no name for a codec"):
        template.write(name, tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_name_that_is_taken_is_refused():
    """Two codecs of one name could not be measured together."""
    with pytest.raises(UsageError, match="there is a codec named 'json' already"):
        run("new", "json")


def test_a_file_hides_no_module(tmp_path):
    """A codec for a module of the standard library does not get in the way of its own import."""
    assert "plistlib_codec.py" == template.write("plistlib", tmp_path)[0].name


def test_a_folder_that_cannot_be_written_to_is_an_error(tmp_path):
    """With what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(UnusableFile, match="choose another folder with --to"):
        template.write("mine", tmp_path / "file")


def test_findings_end_with_1(tmp_path, monkeypatch):
    """Each failed check is a line; JSON has the same."""
    monkeypatch.chdir(tmp_path)
    file = template.write("mine", tmp_path)[0]
    file.write_text(file.read_text().replace("return _text(value).encode()", "return _text(value)"))
    code, said = run("check", "./mine.py", "-o", "json")
    (codec,) = json.loads(said)["codecs"]
    assert (1, "mine", "./mine.py", False) == (code, codec["codec"], codec["source"], codec["passed"])
    assert "encode returned str, which is no bytes-like object" == codec["checks"][0]["findings"][0]["what"]


@pytest.mark.parametrize(
    ("words", "error"), [(["jsno"], UnknownName), (["json", "-o", "xml"], UnknownName), (["no.py"], UnusableFile)]
)
def test_what_cannot_be_checked_is_an_error(words, error):
    """Before anything is checked."""
    with pytest.raises(error) as raised:
        run("check", *words)
    assert 2 == raised.value.exit_code
