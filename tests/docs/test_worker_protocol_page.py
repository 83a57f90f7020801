"""The page about the protocol: what is typed there answers so, and its tables are what both ends say."""

import json
import re
import sys
from array import array

import pytest

import serbench
from docs_examples import DOCS, blocks, sections, shell, typed
from serbench.harness.link import Link, close_all
from serbench.payloads import catalogue, instances
from serbench.worker import protocol

PAGE = DOCS / "worker-protocol.md"
VERBS = sections(sections(PAGE.read_text(), 2)["Verbs"], 3)
NOTICED = sections(PAGE.read_text(), 2)["What is noticed"]
EVIL = """
import gc, os, threading
os.write(1, b"hello")
os.close(0)
gc.disable()
threading.Thread(target=threading.Event().wait, daemon=True).start()
os.waitpid(os.fork() or os._exit(0), 0)
"""
CASE = {"payload": "ping", "operation": "decode"}
REQUESTS = {
    "hello": {"version": protocol.VERSION, "sources": ["serbench.codecs.json"]},
    "bind": {"codec": "json", "payload": "ping", "operations": ["decode"], "verify_seconds": 1.0, "heap": 3},
    "warm": CASE | {"gc": "on", "limit_ns": 1_000_000},
    "block": CASE
    | {"gc": "off", "lead_in_ns": 1_000, "lead_in_calls": 2, "lead_in_limit_ns": 10_000, "lead_in_at_most": 5}
    | {"calls": 7, "batch": 3, "threads": 2},
    "noise": {"calls": 5},
    "floor": {},
    "memory": CASE | {"seconds": 0.1, "calls": 4},
    "cold": CASE | {"codec": "json"},
}
FILES = {"bind", "cold"}
UNDER_VALGRIND = {"instructions"}
"""Verbs that only a worker under callgrind can answer."""


def keys(verb, table):
    """The keys in the first table of a verb whose head begins with that word, and whether each may be missing."""
    return keys_in(VERBS[verb], table)


def keys_in(text, table):
    """The same of any part of the page."""
    found = re.search(rf"^\| {table}.*\|\n\| --- .*\n((?:\|.*\n)+)", text, re.MULTILINE)
    rows = re.findall(r"^\| `(\w+)` \| .*? \| (.*) \|$", found[1], re.MULTILINE) if found else []
    return {key: "may be missing" in meaning for key, meaning in rows}


@pytest.mark.parametrize("example", typed(PAGE.read_text()), ids=["by hand", "another version"])
def test_a_worker_answers_as_the_page_shows(tmp_path, example):
    """Typed by hand, without an orchestrator."""
    code, said = shell(example.command, tmp_path)
    assert example.printed_as(said), said
    assert 0 == code


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What a worker answers to one request of each verb, asked in the page's order."""
    spool = tmp_path_factory.mktemp("spool") / "ping.ndjson"
    packed, _ = instances.make(catalogue.get("ping"), seed=1, count=9)
    packed.write(spool)
    files = {"spool": str(spool), "exchange": str(spool.with_name("encoded"))}
    link = Link(on=frozenset(), hash_seed=0)
    try:
        requests = REQUESTS | {verb: REQUESTS[verb] | files for verb in FILES}
        asked = {verb: {"do": verb, **fields} for verb, fields in requests.items()}
        return {verb: link.ask(request, patience=30, stop=lambda: False) for verb, request in asked.items()}
    finally:
        close_all([link])


def test_the_page_has_every_verb():
    """In the order in which they are asked, `bye` last."""
    assert [*REQUESTS, "bye"] == [verb for verb in VERBS if verb not in UNDER_VALGRIND]


@pytest.mark.parametrize("verb", REQUESTS)
def test_an_answer_has_the_keys_of_its_table(answers, verb):
    """All of them and no other, under the name of its kind; that of noise is described under block."""
    described = {"noise": "block"}.get(verb, verb)
    kind, *_ = re.findall(r"^\| answer `(\w+)`", VERBS[described], re.MULTILINE)
    assert {"is": kind} | answers[verb].fields == answers[verb].fields
    assert set(keys(described, f"answer `{kind}`")) == set(answers[verb].fields) - {"is"}


def test_a_request_has_the_keys_of_its_table():
    """Each that is asked here, but for paths of files, and all that may not be missing."""
    for verb, fields in REQUESTS.items():
        table = keys(verb, "request")
        asked = set(fields) | ({"spool", "exchange"} if verb in FILES else set())
        assert asked <= set(table)
        assert {key for key, missing in table.items() if not missing} <= asked


@pytest.mark.parametrize(("verb", "threads", "calls"), [("block", 2, 7), ("noise", 1, 5)])
def test_samples_follow_as_announced(answers, verb, threads, calls):
    """Eight bytes for each number, in pairs, as many as the threads and the collections say."""
    answer = answers[verb]
    assert threads == len(answer["threads"])
    for told in answer["threads"]:
        assert set(keys("block", "each of `threads`")) == set(told)
        assert calls == told["calls"]
    pairs = sum(told["calls"] + told["marks"] for told in answer["threads"]) + answer["collections"]
    assert 2 * pairs == answer["count"]
    assert 8 * answer["count"] == len(answer.samples)


def test_the_order_of_the_numbers_is_that_of_the_page(answers):
    """Thread by thread calls and then marks; last the collections."""
    rows = re.findall(r"^\| (calls|marks|collections)( of a thread)? \| ", VERBS["block"], re.MULTILINE)
    assert ["calls", "marks", "collections"] == [row for row, _ in rows]
    numbers = array("q", answers["block"].samples)
    if sys.byteorder == "big":
        numbers.byteswap()
    for told in answers["block"]["threads"]:
        times, numbers = numbers[: 2 * told["calls"]], numbers[2 * told["calls"] :]
        assert sorted(times) == list(times)
        marks, numbers = numbers[: 2 * told["marks"]], numbers[2 * told["marks"] :]
        assert sorted({0, told["calls"]} & set(marks[::2])) == ([0, told["calls"]] if marks else [])
    assert 2 * answers["block"]["collections"] == len(numbers)


def test_what_is_noticed_has_the_names_of_the_page(tmp_path):
    """A codec that does everything at once, and the answer's own keys."""
    (tmp_path / "evil.py").write_text(EVIL)
    link = Link(on=frozenset(), hash_seed=0)
    try:
        hello = {"do": "hello", "version": protocol.VERSION, "sources": [str(tmp_path / "evil.py")], "describe": True}
        answer = link.ask(hello, patience=30, stop=lambda: False)
    finally:
        close_all([link])
    assert {"noticed", "busy"} == set(keys_in(NOTICED, "answer of any kind"))
    told = dict(answer["noticed"])
    names = re.findall(r"^\| `([a-z]+-?[a-z]*)` \| ", NOTICED.partition("| name |")[2], re.MULTILINE)
    assert names == list(told)
    assert answer["busy"]


def test_requests_have_the_keys_of_their_tables(tmp_path, monkeypatch):
    """What the orchestrator asks in a run: every key of a table but those that may be missing, and no other."""
    asked = {}
    post = Link.post

    def listen(link, request, **patience):
        asked.setdefault(request["do"], set()).update(request)
        post(link, request, **patience)

    monkeypatch.setattr(Link, "post", listen)
    passes = ["time", "memory", "cold"]
    serbench.run("ping", codecs=["json"], operations=["decode"], passes=passes, budget=4, folder=tmp_path / "run")
    assert set(VERBS) - UNDER_VALGRIND == set(asked)
    for verb, sent in asked.items():
        table = keys(verb, "request")
        assert sent - {"do"} <= set(table)
        assert {key for key, missing in table.items() if not missing} <= sent


def test_the_header_is_that_of_a_spool_file(tmp_path):
    """The keys of the example, in their order."""
    packed, _ = instances.make(catalogue.get("order"), seed=1, count=2)
    packed.write(tmp_path / "order.ndjson")
    first, *lines = (tmp_path / "order.ndjson").read_text().splitlines()
    (shown,) = blocks(PAGE, "json")
    assert list(json.loads(shown)) == list(json.loads(first))
    assert 2 == len(lines)


def test_the_newest_version_has_a_line():
    """The version that is spoken is the last in the history."""
    history = re.findall(r"^\| (\d+) \| [\d.]+ \|", PAGE.read_text(), re.MULTILINE)
    assert str(protocol.VERSION) == history[-1]
