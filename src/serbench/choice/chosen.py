"""What was asked for, with the suite's answers where nothing was said; what cannot be is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast, get_args

from serbench import suites
from serbench.choice import words
from serbench.errors import UsageError
from serbench.harness.plan import Setting
from serbench.records.cases import Gc, Operation, Pass

if TYPE_CHECKING:
    from serbench.choice.request import Request
    from serbench.payloads.files.base import Reading
    from serbench.payloads.files.objects import Instances

MOST_INSTANCES = 1_000_000
MOST_HEAP_OBJECTS = 10_000_000
MOST_THREADS = 256
PASSES: tuple[Pass, ...] = ("time", "size")
"""What is measured where nobody says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What was asked for, with the suite's answers where nothing was said.

    Attributes:
        suite: name of the suite whose answers were taken; empty where everything was said.
        payloads: names of generated payloads, and paths of files.
        codecs: names, patterns, exclusions.
        codec_files: paths, and classes of the user's own.
        wanted: codecs that were asked for one by one, whose library must be there.
        formats: only these; empty: all.
        operations: in order.
        settings: conditions, each a case of its own.
        passes: what is measured.
        budget_seconds: 0 where nobody said one.
        reading: how files are read.
        vary: whether further instances are made of files and objects that have too few.
        objects: messages of a program, as payloads besides.
    """

    suite: str
    payloads: tuple[str, ...]
    codecs: tuple[str, ...]
    codec_files: tuple[str, ...]
    wanted: frozenset[str]
    formats: tuple[str, ...]
    operations: tuple[Operation, ...]
    settings: tuple[Setting, ...]
    passes: tuple[Pass, ...]
    budget_seconds: float
    reading: Reading
    vary: bool
    objects: tuple[Instances, ...]


def choose(request: Request) -> Chosen:
    """Fills in from the suite what was not said. Codec names are not looked up yet: that takes a worker.

    Raises:
        UsageError: an unknown name, a value out of range, a pattern that matches nothing, a file that is not there.
    """
    _check_numbers(request)
    base = suites.load(request.suite or "default")
    said = words.split(request.codecs)
    paths = [word for word in said if word.endswith(".py") or "/" in word]
    files = tuple(dict.fromkeys((*paths, *words.types(request.types))))
    names = tuple(word for word in said if word not in paths)
    conditions = request.gc or request.heap or request.threads
    asked = bool(
        request.payloads or request.objects or said or files or request.formats or request.operations or conditions
    )
    whole = bool(request.suite) or not asked
    operations, passes = words.split(request.operations), words.split(request.passes)
    payloads = words.payloads(request.payloads)
    words.check_reading(request.reading, payloads)
    words.check_varying(request, payloads)
    return Chosen(
        suite=base.name if whole else "",
        payloads=payloads or (() if request.objects else base.payloads),
        codecs=names or (() if files else base.codecs),
        codec_files=files,
        wanted=frozenset(name for name in names if name != "all" and not set("*?[!") & set(name)),
        formats=words.split(request.formats),
        operations=tuple(map(Operation, suites.select(operations, tuple(Operation), "operation")))
        if operations
        else base.operations,
        settings=_settings(request, base),
        passes=cast("tuple[Pass, ...]", suites.select(passes, get_args(Pass), "pass")) if passes else PASSES,
        budget_seconds=request.budget or (base.budget_seconds if whole else 0.0),
        reading=request.reading,
        vary=request.vary,
        objects=request.objects,
    )


def _settings(request: Request, base: suites.Suite) -> tuple[Setting, ...]:
    """Every combination of collector, live heap and threads that is asked for."""
    said = words.split(request.gc)
    collectors = cast("tuple[Gc, ...]", suites.select(said, get_args(Gc), "collector state")) if said else base.gc
    return tuple(
        Setting(gc=gc, heap_objects=heap, threads=threads)
        for threads in dict.fromkeys(request.threads or base.threads)
        for heap in dict.fromkeys(request.heap or base.heap)
        for gc in collectors
    )


def _check_numbers(request: Request) -> None:
    """Those of the library's users may be of any type.

    Raises:
        UsageError: one is no number of its sort, or out of range.
    """
    instances, seed = request.instances, request.seed
    if instances is not None and not (type(instances) is int and 1 <= instances <= MOST_INSTANCES):
        range_ = f"1 to {MOST_INSTANCES:,}"
        raise UsageError(f"instances must be {range_}, not {instances!r}; leave it out for the payload's own")
    for name, values, least, most in (
        ("heap", request.heap, 0, MOST_HEAP_OBJECTS),
        ("threads", request.threads, 1, MOST_THREADS),
    ):
        for value in values:
            if type(value) is not int or not least <= value <= most:
                raise UsageError(f"{name} must be {least} to {most:,}, not {value!r}")
    if type(seed) is not int:
        raise UsageError(f"seed must be a whole number, not {seed!r}")
    for name, seconds in {"budget": request.budget, "timeout": request.timeout}.items():
        good = type(seconds) in (int, float) and 0 < cast("float", seconds) < float("inf")
        if not good and not (name == "budget" and seconds is None):
            raise UsageError(f"{name} must be a positive number of seconds, not {seconds!r}")
