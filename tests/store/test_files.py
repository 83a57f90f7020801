"""Runs on disk: complete or not at all, and one clear line for everything that can be wrong with a file or folder."""

import errno
import fcntl
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from unittest.mock import Mock

import pytest

import fakes
from serbench.errors import BadRunFile, CannotWrite, UnusableFile, UsageError
from serbench.store.files import alone, forget_page, latest, load, open_folder, save, write_text
from serbench.store.wire import to_wire

RUN = fakes.run([fakes.measured(fakes.case("json"), (fakes.worker([900, 1000], [950]),))])

linux = pytest.mark.skipif(sys.platform != "linux", reason="the place is one of Linux")


def names(folder):
    """What is in a folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def with_room_for(size, code, *arguments):
    """What a process prints that can write no file longer than `size` bytes: half is written, then comes the error."""
    program = f"""
import resource, sys
from pathlib import Path
from serbench.errors import SerbenchError
from serbench.store.files import load, open_folder, save, write_text
resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))
try:
    {code}
except SerbenchError as error:
    print(error.exit_code, error)
"""
    command = [sys.executable, "-c", program, *map(str, arguments)]
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}  # without coverage, whose own file would not fit
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def test_a_saved_run_is_loaded_from_its_file_or_its_folder(tmp_path):
    """Saving leaves run.json and nothing else; the file and the folder name the same run."""
    assert tmp_path / "run.json" == save(RUN, tmp_path)
    assert ["run.json"] == names(tmp_path)
    assert RUN == load(tmp_path)
    assert RUN == load(tmp_path / "run.json")


def test_saving_again_replaces_the_run(tmp_path):
    """After every round, the file is the whole run so far."""
    save(RUN, tmp_path)
    later = replace(RUN, finished="2026-01-02T04:00:00Z")
    save(later, tmp_path)
    assert later == load(tmp_path)


def test_a_saved_run_can_be_read_by_others(tmp_path):
    """Permissions are those of any new file, not those of a temporary one."""
    (tmp_path / "other").touch()
    assert (tmp_path / "other").stat().st_mode == save(RUN, tmp_path).stat().st_mode


def test_no_room_leaves_the_run_before_and_nothing_half_written(tmp_path):
    """Where the disk is full, one line says so, the old run.json stays and the temporary file is gone."""
    save(RUN, tmp_path)
    code = "save(load(Path(sys.argv[1])), Path(sys.argv[1]))"
    told = with_room_for(1000, code, tmp_path)
    assert f"4 {tmp_path}/run.json: cannot be written, file too large; make room or choose another place\n" == told
    assert ["run.json"] == names(tmp_path)
    assert RUN == load(tmp_path)


def test_no_room_for_an_output_leaves_none(tmp_path):
    """A page that does not fit is not there at all."""
    told = with_room_for(1000, "write_text(Path(sys.argv[1]), 'x' * 2000)", tmp_path / "index.html")
    assert f"4 {tmp_path}/index.html: cannot be written, file too large; make room or choose another place\n" == told
    assert [] == names(tmp_path)


def test_no_room_is_found_before_anything_is_measured(tmp_path):
    """Opening a folder writes to it."""
    told = with_room_for(1000, "open_folder(Path(sys.argv[1]), force=False)", tmp_path / "new")
    assert f"4 {tmp_path}/new/run.json: cannot be written, file too large; make room or choose another place\n" == told


@linux
def test_a_full_device_is_one_line():
    """The kernel's own full disk: /dev/full."""
    with pytest.raises(CannotWrite, match=r"^/dev/full: cannot be written, no space left on device; make room"):
        write_text(Path("/dev/full"), "text")


def test_an_interrupted_write_leaves_the_run_before(tmp_path, monkeypatch):
    """Ctrl-C while the file is synced: the old run stays, the temporary file is gone."""

    def interrupted(_):
        raise KeyboardInterrupt

    save(RUN, tmp_path)
    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        save(replace(RUN, seed=8), tmp_path)
    monkeypatch.undo()
    assert ["run.json"] == names(tmp_path)
    assert RUN == load(tmp_path)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\x00\xff\x00", "truncated or no JSON"),
        (to_wire(RUN)[:-20], "truncated or no JSON"),
        (b'{"benchmarks": []}', "not a run of serbench"),
        (to_wire(RUN).replace(b"run/1", b"run/999"), "upgrade it with pip install --upgrade serbench"),
        (to_wire(RUN).replace(b'"calls":2', b'"calls":3'), "$.measurements[0].workers[0].calls"),
    ],
)
def test_a_file_that_is_no_good_run_is_named(tmp_path, data, told):
    """Empty, binary, truncated, foreign, newer and contradictory files: exit 4, the file's name and why."""
    path = tmp_path / "run.json"
    path.write_bytes(data)
    with pytest.raises(BadRunFile) as raised:
        load(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert told in str(raised.value)
    assert 4 == raised.value.exit_code


def test_a_run_that_is_not_there_is_a_usage_error(tmp_path):
    """Exit 2, with what was expected; a folder without a run is named by the file that is missing."""
    told = "no such file or directory; expected a run.json or a folder that holds one"
    for path, file in ((tmp_path / "gone", "gone"), (tmp_path, "run.json")):
        with pytest.raises(UnusableFile) as raised:
            load(path)
        assert f"{tmp_path / file}: {told}" == str(raised.value)
        assert 2 == raised.value.exit_code


def test_a_name_that_no_file_can_have_is_one_line(tmp_path):
    """Names that are too long are reported and not raised from the inside."""
    path = tmp_path / ("x" * 300)
    with pytest.raises(UnusableFile, match="file name too long"):
        load(path)
    for write in (lambda: write_text(path, ""), lambda: open_folder(path, force=False), lambda: latest(path, tmp_path)):
        with pytest.raises(CannotWrite, match="file name too long"):
            write()


def test_a_link_to_itself_is_one_line(tmp_path):
    """So are links that lead nowhere."""
    path = tmp_path / "loop"
    path.symlink_to("loop")
    with pytest.raises(UnusableFile, match="too many levels of symbolic links"):
        load(path)
    with pytest.raises(CannotWrite):
        open_folder(path, force=False)


def test_a_folder_is_made_with_its_parents_and_left_empty(tmp_path):
    """The proof that it can be written to leaves nothing behind."""
    folder = tmp_path / "a" / "b"
    assert folder == open_folder(folder, force=False)
    assert [] == names(folder)


def test_a_folder_that_holds_a_run_is_refused_unless_forced(tmp_path):
    """A run is never overwritten by accident; forced, it stays until the new one is saved."""
    save(RUN, tmp_path)
    with pytest.raises(UsageError, match="holds a run already; choose another --dir, or replace it with --force"):
        open_folder(tmp_path, force=False)
    open_folder(tmp_path, force=True)
    assert RUN == load(tmp_path)


def test_a_folder_is_held_by_one_run_at_a_time(tmp_path):
    """Until it lets go; a file system without locks keeps nobody out, and a folder that went is told."""
    with alone(tmp_path):
        with pytest.raises(UsageError, match="another run is being measured there"), alone(tmp_path):
            pass
        with alone(open_folder(tmp_path / "other", force=False)):
            pass
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fcntl, "flock", Mock(side_effect=OSError(errno.ENOLCK, "no locks")))
        with alone(tmp_path), alone(tmp_path):
            pass
    with pytest.raises(CannotWrite, match="no such file"), alone(tmp_path / "gone"):
        pass


@pytest.mark.parametrize("inside", ["file", "file/deeper"])
def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, inside):
    """A file stands where the folder should: exit 4 before anything is measured."""
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match=r"cannot be written, (file exists|not a directory); make room or choose"):
        open_folder(tmp_path / inside, force=False)


@linux
def test_a_folder_without_permission_is_one_line():
    """/proc takes no files, from root neither."""
    with pytest.raises(CannotWrite, match=r"^/proc/.*: cannot be written, no such file or directory; make room"):
        open_folder(Path("/proc"), force=False)


def test_latest_points_at_the_newest_run_by_a_relative_link(tmp_path):
    """The link is replaced at once and survives moving the whole folder."""
    for name in ("first", "second"):
        (tmp_path / "reports" / name).mkdir(parents=True)
        latest(tmp_path / "reports", tmp_path / "reports" / name)
    (tmp_path / "reports").rename(tmp_path / "moved")
    assert "second" == str((tmp_path / "moved" / "latest").readlink())
    assert ["first", "latest", "second"] == names(tmp_path / "moved")


def test_latest_replaces_a_dangling_link(tmp_path):
    """The run it pointed at may be gone."""
    (tmp_path / "latest").symlink_to("gone")
    (tmp_path / "new").mkdir()
    latest(tmp_path, tmp_path / "new")
    assert (tmp_path / "new").samefile(tmp_path / "latest")


def test_latest_leaves_a_real_folder_alone(tmp_path):
    """What serbench did not make it does not replace."""
    (tmp_path / "latest").mkdir()
    (tmp_path / "new").mkdir()
    latest(tmp_path, tmp_path / "new")
    assert not (tmp_path / "latest").is_symlink()
    assert ["latest", "new"] == names(tmp_path)


def test_an_output_is_written_whole(tmp_path):
    """UTF-8, what it cannot carry with backslashes, and no temporary file."""
    write_text(tmp_path / "table.md", "µs \udce9\n")
    assert "µs \\udce9\n".encode() == (tmp_path / "table.md").read_bytes()
    assert ["table.md"] == names(tmp_path)


def test_an_output_through_a_link_keeps_the_link(tmp_path):
    """What the link points at is replaced, not the link."""
    (tmp_path / "real.md").write_text("old")
    (tmp_path / "link.md").symlink_to("real.md")
    write_text(tmp_path / "link.md", "new")
    assert "new" == (tmp_path / "real.md").read_text()
    assert (tmp_path / "link.md").is_symlink()


def test_a_device_is_written_to_and_stays_a_device():
    """`-o markdown=/dev/null` must not put a file in its place."""
    write_text(Path("/dev/null"), "text")
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("place", [".", "missing/table.md"])
def test_an_output_that_has_no_place_is_one_line(tmp_path, monkeypatch, place):
    """A folder, or a file in a folder that is not there."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CannotWrite, match=r"cannot be written, (is a directory|no such file or directory); make room"):
        write_text(Path(place), "text")
    assert [] == names(tmp_path)


def test_the_file_is_one_json_object(tmp_path):
    """Any JSON reader reads it, and its first key says what it is."""
    whole = json.loads(save(RUN, tmp_path).read_text())
    assert ("format", "serbench.run/1") == next(iter(whole.items()))


def test_a_page_that_is_there_is_refused_unless_forced(tmp_path):
    """Somebody's index.html is not written over by accident."""
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(
        UsageError, match=r"holds an index\.html already; choose another --dir, or replace it with --force"
    ):
        open_folder(tmp_path, force=False)
    assert tmp_path == open_folder(tmp_path, force=True)
    assert "mine" == (tmp_path / "index.html").read_text()


def test_an_old_page_is_forgotten(tmp_path):
    """It goes, and where there is none nothing happens."""
    (tmp_path / "index.html").write_text("of another run")
    forget_page(tmp_path)
    forget_page(tmp_path)
    assert [] == list(tmp_path.iterdir())


def test_a_name_that_is_too_long_is_one_error(tmp_path):
    """What the system refuses when it is asked whether something is there."""
    with pytest.raises(CannotWrite, match="file name too long"):
        open_folder(tmp_path / ("x" * 300), force=False)
