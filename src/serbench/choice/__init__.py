"""What a run is asked to measure: names, files, patterns and suites, turned into codecs, payloads and operations."""

from __future__ import annotations

from serbench.choice.chosen import PASSES, Chosen, choose
from serbench.choice.request import SEED, TIMEOUT_SECONDS, Request, of_files, word_of
from serbench.choice.selected import codecs
from serbench.choice.spooled import spool

__all__ = ["PASSES", "SEED", "TIMEOUT_SECONDS", "Chosen", "Request", "choose", "codecs", "of_files", "spool", "word_of"]
