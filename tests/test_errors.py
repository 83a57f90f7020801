"""Errors: the tree in the docstring is the tree of the classes, and texts name what was probably meant."""

from __future__ import annotations

import inspect
import re

import pytest

from serbench import errors
from serbench.errors import SerbenchError, UnknownName, UnsupportedPayload

CLASSES = {
    name: kind
    for name, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, Exception) and kind.__module__ == errors.__name__
}


def documented():
    """Parent and exit code of each class, as the docstring draws them; None where there is none."""
    tree, above = {}, {}
    for line in errors.__doc__.splitlines():
        if drawn := re.fullmatch(r"    ((?:[|` ]   |[|`]-- )*)(\w+) +(\d+)?  +\S.*", line):
            depth = len(drawn[1]) // 4
            above[depth] = drawn[2]
            code = int(drawn[3]) if drawn[3] else None
            tree[drawn[2]] = (above[depth - 1] if depth else "Exception", code)
    return tree


def test_the_tree_is_as_it_is_drawn():
    """Each class under its parent with its exit code, and no class without a line."""
    real = {name: (kind.__base__.__name__, getattr(kind, "exit_code", None)) for name, kind in CLASSES.items()}
    assert real == documented()
    assert len(real) > 8


def test_what_ends_a_case_ends_no_command():
    """Those two are caught as what they are, and by no `except SerbenchError`."""
    outside = {name for name, kind in CLASSES.items() if not issubclass(kind, SerbenchError)}
    assert {"UnsupportedPayload", "WorkerFailure"} == outside


@pytest.mark.parametrize(
    ("name", "known", "hint"),
    [
        ("orjsn", ["msgpack", "orjson"], "did you mean orjson?"),
        ("json", ["orjson", "json5"], "did you mean json5?"),
        ("xml", ["orjson", "json"], "known: json, orjson"),
        ("", ["b", "a"], "known: a, b"),
        ("JSON", ["json"], "known: json"),
        ("x", [], "known: "),
    ],
)
def test_an_unknown_name_has_a_hint(name, known, hint):
    """The nearest that is known, or all of them in alphabetical order; what was said is quoted."""
    assert f"unknown codec {name!r}; {hint}" == str(UnknownName("codec", name, iter(known)))


def test_a_name_cannot_break_the_line():
    """It may come from a file, with ends of lines and control characters in it."""
    assert str(UnknownName("key", "a\nb\x1b", [])).startswith(r"unknown key 'a\nb\x1b'; ")


@pytest.mark.parametrize(
    ("given", "expected"), [(("too long",), "too long"), (("too long", "a[].b"), "a[].b: too long")]
)
def test_what_cannot_be_carried_has_its_path(given, expected):
    """Where there is one."""
    assert expected == str(UnsupportedPayload(*given))


@pytest.mark.parametrize("reason", ["", " \n"])
def test_a_refusal_without_a_reason_says_so(reason):
    """A case is not skipped with nothing to read."""
    said = "the codec refuses it and does not say why"
    assert [said, f"a[].b: {said}"] == [str(UnsupportedPayload(reason)), str(UnsupportedPayload(reason, "a[].b"))]
