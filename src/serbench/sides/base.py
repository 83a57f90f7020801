"""What a worker is started with: an interpreter, and where it finds the worker's own files."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

_FOREIGN = ("PYTHONHOME", "PYTHONPATH", "PYTHONSTARTUP")


@dataclass(frozen=True, slots=True, kw_only=True)
class Launch:
    """How a worker process is started.

    Attributes:
        python: the interpreter; empty: this one.
        stage: folder that holds the worker's files and comes first on its path; empty: where serbench is installed.
        before: command line that the interpreter is started under, such as a profiler's; empty: none.
        environment: variables beside those of this process.
        root: folder that measured libraries must come from; empty: anywhere that the interpreter finds them.
    """

    python: str = ""
    stage: str = ""
    before: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    root: str = ""

    @property
    def command(self) -> list[str]:
        """The command line of a worker."""
        return [*self.before, self.python or sys.executable, "-P", "-m", "serbench.worker"]

    def variables(self) -> dict[str, str]:
        """Its environment: that of this process, where a stage is given without paths of other Pythons."""
        own = dict(os.environ)
        if self.stage:
            own = {name: value for name, value in own.items() if name not in _FOREIGN}
            own |= {"PYTHONPATH": self.stage, "PYTHONNOUSERSITE": "1"}
        return own | {"PYTHONDONTWRITEBYTECODE": "1"} | dict(self.environment)


HERE = Launch()
"""This interpreter and its own serbench."""
