"""Values for tests of schemas."""

from __future__ import annotations

from hypothesis import strategies as st

_LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
JSON_VALUES = st.recursive(
    _LEAVES,
    lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=4), part, max_size=4),
    max_leaves=20,
)
"""What a JSON document can hold."""

_KEYS = st.text(max_size=4) | st.integers() | st.sampled_from(["$bytes", "$tuple", "$", "$map"])
_PLAIN_LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(codec=None)) | st.binary()
)
PLAIN_VALUES = st.recursive(
    _PLAIN_LEAVES,
    lambda part: (
        st.lists(part, max_size=4) | st.lists(part, max_size=3).map(tuple) | st.dictionaries(_KEYS, part, max_size=4)
    ),
    max_leaves=20,
)
"""What an instance can hold: bytes, tuples, numbers that JSON lacks, lone surrogates, other keys than strings."""
