"""The folder of a gate: made before anything is measured, never over what is there, gone again if nothing came."""

from __future__ import annotations

import re

import pytest

import two_sides
from serbench.errors import UsageError
from serbench.store import files
from serbench.store.halves import SIDES, Halves, new_id


@pytest.fixture(scope="module")
def both():
    """Two runs."""
    return two_sides.runs({two_sides.DECODE: [1.1, 1.2]})


def inside(folder):
    """What is there."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_both_halves_lie_in_folders_of_their_own(tmp_path, both):
    """Made with their parents; what is saved is read back, base as base."""
    halves = Halves(tmp_path / "a" / "b", force=False)
    assert ["a", "a/b", "a/b/base", "a/b/new"] == inside(tmp_path)
    halves.save(*both)
    assert both == tuple(files.load(tmp_path / "a" / "b" / side) for side in SIDES)
    assert ["base", "base/run.json", "new", "new/run.json"] == inside(tmp_path / "a" / "b")


def test_they_may_be_saved_again(tmp_path, both):
    """In place of those before."""
    halves = Halves(tmp_path / "a", force=False)
    halves.save(*both)
    halves.save(*reversed(both))
    assert tuple(reversed(both)) == tuple(files.load(tmp_path / "a" / side) for side in SIDES)


@pytest.mark.parametrize("there", ["base/run.json", "new/run.json", "run.json", "index.html", "new/index.html"])
def test_what_is_there_is_not_replaced(tmp_path, there):
    """A run on either side, the run of no gate, a page: unless that is what was asked for."""
    place = tmp_path / "gate" / there
    place.parent.mkdir(parents=True)
    place.write_text("mine")
    with pytest.raises(UsageError, match="already; choose another --dir, or replace it with --force"):
        Halves(tmp_path / "gate", force=False)
    assert "mine" == place.read_text()
    Halves(tmp_path / "gate", force=True)
    assert "mine" == place.read_text()


def test_forced_they_replace_what_is_there(tmp_path, both):
    """Once they are saved, and not before."""
    Halves(tmp_path, force=False).save(*both)
    Halves(tmp_path, force=True).save(*reversed(both))
    assert both[1] == files.load(tmp_path / "base")


def test_what_was_made_for_nothing_is_taken_away(tmp_path):
    """With the parents that were made for it, and no others."""
    (tmp_path / "kept").mkdir()
    Halves(tmp_path / "kept" / "a" / "b", force=False).tidy()
    assert ["kept"] == inside(tmp_path)


def test_a_folder_that_was_there_stays(tmp_path):
    """As it was, with what lies in it."""
    (tmp_path / "gate").mkdir()
    Halves(tmp_path / "gate", force=False).tidy()
    assert ["gate"] == inside(tmp_path)
    (tmp_path / "gate" / "notes.txt").write_text("mine")
    Halves(tmp_path / "gate", force=False).tidy()
    assert ["gate", "gate/notes.txt"] == inside(tmp_path)


def test_what_was_saved_stays(tmp_path, both):
    """Both halves, and the page beside them."""
    halves = Halves(tmp_path / "a" / "gate", force=False)
    halves.save(*both)
    files.write_text(tmp_path / "a" / "gate" / files.PAGE_FILE, "page")
    before = inside(tmp_path)
    halves.tidy()
    halves.tidy()
    assert before == inside(tmp_path)


def test_ids_are_unique_and_sorted_by_time():
    """The UTC time, and four digits that no two have."""
    ids = {new_id() for _ in range(50)}
    assert len(ids) > 45
    assert all(re.fullmatch(r"\d{8}T\d{6}Z-[0-9a-f]{4}", one) for one in ids)


def test_a_users_own_empty_folders_stay(tmp_path):
    """Only what was made here is taken away."""
    (tmp_path / "gate" / "base").mkdir(parents=True)
    Halves(tmp_path / "gate", force=False).tidy()
    assert ["base"] == [path.name for path in (tmp_path / "gate").iterdir()]


def test_the_page_of_the_runs_before_goes(tmp_path, both):
    """It would stand beside others."""
    (tmp_path / "index.html").write_text("old")
    Halves(tmp_path, force=True).save(*both)
    assert not (tmp_path / "index.html").exists()
