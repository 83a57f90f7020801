"""What the checks are, and what is found by them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serbench.records.cases import CodecInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that every codec must do.

    Attributes:
        name: on the command line's output and in JSON.
        holds: what is so where it passes, one clause.
        remedy: what to do where it fails, one sentence.
    """

    name: str
    holds: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One breach.

    Attributes:
        where: the payload and message, or the step; it may be empty.
        what: what was seen there.
    """

    where: str
    what: str

    def __str__(self) -> str:
        """Both, as they are printed."""
        return f"{self.where}: {self.what}" if self.where else self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What became of a check.

    Attributes:
        check: which.
        findings: breaches; none where it passed.
        told: what it was tried on, such as `28 payloads`.
        untried: why it could not be tried at all; empty where it was. That is no breach.
    """

    check: Check
    findings: tuple[Finding, ...] = ()
    told: str = ""
    untried: str = ""

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Conformance:
    """A codec and all its checks, in their order."""

    info: CodecInfo
    checks: tuple[Checked, ...]

    @property
    def passed(self) -> bool:
        """Whether every check did."""
        return all(checked.passed for checked in self.checks)


CHECKS: tuple[Check, ...] = (
    Check(
        name="contract",
        holds="bind returns a Bound, encode gives bytes, the message is left as it was",
        remedy="keep to the tables of docs/adding-a-codec.md; raise UnsupportedPayload in bind for what is not carried",
    ),
    Check(
        name="process",
        holds="nothing is printed, started, moved or switched off",
        remedy="leave output, threads, child processes, descriptors and the collector alone",
    ),
    Check(
        name="round-trip",
        holds="every message comes back as it went in, after the declared deviations",
        remedy="mend it, declare the deviation that covers it, or refuse the payload in bind",
    ),
    Check(
        name="read",
        holds="read touches every leaf",
        remedy="give the right `access`, or a `read` of your own that reads every leaf",
    ),
    Check(
        name="other-process",
        holds="what one process wrote, another reads",
        remedy="put all that decode needs into the bytes; keep nothing of messages in this process",
    ),
    Check(
        name="bind",
        holds="messages that bind did not see are no different from others",
        remedy="make in bind only what follows from the schema and the kinds; encode in encode",
    ),
    Check(
        name="fresh",
        holds="every call makes its result anew",
        remedy="keep no results: no cache from messages to bytes or back, no buffer that the next call overwrites",
    ),
    Check(
        name="pace",
        holds="a repeated message takes as long as a new one",
        remedy="take away what remembers messages: a cache, a memo, an lru_cache",
    ),
    Check(
        name="memory",
        holds="nothing of a message stays when its result is gone",
        remedy="keep no reference to messages, bytes or results after the call",
    ),
    Check(
        name="order",
        holds="neither the order of calls nor an error before changes what a call gives",
        remedy="keep no state between calls; reset the encoder where a call raises, or make one per call",
    ),
    Check(
        name="threads",
        holds="calls at the same time give what calls in turn give",
        remedy="share no encoder or buffer between calls that may run at once; make one per call or per thread",
    ),
    Check(
        name="fidelity",
        holds="awkward values come back, or not, as the deviations say",
        remedy="declare exactly the deviations that hold; `serbench fidelity -c` shows every value",
    ),
)
BY_NAME = {check.name: check for check in CHECKS}
