from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from dataclasses import replace
from enum import Enum
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import fakes
from serbench import api, registry
from serbench.api import Result
from serbench.compare.build import compare
from serbench.records.cases import Caution, Status
from serbench.records.run import Measurement, Pairing
from serbench.redact import PAGE_FILE, RUN_FILE, Surroundings, redact, surroundings
from serbench.report.build import build
from serbench.store import files
from serbench.store.wire import from_wire, to_wire

HERE = Surroundings(
    hosts=frozenset({"wombat", "wombat.lan"}),
    users=frozenset({"alice"}),
    folders=frozenset({"/home/alice", "/home/alice/quokka work"}),
)
SECRETS = ("alice", "wombat", "quokka", "numbat", "zebulon")
POISON = (
    " at /home/alice/quokka work/numbat/x.json, '/srv/numbat/q x/y.py' by Alice on wombat.lan;"
    " https://alice:pw@wombat.lan/numbat/z.whl ~/numbat/.venv/bin/python ../numbat/a.py numbat/my.json"
)
NOT_FREE = {
    *("id", "started", "finished", "digest", "histogram", "labels", "same_as", "name", "codec", "payload"),
    *(
        "model",
        "format",
        "distribution",
        "deviations",
        "passes",
        "sampler",
        "method",
        "gc",
        "side",
        "source",
        "origin",
        "command",
    ),
}
"""Fields whose texts are not anybody's words; those of names and places have tests of their own."""


def poisoned(value, field=""):
    """The same with all secrets behind every text that is anybody's words."""
    match value:
        case str() if not isinstance(value, Enum) and value and field not in NOT_FREE:
            return value + POISON
        case tuple() | list():
            return type(value)(poisoned(item, field) for item in value)
        case dict():
            return {key: poisoned(item, field) for key, item in value.items()}
        case _ if dataclasses.is_dataclass(value):
            return replace(
                value, **{f.name: poisoned(getattr(value, f.name), f.name) for f in dataclasses.fields(value)}
            )
    return value


def telling():
    """A run that tells everything: in its texts, its places, its command, and the names of a codec and a payload."""
    run = fakes.order_run(calls=60, workers=2)
    codecs = (replace(run.codecs[0], warnings=(Caution(name="noisy", text="It prints."),)), *run.codecs[1:])
    mine = replace(fakes.codec("alice-codec"), source="/home/alice/quokka work/my_codec.py")
    own = replace(
        fakes.payload("alice"),
        origin="numbat/deep/alice.json",
        title="alice.json",
        digest="0f",
        sample='{"zebulon":["Zebulon","/home/zebulon/x"]}',
    )
    case = replace(fakes.case("alice-codec", "alice"), operation="decode")
    dump = replace(case, operation="load")
    run = replace(
        poisoned(replace(run, codecs=codecs)),
        command=(
            "serbench",
            "run",
            "numbat/deep/alice.json",
            "-c",
            "json,!~/numbat/a b.py",
            "--suite",
            "/q/numbat/s.toml",
        ),
        pairing=Pairing(
            id="p",
            side="base",
            asked="./numbat/dist/x.whl, python:/srv/numbat/bin/python",
            pairs=2,
            rounds=60,
            origins={"orjson": "/home/alice/quokka work/site-packages/orjson/__init__.py"},
        ),
    )
    more = (
        fakes.measured(case, fakes.even_workers(2_000, workers=2, calls=60)),
        Measurement(case=dump, status=Status.MEASURED, same_as=case.id),
        fakes.unmeasured(fakes.case("json", "alice"), Status.FAILED, f"unlike {case.id}, and {dump.id}: /q/numbat/z"),
        fakes.unmeasured(fakes.case("msgpack", "alice"), Status.INCORRECT, "expected 'Zebulon' (str), got 'X' (str)"),
    )
    return replace(
        run, codecs=(*run.codecs, mine), payloads=(*run.payloads, own), measurements=(*run.measurements, *more)
    )


def told(text):
    """The secrets that a text tells."""
    return [secret for secret in SECRETS if secret in text.lower()]


@pytest.fixture(scope="module")
def safe():
    """What is left of that run."""
    return redact(telling(), HERE)


RUN_OUTPUTS = sorted(plug.name for plug in registry.plug_ins("renderers") if plug.needs == "run")
COMPARISONS = sorted(plug.name for plug in registry.plug_ins("renderers") if plug.needs == "comparison")


@pytest.mark.parametrize("output", RUN_OUTPUTS)
def test_no_output_of_a_run_tells_a_secret(safe, output):
    """Whatever can be made of it; of the run as it was, the page tells them all."""
    assert [] == told(api.report(safe, output))
    if output == "html":
        assert list(SECRETS) == told(api.report(telling(), output))


@pytest.mark.parametrize("output", COMPARISONS)
def test_no_output_of_a_comparison_tells_a_secret(safe, output):
    """Nor of two."""
    other = redact(replace(telling(), serbench="0.2.0/home/alice", seed=8), HERE)
    assert [] == told(api.render(compare(safe, other), output))


def test_a_redacted_run_is_read_again(safe):
    """From its bytes, in which there is no secret; and it is rendered as before."""
    data = to_wire(safe)
    assert [] == told(data.decode())
    again = from_wire(data)
    assert [m.case.id for m in safe.measurements] == [m.case.id for m in again.measurements]
    assert build(safe).command == build(again).command
    assert [p.digest for p in telling().payloads] == [p.digest for p in again.payloads]
    assert [m.workers for m in telling().measurements] == [m.workers for m in again.measurements]


def test_to_redact_again_changes_nothing(safe):
    """What stands in place of secrets is none."""
    assert safe == redact(safe, HERE)


def test_a_run_without_secrets_stays_as_it_is():
    """Codecs, formats, words with a slash, module names: nothing of a usual run looks like a path or a name."""
    run = fakes.order_run(calls=60, workers=2)
    assert run == redact(run, HERE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/home/alice", "[path]"),
        ("/home/alice/", "[path]"),
        ("/home/alice/quokka work/a/b.json: no such file", "[path]/b.json: no such file"),
        ("/home/alice/quokka work", "[path]"),
        ("/home/bob/x", "[path]/x"),
        ("File '/a b/c d/e f.py', line 3", "File '[path]/e f.py', line 3"),
        ("in /var/lib/x.", "in [path]/x."),
        ("PYTHONPATH=/a/b:/c/d", "PYTHONPATH=[path]/b:[path]/d"),
        ("python:/opt/py/bin/python", "python:[path]/python"),
        ("../../up/x.toml and ./x.toml", "[path]/x.toml and [path]/x.toml"),
        ("~/.venv/bin/python", "[path]/python"),
        (r"C:\Users\alice\x.py or \\server\share\y.py", "[path]/x.py or [path]/y.py"),
        ("pkg @ https://user:pw@inner.example/a/pkg.whl#egg=x", "pkg @ https://[host]/pkg.whl"),
        ("file:///srv/a/x.whl", "[path]/x.whl"),
        ("lib/inner/x.py failed", "[path]/x.py failed"),
        ("'/home/alice/quokka work/not here/x.py' is gone", "'[path]/x.py' is gone"),
        ("/var/home/bob/x and BOB", "[path]/x and [user]"),
        ("file:///export/home/bob/x and bob", "[path]/x and [user]"),
        ("/export/home/bob", "[path]"),
        ("C:/Users/bob/x and bob", "C:[path]/x and [user]"),
        ("https://inner.example/home/index.html and index.html", "https://[host] and index.html"),
        ("wombat.corp.example:80. Wombat", "[host]:80. [host]"),
        ("20 objects/s and 3 MB/s, in/out", "20 objects/s and 3 MB/s, in/out"),
        ("orjson/order/decode?gc=off", "orjson/order/decode?gc=off"),
        ("application/json", "application/json"),
        ("items[].note: 1 / 2", "items[].note: 1 / 2"),
        ("'\\x1b' and '\\n' at 3", "'\\x1b' and '\\n' at 3"),
        ("Alice's malice, alice_1 and ALICE", "[user]'s malice, [user]_1 and [user]"),
        ("wombat.lan:80 and wombats", "[host]:80 and wombats"),
        ("git:feature/x", "git:feature/x"),
    ],
)
def test_what_becomes_of_a_text(text, expected):
    """Paths keep their last name; names go where they are a word; the rest stays."""
    run = fakes.run([fakes.unmeasured(fakes.case("json"), Status.FAILED, text)])
    assert expected == redact(run, HERE).measurements[0].reason


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        (("serbench", "run", "./secret/my.json"), ("serbench", "run", "[path]/my.json")),
        (("serbench", "run", "secret/my data.ndjson"), ("serbench", "run", "[path]/my data.ndjson")),
        (("serbench", "run", "my.json"), ("serbench", "run", "my.json")),
        (
            ("serbench", "run", "-c", "json,./s/a.py,!./s/b.py"),
            ("serbench", "run", "-c", "json,[path]/a.py,![path]/b.py"),
        ),
        (("serbench", "run", "--codec=../a.py"), ("serbench", "run", "--codec=[path]/a.py")),
        (("serbench", "run", "--budget", "1m", "--op", "read"), ("serbench", "run", "--budget", "1m", "--op", "read")),
        (
            ("serbench", "gate", "--base", "git:a/b", "--new", "sub/dir"),
            ("serbench", "gate", "--base", "git:a/b", "--new", "[path]/dir"),
        ),
    ],
)
def test_the_commands_paths_keep_their_last_name(command, expected):
    """With what stands before them in a word; a revision is none."""
    assert expected == redact(fakes.run([], command=command), HERE).command


def test_known_folders_go_wherever_they_stand():
    """A folder of the run's own files is told from other words, with spaces in it and without quotes."""
    own = replace(fakes.payload(), origin="/srv/big customer/2026/order.json")
    failed = fakes.unmeasured(fakes.case("json"), Status.FAILED, "nothing in /srv/big customer/2026 but order.json")
    assert (
        "nothing in [path] but order.json" == redact(fakes.run([failed], payloads=[own]), HERE).measurements[0].reason
    )


@given(
    user=st.sampled_from(
        ["json", "order", "decode", "orjson", "failed", "plain", "on", "a", "root", "cores", "run", "time"]
    )
)
def test_a_user_named_like_a_word_of_the_run_garbles_nothing(user):
    """Nor does a name that is short or common; in a path it goes all the same."""
    run = fakes.run(
        [fakes.measured(fakes.case("orjson"), fakes.even_workers(2_000, workers=1, calls=20))],
        command=("serbench", "run", "--codec", "orjson"),
    )
    known = Surroundings(users=frozenset({user}), hosts=frozenset({user}), folders=frozenset({f"/home/{user}"}))
    safe = redact(replace(run, suite=f"/home/{user}/x"), known)
    assert replace(run, suite="[path]/x") == safe
    assert from_wire(to_wire(safe)).measurements[0].case == run.measurements[0].case


WORDS = st.text(st.characters(codec="utf-8", categories=("L", "N")), min_size=3, max_size=12)
BETWEEN = st.sampled_from([" ", "_", "-", ".", ",", ":", "'", '"', "(", "\n", "@", "=", "/", "%"])


@given(name=WORDS, left=BETWEEN, right=BETWEEN, around=st.tuples(WORDS, WORDS), as_host=st.booleans())
def test_no_name_stays_as_a_word(name, left, right, around, as_host):
    """Whatever stands beside it that is no letter and no digit."""
    before, behind = around
    failed = fakes.unmeasured(fakes.case("json"), Status.FAILED, before + left + name + right + behind)
    run = fakes.run([failed], suite=name)
    names = frozenset({name})
    safe = redact(run, Surroundings(hosts=names) if as_host else Surroundings(users=names))
    assume(safe.suite != name)  # else it is a common name, or a word of the run
    assume(name not in f"{before} {behind} [host] [user] [path]")
    assert name not in safe.measurements[0].reason


SEGMENTS = st.lists(st.text(st.characters(codec="ascii", categories=("L", "N")), min_size=1), min_size=2, max_size=5)


@given(parts=SEGMENTS, start=st.sampled_from(["/", "~/", "./", "../"]), quote=st.sampled_from(["", "'", '"']))
def test_no_folder_of_a_path_stays(parts, start, quote):
    """Absolute, at home or beside the working directory: the last name is all that is left."""
    assume(parts[0] not in {"home", "Users"})  # what comes next is a user
    reason = f"cannot read {quote}{start}{'/'.join(parts)}{quote}: gone"
    run = fakes.run([fakes.unmeasured(fakes.case("json"), Status.FAILED, reason)])
    expected = f"cannot read {quote}[path]/{parts[-1]}{quote}: gone"
    assert expected == redact(run, Surroundings()).measurements[0].reason


def test_cases_named_after_a_user_are_renamed_alike(safe):
    """In codecs, payloads, cases, references and reasons; an id is still made of its parts."""
    ids = [m.case.id for m in safe.measurements][-4:-1]
    assert ["%5Buser%5D-codec/%5Buser%5D/decode", "%5Buser%5D-codec/%5Buser%5D/load", "json/%5Buser%5D/decode"] == ids
    assert ids[0] == safe.measurements[-3].same_as
    assert f"unlike {ids[0]}, and {ids[1]}: [path]/z" == safe.measurements[-2].reason
    assert ("[user]-codec", "[user]") == (safe.codecs[-1].name, safe.payloads[-1].name)
    assert "[path]/[user].json" == safe.payloads[-1].origin


def test_own_messages_leave_their_shape_alone(safe):
    """In the sample and in what a reason quotes; a generated message is the same everywhere, and stays."""
    assert "{key of 7 characters: [string of 7 characters, string of 15 characters]}" == safe.payloads[-1].sample
    assert "expected str, got str" == safe.measurements[-1].reason
    payload = replace(fakes.payload(), sample='{"note":"for alice","n":[1,… 3 more]}\n… 99 bytes in all')
    different = fakes.unmeasured(fakes.case("json"), Status.INCORRECT, "expected 'a' (str), got 'b' (str)")
    generated = redact(fakes.run([different], payloads=[payload]), HERE)
    assert '{"note":"for [user]","n":[1,… 3 more]}\n… 99 bytes in all' == generated.payloads[0].sample
    assert different == generated.measurements[0]


def test_what_a_class_makes_of_own_messages_is_told_without_them():
    """The words stay, and what is quoted goes; of a generated payload it stays as well."""
    text = "It writes otherwise at ('2024-01-01T00:00:00Z' as '2024-01-01'); adds note ('secret')."
    own = replace(fakes.payload("orders"), origin="orders.ndjson")
    cases = [fakes.case("Order-cattrs", name) for name in ("orders", "order")]
    told = [replace(fakes.measured(case, ()), warnings=(Caution(name="converts", text=text),)) for case in cases]
    run = fakes.run(told, codecs=(fakes.codec("Order-cattrs"),), payloads=(own, fakes.payload("order")))
    first, second = redact(run, Surroundings()).measurements
    assert "It writes otherwise at ('…' as '…'); adds note ('…')." == first.warnings[0].text
    assert text == second.warnings[0].text


def test_different_names_stay_different():
    """Two users' payloads are two payloads."""
    cases = [fakes.case("json", name) for name in ("of-alice", "of-bob")]
    payloads = [replace(fakes.payload(c.payload), origin=f"/home/{c.payload[3:]}/x.json") for c in cases]
    run = fakes.run([fakes.unmeasured(c, Status.SKIPPED, "not carried") for c in cases], payloads=payloads)
    safe = redact(run, HERE)
    assert ["of-[user]", "of-[user]-2"] == [payload.name for payload in safe.payloads]
    assert from_wire(to_wire(safe)).measurements == safe.measurements


def test_runs_of_one_page_are_read_together(tmp_path):
    """A user whom one of them gives away is taken out of both, so that their cases are the same still."""
    cases = [fakes.unmeasured(fakes.case("json", "of-bob"), Status.SKIPPED, "not carried")]
    own = replace(fakes.payload("of-bob"), origin="of-bob.json")
    quiet = fakes.run(cases, payloads=[own])
    loud = fakes.run(cases, payloads=[replace(own, origin="/home/bob/of-bob.json")])
    one, other = api.redacted(*(Result(record=run, folder=tmp_path) for run in (quiet, loud)))
    assert "json/of-%5Buser%5D/decode" == one.record.measurements[0].case.id == other.record.measurements[0].case.id


def test_this_machine_is_known(monkeypatch, tmp_path):
    """Its name with and without a domain, its users, home and working directory."""
    monkeypatch.setattr("socket.gethostname", lambda: "wombat.lan")
    monkeypatch.setenv("HOSTNAME", "quoll")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USER", "alice")
    monkeypatch.setenv("SUDO_USER", "bob")
    monkeypatch.chdir(tmp_path)
    found = surroundings()
    assert {"wombat.lan", "wombat", "quoll"} == found.hosts
    assert {"alice", "bob"} <= found.users
    assert str(tmp_path) in found.folders
    assert not {"", "/"} & (found.hosts | found.users | found.folders)


def test_what_cannot_be_asked_is_not_known(monkeypatch):
    """No name, no home and no working directory are no reason to fail."""

    def gone(*_):
        raise OSError

    monkeypatch.setattr("socket.gethostname", gone)
    monkeypatch.setattr(Path, "cwd", gone)
    monkeypatch.setattr(Path, "home", gone)
    monkeypatch.delenv("HOSTNAME", raising=False)
    assert frozenset() == surroundings().hosts


def serbench(folder, *arguments):
    """The command, typed by alice in her home."""
    return subprocess.run(
        [sys.executable, "-m", "serbench", *arguments],
        cwd=folder,
        env=os.environ | {"HOME": str(folder), "USER": "alice", "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture
def at_home(tmp_path):
    """A folder with a run in it that names its folder and its user."""
    reason = f"{tmp_path}/numbat/x.json: alice may not read it"
    failed = fakes.unmeasured(fakes.case("json", operation="encode"), Status.FAILED, reason)
    run = fakes.order_run(calls=60, workers=2)
    run = replace(run, measurements=(*(m for m in run.measurements if m.case != failed.case and not m.same_as), failed))
    (tmp_path / "run").mkdir()
    files.save(run, tmp_path / "run")
    (tmp_path / "run" / "index.html").write_text("the full page")
    return tmp_path


def test_the_command_leaves_both_beside_the_run(at_home):
    """The full page and run stay; what was written is printed, tells nothing, and is a run that can be reported."""
    result = serbench(at_home, "report", "run", "--redact")
    assert (0, f"run/{PAGE_FILE}\nrun/{RUN_FILE}\n") == (result.returncode, result.stdout), result.stderr
    assert "the full page" == (at_home / "run" / "index.html").read_text()
    for name in (PAGE_FILE, RUN_FILE):
        text = (at_home / "run" / name).read_text()
        assert "[path]/x.json: [user] may not read it" in text
        assert [] == told(text)
    again = serbench(at_home, "report", f"run/{RUN_FILE}")
    assert (0, f"run/{PAGE_FILE}\n") == (again.returncode, again.stdout)
    assert "the full page" == (at_home / "run" / "index.html").read_text()


def test_outputs_of_the_command_are_redacted(at_home):
    """With -o each goes where it is asked for, and nothing else is written."""
    result = serbench(at_home, "report", "run", "--redact", "-o", "csv=run.csv", "-o", "table")
    assert 0 == result.returncode, result.stderr
    assert not (at_home / "run" / PAGE_FILE).exists()
    for text in (result.stdout, (at_home / "run.csv").read_text()):
        assert "[path]/x.json" in text
        assert [] == told(text)
    assert "alice" in serbench(at_home, "report", "run", "-o", "csv").stdout


def test_a_comparison_is_redacted_as_well(at_home):
    """Both of its runs."""
    result = serbench(at_home, "compare", "run", "run", "--redact", "-o", "html=both.html", "-o", "json=both.json")
    assert 0 == result.returncode, result.stderr
    for text in (result.stdout, (at_home / "both.html").read_text(), (at_home / "both.json").read_text()):
        assert "[path]/x.json" in text
        assert [] == told(text)


def test_two_runs_are_not_written_over_each_other(at_home):
    """One file for two runs is refused before it is written."""
    result = serbench(at_home, "report", "run", "run", "-o", "csv=run.csv")
    assert (
        2,
        (
            "serbench: run.csv: 2 runs would be written to it, each over the last; name one run, "
            "or take serbench compare for all on one page\n"
        ),
    ) == (
        result.returncode,
        result.stderr,
    )
    assert not (at_home / "run.csv").exists()
