"""Built-in codecs of every kind pass `serbench codec check`, with small messages.

The others are held to the same by the tests of codecs; a check of each takes seconds.
"""

import pytest

from serbench.conformance import check, words
from serbench.conformance.parts import CHECKS
from serbench.harness import catalogue

KINDS = ("json", "fory")
OTHERS = (
    "msgspec-json-struct",
    "pickle-view",
    "protobuf",
    "capnp",
    "simdjson-lazy",
    "flatbuffers",
    "pyarrow",
    "pydantic",
    "thrift",
)
BUILT_IN = {info.name: info for info in catalogue.catalogue() if info.source.startswith(catalogue.OWN)}


@pytest.mark.parametrize("name", [*KINDS, *(pytest.param(name, marks=pytest.mark.thorough) for name in OTHERS)])
def test_a_built_in_codec_passes(name):
    """All checks; where its library is not installed there is nothing to check."""
    info = BUILT_IN[name]
    if info.unavailable:
        pytest.skip(info.unavailable)
    found = check.check(info, [one.name for one in CHECKS], large=False)
    assert found.passed, words.text([found])
