"""Every codec carries every generated payload, or says why not."""

from __future__ import annotations

import pytest
from codec_samples import exact

from serbench import registry
from serbench.codecs.deviations import Deviation, expected, refusal
from serbench.payloads import instances
from serbench.schema.reader import compile_reader, source
from serbench.worker.verify import unread_leaf

CODECS = {codec.name: codec for module in registry.sources("codecs") for codec in registry.load(module).CODECS}


@pytest.mark.parametrize("module", registry.sources("payloads"))
@pytest.mark.parametrize("codec", CODECS.values(), ids=CODECS)
def test_generated_payloads_are_carried_by_every_codec(codec, module):
    """No payload of the house is refused; its instances come back as declared and `read` leaves no leaf out."""
    for generated in registry.load(module).PAYLOADS:
        payload = instances.make(generated, seed=1, count=2)[0].payload
        assert refusal(payload, codec.deviations) is None
        bound = codec.bind(payload)
        root, text = payload.schema.root, Deviation.BYTES_AS_BASE64 in codec.deviations
        code = source(payload.schema, access=bound.access, base64_text=text)
        for instance in payload.instances:
            encoded = bound.source(bytes(bound.encode(bound.build(instance))))
            must = expected(instance, root, codec.deviations)
            assert exact(must) == exact(bound.convert(bound.decode(encoded)))
            missed, _ = unread_leaf(
                lambda decode, code=code: compile_reader(code, decode), bound.decode, encoded, must, payload.schema
            )
            assert missed == ""
