"""`serbench report` and `serbench compare`: what was saved, without measuring."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from serbench.cli import outputs
from serbench.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from serbench.compare.parts import Against
    from serbench.records.run import Run
    from serbench.records.verdict import Verdict
    from serbench.verdicts.question import Asked

Redact = Annotated[
    bool, typer.Option("--redact", help="Take names of host and user, and folders, out of all that is written.")
]


def report(
    runs: Annotated[list[str], typer.Argument(metavar="RUN...", help="Run folders or run.json files.")],
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="html is the default.")
    ] = None,
    charts: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Write every chart there as SVG and PNG; of several runs, in a folder each."),
    ] = None,
    redact: Redact = False,
) -> None:
    """Render saved runs again, without measuring. Without -o or --charts, index.html is written beside each run.json.

    With --redact these are index.redacted.html and run.redacted.json, to be shown to others.
    """
    from serbench import api
    from serbench.charts.base import anchor

    wanted = outputs.wanted(output)
    if len(runs) > 1 and (file := next((file for _, file in wanted if file), "")):
        told = f"{len(runs)} runs would be written to it, each over the last"
        raise UsageError(f"{file}: {told}; name one run, or take serbench compare for all on one page")
    results = tuple(api.load(path) for path in runs)
    for result in api.redacted(*results) if redact else results:
        if charts is not None:
            folder = Path(charts) / (anchor(result.record.id) if len(runs) > 1 else "")
            typer.echo(f"charts: {folder}, {len(api.save_charts(result, folder))} files", err=True)
        elif not wanted:
            typer.echo(str(result.save_report()))
            if redact:
                typer.echo(str(result.save_run()))
        outputs.write(wanted, [], lambda name, result=result, **options: api.report(result, name, **options))


def compare(
    base: Annotated[str, typer.Argument(help="A run's folder or run.json.")],
    new: Annotated[str, typer.Argument(help="The run that is held against it.")],
    more: Annotated[list[str] | None, typer.Argument(metavar="[MORE]...", help="Further runs, a column each.")] = None,
    against: Annotated[
        str, typer.Option(help="What each of several runs is held against: first, or previous.")
    ] = "first",
    output: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="NAME[=FILE]", help="table is the default.")
    ] = None,
    redact: Redact = False,
) -> None:
    """Show saved runs side by side. It informs and exits 0; it does not decide.

    Of the two halves of a gate the verdict stands on top, decided again as serbench gate --base BASE --new NEW does.
    """
    from serbench import api

    if against not in _WAYS:
        raise UnknownName("run to be held against", against, _WAYS)
    if more:
        _several((base, new, *more), output, _WAYS[against], redact=redact)
        return
    wanted = outputs.wanted(output, "comparison")
    both = api.load(base), api.load(new)
    one, other = api.redacted(*both) if redact else both
    comparison = api.compare(one, other)
    verdict, told = (None, "") if redact else _verdict((base, new), both[0].record, both[1].record)
    if told:
        comparison = replace(comparison, sentences=(told, *comparison.sentences))

    def render(name: str, **options: Any) -> str:
        return api.render(comparison, name, **options | ({"verdict": verdict} if name == "html" else {}))

    outputs.write(wanted, ["table"], render)


_WAYS: dict[str, Against] = {"first": "first", "previous": "previous"}


def _several(places: tuple[str, ...], output: list[str] | None, against: Against, *, redact: bool) -> None:
    """More than two runs side by side."""
    from serbench import api
    from serbench.compare.history import check_count

    check_count(len(places))
    wanted = outputs.wanted(output, "history")
    results = tuple(map(api.load, places))
    first, second, *others = api.redacted(*results) if redact else results
    made = api.compare(first, second, *others, against=against)
    outputs.write(wanted, ["table"], lambda name, **options: api.render(made, name, **options))


def _verdict(places: tuple[str, str], base: Run, new: Run) -> tuple[Verdict | None, str]:
    """What the gate decides about two halves that it has measured, and that in a sentence, or why it does not.

    It is asked what it was asked when it measured them, and the policy that holds here answers the rest. Of runs that
    are no halves there is neither. With --redact there is none either, as the policy's words are not the runs' own.
    """
    from serbench.compare.pairs import halves
    from serbench.gate.words import summary
    from serbench.verdicts.live import of_runs

    if not halves(base, new):
        return None, ""
    assert base.pairing
    if base.pairing.side == "new":
        return None, "The halves of a gate are swapped: give them the other way round, and its verdict stands here."
    try:
        question = _asked(places, base)
        verdict = replace(of_runs(question, base, new), command=question.command())
    except UsageError as error:
        return None, f"The gate's verdict is not shown: {error}"
    return verdict, summary(verdict)


def _asked(places: tuple[str, str], half: Run) -> Asked:
    """The gate's question about two saved halves, with the words of the command that has measured them."""
    from serbench.choice import Request
    from serbench.verdicts.question import Question, asked

    def said(option: str) -> tuple[str, ...]:
        return tuple(value for name, value in pairwise(half.command) if name == option)

    base, new = places
    strict = {"--strict": True, "--no-strict": False}
    return asked(
        Question(
            request=Request(),
            base=(base,),
            new=(new,),
            metrics=said("--metric"),
            tolerances=said("--tolerance"),
            strict=next((strict[word] for word in half.command if word in strict), None),
            policy=next(iter(said("--policy")), ""),
        )
    )
