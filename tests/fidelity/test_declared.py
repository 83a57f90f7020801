"""Whether an outcome agrees with what a codec declares."""

from __future__ import annotations

import math

import pytest

from serbench.codecs.deviations import Deviation
from serbench.fidelity.declared import disagreement
from serbench.fidelity.probes import BY_NAME, nested
from serbench.records.fidelity import Outcome

D = Deviation
EXACT, CHANGED, REFUSED = Outcome.EXACT, Outcome.CHANGED, Outcome.REFUSED


class Wide(int):
    """An integer of a library's own."""


def odds(probe, outcome, back=None, *declared, shape=False):
    """What is at odds, of a probe by its name."""
    back = BY_NAME[probe].make() if outcome is EXACT else back
    return disagreement(BY_NAME[probe], frozenset(declared), outcome, back, shape=shape)


@pytest.mark.parametrize(
    ("probe", "outcome", "back", "declared"),
    [
        ("nan", EXACT, None, ()),
        ("nan", CHANGED, {"v": None}, (D.NO_NAN,)),
        ("nan", REFUSED, None, (D.NO_NAN,)),
        ("nan-bits", CHANGED, {"v": math.nan}, ()),
        ("tuple", CHANGED, {"v": [1, 2]}, (D.TUPLE_AS_LIST,)),
        ("over-53-bits", CHANGED, {"v": Wide((1 << 53) + 1)}, (D.INT_SUBCLASS,)),
        ("key-order", CHANGED, {"v": {"a": 2, "b": 3, "c": 1}}, ()),
        ("key-twice", CHANGED, {"v": {"key-1": 1}}, ()),
        ("set", CHANGED, {"v": [1, 2]}, ()),
        ("deep-1000", REFUSED, None, ()),
        ("other-keys", REFUSED, None, ()),
        ("deep-90", REFUSED, None, ()),
        ("long-text", REFUSED, None, ()),
        ("none", Outcome.CRASHED, None, ()),
        ("none", Outcome.UNTRIED, None, ()),
    ],
)
def test_what_is_declared_or_is_beyond_declaring_is_no_news(probe, outcome, back, declared):
    """Declared changes and refusals, the order of keys, bits of NaNs, depth, objects, and what was tampered with."""
    assert "" == odds(probe, outcome, back, *declared)


@pytest.mark.parametrize(
    ("probe", "outcome", "back", "declared", "words"),
    [
        ("nan", EXACT, None, (D.NO_NAN,), "NO_NAN is declared, yet it came back as it was"),
        ("nan", CHANGED, {"v": None}, (), "not declared"),
        ("nan", REFUSED, None, (D.NO_NULL,), "no declared deviation refuses it"),
        ("tuple", EXACT, None, (D.TUPLE_AS_LIST,), "TUPLE_AS_LIST promises another value"),
        ("tuple", CHANGED, {"v": [2, 1]}, (D.TUPLE_AS_LIST, D.FLOAT32), "TUPLE_AS_LIST promises another value"),
        ("deep-90", CHANGED, {"v": nested(89)}, (), "not declared"),
        ("absent", CHANGED, {"v": None}, (), "not declared"),
        ("over-53-bits", CHANGED, {"v": Wide((1 << 53) + 1)}, (), "not declared"),
        ("over-53-bits", CHANGED, {"v": Wide(1 << 53)}, (D.INT_SUBCLASS,), "not declared"),
    ],
)
def test_what_is_not_declared_is_told(probe, outcome, back, declared, words):
    """And what is declared and does not happen."""
    assert words == odds(probe, outcome, back, *declared)


def test_a_shape_may_be_refused_before_any_call():
    """No deviation is about shapes."""
    assert "" == odds("mixed-list", REFUSED, shape=True)
    assert "no declared deviation refuses it" == odds("mixed-list", REFUSED)
