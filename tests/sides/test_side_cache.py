import os

import pytest

from serbench.errors import CannotWrite, Interrupted
from serbench.sides import cache


def never():
    """Nobody asks for the end."""
    return False


def test_a_relative_cache_folder_is_none(monkeypatch, tmp_path):
    """As the specification of XDG says; the home's is taken."""
    monkeypatch.setenv("XDG_CACHE_HOME", "here")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert tmp_path / ".cache" / "serbench" / "sides" / "x" == cache.folder("x")


def test_a_folder_that_nobody_may_write_to(monkeypatch, tmp_path):
    """The error says which, why, and what to do."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    with pytest.raises(CannotWrite, match=r"/file/.*: cannot be written, not a directory; make room, or set XDG_"):
        cache.folder()


def test_a_key_is_the_same_for_the_same_material():
    """The order of names does not matter, that of values does."""
    assert cache.key({"a": [1, 2], "b": ""}) == cache.key({"b": "", "a": (1, 2)})
    assert cache.key([1, 2]) != cache.key([2, 1])


def test_a_lock_is_held_by_who_has_its_descriptor():
    """A program that inherited it keeps others waiting when who took it has gone; that is told once, and can end."""
    with cache.locked("a", tell=print, stop=never) as lock:
        inherited = os.dup(lock)
    told, looks = [], []

    def stop():
        looks.append(1)
        return len(looks) > 2

    with pytest.raises(Interrupted), cache.locked("a", tell=told.append, stop=stop):
        pass
    assert ["another serbench makes the same environment; waiting for it"] == told
    os.close(inherited)
    with cache.locked("a", tell=told.append, stop=never):
        assert 1 == len(told)


def test_a_folder_that_a_build_has_closed_is_removed_all_the_same(tmp_path):
    """Whatever its permissions."""
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "file").touch()
    inner.chmod(0o500)
    cache.remove(tmp_path / "a")
    assert not (tmp_path / "a").exists()
    cache.remove(tmp_path / "a")


def test_what_passes_is_gone_afterwards():
    """Also after an error."""
    used = []

    def fail():
        with cache.passing("x") as path:
            (path / "file").touch()
            used.append(path)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [False] == [path.exists() for path in used]


def test_a_mark_is_whole_or_none(tmp_path):
    """One that is cut short or something else is none."""
    path = tmp_path / "mark.json"
    assert cache.read_mark(path) is None
    cache.write_mark(path, {"a": 1})
    assert {"a": 1} == cache.read_mark(path)
    assert [path] == list(tmp_path.iterdir())
    for text in ('{"a"', "[1]", ""):
        path.write_text(text)
        assert cache.read_mark(path) is None
