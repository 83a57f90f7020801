"""Every built-in codec passes `serbench codec check`, with small messages; those not installed are skipped."""

import pytest

from serbench.conformance import check, words
from serbench.conformance.parts import CHECKS
from serbench.harness import catalogue

BUILT_IN = [info for info in catalogue.catalogue() if info.source.startswith(catalogue.OWN)]

@pytest.mark.parametrize("info", BUILT_IN, ids=[info.name for info in BUILT_IN])
def test_a_built_in_codec_passes(info):
    """All checks."""
    if info.unavailable:
        pytest.skip(info.unavailable)
    found = check.check(info, [one.name for one in CHECKS], large=False)
    assert found.passed, words.text([found])
