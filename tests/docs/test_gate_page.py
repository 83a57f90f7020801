"""The page about the gate: its commands do what it shows, and its tables and numbers are those of the source."""

import re
import subprocess
import sys
import tomllib
from dataclasses import replace
from datetime import date

import pytest
from command_lines import of_serbench, parsed

import two_sides
from docs_examples import DOCS, Typed, blocks, sections, shell, typed
from serbench import registry
from serbench.gate import rule
from serbench.gate.words import summary
from serbench.policy import read as policy_file
from serbench.policy.parts import CAUSES, TOLERANCES
from serbench.records.verdict import METRIC_WORDS, Outcome
from serbench.statistics import swaps
from serbench.store.halves import Halves
from serbench.trial import proof, selftest, sitting

PAGE = DOCS / "gate.md"
README = DOCS.parent / "README.md"
SECTIONS = sections(PAGE.read_text(), 2)
WHOLE, ACCEPTED = blocks(PAGE, "toml")


def rows(text, head):
    """The cells of a table whose first head that is."""
    table = text.partition(f"| {head} |")[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table.splitlines()[2:]]


def quoted(cell):
    """A cell without its marks of code."""
    return cell.strip("`")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the commands are typed: both halves of a gate of a decoder that takes 12 % longer."""
    made = tmp_path_factory.mktemp("gate")
    base, new = two_sides.runs({two_sides.DECODE: [1.12] * rule.SECOND_PAIRS[0]})
    Halves(made / "reports" / "slower", force=True).save(base, new)
    return made


def steps(heading):
    """The commands of a section, and the policy that stands before some of them."""
    policy = ""
    for language, block in re.findall(r"^```(toml|console)\n(.*?)^```$", SECTIONS[heading], re.MULTILINE | re.DOTALL):
        policy = block if language == "toml" else policy
        if language == "console":
            yield from ((policy, example) for example in typed(f"```console\n{block}```"))


ACTS = [(heading, policy, example) for heading in SECTIONS for policy, example in steps(heading)]


@pytest.mark.parametrize(("heading", "policy", "example"), ACTS, ids=lambda value: getattr(value, "command", ""))
def test_a_command_prints_what_the_page_shows(folder, heading, policy, example):
    """In the order of the page, a policy file that stands before it in place; in three seconds where it measures."""
    (folder / "serbench.toml").write_text(policy if heading == "When it fails" else "")
    code, said = shell(example.command.replace("10s", "3s"), folder)
    assert example.printed_as(said), said
    assert expected_code(example) == code


def expected_code(example: Typed) -> int:
    """The exit code that the page's table has for such an output."""
    if " regressed; " in example.output:
        return 1
    return 4 if example.output.startswith("serbench: ") else 0


def test_the_library_says_what_the_command_says(folder):
    """The page's Python runs: the outcome, the exit code and what fails."""
    (folder / "serbench.toml").unlink(missing_ok=True)
    (code,) = blocks(PAGE, "python")
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)
    assert ["regressed 1", "['p10', 'p50']"] == done.stdout.splitlines(), done.stderr


def test_the_one_line_reads_so():
    """That of both first pages is what the source makes of as many rows."""
    regressed = two_sides.row(two_sides.DECODE, outcome=Outcome.REGRESSED)
    same = [two_sides.row(case) for case in (two_sides.DECODE, two_sides.CHAT)]
    verdict = replace(two_sides.verdict([regressed] * 4 + same * 4), pairs=20, seconds=54.0)
    line = summary(verdict)
    assert line in SECTIONS["Three ways to gate"]
    assert line in README.read_text()


@pytest.mark.parametrize("page", [PAGE, README], ids=["gate.md", "README.md"])
def test_commands_that_are_only_shown_are_what_serbench_takes(tmp_path, monkeypatch, page):
    """Options, values and outputs of those that make environments or measure for long."""
    monkeypatch.chdir(tmp_path)
    lines = [words for script in blocks(page, "sh") for words in of_serbench(script)]
    assert [True] * len(lines) == [bool(parsed(words)) for words in lines]
    assert {"gate"} == {words[0] for words in lines}


def test_every_cause_is_in_the_table():
    """With its severity where the policy says nothing; those of pairs that have no key are named below it."""
    section = SECTIONS["It fails closed"]
    assert CAUSES == {quoted(cause): quoted(severity) for cause, _, severity in rows(section, "cause")}
    assert list(CAUSES) == [quoted(cause) for cause, *_ in rows(section, "cause")]
    named = set(re.findall(r"`(\w+ \w+)`", section.partition("Any other cause fails")[2]))
    source = (DOCS.parent / "src" / "serbench" / "gate" / "paired.py").read_text()
    assert set(re.findall(r'return "([a-z ]+)", ', source)) - CAUSES.keys() == named


def test_every_metric_is_in_the_table():
    """With its words and the change of it that is none."""
    table = [(quoted(metric), words, change) for metric, words, change in rows(SECTIONS["What is gated"], "metric")]
    assert [(name, METRIC_WORDS[name], f"{100 * TOLERANCES[name]:g} %") for name in TOLERANCES] == table


def test_every_key_of_the_policy_is_in_the_table_and_in_the_example(tmp_path):
    """The keys that the file's reader knows."""
    known = [*policy_file._FIELDS, "baseline", "tolerance", "warn", "on", "accept"]
    table = [quoted(key) for key, *_ in rows(SECTIONS["The policy file"], "key")]
    assert sorted(known) == sorted(table)
    assert sorted(known) == sorted(tomllib.loads(WHOLE)["tool"]["serbench"]["gate"])
    file = tmp_path / "pyproject.toml"
    file.write_text(WHOLE)
    policy = policy_file.read(file, tmp_path)
    assert tmp_path / "benchmarks" / "baselines" / "main.json" == policy.baseline
    assert [0.10, 0.40] == [entry.change for entry in policy.tolerances]
    assert ("warn", "fail") == (policy.on["skipped in both"], policy.on["new"])
    assert [date(2027, 1, 31)] == [entry.expires for entry in policy.accepted]


def test_an_unknown_key_is_an_error(tmp_path):
    """As the page says, which is how a test of its keys could fail."""
    file = tmp_path / "serbench.toml"
    file.write_text(ACCEPTED.replace("change", "chance"))
    with pytest.raises(policy_file.UnusableFile, match="unknown key 'chance'; did you mean change"):
        policy_file.read(file, tmp_path)


def test_every_verdict_is_in_the_table():
    """The worst first."""
    assert list(map(str, Outcome)) == [quoted(name) for name, _ in rows(SECTIONS["Verdicts and exit codes"], "verdict")]


@pytest.mark.parametrize("outcome", Outcome)
def test_exit_codes_are_those_of_the_verdict(outcome):
    """Each verdict's, strict or not, is a line of the table that names it; what is no failure is 0."""
    table = {int(code): words for code, words in rows(SECTIONS["Verdicts and exit codes"], "exit code")}
    row = two_sides.row(two_sides.DECODE, outcome=outcome)
    codes = {two_sides.verdict([row], strict=strict).exit_code for strict in (False, True)} - {0}
    assert codes == {code for code, words in table.items() if code and str(outcome) in words.partition(";")[0]}


def test_numbers_of_the_rule_are_those_of_the_source():
    """Everything in the table of numbers."""
    few, many = rule.SECOND_PAIRS
    expected = {
        "pairs of the first stage": rule.FIRST_PAIRS,
        "pairs of both stages": f"{few} or {many}",
        "rounds of a pair": rule.ROUNDS,
        "calls of a worker that p99 takes": f"{rule.P99_SAMPLES:,}",
        "largest p of a regression": rule.P_REGRESSED,
        "level at which a change is excluded": rule.EXCLUDE,
        "coverage of the interval": f"{rule.INTERVAL:.0%}".replace("%", " %"),
        "pairs up to which all swaps are gone through": swaps.ALL_SWAPS_UP_TO,
        "swaps above that": f"{swaps.SWAPS:,}",
        "metrics above which there are more swaps": swaps.MANY_METRICS,
        "then": f"{swaps.SWAPS_OF_MANY:,}",
        "budget of a case": f"{sitting.SECONDS_PER_CASE:g} s",
    }
    assert {name: str(value) for name, value in expected.items()} == dict(rows(SECTIONS["The rule"], "number"))
    memory, counting = (f"{100 * sitting.SHARES[name]:g} %" for name in ("memory", "instructions"))
    said = f"Of a budget memory takes at most {memory} for each side, instructions {counting}; where no time is gated"
    assert f"{said} {100 * sitting.WITHOUT_TIME:g} % together;" in SECTIONS["What is gated"]


def test_the_self_test_reads_so():
    """A line for each arm, in the words of the source."""
    section = SECTIONS["The self-test"]
    (shown,) = re.findall(r"^```text\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
    wide = max(len(arm.words) for arm in proof.ARMS)
    assert [f"ok   {arm.words:{wide}}  " for arm in proof.ARMS] == [line[: 7 + wide] for line in shown.splitlines()]
    assert f"{selftest.SECONDS_PER_CASE:g} s a case" in section


def test_every_output_of_a_verdict_is_named():
    """All that the registry has, and no others."""
    has = {plug.name for plug in registry.plug_ins("renderers") if plug.needs == "verdict"}
    sentence = SECTIONS["What it leaves behind"].partition("Outputs of a verdict: ")[2].partition(". All say")[0]
    assert has == set(re.findall(r"`([a-z-]+)`", sentence))
