"""The reader of a user's own class reads every attribute that there is, and nothing that is not there."""

from __future__ import annotations

from collections import Counter, deque

import pytest

import own_classes
from own_classes import Box, Everything, Item, Node, Order, Point, Status, Unresolved, everything
from serbench.worker.own_objects import attributes, leaves, reader, walk


class Spy:
    """Counts what is asked of objects, by class and attribute."""

    def __init__(self, monkeypatch, *kinds):
        self.seen = Counter()
        for kind in kinds:
            monkeypatch.setattr(kind, "__getattribute__", self._counting(kind), raising=False)

    def _counting(self, kind):
        def get(value, name):
            if name in attributes(kind):
                self.seen[kind.__name__, name] += 1
            return object.__getattribute__(value, name)

        return get


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (Order, ("id", "created", "status", "items", "note")),
        (own_classes.ModelOrder, ("id", "created", "status", "items", "note")),
        (own_classes.PydanticOrder, ("id", "created", "status", "items", "note")),
        (own_classes.StructOrder, ("id", "created", "status", "items", "note")),
        (own_classes.AttrsOrder, ("id", "created", "status", "items", "note")),
        (Point, ("x", "y")),
        (Status, ()),
        (dict, ()),
        (tuple, ()),
    ],
)
def test_the_fields_of_every_sort_of_class_are_known(kind, names):
    """And a class without fields has none."""
    assert names == attributes(kind)


def test_leaves_are_told_with_their_paths():
    """Containers that JSON has not are told as well, and items of one list have one path."""
    value = Node(1, [Node(2), Node(3)])
    assert [("value", 1), ("children[].value", 2), ("children[].value", 3)] == list(leaves(value))
    assert [("x.*", 1), ("y", {2}), ("y[]", 2)] == list(leaves(Point({"k": 1}, {2})))


KINDS = (Everything, Item, Node, Box)


@pytest.mark.parametrize("read", [reader(Everything), walk], ids=["generated", "walked"])
def test_every_attribute_is_read_once_wherever_it_stands(monkeypatch, read):
    """Below options, tuples, sets, maps, recursive and generic classes, wrappers, and what is not annotated."""
    value = everything()
    wanted = Counter()

    def count(part):
        if names := attributes(type(part)):
            for name in names:
                wanted[type(part).__name__, name] += 1
                count(getattr(part, name))
        elif isinstance(part, dict):
            for item in part.values():
                count(item)
        elif isinstance(part, list | tuple | set | deque):
            for item in part:
                count(item)

    count(value)
    spy = Spy(monkeypatch, *KINDS)
    assert read(value) is None
    assert {key: n for key, n in wanted.items() if key[0] != "Point"} == spy.seen


def test_the_other_options_of_a_union_are_read_too(monkeypatch):
    """By what stands there: a record of either class, a text, nothing."""
    read = reader(Everything)
    spy = Spy(monkeypatch, Item, Node)
    for either, name in ((Item("a", 1), "Item"), (Node(1), "Node"), ("text", ""), (None, "")):
        value = everything()
        value.either = either
        spy.seen.clear()
        read(value)
        before = sum(n for (kind, _), n in spy.seen.items() if kind == name)
        value.either = None
        spy.seen.clear()
        read(value)
        assert before - sum(n for (kind, _), n in spy.seen.items() if kind == name) == (2 if name else 0)


def test_annotations_that_cannot_be_looked_up_are_walked(monkeypatch):
    """As those are that stand under TYPE_CHECKING."""
    read = reader(Unresolved)
    spy = Spy(monkeypatch, Item)
    read(Unresolved(Item("a", 1), [Item("b", 2), Item("c", 3)]))
    assert {("Item", "sku"): 3, ("Item", "price"): 3} == spy.seen


def test_a_class_that_holds_itself_may_be_deep():
    """It is read by a function that calls itself."""
    node = Node(0)
    for value in range(1, 300):
        node = Node(value, [node])
    assert reader(Node)(node) is None
