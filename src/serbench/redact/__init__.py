"""A run without what tells whose it is: names of host and user, where files lie, and what stands in own messages.

`redact` is pure; `surroundings` asks this machine what is not to be told. A path keeps its last name, as a file's name
says what was measured. What is replaced becomes a word in brackets, the same everywhere, so ids stay ids.
"""

from __future__ import annotations

from serbench.redact.known import Surroundings, gathered, surroundings
from serbench.redact.names import HOST, USER
from serbench.redact.places import PATH
from serbench.redact.whole import redact

__all__ = ["HOST", "PAGE_FILE", "PATH", "RUN_FILE", "USER", "Surroundings", "gathered", "redact", "surroundings"]

PAGE_FILE = "index.redacted.html"
RUN_FILE = "run.redacted.json"
