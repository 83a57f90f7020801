"""The renderer protocol. A renderer is one file: this module, its own library, and `RENDERERS` as its last line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, TypeVar

if TYPE_CHECKING:
    from serbench.compare.parts import Comparison, History
    from serbench.records.verdict import Verdict
    from serbench.report.whole import Report

Needs = Literal["run", "comparison", "history", "verdict"]
"""What a command must have for an output: a run's `Report`, two's `Comparison`, several's `History`, a `Verdict`."""

What_contra = TypeVar("What_contra", contravariant=True)


class Renderer(Protocol[What_contra]):
    """Makes text of a report, a comparison, a history or a verdict. All that comes from outside is escaped.

    Options are constructor arguments. An output that renders several of them has one renderer for each, of the same
    name: a renderer is found by name and `needs`.
    Read-only properties, so that frozen dataclasses match.
    """

    @property
    def name(self) -> str:
        """The value of `-o`."""

    @property
    def needs(self) -> Needs:
        """What it renders."""

    @property
    def suffix(self) -> str:
        """Of a file of it, with the dot."""

    def render(self, what: What_contra, /) -> str:
        """The whole text, ready to be written."""


if TYPE_CHECKING:
    AnyRenderer = Renderer[Report] | Renderer[Comparison] | Renderer[History] | Renderer[Verdict]
    """What a module's `RENDERERS` holds: `RENDERERS: tuple[AnyRenderer, ...] = (...)`."""
