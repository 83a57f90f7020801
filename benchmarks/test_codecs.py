"""The default suite's cases for users of pytest-benchmark: the same codecs and payloads, made ready by the same `bind`.

    pytest benchmarks/                              # a table per payload and operation
    pytest benchmarks/ -k 'order and decode'

One instance again and again, because that is what pytest-benchmark does: compare with `serbench run --instances 1`.
Every case is verified first, as in `serbench run`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from serbench import registry, suites
from serbench.payloads import catalogue, instances
from serbench.worker.subject import Subject

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

    from serbench.codecs.base import Codec
    from serbench.schema.payload import Payload

SUITE = suites.load("default")
SECONDS_PER_CASE = 0.25
CASES = [(c, p, o) for p in SUITE.payloads for o in SUITE.operations for c in SUITE.codecs]


@cache
def codec(name: str) -> Codec:
    """The codec of that name."""
    found: Codec = next(plug for plug in registry.plug_ins("codecs") if plug.name == name)
    return found


@cache
def payload(name: str) -> Payload:
    """One instance of that payload, the first of seed 1."""
    pack, _ = instances.make(catalogue.get(name), seed=1, count=1)
    return pack.payload


@cache
def subject(codec_name: str, payload_name: str) -> Subject:
    """The codec made ready for the payload, and verified."""
    ready = Subject(codec(codec_name), payload(payload_name), at=lambda *_: None)
    ready.verify(seconds=1.0)
    return ready


@pytest.mark.parametrize(("codec_name", "payload_name", "operation"), CASES, ids=["/".join(case) for case in CASES])
def test_codec(benchmark: BenchmarkFixture, codec_name: str, payload_name: str, operation: Any) -> None:
    """One case: the library's own callable on one argument."""
    call, rotation = subject(codec_name, payload_name).timed(operation)
    (argument,) = rotation.take(1)
    benchmark.group = f"{payload_name}/{operation}"
    benchmark.extra_info["case"] = f"{codec_name}/{payload_name}/{operation}?n=1"
    benchmark._max_time = SECONDS_PER_CASE  # noqa: SLF001 - what @pytest.mark.benchmark(max_time=...) sets
    benchmark(call, argument)
