"""The library's front door, and the only place that picks parts: `run`, `load`, `report`, `compare`, `render`.

import serbench

run = serbench.run("order", codecs=["orjson", "msgpack"], budget=15)
run.table()                                      # a list of dicts, times in ns
serbench.load("reports/latest").save_report()    # render again, without measuring
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from serbench import redact, registry, unfinished
from serbench.charts import export
from serbench.choice import SEED, TIMEOUT_SECONDS, Request
from serbench.compare.build import compare as compare_runs
from serbench.compare.history import history
from serbench.compare.parts import History
from serbench.errors import Interrupted, NothingMeasured, UnknownName, UsageError
from serbench.job import Job
from serbench.payloads.files.objects import Instances as Instances  # noqa: PLC0414 - handed on from here
from serbench.payloads.files.objects import given
from serbench.records.cases import Status
from serbench.records.verdict import Verdict
from serbench.report.build import build
from serbench.report.flat import records
from serbench.store import files
from serbench.store.wire import to_wire
from serbench.suites import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.compare.parts import Against, Comparison
    from serbench.harness.state import Event
    from serbench.records.run import Run
    from serbench.renderers.base import Needs


Word = str | Path
"""A name or a pattern, or where a file is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A run and where it lies.

    Attributes:
        record: everything that was measured.
        folder: the run's folder.
        wanted: codecs that were asked for one by one, whose failure is a failure of the run.
        interrupted: whether somebody asked for its end.
        redacted: whether names of host and user and folders have been taken out of the record.
    """

    record: Run
    folder: Path
    wanted: frozenset[str] = frozenset()
    interrupted: bool = False
    redacted: bool = False

    def table(self) -> list[dict[str, Any]]:
        """One dict per case: names, `status`, times in ns, sizes in bytes; what is missing has its reason instead."""
        return records(build(self.record))

    def failures(self) -> list[str]:
        """The cases of codecs that were asked for by name and that crashed, hung or were incorrect, with the reason."""
        bad = (Status.FAILED, Status.INCORRECT)
        return [
            f"{m.case.id}: {m.status}: {m.reason}"
            for m in self.record.measurements
            if m.status in bad and m.case.codec in self.wanted
        ]

    def save_report(self) -> Path:
        """Renders `index.html` beside `run.json`, `index.redacted.html` where it is redacted, and returns its path."""
        path = self.folder / (redact.PAGE_FILE if self.redacted else files.PAGE_FILE)
        files.write_text(path, report(self))
        return path

    def save_run(self) -> Path:
        """Writes `run.json`, `run.redacted.json` where it is redacted, and returns its path."""
        if not self.redacted:
            return files.save(self.record, self.folder)
        path = self.folder / redact.RUN_FILE
        files.write_text(path, to_wire(self.record).decode())
        return path

    def _repr_html_(self) -> str:
        return report(self)


def run(
    *payloads: Word | Any,
    suite: Word = "",
    codecs: Word | Sequence[Word] = (),
    types: Word | Sequence[Word] = (),
    formats: Word | Sequence[Word] = (),
    operations: Word | Sequence[Word] = (),
    gc: Word | Sequence[Word] = (),
    heap: int | Sequence[int] = (),
    threads: int | Sequence[int] = (),
    passes: Word | Sequence[Word] = (),
    instances: int | None = None,
    budget: float | str | None = None,
    seed: int = SEED,
    timeout: float | str = TIMEOUT_SECONDS,
    read_as: str = "",
    skip_bad: bool = False,
    message: str = "",
    data: Word | Sequence[Word] = (),
    vary: bool = False,
    folder: str | Path = "",
    force: bool = False,
    watch: Callable[[Event], None] = lambda _: None,
    after_round: Callable[[Run], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """Measures, and leaves `run.json` and `index.html` in a folder.

    Args:
        payloads: names, files, folders, `-` for stdin; `Instances` of a program; any other object but a text or a path
            is one message by itself. None of them: those of the suite.
        suite: a name or a file; empty: the default suite.
        codecs: names, patterns, exclusions or codec files; none: those of the suite.
        types: classes of your own, `pkg.module:Order`, measured as they are.
        formats: only codecs of these formats.
        operations: none: those of the suite.
        gc: `on`, `off`, `frozen`: the collector's states to measure under.
        heap: live decoded instances held meanwhile, each number a case of its own.
        threads: of a worker that measure at once, each number a case of its own.
        passes: `time`, `size`, `memory`, `cold`; none: time and size.
        instances: how many instances calls rotate over; None: as many as fit 8 MB, 8 to 1,024.
        budget: wall time from the first worker to the last byte of `index.html`, in seconds or as text such as `2m`;
            None: 1 s a case, 10 to 60.
        seed: of payloads, orders and hash seeds.
        timeout: seconds, or text, that one call may take; a tenth of the budget at the most.
        read_as: the format of files whose ending does not tell it: `json`, `ndjson`, `msgpack`, `cbor`.
        skip_bad: whether lines of files that are no message are left out and counted.
        message: of a `.proto` or a descriptor set, the message's full name.
        data: of the same, the files with messages.
        vary: whether further messages, alike in lengths and widths, are made of files and objects that have too few.
        folder: the run's folder; empty: a new one in `reports`.
        force: whether a folder that holds a run may be used.
        watch: told what is happening.
        after_round: given the run as it stands after every round.
        stop: whether to end early; what was measured is saved and rendered.

    Raises:
        UsageError: a name, a file or a value is wrong; nothing was measured.
        CannotWrite: the folder or the results cannot be written.
        NothingMeasured: no case has a number.
    """
    request = Request(
        payloads=words([one for one in payloads if isinstance(one, str | Path)]),
        objects=given(one for one in payloads if not isinstance(one, str | Path)),
        read_as=read_as,
        skip_bad=skip_bad,
        message=message,
        data=words(data),
        vary=vary,
        suite=str(suite),
        codecs=words(codecs),
        types=words(types),
        formats=words(formats),
        operations=words(operations),
        gc=words(gc),
        heap=_numbers(heap),
        threads=_numbers(threads),
        passes=words(passes),
        instances=instances,
        budget=duration(budget) if isinstance(budget, str) else budget,
        seed=seed,
        timeout=duration(timeout) if isinstance(timeout, str) else timeout,
    )
    return measure(request, folder=folder, force=force, watch=watch, after_round=after_round, stop=stop)


def words(values: Word | Sequence[Word]) -> tuple[str, ...]:
    """One name, pattern or path, or several."""
    return (str(values),) if isinstance(values, str | Path) else tuple(map(str, values))


def _numbers(values: int | Sequence[int]) -> tuple[int, ...]:
    # What is neither a number nor a list of them is refused later, with the others.
    return (values,) if isinstance(values, int | float | str) else tuple(values)


def resume(
    folder: str | Path = "",
    *,
    watch: Callable[[Event], None] = lambda _: None,
    after_round: Callable[[Run], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Result:
    """Goes on with a run that was cut short, under what is left of its budget.

    Args:
        folder: the run's; empty: the newest in `reports` that is not complete.
        watch: told what is happening.
        after_round: given the run as it stands after every round.
        stop: whether to end early.

    Raises:
        UsageError: there is no such run, or it is complete.
        CannotResume: the machine, a version or a message is not what it was.
        BadRunFile: its run.json cannot be read.
    """
    home, before = unfinished.find(Path(folder) if folder else None)
    job = Job(unfinished.request(before), stop=stop, before=before)
    return _measured(job, job.open(home, force=True), watch, after_round)


def measure(
    request: Request,
    *,
    folder: str | Path,
    force: bool,
    watch: Callable[[Event], None],
    after_round: Callable[[Run], None],
    stop: Callable[[], bool],
) -> Result:
    """`run`, of a request that is made already."""
    job = Job(request, stop=stop)
    return _measured(job, job.open(Path(folder) if folder else None, force=force), watch, after_round)


def _measured(job: Job, home: Path, watch: Callable[[Event], None], after_round: Callable[[Run], None]) -> Result:
    record = job.measure(watch, after_round)
    result = Result(record=record, folder=home, wanted=job.wanted, interrupted=not record.complete)
    result.save_report()
    result = replace(result, record=job.close(record))
    if not any(m.status is Status.MEASURED for m in record.measurements):
        if result.interrupted:
            raise Interrupted("stopped before anything was measured")
        reasons = sorted({f"{m.case.id}: {m.reason}" for m in record.measurements})
        raise NothingMeasured(f"nothing was measured; {'; '.join(reasons[:3])}")
    return result


def load(path: str | Path) -> Result:
    """A run that was saved: a `run.json` or a run's folder.

    Raises:
        UnusableFile: there is no such file.
        BadRunFile: it is no run.json that this version reads.
    """
    place = Path(path)
    record = files.load(place)
    folder = place if place.is_dir() else place.parent
    return Result(record=record, folder=folder, redacted=place.name == redact.RUN_FILE)


def redacted(*results: Result) -> tuple[Result, ...]:
    """Runs to be shown to others: without names of host and user and without folders, as `serbench.redact` has it.

    What is to be shown together is to be redacted together: then a name that one of them gives away goes from all.
    """
    known = redact.gathered(redact.surroundings(), (result.record for result in results))
    return tuple(replace(one, record=redact.redact(one.record, known), redacted=True) for one in results)


def renderer(name: str, needs: Needs = "run") -> Any:
    """The output of that name for a run, a comparison, a history or a verdict.

    Raises:
        UnknownName: there is no such output.
        UsageError: there is one, but it needs something else.
    """
    plugs = registry.plug_ins("renderers")
    fitting = {plug.name: plug for plug in plugs if plug.needs == needs}
    if name in fitting:
        return fitting[name]
    if others := [plug.needs for plug in plugs if plug.name == name]:
        raise UsageError(f"output {name!r} needs {' or '.join(_NEEDS[other] for other in others)}")
    raise UnknownName("output", name, fitting)


_NEEDS: dict[Needs, str] = {
    "run": "a run, which serbench run and report have",
    "comparison": "a comparison, which serbench compare makes",
    "history": "several runs, which serbench compare has",
    "verdict": "a verdict, which serbench gate makes",
}


def report(result: Result | Run, output: str = "html", **options: Any) -> str:
    """Renders a run again, without measuring.

    Args:
        result: what `run` or `load` returned.
        output: `html`, `markdown`, `csv`, `json` or `table`.
        options: of that output's renderer.

    Raises:
        UnknownName: there is no such output.
    """
    text: str = replace(renderer(output), **options).render(build(record(result)))
    return text


def save_charts(result: Result | Run, folder: str | Path) -> tuple[Path, ...]:
    """Writes every figure of a run as SVG and PNG, named by what it shows, and returns the files.

    Raises:
        UnusableFile: the folder cannot be made or written to.
        CannotWrite: no space is left.
    """
    return export.save(build(record(result)), Path(folder))


@overload
def compare(base: Result | Run, new: Result | Run, *, against: Against = ...) -> Comparison: ...
@overload
def compare(
    base: Result | Run, new: Result | Run, *more: Result | Run, against: Against = ...
) -> Comparison | History: ...
def compare(
    base: Result | Run, new: Result | Run, *more: Result | Run, against: Against = "first"
) -> Comparison | History:
    """Two runs side by side, or several. It informs; it does not decide.

    Args:
        base: a run.
        new: the one that is held against it.
        more: further ones, in the order in which they are to be read.
        against: what each of several is held against: `first` or `previous`.

    Raises:
        UsageError: there are more than can stand side by side.
    """
    if not more:
        return compare_runs(record(base), record(new))
    every = (base, new, *more)
    return history(list(map(record, every)), list(map(_name, every)), against=against)


def _name(result: Result | Run) -> str:
    """What a run is called beside others: its folder, unless nobody is to know that."""
    return result.folder.name if isinstance(result, Result) and not result.redacted else ""


def render(what: Comparison | History | Verdict, output: str = "table", **options: Any) -> str:
    """Renders a comparison, a history or a verdict.

    Args:
        what: one of them.
        output: one that `serbench list outputs` names for it.
        options: of that output's renderer.

    Raises:
        UnknownName: there is no such output.
        UsageError: the output is for something else.
    """
    needs: Needs = "verdict" if isinstance(what, Verdict) else "history" if isinstance(what, History) else "comparison"
    text: str = replace(renderer(output, needs), **options).render(what)
    return text


def record(result: Result | Run) -> Run:
    """The run of a result, or the run itself."""
    return result.record if isinstance(result, Result) else result
