"""The catalogue: told by workers, kept until something changes, whole whatever a module does when it is imported."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from codec_files import codec_file
from fakes import codec
from serbench import registry
from serbench.errors import MissingLibrary, UnknownName, UsageError
from serbench.harness import catalogue as module
from serbench.harness.catalogue import _ask, catalogue, resolve
from serbench.harness.link import Stopped

LONG = 10.0
CRASH = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"


LEAVES = """
import os, subprocess
child = subprocess.Popen(["/bin/sleep", "600"], start_new_session=True)
open({path!r}, "w").write(str(child.pid))
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A folder with a cache and with the modules `first` and `second`, in the place of serbench's own codecs."""
    for name in ("first", "second"):
        codec_file(tmp_path, name)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(registry, "sources", lambda _: ("first", "second"))
    monkeypatch.setattr(module, "OWN", ("first", "second"))
    return tmp_path


def kept(folder):
    """The files of the cache."""
    return sorted((folder / "cache").rglob("*"))[1:]


def names(entries):
    """Which are there, and why one is unavailable."""
    return {info.name: info.unavailable for info in entries}


def test_modules_come_first_then_files(installed):
    """Each codec with where it is from."""
    file = codec_file(installed, "mine", "mine-too")
    found = [(info.name, info.source) for info in catalogue([file])]
    assert [("first", "first"), ("second", "second"), ("mine", file), ("mine-too", file)] == found


def test_the_catalogue_is_kept(installed):
    """The second time it is read and nobody is asked; files are never kept."""
    file = codec_file(installed, "mine")
    catalogue([file])
    (path,) = kept(installed)
    assert ["first", "second"] == [entry["name"] for entry in json.loads(path.read_text())]
    path.write_text(path.read_text().replace('"json"', '"kept"'))
    codec_file(installed, "changed", stem="mine")
    assert {"first": "kept", "second": "kept", "changed": "json"} == {i.name: i.format for i in catalogue([file])}


def test_modules_of_others_are_never_kept(installed, monkeypatch):
    """They may be edited where they lie: the next look sees it."""
    monkeypatch.setattr(module, "OWN", "first")
    assert ["first", "second"] == [info.name for info in catalogue()]
    codec_file(installed, "renamed", stem="second")
    assert ["first", "renamed"] == [info.name for info in catalogue()]


@pytest.mark.usefixtures("installed")
def test_a_user_without_a_home_has_no_cache(monkeypatch):
    """As in containers that run as a number: the catalogue is told all the same."""

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(module.Path, "home", homeless)
    assert ["first", "second"] == [info.name for info in catalogue()]


def test_a_file_that_is_no_python_is_refused():
    """Whatever it is: nothing of it is taken for the name of a package to install."""
    for word in ("good", "./codecs/", "/dev/null"):
        with pytest.raises(UsageError, match=rf"^{word}: a codec's file ends in \.py$"):
            catalogue([word])


@pytest.mark.parametrize("content", [b"", b"[{", b"\xff\xfe", b"7", b"[1]", b"[{}]", b'{"a": 1}', b'[{"warnings": 1}]'])
def test_a_broken_cache_is_made_again(installed, content):
    """Whatever is wrong with the file."""
    catalogue()
    (path,) = kept(installed)
    path.write_bytes(content)
    assert ["first", "second"] == [info.name for info in catalogue()]
    assert 2 == len(json.loads(path.read_text()))


def test_a_cache_that_cannot_be_written_is_none(installed):
    """A file in its place, or a folder where its file should be: the catalogue is told all the same."""
    (installed / "cache").write_text("")
    assert {"first": "", "second": ""} == names(catalogue())
    assert "" == (installed / "cache").read_text()


def test_the_cache_is_at_home_without_a_word(monkeypatch, tmp_path):
    """In `~/.cache`, where the variable is not set, or empty."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    assert tmp_path / ".cache" / "serbench" == module._cache_folder()


@pytest.fixture
def adapters(tmp_path, monkeypatch):
    """A package whose codecs and worker stand in for those of serbench."""
    for name in ("codecs", "worker"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.py").write_text("")
        os.utime(tmp_path / name / "one.py", (1, 1))
    monkeypatch.setattr(registry, "__file__", str(tmp_path / "registry.py"))
    return tmp_path


def install(folder):
    """Has a distribution that is in none of the others."""
    (folder / "extra-1.0.dist-info").mkdir()
    (folder / "extra-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n")


@pytest.mark.parametrize(
    "change",
    [
        lambda _, folder: install(folder),
        lambda _, folder: os.utime(folder / "codecs" / "one.py", (2, 2)),
        lambda _, folder: os.utime(folder / "worker" / "one.py", (2, 2)),
        lambda _, folder: (folder / "codecs" / "two.py").write_text(""),
        lambda patch, _: patch.setattr(sys, "version", "4.0.0"),
        lambda patch, _: patch.setattr(sys, "executable", "/elsewhere/python"),
        lambda patch, _: patch.setenv("MSGPACK_PUREPYTHON", "1"),
        lambda patch, _: patch.setenv("PROTOCOL_BUFFERS_PYTHON_IMPLEMENTATION", "python"),
    ],
)
def test_a_change_refreshes_it(adapters, monkeypatch, change):
    """Something installed, an adapter, another Python, a library's compiled part switched off."""
    monkeypatch.syspath_prepend(str(adapters))
    before = module._fingerprint(["first"])
    assert before == module._fingerprint(["first"])
    assert before != module._fingerprint(["second"])
    change(monkeypatch, adapters)
    assert before != module._fingerprint(["first"])


def test_what_is_no_folder_is_passed_over(adapters, monkeypatch):
    """`""` is where an interpreter without a script is; archives and places that are not there are on many paths."""
    monkeypatch.chdir(adapters)
    (adapters / "archive.zip").write_bytes(b"")
    for place in ("", str(adapters / "nowhere"), str(adapters / "archive.zip")):
        monkeypatch.syspath_prepend(place)
    before = module._fingerprint([])
    install(adapters)
    assert before != module._fingerprint([])


def test_what_has_nothing_to_do_with_it_changes_nothing(adapters, monkeypatch):
    """Else there would be no use in keeping it."""
    before = module._fingerprint([])
    monkeypatch.setenv("SHLVL", "17")
    monkeypatch.chdir(adapters)
    (adapters / "codecs" / "notes.txt").write_text("")
    assert before == module._fingerprint([])


def test_a_crash_on_import_costs_that_module(installed):
    """It has its reason, the others are there; it is asked again the next time."""
    codec_file(installed, "first", before=CRASH)
    reason = "broken: killed by SIGSEGV during import of first"
    assert {"first": reason, "second": ""} == names(catalogue())
    assert [] == kept(installed)
    codec_file(installed, "first")
    assert {"first": "", "second": ""} == names(catalogue())


def test_a_module_that_hangs_costs_itself(installed, monkeypatch):
    """Its time is not the others'."""
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 1.0)
    codec_file(installed, "second", before="import time; time.sleep(60)\n")
    found = names(catalogue())
    assert found["second"].startswith("broken: no answer within 1 s during import of second")
    assert "" == found["first"]


def test_a_missing_library_is_kept(installed):
    """What is installed decides over that, and a change of it refreshes."""
    codec_file(installed, "first", before="import no_such_library\n")
    assert "no_such_library is not installed; pip install no_such_library" == names(catalogue())["first"]
    assert 1 == len(kept(installed))


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        ("raise RuntimeError('built for another Python')\n", "broken: it raised RuntimeError: built for another"),
        (CRASH, "broken: killed by SIGSEGV"),
        ("import no_such_library\n", "no_such_library is not installed"),
    ],
)
def test_a_file_without_a_usable_codec_is_an_error(installed, before, reason):
    """It was named, so it is wanted."""
    file = codec_file(installed, "mine", before=before)
    with pytest.raises(UsageError) as caught:
        catalogue([file])
    assert str(caught.value).startswith(f"{file}: no codec in it can be used; {reason}")


def test_a_file_that_is_not_there_is_an_error(installed):
    """Said as what it is."""
    with pytest.raises(UsageError, match=r"gone\.py: no such Python file$"):
        catalogue([str(installed / "gone.py")])


def test_two_codecs_of_one_name_are_refused(installed):
    """Of a module and a file, of two files, in one file; both places are named."""
    mine, first = codec_file(installed, "mine"), codec_file(installed, "first", stem="other")
    again, twice = codec_file(installed, "mine", stem="again"), codec_file(installed, "two", "two", stem="twice")
    for files, words in {
        (first,): f"'first': first and {first}; rename one",
        (mine, again): f"'mine': {mine} and {again}; rename one",
        (twice,): f"'two': {twice} and {twice}; rename one",
    }.items():
        with pytest.raises(UsageError) as caught:
            catalogue(files)
        assert f"two codecs are named {words}" == str(caught.value)


def test_a_wish_to_stop_is_heard(installed):
    """While a worker is waited for."""
    with pytest.raises(Stopped):
        catalogue(stop=lambda: True)
    assert [] == kept(installed)


KNOWN = (
    codec("json"),
    codec("orjson"),
    replace(codec("msgspec"), format="", unavailable="msgspec is not installed; pip install msgspec"),
)


def test_names_are_resolved_in_their_order():
    """And not in that of the catalogue."""
    assert (KNOWN[1], KNOWN[0]) == resolve(["orjson", "json"], KNOWN)
    assert () == resolve([], KNOWN)


@pytest.mark.parametrize(
    ("name", "error", "words"),
    [
        ("orjsn", UnknownName, "unknown codec 'orjsn'; did you mean orjson?"),
        ("msgspec", MissingLibrary, "codec 'msgspec' cannot be used: msgspec is not installed; pip install msgspec"),
        (
            "msgspec-json",
            MissingLibrary,
            "codec 'msgspec-json' cannot be used: msgspec is not installed; pip install msgspec",
        ),
        ("orjson-fast", UnknownName, "unknown codec 'orjson-fast'; did you mean orjson?"),
        ("msgspecs", UnknownName, "unknown codec 'msgspecs'; did you mean msgspec?"),
    ],
)
def test_a_name_that_cannot_be_had(name, error, words):
    """Unknown, or of a module whose library is missing, which knows its codecs only once it can be imported."""
    with pytest.raises(error) as caught:
        resolve(["json", name], KNOWN)
    assert words == str(caught.value)


def test_serbenchs_own_codecs_are_told(monkeypatch, tmp_path):
    """Every module of the package is in the catalogue, and what was told is kept as it is."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = catalogue()
    assert set(registry.sources("codecs")) == {info.source for info in found}
    assert found == catalogue()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked at through /proc")
@pytest.mark.parametrize("end", ["", "os._exit(3)\n"], ids=["answers", "dies"])
def test_what_is_started_on_import_is_ended(tmp_path, end):
    """A file that starts a process in a session of its own; also where its worker does not live to tell."""
    before = LEAVES.format(path=str(tmp_path / "pid")) + end
    _ask([codec_file(tmp_path, "mine", before=before)], lambda: False)
    stat = Path("/proc", (tmp_path / "pid").read_text(), "stat")
    deadline = time.monotonic() + LONG
    while stat.exists() and ") Z " not in stat.read_text() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not stat.exists() or ") Z " in stat.read_text()


def shop(folder, monkeypatch):
    """A module of the user's own in the working directory."""
    lines = ["from dataclasses import dataclass", "@dataclass", "class Order:", "    id: int", "def helper(): pass"]
    (folder / "ownstore.py").write_text("\n".join(lines))
    (folder / "crashing.py").write_text(CRASH)
    monkeypatch.chdir(folder)


def test_a_class_of_the_users_own_has_a_codec_for_each_way(installed, monkeypatch):
    """Its module is in the working directory, which a worker has on its path for that alone."""
    shop(installed, monkeypatch)
    own = [entry for entry in catalogue(["ownstore:Order"]) if entry.source == "ownstore:Order"]
    assert ["Order-cattrs", "Order-mashumaro", "Order-msgspec"] == [entry.name for entry in own]
    assert {("json", "typed", "")} == {(entry.format, entry.model, entry.unavailable) for entry in own}
    assert all(entry.version for entry in own)


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("ownstore:Ordr", "--type ownstore:Ordr: no Ordr in ownstore; did you mean Order?"),
        ("ownstore:helper", "--type ownstore:helper: ownstore:helper is a function, and a dataclass, "),
        ("crashing:Order", "--type crashing:Order: broken: killed by SIGSEGV during import of crashing:Order"),
    ],
)
def test_a_class_that_cannot_be_measured_is_a_usage_error(installed, monkeypatch, place, words):
    """In one line, whatever its module does when it is imported."""
    shop(installed, monkeypatch)
    with pytest.raises(UsageError) as caught:
        catalogue([place])
    assert str(caught.value).startswith(words)
    assert "\n" not in str(caught.value)
