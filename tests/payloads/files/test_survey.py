"""All messages of files, looked at for their schema."""

from __future__ import annotations

import json

import pytest

from serbench.errors import Interrupted, UnusableFile
from serbench.payloads.files.base import Reading
from serbench.payloads.files.load import load
from serbench.payloads.files.survey import survey
from serbench.schema.observed import Range


def test_all_messages_are_seen(tmp_path):
    """The schema is that of a run, and no message is passed over."""
    path = tmp_path / "orders.ndjson"
    path.write_text("".join(json.dumps({"id": n, **({"note": "x"} if n == 999 else {})}) + "\n" for n in range(1000)))
    found = survey(str(path), Reading())
    assert (1000, False, 0) == (found.messages, found.stated, found.bad)
    assert load(str(path))[0].payload.schema == found.schema
    assert (1000, Range(0, 999)) == (found.seen.count, found.seen.keys["id"].integers)
    assert 1 == found.seen.keys["note"].count


def test_somebody_may_end_it(tmp_path):
    """Between a few messages and the next."""
    path = tmp_path / "orders.ndjson"
    path.write_text('{"id": 1}\n' * 1000)
    answers = iter([False, False, True])
    with pytest.raises(Interrupted, match="stopped before all messages were read"):
        survey(str(path), Reading(), stop=lambda: next(answers))


def test_what_is_no_message_is_counted(tmp_path):
    """If it is to be left out; else it is an error, as no message at all is."""
    path = tmp_path / "orders.ndjson"
    path.write_text('{"id": 1}\nno\n')
    found = survey(str(path), Reading(skip_bad=True))
    assert (1, 1) == (found.messages, found.bad)
    assert found.first_bad.endswith("line 2")
    with pytest.raises(UnusableFile, match="not JSON at line 2"):
        survey(str(path), Reading())
    path.write_text("no\n")
    with pytest.raises(UnusableFile, match=r"no message in it; all 1 are bad, the first at .*line 1"):
        survey(str(path), Reading(skip_bad=True))


def test_what_is_nested_too_deeply_is_refused(tmp_path):
    """With its place, as in a run."""
    path = tmp_path / "deep.json"
    path.write_text("[" * 200 + "]" * 200)
    with pytest.raises(UnusableFile, match="nested too deeply"):
        survey(str(path), Reading())
