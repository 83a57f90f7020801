"""What the gate is asked: the command line's words go over the policy's, and the rest is the policy's."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import fakes
import two_sides
from serbench.choice import SEED, Request
from serbench.errors import UnknownName, UsageError
from serbench.policy.parts import METRICS
from serbench.records.cases import Caution
from serbench.records.samples import Disturbance, Round
from serbench.records.verdict import TIMES, Outcome
from serbench.store import files
from serbench.verdicts import live, saved
from serbench.verdicts.question import Question, asked

POLICY = """
[gate]
base = "orjson==3.10.18"
new = ["orjson==3.13.0", "msgpack==1.1.0"]
payloads = ["order"]
codecs = ["orjson"]
operations = ["decode"]
metrics = ["correctness", "encoded_bytes", "p50", "p99"]
instances = 8
budget = "90s"
seed = 9
strict = true

[[gate.tolerance]]
metric = "p99"
change = "40%"
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A folder without a policy."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def policy(home):
    """A policy that says everything."""
    (home / "serbench.toml").write_text(POLICY)


def ask(request=None, **said):
    """A question that is understood."""
    return asked(Question(request=Request(**(request or {})), **said))


def test_what_nobody_says_is_the_default():
    """All metrics, no side, the usual seed; nothing is saved and no baseline named."""
    made = ask()
    assert ((), (), METRICS, False) == (made.policy.base, made.policy.new, made.policy.metrics, made.policy.strict)
    assert (SEED, None, None) == (made.request.seed, made.request.budget, made.request.instances)
    assert (False, False, False) == (made.saved, made.against_baseline, made.narrowed)
    assert (0.05, 0.25) == (made.tolerances("a/b/decode", "p50"), made.tolerances("a/b/decode", "p99"))


@pytest.mark.usefixtures("policy")
def test_the_policy_answers_what_was_not_said():
    """Cases, instances, budget, sides, strictness."""
    made = ask()
    request = made.request
    assert (("order",), ("orjson",), ("decode",)) == (request.payloads, request.codecs, request.operations)
    assert (8, 90.0, 9) == (request.instances, request.budget, request.seed)
    assert (("orjson==3.10.18",), ("orjson==3.13.0", "msgpack==1.1.0")) == (made.policy.base, made.policy.new)
    assert (True, 0.4) == (made.policy.strict, made.tolerances("a/b/decode", "p99"))
    assert not made.narrowed


@pytest.mark.usefixtures("policy")
def test_the_command_line_goes_over_the_policy():
    """Each word for itself: what is said of one thing leaves the others as they are."""
    words = {"payloads": ("chat",), "codecs": ("json",), "operations": ("encode",), "instances": 3, "budget": 5.0}
    request = ask(words).request
    assert (("chat",), ("json",), ("encode",)) == (request.payloads, request.codecs, request.operations)
    assert (3, 5.0) == (request.instances, request.budget)
    one = ask({"codecs": ("json",)}).request
    assert (("order",), ("json",), 8, 90.0) == (one.payloads, one.codecs, one.instances, one.budget)
    assert 0.0 == ask({"budget": 0.0}).request.budget
    made = ask(new=(".",))
    assert (("orjson==3.10.18",), (".",)) == (made.policy.base, made.policy.new)
    assert ("git:main",) == ask(base=("git:main",)).policy.base
    assert (False, True) == (ask(strict=False).policy.strict, ask(strict=None).policy.strict)


def test_strictness_may_be_asked_for():
    """Where the policy is not strict."""
    assert ask(strict=True).policy.strict


@pytest.mark.usefixtures("policy")
def test_a_seed_that_was_asked_for_is_the_seed():
    """Else it is the policy's."""
    assert (1, 4, 9) == (ask(seed=1).request.seed, ask(seed=4).request.seed, ask().request.seed)


@pytest.mark.usefixtures("policy")
def test_tolerances_of_the_command_line_come_last():
    """The later wins: it is over those of the policy, and the policy's others hold on."""
    made = ask(tolerances=("p50=7%",))
    of = [made.tolerances("a/b/decode", metric) for metric in ("p10", "p50", "p99")]
    assert [0.05, 0.07, 0.4] == of
    later = ask(tolerances=("p99=50%", "8%"))
    assert [0.08] * 3 == [later.tolerances("a/b/decode", metric) for metric in TIMES]


@pytest.mark.usefixtures("policy")
def test_metrics_are_chosen_from_the_policys():
    """By names, patterns and exclusions, between commas or one by one."""
    assert ("p50", "p99") == ask(metrics=("p*",)).policy.metrics
    assert ("p50", "correctness") == ask(metrics=("p50,correctness",)).policy.metrics
    assert ("correctness", "p50", "p99") == ask(metrics=("!encoded_bytes",)).policy.metrics
    assert ("p99", "p50") == ask(metrics=("p99", "p50")).policy.metrics
    with pytest.raises(UnknownName, match="unknown metric 'p10'"):
        ask(metrics=("p10",))


@pytest.mark.parametrize(
    ("words", "narrowed"),
    [
        ({}, False),
        ({"payloads": ("order",)}, True),
        ({"codecs": ("json",)}, True),
        ({"operations": ("decode",)}, True),
        ({"formats": ("json",)}, True),
        ({"seed": 3, "budget": 4.0, "instances": 5}, False),
    ],
)
@pytest.mark.usefixtures("policy")
def test_cases_on_the_command_line_narrow_the_gate(words, narrowed):
    """The policy's own do not: they are all that it is about."""
    assert narrowed == ask(words).narrowed


def test_a_baseline_takes_the_place_of_both_sides(home):
    """And sides that of a baseline; both on one command line are two gates."""
    (home / "serbench.toml").write_text('[gate]\nbase = "a==1"\nnew = "a==2"\n')
    made = ask(baseline="main.json")
    assert (Path("main.json"), (), ()) == (made.policy.baseline, made.policy.base, made.policy.new)
    assert (True, False) == (made.against_baseline, made.saved)
    for sides in ({"base": ("x",)}, {"new": ("x",)}, {"base": ("x",), "new": ("y",)}):
        with pytest.raises(UsageError, match="different gates"):
            ask(baseline="main.json", **sides)
    (home / "serbench.toml").write_text('[gate]\nbaseline = "main.json"\n')
    assert ask().against_baseline
    for sides in ({"base": ("x",)}, {"new": ("x",)}):
        made = ask(**sides)
        assert (None, False) == (made.policy.baseline, made.against_baseline)


def test_sides_go_before_a_baseline():
    """A question that has both, whoever said them, is about the sides."""
    made = ask(baseline="main.json")
    for side in ("base", "new"):
        assert not replace(made, policy=replace(made.policy, **{side: ("x==1",)})).against_baseline


def test_two_saved_runs_are_not_measured(home):
    """Files that end in .json, there or not, or folders of runs: on both sides, one each."""
    (home / "run").mkdir()
    (home / "run" / "run.json").touch()
    (home / "project").mkdir()
    (home / "odd.json").mkdir()
    for base, new in ((("run",), ("run",)), (("gone.json",), ("run",)), (("run/run.json",), ("a.json",))):
        assert ask(base=base, new=new).saved
    for base, new in (
        (("run",), ("project",)),
        (("project",), ("run",)),
        (("run", "run"), ("run",)),
        (("run",), ("run", "x==1")),
        (("run",), ("odd.json",)),
    ):
        with pytest.raises(UsageError, match="a saved run, and the other side is none"):
            ask(base=base, new=new)
    assert not ask(base=("orjson==3.10.18",), new=("orjson==3.13.0",)).saved


def test_the_command_asks_the_same_again(home):
    """Every word that was said, cases and all that was drawn from."""
    (home / "p.toml").write_text("[gate]\nseed = 5\n")
    made = ask(
        {"payloads": ("order", "chat"), "codecs": ("json",), "budget": 60.0, "read_as": "json", "skip_bad": True},
        base=("a==1", "b==2"),
        new=(".",),
        metrics=("p50", "p99"),
        tolerances=("p99=40%",),
        strict=True,
        policy="p.toml",
    )
    expected = (
        "serbench gate --base a==1 --base b==2 --new . --metric p50 --metric p99 --tolerance p99=40% --strict"
        " --policy p.toml order chat --codec json --budget 60s --seed 5 --as json --skip-bad"
    )
    assert expected == " ".join(made.command())
    assert "serbench gate --baseline main.json --time --seed 1" == " ".join(
        ask(baseline="main.json", time=True).command()
    )
    assert "serbench gate --base x --new y --seed 1" == " ".join(ask(base=("x",), new=("y",)).command())


@pytest.mark.usefixtures("policy")
def test_the_command_names_what_the_policy_says():
    """So that it asks the same when the file has changed."""
    words = " ".join(ask().command())
    sides = "--base orjson==3.10.18 --new orjson==3.13.0 --new msgpack==1.1.0"
    assert f"serbench gate {sides} order --codec orjson --op decode --instances 8 --budget 90s --seed 9" == words


def test_a_pattern_about_nothing_is_told_where_all_cases_are_there(home):
    """Not where only some cases or metrics were asked for: the others may be what it is about."""
    (home / "serbench.toml").write_text('[[gate.warn]]\ncodec = "tinny"\n')
    known = ["json/order/decode"]
    with pytest.raises(UsageError, match="'tinny' matches no case"):
        ask().check(known)
    ask({"codecs": ("json",)}).check(known)
    ask(metrics=("p50",)).check(known)
    ask().check([*known, "tinny/order/decode"])


def test_a_side_that_is_missing_is_told():
    """Before anything is made."""
    options = {"save": None, "watch": None, "tell": None, "stop": lambda: False}
    for sides, says in (
        ({}, "--base and --new are missing;"),
        ({"base": ("x==1",)}, "--new is missing;"),
        ({"new": ("x==1",)}, "--base is missing;"),
    ):
        with pytest.raises(UsageError, match=says):
            live.of_sides(ask(**sides), **options)


def slower():
    """Two halves of twenty pairs, 10 % slower."""
    return two_sides.runs({two_sides.DECODE: [1.1 + 0.001 * (k % 3) for k in range(20)]})


def test_a_verdict_is_that_of_the_question():
    """Its metrics, tolerances and strictness, the base's seed."""
    base, new = slower()
    found = live.of_runs(ask(metrics=("p50",), tolerances=("p50=30%",), strict=True), base, new)
    assert [("p50", Outcome.SAME, 0.3)] == [(row.metric, row.outcome, row.tolerance) for row in found.rows]
    assert (True, base.seed, 0) == (found.strict, found.seed, found.exit_code)
    plain = live.of_runs(ask(metrics=("p50",)), base, new)
    assert (False, 1) == (plain.strict, plain.exit_code)


def test_two_files_are_the_sides(home):
    """They are called what they were asked for as, and the command says so."""
    for name, run in zip(("one", "other"), slower(), strict=True):
        (home / name).mkdir()
        files.save(run, home / name)
    found = saved.of_files(ask(base=("one",), new=("other/run.json",)))
    assert ("one", "other/run.json", "saved") == (found.base.asked, found.new.asked, found.mode)
    assert ("serbench", "gate", "--base", "one", "--new", "other/run.json") == found.command
    assert (1, 20) == (found.exit_code, found.pairs)
    (home / "serbench.toml").write_text('[[gate.warn]]\ncodec = "tinny"\n')
    with pytest.raises(UsageError, match="'tinny' matches no case"):
        saved.of_files(ask(base=("one",), new=("other",)))


def warned(*cases):
    """A run whose instructions were not counted in these cases, and which is warned of something else, too."""
    cautions = (Caution(name="warm-up-capped", text="not warm"), Caution(name="no-instructions", text="died"))
    made = [fakes.measured(case, ()) for case in (two_sides.DECODE, two_sides.CHAT)]
    return fakes.run([replace(m, warnings=cautions if m.case in cases else cautions[:1]) for m in made])


def test_what_was_not_counted_is_told_once():
    """The first case with its reason, and how many there are: a case of both sides is one."""
    first, other = two_sides.DECODE, two_sides.CHAT
    assert () == live._uncounted(warned(), warned())
    assert (f"{first.id}: died",) == live._uncounted(warned(first), warned(first))
    both = (f"{first.id}: died", "So it is with 2 cases.")
    assert both == live._uncounted(warned(first, other), warned()) == live._uncounted(warned(first), warned(other))


def test_memory_that_was_not_measured_is_told_as_well():
    """Before the instructions."""
    run = warned(two_sides.DECODE)
    (first, *others) = run.measurements
    lacks = replace(first, warnings=(*first.warnings, Caution(name="no-memory", text="starved")))
    told = live._uncounted(replace(run, measurements=(lacks, *others)))
    assert (f"{first.case.id}: starved", f"{first.case.id}: died") == told


def test_disturbed_pairs_are_counted():
    """Of all; where there are none nothing is said."""
    calm = Round(n=1, wave=0, started="", seconds=1.0, block_seconds=0.5)
    busy = replace(calm, disturbance=Disturbance(disturbed=True))
    assert () == live._disturbed(fakes.run([], rounds=(calm, calm)))
    assert ("Other programs disturbed 2 of 3 pairs; they meet both sides alike.",) == live._disturbed(
        fakes.run([], rounds=(busy, calm, busy))
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"strict": False}, "--no-strict"),
        ({"strict": True}, "--strict"),
        ({"allow_missing_baseline": True, "baseline": "b.json"}, "--allow-missing-baseline"),
    ],
)
def test_the_command_keeps_what_was_said_about_failing(said, words):
    """It asks the same again."""
    assert words in ask(**said).command()


@pytest.mark.parametrize("text", ["0%", "p50=0%", "p*=0%"])
def test_a_time_has_room_to_move(text):
    """No measurement excludes a change of nothing; of what is exact it does."""
    with pytest.raises(UsageError, match="less than any measurement can tell"):
        ask(tolerances=(text,))
    assert ask(tolerances=("encoded_bytes=0%",)).policy.tolerances


@pytest.mark.parametrize("order", [("base", "new"), ("new", "base")])
def test_a_saved_run_beside_a_side_is_refused(order):
    """What is measured now and what was measured some time are no pair."""
    run, side = order
    with pytest.raises(
        UsageError, match=r"^old\.json: a saved run, and the other side is none; name two saved runs, or "
    ):
        ask(**{run: ("old.json",), side: (".",)})


def test_the_command_of_two_saved_runs_has_all_that_decides():
    """And nothing of what would be measured."""
    words = "--metric p50 --tolerance 10% --no-strict --policy p.toml"
    Path("p.toml").write_text("[gate]\nbudget = '60s'\n")
    made = ask(base=("a.json",), new=("b.json",), metrics=("p50",), tolerances=("10%",), strict=False, policy="p.toml")
    assert f"serbench gate --base a.json --new b.json {words}" == " ".join(made.command())
