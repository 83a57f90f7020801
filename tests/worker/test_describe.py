"""What a worker says of the codecs in a module or a file."""

from __future__ import annotations

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from serbench.codecs.deviations import Deviation
from serbench.errors import UnusableFile
from serbench.worker.describe import BrokenContract, describe, load

HERE = Path(__file__).parent
FAKES = str(HERE.parent / "fake_codecs.py")

SOUND = """
from types import SimpleNamespace
from serbench.codecs.deviations import Deviation
from serbench.records.cases import Caution

def codec(**changes):
    parts = dict(name="one", format="fake", distribution=None, model="plain", deviations=frozenset(), bind=print)
    return SimpleNamespace(**{key: value for key, value in (parts | changes).items() if value != "LEFT AWAY"})
"""


@pytest.fixture
def written(tmp_path):
    """Writes a codec file and says its path."""

    def write(end, head=SOUND):
        (tmp_path / "my_codec.py").write_text(f"{head}\n{end}\n")
        return str(tmp_path / "my_codec.py")

    return write


def reason(source):
    """Why there is no codec in a module."""
    (entry,) = describe(source)
    return entry["unavailable"]


def test_every_codec_of_a_file_has_an_entry(written):
    """What the catalogue needs to know, in values that JSON carries, and no reason why it would be missing."""
    source = written(
        'CODECS = (codec(native="C", deviations=set(reversed(Deviation)), warnings=[Caution(name="slow",'
        'text="It is.")]), codec(name="two", model="typed", distribution="pytest"))'
    )
    one = {
        "name": "one",
        "format": "fake",
        "model": "plain",
        "distribution": "",
        "version": platform.python_version(),
        "native": "C",
        "deviations": sorted(Deviation),
        "source": source,
        "warnings": [{"name": "slow", "text": "It is."}],
    }
    two = one | {"name": "two", "model": "typed", "distribution": "pytest", "version": version("pytest")}
    two |= {"native": "", "deviations": [], "warnings": []}
    assert [one, two] == json.loads(json.dumps(describe(source)))


def test_a_distribution_that_is_not_installed_has_no_version(written):
    """A codec whose distribution has another name than it says is there all the same."""
    (entry,) = describe(written('CODECS = [codec(distribution="there-is-no-such-thing")]'))
    assert ("there-is-no-such-thing", "") == (entry["distribution"], entry["version"])
    assert "unavailable" not in entry


def test_a_module_is_described_by_its_name():
    """A dotted name is imported as one."""
    names = [entry["name"] for entry in describe("serbench.codecs.json")]
    assert ["json"] == names
    assert {"serbench.codecs.json"} == {entry["source"] for entry in describe("serbench.codecs.json")}


def test_load_gives_the_codecs_themselves():
    """All of a file, in its order, as a tuple."""
    codecs = load(FAKES)
    assert ("sound", "objects") == tuple(codec.name for codec in codecs[:2])
    assert sys.modules["serbench_plugin_fake_codecs"].CODECS == codecs


@pytest.mark.parametrize(
    ("change", "attribute"),
    [
        ('format=""', "format"),
        ("format=None", "format"),
        ('format="LEFT AWAY"', "format"),
        ("distribution=1", "distribution"),
        ('distribution="LEFT AWAY"', "distribution"),
        ('model="object"', "model"),
        ('model=["plain"]', "model"),
        ('deviations=frozenset({"FLOAT32"})', "deviations"),
        ("deviations=[Deviation.FLOAT32]", "deviations"),
        ("deviations=None", "deviations"),
        ('deviations="LEFT AWAY"', "deviations"),
        ("bind=None", "bind"),
        ('bind="encode"', "bind"),
        ('bind="LEFT AWAY"', "bind"),
        ("native=None", "native"),
        ('warnings="slow"', "warnings"),
        ('warnings=["slow"]', "warnings"),
        ('warnings=[Caution(name=7, text="It is.")]', "warnings"),
        ('warnings=[Caution(name="slow", text=None)]', "warnings"),
        ("unavailable=7", "unavailable"),
        ("unavailable=None", "unavailable"),
    ],
)
def test_a_codec_is_held_to_the_protocol(written, change, attribute):
    """The first attribute that is missing or of another type is named, and the sound codec beside it is lost too."""
    source = written(f"CODECS = (codec(), codec(name='two', {change}))")
    said = f"codec 'two': `{attribute}` is missing or not what the protocol asks for"
    assert f"broken: {said}" == reason(source)
    with pytest.raises(BrokenContract) as raised:
        load(source)
    assert said == str(raised.value)


@pytest.mark.parametrize("name", ['""', "None", "7", '"LEFT AWAY"'])
def test_a_codec_without_a_name_is_shown(written, name):
    """What has no name is named by what it looks like."""
    said = reason(written(f"CODECS = (codec(name={name}, bind=None),)"))
    assert said.startswith("broken: CODECS holds namespace(")
    assert said.endswith("), which has no name")


@pytest.mark.parametrize("end", ["", "CODECS = ()", "CODECS = []", "CODECS = codec()", "CODECS = {'one': codec()}"])
def test_a_module_without_codecs_is_told_what_is_missing(written, end):
    """No CODECS, none in it, or something that is no tuple or list."""
    assert "broken: it has no CODECS, a tuple of codecs, as its last line" == reason(written(end))


@pytest.mark.parametrize(
    ("head", "said"),
    [
        ("1 / 0", "broken: it raised ZeroDivisionError: division by zero"),
        ("raise SystemExit(3)", "broken: it raised SystemExit: 3"),
        ("raise KeyboardInterrupt", "broken: it raised KeyboardInterrupt"),
        ("raise ValueError('no\\x1b\\nway')", r"broken: it raised ValueError: no\x1b"),
        ("def (", "broken: it raised SyntaxError: invalid syntax (my_codec.py, line 1)"),
        (
            "import there_is_no_such_thing",
            "there_is_no_such_thing is not installed; pip install there_is_no_such_thing",
        ),
        ("import no_such.part", "no_such is not installed; pip install no_such"),
        (
            "from json import no_such",
            "broken: it raised ImportError: cannot import name 'no_such' from 'json' (",
        ),
        ("raise ImportError('no libfoo.so')", "broken: it raised ImportError: no libfoo.so"),
        ("raise ModuleNotFoundError", "broken: it raised ModuleNotFoundError"),
        ("import serbench.no_such", "broken: it raised ModuleNotFoundError: No module named 'serbench.no_such'"),
        ("class CODECS(Exception): pass\nraise CODECS", "broken: it raised CODECS"),
    ],
)
def test_whatever_an_import_raises_becomes_a_reason(written, head, said):
    """A library that is missing can be installed; all else is a fault of the file, in one line."""
    (entry,) = describe(written("", head))
    assert said == entry["unavailable"][: len(said)]
    assert entry["unavailable"].isprintable()
    assert ("my_codec", "", []) == (entry["name"], entry["format"], entry["deviations"])


@pytest.mark.parametrize("name", ["'evil; rm -rf x'", "'evil\\n\\x1b[31m'", "'-r.x'", "'a..b'", "'.'", "7", "b'x'"])
def test_what_can_be_no_module_is_not_to_be_installed(written, name):
    """The name that an error carries is anything, and the command is copied to a shell."""
    said = reason(written("", f"raise ModuleNotFoundError('gone', name={name})"))
    assert "broken: it raised ModuleNotFoundError: gone" == said


SHOWS = "class Shows:\n    def __repr__(self): return 'a\\n\\x1b[31mb'"


@pytest.mark.parametrize(
    ("end", "said"),
    [
        (f"{SHOWS}\nCODECS = (Shows(),)", r"broken: CODECS holds a\n\x1b[31mb, which has no name"),
        (r"CODECS = (codec(unavailable='not here\n\x1b[31mred'),)", r"not here\n\x1b[31mred"),
        (
            r"CODECS = (codec(name='a\n\x1b[31m'),)",
            r"broken: codec 'a\n\x1b[31m': a name is one line without control characters",
        ),
    ],
)
def test_a_reason_can_be_printed(written, end, said):
    """Whatever a codec puts into it: no control character reaches a terminal."""
    assert said == reason(written(end))


def test_what_a_codec_says_of_itself_can_be_printed(written):
    """Its format, what of it is native, its distribution and its cautions."""
    odd = r"'a\n\x1b[31m'"
    texts = f"format={odd}, native={odd}, distribution={odd}, warnings=[Caution(name={odd}, text={odd})]"
    (entry,) = describe(written(f"CODECS = (codec({texts}),)"))
    escaped = r"a\n\x1b[31m"
    assert [escaped] * 3 == [entry[name] for name in ("format", "native", "distribution")]
    assert [{"name": escaped, "text": escaped}] == entry["warnings"]


def test_what_a_codec_says_of_itself_has_an_end(written):
    """A thousand characters of a caution or of a reason are enough, and 999 are left as they are."""
    caution = "Caution(name='slow', text='a' * 3_000_000), Caution(name='slow', text='b' * 999)"
    (entry,) = describe(written(f"CODECS = (codec(warnings=[{caution}], unavailable='c' * 3_000_000),)"))
    assert [1000, 999] == [len(warning["text"]) for warning in entry["warnings"]]
    assert 1000 == len(entry["unavailable"])


def test_a_broken_contract_is_told_in_short(written):
    """What stands in the place of a codec may look like anything."""
    said = reason(written("CODECS = ('a' * 3_000_000,)"))
    assert said.endswith("', which has no name")
    assert len(said) <= 520


def test_the_name_of_a_file_can_be_printed(tmp_path):
    """In the reason and in the place of a codec's name; the file itself is found by its own."""
    source = str(tmp_path / "odd\n\x1b[31m.py")
    (entry,) = describe(source)
    assert (source, r"odd\n\x1b[31m") == (entry["source"], entry["name"])
    assert rf"{tmp_path}/odd\n\x1b[31m.py: no such Python file" == entry["unavailable"]


def test_what_an_attribute_raises_becomes_a_reason(written):
    """A property may ask the library, and the library may raise."""
    end = "class Odd:\n    name = 'odd'\n    @property\n    def format(self): return 1 / 0\nCODECS = (Odd(),)"
    assert "broken: it raised ZeroDivisionError: division by zero" == reason(written(end))


def test_a_missing_library_of_our_own_codec_is_an_extra(monkeypatch):
    """The reason has the command that brings it, with the name of the module."""
    for name in ("google", "google.protobuf.internal"):  # the second is what is found if it has been imported
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.delitem(sys.modules, "serbench.codecs.protobuf", raising=False)
    (entry,) = describe("serbench.codecs.protobuf")
    assert "google is not installed; pip install 'serbench[protobuf]'" == entry["unavailable"]
    assert ("protobuf", "serbench.codecs.protobuf") == (entry["name"], entry["source"])


def test_a_module_that_is_not_there_is_missing():
    """A dotted name that cannot be imported is called by its last part."""
    (entry,) = describe("no_such.my_codec")
    assert ("my_codec", "no_such is not installed; pip install no_such") == (entry["name"], entry["unavailable"])


def test_a_file_that_is_not_there_is_unusable(tmp_path):
    """The reason is the error's own text."""
    source = str(tmp_path / "missing.py")
    assert f"{source}: no such Python file" == reason(source)
    with pytest.raises(UnusableFile):
        load(source)


def test_an_entry_of_a_missing_codec_has_what_others_have(tmp_path, written):
    """The catalogue finds the same keys, and the reason besides."""
    (sound,) = describe(written("CODECS = (codec(),)"))
    (missing,) = describe(str(tmp_path / "missing.py"))
    assert {*sound, "unavailable"} == set(missing)
