"""Every codec carries every generated payload, or says why not."""

from __future__ import annotations

from functools import partial

import pytest
from codec_samples import exact, exact_after

from serbench import registry
from serbench.codecs.deviations import expected, refusal
from serbench.payloads import instances
from serbench.worker import operations
from serbench.worker.verify import unread_leaf

CODECS = {codec.name: codec for module in registry.sources("codecs") for codec in registry.load(module).CODECS}


@pytest.mark.parametrize("module", registry.sources("payloads"))
@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_generated_payloads_are_carried_by_every_codec(codec, module):
    """No payload of the house is refused; its instances come back as declared and `read` leaves no leaf out."""
    for generated in registry.load(module).PAYLOADS:
        payload = instances.make(generated, seed=1, count=1)[0].payload
        assert refusal(payload, codec.deviations) is None
        bound = codec.bind(payload)
        root = payload.schema.root
        around = partial(_reader, bound, payload, codec.deviations)
        for instance in payload.instances:
            encoded = bound.source(bytes(bound.encode(bound.build(instance))))
            must = expected(instance, root, codec.deviations)
            assert exact(must) == exact_after(codec.deviations, bound.convert(bound.decode(encoded)))
            missed, _ = unread_leaf(around, bound.decode, encoded, must, payload.schema)
            assert missed == ""


def _reader(bound, payload, deviations, decode):
    return operations.reader(bound, payload, deviations, decode, operations.in_python)
