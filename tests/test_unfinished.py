"""Going on with a run: which one, what it was asked for, and what must still be as it was."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import fakes
from serbench import unfinished
from serbench.choice import Request
from serbench.errors import BadRunFile, CannotResume, UnusableFile, UsageError
from serbench.records.samples import Noise
from serbench.store import files

CUT_SHORT = fakes.order_run(calls=50, complete=False)


@pytest.fixture(autouse=True)
def sampler(monkeypatch):
    """The sampler of this interpreter is that of the runs here."""
    name = CUT_SHORT.environment.sampler
    monkeypatch.setattr(unfinished, "load_sampler", lambda: SimpleNamespace(NAME=name))


def test_another_sampler_reads_otherwise(monkeypatch):
    """Where the extension was built in between, or is gone, the run is not gone on with."""
    monkeypatch.setattr(unfinished, "load_sampler", lambda: SimpleNamespace(NAME="other"))
    with pytest.raises(CannotResume, match="the sampler was python and is other; start another one"):
        unfinished.state(CUT_SHORT, CUT_SHORT)


def test_what_a_killed_run_left_is_cleared_up(tmp_path, monkeypatch):
    """Its scratch and a file that was being written; nothing of another run."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    names = [f"serbench-{CUT_SHORT.id}-x", "serbench-other-x"]
    for name in names:
        (tmp_path / "tmp" / name).mkdir(parents=True)
    folder = saved(tmp_path / "mine", CUT_SHORT)
    (folder / ".run.json.77").write_text("{")
    unfinished.clean(CUT_SHORT.id, folder)
    assert names[1:] == [entry.name for entry in (tmp_path / "tmp").iterdir()]
    assert ["run.json"] == [entry.name for entry in folder.iterdir()]


def saved(folder, run, *, at=1_000_000):
    """A run in a folder, last changed at that time."""
    folder.mkdir(parents=True)
    os.utime(files.save(run, folder), (at, at))
    return folder


def test_a_folder_or_its_file_is_found(tmp_path):
    """With the run in it."""
    folder = saved(tmp_path / "mine", CUT_SHORT)
    assert (folder, CUT_SHORT) == unfinished.find(folder) == unfinished.find(folder / "run.json")


def test_what_is_complete_is_not_gone_on_with(tmp_path):
    """That is a wrong word of the user's, and nothing is touched."""
    folder = saved(tmp_path / "mine", replace(CUT_SHORT, complete=True))
    with pytest.raises(UsageError, match=rf"^{folder}: the run is complete, nothing is left to go on with; "):
        unfinished.find(folder)


def test_a_folder_without_a_run(tmp_path):
    """It was named, so it is wanted."""
    with pytest.raises(UnusableFile, match="expected a run"):
        unfinished.find(tmp_path)


def test_the_newest_that_was_cut_short_is_found(tmp_path, monkeypatch):
    """By the time of its file; complete ones, broken ones and the link to the latest are passed over."""
    monkeypatch.chdir(tmp_path)
    reports = Path("reports")
    saved(reports / "b-old", CUT_SHORT, at=1_000)
    wanted = saved(reports / "a-newer", replace(CUT_SHORT, id="newer"), at=2_000)
    saved(reports / "c-complete", replace(CUT_SHORT, complete=True), at=3_000)
    for name, content in {"d-broken": b"{", "e-foreign": b"{}", "f-empty": b""}.items():
        (reports / name).mkdir()
        (reports / name / "run.json").write_bytes(content)
    (reports / "g-folder" / "run.json").mkdir(parents=True)
    (reports / "latest").symlink_to("a-newer", target_is_directory=True)
    (reports / "nothing").mkdir()
    assert (wanted, "newer") == (unfinished.find(None)[0], unfinished.find(None)[1].id)


def test_where_none_was_cut_short(tmp_path, monkeypatch):
    """No reports at all, or none that is not complete."""
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        with pytest.raises(UsageError, match=r"^reports: no run in it was cut short; name another place with --dir$"):
            unfinished.find(None)
        if not Path("reports").exists():
            saved(Path("reports/mine"), replace(CUT_SHORT, complete=True))


@pytest.mark.parametrize(
    "command",
    [
        ("--colour", "red"),
        ("--instances", "many"),
        ("--instances",),
        ("--seed", "1.5"),
        ("--budget", "soon"),
        ("--heap", "20k"),
        ("--timeout",),
    ],
)
def test_a_command_that_is_none_of_ours(command):
    """Said as it stands there."""
    run = replace(CUT_SHORT, command=("serbench", "run", "order", *command))
    with pytest.raises(BadRunFile) as caught:
        unfinished.request(run)
    assert f"its command cannot be gone on with: {' '.join(run.command)}; start another run" == str(caught.value)


def test_what_was_asked_for():
    """As the command has it; `test_choice` holds that this is the inverse of making it."""
    words = (
        "serbench run order mine.json --codec json --codec orjson --heap 0 --heap 5 --budget 2.5s --seed 7 -- -x --y"
    )
    expected = Request(
        payloads=("order", "mine.json", "-x", "--y"), codecs=("json", "orjson"), heap=(0, 5), budget=2.5, seed=7
    )
    assert expected == unfinished.request(replace(CUT_SHORT, command=tuple(words.split())))


def test_what_was_spent():
    """All phases, and not their total, which is there once a run has been closed."""
    timing = {"start_up": 1.5, "blocks": 2.0, "size": 0.25, "total": 9.0}
    assert (3.75, 0) == (
        unfinished.seconds_spent(replace(CUT_SHORT, timing=timing)),
        unfinished.seconds_spent(replace(CUT_SHORT, timing={})),
    )


def test_how_far_it_got():
    """Everything that a session goes on from; it is not finished."""
    noise = fakes.histogram([30])
    before = replace(CUT_SHORT, noise=Noise(calls=1, histogram=noise, overflow=0, observed_ns=30, core=1))
    state = unfinished.state(before, replace(before, rounds=(), measurements=(), complete=False))
    assert (before.measurements, before.rounds, before.timing, before.noise, "python") == (
        state.measurements,
        state.rounds,
        state.seconds,
        state.noise,
        state.sampler,
    )
    assert (False, False) == (state.finished, state.stopped)


def machine(**changes):
    """The run on another machine."""
    environment = CUT_SHORT.environment
    return {"environment": replace(environment, machine=environment.machine | changes)}


def python(**changes):
    """The run with another Python."""
    environment = CUT_SHORT.environment
    return {"environment": replace(environment, python=environment.python | changes)}


def codecs(*versions):
    """The run with other versions of its codecs; those that are left out are not there."""
    return {"codecs": tuple(replace(one, version=v) for one, v in zip(CUT_SHORT.codecs, versions, strict=False))}


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        (machine(cpu_model="Other"), "machine: cpu_model was Fake CPU <1> and is Other"),
        (machine(measuring_core=3), "machine: measuring_core was None and is 3"),
        (machine(cores_usable=4), "machine: cores_usable was None and is 4"),
        (machine(architecture="arm"), "machine: architecture was None and is arm"),
        (python(version="3.12.0"), "Python: version was 3.11.9 and is 3.12.0"),
        (python(implementation="PyPy"), "Python: implementation was CPython and is PyPy"),
        (python(gil=False), "Python: gil was True and is False"),
        (python(debug=True), "Python: debug was None and is True"),
        (codecs("1.2.3", "1.2.4", "1.2.3", "1.2.3"), "orjson was 1.2.3 and is 1.2.4"),
        (codecs("1.2.3", "", "1.2.3", "1.2.3"), "orjson was 1.2.3 and is not there"),
        (codecs("1.2.3"), "orjson was 1.2.3 and is not there"),
        ({"payloads": (replace(fakes.payload(), digest="x"),)}, "payload order has other messages than it had"),
        ({"payloads": ()}, "payload order has other messages than it had"),
    ],
)
def test_what_must_be_as_it_was(now, reason):
    """Numbers of both parts would stand side by side as if they were of one thing."""
    with pytest.raises(CannotResume) as caught:
        unfinished.state(CUT_SHORT, replace(CUT_SHORT, **now))
    assert f"the run cannot be gone on with: {reason}; start another one" == str(caught.value)


@pytest.mark.parametrize(
    "now",
    [machine(governor="powersave"), machine(memory_bytes=1), python(executable="/elsewhere"), {"serbench": "0.2"}],
)
def test_what_may_have_changed(now):
    """It changes no number by itself."""
    assert CUT_SHORT.rounds == unfinished.state(CUT_SHORT, replace(CUT_SHORT, **now)).rounds
