from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from serbench.charts import labels
from serbench.charts.labels import Box

ROOM = Box(0, 0, 400, 200)
positions = st.lists(st.floats(0, 100), min_size=1, max_size=8)


@given(positions)
def test_spread_positions_are_apart_and_in_order(wanted):
    """Neighbours are at least a gap apart, the order is that of what was wanted, and none leaves the room."""
    found = labels.spread(wanted, gap=10, low=0, high=100)
    pairs = sorted(zip(wanted, found, strict=True))
    assert all(b[1] - a[1] >= 10 - 1e-6 for a, b in itertools.pairwise(sorted(pairs, key=lambda p: p[1])))
    assert all(a[1] < b[1] for a, b in itertools.pairwise(pairs) if a[0] < b[0])
    assert min(found) >= -1e-6
    assert max(found) <= 100 + 1e-6


def test_positions_that_are_apart_stay():
    """Where there is room enough, every label stands where it was wanted."""
    assert [50, 10, 30] == labels.spread([50, 10, 30], gap=15, low=0, high=100)


def test_a_cluster_is_spread_around_its_middle():
    """Labels that want one place stand evenly around it: no nearer solution has a gap between all."""
    assert [40, 50, 60] == labels.spread([50, 50, 50], gap=10, low=0, high=100)


def test_too_many_labels_stick_out_above():
    """Where there is no room for all, gaps are kept and the uppermost stand above."""
    assert [0, 10, 20] == labels.spread([1, 1, 1], gap=10, low=0, high=15)


def test_a_lone_label_stands_beside_its_mark():
    """With nothing around, a label begins a little right of its mark, at its height."""
    (box,) = labels.place([(100, 100)], ["orjson"], size=10, room=ROOM)
    assert (109, 100) == (box.left, (box.bottom + box.top) / 2)


def test_a_label_at_the_right_edge_stands_inside():
    """A label that would stick out on the right stands elsewhere, wholly inside."""
    (box,) = labels.place([(395, 100)], ["orjson"], size=10, room=ROOM)
    assert box.area == box.overlap(ROOM)


@given(st.lists(st.tuples(st.integers(20, 380), st.integers(40, 160)), min_size=1, max_size=5, unique=True))
def test_labels_do_not_cover_each_other(points):
    """Labels of a handful of marks, wherever these are, do not overlap."""
    boxes = labels.place(points, ["codec-name"] * len(points), size=10, room=ROOM)
    assert [] == [(a, b) for a, b in itertools.combinations(boxes, 2) if a.overlap(b) > 1]


def test_labels_keep_off_what_is_taken():
    """A label does not stand on what it is told to leave free."""
    line = Box(100, 99, 300, 101)
    (box,) = labels.place([(100, 100)], ["orjson"], size=10, room=ROOM, taken=[line])
    assert 0 == box.overlap(line)


def test_long_names_are_cut():
    """A name longer than a drawing can carry ends in an ellipsis; a short one is itself."""
    assert "msgspec-json-struct" == labels.short("msgspec-json-struct")
    assert labels.LONGEST == len(labels.short("x" * 100))
    assert labels.short("x" * 100).endswith("x\u2026")


def test_a_name_is_one_line_without_control_characters():
    """Line breaks become spaces, and what XML cannot carry its sign."""
    assert "a b \ufffd" == labels.short("a\n  b\t\x01")


def test_wide_letters_count_as_wide():
    """A Chinese letter takes a whole letter's height across; a Latin one less."""
    assert 20 == labels.width("漢字", 10)
    assert 10 < labels.width("ab", 10) < 20
