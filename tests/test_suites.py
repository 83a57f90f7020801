"""Suites from TOML, names from patterns, seconds from text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench import suites
from serbench.errors import UnknownName, UnusableFile, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CODECS = ("json", "marshal", "msgspec-json", "orjson", "pickle")
WHOLE = """
title = "One"
budget = "1500ms"
[cases]
codecs = ["json*", "msgpack"]
payloads = ["order"]
operations = ["all", "!dump"]
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], str]:
    """Writes a suite and returns its path."""

    def write(text: str) -> str:
        path = tmp_path / "mine.toml"
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_known_suites_load():
    """The three suites that come with serbench are found by name and can be read."""
    assert ("default", "full", "smoke") == suites.known()
    assert list(suites.known()) == [suites.load(name).name for name in suites.known()]


def test_default_suite_is_the_documented_one():
    """Five codecs, five payloads, three operations, the collector on, one minute."""
    suite = suites.load("default")
    assert suite == suites.Suite(
        name="default",
        title=suite.title,
        budget_seconds=60.0,
        codecs=("json", "orjson", "msgpack", "msgspec-json-struct", "protobuf"),
        payloads=("ping", "order", "chat", "telemetry", "feed"),
        operations=("encode", "decode", "read"),
        gc=("on",),
        heap=(0,),
        threads=(1,),
    )


def test_budgets_of_the_others():
    """Smoke is over in ten seconds; full leaves out no codec, payload or operation."""
    assert suites.load("smoke").budget_seconds == 10.0
    full = suites.load("full")
    assert (("all",), ("all",), 5) == (full.codecs, full.payloads, len(full.operations))


def test_file_is_read(written):
    """A file gives its suite: named after the file, operations resolved, codecs as written, the collector on."""
    assert suites.load(written(WHOLE)) == suites.Suite(
        name="mine",
        title="One",
        budget_seconds=1.5,
        codecs=("json*", "msgpack"),
        payloads=("order",),
        operations=("encode", "decode", "load", "read"),
        gc=("on",),
        heap=(0,),
        threads=(1,),
    )


def test_collector_states_are_read(written):
    """`gc` lists the states of the collector, in the order asked for."""
    assert suites.load(written(WHOLE + 'gc = ["off", "on"]')).gc == ("off", "on")


def test_heap_and_threads_are_read(written):
    """Whole numbers, each once, in the order asked for."""
    suite = suites.load(written(WHOLE + "heap = [20000, 0, 20000]\nthreads = [4, 1]"))
    assert ((20_000, 0), (4, 1)) == (suite.heap, suite.threads)


def test_name_wins_over_file(tmp_path, monkeypatch):
    """`smoke` is the suite even where a file of that name lies; `./smoke` is the file."""
    (tmp_path / "smoke").write_text(WHOLE)
    monkeypatch.chdir(tmp_path)
    assert suites.load("smoke").budget_seconds == 10.0
    assert suites.load("./smoke").budget_seconds == 1.5


def test_file_without_suffix_is_found(tmp_path, monkeypatch):
    """A file stands wherever a name does."""
    (tmp_path / "nightly").write_text(WHOLE)
    monkeypatch.chdir(tmp_path)
    assert suites.load("nightly").name == "nightly"


def test_unknown_suite_names_the_nearest():
    """What is neither a suite nor a file is answered with the suite that was probably meant."""
    with pytest.raises(UnknownName, match=r"^unknown suite 'defualt'; did you mean default\?$"):
        suites.load("defualt")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title =\n", r"not TOML: .*line 1"),
        (WHOLE.replace("budget", "budgt"), r"unknown key 'budgt'; did you mean budget\?"),
        (WHOLE + "codec = []", r"unknown key 'cases.codec'; did you mean cases.codecs\?"),
        (WHOLE.replace('title = "One"', ""), "the key title is missing"),
        (WHOLE.replace('payloads = ["order"]', ""), "the key cases.payloads is missing"),
        (WHOLE.replace('"1500ms"', "60"), "budget: 60 is no text; write it in quotes"),
        (WHOLE.replace('"1500ms"', '"soon"'), "'soon' is no duration; write it as 60s"),
        (WHOLE.replace('["order"]', '"order"'), "cases.payloads: 'order' is no list of names"),
        (WHOLE.replace('["order"]', "[]"), r"cases.payloads: \[\] is no list of names"),
        (WHOLE.replace('["order"]', "[7]"), r"cases.payloads: \[7\] is no list of names"),
        (WHOLE.replace('"!dump"', '"red"'), r"unknown operation 'red'; did you mean read\?"),
        (WHOLE + 'gc = ["of"]', r"unknown collector state 'of'; did you mean off\?"),
        (WHOLE + "heap = 3", r"cases.heap: 3 is no list of whole numbers from 0 on; write it as \[0\]"),
        (WHOLE + "heap = [-1]", r"cases.heap: \[-1\] is no list of whole numbers from 0 on"),
        (WHOLE + "heap = []", r"cases.heap: \[\] is no list of whole numbers"),
        (WHOLE + 'heap = ["20k"]', r"cases.heap: \['20k'\] is no list of whole numbers"),
        (WHOLE + "threads = [0]", r"cases.threads: \[0\] is no list of whole numbers from 1 on; write it as \[1\]"),
        (WHOLE + "threads = [true]", r"cases.threads: \[True\] is no list of whole numbers"),
        (WHOLE + "threads = [1.5]", r"cases.threads: \[1.5\] is no list of whole numbers"),
        (WHOLE + "thread = [1]", r"unknown key 'cases.thread'; did you mean cases.threads\?"),
        ('title = "One"\nbudget = "1s"\ncases = 3', "cases: not a table"),
    ],
)
def test_bad_file_is_one_line(written, text, message):
    """Whatever is wrong in a suite is said in one line that begins with the file."""
    path = written(text)
    with pytest.raises(UnusableFile, match=message) as caught:
        suites.load(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_unreadable_file_is_one_line(tmp_path):
    """A missing file, a folder and bytes that are no text are named as what they are."""
    with pytest.raises(UnusableFile, match=r"gone.toml: no such file; suites by name are: default, full, smoke$"):
        suites.load(str(tmp_path / "gone.toml"))
    with pytest.raises(UnusableFile, match=r"cannot be read: Is a directory$"):
        suites.load(str(tmp_path))
    (tmp_path / "image.toml").write_bytes(b"\xff\xd8")
    with pytest.raises(UnusableFile, match="not TOML: "):
        suites.load(str(tmp_path / "image.toml"))


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (["orjson", "json"], ("orjson", "json")),
        (["orjson,json", "orjson"], ("orjson", "json")),
        (["*json"], ("json", "msgspec-json", "orjson")),
        (["orjson", "*json"], ("orjson", "json", "msgspec-json")),
        (["all"], CODECS),
        (["pickle", "all"], ("pickle", "json", "marshal", "msgspec-json", "orjson")),
        (["!pickle,!m*"], ("json", "orjson")),
        (["all", "!*json"], ("marshal", "pickle")),
        (["!orjson", "*json"], ("json", "msgspec-json")),
        (["json", "!pickle"], ("json",)),
        ([" json , orjson "], ("json", "orjson")),
        (["[jp]*"], ("json", "pickle")),
        ([], CODECS),
    ],
)
def test_select(patterns, chosen):
    """Names as asked for, patterns in the order of what there is, each once; exclusions hold wherever they stand."""
    assert chosen == suites.select(patterns, CODECS, "codec")


def test_select_prefers_the_exact_name():
    """A name that looks like a pattern, or like `all`, stands for itself where it exists."""
    assert suites.select(["a*"], ("a1", "a*"), "payload") == ("a*",)
    assert suites.select(["all"], ("a1", "all"), "payload") == ("all",)


@pytest.mark.parametrize(
    ("patterns", "error", "message"),
    [
        (["orjsn"], UnknownName, r"^unknown codec 'orjsn'; did you mean orjson\?$"),
        (["!pickel"], UnknownName, r"^unknown codec 'pickel'; did you mean pickle\?$"),
        (["JSON"], UnknownName, r"^unknown codec 'JSON'; "),
        (["xml*"], UsageError, r"^no codec matches 'xml\*'; known: json, "),
        (["!xml*"], UsageError, r"^no codec matches 'xml\*'; "),
        (["json,"], UsageError, r"^an empty codec name; "),
        (["!"], UsageError, r"^an empty codec name; "),
        (["json", "!json"], UsageError, r"^no codec is left of json, !json; take an exclusion away$"),
        (["!all"], UsageError, r"^no codec is left of !all; "),
    ],
)
def test_select_refuses(patterns, error, message):
    """What stands for nothing is an error that says what there is."""
    with pytest.raises(error, match=message):
        suites.select(patterns, CODECS, "codec")


@given(st.lists(st.sampled_from([*CODECS, "all", "*json", "m*"]), min_size=1), st.sets(st.sampled_from(CODECS)))
def test_selected_names_exist_once_and_are_not_excluded(wanted, unwanted):
    """Whatever is asked for, the answer holds known names only, none twice, none excluded."""
    try:
        chosen = suites.select([*wanted, *(f"!{name}" for name in unwanted)], CODECS, "codec")
    except UsageError:
        return
    assert set(chosen) <= set(CODECS) - unwanted
    assert len(chosen) == len(set(chosen))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("60s", 60.0), ("1500ms", 1.5), ("2m", 120.0), ("1h", 3600.0), ("90", 90.0), ("0.5 h", 1800.0), (" 1.5s ", 1.5)],
)
def test_duration(text, seconds):
    """A number with a unit, or seconds without one."""
    assert seconds == suites.duration(text)


@pytest.mark.parametrize(
    "text", ["", "s", "0", "0ms", "-1s", "nan", "inf", "1e3", "1d", "1m30s", "٣s", "9" * 400, "5s\nx"]
)
def test_duration_refuses(text):
    """What is no time, or none at all, is named and answered with how to write it."""
    with pytest.raises(UsageError, match=r"is no duration; write it as 60s, 1500ms, 2m or 1h$"):
        suites.duration(text)


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ([], ()),
        (["0"], (0,)),
        (["20k"], (20_000,)),
        (["0,20k", "5"], (0, 20_000, 5)),
        ([" 1 , 2k "], (1, 2_000)),
        ([7], (7,)),
        (["007"], (7,)),
    ],
)
def test_numbers(texts, expected):
    """One or several between commas; a k is a thousand."""
    assert expected == suites.numbers(texts, "heap")


@pytest.mark.parametrize("text", ["", "many", "-1", "1.5", "1e3", "20K", "20 k", "k", "1,,2", "٣", "5\nx"])
def test_numbers_refuse(text):
    """What is no whole number is named, with the option and how to write it."""
    with pytest.raises(UsageError, match=r"^heap: '.*' is no whole number; write it as 20000 or 20k$"):
        suites.numbers([text], "heap")
