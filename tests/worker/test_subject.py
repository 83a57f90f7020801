"""A codec made ready for a payload: what it is held to, and what is timed of it."""

from __future__ import annotations

import math
import pickle
import sys
from array import array
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest

import fake_codecs
from fake_codecs import AS_OBJECTS, INSTANCES, SCHEMA, Fake, pickled
from serbench.codecs.base import Bound
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload
from serbench.records.cases import Operation
from serbench.schema.spool import payload_of
from serbench.schema.types import Field, List, Record, Scalar, Schema, record
from serbench.worker import python_sampler, sampler, subject
from serbench.worker.subject import Incorrect, Subject

CODECS = {codec.name: codec for codec in fake_codecs.CODECS}
PAYLOAD = payload_of("note", SCHEMA, INSTANCES)
COUNT = len(INSTANCES)
PICKLES = [pickle.dumps(instance) for instance in INSTANCES]
SOUND = [codec.name for codec in fake_codecs.SOUND if codec.name not in {"chatters", "counts", "watches"}]
PLENTY = 1e6
SAMPLERS = [python_sampler, *({sampler.load()} - {python_sampler})]


def made(codec, payload=PAYLOAD, steps=None, **options):
    """A subject; `steps` receives what it says of where it is."""
    return Subject(codec, payload, lambda step, i: None if steps is None else steps.append((step, i)), **options)


def named(name, steps=None):
    """The subject of a fake codec."""
    return made(CODECS[name], steps=steps)


@pytest.fixture
def clock(monkeypatch):
    """The clock of a subject's limits, which moves by a second at each reading."""
    seconds = iter(range(10**6))
    monkeypatch.setattr(subject, "monotonic", lambda: next(seconds))


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_codec_passes(name):
    """All instances come back as they must, and the reader leaves nothing out."""
    sound = named(name)
    assert COUNT == sound.verify(PLENTY)
    assert sound.verify_read(PLENTY) is None


def test_what_is_done_is_told_before_it_is_done():
    """Every step of every instance, so that a watcher knows where a crash was."""
    steps = []
    every = range(COUNT)
    sound = named("sound", steps)
    made_ready = [("bind", None), *((step, i) for step in ("build", "encode", "source") for i in every)]
    assert made_ready == steps
    steps.clear()
    sound.verify(PLENTY)
    assert [("decode", i) for i in every] == steps
    steps.clear()
    sound.verify_read(PLENTY)
    assert [("read", i) for i in every] == sorted(steps)


@pytest.mark.parametrize(
    ("step", "told"),
    [("build", ("build", 0)), ("encode", ("encode", 0)), ("source", ("source", 0)), ("decode", ("decode", 0))],
)
def test_what_a_codec_raises_comes_out_of_its_step(step, told):
    """Nothing that a codec raises is swallowed, and the last step that was told is the one that raised."""
    steps = []

    def fail(_):
        raise ZeroDivisionError

    codec = Fake(name="fails", make=pickled(**{step: fail}), model="typed")
    with pytest.raises(ZeroDivisionError):
        made(codec, steps=steps).verify(PLENTY)
    assert told == steps[-1]


def test_a_payload_that_a_deviation_refuses_is_not_bound():
    """What a codec says it cannot carry it is not asked to carry."""
    steps = []
    codec = Fake(name="no-bytes", make=lambda _: pytest.fail("bound"), deviations=frozenset({Deviation.NO_NULL}))
    nulls = payload_of("note", SCHEMA, [INSTANCES[0], INSTANCES[0] | {"note": None}])
    with pytest.raises(UnsupportedPayload, match=r"^instance 1: note: null is not carried \(NO_NULL\)$"):
        made(codec, nulls, steps)
    assert [] == steps


def test_a_payload_that_bind_refuses_is_refused():
    """The codec's own words come out."""
    with pytest.raises(UnsupportedPayload, match=r"^price: prices are not for it$"):
        named("refuses")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("builds", "the codec's model is plain, but its build or convert is not the identity"),
        ("converts", "the codec's model is plain, but its build or convert is not the identity"),
        ("text", "encode returned str, which is no bytes-like object"),
    ],
)
def test_a_broken_contract_is_incorrect(name, reason):
    """A plain codec builds and converts nothing, and an encoder gives bytes."""
    with pytest.raises(Incorrect) as raised:
        named(name)
    assert reason == str(raised.value)


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, lambda data: array("B", data)])
def test_any_bytes_like_object_is_encoded(kind):
    """Whatever buffer an encoder returns, decode is handed bytes of the same content."""
    codec = Fake(name="buffers", make=pickled(encode=lambda value: kind(pickle.dumps(value))))
    buffers = made(codec)
    assert COUNT == buffers.verify(PLENTY)
    assert PICKLES == buffers.timed(Operation.DECODE)[1]


@pytest.mark.parametrize("encoded", [7, [1, 2], None])
def test_what_is_no_buffer_is_not_made_one(encoded):
    """A number is no length of zeros, and a list of numbers is no bytes."""
    codec = Fake(name="numbers", make=pickled(encode=lambda _: encoded))
    with pytest.raises(Incorrect, match=f"encode returned {type(encoded).__name__}, which is no bytes-like object"):
        made(codec)


LIES = {
    "drops": "instance 0: price: missing",
    "adds": "instance 0: extra: not in what went in",
    "floats": "instance 0: id: expected 0 (int), got 0.0 (float)",
    "undeclared": "instance 0: pair: expected (0, 1) (tuple), got [0, 1] (list)",
    "declared": "instance 0: pair: expected [0, 1] (list), got (0, 1) (tuple)",
    "shortens": "instance 0: pair: expected 2 items, got 1",
    "late": "instance 3: price: expected 3.5 (float), got 3.0 (float)",
}


@pytest.mark.parametrize("name", LIES)
def test_what_comes_back_otherwise_is_incorrect(name):
    """The first instance and the path of the first difference stand in the reason."""
    with pytest.raises(Incorrect) as raised:
        named(name).verify(PLENTY)
    assert LIES[name] == str(raised.value)


def test_what_convert_makes_is_what_came_back():
    """A typed codec's plain value is held against what went in, not its object."""
    codec = Fake(name="halves", make=pickled(**AS_OBJECTS | {"convert": lambda v: {"id": v.id}}), model="typed")
    with pytest.raises(Incorrect, match="instance 0: price: missing"):
        made(codec).verify(PLENTY)


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("seconds", "verified"), [(0, 1), (1.5, 2), (3.5, 4), (COUNT - 0.5, COUNT)])
def test_verification_ends_with_its_time(seconds, verified):
    """The first instance is verified in any case, then as many as the time allows; how many is told."""
    steps = []
    sound = named("sound", steps)
    steps.clear()
    assert verified == sound.verify(seconds)
    assert [("decode", i) for i in range(verified)] == steps


@pytest.mark.usefixtures("clock")
def test_a_lie_beyond_what_was_verified_is_not_seen():
    """Verification in part says how far it came, and nothing of the rest."""
    assert 3 == named("late").verify(2.5)
    with pytest.raises(Incorrect, match="instance 3"):
        named("late").verify(3.5)


def test_a_reader_that_leaves_out_a_leaf_is_incorrect():
    """The instance and the path stand in the reason; instances are taken spread evenly, so the middle comes early."""
    with pytest.raises(Incorrect, match=r"^instance 0: read left out price$"):
        named("skims").verify_read(PLENTY)
    steps = []
    skips = Fake(name="skips", make=pickled(read=lambda v: v["id"] == 4 or [list(v.values()), *v["pair"]]))
    late = made(skips, steps=steps)
    steps.clear()
    with pytest.raises(Incorrect, match=r"^instance 4: read left out price$"):
        late.verify_read(PLENTY)
    assert [("read", 0), ("read", 4)] == steps


@pytest.mark.usefixtures("clock")
@pytest.mark.parametrize(("seconds", "read"), [(0, 1), (1.5, 2), (2.5, 3)])
def test_the_proof_of_reading_ends_with_its_time(seconds, read):
    """The reader is proved on one instance in any case."""
    steps = []
    sound = named("sound", steps)
    steps.clear()
    sound.verify_read(seconds)
    assert read == len(steps)


def test_the_proof_of_reading_ends_with_enough_leaves(monkeypatch):
    """Instances of five leaves and of four: eight are reached with the second."""
    monkeypatch.setattr(subject, "READ_CHECK_LEAVES", 8)
    steps = []
    sound = named("sound", steps)
    steps.clear()
    sound.verify_read(PLENTY)
    assert [("read", 0), ("read", 4)] == steps


def test_base64_text_is_decoded_by_the_reader_that_is_timed():
    """Where bytes come back as text, reading them is decoding them, in the proof and in the timed call alike."""
    blob = Schema("Blob", record("Blob", data=List(Scalar.BYTES)))
    text = Fake(
        name="text",
        make=lambda _: Bound(encode=lambda _: b"", decode=lambda _: {"data": ["x"]}),
        deviations=frozenset({Deviation.BYTES_AS_BASE64}),
    )
    payload = payload_of("blob", blob, [{"data": [b"x"]}])
    with pytest.raises(Incorrect, match=r"data\[0\]: expected 'eA==' \(str\), got 'x' \(str\)"):
        made(text, payload).verify(PLENTY)
    call, (data,) = made(text, payload).timed(Operation.READ)
    with pytest.raises(ValueError, match="base64"):
        call(data)


def test_the_timed_callable_is_the_librarys_own():
    """No frame is charged where a codec builds and converts nothing."""
    sound = named("sound")
    calls = [sound.timed(Operation(name))[0] for name in ("encode", "dump", "decode", "load")]
    assert [pickle.dumps, pickle.dumps, pickle.loads, pickle.loads] == calls


def test_dump_and_load_of_objects_have_both_steps():
    """Building the object is part of dump, converting it part of load; encode and decode are the library's alone."""
    objects = named("objects")
    encode, own = objects.timed(Operation.ENCODE)
    dump, plain = objects.timed(Operation.DUMP)
    assert encode is pickle.dumps
    assert [SimpleNamespace(**{"note": None} | instance) for instance in INSTANCES] == own
    assert all(one is instance for one, instance in zip(plain, PAYLOAD.instances, strict=True))
    assert own == [pickle.loads(dump(instance)) for instance in plain]
    decode, data = objects.timed(Operation.DECODE)
    load, same = objects.timed(Operation.LOAD)
    assert decode is pickle.loads
    assert data == same
    assert INSTANCES == [load(each) for each in same]


@pytest.mark.parametrize("sampler", SAMPLERS, ids=lambda sampler: sampler.NAME)
def test_a_chain_is_the_samplers(sampler):
    """Two steps, and a reader behind decode, go through the sampler that measures them, in this order."""
    seen = []
    steps = AS_OBJECTS | {"read": seen.append}
    own = made(Fake(name="own", model="typed", make=pickled(**steps)), chain=sampler.chain)
    load, inputs = own.timed(Operation.LOAD)
    assert type(load) is type(sampler.chain(len, len))
    assert INSTANCES == [load(data) for data in inputs]
    read, _ = own.timed(Operation.READ)
    assert read(inputs[1]) is None
    assert [SimpleNamespace(**{"note": None} | INSTANCES[1])] == seen


def test_a_heap_is_of_decoded_instances():
    """As many objects of the codec's own as are asked for, in turn, each a new one, and each step is told."""
    steps = []
    objects = named("objects", steps)
    steps.clear()
    heap = list(objects.heap(COUNT + 2))
    expected = [SimpleNamespace(**{"note": None} | instance) for instance in [*INSTANCES, *INSTANCES[:2]]]
    assert expected == heap
    assert len(heap) == len(set(map(id, heap)))
    assert [("decode", i % COUNT) for i in range(COUNT + 2)] == steps


def test_names_of_fields_are_interned_as_in_a_program_that_reads_them():
    """Whether or not anything here reads: a decoder that interns keys finds all of them, at any depth."""
    names = ["".join(f"unheard of {n}") for n in range(2)]  # made here, so that no code has them
    inner = Record("Inner", (Field(name=names[1], type=Scalar.INT32, number=1),))
    outer = Schema("odd", Record("Outer", (Field(name=names[0], type=inner, number=1),)))
    odd = made(CODECS["sound"], payload_of("odd", outer, [{names[0]: {names[1]: 1}}]))
    for n in range(2):
        again = "".join(f"unheard of {n}")
        assert again is not sys.intern(again)
    assert 1 == odd.verify(PLENTY)


def test_what_was_encoded_is_there_for_others():
    """Every instance as bytes, in order."""
    assert PICKLES == list(named("views").encoded)


def test_one_step_alone_is_no_chain():
    """Where only one of two steps does something, it is the timed callable itself."""
    codec = Fake(name="half", make=pickled(convert=dict), model="typed")
    half = made(codec)
    assert half.timed(Operation.DUMP)[0] is pickle.dumps
    assert INSTANCES[0] == half.timed(Operation.LOAD)[0](PICKLES[0])


def test_decode_is_handed_what_source_made():
    """What `source` does is done once and is not timed."""
    views = named("views").timed(Operation.DECODE)[1]
    assert {memoryview} == set(map(type, views))
    assert PICKLES == list(map(bytes, views))


@pytest.mark.parametrize("name", ["sound", "objects", "reads", "views"])
def test_the_timed_reader_decodes_and_reads(name):
    """It takes what decode takes, and gives nothing back."""
    call, inputs = named(name).timed(Operation.READ)
    assert [None] * COUNT == [call(data) for data in inputs]


def test_a_reader_of_its_own_is_handed_the_decoded_object():
    """A codec's own reader is what is timed, around its decode."""
    seen = []
    codec = Fake(name="own", make=pickled(read=seen.append))
    call, inputs = made(codec).timed(Operation.READ)
    call(inputs[0])
    assert INSTANCES[:1] == seen


def test_encoded_sizes():
    """Median, least and most over all instances, in bytes."""
    codec = Fake(name="sizes", make=lambda _: Bound(encode=lambda v: bytes(v["id"] ** 2), decode=len))
    assert {"mean": 13, "median": 9, "min": 0, "max": 36} == made(codec).encoded_bytes()
    assert {"mean": 12.5, "median": 12.5, "min": 9, "max": 16} == made(
        codec, payload_of("two", SCHEMA, INSTANCES[3:5])
    ).encoded_bytes()


@pytest.mark.parametrize(
    ("count", "order"), [(1, [0]), (2, [0, 1]), (5, [0, 3, 2, 4, 1]), (8, [0, 4, 2, 6, 1, 3, 5, 7])]
)
def test_a_spread_takes_the_middle_first(count, order):
    """However early it ends, what was taken is spread over the whole."""
    assert order == subject._spread(count)


@pytest.mark.parametrize("count", [3, 7, 100, 1000, 1024])
def test_a_spread_takes_everything_once(count):
    """Every index comes once, and the first few are far apart."""
    order = subject._spread(count)
    assert list(range(count)) == sorted(order)
    for taken in (2, 4):
        first = sorted(order[:taken]) if taken <= count else []
        assert all(after - before >= count // (2 * taken) for before, after in pairwise(first))


def test_a_nan_comes_back_as_a_nan():
    """A payload of values that are not equal to themselves can be verified."""
    nan = payload_of("nan", SCHEMA, [INSTANCES[0] | {"price": math.nan}])
    assert 1 == made(CODECS["sound"], nan).verify(PLENTY)


@pytest.mark.usefixtures("clock")
def test_what_is_not_ready_in_time_is_left_out():
    """Half of the time is for building, all of it for encoding; operations rotate over what is ready."""
    short = made(Fake(name="slow", model="typed", make=pickled(**AS_OBJECTS)), seconds=8)
    assert 4 == short.ready
    assert 4 == len(short._objects) == len(short._encoded)
    for operation in Operation:
        assert 4 == len(short.timed(operation)[1])
    assert INSTANCES[:4] == list(short.timed(Operation.DUMP)[1])
    assert 4 == short.verify(PLENTY)


@pytest.mark.usefixtures("clock")
def test_one_instance_is_always_ready():
    """However short the time is."""
    assert 1 == made(CODECS["sound"], seconds=0).ready


def changing(value):
    """Encodes a value and takes something out of it."""
    data = pickle.dumps(value)
    value.pop("price")
    return data


def test_an_encoder_that_changes_what_it_is_handed_is_incorrect():
    """What it is verified against would have changed as well."""
    payload = payload_of("note", SCHEMA, [dict(instance) for instance in INSTANCES])
    words = "instance 0: building or encoding it changed the value that was handed over"
    with pytest.raises(Incorrect, match=f"^{words}$"):
        made(Fake(name="changes", make=pickled(encode=changing)), payload, watch=True)


def altered(alter):
    """Makes a bind that does something to the payload's instances first."""

    def bind(payload):
        alter(payload.instances)
        return pickled()(payload)

    return bind


@pytest.mark.parametrize(
    ("index", "alter"),
    [
        (0, lambda instances: [instance.pop("price") for instance in instances]),
        (COUNT - 1, lambda instances: instances[-1].pop("price")),
        (1, lambda instances: instances[1].update(price=object())),
    ],
    ids=["a-key-of-each", "a-key-of-one", "no-plain-value"],
)
def test_a_bind_that_changes_the_messages_is_incorrect(index, alter):
    """All that comes back would be held against what it has left of them, and its bytes would be the fewest."""
    payload = payload_of("note", SCHEMA, [dict(instance) for instance in INSTANCES])
    words = f"instance {index}: bind changed the value that was handed over"
    with pytest.raises(Incorrect, match=f"^{words}$"):
        made(Fake(name="takes", make=altered(alter)), payload, watch=True)


def keeping():
    """Binds a codec whose bytes are the place of an object that it keeps."""
    kept = []

    def encode(value):
        kept.append(value)
        return str(len(kept) - 1).encode()

    return lambda _: Bound(encode=encode, decode=lambda data: kept[int(data)])


def test_an_object_that_never_left_is_incorrect():
    """Bytes that say nothing are found out here by what comes back being what went in."""
    with pytest.raises(Incorrect, match=r"^instance 0: what came back is the very object that was encoded$"):
        made(Fake(name="keeps", make=keeping())).verify(PLENTY)


def test_bytes_carry_the_message_to_another_process():
    """What another process encoded must decode here before anything is encoded: memory does not help."""
    assert COUNT == made(CODECS["sound"], foreign=made(CODECS["sound"]).encoded).ready
    other = r"^instance 0, encoded by another process: "
    with pytest.raises(Incorrect, match=other + "decoding raised IndexError: list index out of range$"):
        made(Fake(name="keeps", make=keeping()), foreign=[b"0"])
    with pytest.raises(Incorrect, match=other + r"id: expected 0 \(int\), got 1 \(int\)$"):
        made(CODECS["sound"], foreign=[pickle.dumps(INSTANCES[1])])


def test_what_another_process_encoded_is_not_encoded_again():
    """The first instance is, which proves the encoder here; as many are ready as were encoded there."""
    seen = []
    sound = CODECS["sound"]

    def counting(payload):
        bound = sound.bind(payload)
        return replace(bound, encode=lambda value: (seen.append(value), bound.encode(value))[1])

    there = made(sound).encoded
    here = made(Fake(name="counts", make=counting), foreign=there[:5])
    assert [INSTANCES[0]] == seen
    assert list(there[:5]) == list(here.encoded)
    call, arguments = here.timed(Operation.DECODE)
    assert INSTANCES[:5] == [call(data) for data in arguments]
    assert 5 == len(here.timed(Operation.ENCODE)[1])
    late = made(sound, foreign=there, seconds=0.0)
    assert (1, 1) == (late.ready, len(late.timed(Operation.DECODE)[1]))


@pytest.mark.parametrize(
    ("bound", "reason"),
    [
        (None, "bind returned NoneType, which is no Bound"),
        (Bound(encode=pickle.dumps, decode=pickle.loads, access="foo"), "its access is 'foo', which is none of item,"),
    ],
)
def test_what_bind_returns_is_looked_at(bound, reason):
    """Before anything is called."""
    with pytest.raises(Incorrect, match=f"^{reason}"):
        made(Fake(name="binds", make=lambda _: bound))


def test_a_huge_instance_is_read_in_part(monkeypatch):
    """Its reader is proved on a thinner one, made by the same codec, and a leaf that is left out is found there too."""
    monkeypatch.setattr(subject, "READ_CHECK_LEAVES", 100)
    schema = Schema("Big", record("Big", rows=List(List(Scalar.INT64)), last=Scalar.STRING))
    payload = payload_of("big", schema, [{"rows": [list(range(50))] * 50, "last": "x"}])
    seen = []

    def reads(value):
        seen.append(sum(1 for row in value["rows"] for _ in row))
        if len(seen) > 1:
            value["last"]

    with pytest.raises(Incorrect, match=r"^instance 0: read left out last$"):
        made(Fake(name="skims", make=pickled(read=reads)), payload).verify_read(PLENTY)
    made(Fake(name="reads", make=pickled(read=reads)), payload).verify_read(PLENTY)
    assert all(0 < leaves <= 100 for leaves in seen)
