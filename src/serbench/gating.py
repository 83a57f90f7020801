"""The library's front door to the gate: what is asked becomes a verdict, and where it was measured lies in a folder.

import serbench

verdict = serbench.gate("order", base="orjson==3.10.18", new="orjson==3.13.0")
verdict.exit_code                                # 0 no regression, 1 regression, 4 not comparable
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench import api
from serbench.choice import Request
from serbench.gate.baseline import baseline_of
from serbench.store import baselines, files
from serbench.store.halves import Halves, new_id
from serbench.suites import duration
from serbench.verdicts import live, saved, stored
from serbench.verdicts.question import Question, asked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.api import Result, Word
    from serbench.harness.state import Event
    from serbench.records.run import Run
    from serbench.records.verdict import Verdict
    from serbench.verdicts.question import Asked


def gate(
    *payloads: Word,
    base: Word | Sequence[Word] = (),
    new: Word | Sequence[Word] = (),
    baseline: str | Path = "",
    codecs: Word | Sequence[Word] = (),
    operations: Word | Sequence[Word] = (),
    metrics: Word | Sequence[Word] = (),
    tolerances: Word | Sequence[Word] = (),
    budget: float | str | None = None,
    seed: int | None = None,
    read_as: str = "",
    skip_bad: bool = False,
    message: str = "",
    data: Word | Sequence[Word] = (),
    vary: bool = False,
    policy: str | Path = "",
    strict: bool | None = None,
    folder: str | Path = "",
    watch: Callable[[Event], None] = lambda _: None,
    tell: Callable[[str], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> Verdict:
    """Decides whether new is a regression against base; `exit_code` of the verdict is the answer.

    Args:
        payloads: names or files; none: the policy's, else the default suite's.
        base: a side: requirements, a directory, a wheel, `git:REV` or `python:PATH`; or a saved run.
        new: the other.
        baseline: a baseline file or a saved run, in place of both.
        codecs: names, patterns or codec files; none: those of the libraries that the sides are made of.
        operations: none: the policy's, else those of the default suite.
        metrics: none: the policy's, else all.
        tolerances: `5%`, or `p99=40%`.
        budget: seconds or text; None: 12 s a case.
        seed: of payloads, orders, hash seeds and swaps; None: the policy's, else 1.
        read_as: the format of files whose ending does not tell it.
        skip_bad: whether lines of files that are no message are left out and counted.
        message: of a `.proto` or a descriptor set, the message's full name.
        data: of the same, the files with messages.
        vary: whether further messages, alike in lengths and widths, are made of files that have too few.
        policy: its file; empty: `serbench.toml` or `pyproject.toml` here.
        strict: whether an inconclusive row fails; None: as the policy says.
        folder: of both sides' runs and the page; empty: a new one in `reports`.
        watch: told what is happening.
        tell: told in words what takes long before anything is measured.
        stop: whether to end early.

    Raises:
        UsageError: a name, a file, a side or a value is wrong.
        SerbenchError: a side cannot be made, or nothing can be measured.
        Interrupted: `stop` said so.
    """
    request = Request(
        payloads=api.words(payloads),
        codecs=api.words(codecs),
        operations=api.words(operations),
        budget=duration(budget) if isinstance(budget, str) else budget,
        read_as=read_as,
        skip_bad=skip_bad,
        message=message,
        data=api.words(data),
        vary=vary,
    )
    question = Question(
        request=request,
        base=api.words(base),
        new=api.words(new),
        baseline=str(baseline),
        metrics=api.words(metrics),
        tolerances=api.words(tolerances),
        seed=seed,
        strict=strict,
        policy=str(policy),
    )
    verdict, place = decide(asked(question), folder=folder, force=False, watch=watch, tell=tell, stop=stop)
    if place:
        save_page(verdict, place)
    return verdict


def decide(
    question: Asked,
    *,
    folder: str | Path,
    force: bool,
    watch: Callable[[Event], None],
    tell: Callable[[str], None],
    stop: Callable[[], bool],
) -> tuple[Verdict, Path | None]:
    """`gate`, of a question that is understood already, and without the page.

    Returns:
        The verdict, and the folder with both halves: none where nothing was measured in pairs.
    """
    if question.saved:
        return saved.of_files(question), None
    if question.against_baseline:
        options: dict[str, Any] = {"folder": folder, "force": force, "watch": watch, "stop": stop}
        return stored.of_baseline(
            question, lambda r: api.measure(r, after_round=lambda _: None, **options).record
        ), None
    place = Path(folder) if str(folder) else Path("reports") / f"gate-{new_id()}"
    halves = Halves(place, force=force)
    try:
        verdict = live.of_sides(question, save=halves.save, watch=watch, tell=tell, stop=stop)
    finally:
        halves.tidy()
    return verdict, place


def save_page(verdict: Verdict, folder: Path) -> None:
    """Writes the page of a verdict into the gate's folder.

    Raises:
        CannotWrite: no permission, no space.
    """
    files.write_text(folder / files.PAGE_FILE, api.render(verdict, "html"))


def save_baseline(result: Result | Run, path: str | Path) -> Path:
    """Writes what later runs are held against.

    Raises:
        CannotWrite: no permission, no space.
        BadRunFile: a histogram of the run cannot be read.
    """
    return baselines.save(baseline_of(api.record(result)), Path(path))
