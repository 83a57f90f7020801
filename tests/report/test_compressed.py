from __future__ import annotations

from dataclasses import replace

import fakes
from serbench.records.cases import Status
from serbench.records.passes import Compressed, EncodedBytes
from serbench.report.compressed import compressed_sizes


def under(method: str, level: int, size: float) -> Compressed:
    """What a message takes under a compressor."""
    sizes = EncodedBytes(mean=size, median=size, min=round(size), max=round(size))
    return Compressed(method=method, level=level, messages=64, bytes_per_message=sizes, ns_per_message=1_000.0)


SIZES = (under("none", 0, 1_000), under("gzip", 6, 400), under("zstd", 3, 380.5))


def test_sizes_are_those_of_every_case_of_a_codec_and_payload():
    """One measurement of the run holds them; cases of other operations, and those without numbers, have them too."""
    decode, encode, dump = (fakes.case("orjson", operation=name) for name in ("decode", "encode", "dump"))
    run = fakes.run(
        [
            replace(fakes.measured(decode, ()), sizes=SIZES),
            fakes.measured(encode, ()),
            fakes.unmeasured(dump, Status.FAILED, "died"),
        ]
    )
    found = compressed_sizes(run)
    assert [decode.id, encode.id, dump.id] == [sizes.case_id for sizes in found]
    assert [{"gzip level 6": 400, "zstd level 3": 380.5}] * 3 == [sizes.median_bytes for sizes in found]


def test_codecs_and_payloads_have_their_own():
    """Another codec's messages and another payload's are not these."""
    cases = [fakes.case("orjson"), fakes.case("json"), fakes.case("orjson", payload="ping")]
    run = fakes.run([replace(fakes.measured(cases[0], ()), sizes=SIZES), *(fakes.measured(c, ()) for c in cases[1:])])
    assert [cases[0].id] == [sizes.case_id for sizes in compressed_sizes(run)]


def test_a_run_without_the_pass_has_none():
    """Nor has one whose messages were only counted."""
    assert () == compressed_sizes(fakes.order_run())
    only_raw = replace(fakes.measured(fakes.case("orjson"), ()), sizes=SIZES[:1])
    assert () == compressed_sizes(fakes.run([only_raw]))
