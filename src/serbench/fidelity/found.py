"""Inputs that do harm, kept as files, and the command that hands one over again."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from serbench.errors import CannotWrite

if TYPE_CHECKING:
    from pathlib import Path

    from serbench.fidelity.parts import Attack, Examined, Finding
    from serbench.records.cases import CodecInfo


def keep(examined: Examined, folder: Path) -> Examined:
    """Writes each input that did harm to a file, what happened and the command that repeats it to one beside it.

    Args:
        examined: a codec with what was found. Where it has no findings, nothing is made.
        folder: made if it is not there.

    Returns:
        The same with the files' names.

    Raises:
        CannotWrite: no permission, no space.
    """
    attack = examined.attack
    if attack is None or not attack.findings:
        return examined
    try:
        folder.mkdir(parents=True, exist_ok=True)
        kept = tuple(_keep(examined.info, attack, finding, folder) for finding in attack.findings)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CannotWrite(f"{folder}: inputs cannot be kept, {reason}; name another folder with --keep") from error
    return replace(examined, attack=replace(attack, findings=kept))


def _keep(info: CodecInfo, attack: Attack, finding: Finding, folder: Path) -> Finding:
    digest = hashlib.sha256(finding.data).hexdigest()[:10]
    path = folder / f"{quote(info.name, safe='')}-{finding.harm}-{digest}.bin"
    path.write_bytes(finding.data)
    library = f"{info.distribution or 'Python'} {info.version}"
    about = [
        f"{info.name} ({library}): {words(finding)}",
        f"input {finding.index} of seed {attack.seed}",
        command(info, str(path)),
    ]
    path.with_suffix(".txt").write_text("\n".join(about) + "\n", encoding="utf-8")
    return replace(finding, file=str(path))


def words(finding: Finding) -> str:
    """A finding in a line: of which sort, on what, what happened, and whether it did so again."""
    again = "again when fed alone" if finding.again else "not when fed alone"
    return f"{finding.harm} on {len(finding.data):,} bytes, {finding.made}: {finding.words}; {again}"


def command(info: CodecInfo, file: str) -> str:
    """The command line that feeds a codec with a kept input."""
    codec = info.source if info.source.endswith(".py") else info.name
    return shlex.join(["serbench", "fidelity", "-c", codec, "--input", file])
