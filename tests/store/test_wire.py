"""`run.json`: what is written, what is read, and what every violation is told."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import fakes
from serbench.errors import BadRunFile
from serbench.records.cases import Caution, Conditions, Status
from serbench.records.passes import Memory, Spread
from serbench.records.run import Measurement
from serbench.store.wire import from_wire, json_schema, to_wire

ROOT = Path(__file__).parents[2]


def small_run():
    """A measured case, one that is the same as it, a skipped and a failed one."""
    encode, dump, load = (fakes.case("json", operation=name) for name in ("encode", "dump", "load"))
    return fakes.run(
        [
            fakes.measured(encode, (fakes.worker([900, 1000, 1100], [950, 960]),)),
            Measurement(case=dump, status=Status.MEASURED, same_as=encode.id),
            fakes.unmeasured(load, Status.FAILED, "the worker died: SIGSEGV"),
            fakes.unmeasured(fakes.case("msgpack", "chat"), Status.SKIPPED, "it carries no NaN, at items[].price"),
        ]
    )


def document():
    """The small run as parsed JSON."""
    return json.loads(to_wire(small_run()))


def test_a_run_comes_back_as_it_was_written():
    """Nothing of a run is lost or changed on its way to the file and back."""
    run = fakes.order_run(calls=50, workers=2)
    assert run == from_wire(to_wire(run))


def test_every_field_at_its_rarer_value_comes_back():
    """Fields that are absent from most files are carried where they apply."""
    asked = Conditions(gc="frozen", instances=1, instances_default=False, heap_objects=7, threads=2)
    caution = Caution(name="warm-up-capped", text="It did not settle. Give it longer.")
    case = fakes.case("json", conditions=asked)
    measurement = replace(fakes.measured(case, (fakes.worker([5], [5.5], overflow=3),)), warnings=(caution,))
    about = replace(fakes.codec("json"), version="", native="", unavailable="gone", warnings=(caution,))
    environment = replace(fakes.ENVIRONMENT, git={})
    payload = replace(fakes.payload(), sample='{"a":"b…"}\n… 9 bytes in all')
    run = fakes.run(
        [measurement], codecs=[about], payloads=[payload], suite="", timing={}, complete=False, environment=environment
    )
    assert run == from_wire(to_wire(run))


def test_what_does_not_apply_is_absent():
    """No key is null or empty text: a case without numbers has none of their keys."""
    whole = document()
    assert "serbench.run/1" == whole["format"]
    _, same, failed, _ = whole["measurements"]
    conditions = {"gc": "on", "heap_objects": 0, "threads": 1, "instances": 64}
    case = {"codec": "json", "payload": "order", "conditions": conditions}
    assert {
        "case": {"id": "json/order/dump", "operation": "dump", **case},
        "status": "measured",
        "same_as": "json/order/encode",
    } == same
    assert {
        "case": {"id": "json/order/load", "operation": "load", **case},
        "status": "failed",
        "reason": "the worker died: SIGSEGV",
    } == failed
    assert "distribution" not in whole["codecs"][0]
    assert "sample" not in whole["payloads"][0]


def test_a_run_without_a_sample_is_read():
    """Runs of an earlier serbench have none."""
    (payload, _) = from_wire(json.dumps(document()).encode()).payloads
    assert "" == payload.sample


def test_that_nothing_was_varied_is_written():
    """Off is recorded as off; runs of an earlier serbench, which could not vary, say nothing and are read as off."""
    old = document()
    run = from_wire(json.dumps(old).encode())
    assert [0, 0] == [payload.varied for payload in run.payloads]
    varied = replace(run, payloads=(replace(run.payloads[0], varied=63), run.payloads[1]))
    for made, counts in ((run, [0, 0]), (varied, [63, 0])):
        assert counts == [payload["varied"] for payload in json.loads(to_wire(made))["payloads"]]
        assert made == from_wire(to_wire(made))
    for payload in old["payloads"]:
        payload.pop("varied", None)
    assert run == from_wire(json.dumps(old).encode())


def test_memory_without_new_bytes_comes_back():
    """Where the system does not tell them."""
    spread = Spread(median=2.0, min=1, max=3)
    run = small_run()
    memory = Memory(
        calls=3,
        peak_bytes=spread,
        live_bytes=spread,
        resident_growth_bytes=-1,
        resident_calls=3,
        tracked_per_result=1.0,
        heap_objects=3,
        full_collection_ns=900,
    )
    whole = replace(run, measurements=(replace(run.measurements[0], memory=memory), *run.measurements[1:]))
    assert "new_bytes" not in json.loads(to_wire(whole))["measurements"][0]["memory"]
    assert whole == from_wire(to_wire(whole))


def test_text_that_utf8_cannot_carry_does_not_lose_the_run():
    """A file name with bytes that are no UTF-8 is written with backslashes; all else is as it was."""
    run = replace(small_run(), command=("serbench", "run", "caf\udce9.json"))
    assert replace(run, command=("serbench", "run", "caf\\udce9.json")) == from_wire(to_wire(run))


def put(*path):
    """Sets what is at the path but its last part, which is the value."""

    def change(whole):
        *keys, last, value = path
        for key in keys:
            whole = whole[key]
        whole[last] = value

    return change


def remove(*path):
    """Removes the key at the path."""

    def change(whole):
        *keys, last = path
        for key in keys:
            whole = whole[key]
        del whole[last]

    return change


def repeat(key):
    """Adds the first of a list once more."""
    return lambda whole: whole[key].append(whole[key][0])


def workers_for_the_same(whole):
    """Gives the second case, which is the same as the first, the samples of the first."""
    whole["measurements"][1]["workers"] = whole["measurements"][0]["workers"]


FIRST = ("measurements", 0)
SAME = ("measurements", 1)
WORKER = (*FIRST, "workers", 0)
REASON = "a reason is given where, and only where, a case was not measured"
NO_TARGET = "not a case of this run that has its own results - at `$.measurements[1].same_as`"
OTHER_STATUS = "not the status of the case it is the same as - at `$.measurements[1].status`"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (remove("id"), "Object missing required field `id`"),
        (put("id", ""), "Expected `str` of length >= 1 - at `$.id`"),
        (put("colour", "red"), "Object contains unknown field `colour`"),
        (put("seed", "7"), "Expected `int`, got `str` - at `$.seed`"),
        (put("started", "yesterday"), "at `$.started`"),
        (put("rounds", 0, "n", 0), "Expected `int` >= 1 - at `$.rounds[0].n`"),
        (put(*WORKER, "ns_per_call", [1, -1]), "`float` >= 0.0 - at `$.measurements[0].workers[0].ns_per_call[1]`"),
        (put(*WORKER, "floor", "depth", 1), "unknown field `depth` - at `$.measurements[0].workers[0].floor`"),
        (put(*FIRST, "encoded_bytes", None), "Expected `object`, got `null` - at `$.measurements[0].encoded_bytes`"),
        (
            put(*WORKER, "slow", {"at_ns": [1], "ns": [2], "labels": "go"}),
            "as many times as calls and labels - at `$.measurements[0].workers[0].slow`",
        ),
        (put(*FIRST, "status", "done"), "Invalid enum value 'done' - at `$.measurements[0].status`"),
        (put(*FIRST, "case", "operation", "parse"), "value 'parse' - at `$.measurements[0].case.operation`"),
        (put(*FIRST, "case", "id", "json/order/decode"), "not the id of this case - at `$.measurements[0].case.id`"),
        (repeat("measurements"), "measured twice - at `$.measurements[4].case.id`"),
        (repeat("codecs"), "a second 'json' - at `$.codecs[2].name`"),
        (repeat("payloads"), "a second 'order' - at `$.payloads[2].name`"),
        (put("codecs", 1, "name", "cbor"), "'msgpack' is none of $.codecs - at `$.measurements[3].case.codec`"),
        (put("payloads", 1, "name", "feed"), "'chat' is none of $.payloads - at `$.measurements[3].case.payload`"),
        (put(*FIRST, "reason", "slow"), f"{REASON} - at `$.measurements[0].reason`"),
        (remove("measurements", 2, "reason"), f"{REASON} - at `$.measurements[2].reason`"),
        (put(*SAME, "same_as", "json/order/read"), NO_TARGET),
        (put(*SAME, "same_as", "json/order/dump"), NO_TARGET),
        (put(*SAME, "same_as", "json/order/load"), OTHER_STATUS),
        (workers_for_the_same, "a case that is the same as another has no samples - at `$.measurements[1].workers`"),
        (
            remove(*FIRST, "workers"),
            "a measured case has samples, or what another pass found - at `$.measurements[0].workers`",
        ),
        (put(*WORKER, "histogram", "AAAA"), "at `$.measurements[0].workers[0].histogram`"),
        (put(*WORKER, "calls", 4), "4 calls, but 3 in the histogram - at `$.measurements[0].workers[0].calls`"),
    ],
)
def test_a_violation_is_told_with_its_path(change, told):
    """What is wrong, and where in the JSON, in one line."""
    whole = document()
    change(whole)
    with pytest.raises(BadRunFile) as raised:
        from_wire(json.dumps(whole).encode())
    text = str(raised.value)
    assert text.startswith("not a valid run: ")
    assert told in text
    assert "\n" not in text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty, no run; measure again"),
        (b"\x7fELF\x02\x01", "truncated or no JSON"),
        (b'"\xff"', "truncated or no JSON"),
        (b"[" * 100_000, "truncated or no JSON"),
        (b'{"format": "serbench.run/1", ', "truncated or no JSON"),
        (b'{"machine_info": {}}', "not a run of serbench"),
        (b'{"format": "serbench.run/2"}', "upgrade"),
        (b'{"format": "serbench.run/1", "a\\nb": 1}', "not a valid run"),
    ],
)
def test_what_is_no_run_is_told_in_one_line(data, told):
    """Empty, binary, broken, foreign and newer files are each named for what they are."""
    with pytest.raises(BadRunFile) as raised:
        from_wire(data)
    assert told in str(raised.value)
    assert "\n" not in str(raised.value)


def test_the_published_schema_is_that_of_the_structs():
    """docs/run.schema.json is what the structs say; docs/run-format.md says how to write it again."""
    assert json_schema() == (ROOT / "docs" / "run.schema.json").read_text()
