"""Plug-ins are found by being there: modules of a seam's package, entry points of others, files."""

from __future__ import annotations

import pickle
import sys
from pathlib import Path

import pytest

import serbench
from serbench import registry
from serbench.errors import UnusableFile

PACKAGE = Path(serbench.__file__).parent


def distribution(folder, name, **points):
    """Has a distribution in a folder with these entry points, several of a seam between commas."""
    info = folder / f"{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
    text = ""
    for seam, targets in points.items():
        entries = [f"{name}{n} = {target}" for n, target in enumerate(targets.split(","))]
        text += "\n".join([f"[serbench.{seam}]", *entries, ""])
    (info / "entry_points.txt").write_text(text)


@pytest.fixture
def site(tmp_path, monkeypatch):
    """A folder that is looked through for modules and distributions; what is imported from it is forgotten again."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


@pytest.mark.parametrize("seam", sorted(registry.SHARED))
def test_what_a_package_holds_is_found(seam):
    """Every module of it, in alphabetical order, but those that plug-ins share."""
    shared = {*registry.SHARED[seam], "__init__"}
    there = sorted({path.stem for path in (PACKAGE / seam).glob("*.py")} - shared)
    assert [f"serbench.{seam}.{name}" for name in there] == list(registry.sources(seam))


@pytest.mark.parametrize("seam", sorted(registry.SHARED))
def test_what_is_shared_is_there(seam):
    """A module that was renamed would be taken for a plug-in under its new name."""
    names = {path.stem for path in (PACKAGE / seam).iterdir()}
    assert set() == registry.SHARED[seam] - names


def test_entry_points_come_behind_own_modules(site):
    """Their modules in alphabetical order, those of the seam only, and nothing of them is imported."""
    distribution(site, "zeta", codecs="zeta_codecs:CODECS,beta_codecs:CODECS", payloads="zeta_payloads:PAYLOADS")
    distribution(site, "alpha", codecs="alpha.codecs")
    assert ["alpha.codecs", "beta_codecs", "zeta_codecs"] == list(registry.sources("codecs"))[-3:]
    assert ["serbench.payloads.ticks", "zeta_payloads"] == list(registry.sources("payloads"))[-2:]
    assert () == tuple(name for name in sys.modules if "zeta" in name or "alpha" in name)


def test_plug_ins_are_what_modules_end_in(site):
    """All of them in one row, own ones first; a module that has none brings none."""
    (site / "two.py").write_text("CHARTS = ('first', 'second')\nRENDERERS = ('other',)\n")
    (site / "none.py").write_text("")
    distribution(site, "zz", charts="two:CHARTS")
    distribution(site, "none", charts="none:CHARTS")
    own = registry.plug_ins("charts")[:-2]
    assert (*own, "first", "second") == registry.plug_ins("charts")
    assert len(own) >= 3


def test_a_module_is_imported_by_its_name(site):
    """The module itself, once."""
    (site / "mine.py").write_text("")
    assert registry.load("mine") is sys.modules["mine"]
    assert registry.load("mine") is registry.load("mine")


def test_a_file_is_imported_from_its_path(tmp_path, monkeypatch):
    """Relative to where one stands, whatever its name; its classes can be pickled, as dataclasses need it."""
    path = tmp_path / "my codec-2.py"
    path.write_text("class Mine:\n    pass\nCODECS = (Mine(),)\n")
    monkeypatch.chdir(tmp_path)
    for source in (str(path), "my codec-2.py", f"../{tmp_path.name}/./my codec-2.py"):
        module = registry.load(source)
        (made,) = pickle.loads(pickle.dumps(module.CODECS))
        assert type(made) is module.Mine
    del sys.modules[module.__name__]


def test_a_file_does_not_take_the_place_of_a_module(tmp_path):
    """One that is called like its library, as the house wants it, leaves the library alone."""
    import json

    (tmp_path / "json.py").write_text("import json\nTHERE = json.dumps\n")
    module = registry.load(str(tmp_path / "json.py"))
    assert json.dumps is module.THERE
    assert json is sys.modules["json"]
    del sys.modules[module.__name__]


def test_a_file_is_read_anew(tmp_path):
    """What was changed is what is loaded."""
    path = tmp_path / "mine.py"
    for content in ("A = 'first'", "A = 'the second'"):
        path.write_text(content)
        module = registry.load(str(path))
        assert content.partition("'")[2][:-1] == module.A
    del sys.modules[module.__name__]


@pytest.mark.parametrize("name", ["gone.py", "folder.py", "no/such.py"])
def test_no_file_is_an_error(tmp_path, monkeypatch, name):
    """Not there, or a folder: named as it was given."""
    monkeypatch.chdir(tmp_path)
    Path("folder.py").mkdir()
    with pytest.raises(UnusableFile) as caught:
        registry.load(name)
    assert f"{name}: no such Python file" == str(caught.value)


def test_what_a_module_raises_is_handed_on(tmp_path, site):
    """Whatever it is: who asked for it says what that means."""
    (tmp_path / "broken.py").write_text("1 +")
    (site / "exits.py").write_text("raise SystemExit(5)")
    with pytest.raises(SyntaxError):
        registry.load(str(tmp_path / "broken.py"))
    with pytest.raises(SystemExit):
        registry.load("exits")
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        registry.load("no_such_module")
    sys.modules.pop("serbench_plugin_broken", None)
