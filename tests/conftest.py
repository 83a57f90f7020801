"""What all tests share."""

from __future__ import annotations

from pathlib import Path

from hypothesis import settings

HERE = Path(__file__).parent
FOLDERS = ("verdicts", "harness", "docs", "trial", "sides", "conformance", "fidelity")
LONG = (*FOLDERS, "test_killed_runs.py", "test_cli.py")
"""What takes longest, for the number of its tests."""

# The same examples everywhere and every time; machines in CI are slow, and that is no failure.
settings.register_profile("serbench", derandomize=True, database=None, deadline=None, max_examples=40)
settings.register_profile("thorough", settings.get_profile("serbench"), max_examples=1_000)
settings.load_profile("serbench")


def pytest_collection_modifyitems(items):
    """What takes long comes first: of processes that share the modules, none is left with it at the end."""
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONG)
