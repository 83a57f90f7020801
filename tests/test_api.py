"""The front door: runs as tables, failures, saved runs, and outputs by name."""

from __future__ import annotations

from dataclasses import replace

import pytest

import fakes
import serbench
from codec_files import codec_file
from serbench import api
from serbench.api import Result
from serbench.errors import Interrupted, NothingMeasured, UnknownName, UnusableFile, UsageError
from serbench.records.cases import Status
from serbench.report.flat import FIELDS
from serbench.store import files

RUN = fakes.order_run(calls=200)


@pytest.fixture
def result(tmp_path):
    """A run that lies in a folder."""
    files.save(RUN, tmp_path)
    return Result(record=RUN, folder=tmp_path)


@pytest.fixture
def own_cache(tmp_path_factory, monkeypatch):
    """A catalogue for this module's tests alone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "api"))


def test_a_table_is_a_dict_a_case(result):
    """Under the names of the fields in their order; what has no number has why in its place."""
    rows = {row["case_id"]: row for row in result.table()}
    assert {m.case.id for m in RUN.measurements} == set(rows)
    for row in rows.values():
        assert list(row) == [field for field in FIELDS if field in row]
    assert 2_000 == pytest.approx(rows["orjson/order/decode"]["typical_ns"], rel=0.2)
    failed = rows["protobuf/order/dump"]
    assert ("failed", "the worker died: SIGSEGV") == (failed["status"], failed["reason"])
    assert ("typical_ns" in failed, bool(failed["typical_ns_missing"])) == (False, True)


def test_failures_are_of_codecs_that_were_asked_for(result):
    """Failed or incorrect; what was skipped, or came along with a pattern, fails nothing."""
    ends = {"a": Status.FAILED, "b": Status.INCORRECT, "c": Status.SKIPPED, "d": Status.FAILED}
    run = fakes.run([fakes.unmeasured(fakes.case(name), status, "a reason") for name, status in ends.items()])
    asked = replace(result, record=run, wanted=frozenset("abc"))
    assert ["a/order/decode: failed: a reason", "b/order/decode: incorrect: a reason"] == asked.failures()
    assert [] == replace(asked, wanted=frozenset()).failures()


def test_a_saved_run_is_loaded(result):
    """By its folder or its file, as text or path; it knows where it lies, and nothing of it was asked for by name."""
    for path in (result.folder, result.folder / "run.json", str(result.folder)):
        assert result == serbench.load(path)
    with pytest.raises(UnusableFile, match="expected a run"):
        serbench.load(result.folder / "gone")


def test_a_report_lies_beside_its_run(result):
    """As it is rendered; a notebook shows the same."""
    path = result.save_report()
    assert (result.folder / "index.html", result._repr_html_()) == (path, path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("output", ["html", "markdown", "csv", "json", "table"])
def test_a_run_is_rendered_by_name(result, output):
    """Whether it is handed over as a result or as its record."""
    text = serbench.report(result, output)
    assert text == serbench.report(RUN, output)
    assert "orjson" in text


def test_html_is_the_default(result):
    """Of a report; a comparison is a table."""
    assert serbench.report(result, "html") == serbench.report(result)
    comparison = serbench.compare(result, RUN)
    assert api.render(comparison, "table") == api.render(comparison)


def test_options_are_the_renderers(result):
    """Colour is one of the table's; an output that has no such option says so."""
    assert ["\x1b" in serbench.report(result, "table", colour=colour) for colour in (True, False)] == [True, False]
    with pytest.raises(TypeError, match="colour"):
        serbench.report(result, "csv", colour=True)


@pytest.mark.parametrize("output", ["html", "markdown", "csv", "json", "table"])
def test_two_runs_are_compared(result, output):
    """Results and records alike; an output for both has a renderer for each."""
    slower = fakes.order_run(calls=200, scale=2.0, id="20260102T030405Z-beef")
    comparison = serbench.compare(RUN, slower)
    assert (RUN.id, slower.id) == (comparison.base_id, comparison.new_id)
    assert comparison == serbench.compare(result, replace(result, record=slower))
    assert "20260102T030405Z-beef" in api.render(comparison, output)


@pytest.mark.parametrize(
    ("name", "needs", "error", "words"),
    [
        ("htlm", "run", UnknownName, "unknown output 'htlm'; did you mean html?"),
        ("tabel", "comparison", UnknownName, "unknown output 'tabel'; did you mean table?"),
        ("junit", "comparison", UsageError, "output 'junit' needs a verdict, which serbench gate makes"),
        ("zip", "comparison", UnknownName, "unknown output 'zip'; known: csv, html, json, markdown, table"),
    ],
)
def test_an_output_that_is_none(name, needs, error, words):
    """Unknown, or for something else: then it is not offered as a name either."""
    with pytest.raises(error) as caught:
        api.renderer(name, needs)
    assert (error, words) == (type(caught.value), str(caught.value))


def test_an_output_for_comparisons_only(monkeypatch):
    """There is none as yet; one that comes is told from a run's."""
    plugs = [plug for plug in api.registry.plug_ins("renderers") if (plug.name, plug.needs) != ("csv", "run")]
    monkeypatch.setattr(api.registry, "plug_ins", lambda _: plugs)
    with pytest.raises(UsageError, match=r"^output 'csv' needs a comparison, which serbench compare makes$"):
        api.renderer("csv")


@pytest.mark.usefixtures("own_cache")
def test_a_run_from_python(tmp_path):
    """It leaves what the command leaves, and tells what happens and what was measured so far."""
    events, states = [], []
    made = serbench.run(
        "ping",
        codecs=["json"],
        operations=["read"],
        instances=2,
        budget=1.5,
        seed=7,
        folder=str(tmp_path / "mine"),
        watch=events.append,
        after_round=states.append,
    )
    assert tmp_path / "mine" == made.folder
    assert {"run.json", "index.html"} == {path.name for path in made.folder.iterdir()}
    assert (False, frozenset({"json"}), []) == (made.interrupted, made.wanted, made.failures())
    assert (made.record, 7, 1.5) == (files.load(made.folder), made.record.seed, made.record.budget_seconds)
    assert ["json/ping/read?n=2"] == [row["case_id"] for row in made.table()]
    assert "start-up" == events[0].phase
    assert states[-1].measurements == made.record.measurements
    assert (tmp_path / "latest").resolve() == made.folder
    with pytest.raises(UsageError, match="holds a run already"):
        serbench.run("ping", codecs=["json"], folder=made.folder)


@pytest.mark.usefixtures("own_cache")
def test_where_nothing_has_a_number(tmp_path):
    """That is an error with the reason, and what there is to see is there all the same."""
    file = codec_file(tmp_path, "mine", before="import os\nos.environ['PYTHONHASHSEED'] == '0' or os._exit(3)\n")
    with pytest.raises(NothingMeasured) as caught:
        serbench.run("ping", codecs=[file], operations=["read"], instances=2, budget=1.5, folder=tmp_path / "run")
    reason = f"mine/ping/read?n=2: ended by itself with exit code 3 during import of {file}"
    assert f"nothing was measured; {reason}" == str(caught.value)
    saved = serbench.load(tmp_path / "run")
    assert Status.FAILED is saved.record.measurements[0].status
    assert reason.partition(": ")[2] in (tmp_path / "run" / "index.html").read_text()


@pytest.mark.usefixtures("own_cache")
@pytest.mark.parametrize("phase", ["", "start-up", "warm-up"])
def test_a_stop_before_the_first_number(tmp_path, phase):
    """Whenever it comes, it is an error of serbench's own."""
    events = []
    with pytest.raises(Interrupted, match="stopped before anything was measured"):
        serbench.run(
            "ping",
            codecs=["json"],
            operations=["read"],
            instances=2,
            budget=30,
            folder=tmp_path / "run",
            watch=events.append,
            stop=lambda: phase in ("", *(event.phase for event in events)),
        )


@pytest.mark.usefixtures("own_cache")
def test_a_stop_keeps_what_was_measured(tmp_path):
    """It is saved and rendered, and the result says that it was cut short."""
    states = []
    made = serbench.run(
        "ping",
        codecs=["json"],
        operations=["read"],
        instances=2,
        budget=30,
        folder=tmp_path / "run",
        after_round=states.append,
        stop=lambda: bool(states),
    )
    assert (True, False) == (made.interrupted, files.load(tmp_path / "run").complete)
    assert "measured" == made.table()[0]["status"]
    assert (tmp_path / "run" / "index.html").exists()


def test_one_word_stands_for_a_list_of_it_and_paths_for_names(tmp_path):
    """As people write it; a time may be text."""
    (tmp_path / "mine.json").write_text('{"a": 1}')
    result = serbench.run(
        tmp_path / "mine.json", codecs="json", operations="decode", gc="off", budget="1500ms", folder=tmp_path / "run"
    )
    assert [("json", "mine", "decode", "off")] == [
        (row["codec"], row["payload"], row["operation"], row["gc"]) for row in result.table()
    ]
    assert 1.5 == result.record.budget_seconds


@pytest.mark.parametrize("wrong", [{"seed": "abc"}, {"budget": True}, {"instances": 1.5}, {"budget": "soon"}])
def test_what_is_no_number_is_refused_before_anything_is_measured(tmp_path, wrong):
    """In one line, as on the command line."""
    with pytest.raises(UsageError):
        serbench.run("ping", folder=tmp_path / "run", **wrong)
    assert not (tmp_path / "run").exists()


@pytest.mark.usefixtures("own_cache")
def test_numbers_and_lists_of_them(tmp_path):
    """A heap or threads as one number or several; passes as words."""
    result = serbench.run(
        "ping",
        codecs="json",
        operations="decode",
        heap=[0, 5],
        threads=2,
        passes=["time", "memory"],
        instances=2,
        budget=3,
        folder=tmp_path / "run",
    )
    ids = {"json/ping/decode?n=2&threads=2", "json/ping/decode?heap=5&n=2&threads=2"}
    assert ids == {row["case_id"] for row in result.table()}
    assert ("time", "memory") == result.record.passes
    assert all(m.memory and not m.sizes for m in result.record.measurements)


@pytest.mark.parametrize("wrong", [{"heap": -1}, {"heap": "5"}, {"threads": [0]}, {"threads": 1.5}, {"passes": "no"}])
def test_conditions_that_are_none(tmp_path, wrong):
    """Refused before anything is measured, as on the command line."""
    with pytest.raises(UsageError):
        serbench.run("ping", folder=tmp_path / "run", **wrong)
    assert not (tmp_path / "run").exists()


@pytest.mark.usefixtures("own_cache")
def test_a_run_that_was_stopped_is_gone_on_with(tmp_path):
    """By its folder; what it had stays in front, it becomes complete, and then there is nothing to go on with."""
    states = []
    asked = {"codecs": ["json"], "operations": ["read"], "instances": 2, "budget": 4, "folder": tmp_path / "run"}
    first = serbench.run("ping", **asked, after_round=states.append, stop=lambda: bool(states))
    assert first.interrupted
    told = []
    second = serbench.resume(tmp_path / "run", after_round=told.append)
    assert (False, True, first.record.id) == (second.interrupted, second.record.complete, second.record.id)
    assert first.record.rounds == second.record.rounds[: len(first.record.rounds)]
    had, has = (result.record.measurements[0].workers for result in (first, second))
    assert had == has[: len(had)]
    assert len(has) > len(had)
    assert told[-1].rounds == second.record.rounds
    with pytest.raises(UsageError, match="the run is complete"):
        serbench.resume(tmp_path / "run")


@pytest.mark.usefixtures("own_cache")
def test_a_run_without_times_is_read_again(tmp_path):
    """Measured is what a pass has found, and a report is made of it."""
    asked = {"codecs": "json", "operations": "decode", "instances": 2, "budget": 2, "folder": tmp_path / "run"}
    made = serbench.run("ping", **asked, passes="memory")
    assert made.record == serbench.load(tmp_path / "run").record
    (m,) = made.record.measurements
    assert (Status.MEASURED, (), True) == (m.status, m.workers, bool(m.memory))
    assert ((), None) == (made.record.rounds, made.record.noise)
    assert "json" in serbench.report(serbench.load(tmp_path / "run"))
