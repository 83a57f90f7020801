"""What is left of a sample of somebody's own messages."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.payloads.instances import sample
from serbench.redact.shape import shape
from serbench.schema import spool

SECRETS = st.text("qzQZ7", min_size=5)
VALUES = st.recursive(
    SECRETS
    | st.integers()
    | st.floats()
    | st.booleans()
    | st.none()
    | st.text()
    | st.binary()
    | SECRETS.map(str.encode),
    lambda inner: st.lists(inner) | st.dictionaries(SECRETS | st.text(), inner) | st.dictionaries(st.integers(), inner),
)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ('"Zebulon"', "string of 7 characters"),
        ('"Z"', "string of 1 character"),
        ('""', "string of 0 characters"),
        (r'"a\"\\\u2026\n"', "string of 5 characters"),
        ('"Zeb"… of 12,000 characters', "string of 12,000 characters"),
        ('{"iban":"DE02"}', "{key of 4 characters: string of 4 characters}"),
        ('{"ib"… of 40 characters:1}', "{key of 40 characters: integer}"),
        ("[-17,0]", "[integer, integer]"),
        ("[1.5,-2e-07,NaN,Infinity,-Infinity]", "[number, number, number, number, number]"),
        ("12345678901234567890… of 3,001 digits", "integer"),
        ("[true,false,null]", "[boolean, boolean, null]"),
        ("[1,… 9,999 more]", "[integer, … 9,999 more]"),
        ('{"a":[… 3 inside]}', "{key of 1 character: [… 3 inside]}"),
        ("[1]\n… 1,234 bytes in all", "[integer]\n… 1,234 bytes in all"),
        ("", ""),
    ],
)
def test_what_becomes_of_a_sample(told, expected):
    """Types and lengths in place of texts, keys and numbers; what was left out is still said."""
    assert expected == shape(told)


@pytest.mark.parametrize("told", ["secret", '{"a":secret}', "[secret]", '"not ended', "… secret more", "[1]\nsecret"])
def test_what_is_no_sample_becomes_empty(told):
    """A file that was changed by hand tells nothing either."""
    assert "" == shape(told)


def test_an_escape_that_json_lacks_is_counted_as_it_stands():
    """A sample that was changed by hand raises nothing."""
    assert "string of 2 characters" == shape(r'"\q"')


@given(VALUES)
def test_no_word_and_no_number_stays(value):
    """Of any message; and the shape of a shape is itself."""
    made = shape(sample(spool.encode(value)))
    assert made
    assert made == shape(made)
    left = re.sub(r"(?:key|string) of [\d,]+ characters?|… [\d,]+ (?:more|inside|bytes in all)", "", made)
    assert "" == re.sub(r"integer|number|boolean|null|[\[\]{}:, \n]", "", left)
