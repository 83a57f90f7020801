"""The page about messages: an entry for each, none left over, and texts that are what serbench prints."""

import ast
import inspect
import json
import re
import signal
import subprocess
import sys
import time
from datetime import date
from functools import cache
from pathlib import Path

import page_faults
import pytest

import serbench
from docs_examples import DOCS, sections, shell, typed
from serbench import errors
from serbench.harness import extras, notices
from serbench.schema import spool
from serbench.worker.verify import first_difference

PAGE = DOCS / "messages.md"
CHAPTERS = sections(PAGE.read_text(), 2)
ERRORS = sections(CHAPTERS["Errors"], 3)
CAUTIONS = sections(CHAPTERS["Cautions"], 3)
SOURCES = [path.read_text() for path in Path(serbench.__file__).parent.rglob("*.py")]

# Reasons that take a machine without time or memory to be seen: these texts stand in the source.
RARE = {
    "the budget was over before its first block",
    "stopped before its first block",
    "its worker could not be started again",
}

# Reasons that the tests of the harness bring about, with codecs and heaps that are made for it.
ELSEWHERE = {
    "closed every file descriptor, those of the worker protocol among them, during block",
    "1,024 of 20,000 live objects could be decoded in the time; give a longer --budget, or a smaller --heap",
}


@cache
def trees(word):
    """The sources that a word stands in, parsed."""
    return [ast.parse(text) for text in SOURCES if word in text]


def classes():
    """Every error class."""
    return {
        name: kind
        for name, kind in vars(errors).items()
        if inspect.isclass(kind) and issubclass(kind, Exception) and kind.__module__ == errors.__name__
    }


def texts(section):
    """The text blocks of a section."""
    return re.findall(r"^```text\n(.*?)\n```$", section, re.MULTILINE | re.DOTALL)


def test_every_error_has_an_entry_and_no_entry_is_left_over():
    """In the order of the source."""
    assert list(classes()) == list(ERRORS)


@pytest.mark.parametrize("name", list(classes()))
def test_an_entry_says_its_exit_code(name):
    """The class's own, or that it has none."""
    code = getattr(classes()[name], "exit_code", None)
    said = re.search(r"Exit code (\d+)\.|no\s+exit code", ERRORS[name])
    assert (None if code is None else str(code)) == said[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where commands are typed; in it ormsgpack cannot be imported."""
    made = tmp_path_factory.mktemp("typed")
    hide(made, 'ModuleNotFoundError("No module named \'ormsgpack\'", name="ormsgpack")')
    return made


def hide(place, error):
    """Has the import of ormsgpack fail."""
    (place / "hidden").mkdir()
    (place / "hidden" / "ormsgpack.py").write_text(f"raise {error}\n")


@pytest.mark.parametrize(
    ("name", "example"),
    [(name, example) for name, section in ERRORS.items() for example in typed(section)],
    ids=lambda value: getattr(value, "command", value),
)
def test_a_command_prints_what_the_page_shows(folder, name, example):
    """It ends with the exit code of the error under which it stands."""
    code, output = shell(example.command, folder, PYTHONPATH="hidden")
    assert example.printed_as(output), output
    assert classes()[name].exit_code == code


def test_a_value_that_is_not_plain():
    """The text under `SerbenchError`."""
    with pytest.raises(errors.SerbenchError) as raised:
        spool.encode({"day": date(2026, 1, 2)})
    assert [f"serbench: {raised.value}"] == texts(ERRORS["SerbenchError"])


def test_an_interrupted_run(tmp_path):
    """Stopped after its first round, it ends with the line on the page."""
    command = [sys.executable, "-m", "serbench", "run", "ping", "-c", "json", "--dir", "out", "--budget", "60s", "-q"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not (tmp_path / "out" / "run.json").exists():
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert texts(ERRORS["Interrupted"]) == said.splitlines()
    assert errors.Interrupted.exit_code == process.returncode
    assert not json.loads((tmp_path / "out" / "run.json").read_text())["complete"]


def same_numbers(text):
    """A text in which every number with a unit is the same."""
    return re.sub(r"\d+(\.\d+)?(?= (s|GB)\b)", "N", text)


def reasons_of(folder, *arguments, **variables):
    """Each case's status and reason in a run."""
    code, output = shell(f"serbench run {' '.join(arguments)} -q --dir out", folder, **variables)
    assert 4 == code, output
    measurements = json.loads((folder / "out" / "run.json").read_text())["measurements"]
    return {(m["status"], same_numbers(m["reason"])) for m in measurements if "reason" in m}


RECALLS = """
from copy import deepcopy
from dataclasses import dataclass
from serbench.codecs.base import Bound
from serbench.codecs.json import Json

@dataclass(frozen=True, slots=True, kw_only=True)
class Recalls(Json):
    first: bool = False

    def bind(self, payload, /):
        kept = {0: payload.instances[0] | {"total": 100}} if self.first else {}

        def encode(value):
            kept[value["id"]] = value
            return str(value["id"]).encode()

        return Bound(encode=encode, decode=lambda data: deepcopy(kept[int(data)]))

CODECS = (Recalls(name="recalls"), Recalls(name="mistakes", first=True))
"""


@pytest.fixture(scope="module")
def produced(tmp_path_factory):
    """Status and reason of every fault that can be brought about."""
    place = tmp_path_factory.mktemp("faults")
    (place / "invoice.ndjson").write_text("".join(json.dumps(one) + "\n" for one in page_faults.INVOICES))
    run = ("invoice.ndjson", "-c", page_faults.__file__, "--op", "read", "--timeout", "500ms", "--budget", "10s")
    (place / "recalls.py").write_text(RECALLS)
    recalls = ("invoice.ndjson", "-c", "./recalls.py", "--op", "decode", "--budget", "6s", "--force")
    return {
        *reasons_of(place, *run),
        *reasons_of(place, *recalls),
        ("incorrect", f"instance 0: {first_difference({'prices': {1: 2}}, {'prices': {1.0: 2}})}"),
        ("skipped", re.search(r"id: .*", CHAPTERS["Errors"])[0].join(("instance 0: ", ""))),
        *(("skipped", reason) for reason in missing(tmp_path_factory)),
    }


def missing(tmp_path_factory):
    """What a plan says of a codec that cannot be imported, whose library is missing or is broken."""
    for error in ('ModuleNotFoundError("gone", name="ormsgpack")', 'RuntimeError("built for another Python")'):
        place = tmp_path_factory.mktemp("missing")
        hide(place, error)
        _, plan = shell("serbench run ping -c 'ormsg*' --op read --plan", place, PYTHONPATH="hidden")
        yield re.search(r"skipped: (.*)", plan)[1]


def constants():
    """Every text in the source."""
    return {node.value for tree in trees("") for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def test_every_reason_is_on_the_page_and_none_is_left_over(produced):
    """What serbench was brought to say is what the page shows; the rare rest stands in the source."""
    kinds = sections(CHAPTERS["Cases without a number"], 3)
    shown = {
        (status, same_numbers(reason))
        for status, content in kinds.items()
        for reason in re.findall(r"^\| `(.*?)` \|", content, re.MULTILINE)
    }
    assert sorted(produced) == sorted(pair for pair in shown if pair[1] not in RARE | ELSEWHERE)
    assert RARE <= {reason for _, reason in shown} & constants()


def pattern(node, names):
    """What an f-string may become."""
    match node:
        case ast.Constant():
            return re.escape(str(node.value))
        case ast.Name() if node.id in names:
            return pattern(names[node.id], names)
        case ast.JoinedStr():
            return "".join(pattern(part, names) for part in node.values)
        case ast.FormattedValue():
            return pattern(node.value, names)
    return ".+"


def cautions():
    """Name and text of every caution that the source makes, with the names of the function around it."""
    for tree in trees("aution("):
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            names = {
                node.targets[0].id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            }
            for call in (node for node in ast.walk(function) if isinstance(node, ast.Call)):
                given = {keyword.arg: keyword.value for keyword in call.keywords}
                if getattr(call.func, "attr", "") == "caution":
                    given = dict(zip(("case", "name", "text"), call.args, strict=True))
                elif getattr(call.func, "id", "") != "Caution":
                    continue
                if isinstance(given.get("name"), ast.Constant):
                    yield given["name"].value, pattern(given["text"], names)


def noticed():
    """Name and text of every caution about what a codec does to its process, and about passes."""
    for name, remedy in notices.REMEDIES.items():
        yield name, f"It .+\\. {re.escape(remedy)}"
    for verb in ("memory", "cold"):
        yield f"no-{verb}", f"The pass {verb} failed: .+\\. {re.escape(extras.REMEDY)}"


def test_every_caution_has_an_entry_and_no_entry_is_left_over():
    """By name."""
    assert sorted(name for name, _ in (*cautions(), *noticed())) == sorted(CAUTIONS)


@pytest.mark.parametrize(("name", "form"), [*cautions(), *noticed()], ids=lambda value: str(value)[:20])
def test_a_caution_reads_as_on_the_page(name, form):
    """The text under the heading is one that the source can make."""
    (shown,) = texts(CAUTIONS[name])
    assert re.fullmatch(form, shown)


def test_every_word_in_place_of_a_number_has_an_entry():
    """The words that stand in the source, and no others."""
    words = {
        keyword.value.value
        for tree in trees("Missing(")
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Missing"
        for keyword in node.keywords
        if keyword.arg == "short" and isinstance(keyword.value, ast.Constant)
    }
    conditional = {"no calls"}  # stands behind an `if`
    assert words | conditional == set(sections(CHAPTERS["Words in place of a number"], 3))
    assert conditional <= constants()


def test_exit_codes_are_all_in_the_table():
    """Those of the classes, and 0."""
    shown = re.findall(r"^\| (\d+) \|", PAGE.read_text(), re.MULTILINE)
    codes = {kind.exit_code for kind in classes().values() if hasattr(kind, "exit_code")}
    assert sorted({0, *codes}) == sorted(map(int, shown))
