import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tiny_packages

from serbench.errors import CannotWrite, Interrupted, NoSuchSide, SideFailure
from serbench.sides import cache, pip
from serbench.sides.environment import make, require
from serbench.sides.spec import parse

LONG_SECONDS = 60.0
MAKE = """
import sys
from pathlib import Path
from serbench.sides.environment import make
from serbench.sides.spec import parse
side = make(parse(sys.argv[1:], Path.cwd()), libraries={}, codec_files=[], tell=print, stop=lambda: False)
print(side.launch.root)
"""


def never():
    """Nobody asks for the end."""
    return False


def made(*texts, directory=None, told=None, libraries=None, stop=never):
    """The side of these texts; what it tells is added to a list."""
    tell = (told if told is not None else []).append
    spec = parse(texts, directory or Path.cwd())
    return make(spec, libraries=libraries or {}, codec_files=[], tell=tell, stop=stop)


def said_by(side, code):
    """What the interpreter of a side prints."""
    command = [side.launch.python, "-I", "-c", code]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=LONG_SECONDS).stdout.strip()


def until(what):
    """Waits until something holds."""
    deadline = time.monotonic() + LONG_SECONDS
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def homes():
    """Every environment that is there, whole or not."""
    others = {"locks", "logs", "passing", "stages"}
    return {path for path in cache.folder().iterdir() if path.name not in others and not path.name.startswith("pip-")}


def test_a_pinned_requirement_is_installed_and_nothing_else():
    """Its version is the one that was asked for, and there is not even a pip beside it."""
    side = made("tinylib==1.0")
    assert {"tinylib": "1.0"} == side.packages
    assert ("tinylib",) == side.distributions
    assert "1.0" == said_by(side, "import tinylib; print(tinylib.VERSION)")
    assert Path(said_by(side, "import tinylib; print(tinylib.__file__)")).is_relative_to(side.launch.root)
    assert sys.version.split()[0] == side.python_version


def test_what_is_pinned_comes_from_the_cache_without_pip(monkeypatch):
    """The second time there is nothing to download from, and nothing is told."""
    first = made("tinylib==1.0")
    monkeypatch.delenv("PIP_FIND_LINKS")
    told = []
    assert first == made("tinylib==1.0", told=told)
    assert [] == told


def test_another_version_is_another_environment():
    """Both stand side by side."""
    assert made("tinylib==1.0").launch.root != made("tinylib==1.1").launch.root


def test_what_is_not_pinned_is_what_there_is_today(monkeypatch, tmp_path):
    """A newer version makes a new environment; without a network the newest that was made serves, and that is told."""
    tiny_packages.wheel(tmp_path, "tinymoving", "1.0")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    assert {"tinymoving": "1.0"} == made("tinymoving>=1").packages
    tiny_packages.wheel(tmp_path, "tinymoving", "1.5")
    newer = made("tinymoving>=1")
    assert {"tinymoving": "1.5"} == newer.packages
    told = []
    unplug(monkeypatch)
    assert newer == made("tinymoving>=1", told=told)
    (line,) = told
    assert line.startswith("no network: tinymoving>=1 is tinymoving 1.5 from the cache, as of 20")


def unplug(monkeypatch):
    """An index that nobody answers for."""
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")


@pytest.mark.parametrize("text", ["tinyabsent", "tinyabsent==1.0"])
def test_without_a_network_what_is_not_cached_cannot_be_had(monkeypatch, text):
    """The line says so and what to do, and nothing is left."""
    before = homes()
    unplug(monkeypatch)
    with pytest.raises(SideFailure, match=rf"^{text}: no network, and no environment with it is cached; connect, or "):
        made(text)
    assert before == homes()


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        (
            "tinylib==9.0",
            NoSuchSide,
            r"tinylib==9\.0: there is no such version for CPython \S+; the last are 1\.0, 1\.1",
        ),
        ("tinynothing", NoSuchSide, r"tinynothing: there is no package tinynothing to install for .*; mend the name"),
        ("tinynew==2.0", NoSuchSide, r"tinynew==2\.0: tinynew needs Python >=3\.99, and this is CPython .*; run .*"),
        ("tinyneeds==1.0", SideFailure, r"tinyneeds==1\.0: needs tinylib==9\.0 \(for tinyneeds\), and there is no .*"),
        ("tinybroken==1.0", SideFailure, r"tinybroken==1\.0: does not build: RuntimeError: tiny\.h is not here; .*"),
        (
            "tinylib; python_version < '3'",
            NoSuchSide,
            r".*: tinylib was not installed: its marker does not hold for .*",
        ),
    ],
)
def test_what_cannot_be_installed_is_one_line_and_leaves_no_environment(text, error, message):
    """Which, and why."""
    before = homes()
    with pytest.raises(error, match=f"^{message}$") as raised:
        made(text)
    assert error is type(raised.value)
    assert "\n" not in str(raised.value)
    assert before == homes()


def test_the_log_of_a_failure_is_kept_whole():
    """The line names it, and the reason is in it."""
    with pytest.raises(SideFailure) as raised:
        made("tinybroken==1.0")
    log = Path(str(raised.value).rpartition("the whole output: ")[2])
    assert 'raise RuntimeError("tiny.h is not here")' in log.read_text()


def test_parts_that_exclude_each_other():
    """No version meets both."""
    with pytest.raises(NoSuchSide, match="conflicting dependencies"):
        made("tinywants==1.0", "tinylib==1.1")


def test_several_parts_are_one_environment(links):
    """A wheel by its path, and a requirement."""
    side = made(str(links / "tinyextra-1.1-py3-none-any.whl"), "tinylib==1.0")
    assert {"tinyextra": "1.1", "tinylib": "1.0"} == side.packages
    assert ("tinyextra", "tinylib") == side.distributions


def test_a_wheel_for_another_machine(tmp_path):
    """It is named, with the Python that it does not fit."""
    path = tiny_packages.wheel(tmp_path, "tinyalien", "1.0", tag="cp27-cp27m-win32")
    with pytest.raises(NoSuchSide, match=r"^tinyalien-1\.0-cp27-cp27m-win32\.whl: was built for another Python or "):
        made(str(path))


def test_libraries_come_along_only_where_the_side_does_not_bring_them():
    """What the side has stays as it is, whatever version the codecs would like."""
    side = made("tinylib==1.0", libraries={"TinyLib": "1.1", "tinyextra": "1.0"})
    assert {"tinylib": "1.0", "tinyextra": "1.0"} == side.packages
    assert ("tinylib",) == side.distributions


def test_a_library_that_would_change_the_side_is_refused():
    """It needs another version of what is measured."""
    with pytest.raises(SideFailure, match=r"^tinylib==1\.1: tinywants==1\.0, which codecs need, does not go with it; "):
        made("tinylib==1.1", libraries={"tinywants": "1.0"})


def test_a_folder_is_installed_as_it_is_now_and_stays_as_it_is(tmp_path):
    """No build leaves anything in it; a change makes a new environment, the same content none."""
    folder = tiny_packages.project(tmp_path / "one", "tinyproject")
    before = sorted(folder.iterdir())
    first = made(".", directory=folder)
    assert "1.0" == said_by(first, "import tinyproject; print(tinyproject.VERSION)")
    assert before == sorted(folder.iterdir())
    again = tiny_packages.project(tmp_path / "two", "tinyproject")
    assert first.launch == made(str(again)).launch
    (folder / "tinyproject.py").write_text("VERSION = 'changed'\n")
    assert "changed" == said_by(made(".", directory=folder), "import tinyproject; print(tinyproject.VERSION)")


def test_a_project_whose_name_only_its_build_knows(tmp_path):
    """It is known from what was installed."""
    folder = tiny_packages.project(tmp_path, "tinyhidden", named=False)
    assert () == parse(["."], folder).distributions
    assert ("tinyhidden",) == made(".", directory=folder).distributions


def test_two_commits_are_two_sides_and_the_work_tree_is_a_third(tmp_path):
    """The project is the folder inside the repository that one stands in."""
    folder = tiny_packages.project(tmp_path / "packages" / "tiny", "tinyrepo", "1.0")
    tiny_packages.commit(tmp_path, "first")
    tiny_packages.project(folder, "tinyrepo", "2.0")
    tiny_packages.commit(tmp_path, "second")
    tiny_packages.project(folder, "tinyrepo", "3.0")
    sides = [made(text, directory=folder) for text in ("git:HEAD~1", "git:main", ".")]
    assert [{"tinyrepo": "1.0"}, {"tinyrepo": "2.0"}, {"tinyrepo": "3.0"}] == [side.packages for side in sides]
    assert ["git:HEAD~1", "git:main", "."] == [side.asked for side in sides]


def test_a_project_that_asks_git_for_its_version_gets_one(tmp_path):
    """From the last tag, for a copy has no history."""
    folder = tiny_packages.project(tmp_path, "tinytagged", "from-git")
    tiny_packages.commit(folder, "first")
    tiny_packages.git(folder, "tag", "v4.2")
    for text in ("git:HEAD", ".", f"tinytagged @ {folder.as_uri()}"):
        version = made(text, directory=folder).packages["tinytagged"]
        assert version.startswith("4.2+serbench.")


def test_an_environment_half_made_is_made_anew():
    """Without the file that is written last, nothing of it is used."""
    side = made("tinyextra==1.0")
    home = Path(side.launch.root).parent
    (home / "side.json").unlink()
    (home / "venv" / "junk").touch()
    told = []
    assert side == made("tinyextra==1.0", told=told)
    assert ["making an environment for tinyextra==1.0"] == told
    assert not (home / "venv" / "junk").exists()


def test_an_environment_that_was_tampered_with_is_made_anew():
    """It does not hold any more what it held when it was made."""
    side = made("tinyextra==1.1")
    (info,) = Path(side.launch.root).rglob("tinyextra-1.1.dist-info")
    info.rename(info.with_name("gone"))
    assert side == made("tinyextra==1.1")


def test_two_processes_that_want_the_same_make_it_once(tmp_path):
    """One makes it, the other waits, and both have it."""
    tiny_packages.project(tmp_path, "tinyshared", before="time.sleep(0.5)")
    command = [sys.executable, "-c", MAKE, "."]
    pair = [subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    said = [process.communicate(timeout=LONG_SECONDS)[0].splitlines() for process in pair]
    assert 1 == sum("making an environment for ." in lines for lines in said)
    assert said[0][-1] == said[1][-1]
    assert cache.read_mark(Path(said[0][-1]).parent / "side.json")


@pytest.fixture
def slow(tmp_path, monkeypatch):
    """A project whose build waits for the file `go`, and tells its process in `begun`."""
    folder = tiny_packages.project(tmp_path / "slow", "tinyslow", before=tiny_packages.WAITS)
    (folder / "salt").write_text(str(tmp_path))  # each test has an environment of its own
    monkeypatch.setenv("TINY_BEGUN", str(tmp_path / "begun"))
    monkeypatch.setenv("TINY_GO", str(tmp_path / "go"))
    yield folder
    (tmp_path / "go").touch()


def running(pid):
    """Whether a process is there; one that has ended and that nobody has waited for is not."""
    try:
        return "Z" != Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def test_what_a_killed_process_left_running_is_waited_for(slow, tmp_path):
    """A pip outlives it and still writes; only when that has ended, all is thrown away and made anew."""
    with subprocess.Popen([sys.executable, "-c", MAKE, "."], cwd=slow) as process:
        until((tmp_path / "begun").exists)
        process.kill()
    told = []

    def tell(line):
        told.append(line)
        (tmp_path / "go").touch()

    side = make(parse(["."], slow), libraries={}, codec_files=[], tell=tell, stop=never)
    assert ["another serbench makes the same environment; waiting for it", "making an environment for ."] == told
    assert {"tinyslow": "1.0"} == side.packages


def test_who_asks_for_the_end_gets_it(slow, tmp_path):
    """The build is killed with pip, and nothing of the environment is left."""
    before = homes()
    with pytest.raises(Interrupted):
        made(".", directory=slow, stop=(tmp_path / "begun").exists)
    pid = int((tmp_path / "begun").read_text() or 0)
    until(lambda: not running(pid))
    assert before == homes()


def test_a_build_that_does_not_end(slow, monkeypatch):
    """It is killed after its time, and the line says how long that was."""
    monkeypatch.setattr(pip, "INSTALL_SECONDS", 2.0)
    with pytest.raises(SideFailure, match=r"^\.: was not installed within 2 s; build a wheel of it and name that; "):
        made(".", directory=slow)


def test_a_project_that_changes_while_it_is_copied(tmp_path):
    """What was digested is not what was copied: it is refused, not kept under a name that is not its own."""
    folder = tiny_packages.project(tmp_path, "tinychanging")
    changes = folder / "tinychanging.py"

    def change(_line):
        changes.write_text("VERSION = 'changed'\n")

    with pytest.raises(
        SideFailure, match=r"^\.: its files changed while they were copied, tinychanging\.py as the last; "
    ):
        make(parse(["."], folder), libraries={}, codec_files=[], tell=change, stop=never)


def test_settings_that_change_what_is_installed_are_part_of_the_key(monkeypatch, tmp_path):
    """A constraint by its content, not only by its path."""
    limits = tmp_path / "limits.txt"
    limits.write_text("")
    monkeypatch.setenv("PIP_CONSTRAINT", str(limits))
    first = pip.settings()
    limits.write_text("tinylib<2\n")
    assert first != pip.settings()
    assert pip.settings() != pip.settings() | {"PIP_NO_BINARY": ":all:"}


def test_pip_is_told_by_the_user_but_not_where_to(monkeypatch):
    """Settings hold, and a folder to install to does not; nor does anything that leads another Python astray."""
    monkeypatch.setenv("PIP_TARGET", "/nowhere")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    monkeypatch.setenv("PIP_TIMEOUT", "7")
    variables = pip.variables()
    assert ("7", None, None) == (variables.get("PIP_TIMEOUT"), variables.get("PIP_TARGET"), variables.get("PYTHONPATH"))


def test_a_named_interpreter_is_taken_as_it_is(tmp_path):
    """One without pip and without serbench; nothing is installed there, and libraries may come from anywhere."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True, timeout=LONG_SECONDS)
    side = made("python:bare", directory=tmp_path, libraries={"tinylib": "1.0"})
    assert {} == side.packages
    assert "" == side.launch.root
    assert str(tmp_path / "bare" / "bin" / "python") == side.launch.python
    message = rf"python:bare: tinylib is not installed there; {side.launch.python} -m pip install tinylib"
    with pytest.raises(SideFailure, match=f"^{message}$"):
        require(side, {"tinylib": ""})


def test_a_side_that_has_what_codecs_need_is_fine():
    """However the name is written."""
    assert require(made("tinylib==1.0"), {"TinyLib": "2.0"}) is None


def test_a_cache_that_cannot_be_written(monkeypatch, tmp_path):
    """The line names the place and what to do."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(CannotWrite, match=r"cannot be written, not a directory; make room, or set XDG_CACHE_HOME"):
        made("tinylib==1.0")


def test_a_mark_tells_what_is_there():
    """For people who look into the cache."""
    told = json.loads((Path(made("tinylib==1.0").launch.root).parent / "side.json").read_text())
    assert ("tinylib==1.0", {"tinylib": "1.0"}) == (told["asked"], told["packages"])


def test_a_wheel_at_a_url_is_known_by_its_content(tmp_path):
    """The same text, another file: what lies there now is what is installed, and the same content is made once."""
    path = tiny_packages.wheel(tmp_path, "tinyurl", "1.0")
    text = f"tinyurl @ {path.as_uri()}"
    first = made(text)
    assert first == made(text)
    tiny_packages.wheel(tmp_path, "tinyurl", "1.0", more="OTHER = True\n")
    assert "True" == said_by(made(text), "import tinyurl; print(tinyurl.OTHER)")


@pytest.mark.parametrize("form", ["{path}", "tinyagain @ {uri}"])
def test_an_sdist_that_was_made_anew_is_built_anew(tmp_path, form):
    """Of itself pip would take the wheel that it has built of the one that lay there before."""
    for version in ("1.0", "1.1"):
        path = tiny_packages.sdist(tmp_path / version, "tinyagain", version, before="pass")
        path.replace(tmp_path / "tinyagain-1.0.tar.gz")
        path = tmp_path / "tinyagain-1.0.tar.gz"
        side = made(form.format(path=path, uri=path.as_uri()))
        assert version == said_by(side, "import tinyagain; print(tinyagain.VERSION)")


def test_a_folder_at_a_url_is_known_by_its_content_and_stays_as_it_is(tmp_path):
    """As one that is named by its path."""
    folder = tiny_packages.project(tmp_path / "a b", "tinyplace")
    before = sorted(folder.iterdir())
    text = f"tinyplace @ {folder.as_uri()} ; python_version > '3'"
    assert "1.0" == said_by(made(text), "import tinyplace; print(tinyplace.VERSION)")
    assert before == sorted(folder.iterdir())
    (folder / "tinyplace.py").write_text("VERSION = 'changed'\n")
    assert "changed" == said_by(made(text), "import tinyplace; print(tinyplace.VERSION)")


def test_a_branch_at_a_url_is_the_commit_that_it_is_today(tmp_path):
    """Looked up every time; a commit that is given in full is not."""
    folder = tiny_packages.project(tmp_path, "tinybranch", "1.0")
    commit = tiny_packages.commit(folder, "first")
    text = f"tinybranch @ git+file://localhost{folder}@main"
    first = made(text)
    assert first == made(text)
    tiny_packages.project(folder, "tinybranch", "2.0")
    tiny_packages.commit(folder, "second")
    assert {"tinybranch": "2.0"} == made(text).packages
    fixed = text.replace("@main", f"@{commit}")
    assert {"tinybranch": "1.0"} == made(fixed).packages
    (folder / ".git").rename(folder / "gone")
    assert {"tinybranch": "1.0"} == made(fixed).packages


def test_a_url_that_leads_elsewhere_meanwhile_is_refused(tmp_path):
    """What was looked up is not what was installed: it is not kept under a name that is not its own."""
    folder = tiny_packages.project(tmp_path, "tinymoves", "1.0")
    tiny_packages.commit(folder, "first")

    def move(_line):
        tiny_packages.project(folder, "tinymoves", "2.0")
        tiny_packages.commit(folder, "second")

    spec = parse([f"tinymoves @ git+file://localhost{folder}@main"], tmp_path)
    with pytest.raises(SideFailure, match=r"what its URL leads to changed meanwhile; start again$"):
        make(spec, libraries={}, codec_files=[], tell=move, stop=never)


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_text("VERSION = '6.6'\n")])
def test_an_environment_with_a_file_that_is_gone_or_another_is_made_anew(harm):
    """Its distributions are all there, and it is not what was installed."""
    side = made("tinyextra==1.0")
    (module,) = Path(side.launch.root).rglob("tinyextra.py")
    harm(module)
    assert "1.0" == said_by(made("tinyextra==1.0"), "import tinyextra; print(tinyextra.VERSION)")


def test_a_record_that_was_never_right_is_not_held_against_an_environment(tmp_path):
    """Such a wheel is installed without a word; it is made once all the same."""
    path = tiny_packages.wheel(tmp_path, "tinylies", "1.0", size=1)
    told = []
    made(str(path), told=told)
    made(str(path), told=told)
    assert 1 == len(told)


def test_without_an_index_what_was_made_serves_as_without_a_network(monkeypatch, tmp_path):
    """A folder of wheels that is empty by now is no reason to fail where one is cut off on purpose."""
    tiny_packages.wheel(tmp_path, "tinyalone", "1.0")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    first = made("tinyalone>=1")
    (tmp_path / "tinyalone-1.0-py3-none-any.whl").unlink()
    told = []
    assert first == made("tinyalone>=1", told=told)
    assert told[0].startswith("no network: tinyalone>=1 is tinyalone 1.0 from the cache, as of 20")


def test_an_sdist_that_is_cut_short_is_told_as_such(tmp_path):
    """In the words of what went wrong, and not of how pip tidies up."""
    path = tiny_packages.sdist(tmp_path, "tinyshort", "1.0", before="pass")
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(SideFailure, match=r"pip failed: EOFError: Compressed file ended before the end-of-stream"):
        made(str(path))


def test_a_build_that_is_ended_leaves_no_scratch_folder(slow, tmp_path, monkeypatch):
    """Where it is killed, pip leaves its own."""
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr(pip.tempfile, "tempdir", str(tmp_path / "scratch"))
    with pytest.raises(Interrupted):
        made(".", directory=slow, stop=(tmp_path / "begun").exists)
    assert [] == list((tmp_path / "scratch").iterdir())


def test_a_tool_that_cannot_be_made_leaves_nothing_and_tells_of_a_full_disk(monkeypatch, tmp_path):
    """Its log lies on the same disk, and may be empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(pip.commands, "run", lambda _, output, **__: output.touch() or 1)
    monkeypatch.setattr(pip.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(9, 9, 0))
    with pytest.raises(SideFailure, match=r"^no space left for an environment; make room, or set XDG_CACHE_HOME"):
        pip.tool(tell=print, stop=never)
    assert [] == [path for path in cache.folder().iterdir() if path.name.startswith("pip-")]


def test_an_interpreter_does_not_hear_the_ctrl_c_of_the_terminal(tmp_path):
    """It is asked in a session of its own: else it would seem to be none."""
    script = tmp_path / "python"
    script.write_text(f'#!/bin/sh\nps -o sid= -p $$ >{tmp_path}/session\nexec {sys.executable} "$@"\n')
    script.chmod(0o755)
    made(f"python:{script}")
    assert int((tmp_path / "session").read_text()) != os.getsid(0)
