"""What all tests share."""

from __future__ import annotations

from hypothesis import settings

# The same examples everywhere and every time; machines in CI are slow, and that is no failure.
settings.register_profile("serbench", derandomize=True, database=None, deadline=None)
settings.load_profile("serbench")
