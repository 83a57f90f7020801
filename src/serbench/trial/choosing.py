"""Which sides and which codecs: environments made, and what is to be had in both."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from serbench import registry, suites
from serbench.errors import Interrupted, MissingLibrary, SideFailure, UsageError
from serbench.harness import catalogue
from serbench.harness.link import Stopped
from serbench.sides import environment, interpreters

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from serbench.choice import Chosen
    from serbench.records.cases import CodecInfo
    from serbench.sides.environment import Side
    from serbench.sides.spec import Spec


VIEW = "-view"
"""What the name of a codec ends in that decodes from a view what another one, named without it, decodes from bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """Makes the sides of a trial and looks their codecs up.

    Attributes:
        chosen: what was asked for; codecs are names and patterns yet.
        by_name: whether somebody said which codecs.
        tell: told in words what takes long.
        stop: whether somebody asked for the end.
    """

    chosen: Chosen
    by_name: bool
    tell: Callable[[str], None]
    stop: Callable[[], bool]

    def side(self, spec: Spec) -> Side:
        """The environment of a side, with what the codecs need that were asked for by name.

        Raises:
            SerbenchError: it cannot be made.
        """
        files = [Path(file) for file in self.chosen.codec_files]
        libraries = self._libraries()
        made = environment.make(spec, libraries=libraries, codec_files=files, tell=self.tell, stop=self.stop)
        environment.require(made, libraries)
        return made

    def _libraries(self) -> dict[str, str]:
        """What codecs need that were asked for by name, and that is no side's: the versions that are installed here."""
        if not self.chosen.wanted:
            return {}
        known = catalogue.catalogue((), stop=self.stop)
        asked = [info for info in known if info.name in self.chosen.wanted]
        return {info.distribution: info.version for info in asked if info.distribution and info.version}

    def codecs(self, base: Side, new: Side) -> tuple[list[CodecInfo], list[CodecInfo]]:
        """The codecs of both sides that are to be measured.

        Raises:
            UsageError: there are none.
            MissingLibrary: one that was asked for by name cannot be used on one of the sides.
            SideFailure: the same of a codec file.
        """
        try:
            both = [list(self._known(side)) for side in (base, new)]
        except Stopped:
            raise Interrupted("stopped before anything was measured") from None
        names = self._names((base, new), both)
        if not names:
            asked = " or ".join(sorted({*base.distributions, *new.distributions})) or "what these interpreters have"
            raise UsageError(f"no codec measures {asked}; name one with -c, or a codec file")
        chosen = [[info for info in known if info.name in names] for known in both]
        for side, found in zip((base, new), both, strict=True):
            for info in found:
                if info.unavailable and info.source.endswith(".py"):
                    why = _there(side, info.unavailable)
                    raise SideFailure(f"{side.asked}: no codec in {Path(info.source).name} can be used: {why}")
        for side, found in zip((base, new), chosen, strict=True):
            usable = {info.name for info in found if not info.unavailable}
            for name in sorted(self.chosen.wanted & set(names) - usable):
                why = next((info.unavailable for info in found if info.name == name), "its library is not there")
                raise MissingLibrary(f"{side.asked}: codec {name!r} cannot be used: {_there(side, why)}")
        return chosen[0], chosen[1]

    def _known(self, side: Side) -> tuple[CodecInfo, ...]:
        own = [source for source in registry.sources("codecs") if source.startswith(catalogue.OWN)]
        known, _ = catalogue.of_side([*own, *map(str, side.codec_files.values())], side.launch, self.stop)
        return known

    def _names(self, sides: Sequence[Side], both: Sequence[Sequence[CodecInfo]]) -> tuple[str, ...]:
        """Asked for by name or in a file; where nobody said, those of the distributions that the sides are made of."""
        known = tuple(dict.fromkeys(info.name for own in both for info in own))
        from_files = tuple(dict.fromkeys(info.name for own in both for info in own if info.source.endswith(".py")))
        if self.by_name:
            words = (*self.chosen.codecs, *from_files)
            return tuple(suites.select(words, known, "codec")) if self.chosen.codecs else from_files
        named = {interpreters.normal(name) for side in sides for name in side.distributions}
        usable = [info for own in both for info in own if not info.unavailable]
        found = dict.fromkeys(
            info.name for info in usable if info.distribution and interpreters.normal(info.distribution) in named
        )
        # The same decoder, given another buffer: it would be gated twice.
        return tuple(name for name in found if not (name.endswith(VIEW) and name.removesuffix(VIEW) in found))


def _there(side: Side, why: str) -> str:
    """The remedy as it works for an interpreter that was named."""
    return why if side.launch.root else why.replace("; pip install ", f"; {side.launch.python} -m pip install ")


def prove(side: Side, origins: Mapping[str, str]) -> None:
    """Makes sure that a side's libraries came from its own environment. Of a named interpreter whatever it finds is.

    Raises:
        SideFailure: a module came from elsewhere: what was measured is not what was asked for.
    """
    root = side.launch.root
    own = {os.path.realpath(folder) for folder in (root, side.launch.stage) if folder}
    for module, file in origins.items() if root else ():
        place = os.path.realpath(os.path.dirname(file))  # noqa: PTH120 - links are followed as far as the folder only
        if not any(place == folder or place.startswith(folder + os.sep) for folder in own):
            where = f"{module} was imported from {file}, outside of its environment {root}"
            raise SideFailure(f"{side.asked}: {where}; take that place off the interpreter's path")
