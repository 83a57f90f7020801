"""Histograms: batch folding against `record_value`, the rank rule, blobs in and out."""

import base64
import math
import struct
import zlib
from fractions import Fraction

import numpy as np
import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import given
from hypothesis import strategies as st

from serbench.histogram import HIGHEST_NS, SETTINGS, Histogram, ranks

EDGES = sorted(
    {(1 << k) + d for k in range(63) for d in (-2, -1, 0, 1, 2)}
    | {-(1 << 63), (1 << 63) - 1, 60_000_000_000, HIGHEST_NS, HIGHEST_NS + 1}
)
ANY_NS = st.one_of(
    st.integers(0, 3000),
    st.integers(0, 70_000_000_000),
    st.integers(-(1 << 63), (1 << 63) - 1),
    st.sampled_from(EDGES),
)
BATCHES = st.lists(st.lists(ANY_NS, max_size=60), max_size=4)
IN_RANGE = st.lists(st.one_of(st.integers(0, 3000), st.integers(0, HIGHEST_NS)), min_size=1, max_size=60)


def int64(values):
    """An int64 array, as the harness makes it of a worker's buffer."""
    return np.array(values, dtype=np.int64)


def histogram_of(values):
    """A histogram with these values."""
    histogram = Histogram()
    histogram.fold(int64(values))
    return histogram


@given(BATCHES)
def test_fold_is_record_value(batches):
    """Folding batches gives the counts, total, min, max and blob of recording value for value, byte for byte."""
    histogram, reference = Histogram(), HdrHistogram(*SETTINGS)
    refused = [[not reference.record_value(value) for value in batch] for batch in batches]
    assert [sum(batch) for batch in refused] == [histogram.fold(int64(batch)) for batch in batches]
    assert sum(map(sum, refused)) == histogram.overflow
    assert list(reference.counts) == list(histogram._hdr.counts)
    assert (reference.total_count, reference.min_value, reference.max_value) == (
        histogram.total,
        histogram._hdr.min_value,
        histogram._hdr.max_value,
    )
    assert reference.encode().decode() == histogram.encode()


def test_fold_is_record_value_at_every_edge_of_a_bucket():
    """No edge of the layout, up to the last value that has a bucket and beyond, is off by one."""
    for value in EDGES:
        histogram, reference = Histogram(), HdrHistogram(*SETTINGS)
        accepted = reference.record_value(value)
        assert int(not accepted) == histogram.fold(int64([value]))
        assert reference.encode().decode() == histogram.encode()


def test_fold_takes_more_than_one_chunk():
    """A batch longer than the inner chunk is folded whole."""
    samples = np.random.default_rng(1).lognormal(7, 2, 100_001).astype(np.int64)
    reference = HdrHistogram(*SETTINGS)
    for value in samples.tolist():
        reference.record_value(value)
    histogram = Histogram()
    histogram.fold(samples)
    assert reference.encode().decode() == histogram.encode()


def test_a_workers_buffer_is_folded_as_it_came():
    """Little-endian int64 in read-only memory, as a worker sends them; they are left as they were."""
    buffer = np.array([900, 1000, -1], dtype="<i8").tobytes()
    histogram = Histogram()
    assert 1 == histogram.fold(np.frombuffer(buffer, dtype="<i8"))
    assert histogram_of([900, 1000]).encode() == histogram.encode()


def test_zero_is_a_value_and_negative_is_overflow():
    """A clock that did not move gives 0 ns in the first bucket; one that was set back gives an overflow."""
    histogram = Histogram()
    assert 2 == histogram.fold(int64([0, -1, 5, HIGHEST_NS + 1, HIGHEST_NS]))
    assert (3, 2, 0, HIGHEST_NS) == (histogram.total, histogram.overflow, histogram.min, histogram.max)


@given(IN_RANGE, st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_a_percentile_is_the_smallest_value_at_or_below_which_a_share_lies(values, qs):
    """Each percentile is the top of the bucket that holds the sample of rank ceil(q n)."""
    histogram, reference = histogram_of(values), HdrHistogram(*SETTINGS)
    ordered = sorted(values)
    expected = [reference.get_highest_equivalent_value(ordered[int(rank) - 1]) for rank in ranks(qs, len(values))]
    assert expected == histogram.percentiles(qs).tolist()
    assert expected == [histogram.percentile(q) for q in qs]


@given(st.integers(1, 10**6), st.integers(1, 10**9))
def test_ranks_are_exact_for_shares_as_people_write_them(numerator, n):
    """For a share of up to six decimals, the rank is the exact ceiling of q n, however q is rounded as a float."""
    expected = max(1, math.ceil(Fraction(numerator, 10**6) * n))
    assert expected == ranks([numerator / 10**6], n)[0]
    assert expected == ranks([1 - (10**6 - numerator) / 10**6], n)[0]


def test_ranks_of_the_shares_that_rounding_up_gets_wrong():
    """0.07 of 100 and 1 - 1/1000 of 1,000 are 7 and 999, though their products as floats lie above."""
    assert [7, 56, 999, 1] == [
        int(ranks([q], n)[0]) for q, n in ((0.07, 100), (0.56, 100), (1 - 1 / 1000, 1000), (0.0, 9))
    ]


@pytest.mark.parametrize("q", [-0.1, 1.01, 99.0, math.nan])
def test_a_share_outside_0_to_1_is_refused(q):
    """99 for p99 is a mistake that says so."""
    with pytest.raises(ValueError, match="shares in 0 to 1"):
        histogram_of([1]).percentile(q)


def test_an_empty_histogram_has_no_percentile():
    """No number is made up where nothing was recorded; the blob of nothing is read again."""
    empty = Histogram.decode(Histogram().encode())
    assert 0 == empty.total
    for ask in (lambda: empty.percentile(0.5), lambda: empty.min, lambda: empty.max):
        with pytest.raises(ValueError, match="empty histogram"):
            ask()
    assert [[], []] == [part.tolist() for part in empty.values_counts()]


@given(IN_RANGE)
def test_decode_gives_what_was_encoded(values):
    """A blob is read to the same buckets, percentiles, min and max, and written again byte for byte."""
    histogram = histogram_of(values)
    decoded = Histogram.decode(histogram.encode())
    assert histogram.encode() == decoded.encode()
    assert (histogram.total, histogram.min, histogram.max) == (decoded.total, decoded.min, decoded.max)
    assert histogram.percentiles([0, 0.5, 1]).tolist() == decoded.percentiles([0, 0.5, 1]).tolist()
    assert (histogram.min <= min(values), histogram.max >= max(values)) == (True, True)
    assert histogram.max == histogram.percentile(1)


@given(st.lists(IN_RANGE, min_size=1, max_size=4))
def test_merge_is_the_histogram_of_all_samples(parts):
    """Merging blobs gives the counts of one histogram that saw every sample, and the smallest minimum."""
    together = histogram_of([value for part in parts for value in part])
    merged = Histogram.merge(histogram_of(part).encode() for part in parts)
    assert together.encode() == merged.encode()
    assert (together.total, together.min, together.max) == (merged.total, merged.min, merged.max)


def test_counts_are_64_bits():
    """Totals beyond 32 bits survive encoding, decoding and merging."""
    histogram = histogram_of([1000])
    histogram._counts[1000] = histogram._hdr.total_count = 3 << 32
    merged = Histogram.merge([histogram.encode()] * 2)
    assert (6 << 32, 1000) == (merged.total, merged.percentile(0.5))


def test_values_counts_are_the_filled_buckets():
    """Values are the tops of their buckets, ascending, with their counts."""
    values, counts = histogram_of([5, 2048, 5, 2049, 10_000_000]).values_counts()
    assert ([5, 2049, 10_002_431], [2, 2, 1]) == (values.tolist(), counts.tolist())


def v2_blob(varints, settings=SETTINGS, offset=0, cookie=0x1C849313):
    """A blob made by hand."""
    lowest, highest, digits = settings
    payload = struct.pack(">IIIIQQd", cookie, len(varints), offset, digits, lowest, highest, 1.0) + varints
    packed = zlib.compress(payload)
    return base64.b64encode(struct.pack(">II", 0x1C849314, len(packed)) + packed).decode()


def test_a_blob_made_by_hand_is_read():
    """The layout of V2: zig-zag varints, where a negative number is a run of empty buckets."""
    assert [[7], [3]] == [part.tolist() for part in Histogram.decode(v2_blob(bytes([13, 6]))).values_counts()]


@pytest.mark.parametrize(
    "blob",
    [
        "",
        "not base64!",
        "\u00e9",
        "AAAA",
        base64.b64encode(b"x" * 40).decode(),
        histogram_of([1, 2, 3]).encode()[:-4],
        histogram_of([1, 2, 3]).encode() + "AAAA",
        " " + histogram_of([1, 2, 3]).encode(),
        v2_blob(b"\x02", settings=(1, 3_600_000_000_000, 3)),
        v2_blob(b"\x02", settings=(0, 60_000_000_000, 3)),
        v2_blob(b"\x02", settings=(1, 60_000_000_000, 5)),
        v2_blob(b"\x02", offset=7),
        v2_blob(b"\x02", cookie=7),
        v2_blob(b"\x80"),
        v2_blob(b"\x02" * 30_000),
        v2_blob(b"\xff\xff\xff\xff\xff\xff\xff\xff\xff"),
        v2_blob(b"\xfe\xff\xff\xff\xff\xff\xff\xff\x7f" * 4),
    ],
)
def test_a_broken_blob_is_one_clear_error(blob):
    """Whatever is broken (text, envelope, header, counts) is a ValueError that says what was expected."""
    with pytest.raises(ValueError, match=r"histogram"):
        Histogram.decode(blob)


@given(st.integers(0, 200), st.binary(max_size=3))
def test_a_damaged_blob_never_passes_as_another(position, junk):
    """Bytes replaced anywhere in a blob give a ValueError, or the same histogram where nothing was changed."""
    whole = base64.b64decode(histogram_of(range(0, 5000, 7)).encode())
    damaged = whole[:position] + junk + whole[position + len(junk) :]
    try:
        decoded = Histogram.decode(base64.b64encode(damaged).decode())
    except ValueError:
        return
    assert whole == base64.b64decode(decoded.encode())
