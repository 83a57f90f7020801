"""What codecs do with something odd: what follows from their deviations, and what was found of them."""

from __future__ import annotations

import json

import pytest
from inspected import codec, inspection, lines, spots, texts, warned

from serbench.codecs.deviations import RULES, Deviation
from serbench.fidelity import declared, probes, recorded
from serbench.harness import catalogue
from serbench.inspection.carriers import Carriers
from serbench.inspection.oddities import ODDITIES, PROBES, Odd
from serbench.records.fidelity import Fidelity, Outcome, Probed

NOT_OF_FILES = {Deviation.TUPLE_AS_LIST}
"""What no file holds."""


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def handlings(found, oddity):
    """Outcome, codecs and whether they declare it, of an oddity."""
    return [(one.outcome, one.codecs, one.declared) for one in warned(found)[oddity].handlings]


def test_every_oddity_has_its_words_and_real_probes():
    """In the order of the list, which is that of their gravity."""
    assert list(Odd) == list(ODDITIES)
    assert [] == [name for oddity in ODDITIES.values() for name in oddity.probes if name not in PROBES]


@pytest.mark.parametrize("deviation", [one for one in Deviation if one not in NOT_OF_FILES])
def test_every_deviation_is_met_by_an_oddity(deviation):
    """A deviation that is new needs one."""
    like = [PROBES[name] for oddity in ODDITIES.values() for name in oddity.probes]
    assert any(declared.concerned(probe, deviation) for probe in like)


REFUSED = {
    "int-over-64-bits": (Deviation.INT_64_BITS, {"a": 1 << 64}),
    "int-over-63-bits": (Deviation.INT_63_BITS, {"a": 1 << 63}),
    "non-finite": (Deviation.NO_NAN, {"a": float("-inf")}),
    "surrogate": (Deviation.NO_SURROGATES, {"a": "\ud800"}),
    "surrogate-in-key": (Deviation.NO_SURROGATES, {"\ud800": 1}),
    "zero-in-key": (Deviation.NO_ZERO_IN_KEYS, {"\0": 1}),
}


@pytest.mark.parametrize("oddity", REFUSED)
def test_a_codec_that_declares_to_refuse_it_is_named(tmp_path, oddity):
    """And no other; the value next to it is not odd."""
    deviation, message = REFUSED[oddity]
    codecs = [codec("keeps", "TUPLE_AS_LIST"), codec("refuses", deviation), codec("gone", deviation, unavailable="no")]
    found = inspection(lines(tmp_path / "a.ndjson", [{"a": 1}, message]), codecs)
    assert [("refused", ("refuses",), True)] == handlings(found, oddity)
    (one,) = warned(found)[oddity].handlings
    assert (RULES[deviation].words, 2, 2) == (one.words, one.of, found.codecs)
    assert ["line 2"] == [first for _, _, first in spots(found, oddity)]


def test_one_that_changes_it_is_named_as_such(tmp_path):
    """Behind those that refuse it."""
    import cbor2

    path = tmp_path / "a.cbor"
    path.write_bytes(cbor2.dumps({1: b"x"}))
    codecs = [codec("text", "KEYS_AS_STRINGS", "BYTES_AS_BASE64"), codec("none", "STRING_KEYS_ONLY", "NO_BYTES")]
    found = inspection(path, codecs)
    both = [("refused", ("none",), True), ("changed", ("text",), True)]
    assert both == handlings(found, "non-string-key") == handlings(found, "bytes")


def test_what_is_common_is_told_where_a_codec_minds_it(tmp_path):
    """Absent and empty fields and floats are nothing to be warned of otherwise."""
    path = lines(tmp_path / "a.ndjson", [{"a": [], "b": 1.5}, {"b": 2.5}])
    assert {} == warned(inspection(path, [codec("keeps")]))
    found = inspection(path, [codec("a", "EMPTY_AS_ABSENT"), codec("b", "ABSENT_AS_NULL"), codec("c", "FLOAT32")])
    assert {"absent": ("b",), "empty-or-absent": ("a",), "float": ("c",)} == {
        name: one.handlings[0].codecs for name, one in warned(found).items()
    }
    assert all(one.common for one in found.warnings)
    assert [("$.a", 1, "")] == spots(found, "absent") == spots(found, "empty-or-absent")


def test_what_fidelity_has_found_is_told_of_those_that_declare_nothing(tmp_path):
    """As far as it was kept; what they declare is told as such."""
    info = codec("found", source="serbench.codecs.found")
    probed = {name: Probed(probe=name, outcome=Outcome.EXACT) for name in (probe.name for probe in probes.PROBES)}
    probed["negative-zero"] = Probed(probe="negative-zero", outcome=Outcome.CHANGED, words="0")
    probed["over-64-bits"] = Probed(probe="over-64-bits", outcome=Outcome.REFUSED, words="OverflowError: too big")
    recorded.keep(info, Fidelity(codec="found", probed=tuple(probed.values())))
    path = texts(tmp_path / "a.ndjson", [json.dumps({"a": -0.0, "b": 1 << 70})])
    found = inspection(path, [info, codec("other", "INT_64_BITS")])
    assert [("changed", ("found",), False)] == handlings(found, "negative-zero")
    both = [("refused", ("other",), True), ("refused", ("found",), False)]
    assert both == handlings(found, "int-over-64-bits")
    assert [2, 1] == [one.of for one in warned(found)["int-over-64-bits"].handlings]


def test_a_codec_is_told_once(tmp_path):
    """That it refuses before that it changes, and what it declares before what was found of it."""
    info = codec("both", "INT_SUBCLASS", "INT_63_BITS", source="serbench.codecs.both")
    probed = {probe.name: Probed(probe=probe.name, outcome=Outcome.EXACT) for probe in probes.PROBES}
    probed["over-63-bits"] = Probed(probe="over-63-bits", outcome=Outcome.CRASHED, words="killed")
    recorded.keep(info, Fidelity(codec="both", probed=tuple(probed.values())))
    found = inspection(lines(tmp_path / "a.ndjson", [1 << 63]), [info])
    assert [("refused", ("both",), True)] == handlings(found, "int-over-63-bits")
    assert [("changed", ("both",), True)] == handlings(found, "int-over-53-bits")


def test_empty_lists_and_maps_are_told_where_they_could_be_absent(tmp_path):
    """Where others are null, where others lack the field, and of maps; not where the field is always there."""
    maps = [{"m": {f"k{n}": 1 for n in range(300)}}, {"m": {f"l{n}": 1 for n in range(300)}}, {"m": {}}]
    made = [{"n": []}, {"n": None, "o": []}, {"n": [1]}, {"n": [], "i": [[]]}]
    codecs = [codec("c", "EMPTY_AS_ABSENT")]
    found = inspection(lines(tmp_path / "a.ndjson", made), codecs)
    assert [("$.n", 2, ""), ("$.o", 1, "")] == spots(found, "empty-or-absent")
    assert {} == warned(inspection(lines(tmp_path / "b.ndjson", maps), codecs))
    found = inspection(lines(tmp_path / "c.ndjson", [*maps, {}]), codecs)
    assert [("$.m", 1, "")] == spots(found, "empty-or-absent")


def test_the_place_with_most_of_it_is_first(tmp_path):
    """Whatever the order in the messages."""
    found = inspection(lines(tmp_path / "a.ndjson", [{"a": 1 << 60, "b": [1 << 60] * 3, "c": [1 << 60] * 2}]))
    assert ["$.b[]", "$.c[]", "$.a"] == [path for path, _, _ in spots(found, "int-over-53-bits")]


def test_real_codecs_are_named_as_they_declare():
    """Each that declares to refuse integers beyond 64 bits, in its order in the catalogue."""
    codecs = catalogue.catalogue()
    (refused, *_) = Carriers(codecs).handlings(("over-64-bits",))
    declaring = tuple(info.name for info in codecs if "INT_64_BITS" in info.deviations and not info.unavailable)
    assert declaring == refused.codecs
    assert "orjson" in declaring


@pytest.mark.parametrize(
    ("messages", "oddity", "words"),
    [
        ([1, "a", None], "mixed-types", "1 string, 1 integer"),
        ([[1], {"a": 1}, [2]], "mixed-types", "2 lists, 1 object"),
        ([1, True, 1.5], "mixed-types", "1 integer, 1 float, 1 boolean"),
        ([1, 1.5, 2], "int-and-float", "2 integers, 1 float"),
    ],
)
def test_several_types_in_one_place_are_told(tmp_path, messages, oddity, words):
    """With how many there are of each; null is none of them."""
    found = inspection(lines(tmp_path / "a.ndjson", messages))
    (spot,) = warned(found)[oddity].spots
    assert ("$", words, "") == (spot.path, spot.words, spot.first)
    assert {oddity} == warned(found).keys()


@pytest.mark.parametrize(
    ("edge", "odd"),
    [
        (1 << 53, set()),
        (-(1 << 53) - 1, {"int-over-53-bits"}),
        ((1 << 63) - 1, {"int-over-53-bits"}),
        (1 << 63, {"int-over-53-bits", "int-over-63-bits"}),
        ((1 << 64) - 1, {"int-over-53-bits", "int-over-63-bits"}),
        (1 << 64, {"int-over-53-bits", "int-over-64-bits"}),
        (-(1 << 63) - 1, {"int-over-53-bits", "int-over-64-bits"}),
        (-0.0, {"negative-zero"}),
        (0.0, set()),
        ("\0", {"zero-in-text"}),
        ("é", set()),
    ],
)
def test_what_is_odd_begins_where_it_says(tmp_path, edge, odd):
    """To the last integer."""
    assert odd == warned(inspection(lines(tmp_path / "a.ndjson", [{"a": [edge]}]))).keys()


def test_null_in_a_field_is_not_null_elsewhere(tmp_path):
    """What has no null can leave out a field, and no item, entry or message."""
    found = inspection(lines(tmp_path / "a.ndjson", [{"a": None, "l": [None, 1]}]), [codec("c", "NO_NULL")])
    assert [("$.a", 1, "line 1")] == spots(found, "null")
    assert [("$.l[]", 1, "line 1")] == spots(found, "loose-null")
    found = inspection(lines(tmp_path / "b.ndjson", [{f"k{n}": None} for n in range(300)]), [codec("c", "NO_NULL")])
    assert [("$.*", 300, "line 1")] == spots(found, "loose-null")
    found = inspection(lines(tmp_path / "c.ndjson", [None]), [codec("c", "NO_NULL")])
    assert [("$", 1, "line 1")] == spots(found, "loose-null")
