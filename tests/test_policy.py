"""The gate's policy: what its file may say, what is told of every mistake, and what it makes of rows."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from serbench import settings
from serbench.errors import UnusableFile, UsageError
from serbench.policy import read as reading
from serbench.policy.judge import check, judge, tolerance_of
from serbench.policy.parts import CAUSES, METRICS, Accepted, Policy, Scope, Tolerance
from serbench.policy.read import read
from serbench.policy.values import parse_change, parse_tolerance
from serbench.records.cases import Operation
from serbench.records.verdict import TIMES, Acceptance, Outcome, Row, Verdict

TODAY = date(2026, 6, 15)
CASES = ("orjson/order/decode", "orjson/chat/decode?gc=off", "json/order/encode", "a%2Fb/order/read")


@pytest.fixture
def policy(tmp_path):
    """The policy in a serbench.toml with this content under [gate]."""

    def made(content="", file="serbench.toml", header="[gate]\n"):
        path = tmp_path / file
        path.write_text(header + content)
        return read(None, tmp_path)

    return made


def row(change=0.1, case_id="orjson/order/decode", metric="p50", **fields):
    """A regression, where nothing else is said."""
    return Row(case_id=case_id, metric=metric, **{"outcome": Outcome.REGRESSED, "change": change, **fields})


def gap(cause, **fields):
    """A row that cannot be compared."""
    return row(None, metric="correctness", outcome=Outcome.NOT_COMPARABLE, cause=cause, **fields)


def judged(policy, *rows):
    """What the policy makes of them today."""
    return judge(policy, rows, TODAY)


def test_without_a_file_the_defaults_hold(tmp_path):
    """No file, and a project file that says nothing of the gate."""
    assert Policy() == read(None, tmp_path)
    (tmp_path / "pyproject.toml").write_text("[tool.serbench]\ncodec = 'json'\n")
    assert Policy() == read(None, tmp_path)


def test_every_key_has_its_field(policy, tmp_path):
    """One text is a list of one; patterns of operations and metrics become their names."""
    made = policy("""
        base = "orjson==3.10.18"
        new = [".", "msgpack==1.1.0"]
        payloads = ["order", "chat"]
        codecs = "json*"
        operations = ["*code", "!encode"]
        metrics = ["p*", "!peak_bytes"]
        instances = 64
        budget = "2m"
        seed = 0
        strict = true
        baseline = "benchmarks/main.json"
        output = ["markdown", "junit=gate.xml"]
        tolerance = 0.1
    """)
    expected = Policy(
        source=f"{tmp_path / 'serbench.toml'}: [gate]",
        base=("orjson==3.10.18",),
        new=(".", "msgpack==1.1.0"),
        payloads=("order", "chat"),
        codecs=("json*",),
        operations=(Operation.DECODE,),
        metrics=("p10", "p50", "p99"),
        instances=64,
        budget_seconds=120.0,
        seed=0,
        strict=True,
        baseline=tmp_path / "benchmarks/main.json",
        outputs=("markdown", "junit=gate.xml"),
        tolerances=(Tolerance(scope=Scope(metric=TIMES), change=0.1),),
    )
    assert expected == made


def test_tables_become_entries(policy):
    """Of tolerances, warnings, causes and acceptances."""
    made = policy("""
        [[gate.tolerance]]
        case = ["orjson/*", "json/*"]
        metric = "p99"
        change = "40%"
        [[gate.tolerance]]
        payload = "ch*"
        change = 0.2
        [[gate.warn]]
        codec = "msgpack"
        [gate.on]
        new = "fail"
        skipped-in-both = "warn"
        [[gate.accept]]
        operation = "decode"
        metric = "*"
        change = "12%"
        reason = "validates now"
        commit = "abc123"
        expires = 2027-01-31
        [[gate.accept]]
        case = "*"
        metric = "p50"
        change = "1.5 %"
        reason = "why"
        expires = "2027-02-01"
    """)
    named = Tolerance(scope=Scope(case=("orjson/*", "json/*"), metric=("p99",)), change=0.4)
    times = Tolerance(scope=Scope(payload=("ch*",), metric=TIMES), change=0.2)
    assert (named, times) == made.tolerances
    assert (Scope(codec=("msgpack",)),) == made.warn
    assert CAUSES | {"new": "fail", "skipped in both": "warn"} == made.on
    first = Accepted(
        scope=Scope(operation=("decode",), metric=("*",)),
        change=0.12,
        reason="validates now",
        commit="abc123",
        expires=date(2027, 1, 31),
    )
    second = Accepted(scope=Scope(case=("*",), metric=("p50",)), change=0.015, reason="why", expires=date(2027, 2, 1))
    assert (first, second) == made.accepted


def test_the_example_in_the_docstring_is_one(tmp_path):
    """It is read as a project file, and has every key that there is."""
    content = "\n".join(line for line in reading.__doc__.splitlines() if line.startswith("    "))
    (tmp_path / "pyproject.toml").write_text(content)
    made = read(None, tmp_path)
    assert tmp_path / "benchmarks/baselines/main.json" == made.baseline
    assert (0.4, 0.12) == (made.tolerances[0].change, made.accepted[0].change)
    shown = set(tomllib.loads(content)["tool"]["serbench"]["gate"])
    assert {*reading._FIELDS, "baseline", "tolerance", "warn", "on", "accept"} == shown


def test_the_own_file_wins(tmp_path):
    """Over the project's; where it has no table, the project's is read."""
    (tmp_path / "pyproject.toml").write_text("[tool.serbench.gate]\nseed = 1\n")
    (tmp_path / "serbench.toml").write_text("[gate]\nseed = 2\n")
    assert 2 == read(None, tmp_path).seed
    (tmp_path / "serbench.toml").write_text("")
    assert 1 == read(None, tmp_path).seed


def test_a_named_file_is_the_only_one(tmp_path):
    """Its name says which table; a relative baseline is in its folder."""
    (tmp_path / "serbench.toml").write_text("[gate]\nseed = 2\n")
    (tmp_path / "ci").mkdir()
    (tmp_path / "ci" / "pyproject.toml").write_text("[tool.serbench.gate]\nseed = 3\n")
    (tmp_path / "ci" / "gate.toml").write_text("[gate]\nbaseline = 'main.json'\n")
    assert 3 == read(tmp_path / "ci" / "pyproject.toml", tmp_path).seed
    assert tmp_path / "ci" / "main.json" == read(tmp_path / "ci" / "gate.toml", tmp_path).baseline


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("tolerence = '5%'", "unknown key 'tolerence'; did you mean tolerance?"),
        ("x = 1", "unknown key 'x'; known: accept, base, "),
        ("base = 3", "base: 3 is neither a text nor a list of them; write "),
        ("codecs = []", "codecs: [] is neither a text nor a list of them"),
        ("payloads = ['order', '']", "payloads: ['order', ''] is neither"),
        ("metrics = 'p95'", "metrics: unknown metric 'p95'; did you mean p99?"),
        ("operations = ['pars*']", "operations: no operation matches 'pars*'; known: encode, "),
        ("instances = 0", "instances: 0 is no whole number from 1 on; write it as 1"),
        ("instances = true", "instances: True is no whole number"),
        ("seed = -1", "seed: -1 is no whole number from 0 on"),
        ("budget = 'soon'", "budget: 'soon' is no duration; write it as 60s"),
        ("budget = true", "budget: True is no duration"),
        ("strict = 'yes'", "strict: 'yes' is neither true nor false"),
        ("baseline = ''", "baseline: '' is no text; write it in quotes"),
        ("tolerance = '5'", "tolerance: '5' is no change; write it as \"5%\" or 0.05"),
        ("tolerance = {}", "tolerance: {} is no change"),
        ("tolerance = [1]", "tolerance: [1] is no list of tables; write each as [[...tolerance]]"),
        ("[[gate.tolerance]]\nmetric = 'p50'", "tolerance, entry 1: the key change is missing"),
        (
            "tolerance = [{change = 0.1}, {change = true}]",
            "tolerance, entry 2: change: True is no change; write it as ",
        ),
        (
            "tolerance = [{metrc = 'p50', change = 0.1}]",
            "tolerance, entry 1: unknown key 'metrc'; did you mean metric?",
        ),
        ("tolerance = [{metric = 'p999', change = 0}]", "tolerance, entry 1: metric: unknown metric 'p999'; did you "),
        ("tolerance = [{metric = 'x*', change = 0}]", "tolerance, entry 1: metric: unknown metric 'x*'; known: "),
        ("tolerance = [{metric = 'correctness', change = 0}]", "tolerance, entry 1: metric: correctness has no "),
        ("tolerance = [{case = 3, change = 0}]", "tolerance, entry 1: case: 3 is neither"),
        ("warn = [{}]", "warn, entry 1: it says nothing; name a case"),
        ("warn = [{case = 'x', reason = 'y'}]", "warn, entry 1: unknown key 'reason'; did you mean "),
        ("on = 'fail'", "on: 'fail' is no table; write it as [...on]"),
        ("on = {mising = 'fail'}", "on: unknown key 'mising'; did you mean missing?"),
        ("on = {missing = 'no'}", "on: missing: 'no' is none of fail, warn, ignore"),
        ("on = {missing = [1]}", "on: missing: [1] is none of fail, warn, ignore"),
        ("on = {other-machine = 'fail'}", "on: other-machine: times of another machine fail no build; write warn or "),
        ("accept = [{case = 'x', metric = 'p50', change = 0.1}]", "accept, entry 1: the key reason is missing"),
        ("accept = [{case = 'x', metric = 'p50', reason = 'y'}]", "accept, entry 1: the key change is missing"),
        ("accept = [{case = 'x', change = 0.1, reason = 'y'}]", "accept, entry 1: the key metric is missing"),
        ("accept = [{metric = '*', change = 0.1, reason = 'y'}]", "accept, entry 1: it does not say of what; name "),
        (
            "accept = [{case = 'x', metric = '*', change = 0.1, reason = ' '}]",
            "accept, entry 1: reason: ' ' is no text",
        ),
    ],
)
def test_what_is_wrong_is_one_line(policy, tmp_path, content, words):
    """The file, the table, the key, the number of the entry, and what is wanted."""
    with pytest.raises(UnusableFile) as caught:
        policy(content)
    assert str(caught.value).startswith(f"{tmp_path / 'serbench.toml'}: [gate]: {words}")
    assert "\n" not in str(caught.value)
    assert 2 == caught.value.exit_code


@pytest.mark.parametrize(
    "expires", ["2027-01-31T10:00:00", "'31.1.2027'", "'20270131'", "'2027-02-30'", "10:00:00", "1"]
)
def test_what_is_no_day_is_refused(policy, expires):
    """A time of day, another way to write one, one that is not in the calendar."""
    with pytest.raises(UnusableFile, match=r"accept, entry 1: expires: .*write it as 2027-01-31"):
        policy(f"accept = [{{case = 'x', metric = '*', change = 0.1, reason = 'y', expires = {expires}}}]")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("serbench.toml", b"[gate\n", "not TOML: "),
        ("serbench.toml", b"x = '\xff'", "not TOML: "),
        ("serbench.toml", b"x = " + b"[" * 5_000, "not TOML: "),
        ("serbench.toml", b"[gat]\n", "unknown key 'gat'; did you mean gate?"),
        ("serbench.toml", b"gate = 3", "[gate]: it is no table"),
        ("pyproject.toml", b"[tool.serbench]\ngate = 3", "[tool.serbench.gate]: it is no table"),
    ],
)
def test_a_broken_file_is_one_line(tmp_path, name, content, words):
    """It begins with the file."""
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnusableFile) as caught:
        read(None, tmp_path)
    assert str(caught.value).startswith(f"{tmp_path / name}: {words}")
    assert "\n" not in str(caught.value)


def test_a_named_file_must_hold_a_policy(tmp_path):
    """One that is not there, that says nothing, or is a folder: nobody means the defaults by it."""
    path = tmp_path / "gate.toml"
    with pytest.raises(UnusableFile, match=r"gate\.toml: no such file; it holds the policy in a table \[gate\]"):
        read(path, tmp_path)
    path.write_text("")
    with pytest.raises(UnusableFile, match=r"gate\.toml: it has no table \[gate\], which holds the policy"):
        read(path, tmp_path)
    (tmp_path / "pyproject.toml").write_text("tool = 3")
    with pytest.raises(UnusableFile, match=r"it has no table \[tool\.serbench\.gate\]"):
        read(tmp_path / "pyproject.toml", tmp_path)
    with pytest.raises(UnusableFile, match="cannot be read: Is a directory"):
        read(tmp_path, Path())


@pytest.mark.parametrize(
    ("value", "expected"),
    [("5%", 0.05), ("0 %", 0.0), (" 2.5%", 0.025), ("1000%", 10.0), (0.05, 0.05), (0, 0.0), ("120%", 1.2)],
)
def test_a_change_is_a_share(value, expected):
    """From per cent, or from a number that is one."""
    assert expected == pytest.approx(parse_change(value))


@pytest.mark.parametrize(
    "value",
    [
        "5",
        "-5%",
        "1001%",
        "five",
        "",
        "%",
        "5%%",
        "1e3%",
        -0.1,
        1,
        5,
        1.5,
        float("nan"),
        float("inf"),
        True,
        False,
        None,
    ],
)
def test_what_is_no_change_is_refused(value):
    """Negative, over 1,000 %, or a number that may be meant for per cent: as 500 %, nothing would ever fail."""
    with pytest.raises(UsageError, match="write"):
        parse_change(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5%", Tolerance(scope=Scope(metric=TIMES), change=0.05)),
        ("p99=40%", Tolerance(scope=Scope(metric=("p99",)), change=0.4)),
        ("*_bytes = 1%", Tolerance(scope=Scope(metric=("*_bytes",)), change=0.01)),
    ],
)
def test_a_tolerance_of_the_command_line(text, expected):
    """Of all times, of one metric or of a pattern."""
    assert expected == parse_tolerance(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("p9=1%", "unknown metric 'p9'; did you mean p99"),
        ("=1%", "unknown metric ''; known"),
        ("p99=", "'' is no change"),
        ("p99=40", "'40' is no change"),
        ("correctness=1%", "correctness has no tolerance"),
    ],
)
def test_a_wrong_tolerance_of_the_command_line(text, words):
    """A metric that is none, or no change."""
    with pytest.raises(UsageError, match=words):
        parse_tolerance(text)


@pytest.mark.parametrize(
    ("metric", "expected"),
    list(zip(METRICS, (0.0, 0.0, 0.01, 0.005, 0.05, 0.05, 0.25), strict=True)),
)
def test_default_tolerances(metric, expected):
    """Those of METHOD."""
    assert expected == tolerance_of(Policy(), CASES[0], metric)


def test_a_tolerance_for_all_is_for_all_times(policy):
    """What is exact is loosened by its name only."""
    made = policy("tolerance = '50%'")
    assert {0.5} == {tolerance_of(made, CASES[0], metric) for metric in TIMES}
    assert 0.0 == tolerance_of(made, CASES[0], "encoded_bytes")


def test_the_last_tolerance_that_fits_wins(policy):
    """Patterns of whole ids, and of names under any conditions; names are decoded first."""
    made = policy("""
        tolerance = [
            {change = "10%"},
            {case = "orjson/*/decode", change = "20%"},
            {codec = "orjson", payload = "chat", metric = "p50", change = "30%"},
            {codec = "a/b", operation = ["read", "load"], metric = "*_bytes", change = "40%"},
        ]
    """)
    found = [[tolerance_of(made, case_id, metric) for metric in ("p50", "p99")] for case_id in CASES]
    assert [[0.2, 0.2], [0.3, 0.1], [0.1, 0.1], [0.1, 0.1]] == found
    assert (0.4, 0.0) == tuple(tolerance_of(made, case_id, "encoded_bytes") for case_id in (CASES[3], CASES[0]))


def test_patterns_that_match_something(policy):
    """Nothing is raised; a tolerance without a metric needs no metric of its own."""
    made = policy("""
        tolerance = "5%"
        warn = [{case = "*/chat/*"}, {case = "orjson/chat/decode?gc=off"}, {codec = "a/b"}]
        accept = [{codec = "json", operation = "encode", metric = "encoded*", change = "1%", reason = "x"}]
    """)
    assert check(made, CASES, ("correctness", "encoded_bytes")) is None
    assert check(made, iter(CASES), METRICS) is None


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (
            "tolerance = [{case = 'orjsn/*', change = 0.1}]",
            "tolerance, entry 1: case = 'orjsn/*' matches no case; there",
        ),
        ("warn = [{codec = 'json'}, {payload = ['order', 'cat']}]", "warn, entry 2: payload = 'cat' matches no case"),
        ("warn = [{codec = 'json', payload = 'chat'}]", "warn, entry 1: no case matches all of it; there are: orjson/"),
        ("warn = [{case = 'orjson/chat/decode'}]", "warn, entry 1: case = 'orjson/chat/decode' matches no case"),
        (
            "warn = [{metric = 'instructions'}]",
            "warn, entry 1: metric = 'instructions' matches no metric that is gated: ",
        ),
        ("accept = [{case = 'x', metric = '*', change = 0.1, reason = 'y'}]", "accept, entry 1: case = 'x' matches no"),
    ],
)
def test_a_pattern_that_matches_nothing_is_an_error(policy, tmp_path, content, words):
    """It would excuse nothing, or protect nothing, without a word."""
    made = policy(content)
    with pytest.raises(UsageError) as caught:
        check(made, CASES, ("correctness", *TIMES))
    assert str(caught.value).startswith(f"{tmp_path / 'serbench.toml'}: [gate]: {words}")


def test_only_some_of_many_cases_are_named(policy):
    """The others are counted; where there are none, that is said."""
    made = policy("warn = [{codec = 'x'}]")
    with pytest.raises(UsageError, match=r"c/p7/read and 3 more$"):
        check(made, [f"c/p{n}/read" for n in range(11)], METRICS)
    with pytest.raises(UsageError, match=r"there are no cases$"):
        check(made, [], METRICS)


@pytest.mark.parametrize(("cause", "severity"), [*CAUSES.items(), ("some other", "fail")])
def test_severity_by_cause(cause, severity):
    """That of the table; what nobody has thought of fails."""
    assert [severity] == [made.severity for made in judged(Policy(), gap(cause))]


def test_what_was_there_and_is_gone_fails():
    """By default a case that is missing, renamed or broken ends the command with 4, a new one does not."""
    sides = {"mode": "saved", "base": None, "new": None}
    codes = {cause: Verdict(rows=judged(Policy(), gap(cause)), **sides).exit_code for cause in ("missing", "new")}
    assert {"missing": 4, "new": 0} == codes


def test_the_file_says_what_a_cause_is(policy):
    """Each by its name with a hyphen."""
    made = policy("on = {missing = 'warn', new = 'fail', other-payload = 'ignore'}")
    rows = judged(made, gap("missing"), gap("new"), gap("other payload"), gap("failed"))
    assert ["warn", "fail", "ignore", "fail"] == [found.severity for found in rows]


def test_another_machine_fails_no_build():
    """Not even where a policy was put together that says so."""
    made = Policy(on=CAUSES | {"other machine": "fail"})
    assert "warn" == judged(made, gap("other machine"))[0].severity


def test_what_is_only_warned_of(policy):
    """Regressions and gaps of it; what is ignored stays ignored, and other metrics and cases fail."""
    made = policy("warn = [{codec = 'orjson', metric = 'p99'}, {payload = 'chat'}]")
    chat = "orjson/chat/decode?gc=off"
    rows = judged(
        made,
        row(metric="p99"),
        row(),
        row(case_id=chat),
        gap("missing", case_id=chat),
        gap("skipped in both", case_id=chat),
    )
    assert ["warn", "fail", "warn", "warn", "ignore"] == [found.severity for found in rows]


def accepted(**fields):
    """A policy that accepts 12 % of the row's metric."""
    scope = Scope(case=("orjson/*",), metric=("p50",))
    entry = Accepted(scope=scope, change=0.12, reason="validates now", commit="abc", expires=date(2026, 6, 15))
    return Policy(accepted=(replace(entry, **fields),))


def test_an_accepted_regression_passes():
    """It stays a regression, says why, and still counts on the last day."""
    (found,) = judged(accepted(), row(0.12))
    assert Outcome.REGRESSED is found.outcome
    assert Acceptance(reason="validates now", commit="abc", expires="2026-06-15") == found.accepted
    assert not found.failing
    assert judged(accepted(), row(112 / 100 - 1))[0].accepted
    assert Acceptance(reason="validates now", commit="abc") == judged(accepted(expires=None), row())[0].accepted


def test_a_larger_regression_counts():
    """And says what was accepted; what came from nothing is larger than anything."""
    for change in (0.121, None):
        (found,) = judged(accepted(), row(change, reason="of the largest message"))
        assert found.failing
        assert "of the largest message; up to 12.0 % is accepted (validates now), this is more" == found.reason


def test_an_acceptance_that_has_expired_counts_again():
    """From the day after on, and the row says since when."""
    (found,) = judged(accepted(expires=date(2026, 6, 14)), row())
    assert found.failing
    assert "was accepted until 2026-06-14 (validates now), counts again since" == found.reason


@pytest.mark.parametrize(
    "other", [row(metric="p99"), row(case_id="json/order/encode"), gap("missing"), row(-0.1, outcome=Outcome.IMPROVED)]
)
def test_an_acceptance_is_of_what_it_says(other):
    """Not of another metric or case, and of regressions only."""
    (found,) = judged(accepted(), other)
    assert found.accepted is None
    assert "" == found.reason


def test_one_of_several_acceptances_is_enough():
    """The last that holds is shown; an expired one beside it changes nothing."""
    (first,) = accepted(reason="first").accepted
    (second,) = accepted(reason="second", change=0.05).accepted
    (third,) = accepted(reason="third", expires=date(2020, 1, 1)).accepted
    (found,) = judged(Policy(accepted=(first, second, third)), row(0.1))
    assert "first" == found.accepted.reason
    (found,) = judged(Policy(accepted=(first, replace(first, reason="later"))), row(0.1))
    assert "later" == found.accepted.reason


def test_the_table_of_the_gate_is_no_default_of_run(tmp_path):
    """The command line leaves it alone, and knows its name where it is misspelt."""
    path = tmp_path / "pyproject.toml"
    path.write_text("[tool.serbench]\nseed = 7\n[tool.serbench.gate]\nstrict = true\n")
    assert {"run": {"seed": 7}} == settings.defaults(path)
    path.write_text("[tool.serbench.gat]\n")
    with pytest.raises(UnusableFile, match=r"has no key 'gat'; did you mean gate\?"):
        settings.defaults(path)
