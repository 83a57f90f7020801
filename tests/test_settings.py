"""Defaults of the command line from pyproject.toml: known keys become parameters, all else is said in one line."""

from __future__ import annotations

import inspect

import pytest

from serbench import settings
from serbench.cli import measuring
from serbench.errors import UnusableFile


@pytest.fixture
def defaults(tmp_path):
    """The defaults that a file with this content makes."""

    def read(content):
        path = tmp_path / "pyproject.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return settings.defaults(path)

    return read


def test_no_file_has_no_defaults(tmp_path):
    """Most folders have none."""
    assert {} == settings.defaults(tmp_path / "pyproject.toml")


@pytest.mark.parametrize("content", ["", "[project]\nname = 'mine'", "[tool.ruff]\nserbench = 1", "tool = 3"])
def test_a_file_that_says_nothing_of_serbench(defaults, content):
    """What stands in it for others, right or wrong, is theirs."""
    assert {"run": {}} == defaults(content)


def test_keys_become_parameters(defaults):
    """As they are; what an option may have several of is a list also where the file has one."""
    content = "[tool.serbench]\ncodec = 'orjson'\nformat = ['json', 'msgpack']\nbudget = '5s'\nseed = 7\nop = []"
    expected = {"codec": ["orjson"], "format_": ["json", "msgpack"], "budget": "5s", "seed": 7, "op": []}
    assert {"run": expected} == defaults(content)


def test_what_is_one_number_is_a_list_of_it(defaults):
    """A heap and threads may be several, and passes are; the other numbers are one."""
    content = "[tool.serbench]\nheap = 20000\nthreads = [1, 4]\npass = 'time'\ninstances = 5"
    expected = {"heap": [20_000], "threads": [1, 4], "pass_": ["time"], "instances": 5}
    assert {"run": expected} == defaults(content)


def test_every_key_is_an_option_of_run():
    """And those that are lists there are made lists here."""
    parameters = inspect.signature(measuring.run, eval_str=True).parameters
    assert set() == set(settings.KEYS.values()) - set(parameters)
    lists = {key for key, name in settings.KEYS.items() if "list[str]" in str(parameters[name].annotation)}
    assert settings._LISTS == lists


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[tool.serbench]\ncodecs = []", "[tool.serbench] has no key 'codecs'; did you mean codec?"),
        ("[tool.serbench]\nx = true", "[tool.serbench] has no key 'x'; known: suite, codec, format, op, gc, "),
        ("[tool]\nserbench = 3", "serbench in [tool] is no table; write it as [tool.serbench]"),
        ("[[tool.serbench]]\ncodec = 'json'", "serbench in [tool] is no table; write it as [tool.serbench]"),
        ("[tool.serbench\n", "cannot be read: "),
        (b"name = '\xff'", "cannot be read: "),
    ],
)
def test_what_is_wrong_is_one_line(defaults, tmp_path, content, words):
    """It begins with the file."""
    with pytest.raises(UnusableFile) as caught:
        defaults(content)
    assert str(caught.value).startswith(f"{tmp_path / 'pyproject.toml'}: {words}")
    assert "\n" not in str(caught.value)


def test_a_folder_in_its_place(tmp_path):
    """It is named and is no traceback."""
    (tmp_path / "pyproject.toml").mkdir()
    with pytest.raises(UnusableFile, match=r"pyproject\.toml: cannot be read: "):
        settings.defaults(tmp_path / "pyproject.toml")
