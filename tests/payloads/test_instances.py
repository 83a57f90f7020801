"""How many instances a run rotates over, and what it is told about them."""

from __future__ import annotations

import itertools
import json

import pytest

from serbench.payloads import instances
from serbench.payloads.base import Generated
from serbench.records.cases import PayloadInfo
from serbench.schema.types import Scalar, Schema, record

SCHEMA = Schema("Text", record("Text", text=Scalar.STRING))


def texts(length: int, name: str = "texts") -> Generated:
    """A payload whose instances are that many bytes of JSON."""

    def generate(rng):
        while True:
            yield {"text": f"{rng.getrandbits(64):016x}".ljust(length - len('{"text":""}'), "x")}

    return Generated(name=name, title="Texts", origin="tests", traits=("text",), schema=SCHEMA, generate=generate)


@pytest.mark.parametrize(
    ("length", "expected"),
    [(100, 1024), (7_812, 1024), (8_000, 1000), (8_001, 999), (500_000, 16), (1_000_000, 8), (3_000_000, 8)],
)
def test_as_many_instances_as_fit_8_mb(length, expected):
    """8 MB of compact JSON, at least 8 and at most 1,024."""
    packed, info = instances.make(texts(length), seed=1)
    assert expected == info.instances == len(packed.payload.instances)
    assert expected * length == info.bytes_as_json == packed.json_bytes


@pytest.mark.parametrize("count", [1, 5, 2000])
def test_a_number_that_is_asked_for_is_taken(count):
    """`--instances` decides, above and below what would be taken otherwise."""
    assert count == instances.make(texts(30), seed=1, count=count)[1].instances


def test_more_instances_begin_with_the_fewer():
    """The first instances are the same however many are taken."""
    few = instances.make(texts(30), seed=1, count=3)[0].payload.instances
    assert list(few) == list(instances.make(texts(30), seed=1)[0].payload.instances[:3])


def test_seed_and_name_decide():
    """The same seed gives the same message; another seed, and another payload of the same generator, gives others."""
    digests = [
        instances.make(texts(30, name), seed=seed, count=3)[1].digest
        for name, seed in (("texts", 1), ("texts", 1), ("texts", 2), ("others", 1))
    ]
    assert digests[0] == digests[1]
    assert len(set(digests)) == 3


def test_info_says_what_a_run_needs_to_know():
    """Name, title, digest, number and size of the instances, that they were generated, and the first of them."""
    packed, info = instances.make(texts(30), seed=1, count=2)
    expected = PayloadInfo(
        name="texts",
        title="Texts",
        digest=packed.payload.digest,
        instances=2,
        bytes_as_json=60,
        origin="generated",
        sample=packed.encoded[0].line.decode(),
    )
    assert expected == info


def test_no_instance_is_generated_that_is_not_looked_at():
    """A stream is followed as far as it is needed, since it has no end."""
    stream = itertools.count()
    encoded = (instances.spool.encode(number) for number in stream)
    assert [0, 1, 2] == [one.instance for one in instances.taken(encoded, 3)]
    assert next(stream) == 3


def test_written_instances_are_the_generated_ones(tmp_path):
    """The file that workers read has these instances."""
    packed, _ = instances.make(texts(30), seed=1, count=2)
    packed.write(tmp_path / "texts.ndjson")
    lines = (tmp_path / "texts.ndjson").read_text(encoding="utf-8").splitlines()[1:]
    assert list(packed.payload.instances) == [json.loads(line) for line in lines]
