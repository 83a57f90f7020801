"""`serbench gate`: the exit code is the answer. And `serbench baseline`."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serbench.cli import outputs
from serbench.cli.options import Data, MessageName, ReadAs, SkipBad, Vary
from serbench.errors import CannotWrite
from serbench.stop import Stop

if TYPE_CHECKING:
    from serbench.records.verdict import Verdict
    from serbench.verdicts.question import Asked

EPILOG = (
    "A side is a requirement (orjson==3.10.18), a directory (.), a wheel, git:REV, python:PATH, or a saved run. "
    "Exit: 0 no regression, 1 regression, 2 usage, 3 inconclusive with --strict, 4 not comparable."
)

Texts = list[str] | None


def gate(
    payloads: Annotated[Texts, typer.Argument(metavar="[PAYLOAD]...", help="Names or files.")] = None,
    base: Annotated[Texts, typer.Option(metavar="SIDE", help="What was; may repeat to install several.")] = None,
    new: Annotated[Texts, typer.Option(metavar="SIDE", help="What is held against it; may repeat.")] = None,
    baseline: Annotated[str, typer.Option(metavar="FILE", help="Measure now, against a baseline or a saved run.")] = "",
    codec: Annotated[
        Texts, typer.Option("--codec", "-c", help="Codecs, or a codec file. Default: the sides' own.")
    ] = None,
    op: Annotated[Texts, typer.Option(help="encode, decode, dump, load, read.")] = None,
    gc: Annotated[Texts, typer.Option(help="The collector: on, off, frozen.")] = None,
    heap: Annotated[Texts, typer.Option(metavar="N", help="Live decoded instances held meanwhile.")] = None,
    metric: Annotated[
        Texts, typer.Option(help="correctness, encoded_bytes, peak_bytes, instructions, p10, p50, p99.")
    ] = None,
    tolerance: Annotated[Texts, typer.Option(metavar="CHANGE", help="5%, or p99=40%. [default: 5%, p99=25%]")] = None,
    instances: Annotated[int | None, typer.Option(min=1, help="Instances to rotate over.")] = None,
    budget: Annotated[str, typer.Option(help="Wall time: 60s, 5m. [default: 12 s a case]")] = "",
    seed: Annotated[
        int | None, typer.Option(min=0, help="Of payloads, orders, hash seeds and swaps. [default: 1]")
    ] = None,
    timeout: Annotated[str, typer.Option(help="What one call may take.")] = "5s",
    read_as: ReadAs = "",
    skip_bad: SkipBad = False,
    message: MessageName = "",
    data: Data = None,
    vary: Vary = False,
    policy: Annotated[str, typer.Option(metavar="FILE", help="Default: serbench.toml or pyproject.toml here.")] = "",
    strict: Annotated[bool | None, typer.Option("--strict/--no-strict", help="Inconclusive fails as well (3).")] = None,
    time: Annotated[
        bool, typer.Option("--time", help="With --baseline: gate time as well, for what it is worth.")
    ] = False,
    allow_missing_baseline: Annotated[
        bool, typer.Option("--allow-missing-baseline", help="A first run without a baseline passes, and says so.")
    ] = False,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Slow the cases down on purpose: is it caught here, now?")
    ] = False,
    folder: Annotated[str, typer.Option("--dir", help="The gate's folder. Default: a new one in reports/.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Use a folder that holds runs already.")] = False,
    output: Annotated[Texts, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="More outputs.")] = None,
    progress: Annotated[bool, typer.Option("--progress/--no-progress", help="Show progress on a terminal.")] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but what -o asks for.")] = False,
) -> None:
    """Decide whether new is slower, larger or wrong against base."""
    stop = Stop()
    stop.listen()
    from serbench import gating, suites
    from serbench.choice import Request
    from serbench.progress import showing
    from serbench.verdicts.question import Question, asked

    request = Request(
        payloads=tuple(payloads or ()),
        codecs=tuple(codec or ()),
        operations=tuple(op or ()),
        gc=tuple(gc or ()),
        heap=suites.numbers(heap or (), "heap"),
        instances=instances,
        budget=suites.duration(budget) if budget else None,
        timeout=suites.duration(timeout),
        read_as=read_as,
        skip_bad=skip_bad,
        message=message,
        data=tuple(data or ()),
        vary=vary,
    )
    question = Question(
        request=request,
        base=tuple(base or ()),
        new=tuple(new or ()),
        baseline=baseline,
        allow_missing_baseline=allow_missing_baseline,
        time=time,
        metrics=tuple(metric or ()),
        tolerances=tuple(tolerance or ()),
        seed=seed,
        strict=strict,
        policy=policy,
    )
    understood = asked(question)
    if self_test:
        _self_test(understood, stop, progress=progress and not quiet)
        return
    wanted = outputs.wanted(output or understood.policy.outputs, "verdict")
    with showing(progress and not quiet and outputs.is_terminal(sys.stderr)) as (watch, _):
        verdict, place = gating.decide(
            understood,
            folder=folder,
            force=force,
            watch=watch,
            tell=lambda words: None if quiet else outputs.warn(words),
            stop=stop,
        )
    told = _told(verdict, place, wanted, [] if quiet else ["table"])
    if place and not quiet:
        outputs.note(f"report: {place / 'index.html'}")
    raise typer.Exit(verdict.exit_code or (0 if told else CannotWrite.exit_code))


def _told(verdict: Verdict, place: Path | None, wanted: list[tuple[str, str]], default: list[str]) -> bool:
    """Writes all that says what the verdict is, each whatever becomes of the others; whether all could be written."""
    from serbench import api, gating

    whole = True
    for write in (
        partial(gating.save_page, verdict, place) if place else None,
        partial(outputs.write, wanted, default, partial(api.render, verdict)),
    ):
        try:
            if write:
                write()
        except CannotWrite as error:
            outputs.warn(str(error))
            whole = False
    _summarise(verdict)
    return whole


def _self_test(question: Asked, stop: Stop, *, progress: bool) -> None:
    from serbench.progress import showing
    from serbench.trial import selftest

    with showing(progress and outputs.is_terminal(sys.stderr)) as (watch, _):
        found = selftest.run(question.request, question.tolerances, watch, stop)
    outputs.say(selftest.text(found), end="")
    if not found.passed:
        raise typer.Exit(4)


def _summarise(verdict: Verdict) -> None:
    """Appends the verdict to the job's summary, where GitHub Actions has one."""
    if place := os.environ.get("GITHUB_STEP_SUMMARY"):
        from serbench import api

        try:
            with Path(place).open("a", encoding="utf-8", errors="backslashreplace") as file:
                file.write(api.render(verdict, "markdown"))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            outputs.warn(
                f"{place}: the job's summary cannot be written, {reason}; the verdict is what it is without it"
            )


baseline_app = typer.Typer(
    help="What later runs are held against, small enough to be committed.", rich_markup_mode=None, no_args_is_help=True
)


@baseline_app.command()
def save(
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="A run's folder or run.json.")] = "reports/latest",
    file: Annotated[str, typer.Argument(metavar="[FILE]", help="Where it goes.")] = "benchmarks/baselines/main.json",
) -> None:
    """Write the baseline of a saved run."""
    from serbench import api, gating

    result = api.load(run)
    outputs.say(str(gating.save_baseline(result, file)))
    if not any(measurement.memory for measurement in result.record.measurements):
        again = "measure with --pass time,memory, or gate --metric correctness,encoded_bytes"
        outputs.warn(f"{run} has no peak memory, so this baseline cannot gate it; {again}")
