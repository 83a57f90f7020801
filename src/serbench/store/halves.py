"""Both halves of a measurement in pairs on disk: a folder with a run's folder for each side."""

from __future__ import annotations

import contextlib
import secrets
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from serbench.store import files

if TYPE_CHECKING:
    from pathlib import Path

    from serbench.records.run import Run

SIDES = ("base", "new")


def new_id() -> str:
    """Sorted by time, and unique: the UTC time and four hexadecimal digits."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"


class Halves:
    """The folder of a gate.

    Args:
        folder: made here, with its parents.
        force: whether what is in it may be replaced.

    Raises:
        UsageError: it holds runs, or a page of some.
        CannotWrite: it cannot be written.
    """

    def __init__(self, folder: Path, *, force: bool) -> None:
        self._folder, self._folders = folder, [folder / side for side in SIDES]
        self._made = [place for place in (*self._folders, folder, *folder.parents) if not place.exists()]
        files.open_folder(folder, force=force)
        for half in self._folders:
            files.open_folder(half, force=force)

    def tidy(self) -> None:
        """Takes away again what was made if nothing came to lie in it."""
        with contextlib.suppress(OSError):
            for place in self._made:
                place.rmdir()

    def save(self, base: Run, new: Run) -> None:
        """Writes both, in place of those before, whose page is taken away.

        Raises:
            CannotWrite: no space, no permission.
        """
        for run, folder in zip((base, new), self._folders, strict=True):
            files.save(run, folder)
        files.forget_page(self._folder)
