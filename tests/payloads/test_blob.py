"""Messages of a size that can be asked for, and names that ask for one."""

from __future__ import annotations

from itertools import islice

import pytest

from serbench.choice import words
from serbench.errors import UnknownName, UnusableFile, UsageError
from serbench.payloads import blob, catalogue, instances


def parts(name: str, count: int) -> list[dict]:
    """The first parts of a payload of that name."""
    return list(islice(catalogue.get(name).generate(instances.random_of(name, 1)), count))


@pytest.mark.parametrize(
    ("name", "size"), [("blob", 1 << 18), ("blob-700B", 700), ("blob-3kB", 3_000), ("blob-2MB", 2_000_000)]
)
def test_parts_have_the_size_that_was_asked_for(name, size):
    """All but the last of a file, which ends where the file ends."""
    found = parts(name, 60)
    whole = [part for part in found if part["offset"] + size <= part["total"]]
    assert len(found) > len(whole) > len(found) // 2
    assert {size} == {len(part["data"]) for part in whole}
    assert all(len(part["data"]) == min(size, part["total"] - part["offset"]) for part in found)


def test_the_first_part_is_a_whole_one():
    """So that a run over a single instance is of the size that was asked for."""
    assert {1_000} == {len(parts("blob-1kB", 1)[0]["data"]) for _ in range(5)}


def test_a_payload_of_a_size_is_named_with_it():
    """Runs of different sizes are no cases of one payload."""
    packed, info = instances.make(catalogue.get("blob-50kB"), seed=1, count=2)
    assert ("blob-50kB", "blob-50kB", 2) == (packed.payload.name, info.name, info.instances)


@pytest.mark.parametrize("size", ["0MB", "100", "100mb", "2GB", "99999999999B", "1TB"])
def test_a_size_that_is_none_says_how_it_is_written(size):
    """In one line, and a message is never larger than can be held several times."""
    with pytest.raises(
        UsageError, match=f"payload blob-{size}: write the size as 100MB, in B, kB, MB or GB, up to 1GB"
    ):
        catalogue.get(f"blob-{size}")


def test_a_payload_without_sizes_names_those_that_have_some():
    """Their messages are as large as they are in the wild."""
    with pytest.raises(
        UsageError, match="payload order-1MB: order has no sizes to ask for; name it alone, or take blob"
    ):
        catalogue.get("order-1MB")


def test_a_name_with_a_hyphen_that_asks_for_no_size(tmp_path, monkeypatch):
    """It is unknown, or a file."""
    with pytest.raises(UnknownName, match="unknown payload 'blub-1MB'"):
        catalogue.get("blub-1MB")
    assert ("blob-1MB", "order") == words.payloads(["blob-1MB,order"])
    with pytest.raises(UnusableFile):
        words.payloads(["./blob-1MB"])
    monkeypatch.chdir(tmp_path)
    (tmp_path / "order-1.json").touch()
    assert ("order", "order-1.json") == words.payloads(["order-1.json", "order"])


def test_all_payloads_are_those_of_usual_size():
    """Nobody gets a hundred megabytes who did not ask for them."""
    assert "blob" in words.payloads(["all"])
    assert not [name for name in words.payloads(["all"]) if "-" in name]


def test_the_usual_size_is_that_of_the_module():
    """A quarter of a mebibyte."""
    assert blob.PART_BYTES == len(parts("blob", 1)[0]["data"])
