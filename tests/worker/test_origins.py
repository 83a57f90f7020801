"""The proof of where libraries come from."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from serbench.worker import origins
before = origins.imported()
import json, orjson, google.protobuf, serbench.codecs.base
print(before, sorted(origins.imported().items()))
"""


def test_libraries_are_named_with_their_files():
    """Neither Python's modules nor serbench's own, nor what was there from the start; of a namespace its folder."""
    import google.protobuf
    import orjson

    shown = subprocess.run(
        [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    before, _, after = shown.strip().partition(" ")
    assert "{}" == before
    assert str([("google", next(iter(google.__path__))), ("orjson", orjson.__file__)]) == after
