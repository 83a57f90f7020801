"""Any run that the records can describe survives the wire; any damage to a file is a `BadRunFile` and nothing else."""

import json
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import fakes
from serbench.errors import BadRunFile
from serbench.records.cases import Case, Caution, CodecInfo, Conditions, Operation, PayloadInfo, Status
from serbench.records.passes import EncodedBytes
from serbench.records.run import Environment, Measurement, Run
from serbench.records.samples import Floor, Round
from serbench.store.wire import from_wire, to_wire

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)
COUNTS = st.integers(0, 2**53)
AMOUNTS = st.floats(0, 1e15)
TIMES = st.datetimes().map(lambda time: time.isoformat(timespec="seconds").rjust(19, "0") + "Z")
FACTS = st.dictionaries(
    TEXT,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**63), 2**63) | AMOUNTS | TEXT,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXT, inner, max_size=2),
        max_leaves=4,
    ),
    max_size=3,
)


def several(part, at_most=3):
    """A tuple of parts."""
    return st.lists(part, max_size=at_most).map(tuple)


CAUTIONS = several(st.builds(Caution, name=NAMES, text=TEXT))
FLOORS = st.builds(Floor, ns_per_call=AMOUNTS, batch_ns_per_call=AMOUNTS, clock_step_ns=AMOUNTS, calls=COUNTS)
WORKERS = st.builds(
    lambda samples, **fields: replace(fakes.worker(samples, []), **fields),
    st.lists(st.integers(0, 10**10), max_size=5),
    overflow=COUNTS,
    lead_in=COUNTS,
    warm_up=COUNTS,
    warm_up_ended=st.booleans(),
    ns_per_call=several(AMOUNTS),
    batch_calls=COUNTS,
    floor=FLOORS,
    pair=COUNTS,
    hash_seed=COUNTS,
)
CONDITIONS = st.builds(
    Conditions,
    gc=st.sampled_from(["on", "off", "frozen"]),
    instances=st.integers(1, 1024),
    instances_default=st.booleans(),
    heap_objects=COUNTS,
    threads=st.integers(1, 64),
)
CODECS = st.lists(
    st.builds(
        CodecInfo,
        name=NAMES,
        format=NAMES,
        model=st.sampled_from(["plain", "typed", "message"]),
        distribution=TEXT,
        version=TEXT,
        native=TEXT,
        deviations=several(TEXT),
        source=TEXT,
        unavailable=TEXT,
        warnings=CAUTIONS,
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda codec: codec.name,
)
PAYLOADS = st.lists(
    st.builds(
        PayloadInfo,
        name=NAMES,
        title=TEXT,
        digest=TEXT,
        instances=COUNTS,
        bytes_as_json=COUNTS,
        origin=TEXT,
        sample=TEXT,
        varied=COUNTS,
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda payload: payload.name,
)
ROUNDS = st.builds(Round, n=st.integers(1, 99), wave=COUNTS, started=TIMES, seconds=AMOUNTS, block_seconds=AMOUNTS)
ENVIRONMENTS = st.builds(
    Environment,
    machine=FACTS,
    system=FACTS,
    python=FACTS,
    packages=st.dictionaries(TEXT, TEXT, max_size=2),
    sampler=TEXT,
    git=FACTS,
)
SIZES = st.none() | st.builds(EncodedBytes, mean=AMOUNTS, median=AMOUNTS, min=COUNTS, max=COUNTS)


@st.composite
def measurements(draw, codecs, payloads):
    """Cases of these codecs and payloads, each once, with samples or a reason; some are the same as another."""
    cases = st.builds(
        Case,
        codec=st.sampled_from([codec.name for codec in codecs]),
        payload=st.sampled_from([payload.name for payload in payloads]),
        operation=st.sampled_from(Operation),
        conditions=CONDITIONS,
    )
    own, same = [], []
    for case in draw(st.lists(cases, max_size=4, unique_by=lambda case: case.id)):
        if own and draw(st.booleans()):
            target = draw(st.sampled_from(own))
            same.append(Measurement(case=case, status=target.status, reason=target.reason, same_as=target.case.id))
            continue
        status = draw(st.sampled_from(Status))
        measured = status is Status.MEASURED
        own.append(
            Measurement(
                case=case,
                status=status,
                reason="" if measured else draw(NAMES),
                encoded_bytes=draw(SIZES),
                workers=(draw(WORKERS), *draw(several(WORKERS, 2))) if measured else (),
                warnings=draw(CAUTIONS),
            )
        )
    return tuple(draw(st.permutations(own + same)))


@st.composite
def runs(draw):
    """Any run."""
    codecs, payloads = draw(CODECS), draw(PAYLOADS)
    return draw(
        st.builds(
            Run,
            id=NAMES,
            started=TIMES,
            finished=TIMES,
            complete=st.booleans(),
            serbench=TEXT,
            command=several(TEXT),
            seed=st.integers(-(2**63), 2**64),
            suite=TEXT,
            budget_seconds=AMOUNTS,
            environment=ENVIRONMENTS,
            codecs=st.just(tuple(codecs)),
            payloads=st.just(tuple(payloads)),
            rounds=several(ROUNDS),
            measurements=measurements(codecs, payloads),
            timing=st.dictionaries(TEXT, AMOUNTS, max_size=2),
        )
    )


@settings(suppress_health_check=[HealthCheck.too_slow])  # a whole run is drawn, on a machine that may be busy
@given(runs())
def test_any_run_comes_back_as_it_was_written(run):
    """Whatever the names, numbers and texts, what is read is what was written, and it is written the same again."""
    data = to_wire(run)
    assert run == from_wire(data)
    assert data == to_wire(from_wire(data))


WHOLE = to_wire(fakes.order_run(calls=5, workers=1))
POSITIONS = st.integers(0, len(WHOLE))


def read(data):
    """The run, or the one error that is allowed, as a text of one line."""
    try:
        return from_wire(data)
    except BadRunFile as error:
        told = str(error)
    assert [told] == told.splitlines()
    return told


@given(POSITIONS.filter(lambda position: position < len(WHOLE)))
def test_no_truncated_file_is_read(position):
    """A run.json that ends early is refused wherever it ends."""
    assert isinstance(read(WHOLE[:position]), str)


@given(POSITIONS, st.integers(0, 40), st.binary(max_size=10))
def test_damaged_bytes_are_refused_or_still_a_run(position, length, junk):
    """Bytes taken out or put in give a run that could have been measured, or one line."""
    damaged = WHOLE[:position] + junk + WHOLE[position + length :]
    run = read(damaged)
    assert isinstance(run, str) or run == from_wire(to_wire(run))


def places(value, path=()):
    """Every path in a JSON document."""
    yield path
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield from places(part, (*path, key))


PLACES = [path for path in places(json.loads(WHOLE)) if path]
JUNK = st.none() | st.booleans() | st.integers() | st.floats() | TEXT | st.just([]) | st.just({}) | st.just([{}])


@given(st.sampled_from(PLACES), JUNK)
def test_other_values_are_refused_or_still_a_run(path, junk):
    """Any part of the document replaced by another value gives a run that could have been measured, or one line."""
    whole = json.loads(WHOLE)
    *parents, last = path
    place = whole
    for key in parents:
        place = place[key]
    place[last] = junk
    run = read(json.dumps(whole).encode())
    assert isinstance(run, str) or run == from_wire(to_wire(run))
