"""Whether a batch is enough of a rotation over messages that are not alike."""

from dataclasses import replace

import pytest

import fakes
from serbench.records.passes import EncodedBytes
from serbench.records.run import Measurement
from serbench.statistics.rotation import incomplete
from serbench.statistics.summary import summarise


def measured(batch: int, longest: float) -> Measurement:
    """Six workers with four batches of so many calls each; the longest message is so many times the mean."""
    worker = replace(fakes.worker([900] * 30, [950.0] * 4), batch_calls=4 * batch)
    made = fakes.measured(fakes.case("json", conditions=replace(fakes.CONDITIONS, instances=60)), (worker,) * 6)
    return replace(made, encoded_bytes=EncodedBytes(mean=1_000.0, median=20.0, min=10, max=round(1_000 * longest)))


@pytest.mark.parametrize(
    ("batch", "longest", "named"),
    [
        (14, 10.3, True),
        (59, 12.0, True),
        (60, 12.0, False),  # the whole rotation
        (59, 11.0, False),  # five of the longest would have room
        (2, 1.9, False),  # messages that are alike
    ],
)
def test_a_batch_of_few_unlike_messages_is_told(batch, longest, named):
    """With the figures and what to do."""
    found = incomplete(measured(batch, longest))
    assert named is (found is not None)
    if found:
        assert found.name == "rotation-incomplete"
        assert f"A batch met {batch}.0 of 60 messages, the longest of which is {longest} times the mean" in found.text


def test_it_stands_with_the_case():
    """Among its cautions; a case without sizes or batches has none."""
    made = measured(14, 10.3)
    assert "rotation-incomplete" in [caution.name for caution in summarise(made).cautions]
    assert incomplete(replace(made, encoded_bytes=None)) is None
    assert incomplete(replace(made, workers=())) is None
