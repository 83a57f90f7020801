"""What a run is asked to measure: names, files, patterns and suites, turned into codecs, payloads and operations."""

from __future__ import annotations

from serbench.choice.chosen import Chosen, choose
from serbench.choice.request import SEED, TIMEOUT_SECONDS, Request, of_files
from serbench.choice.selected import codecs
from serbench.choice.spooled import spool

__all__ = ["SEED", "TIMEOUT_SECONDS", "Chosen", "Request", "choose", "codecs", "of_files", "spool"]
