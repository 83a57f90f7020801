"""The generated payloads that there are: those of this package, and those of others through entry points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench import registry
from serbench.errors import UnknownName, UsageError

if TYPE_CHECKING:
    from serbench.payloads.base import Generated


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
    """The payload of that name.

    Raises:
        UnknownName: there is none.
    """
    generated = known()
    if name not in generated:
        raise UnknownName("payload", name, generated)
    return generated[name]
