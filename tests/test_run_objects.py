"""Objects of a program, given to `serbench.run`."""

from __future__ import annotations

import pytest

import serbench
from serbench.errors import UsageError


def test_objects_are_measured_like_files(tmp_path):
    """One by itself, and many with a name; the command names them, and says why it cannot make them again."""
    orders = serbench.Instances("orders", ({"id": n} for n in range(9)))
    run = serbench.run(
        {"id": 7}, orders, codecs="json", operations="read", instances=4, budget=2, folder=tmp_path / "run"
    )
    assert [("object", 1), ("orders", 4)] == [(one.name, one.instances) for one in run.record.payloads]
    assert {"object", "orders"} == {row["payload"] for row in run.table()}
    words = [word for word in run.record.command if word.startswith("python:")]
    assert ["python:object", "python:orders"] == words
    with pytest.raises(UsageError, match="python:object: was an object of a Python program; run that program again"):
        serbench.run(*words)
