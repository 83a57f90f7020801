"""Compilers of schema languages that may be on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_FOLDERS = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))


def compiler(name: str) -> str:
    """The path of a compiler, beside this Python or on the path; the test is skipped where there is none."""
    found = shutil.which(name, path=_FOLDERS)
    if found is None:
        pytest.skip(f"no {name} on this machine")
    return found


def run(*command: str, cwd: Path) -> str:
    """What a command prints to stdout; where it fails, the assertion shows what it says."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, (done.stderr + done.stdout).decode(errors="replace")
    return done.stdout.decode(errors="replace")
