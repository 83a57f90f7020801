"""What is left of a reason that quotes somebody's own messages."""

from __future__ import annotations

import pytest

from serbench.redact.quotes import without_quotes


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("instance 0: iban: expected 'DE02' (str), got 'ED' (str)", "instance 0: iban: expected str, got str"),
        ("n: expected 12.5 (float), got 13 (int)", "n: expected float, got int"),
        ("tags: expected 3 items, got 4", "tags: expected 3 items, got 4"),
        (
            """OSError: row {'name': 'Zeb', 'by': "Q"} during bind""",
            """OSError: row {'…': '…', '…': "…"} during bind""",
        ),
        (r"no 'Zeb\'s' here", "no '…' here"),
        ("no b'Zeb' here", "no b'…' here"),
        ("cut short: 'Zebulon Qua", "cut short: '…'"),
        ("cut short: 'Zebulon Qua\\", "cut short: '…'"),
        ("it can't be, so don't", "it can't be, so don't"),
        ("no such file: '[path]/x.json', [user]", "no such file: '[path]/x.json', [user]"),
    ],
)
def test_what_becomes_of_a_reason(reason, expected):
    """Values that differ have their types, texts in quotes are emptied; twice is as good as once."""
    assert expected == without_quotes(reason)
    assert expected == without_quotes(expected)
