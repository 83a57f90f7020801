"""What was asked for, and the command line that asks for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from serbench.payloads.files.base import Reading
from serbench.payloads.files.objects import ORIGIN, Instances
from serbench.payloads.files.sources import STDIN
from serbench.suites import duration

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

SEED = 1
TIMEOUT_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked for, as it was asked. What is empty or None is the suite's to say.

    Attributes:
        payloads: names, patterns, files.
        suite: a name or a file; empty: the default suite.
        codecs: names, patterns, exclusions, codec files.
        types: classes of the user's own, `pkg.module:Order`, each with a codec for each way of writing and reading it.
        formats: only codecs of these.
        operations: names, patterns.
        gc: the collector's states.
        heap: live decoded instances, each number a case of its own.
        threads: that measure at once, each number a case of its own.
        passes: what is measured: names of `Pass`; empty: time and size.
        instances: how many instances calls rotate over.
        budget: seconds.
        seed: of payloads, orders and hash seeds.
        timeout: seconds that one call may take.
        read_as: the format of files that do not tell it; empty: as they tell.
        skip_bad: whether lines of files that are no message are left out.
        message: of a `.proto` or a descriptor set, which message; empty: its only one.
        data: of the same, the files with messages.
        vary: whether further instances are made of files and objects that have too few.
        objects: messages of a program, as payloads besides.
    """

    payloads: tuple[str, ...] = ()
    suite: str = ""
    codecs: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    operations: tuple[str, ...] = ()
    gc: tuple[str, ...] = ()
    heap: tuple[int, ...] = ()
    threads: tuple[int, ...] = ()
    passes: tuple[str, ...] = ()
    instances: int | None = None
    budget: float | None = None
    seed: int = SEED
    timeout: float = TIMEOUT_SECONDS
    read_as: str = ""
    skip_bad: bool = False
    message: str = ""
    data: tuple[str, ...] = ()
    vary: bool = False
    objects: tuple[Instances, ...] = ()

    @property
    def reading(self) -> Reading:
        """How files are read."""
        return Reading(read_as=self.read_as, skip_bad=self.skip_bad, message=self.message, data=self.data)

    def command(self, budget: float | None) -> tuple[str, ...]:
        """The command line that measures this again under that budget; None: without one. Objects it can but name."""
        words = list(_options(replace(self, budget=budget)))
        payloads = (*self.payloads, *(f"{ORIGIN}{one.name}" for one in self.objects))
        if any(payload.startswith("-") for payload in payloads):
            return ("serbench", "run", *words, "--", *payloads)
        return ("serbench", "run", *payloads, *words)

    @classmethod
    def of(cls, command: Iterable[str]) -> Request:
        """What a command line of `command` asks for.

        Raises:
            ValueError: an option or a value is none of ours.
        """
        said: dict[str, list[str]] = {}
        payloads: list[str] = []
        words = iter(tuple(command)[2:])
        for word in words:
            if word == "--":
                payloads += words
            elif word.startswith("--"):
                said.setdefault(word, []).extend([] if _option(word).flag else [next(words, "")])
            else:
                payloads.append(word)
        return cls(
            payloads=tuple(payloads), **{_option(word).field: _option(word).value(v) for word, v in said.items()}
        )


def _seconds(value: float) -> str:
    return f"{value:.12g}s"


@dataclass(frozen=True, slots=True)
class _Option:
    """An option of the command line.

    Attributes:
        field: of the request.
        read: makes a value of its text.
        show: makes its text of a value.
        many: whether it may repeat.
        flag: whether it has no text.
    """

    field: str
    read: Callable[[str], Any] = str
    show: Callable[[Any], str] = str
    many: bool = False
    flag: bool = False

    def value(self, texts: list[str]) -> Any:
        """The field's, of an option that was given."""
        if self.flag:
            return True
        values = tuple(map(self.read, texts))
        return values if self.many else values[-1]


_OPTIONS = {
    "--suite": _Option("suite"),
    "--codec": _Option("codecs", many=True),
    "--type": _Option("types", many=True),
    "--format": _Option("formats", many=True),
    "--op": _Option("operations", many=True),
    "--gc": _Option("gc", many=True),
    "--heap": _Option("heap", int, many=True),
    "--threads": _Option("threads", int, many=True),
    "--pass": _Option("passes", many=True),
    "--instances": _Option("instances", int),
    "--budget": _Option("budget", duration, _seconds),
    "--seed": _Option("seed", int),
    "--timeout": _Option("timeout", duration, _seconds),
    "--as": _Option("read_as"),
    "--message": _Option("message"),
    "--data": _Option("data", many=True),
    "--skip-bad": _Option("skip_bad", flag=True),
    "--vary": _Option("vary", flag=True),
}


_OF_FILES = ("--as", "--message", "--data", "--skip-bad", "--vary")


def of_files(command: Sequence[str]) -> dict[str, Any]:
    """What a command, of a run or of a gate, says about payloads that are files: fields of a request."""
    words = command[: command.index("--")] if "--" in command else command
    said: dict[str, list[str]] = {}
    for word, after in zip(words, (*words[1:], ""), strict=True):
        if word in _OF_FILES:
            said.setdefault(word, []).append(after)
    return {_OPTIONS[word].field: _OPTIONS[word].value(texts) for word, texts in said.items()}


def word_of(origin: str, command: Sequence[str]) -> str:
    """What names a payload that is no generated one in a command, by its origin and the command that measured it."""
    return STDIN if origin == "stdin" and STDIN in command else origin


def _option(word: str) -> _Option:
    if word not in _OPTIONS:
        raise ValueError(word)
    return _OPTIONS[word]


def _options(request: Request) -> Iterator[str]:
    """What differs from what is usual, and the seed, without which nobody could make the same messages."""
    usual = Request()
    for name, option in _OPTIONS.items():
        value = getattr(request, option.field)
        if value == getattr(usual, option.field) and option.field != "seed":
            continue
        for one in value if option.many else (value,):
            yield from (name,) if option.flag else (name, option.show(one))
