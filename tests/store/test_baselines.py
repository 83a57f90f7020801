"""Baselines on disk: what is written, what is read, and what every violation is told."""

from __future__ import annotations

import copy
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import fakes
from serbench.errors import BadRunFile, CannotWrite, NoBaseline, UnusableFile
from serbench.gate.baseline import baseline_of
from serbench.records.cases import Conditions, Status
from serbench.records.run import Measurement
from serbench.store import case_ids, files
from serbench.store.baselines import from_bytes, json_schema, load, save, to_text

ROOT = Path(__file__).parents[2]


def small():
    """A measured case, one that is the same as it, and a failed one of a payload with a name from outside."""
    encode, dump = (fakes.case("json", operation=name) for name in ("encode", "dump"))
    load_ = fakes.case("orjson", "a/b?", "load", Conditions(gc="off", instances=1, instances_default=False))
    measurements = [
        replace(fakes.measured(encode, fakes.even_workers(2_000, workers=2, calls=20)), instructions=12_345.5),
        Measurement(case=dump, status=Status.MEASURED, same_as=encode.id),
        fakes.unmeasured(load_, Status.FAILED, "the worker died: SIGSEGV"),
    ]
    return baseline_of(
        fakes.run(measurements, codecs=[fakes.codec("json"), fakes.codec("orjson", distribution="orjson")])
    )


TEXT = to_text(small())


def test_a_baseline_comes_back_as_it_was_written():
    """Nothing is lost or changed on its way to the file and back."""
    for baseline in (small(), baseline_of(fakes.order_run(calls=50)), baseline_of(fakes.run([]))):
        assert baseline == from_bytes(to_text(baseline).encode())


def test_the_file_reads_well_in_a_review():
    """Sorted keys, a value a line, no host, no user, no command; what does not apply is absent."""
    expected = """\
    "json/order/encode": {
      "encoded_bytes": {"max": 1200, "mean": 1000.0, "median": 1000.0, "min": 900},
      "instructions": 12345.5,
      "p50": {"calls": 40, "high": 1985.0, "low": 1965.0, "ns": 1985.0, "workers": 2},
      "status": "measured",
      "typical": {"calls": 1000, "high": 2010.0, "low": 1990.0, "ns": 2000.0, "workers": 2}
    },
    "orjson/a%2Fb%3F/load?gc=off&n=1": {
      "reason": "the worker died: SIGSEGV",
      "status": "failed"
    }
  },
"""
    assert expected in TEXT
    assert '  "payloads": {\n    "a/b?": {\n      "digest": "a/b?-digest",\n      "instances": 64\n    },\n' in TEXT
    assert TEXT.endswith('  "run": "20260102T030405Z-1a2b",\n  "serbench": "0.1.0"\n}\n')
    whole = json.loads(TEXT)
    assert list(whole) == sorted(whole)
    assert {"same_as": "json/order/encode", "status": "measured"} == whole["entries"]["json/order/dump"]
    assert "command" not in TEXT
    assert "git" not in TEXT


def test_the_same_baseline_is_the_same_text():
    """In whatever order its parts were measured."""
    base = small()
    turned = replace(
        base,
        entries=dict(reversed(base.entries.items())),
        machine=dict(reversed(base.machine.items())),
        codecs=dict(reversed(base.codecs.items())),
    )
    assert TEXT == to_text(turned)


def test_saved_and_loaded(tmp_path):
    """Folders are made, and the one before is replaced."""
    path = tmp_path / "benchmarks" / "baselines" / "main.json"
    assert path == save(baseline_of(fakes.run([])), path)
    save(small(), path)
    assert TEXT == path.read_text()
    assert small() == load(path)
    assert ["main.json"] == [entry.name for entry in path.parent.iterdir()]


def test_text_that_utf8_cannot_carry_does_not_lose_the_baseline(tmp_path):
    """It is written with backslashes; the file can be read."""
    case = fakes.case("json", "caf\udce9")
    path = save(baseline_of(fakes.run([fakes.unmeasured(case, Status.FAILED, "no \udce9")])), tmp_path / "b.json")
    made = load(path)
    assert ["caf\\udce9"] == list(made.payloads)
    assert [("caf\\udce9", "no \\udce9")] == [(entry.payload, entry.reason) for entry in made.entries.values()]


def test_a_run_is_taken_for_what_it_is(tmp_path):
    """By its file or its folder: whoever asked can make a baseline of it."""
    run = fakes.order_run(calls=50, workers=2)
    path = files.save(run, tmp_path)
    assert run == load(path)
    assert run == load(tmp_path)
    with pytest.raises(BadRunFile, match=r"^a run, and no baseline; make one of it with serbench baseline save$"):
        from_bytes(path.read_bytes())


def test_where_nothing_is_there_is_no_baseline(tmp_path):
    """The first run has none: the line says what to do, and it is no mistake of the command."""
    for path in (tmp_path / "main.json", tmp_path / "no" / "main.json"):
        with pytest.raises(NoBaseline) as caught:
            load(path)
        assert str(caught.value).startswith(f"{path}: no baseline is there; make one with serbench baseline save, or ")
        assert 4 == caught.value.exit_code


def test_a_folder_without_a_run(tmp_path):
    """It was named, and is not what it should be."""
    with pytest.raises(UnusableFile) as caught:
        load(tmp_path)
    words = "no such file or directory; expected a baseline, a run.json or a folder that holds one"
    assert f"{tmp_path / 'run.json'}: {words}" == str(caught.value)


def test_a_file_that_cannot_be_opened(tmp_path):
    """A link that leads to itself is there and is nothing."""
    (tmp_path / "loop.json").symlink_to("loop.json")
    with pytest.raises((UnusableFile, NoBaseline), match=r"loop\.json: "):
        load(tmp_path / "loop.json")


def test_a_place_that_cannot_be_written(tmp_path):
    """The folder cannot be made, or something is in the way."""
    (tmp_path / "taken").write_text("")
    with pytest.raises(CannotWrite, match=r"taken: cannot be made, .*; choose another place"):
        save(small(), tmp_path / "taken" / "main.json")
    (tmp_path / "folder").mkdir()
    with pytest.raises(CannotWrite, match="folder: cannot be written"):
        save(small(), tmp_path / "folder")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty, no baseline; save it again with serbench baseline save"),
        (TEXT.encode()[:-20], "truncated or no JSON: Input data was truncated; save it again"),
        (b"\xff\xfe", "truncated or no JSON: "),
        (b'{"format": "caf\xe9"}', "truncated or no JSON: "),
        (b"[" * 100_000, "truncated or no JSON: "),
        (b"[]", "no baseline and no run of serbench: its format is neither serbench.baseline/1 nor serbench.run/..."),
        (b'{"format": 3}', "no baseline and no run of serbench: "),
        (b'{"benchmarks": []}', "no baseline and no run of serbench: "),
        (b'{"format": "serbench.baseline/0"}', "no baseline and no run of serbench: "),
        (
            b'{"format": "serbench.baseline/2"}',
            "written by a newer serbench: serbench.baseline/2, this one reads up to serbench.baseline/1; upgrade ",
        ),
        (b'{"format": "serbench.run/99"}', "written by a newer serbench: serbench.run/99, this one reads up to "),
        (b'{"format": "serbench.baseline/1"}', "not a valid baseline: Object missing required field `serbench`; save "),
    ],
)
def test_what_is_no_baseline_is_one_line(tmp_path, data, told):
    """It begins with the file; exit code 4."""
    path = tmp_path / "main.json"
    path.write_bytes(data)
    with pytest.raises(BadRunFile) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}: {told}")
    assert "\n" not in str(caught.value)
    assert 4 == caught.value.exit_code


ENCODE = ("entries", "json/order/encode")
DUMP = ("entries", "json/order/dump")
LOAD = ("entries", "orjson/a%2Fb%3F/load?gc=off&n=1")
NO_TARGET = (
    "not a case of this baseline that ended alike and has its own numbers - at `$.entries['json/order/dump'].same_as`"
)
ORDER = "not 0 < low <= ns <= high - at `$.entries['json/order/encode'].typical`"
REASON = "a reason is given where, and only where, it was not measured - at `$.entries["


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        (("colour",), "red", "Object contains unknown field `colour`"),
        (("created",), "yesterday", "at `$.created`"),
        (("fingerprint",), "ABC", "at `$.fingerprint`"),
        (("fingerprint",), "0" * 12, "not that of $.machine - at `$.fingerprint`"),
        (("machine", "cores"), "64", "not that of $.machine - at `$.fingerprint`"),
        (("machine", "cores"), 64, "Expected `str`, got `int` - at `$.machine[...]`"),
        (("codecs", "json", "model"), "lazy", "Invalid enum value 'lazy' - at `$.codecs[...].model`"),
        (("codecs",), {}, "'json' is none of $.codecs - at `$.entries['json/order/dump']`"),
        (("payloads",), {}, "'order' is none of $.payloads - at `$.entries['json/order/dump']`"),
        (("payloads", "order", "digest"), "", "Expected `str` of length >= 1"),
        ((*ENCODE, "status"), "done", "Invalid enum value 'done'"),
        ((*ENCODE, "reason"), "slow", f"{REASON}'json/order/encode']`"),
        ((*LOAD, "status"), "measured", f"{REASON}'orjson/a%2Fb%3F/load?gc=off&n=1']`"),
        ((*ENCODE, "instructions"), -1, "Expected `float` >= 0.0"),
        ((*ENCODE, "instructions"), None, "got `null`"),
        ((*ENCODE, "peak_bytes"), 1e300, "Expected `float` <= 1e"),
        ((*ENCODE, "typical", "low"), 0, ORDER),
        ((*ENCODE, "typical", "low"), 2_001, ORDER),
        ((*ENCODE, "typical", "high"), 1_999, ORDER),
        ((*ENCODE, "typical", "depth"), 1, "unknown field `depth`"),
        ((*DUMP, "same_as"), "json/order/read", NO_TARGET),
        ((*DUMP, "same_as"), "json/order/dump", NO_TARGET),
        ((*DUMP, "same_as"), "orjson/a%2Fb%3F/load?gc=off&n=1", NO_TARGET),
        (
            (*DUMP, "instructions"),
            5,
            "a case that is the same as another has no numbers - at `$.entries['json/order/dump']`",
        ),
        (("entries", "json/order"), {"status": "measured"}, "not the id of a case - at `$.entries['json/order']`"),
        (("entries", ""), {"status": "measured"}, "not the id of a case - at `$.entries['']`"),
        (
            ("entries", "json/order/parse"),
            {"status": "measured"},
            "not the id of a case - at `$.entries['json/order/parse']`",
        ),
        (("entries", "json/o%72der/read"), {"status": "measured"}, "not the id of a case"),
    ],
)
def test_a_violation_is_told_with_its_place(path, value, told):
    """And with what to do."""
    whole = json.loads(TEXT)
    at = whole
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    with pytest.raises(BadRunFile) as caught:
        from_bytes(json.dumps(whole).encode())
    assert str(caught.value).startswith("not a valid baseline: ")
    assert f"{told}; save it again with serbench baseline save" in str(caught.value) or told in str(caught.value)


def places(value, path=()):
    """Every path in a document."""
    yield path
    if isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))


WHOLE = json.loads(TEXT)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(path=st.sampled_from([place for place in places(WHOLE) if place]), value=JSON)
def test_whatever_stands_anywhere_is_read_or_refused(path, value):
    """One error for everything that can be wrong; what is read can be written and read again."""
    whole = copy.deepcopy(WHOLE)
    at = whole
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    try:
        made = from_bytes(json.dumps(whole).encode())
    except BadRunFile:
        return
    assert made == from_bytes(to_text(made).encode())


@given(cut=st.integers(0, len(TEXT) - 3), data=st.binary(max_size=3))
def test_a_torn_file_is_refused(cut, data):
    """Wherever it ends, and whatever follows there."""
    torn = TEXT.encode()[:cut] + data
    if torn.strip() != TEXT.encode().strip():
        with pytest.raises(BadRunFile):
            from_bytes(torn)


def test_the_published_schema_is_that_of_the_code():
    """docs/baseline.schema.json; to write it again: see the message of the failure."""
    how = "from serbench.store.baselines import json_schema; print(json_schema(), end='')"
    assert (ROOT / "docs" / "baseline.schema.json").read_text() == json_schema(), how


def test_a_baseline_is_small():
    """The default suite has 75 cases, each with four times: some 60 kB, and not the megabytes of a run."""
    run = fakes.order_run(calls=2_000)
    assert len(to_text(baseline_of(run))) < 1_000 * len(run.measurements)


def test_its_permissions_are_those_of_other_files(tmp_path):
    """It is to be committed."""
    path = save(small(), tmp_path / "main.json")
    (tmp_path / "other").write_text("")
    assert (tmp_path / "other").stat().st_mode == path.stat().st_mode


@pytest.mark.parametrize(
    "conditions",
    ["n=abc", "threads=1e9", "n=0", "", "n=8&", "n=8&gc=off", "gc=on", "heap=1.5", "colour=red", "n=8&n=8"],
)
def test_an_id_with_conditions_that_no_case_has_is_refused(conditions):
    """They would be asked for again."""
    text = TEXT.replace("load?gc=off&n=1", f"load?{conditions}")
    with pytest.raises(BadRunFile, match="not the id of a case"):
        from_bytes(text.encode())


@given(
    st.builds(
        Conditions,
        gc=st.sampled_from(["on", "off", "frozen"]),
        instances=st.integers(1, 100_000),
        instances_default=st.booleans(),
        heap_objects=st.integers(0, 1_000_000),
        threads=st.integers(1, 256),
    ),
    st.text(min_size=1).filter(lambda text: text.isprintable()),
)
def test_every_id_of_a_case_is_one(conditions, payload):
    """Whatever it is measured under and whatever its names are."""
    case = fakes.case("json", payload, "load", conditions)
    assert ("json", payload, "load") == case_ids.parts(case.id)


def test_a_key_that_comes_twice_is_refused():
    """A merge gone wrong has such: one of the two would be taken without a word."""
    text = TEXT.replace('"instructions": 12345.5,', '"instructions": 12345.5, "instructions": 1.5,')
    with pytest.raises(BadRunFile, match=r"the key 'instructions' comes twice in one object - at `\$`; save it again"):
        from_bytes(text.encode())


def test_what_is_no_regular_file_is_refused(tmp_path):
    """Nobody may ever write to a pipe, and a device may never end."""
    os.mkfifo(tmp_path / "pipe.json")
    for place in (tmp_path / "pipe.json", Path("/dev/null")):
        with pytest.raises(UnusableFile, match=": not a regular file; expected a baseline"):
            load(place)
