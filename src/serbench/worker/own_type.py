"""Codecs of a user's own class, `pkg.module:Order`: one for each way of writing and reading its objects as they are.

Which ways there are follows from what the class is. Its module is imported here, in the worker, with the working
directory first on the path, as `python -m` has it; a library is imported when it is bound.
"""

from __future__ import annotations

import dataclasses
import difflib
import importlib
import importlib.util
import inspect
import os
import pkgutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from serbench import registry
from serbench.codecs.deviations import Deviation
from serbench.codecs.own import OwnBound, Way
from serbench.errors import UnsupportedPayload, UsageError
from serbench.worker import own_messages, words
from serbench.worker.own_objects import reader, walk

if TYPE_CHECKING:
    from serbench.codecs.base import Codec
    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload

WANTED = "a dataclass, a pydantic model, an attrs class or a msgspec struct"


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Who does the work of a way.

    Attributes:
        module: of ours, that knows the library.
        name: as it is imported and installed.
        native: which implementation is active.
    """

    module: str
    name: str
    native: str


LIBRARIES: dict[str, Library] = {
    "pydantic": Library(module="pydantic", name="pydantic", native="Rust"),
    "msgspec": Library(module="msgspec", name="msgspec", native="C"),
    "from_json": Library(module="orjson", name="orjson", native="the class's own"),
    "cattrs": Library(module="cattrs", name="cattrs", native="pure Python on orjson's Rust"),
    "mashumaro": Library(module="mashumaro", name="mashumaro", native="pure Python on orjson's Rust"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnType:
    """One way of writing and reading a class."""

    name: str
    kind: type
    library: Library
    distribution: str | None
    native: str
    format: str = "json"
    model: Model = "typed"
    deviations: frozenset[Deviation] = frozenset({Deviation.NO_SURROGATES})
    warnings: tuple[Caution, ...] = ()

    @property
    def unavailable(self) -> str:
        """Why this way cannot be gone, with the command that changes it; empty where it can."""
        library = self.library.name
        there = importlib.util.find_spec(library) is not None
        return "" if there else f"{library} is not installed; pip install 'serbench[{library}]'"

    def bind(self, payload: Payload, /) -> OwnBound:
        """The library's callables for the class, and the code that reads its objects."""
        try:
            way: Way = registry.load(f"serbench.codecs.{self.library.module}").own(self.kind)
        except Exception as error:
            said = words.raised(error)
            raise UnsupportedPayload(f"{self.library.name} takes no {self.kind.__name__}: {said}") from error
        first, *others = way.forms
        name = min(way.forms, key=lambda name: own_messages.cost(way.forms[name], payload)) if others else first
        form = way.forms[name]
        given = {field.name: getattr(form, field.name) for field in dataclasses.fields(form)}
        given["read"] = _reader(self.kind, form, payload)
        label = name.strip()
        written_by = "" if label == first else label
        return OwnBound(**given, kind=self.kind.__name__, written_by=written_by, explain=way.explain)


def _reader(kind: type, form: Any, payload: Payload) -> Any:
    """The reader of the class; where its annotations say what is not so, one that goes by what is there."""
    try:
        read = reader(kind)
        read(form.build(payload.instances[0]))
    except Exception:
        return walk
    return read


def load(source: str) -> tuple[Codec, ...]:
    """The codecs of a class.

    Raises:
        UsageError: it is not there, or is none that can be measured.
    """
    short, _, place = source.rpartition("=")
    module, _, path = place.partition(":")
    kind = _find(module, path)
    ways = _ways(kind, f"{module}:{path}")
    made = []
    for way in ways:
        library = LIBRARIES[way]
        distribution = _brought_by(kind) if way == "from_json" else library.name
        name = f"{short or kind.__name__}-{way}"
        made.append(OwnType(name=name, kind=kind, library=library, distribution=distribution, native=library.native))
    return tuple(made)


def _find(module: str, path: str) -> Any:
    where = os.getcwd()  # noqa: PTH109 - pathlib takes longer to import than some codecs
    if where not in sys.path:
        sys.path.insert(0, where)
    try:
        found: Any = importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise UsageError(_not_there(module, error.name or "", where)) from error
    except BaseException as error:  # a module may raise SystemExit as well
        raise UsageError(f"{module} raised {words.raised(error)} while it was imported") from error
    for name in path.split("."):
        if not hasattr(found, name):
            kinds = [key for key, value in vars(found).items() if isinstance(value, type) and not key.startswith("_")]
            raise UsageError(f"no {name} in {getattr(found, '__name__', module)}; {_near(name, kinds)}")
        found = getattr(found, name)
    return found


def _not_there(module: str, missing: str, where: str) -> str:
    """What is not there: the module itself, a package that it is in, or something that it imports."""
    if module != missing and not module.startswith(f"{missing}."):
        return f"{module} needs {missing or 'a module'}, which is not installed"
    package, _, name = missing.rpartition(".")
    places = list(sys.modules[package].__path__) if package else [where]
    near = difflib.get_close_matches(name, [found.name for found in pkgutil.iter_modules(places)], n=1, cutoff=0.6)
    if near:
        return f"no module {missing}; did you mean {f'{package}.' if package else ''}{near[0]}?"
    return f"no module {missing} in {where} or on Python's path; start serbench where it lies, or set PYTHONPATH"


def _near(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
    if near:
        return f"did you mean {near[0]}?"
    return f"classes in it: {', '.join(sorted(known))}" if known else "it has no classes"


def _ways(kind: Any, place: str) -> tuple[str, ...]:
    """The ways of a class, by what it is.

    Raises:
        UsageError: it is no class of a sort that is known.
    """
    if not isinstance(kind, type):
        what = "a function" if inspect.isroutine(kind) else "a module" if inspect.ismodule(kind) else "no class"
        raise UsageError(f"{place} is {what}, and {WANTED} is wanted")
    roots = {(base.__module__.partition(".")[0], base.__name__) for base in kind.__mro__[1:]}
    if hasattr(kind, "__pydantic_validator__") and (("pydantic", "BaseModel") in roots or _is_dataclass(kind)):
        return ("pydantic",)
    if ("msgspec", "Struct") in roots:
        return ("msgspec",)
    is_attrs = hasattr(kind, "__attrs_attrs__")
    if is_attrs or _is_dataclass(kind):
        if callable(getattr(kind, "from_json", None)):
            return ("from_json",)
        return ("cattrs", "msgspec") if is_attrs else ("cattrs", "mashumaro", "msgspec")
    raise UsageError(f"{place} is a class of another sort, and {WANTED} is wanted")


def _is_dataclass(kind: type) -> bool:
    return dataclasses.is_dataclass(kind)


def _brought_by(kind: type) -> str | None:
    """The distribution whose base class a class has its methods from, if it is named as it is imported."""
    tops = (base.__module__.partition(".")[0] for base in kind.__mro__[1:-1])
    others = (top for top in tops if top not in sys.stdlib_module_names and top != kind.__module__.partition(".")[0])
    return next(others, None)
