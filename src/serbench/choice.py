"""What a run is asked to measure: names, files, patterns and suites, turned into codecs, payloads and operations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from serbench import suites
from serbench.errors import Interrupted, UnknownName, UnusableFile, UsageError
from serbench.harness import catalogue
from serbench.harness.link import Stopped
from serbench.harness.plan import Setting, Spooled
from serbench.payloads import catalogue as payload_catalogue
from serbench.payloads import instances as payload_instances
from serbench.payloads.files import formats
from serbench.payloads.files import load as payload_files
from serbench.payloads.files.base import Reading
from serbench.payloads.files.objects import ORIGIN, Instances
from serbench.payloads.files.sources import STDIN
from serbench.records.cases import Gc, Operation, Pass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.records.cases import CodecInfo, PayloadInfo
    from serbench.schema.spool import Spool


SEED = 1
TIMEOUT_SECONDS = 5.0
MOST_INSTANCES = 1_000_000
MOST_HEAP_OBJECTS = 10_000_000
MOST_THREADS = 256
PASSES: tuple[Pass, ...] = ("time", "size")
"""What is measured where nobody says."""


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
    objects: tuple[Instances, ...] = ()

    @property
    def reading(self) -> Reading:
        """How files are read."""
        return Reading(read_as=self.read_as, skip_bad=self.skip_bad, message=self.message, data=self.data)

    def command(self, budget: float | None) -> tuple[str, ...]:
        """The command line that measures this again under that budget; None: without one. Objects it can but name."""
        options: dict[str, tuple[str, ...]] = {
            "--suite": (self.suite,),
            "--codec": self.codecs,
            "--type": self.types,
            "--format": self.formats,
            "--op": self.operations,
            "--gc": self.gc,
            "--heap": tuple(map(str, self.heap)),
            "--threads": tuple(map(str, self.threads)),
            "--pass": self.passes,
            "--instances": (str(self.instances or ""),),
            "--budget": ("" if budget is None else f"{budget:.12g}s",),
            "--seed": (str(self.seed),),
            "--timeout": ("" if self.timeout == TIMEOUT_SECONDS else f"{self.timeout:.12g}s",),
            "--as": (self.read_as,),
            "--message": (self.message,),
            "--data": self.data,
        }
        words = [word for name, values in options.items() for value in values if value for word in (name, value)]
        words += ["--skip-bad"] if self.skip_bad else []
        payloads = (*self.payloads, *(f"{ORIGIN}{one.name}" for one in self.objects))
        if any(payload.startswith("-") for payload in payloads):
            return ("serbench", "run", *words, "--", *payloads)
        return ("serbench", "run", *payloads, *words)


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
    objects: tuple[Instances, ...]


def choose(request: Request) -> Chosen:
    """Fills in from the suite what was not said. Codec names are not looked up yet: that takes a worker.

    Raises:
        UsageError: an unknown name, a value out of range, a pattern that matches nothing, a file that is not there.
    """
    _check_numbers(request)
    base = suites.load(request.suite or "default")
    words = _split(request.codecs)
    paths = [word for word in words if word.endswith(".py") or "/" in word]
    files = tuple(dict.fromkeys((*paths, *_types(request.types))))
    names = tuple(word for word in words if word not in paths)
    conditions = request.gc or request.heap or request.threads
    asked = bool(
        request.payloads or request.objects or words or files or request.formats or request.operations or conditions
    )
    whole = bool(request.suite) or not asked
    operations, passes = _split(request.operations), _split(request.passes)
    payloads = _payloads(request.payloads)
    _check_reading(request.reading, payloads)
    return Chosen(
        suite=base.name if whole else "",
        payloads=payloads or (() if request.objects else base.payloads),
        codecs=names or (() if files else base.codecs),
        codec_files=files,
        wanted=frozenset(name for name in names if name != "all" and not set("*?[!") & set(name)),
        formats=_split(request.formats),
        operations=tuple(map(Operation, suites.select(operations, tuple(Operation), "operation")))
        if operations
        else base.operations,
        settings=_settings(request, base),
        passes=cast("tuple[Pass, ...]", suites.select(passes, get_args(Pass), "pass")) if passes else PASSES,
        budget_seconds=request.budget or (base.budget_seconds if whole else 0.0),
        reading=request.reading,
        objects=request.objects,
    )


def _settings(request: Request, base: suites.Suite) -> tuple[Setting, ...]:
    """Every combination of collector, live heap and threads that is asked for."""
    words = _split(request.gc)
    collectors = cast("tuple[Gc, ...]", suites.select(words, get_args(Gc), "collector state")) if words else base.gc
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


def _split(values: Sequence[str]) -> tuple[str, ...]:
    """Options repeat and take commas; a file's name may have one."""
    return tuple(
        word for value in values for word in ([value] if Path(value).is_file() else value.split(",")) if word.strip()
    )


def _types(words: Sequence[str]) -> tuple[str, ...]:
    """Classes of the user's own, as a worker finds them.

    Raises:
        UsageError: one is not written as `pkg.module:Order`.
    """
    types = tuple(word.strip() for value in words for word in value.split(","))
    for word in types:
        name, _, place = word.rpartition("=")
        module, _, path = place.partition(":")
        good = all(part.isidentifier() for part in (*module.split("."), *path.split(".")))
        if not good or word.endswith(".py") or (word != place and not name) or set(":!*?[") & set(name):
            raise UsageError(
                f"--type {word}: write it as pkg.module:Order, or Name=pkg.module:Order to name it otherwise"
            )
    return types


def _payloads(words: Sequence[str]) -> tuple[str, ...]:
    """Names by pattern, then paths of files, each in the order in which they were given."""
    known = tuple(payload_catalogue.known())
    chosen: list[str] = []
    names: list[str] = []
    if words and not _split(words):
        raise UsageError("an empty payload name; leave it out for the suite's payloads")
    for word in _split(words):
        if word.startswith(ORIGIN):
            raise UsageError(f"{word}: was an object of a Python program; run that program again")
        if word in known or not _is_payload_file(word):
            names.append(word)
        elif word != STDIN and not Path(word).exists():
            raise UnusableFile(f"{word}: no such file")
        else:
            chosen.append(word)
    return (*(suites.select(names, known, "payload") if names else ()), *dict.fromkeys(chosen))


def _is_payload_file(word: str) -> bool:
    return word == STDIN or "/" in word or Path(word).suffix != "" or Path(word).exists()


def _check_reading(reading: Reading, payloads: Sequence[str]) -> None:
    """What is said about files is said about some.

    Raises:
        UsageError: none of the payloads is meant.
    """
    files = [word for word in payloads if _is_payload_file(word)]
    if (reading.read_as or reading.skip_bad) and not files:
        raise UsageError("--as and --skip-bad say how a file is read, and no payload is one; name a file")
    types = [word for word in files if formats.is_described(word)]
    if (reading.message or reading.data) and not types:
        raise UsageError("--message and --data go with a .proto or a descriptor set (.desc); name one as the payload")
    if STDIN in files and STDIN in reading.data:
        raise UsageError("stdin is one stream; it is the payload or its --data, not both")


def codecs(chosen: Chosen, *, stop: Callable[[], bool]) -> tuple[CodecInfo, ...]:
    """The codecs, from the catalogue that workers tell.

    Raises:
        UnknownName: no such codec or format.
        MissingLibrary: a codec asked for by name whose library is not installed.
        Interrupted: `stop` said so.
    """
    try:
        known = catalogue.catalogue(chosen.codec_files, stop=stop)
    except Stopped:
        raise Interrupted("stopped before anything was measured") from None
    catalogue.resolve(sorted(chosen.wanted), known)
    by_name = {info.name: info for info in known}
    from_files = tuple(info.name for info in known if info.source in chosen.codec_files)
    selected = suites.select((*chosen.codecs, *from_files), tuple(by_name), "codec") if chosen.codecs else from_files
    found = tuple(by_name[name] for name in selected)
    return _of_formats(found, chosen.formats, known) if chosen.formats else found


def _of_formats(
    found: Sequence[CodecInfo], formats: Sequence[str], known: Sequence[CodecInfo]
) -> tuple[CodecInfo, ...]:
    all_formats = tuple(sorted({info.format for info in known if info.format}))
    wanted = suites.select(formats, all_formats, "format")
    kept = tuple(info for info in found if info.format in wanted)
    if not kept:
        raise UsageError(f"none of the chosen codecs writes {', '.join(wanted)}; add one with --codec")
    return kept


def spool(
    chosen: Chosen, folder: Path, *, seed: int, count: int | None, stop: Callable[[], bool] = lambda: False
) -> tuple[Spooled, ...]:
    """Makes or loads the payloads and writes them where workers read them.

    Raises:
        UnusableFile: a file that is not there or that no payload can be made of.
        UnknownName: no such payload.
        Interrupted: `stop` said so.
    """
    spooled: list[Spooled] = []
    wanted: tuple[str | Instances, ...] = (*chosen.payloads, *chosen.objects)
    for index, word in enumerate(wanted):
        if stop():
            raise Interrupted("stopped before anything was measured")
        path = folder / f"{index}.ndjson"
        spooled.append(_spool(word, path, seed=seed, count=count, reading=chosen.reading))
        if any(other.info.name == spooled[-1].info.name for other in spooled[:-1]):
            file = f"rename the file {word}" if isinstance(word, str) else "give them Instances of other names"
            raise UsageError(f"two payloads are named {spooled[-1].info.name!r}; {file}")
    return tuple(spooled)


def _spool(word: str | Instances, path: Path, *, seed: int, count: int | None, reading: Reading) -> Spooled:
    pack, info = _load(word, seed=seed, count=count, reading=reading)
    pack.write(path)
    return Spooled(info=info, path=path, instances_default=count is None)


def _load(word: str | Instances, *, seed: int, count: int | None, reading: Reading) -> tuple[Spool, PayloadInfo]:
    if not isinstance(word, str):
        return payload_files.load_objects(word, count=count)
    try:
        generated = payload_catalogue.get(word)
    except UnknownName:
        if not _is_payload_file(word):
            raise
        return payload_files.load(word, count=count, reading=reading)
    return payload_instances.make(generated, seed=seed, count=count)
