"""The generated payloads that there are: those of this package, and those of others through entry points."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from serbench import registry
from serbench.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from serbench.payloads.base import Generated

LARGEST_BYTES = 1_000_000_000
"""The most that a message can be asked to have."""

_SIZE = re.compile(r"([1-9][0-9]{0,9})(B|kB|MB|GB)")
_BYTES = {"B": 1, "kB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000}


def known() -> dict[str, Generated]:
    """Every generated payload by its name, own ones first.

    Raises:
        UsageError: two have the same name.
    """
    found: dict[str, Generated] = {}
    for generated in registry.plug_ins("payloads"):
        if generated.name in found:
            raise UsageError(f"two payloads are named {generated.name!r}; uninstall the package that brings the second")
        found[generated.name] = generated
    return found


def get(name: str) -> Generated:
    """The payload of that name, with messages of a size where one is asked for, as in `blob-100MB`.

    Raises:
        UnknownName: there is none.
        UsageError: it has no such messages.
    """
    generated = known()
    if name in generated:
        return generated[name]
    if not is_sized(name):
        raise UnknownName("payload", name, generated)
    family, _, size = name.rpartition("-")
    return _of_size(generated[family], name, size)


def is_sized(name: str) -> bool:
    """Whether a name asks for messages of a size: a payload's own, a hyphen, and digits with or without a unit."""
    family, _, size = name.rpartition("-")
    return re.fullmatch("[0-9]+[A-Za-z]*", size) is not None and family in known() and name not in known()


def _of_size(generated: Generated, name: str, size: str) -> Generated:
    if generated.of_size is None:
        sized = ", ".join(other.name for other in known().values() if other.of_size)
        raise UsageError(f"payload {name}: {generated.name} has no sizes to ask for; name it alone, or take {sized}")
    found = _SIZE.fullmatch(size)
    wanted = int(found[1]) * _BYTES[found[2]] if found else 0
    if not 0 < wanted <= LARGEST_BYTES:
        raise UsageError(f"payload {name}: write the size as 100MB, in B, kB, MB or GB, up to 1GB")
    return replace(generated.of_size(wanted), name=name)
