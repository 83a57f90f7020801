"""Ids of cases in files, taken apart: only what `Case.id` puts together is one. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from serbench.records.cases import Operation

_CONDITIONS = re.compile(
    r"(?:gc=(?:off|frozen)(?:&|$))?(?:heap=[1-9][0-9]{0,8}(?:&|$))?(?:n=[1-9][0-9]{0,8}(?:&|$))?(?:threads=[1-9][0-9]{0,2})?"
)


def parts(case_id: str) -> tuple[str, str, Operation] | None:
    """Codec, payload and operation of a case; None where it is not the id of any."""
    path, mark, conditions = case_id.partition("?")
    names = path.split("/")
    if len(names) != 3 or names[2] not in tuple(Operation):
        return None
    codec, payload = map(unquote, names[:2])
    if [quote(codec, safe=""), quote(payload, safe="")] != names[:2]:
        return None
    if mark and not (conditions and conditions[-1] != "&" and _CONDITIONS.fullmatch(conditions)):
        return None
    return codec, payload, Operation(names[2])
