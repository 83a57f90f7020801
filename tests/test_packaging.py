"""What is built from the source tree is whole, wherever it is installed; the front door is lazy."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import pytest

import serbench

ROOT = Path(__file__).parents[1]
SOURCES = ROOT / "src" / "serbench"
COMPILER = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
COMPILES = shutil.which(COMPILER) and Path(sysconfig.get_paths()["include"], "Python.h").is_file()
INSTALL = ("-m", "pip", "install", "--no-deps", "--no-index", "--no-compile", "--target")
NO_SOURCES = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.so")
SHOW = """
import importlib.resources, json, serbench
data = importlib.resources.files("serbench") / "_data"
print(json.dumps({
    "file": serbench.__file__,
    "version": serbench.__version__,
    "payloads": sorted(entry.name for entry in (data / "payloads").iterdir()),
    "suites": sorted(entry.name for entry in (data / "suites").iterdir()),
}))
"""


def python(*arguments: str, cwd: Path, **environment: str) -> str:
    """What this interpreter prints when it is run in that folder, with more environment."""
    command = [sys.executable, *arguments]
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheels(tmp_path_factory) -> dict[str, Path]:
    """Wheels of a copy of the tree, of its sdist, and without a compiler; nothing is downloaded or left behind."""
    sources = tmp_path_factory.mktemp("sources")
    for name in ("pyproject.toml", "setup.py", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, sources)
    for name in ("src", "payloads", "benchmarks"):
        shutil.copytree(ROOT / name, sources / name, symlinks=True, ignore=NO_SOURCES)
    built = {}
    for origin, options, environment in [
        ("sdist", (), {}),
        ("tree", ("--wheel",), {}),
        ("no-compiler", ("--wheel",), {"CC": "false"}),
    ]:
        tree = tmp_path_factory.mktemp(origin) / "tree"  # one each: a build leaves behind what the next would take
        shutil.copytree(sources, tree, symlinks=True)
        python("-m", "build", "--no-isolation", *options, "--outdir", "dist", ".", cwd=tree, **environment)
        (built[origin],) = (tree / "dist").glob("*.whl")
    return built


def files_of_the_package() -> dict[str, bytes]:
    """Path and content of all that belongs to the package, links followed; what was compiled in place does not."""
    found = {}
    for folder, _, names in os.walk(SOURCES, followlinks=True):
        if not folder.endswith("__pycache__"):
            paths = (Path(folder, name) for name in names if not name.endswith(".so"))
            found |= {f"serbench/{path.relative_to(SOURCES)}": path.read_bytes() for path in paths}
    return found


@pytest.mark.parametrize("origin", ["tree", "sdist", "no-compiler"])
def test_wheel_holds_the_whole_package(wheels, origin):
    """Every file of the package is in the wheel with its content, links as what they point at, and the C sampler."""
    with zipfile.ZipFile(wheels[origin]) as wheel:
        packed = {name: wheel.read(name) for name in wheel.namelist() if ".dist-info/" not in name}
        licences = [name for name in wheel.namelist() if name.endswith("/licenses/LICENSE")]
    compiled = [name for name in packed if re.fullmatch(r"serbench/worker/_sampler\.[^/]+\.so", name)]
    for name in compiled:
        del packed[name]
    expected = files_of_the_package()
    assert sorted(expected) == sorted(packed)
    assert expected == packed
    assert len(licences) == 1
    assert len(compiled) == (1 if COMPILES and origin != "no-compiler" else 0)


def test_installed_wheel_has_its_data(wheels, tmp_path):
    """Installed elsewhere and used from elsewhere, serbench is that one, with payloads, suites and version."""
    target = tmp_path / "site"
    python(*INSTALL, str(target), str(wheels["sdist"]), cwd=tmp_path)
    shown = json.loads(python("-c", SHOW, cwd=tmp_path, PYTHONPATH=str(target)))
    assert shown == {
        "file": str(target / "serbench" / "__init__.py"),
        "version": tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"],
        "payloads": sorted(folder.name for folder in (ROOT / "payloads").iterdir()),
        "suites": sorted(file.name for file in (ROOT / "benchmarks").glob("*.toml")),
    }


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        pytest.param("tree", "native", marks=pytest.mark.skipif(not COMPILES, reason="there is no C compiler")),
        ("no-compiler", "python"),
    ],
)
def test_the_sampler_is_native_where_there_is_a_compiler(wheels, tmp_path, origin, name):
    """Without one the wheel is built and installed all the same, and the sampler in Python is used."""
    target = tmp_path / "site"
    python(*INSTALL, str(target), str(wheels[origin]), cwd=tmp_path)
    code = "import serbench.worker.sampler as s; print(s.__file__, s.load().NAME)"
    shown = python("-c", code, cwd=tmp_path, PYTHONPATH=str(target))
    assert shown == f"{target / 'serbench' / 'worker' / 'sampler.py'} {name}\n"


def test_copied_files_have_no_version(tmp_path):
    """Files that were copied and not installed say so instead of failing."""
    shutil.copytree(SOURCES, tmp_path / "serbench", symlinks=True, ignore=NO_SOURCES)
    code = "import sys; sys.path.insert(0, sys.argv[1]); import serbench; print(serbench.__version__)"
    assert python("-I", "-S", "-c", code, str(tmp_path), cwd=tmp_path) == "0+unknown\n"


def test_importing_serbench_imports_nothing_of_it(tmp_path):
    """`import serbench` loads none of its modules and no library, nor what takes long in Python's own."""
    code = "import sys; before = set(sys.modules); import serbench; print(*sorted(set(sys.modules) - before))"
    loaded = {name.partition(".")[0] for name in python("-c", code, cwd=tmp_path).split()}
    assert loaded <= {"serbench", *sys.stdlib_module_names} - {"asyncio", "email", "inspect", "json", "zipfile"}
    assert " serbench." not in python("-c", code, cwd=tmp_path)


def test_front_door(tmp_path):
    """The functions of the front door are found, and stay functions when modules of the same name are imported."""
    code = """
import serbench.report, serbench.compare
import serbench
doors = ("run", "load", "report", "compare")
before = [type(getattr(serbench, door)).__name__ for door in doors]
import serbench.api
after = [type(getattr(serbench, door)).__name__ for door in doors]
print(*before, *after, *(getattr(serbench, door) is getattr(serbench.api, door) for door in doors))
"""
    assert python("-c", code, cwd=tmp_path).split() == ["function"] * 8 + ["True"] * 4


def test_front_door_lists_its_names():
    """`dir(serbench)` shows what can be had, and what cannot is an AttributeError that says so."""
    assert set(serbench.__all__) <= set(dir(serbench))
    with pytest.raises(AttributeError, match="module 'serbench' has no attribute 'nothing'"):
        _ = serbench.nothing


def test_every_suite_is_linked():
    """A suite in benchmarks/ comes with the package through its link."""
    linked = {link.name: link.resolve() for link in (SOURCES / "_data" / "suites").iterdir()}
    assert linked == {file.name: file for file in (ROOT / "benchmarks").glob("*.toml")}
