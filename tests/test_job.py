"""One run on its way: its budget, what is on disk after every round, and nothing left where nothing came of it."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest

from codec_files import codec_file
from serbench.choice import Request
from serbench.errors import CannotWrite, Interrupted, UnusableFile, UsageError
from serbench.job import Job
from serbench.records.cases import Status
from serbench.store import files

HANGS = """
import time
from dataclasses import dataclass
from serbench.codecs.base import Bound
from serbench.codecs.json import Json as Sound

@dataclass(frozen=True, slots=True, kw_only=True)
class Json(Sound):
    def bind(self, payload, /):
        sound, calls = Sound.bind(self, payload), iter(range(100))

        def decode(data):
            if next(calls, None) is None:
                time.sleep(60)
            return sound.decode(data)

        return Bound(encode=sound.encode, decode=decode)

CODECS = (Json(name="hangs"),)
"""


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Where the catalogue is kept, so that workers are asked but once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def job(cache, tmp_path, monkeypatch):
    """Makes a job, in a folder of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def make(*payloads, stop=lambda: False, **said):
        return Job(Request(**{"payloads": payloads, "instances": 2} | said), stop=stop)

    return make


@pytest.mark.parametrize(
    ("said", "cases", "budget"),
    [
        ({"codecs": ("json",)}, 3, 10.0),
        ({"codecs": ("json,orjson,msgpack",), "gc": ("on,off,frozen",)}, 27, 27.0),
        ({"codecs": ("json,orjson,msgpack,pickle,marshal",), "gc": ("all",), "operations": ("all",)}, 45, 45.0),
        ({"codecs": ("json,orjson,pickle,msg*",), "gc": ("all",), "operations": ("encode,decode,read",)}, 99, 60.0),
        ({"codecs": ("json",), "budget": 3.5}, 3, 3.5),
        ({"suite": "smoke", "codecs": ("json",), "gc": ("all",), "operations": ("all",)}, 9, 10.0),
        ({"codecs": ("json",), "heap": (0, 5), "threads": (1, 2, 4)}, 18, 18.0),
        ({"codecs": ("json",), "passes": ("all",)}, 3, 10.0),
    ],
)
def test_the_budget_is_a_second_a_case(job, tmp_path, said, cases, budget):
    """Ten at the least, sixty at the most; what was said wins, and a suite that was asked for."""
    plan, seconds = job("ping", **said).plan(tmp_path)
    assert (cases, budget) == (len(plan.cases), seconds)


def test_a_job_is_refused_before_a_folder_is_made(job):
    """A wrong word leaves nothing behind."""
    with pytest.raises(UsageError):
        job("ping", codecs=("jsno",))
    assert [] == list(Path().iterdir())


def measure(made, folder):
    """Has a job measure into that folder."""
    made.open(folder, force=False)
    return made.measure(lambda _: None, lambda _: None)


@pytest.mark.parametrize("folder", [None, Path("mine"), Path("a/b/mine")])
def test_no_folder_stays_where_nothing_was_measured(job, folder):
    """What was made for the run goes, with the folders around it."""
    wishes = []
    made = job("ping", codecs=("json",), stop=lambda: bool(wishes))
    wishes.append("stop")
    with pytest.raises(Interrupted):
        measure(made, folder)
    assert [] == list(Path().iterdir())


def test_a_payload_that_cannot_be_made_leaves_no_folder(job):
    """It is found once the folder is there."""
    Path("note.json").write_text("{")
    with pytest.raises(UnusableFile):
        measure(job("note.json", codecs=("json",)), None)
    assert ["note.json"] == [path.name for path in Path().iterdir()]


@pytest.mark.parametrize("folder", [None, Path("reports/mine"), Path("mine")])
def test_what_was_there_before_stays(job, folder):
    """An empty folder of the user's own is not the run's to take away, nor one with something in it."""
    Path("reports").mkdir()
    Path("mine").mkdir()
    (Path("reports") / "other").write_text("")
    Path("note.json").write_text("{")
    with pytest.raises(UnusableFile):
        measure(job("note.json", codecs=("json",)), folder)
    assert ["mine", "note.json", "reports", "reports/other"] == sorted(str(path) for path in Path().rglob("*"))


def test_a_folder_that_holds_a_run_is_refused(job):
    """Unless that is wished; one that cannot be made is told."""
    Path("old").mkdir()
    Path("old/run.json").write_text("kept")
    with pytest.raises(UsageError, match="old: holds a run already"):
        job("ping", codecs=("json",)).open(Path("old"), force=False)
    assert Path("old") == job("ping", codecs=("json",)).open(Path("old"), force=True)
    with pytest.raises(CannotWrite):
        job("ping", codecs=("json",)).open(Path("old/run.json/new"), force=False)
    assert "kept" == Path("old/run.json").read_text()


def test_two_runs_do_not_share_a_folder(job):
    """Started at once both find it free: the second is refused once it would measure, and takes nothing away."""
    first, second = (job("ping", codecs=("json",), operations=("decode",), budget=1.0) for _ in range(2))
    folder = first.open(Path("mine"), force=False)
    assert folder == second.open(Path("mine"), force=False)
    with (
        files.alone(folder),
        pytest.raises(UsageError, match="mine: another run is being measured there; wait for its end"),
    ):
        second.measure(lambda _event: None, lambda _run: None)
    assert first.measure(lambda _event: None, lambda _run: None).complete


def test_a_run_is_on_disk_after_every_round(job, tmp_path, monkeypatch):
    """Saved before it is told, complete at last; a call has a tenth of the budget; closed, it is `latest`."""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    Path("hangs.py").write_text(HANGS)
    made = job("ping", codecs=("json", "./hangs.py"), operations=("decode",), budget=2.0, timeout=30.0)
    assert {"json", "hangs"} == made.wanted
    home, seen = made.open(None, force=False), []
    record = made.measure(lambda _: None, lambda run: seen.append((files.load(home) == run, run)))
    assert {True} == {same for same, _ in seen}
    told = [run for _, run in seen]
    assert [False] * (len(told) - 1) + [True] == [run.complete for run in told]
    assert (record, home, 2) == (told[-1], Path("reports") / record.id, len(record.measurements))
    json, hangs = record.measurements
    assert (Status.MEASURED, Status.FAILED) == (json.status, hangs.status)
    assert hangs.reason.startswith("no answer within 0.2")
    closed = made.close(record)
    assert set(closed.timing) == {*record.timing, "total"}
    assert closed == files.load(Path("reports/latest"))
    assert [] == list(scratch.iterdir())


def test_a_codec_file_is_wanted(job):
    """As what was asked for by name: what becomes of it decides over the exit code; a pattern wants nothing."""
    file = codec_file(Path(), "mine", "other")
    assert {"json", "mine"} == job("ping", codecs=("json", "o*", f"./{file}", "!other")).wanted


class Asked(Exception):
    """Raised in the place of a session, with what it was to have.

    Attributes:
        options: of the session.
    """

    def __init__(self, **options):
        self.options = options


@pytest.fixture
def asked(monkeypatch, job):
    """What a session would have been given."""

    def no_session(**options):
        raise Asked(**options)

    monkeypatch.setattr("serbench.job.Session", no_session)

    def ask(before=None, **said):
        request = Request(payloads=("ping",), codecs=("json",), operations=("read",), instances=2, **said)
        made = Job(request, stop=lambda: False, before=before)
        made.open(Path("here"), force=False)
        with pytest.raises(Asked) as caught:
            made.measure(lambda _: None, lambda _: None)
        return caught.value.options

    job("ping", codecs=("json",))  # whose codecs are looked up by now
    return ask


@pytest.mark.parametrize(("said", "timeout"), [({"timeout": 0.5}, 0.5), ({}, 2.0), ({"timeout": 60.0}, 2.0)])
def test_what_a_session_is_given(asked, said, timeout):
    """Its passes, its seed, what a call may take; drawing the report has its share of the budget."""
    options = asked(budget=20.0, seed=9, passes=("time", "cold"), **said)
    assert (("time", "cold"), 9, timeout, None) == tuple(
        options[name] for name in ("passes", "seed", "timeout", "before")
    )
    assert 0 < options["seconds"] <= 20.0 - 1.0


@pytest.fixture
def before(job):
    """A run that was cut short after 12.5 seconds."""
    made = job("ping", codecs=("json",), operations=("read",), budget=20.0, passes=("size",))
    made.open(Path("first"), force=False)
    run = made.measure(lambda _: None, lambda _: None)
    return replace(run, complete=False, timing={"blocks": 10.0, "start_up": 2.5, "total": 99.0})


def test_a_resumed_run_has_what_is_left(before, asked):
    """Of the same budget; what it has come to is handed over, and the run keeps its name."""
    options = asked(before=before, budget=20.0, passes=("size",))
    assert 0 < options["seconds"] <= 20.0 - 12.5 - 1.0
    assert (before.measurements, 10.0) == (options["before"].measurements, options["before"].seconds["blocks"])


def test_a_resumed_run_that_has_nothing_left(before, asked):
    """It has no time, and not less than none."""
    spent = replace(before, timing={"blocks": 21.0})
    assert 0.0 == asked(before=spent, budget=20.0, passes=("size",))["seconds"]


def test_a_resumed_run_is_the_same_run(before):
    """Name, start and what it took before stay; what follows is added, and it is complete."""
    Path("first/index.html").write_text("of the first part")
    made = Job(
        Request(payloads=("ping",), codecs=("json",), operations=("read",), instances=2, budget=20.0, passes=("size",)),
        stop=lambda: False,
        before=before,
    )
    made.open(Path("first"), force=False)
    record = made.close(made.measure(lambda _: None, lambda _: None))
    assert (before.id, before.started, True) == (record.id, record.started, record.complete)
    assert record.timing["total"] > 12.5
    assert 10.0 == record.timing["blocks"]
    assert not Path("first/index.html").exists()
