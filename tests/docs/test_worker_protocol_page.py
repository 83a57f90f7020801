"""The page about the protocol: what is typed there answers so, and its tables are what both ends say."""

import json
import re

import pytest

import serbench
from docs_examples import DOCS, blocks, sections, shell, typed
from serbench.harness.link import Link, close_all
from serbench.payloads import catalogue, instances
from serbench.worker import protocol

PAGE = DOCS / "worker-protocol.md"
VERBS = sections(sections(PAGE.read_text(), 2)["Verbs"], 3)
CASE = {"payload": "ping", "operation": "decode"}
REQUESTS = {
    "hello": {"version": protocol.VERSION, "sources": ["serbench.codecs.json"]},
    "bind": {"codec": "json", "payload": "ping", "operations": ["decode"], "verify_seconds": 1.0},
    "warm": CASE | {"gc": "on", "limit_ns": 1_000_000},
    "block": CASE
    | {"gc": "off", "lead_in_ns": 1_000, "lead_in_calls": 2, "lead_in_limit_ns": 10_000, "lead_in_at_most": 5}
    | {"calls": 7, "batch": 3},
    "floor": {},
}


def keys(verb, table):
    """The keys in the first table of a verb whose head begins with that word, and whether each may be missing."""
    found = re.search(rf"^\| {table}.*\|\n\| --- .*\n((?:\|.*\n)+)", VERBS[verb], re.MULTILINE)
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
    link = Link(on=frozenset(), hash_seed=0)
    try:
        requests = REQUESTS | {"bind": REQUESTS["bind"] | {"spool": str(spool)}}
        asked = {verb: {"do": verb, **fields} for verb, fields in requests.items()}
        return {verb: link.ask(request, patience=30, stop=lambda: False) for verb, request in asked.items()}
    finally:
        close_all([link])


def test_the_page_has_every_verb():
    """In the order in which they are asked, `bye` last."""
    assert [*REQUESTS, "bye"] == list(VERBS)


@pytest.mark.parametrize("verb", REQUESTS)
def test_an_answer_has_the_keys_of_its_table(answers, verb):
    """All of them and no other, under the name of its kind."""
    kind, *_ = re.findall(r"^\| answer `(\w+)`", VERBS[verb], re.MULTILINE)
    assert {"is": kind} | answers[verb].fields == answers[verb].fields
    assert set(keys(verb, f"answer `{kind}`")) == set(answers[verb].fields) - {"is"}


def test_samples_follow_as_announced(answers):
    """Eight bytes for each."""
    assert 7 == answers["block"]["count"]
    assert 8 * 7 == len(answers["block"].samples)


def test_requests_have_the_keys_of_their_tables(tmp_path, monkeypatch):
    """What the orchestrator asks in a run: every key of a table but those that may be missing, and no other."""
    asked = {}
    post = Link.post

    def listen(link, request, **patience):
        asked.setdefault(request["do"], set()).update(request)
        post(link, request, **patience)

    monkeypatch.setattr(Link, "post", listen)
    serbench.run("ping", codecs=["json"], operations=["decode"], budget=2, folder=tmp_path / "run")
    assert set(VERBS) == set(asked)
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
