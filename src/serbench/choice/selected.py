"""The codecs that were asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from serbench import suites
from serbench.errors import Interrupted, UsageError
from serbench.harness import catalogue
from serbench.harness.link import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from serbench.choice.chosen import Chosen
    from serbench.records.cases import CodecInfo


def codecs(chosen: Chosen, *, stop: Callable[[], bool]) -> tuple[CodecInfo, ...]:
    """The codecs, from the catalogue that workers tell.

    Raises:
        UnknownName: no such codec or format.
        MissingLibrary: a codec asked for by name whose library is not installed.
        Interrupted: `stop` said so.
    """
    try:
        known = catalogue.catalogue(chosen.codec_files, stop=stop)
    except Stopped:
        raise Interrupted("stopped before anything was measured") from None
    catalogue.resolve(sorted(chosen.wanted), known)
    by_name = {info.name: info for info in known}
    from_files = tuple(info.name for info in known if info.source in chosen.codec_files)
    selected = suites.select((*chosen.codecs, *from_files), tuple(by_name), "codec") if chosen.codecs else from_files
    found = tuple(by_name[name] for name in selected)
    return _of_formats(found, chosen.formats, known) if chosen.formats else found


def _of_formats(
    found: Sequence[CodecInfo], formats: Sequence[str], known: Sequence[CodecInfo]
) -> tuple[CodecInfo, ...]:
    all_formats = tuple(sorted({info.format for info in known if info.format}))
    wanted = suites.select(formats, all_formats, "format")
    kept = tuple(info for info in found if info.format in wanted)
    if not kept:
        raise UsageError(f"none of the chosen codecs writes {', '.join(wanted)}; add one with --codec")
    return kept
