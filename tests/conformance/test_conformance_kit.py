"""The kit finds what each bad codec does, and says where and what to do; a right one passes."""

import json
from pathlib import Path

import pytest
from bad_codecs import CODECS

from serbench.conformance import check, pace, running, words
from serbench.conformance.parts import CHECKS, Checked, Conformance, Finding
from serbench.errors import UnusableFile, UsageError

BAD = str(Path(__file__).with_name("bad_codecs.py"))

RIGHT = """
import pickle
from serbench.codecs.base import Bound

class Right:
    name, format, distribution, model, deviations = "right", "pickle", None, "plain", frozenset()

    def bind(self, payload, /):
        return Bound(encode=pickle.dumps, decode=pickle.loads)

CODECS = (Right(),)
"""

SEEN = {
    "contract:no-bound": "bind returned tuple, which is no Bound",
    "contract:text": "encode returned str, which is no bytes-like object",
    "contract:bind-raises": "bind raised RuntimeError: not today",
    "contract:changes-the-message": "changed the value that was handed over",
    "contract:bind-changes-messages": "bind changed the value that was handed over",
    "contract:source-decodes": "which is no bytes-like object",
    "contract:source-in-one-buffer": "what source returned does not have the bytes of the message",
    "contract:refuses-late": "that is for bind to raise",
    "contract:exits": "ended by itself with exit code 3 during encode",
    "contract:hangs": "no answer within",
    "contract:greedy": "encode raised MemoryError",
    "contract:raises-past-exception": "encode raised KeyboardInterrupt",
    "process:prints": "it printed",
    "round-trip:loses": "expected",
    "round-trip:crashes": "killed by SIGSEGV during decode",
    "read:nothing": "read left out",
    "other-process:numbers": "decode raised KeyError",
    "bind:knows-only-those": "that bind did not see",
    "bind:prepared": "encoding a message that bind has seen takes",
    "fresh:remembers-decoded": "gave the same object",
    "fresh:remembers-encoded": "changed since it was last encoded",
    "fresh:one-buffer": "encoding it twice gave the same object",
    "pace:remembers": "decoding a message again takes",
    "memory:keeps": "bytes stay of each",
    "order:counts": "encoded in another order",
    "order:spoilt-by-an-error": "",
    "threads:one-buffer": "4 threads at once",
    "threads:hangs": "calls in threads of ping",
    "fidelity:undeclared": "NO_NAN is declared",
}


@pytest.fixture(scope="module")
def bad():
    """The bad codecs, as the kit finds them."""
    return {info.name: info for info in check.find(BAD)}


def test_every_bad_codec_is_tried():
    """None is forgotten in the table."""
    assert set(SEEN) == {codec.name for codec in CODECS}


EACH = [
    pytest.param(name, marks=[pytest.mark.thorough] if n % 3 or "hangs" in name else []) for n, name in enumerate(SEEN)
]
"""Every third always, all of them with `make thorough`."""


@pytest.mark.parametrize("name", EACH)
def test_what_a_bad_codec_does_is_found(bad, name, monkeypatch):
    """The check that it is named after fails with what was seen, in one line with the remedy."""
    monkeypatch.setattr(running, "SILENCE_SECONDS", 8.0 if name.endswith("hangs") else 30.0)
    (checked,) = check.check(bad[name], [name.partition(":")[0]]).checks
    assert not checked.passed
    assert SEEN[name] in str(checked.findings[0])
    line = words.line(checked)
    assert line.startswith("failed")
    assert line.endswith(checked.check.remedy)
    assert "\n" not in line


def test_a_death_does_not_end_the_checks(bad):
    """A new process takes over where one has died."""
    found = check.check(bad["round-trip:crashes"], ["round-trip", "contract", "read"], large=False)
    assert {"contract": True, "round-trip": False, "read": False} == {
        one.check.name: one.passed for one in found.checks
    }


def test_a_right_codec_passes_every_check(tmp_path):
    """All checks, in their order, with a line each."""
    file = tmp_path / "right.py"
    file.write_text(RIGHT)
    told = []
    (info,) = check.find(str(file))
    found = check.check(info, told=told.append)
    assert found.passed, words.text([found])
    assert [one.name for one in CHECKS] == told
    assert words.text([found]).endswith("right: all 12 checks passed\n")
    assert ["passed"] * len(CHECKS) == [line.split()[0] for line in words.text([found]).splitlines()[1:-1]]


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("import os\n\nfoo()\n", 3, "its import raised NameError: name 'foo' is not defined"),
        ("x = 1\ny = 2\n", 2, "it has no CODECS"),
        ("x = 1\ndef f(:\n", 2, "its import raised SyntaxError"),
        ("\nimport nolib_at_all\n", 2, "nolib_at_all is not installed; pip install nolib_at_all"),
        (
            "\nfrom serbench.codecs.json import Json\nCODECS = (Json(name='q'), Json(name='q'))\n",
            3,
            "two codecs are named 'q'",
        ),
        ("from serbench.codecs.json import CODECS\n", 1, "two codecs are named 'json'"),
        ("x = 1\nCODECS = (object(),)\n", 2, "which has no name"),
        (
            "from serbench.codecs.json import Json\nCODECS: tuple = (Json(name='q', model='odd'),)\n",
            2,
            "`model` is missing",
        ),
        (
            "raise ModuleNotFoundError('gone', name='evil; rm -rf x')\n",
            1,
            "its import raised ModuleNotFoundError: gone;",
        ),
        ("raise SystemExit(5)\n", 1, "its import raised SystemExit: 5"),
    ],
)
def test_a_file_that_cannot_be_checked_is_an_error_with_its_line(tmp_path, text, line, what):
    """One line: file, line and what is wrong there."""
    file = tmp_path / "bad.py"
    file.write_text(text)
    with pytest.raises(UsageError) as error:
        check.find(str(file))
    assert str(error.value).startswith(f"{file}:{line}: ")
    assert what in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_whose_import_kills_the_process_is_an_error(tmp_path):
    """There is no line then, but how it ended."""
    file = tmp_path / "bad.py"
    file.write_text("import os\nos._exit(3)\n")
    with pytest.raises(UsageError, match="did not come to an end: ended by itself with exit code 3"):
        check.find(str(file))


@pytest.mark.parametrize("name", ["nothing.py", "some/nothing.py", "folder.py", "./text.txt"])
def test_what_is_no_codec_file_is_an_error(tmp_path, monkeypatch, name):
    """Not there, a folder, or named otherwise."""
    monkeypatch.chdir(tmp_path)
    Path("folder.py").mkdir()
    Path("text.txt").touch()
    with pytest.raises(UnusableFile, match=r"no such file|ends in \.py"):
        check.find(name)


def test_a_few_spoilt_batches_do_not_hide_a_memory():
    """And a codec that takes the same time is never called quicker."""
    quick = [0.1] * (pace.BATCHES - pace.SPOILT) + [3.0] * pace.SPOILT
    assert pace.quicker(quick)
    assert not pace.quicker([*quick[1:], 3.0])


def test_the_findings_are_there_for_programs():
    """As JSON: the result, the findings and what to do."""
    failed = Checked(check=CHECKS[0], findings=(Finding(where="ping", what="no"), Finding(where="", what="nor this")))
    untried = Checked(check=CHECKS[1], untried="nothing to try it on")
    passed = Checked(check=CHECKS[2], told="3 payloads")
    info = check.find("json")[0]
    found = Conformance(info=info, checks=(failed, untried, passed))
    (codec,) = json.loads(words.to_json([found], "1.0"))["codecs"]
    assert ["failed", "untried", "passed"] == [one["result"] for one in codec["checks"]]
    assert [{"where": "ping", "what": "no"}, {"where": "", "what": "nor this"}] == codec["checks"][0]["findings"]
    assert (CHECKS[0].remedy, "") == (codec["checks"][0]["remedy"], codec["checks"][2]["remedy"])
    assert not codec["passed"]
    assert "json: 1 of 3 checks failed, 1 not tried" == words.summary(found)
    assert "ping: no (and 1 more, see -o json)" in words.line(failed)
