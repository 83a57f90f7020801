"""What holds for every generated payload of the house."""

from __future__ import annotations

import itertools
from random import Random
from statistics import median

import pytest

from conforming import violations
from serbench import registry
from serbench.payloads import base, catalogue, instances
from serbench.schema import spool
from serbench.schema.payload import Kind
from serbench.schema.types import Record, Union, records_of

KNOWN = catalogue.known()
SIZES = {
    "ping": 60,
    "ticks": 2_000,
    "order": 1_000,
    "chat": 8_000,
    "telemetry": 15_000,
    "inference": 30_000,
    "feed": 60_000,
    "catalog": 500_000,
    "geometry": 300_000,
    "blob": 350_000,
}


class Guaranteed:
    """A source of chance with nothing but what is the same on every Python."""

    def __init__(self, seed: int) -> None:
        rng = Random(seed)
        self.random, self.getrandbits = rng.random, rng.getrandbits


MANY = {name: 100 if size < 100_000 else 4 for name, size in SIZES.items()}
"""Instances that are looked at."""


def first(name: str, n: int, seed: int = 1) -> list:
    """The first n instances of a payload."""
    return list(itertools.islice(KNOWN[name].generate(instances.random_of(name, seed)), n))


def test_there_are_ten_and_each_is_named_after_its_module():
    """A payload's name is its module's, so that one file is one payload."""
    assert sorted(SIZES) == sorted(KNOWN)
    modules = {f"serbench.payloads.{name}" for name in SIZES}
    assert modules <= set(registry.sources("payloads"))
    assert modules == {generated.generate.__module__ for generated in KNOWN.values()}


@pytest.mark.parametrize("name", SIZES)
def test_instances_are_what_the_schema_says(name):
    """Every instance has exactly the types, widths and keys of the schema."""
    schema = KNOWN[name].schema
    found = [violation for instance in first(name, MANY[name]) for violation in violations(instance, schema.root)]
    assert found == []


@pytest.mark.parametrize("name", SIZES)
def test_schemas_are_plain(name):
    """The root is a record and no field is a union, so that every format can carry it."""
    schema = KNOWN[name].schema
    assert isinstance(schema.root, Record)
    assert [field for made in records_of(schema) for field in made.fields if isinstance(field.type, Union)] == []


@pytest.mark.parametrize("name", SIZES)
def test_instances_need_nothing_that_protobuf_lacks(name):
    """No null, no tuple, no odd key and no non-finite number occurs: what is absent is an absent key."""
    kinds = instances.make(KNOWN[name], seed=1, count=MANY[name])[0].payload.kinds
    assert kinds <= {Kind.BYTES, Kind.FLOAT, Kind.INT_OVER_53_BITS}
    assert (Kind.BYTES in kinds) == (name in ("inference", "blob"))


@pytest.mark.parametrize("name", SIZES)
def test_no_optional_list_or_map_is_empty(name):
    """Nothing is lost where a format cannot tell an empty list from an absent one."""

    def empty(value, kind):
        if isinstance(kind, Record):
            for field in kind.fields:
                if field.optional and value.get(field.name) in ([], {}):
                    yield field.name
                elif field.name in value:
                    yield from empty(value[field.name], field.type)
        elif isinstance(value, list | dict):
            for item in value.values() if isinstance(value, dict) else value:
                yield from empty(item, kind.value if isinstance(value, dict) else kind.item)

    assert [key for one in first(name, MANY[name]) for key in empty(one, KNOWN[name].schema.root)] == []


@pytest.mark.parametrize("name", SIZES)
def test_every_optional_field_comes_and_goes(name):
    """A field that may be absent is absent in some instance and there in another, so that both are measured."""
    seen: dict[tuple[str, str], set[bool]] = {}

    def visit(value, kind):
        if isinstance(kind, Record):
            for field in kind.fields:
                if field.optional:
                    seen.setdefault((kind.name, field.name), set()).add(field.name in value)
                if field.name in value:
                    visit(value[field.name], field.type)
        elif isinstance(value, list | dict):
            for item in value.values() if isinstance(value, dict) else value:
                visit(item, kind.value if isinstance(value, dict) else kind.item)

    for instance in first(name, MANY[name]):
        visit(instance, KNOWN[name].schema.root)
    assert [key for key, there in seen.items() if there != {True, False}] == []


@pytest.mark.parametrize("name", SIZES)
def test_sizes_are_as_promised(name):
    """The median instance is within a tenth of its size as compact JSON."""
    sizes = [len(spool.compact_json(one)) for one in first(name, 2 * MANY[name])]
    assert median(sizes) == pytest.approx(SIZES[name], rel=0.1)


@pytest.mark.parametrize("name", SIZES)
def test_the_stream_does_not_depend_on_how_much_of_it_is_taken(name):
    """The first instances are the same however many follow, and they all differ."""
    five = [spool.compact_json(one) for one in first(name, 5)]
    assert five[:3] == [spool.compact_json(one) for one in first(name, 3)]
    assert len(set(five)) == 5


@pytest.mark.parametrize("name", SIZES)
def test_another_seed_gives_other_instances(name):
    """The seed decides what is generated."""
    assert first(name, 3) != first(name, 3, seed=2)


@pytest.mark.parametrize("name", SIZES)
def test_only_guaranteed_chance_is_used(name):
    """Generators draw from `random` and `getrandbits` alone, whose sequences every Python guarantees."""
    assert len(list(itertools.islice(KNOWN[name].generate(Guaranteed(1)), 5))) == 5


@pytest.mark.parametrize("name", SIZES)
def test_generated_payloads_are_described(name):
    """Each says in words what it is, what it is modelled on and what it exercises."""
    generated = KNOWN[name]
    assert isinstance(generated, base.Generated)
    assert all((generated.title, generated.origin, generated.traits, *generated.traits))
