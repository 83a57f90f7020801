"""What a worker says of the codecs in a module or a file: the catalogue's entries, and why a module has none."""

from __future__ import annotations

import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench import registry
from serbench.codecs.deviations import Deviation
from serbench.errors import UsageError
from serbench.records.cases import Caution
from serbench.worker import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.base import Codec

_MODELS = frozenset({"plain", "typed", "message"})
_OPTIONAL = frozenset({"native", "warnings", "unavailable"})


class BrokenContract(Exception):
    """A module's codecs are not what the protocol asks for. The text can be printed, whatever they are."""

    def __init__(self, text: str) -> None:
        super().__init__(words.brief(text))


def load(source: str) -> tuple[Codec, ...]:
    """The codecs of a module or a file.

    Raises:
        BrokenContract: no `CODECS`, or an entry that is no codec.
        Exception: whatever its import raises.
    """
    if registry.names_type(source):
        from serbench.worker import own_type  # noqa: PLC0415 - what it imports has no place beside others' libraries

        return own_type.load(source)
    module = registry.load(source)
    codecs = getattr(module, "CODECS", None)
    if not isinstance(codecs, tuple | list) or not codecs:
        raise BrokenContract("it has no CODECS, a tuple of codecs, as its last line")
    for codec in codecs:
        _check(codec)
    return tuple(codecs)


def _check(codec: Any) -> None:
    name = getattr(codec, "name", None)
    if not isinstance(name, str) or not name:
        raise BrokenContract(f"CODECS holds {codec!r}, which has no name")
    if "," in name or name.startswith("!"):
        raise BrokenContract(f"codec {name!r}: a name has no comma and no ! before it, which mean lists and exclusions")
    if not name.isprintable():
        raise BrokenContract(f"codec {name!r}: a name is one line without control characters")
    checks: dict[str, Callable[[Any], Any]] = {
        "format": lambda v: isinstance(v, str) and v,
        "distribution": lambda v: v is None or isinstance(v, str),
        "model": lambda v: isinstance(v, str) and v in _MODELS,
        "deviations": lambda v: isinstance(v, frozenset | set) and all(isinstance(d, Deviation) for d in v),
        "bind": callable,
        "native": lambda v: isinstance(v, str),
        "warnings": lambda v: isinstance(v, tuple | list) and all(map(_is_caution, v)),
        "unavailable": lambda v: isinstance(v, str),
    }
    for attribute, good in checks.items():
        there = hasattr(codec, attribute)
        if not (good(getattr(codec, attribute)) if there else attribute in _OPTIONAL):
            raise BrokenContract(f"codec {name!r}: `{attribute}` is missing or not what the protocol asks for")


def _is_caution(value: Any) -> bool:
    """Whether it is one, and text in both of its fields: nothing else can be written to a run."""
    return isinstance(value, Caution) and isinstance(value.name, str) and isinstance(value.text, str)


def describe(source: str) -> list[dict[str, Any]]:
    """Entries for the catalogue, as JSON values: one per codec, or one that says why there is none."""
    try:
        return [_entry(codec, source) for codec in load(source)]
    except ImportError as error:
        return [_unavailable(source, _missing(source, error))]
    except BrokenContract as error:
        return [_unavailable(source, f"broken: {error}")]
    except UsageError as error:
        return [_unavailable(source, str(error))]
    except BaseException as error:  # a module may raise SystemExit as well
        return [_unavailable(source, f"broken: it raised {words.raised(error)}")]


def _entry(codec: Codec, source: str) -> dict[str, Any]:
    return {
        "name": codec.name,
        "format": _told(codec.format),
        "model": codec.model,
        "distribution": _told(codec.distribution or ""),
        "version": _version(codec.distribution),
        "native": _told(getattr(codec, "native", "")),
        "deviations": sorted(codec.deviations),
        "source": source,
        "warnings": [_caution(caution) for caution in getattr(codec, "warnings", ())],
        **({"unavailable": _told(why)} if (why := getattr(codec, "unavailable", "")) else {}),
    }


def _caution(caution: Caution) -> dict[str, str]:
    return {name: _told(text) for name, text in asdict(caution).items()}


def _told(text: str) -> str:
    """What a codec says of itself, in one line of bounded length."""
    return words.brief(text, words.CAUTION)


def _unavailable(source: str, reason: str) -> dict[str, Any]:
    name = Path(source).stem if source.endswith(".py") else source.rpartition(".")[2]
    return {
        "name": words.printable(name),
        "format": "",
        "model": "plain",
        "distribution": "",
        "version": "",
        "native": "",
        "deviations": [],
        "source": source,
        "unavailable": _told(reason),
        "warnings": [],
    }


def missing_library(error: BaseException) -> str:
    """The library that an import lacks, as pip is told it; empty where what it names can be no module's name."""
    name = error.name if isinstance(error, ModuleNotFoundError) else None
    parts = name.split(".") if isinstance(name, str) else [""]
    return parts[0] if all(part.isidentifier() for part in parts) else ""


def _missing(source: str, error: ImportError) -> str:
    """Why a library is not there, with the exact command that brings it; a fault of our own is called one."""
    missing = missing_library(error)
    if not missing or missing == "serbench":
        return f"broken: it raised {words.raised(error)}"
    own = source.startswith("serbench.")
    wanted = f"'serbench[{source.rpartition('.')[2]}]'" if own else missing
    return f"{missing} is not installed; pip install {wanted}"


def _version(distribution: str | None) -> str:
    if not distribution:
        return platform.python_version()
    import importlib.metadata  # noqa: PLC0415 - it takes a fifth of a worker's start, and one that measures needs none

    try:
        return importlib.metadata.version(distribution)
    except importlib.metadata.PackageNotFoundError:
        return ""
