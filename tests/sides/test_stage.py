import json
import subprocess
import sys
import sysconfig
from dataclasses import replace
from pathlib import Path

import pytest

from serbench import registry
from serbench.errors import UnusableFile
from serbench.sides import cache, interpreters, sampler, stage
from serbench.sides.base import Launch

LONG_SECONDS = 60.0
OWN = """
from serbench.codecs.json import Json
CODECS = (Json(name="own"),)
"""
IMPORT_ALL = """
import importlib, pathlib, sys
stage = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(stage))
for path in sorted((stage / "serbench").rglob("*.py")):
    name = ".".join(path.relative_to(stage).with_suffix("").parts).removesuffix(".__init__")
    if not name.startswith("serbench.codecs.") or name.endswith((".base", ".deviations")):
        importlib.import_module(name)
top = {name.partition(".")[0] for name in sys.modules}
print(sorted(top - set(sys.stdlib_module_names) - {"__main__", "__mp_main__"}))
"""


def never():
    """Nobody asks for the end."""
    return False


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """An interpreter that has nothing installed, not even pip."""
    folder = tmp_path_factory.mktemp("bare") / "env"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=LONG_SECONDS)
    return interpreters.ask(str(folder / "bin" / "python"), "bare")


def answers(launch, *requests):
    """What a worker says, without its signs of life and samples."""
    lines = "".join(json.dumps(request) + "\n" for request in requests)
    done = subprocess.run(
        launch.command,
        env=launch.variables(),
        input=lines,
        capture_output=True,
        text=True,
        timeout=LONG_SECONDS,
        check=True,
    )
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return [answer for answer in said if answer["is"] != "at"]


def test_a_worker_runs_from_a_stage_where_nothing_is_installed(bare, tmp_path):
    """It knows all codecs of serbench, those without a library as such, and the user's own."""
    own = tmp_path / "own.py"
    own.write_text(OWN)
    made = stage.make(bare, [own], stop=never)
    launch = Launch(python=bare.python, stage=str(made.path))
    sources = [*(s for s in registry.sources("codecs") if s.startswith("serbench.")), made.codec_files[own]]
    hello = {"do": "hello", "version": 1, "sources": sources, "describe": True, "sampler": made.sampler}
    told, floor, bye = answers(launch, hello, {"do": "floor"}, {"do": "bye"})
    assert ("hello", made.sampler, "floor", "bye") == (told["is"], told["sampler"], floor["is"], bye["is"])
    usable = {codec["name"] for codec in told["codecs"] if "unavailable" not in codec}
    assert {"json", "marshal", "marshal-view", "pickle", "pickle-view", "own"} == usable
    reasons = [codec["unavailable"] for codec in told["codecs"] if "unavailable" in codec]
    assert [] == [reason for reason in reasons if " is not installed; pip install " not in reason]


def test_serbench_is_imported_from_the_stage(bare):
    """Also by an interpreter that has another one installed: this one."""
    code = "import serbench.worker.__main__ as main, serbench; print(main.__file__, serbench.__file__)"
    for interpreter in (bare, interpreters.ask(sys.executable, "own")):
        made = stage.make(interpreter, [], stop=never)
        launch = Launch(python=interpreter.python, stage=str(made.path))
        said = subprocess.run(
            [launch.python, "-P", "-c", code],
            env=launch.variables(),
            capture_output=True,
            text=True,
            check=True,
            timeout=LONG_SECONDS,
        )
        assert all(Path(path).is_relative_to(made.path) for path in said.stdout.split())


def test_every_file_of_a_stage_can_be_imported_and_brings_nothing_else(bare):
    """Alone on the path of an isolated interpreter; codecs are the exception, for they bring their library."""
    made = stage.make(bare, [], stop=never)
    command = [bare.python, "-I", "-c", IMPORT_ALL, str(made.path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LONG_SECONDS, check=False)
    assert "['serbench']\n" == done.stdout, done.stderr


def test_byte_code_is_ready(bare):
    """Workers write none, and would compile all of it at every start."""
    made = stage.make(bare, [], stop=never)
    sources = list((made.path / "serbench").rglob("*.py"))
    assert len(sources) == len(list((made.path / "serbench").rglob("*.pyc")))
    code = f"import sys; sys.path.insert(0, {str(made.path)!r}); import serbench.units as u; print(u.__cached__)"
    command = [bare.python, "-I", "-v", "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=LONG_SECONDS)
    assert f"# code object from '{said.stdout.strip()}'" in said.stderr


def test_a_stage_is_made_once_for_the_same_content(bare, tmp_path):
    """Another codec file, or the same with another text, makes another one; nothing in the first changes."""
    own = tmp_path / "own.py"
    own.write_text(OWN)
    first = stage.make(bare, [own], stop=never)
    (first.path / "untouched").touch()
    assert first == stage.make(bare, [own], stop=never)
    assert (first.path / "untouched").exists()
    own.write_text(OWN + "# changed\n")
    second = stage.make(bare, [own], stop=never)
    assert first.path != second.path
    assert OWN == Path(first.codec_files[own]).read_text()


def test_two_codec_files_of_one_name_do_not_meet(bare, tmp_path):
    """Each in a folder of its own, under its own name."""
    paths = [tmp_path / folder / "own.py" for folder in "ab"]
    for path in paths:
        path.parent.mkdir()
        path.write_text(f"{OWN}# {path}\n")
    made = stage.make(bare, paths, stop=never)
    assert [path.read_text() for path in paths] == [Path(made.codec_files[path]).read_text() for path in paths]


def test_a_codec_file_that_is_no_python_is_copied_all_the_same(bare, tmp_path):
    """The worker says what is wrong with it."""
    own = tmp_path / "own.py"
    own.write_text("def\n")
    assert "def\n" == Path(stage.make(bare, [own], stop=never).codec_files[own]).read_text()


def test_a_codec_file_that_is_not_there(bare, tmp_path):
    """The path is in the line."""
    with pytest.raises(
        UnusableFile, match=r"/own\.py: cannot be read, no such file or directory; name another codec file"
    ):
        stage.make(bare, [tmp_path / "own.py"], stop=never)


def test_a_stage_appears_with_its_mark_in_it(bare, monkeypatch, tmp_path):
    """By one rename: nobody sees half of it, and nothing of the making is left."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    first = stage.make(bare, [], stop=never)
    assert [] == list(cache.folder("passing").iterdir())
    assert {"sampler", "python"} == set(cache.read_mark(first.path / "stage.json"))
    assert first.sampler == cache.read_mark(first.path / "stage.json")["sampler"]


COMPILES = bool(sampler.way(replace(interpreters.ask(sys.executable, "own"), suffix=".other.so")).command)


def test_an_interpreter_of_the_same_kind_gets_a_copy_of_the_sampler(bare):
    """Where there is one."""
    chosen = sampler.way(bare)
    suffix = sysconfig.get_config_var("EXT_SUFFIX")
    own = Path(sampler.SOURCE).with_name(f"_sampler{suffix}")
    assert (own if own.is_file() else None) == chosen.copied


@pytest.mark.skipif(not COMPILES, reason="needs a C compiler and Python.h")
def test_another_interpreter_gets_one_that_is_compiled_for_it(bare, tmp_path):
    """It is imported by that interpreter before it is trusted."""
    chosen = replace(sampler.way(replace(bare, suffix=".other.so")), suffix=bare.suffix)
    place = tmp_path / "serbench" / "worker"
    place.mkdir(parents=True)
    (place / "__init__.py").touch()
    (place.parent / "__init__.py").touch()
    assert chosen.copied is None
    assert sampler.put(chosen, tmp_path, bare, tmp_path / "log", never)
    assert (place / f"_sampler{bare.suffix}").is_file()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"include": "/nowhere"}, "no Python.h"),
        ({"suffix": ""}, "no extension modules"),
        ({"implementation": "PyPy"}, "another C interface"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_without_what_it_takes_there_is_none(bare, change, reason):
    """The sampler in Python is there always."""
    chosen = sampler.way(replace(bare, **{"suffix": ".other.so"} | change))
    assert (None, ()) == (chosen.copied, tuple(chosen.command)), reason


@pytest.mark.parametrize("command", [("false",), ("./no-such-compiler",), ("sh", "-c", "echo rubbish > $2", "sh")])
def test_a_compiler_that_fails_or_makes_rubbish_leaves_nothing(bare, tmp_path, command):
    """And the worker would take the one in Python."""
    (tmp_path / "serbench" / "worker").mkdir(parents=True)
    chosen = sampler.Way(suffix=bare.suffix, command=command)
    assert not sampler.put(chosen, tmp_path, bare, tmp_path / "log", never)
    assert [] == list((tmp_path / "serbench" / "worker").iterdir())


def test_a_stage_that_lacks_a_file_is_made_anew(bare):
    """Whoever cleans a cache may have taken one."""
    made = stage.make(bare, [], stop=never)
    lost = made.path / "serbench" / "units.py"
    lost.unlink()
    assert made == stage.make(bare, [], stop=never)
    assert lost.is_file()
