"""What the gate is asked: the command line's words in the place of the policy's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench import choice
from serbench.errors import UsageError
from serbench.policy.judge import check, tolerance_of
from serbench.policy.read import read
from serbench.policy.values import parse_tolerance
from serbench.store import files
from serbench.suites import select

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from serbench.choice import Request
    from serbench.gate.decide import Tolerances
    from serbench.policy.parts import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the gate was asked, as it was asked. What is empty or None is the policy's to say.

    Attributes:
        request: cases, timeout, budget.
        base: a side, of one or several texts; or a saved run.
        new: the other.
        baseline: a baseline file or a saved run.
        allow_missing_baseline: whether a first run, that has no baseline, is no error.
        time: whether time is gated against a baseline, too.
        metrics: names and patterns.
        tolerances: `5%`, `p99=40%`.
        seed: of payloads, orders, hash seeds and swaps; that of the request is not looked at.
        strict: whether what is inconclusive fails.
        policy: its file.
    """

    request: Request
    base: tuple[str, ...] = ()
    new: tuple[str, ...] = ()
    baseline: str = ""
    allow_missing_baseline: bool = False
    time: bool = False
    metrics: tuple[str, ...] = ()
    tolerances: tuple[str, ...] = ()
    seed: int | None = None
    strict: bool | None = None
    policy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question, and the policy that answers what it leaves open.

    Attributes:
        question: as it was asked.
        policy: what the file says, with what the command line put in its place.
    """

    question: Question
    policy: Policy

    @property
    def saved(self) -> bool:
        """Whether both sides are saved runs: nothing is measured."""
        sides = (self.policy.base, self.policy.new)
        return all(len(texts) == 1 and _is_run(Path(texts[0])) for texts in sides)

    @property
    def against_baseline(self) -> bool:
        """Whether new is measured and held against a file."""
        return self.policy.baseline is not None and not (self.policy.base or self.policy.new)

    @property
    def request(self) -> Request:
        """The question's, with the policy's answers where nothing was said."""
        asked, policy = self.question.request, self.policy
        return replace(
            asked,
            payloads=asked.payloads or policy.payloads,
            codecs=asked.codecs or policy.codecs,
            operations=asked.operations or tuple(map(str, policy.operations)),
            instances=asked.instances if asked.instances is not None else policy.instances,
            budget=asked.budget if asked.budget is not None else policy.budget_seconds,
        )

    @property
    def narrowed(self) -> bool:
        """Whether the command line takes only some of the cases that the policy is about."""
        asked = self.question.request
        return bool(asked.payloads or asked.codecs or asked.operations or asked.formats)

    def command(self) -> tuple[str, ...]:
        """The command line that asks the same again."""
        words = [*self._of("--base", self.policy.base), *self._of("--new", self.policy.new)]
        words += ["--baseline", str(self.policy.baseline)] if self.against_baseline else []
        words += ["--time"] * self.question.time
        words += ["--allow-missing-baseline"] * self.question.allow_missing_baseline
        measured = () if self.saved else self.request.command(self.request.budget)[2:]
        return ("serbench", "gate", *words, *self._judging(), *measured)

    def _judging(self) -> list[str]:
        """What is gated, how much is too much, and under which policy."""
        question = self.question
        words = [*self._of("--metric", question.metrics), *self._of("--tolerance", question.tolerances)]
        words += [] if question.strict is None else ["--strict" if question.strict else "--no-strict"]
        return [*words, *self._of("--policy", (question.policy,) if question.policy else ())]

    @staticmethod
    def _of(option: str, values: Iterable[str]) -> list[str]:
        return [word for value in values for word in (option, value)]

    @property
    def tolerances(self) -> Tolerances:
        """The change of a case's metric that must not pass unseen."""
        return partial(tolerance_of, self.policy)

    def check(self, known: Iterable[str]) -> None:
        """Makes sure that every pattern of the policy is about something, where the whole of its cases is there.

        Raises:
            UsageError: one matches nothing.
        """
        if not self.narrowed and not self.question.metrics:
            check(self.policy, sorted(known), self.policy.metrics)


def asked(question: Question) -> Asked:
    """Reads the policy and puts the command line's words in its place.

    Raises:
        UsageError: one of them is wrong, or they do not go together.
    """
    policy = read(Path(question.policy) if question.policy else None, Path())
    changes: dict[str, Any] = {}
    if question.baseline and (question.base or question.new):
        raise UsageError("--baseline and --base or --new are different gates; take one of them")
    if question.baseline:
        changes |= {"baseline": Path(question.baseline), "base": (), "new": ()}
    elif question.base or question.new:
        changes |= {"baseline": None}
    changes |= {name: value for name in ("base", "new") if (value := getattr(question, name))}
    if question.metrics:
        changes["metrics"] = tuple(select(_split(question.metrics), policy.metrics, "metric"))
    if question.tolerances:
        changes["tolerances"] = (*policy.tolerances, *map(parse_tolerance, question.tolerances))
    if question.strict is not None:
        changes["strict"] = question.strict
    made = replace(policy, **changes)
    _refuse_one_run(made)
    seed = next(seed for seed in (question.seed, policy.seed, choice.SEED) if seed is not None)
    question = replace(question, request=replace(question.request, seed=seed))
    return Asked(question=question, policy=made)


def _refuse_one_run(policy: Policy) -> None:
    """What is measured now and what was measured some time are no pair."""
    sides = (policy.base, policy.new)
    runs = [texts[0] for texts in sides if len(texts) == 1 and _is_run(Path(texts[0]))]
    if len(runs) == 1 and all(sides):
        raise UsageError(
            f"{runs[0]}: a saved run, and the other side is none; name two saved runs, or two sides to be measured"
        )


def _is_run(path: Path) -> bool:
    return (path.suffix == ".json" and (path.is_file() or not path.exists())) or (path / files.RUN_FILE).is_file()


def _split(values: Sequence[str]) -> list[str]:
    return [word for value in values for word in value.split(",") if word]
