"""Where runs were measured, for people, and in what they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.compare.parts import Difference, Variation
from serbench.units import duration, size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from serbench.records.cases import CodecInfo
    from serbench.records.run import Environment, Run

ABSENT = "not known"


def facts(environment: Environment) -> dict[str, str]:
    """Labels and values of what is known of the machine, the system and Python."""
    python = {f"Python {key}": value for key, value in environment.python.items()}
    return dict(_fact(key, value) for key, value in (environment.machine | environment.system | python).items())


def differences(base: Run, new: Run) -> Iterator[Difference]:
    """What differs between two runs and may explain a change: machine, system, Python, sampler, serbench and codecs."""
    for found in variations((base, new)):
        one, other = found.values
        yield Difference(label=found.label, base=one, new=other)


def variations(runs: Sequence[Run]) -> Iterator[Variation]:
    """The same of several runs."""
    described = [_described(run) for run in runs]
    for label in dict.fromkeys(label for one in described for label in one):
        values = tuple(one.get(label, ABSENT) for one in described)
        if len(set(values)) > 1:
            yield Variation(label=label, values=values)


def _described(run: Run) -> dict[str, str]:
    own = {"sampler": run.environment.sampler, "serbench": run.serbench}
    return facts(run.environment) | own | {f"codec {codec.name}": _version(codec) for codec in run.codecs}


def _version(codec: CodecInfo) -> str:
    return " ".join(filter(None, (codec.distribution, codec.version, codec.native))) or ABSENT


def _fact(key: str, value: Any) -> tuple[str, str]:
    """A key's words without its unit, and the value with one."""
    label = key.replace("_", " ")
    if isinstance(value, int | float) and key.endswith("_bytes"):
        return label.removesuffix(" bytes"), size(value)
    if isinstance(value, int | float) and key.endswith("_ns"):
        return label.removesuffix(" ns"), duration(value)
    return label, _text(value)


def _text(value: Any) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(_text, value))
        case dict():
            return ", ".join(f"{key} {_text(item)}" for key, item in value.items())
    return str(value)
