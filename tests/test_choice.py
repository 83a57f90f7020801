"""What a run is asked to measure: words become files, names and patterns, and the suite fills in what was not said."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import chain

import pytest
import typer.main
from hypothesis import given
from hypothesis import strategies as st

import fakes
from codec_files import codec_file
from serbench import choice, suites, unfinished
from serbench.choice import Request, choose
from serbench.cli import main
from serbench.errors import Interrupted, MissingLibrary, UnknownName, UnusableFile, UsageError
from serbench.harness import catalogue
from serbench.harness.plan import Setting
from serbench.payloads.files.objects import Instances
from serbench.records.cases import Operation

RUN = typer.main.get_command(main.app).commands["run"]
DEFAULT, SMOKE = suites.load("default"), suites.load("smoke")


def never():
    """Nobody asks for the end."""
    return False


def parsed(command):
    """The request that a command line makes, read by the command itself."""
    given = RUN.make_context("run", list(command[2:])).params
    return Request(
        **{name: tuple(given[name] or ()) for name in ("payloads", "gc")},
        codecs=tuple(given["codec"] or ()),
        formats=tuple(given["format_"] or ()),
        operations=tuple(given["op"] or ()),
        heap=suites.numbers(given["heap"] or (), "heap"),
        threads=suites.numbers(given["threads"] or (), "threads"),
        passes=tuple(given["pass_"] or ()),
        budget=suites.duration(given["budget"]),
        timeout=suites.duration(given["timeout"]),
        data=tuple(given["data"] or ()),
        **{name: given[name] for name in ("suite", "instances", "seed", "read_as", "skip_bad", "vary", "message")},
    )


words = st.lists(st.text(min_size=1).filter(lambda word: not word.startswith("-")), max_size=3).map(tuple)
seconds = st.integers(1, 99_999_999).map(lambda n: n / 10)


numbers = st.lists(st.integers(0, 10**7), max_size=3).map(tuple)
requests = st.builds(
    Request,
    payloads=st.lists(st.text(min_size=1), max_size=3).map(tuple),
    suite=st.text().filter(lambda word: not word.startswith("-")),
    codecs=words,
    formats=words,
    operations=words,
    gc=words,
    heap=numbers,
    threads=numbers,
    passes=words,
    instances=st.none() | st.integers(1, 5_000),
    budget=seconds,
    seed=st.integers(),
    timeout=seconds,
    read_as=st.text().filter(lambda word: not word.startswith("-")),
    skip_bad=st.booleans(),
    vary=st.booleans(),
    message=st.text().filter(lambda word: not word.startswith("-")),
    data=words,
)


@given(requests)
def test_the_command_makes_the_request_again(asked):
    """Whatever was asked for, with every name as it was given: read by the command line, and by a resumed run."""
    command = asked.command(asked.budget)
    assert asked == parsed(command)
    assert asked == unfinished.request(fakes.run((), command=command))


def test_the_command_says_what_was_said():
    """And the budget that a run had, and its seed; not what a suite or a default decided."""
    assert ("serbench", "run", "--budget", "60s", "--seed", "1") == Request().command(60.0)
    asked = Request(payloads=("order", "a b.json"), codecs=("json", "./mine.py"), instances=8, budget=3.0, timeout=0.5)
    expected = "order|a b.json|--codec|json|--codec|./mine.py|--instances|8|--budget|2.5s|--seed|1|--timeout|0.5s"
    assert ("serbench", "run", *expected.split("|")) == asked.command(2.5)
    asked = Request(gc=("on,off",), heap=(0, 20_000), threads=(4,), passes=("time", "cold"))
    expected = "--gc|on,off|--heap|0|--heap|20000|--threads|4|--pass|time|--pass|cold|--budget|1s|--seed|1"
    assert ("serbench", "run", *expected.split("|")) == asked.command(1.0)


def test_the_default_suite_answers_where_nothing_was_said():
    """All of it, with its budget; a seed, instances or a timeout are no choice of cases."""
    for request in (Request(), Request(seed=9, instances=3, timeout=1.0)):
        chosen = choose(request)
        assert ("default", 60.0) == (chosen.suite, chosen.budget_seconds)
        assert (DEFAULT.payloads, DEFAULT.codecs) == (chosen.payloads, chosen.codecs)
        assert (DEFAULT.operations, (Setting(),)) == (chosen.operations, chosen.settings)
        assert ((), (), ("time", "size")) == (chosen.codec_files, chosen.formats, chosen.passes)


def test_passes_are_no_choice_of_cases():
    """Nor do they take the suite's place: it is measured as it is, in those passes."""
    chosen = choose(Request(passes=("memory,cold", "memory")))
    assert ("default", 60.0, ("memory", "cold")) == (chosen.suite, chosen.budget_seconds, chosen.passes)
    assert ("time", "size", "memory", "cold", "instructions") == choose(Request(passes=("all",))).passes
    assert ("time", "memory", "cold", "instructions") == choose(Request(passes=("!size",))).passes


@pytest.mark.parametrize(
    "said",
    [
        {"payloads": ("ping",)},
        {"codecs": ("orjson",)},
        {"codecs": ("./mine.py",)},
        {"formats": ("json",)},
        {"operations": ("dump",)},
        {"gc": ("off",)},
        {"heap": (0,)},
        {"threads": (1, 2)},
    ],
)
def test_what_was_said_is_no_suite(said):
    """Its name and its budget would say something else; what was not said is the default suite's all the same."""
    chosen = choose(Request(**said))
    assert ("", 0.0) == (chosen.suite, chosen.budget_seconds)
    for name in {"payloads", "codecs", "operations"} - said.keys():
        assert getattr(DEFAULT, name) == getattr(chosen, name)
    if not {"gc", "heap", "threads"} & said.keys():
        assert (Setting(),) == chosen.settings


def test_conditions_are_combined():
    """Every collector state with every heap and every number of threads, each once, in the order asked for."""
    chosen = choose(Request(gc=("off,on",), heap=(20_000, 0, 20_000), threads=(1, 4)))
    expected = [
        Setting(gc=gc, heap_objects=heap, threads=threads)
        for threads in (1, 4)
        for heap in (20_000, 0)
        for gc in ("off", "on")
    ]
    assert expected == list(chosen.settings)


def test_a_suites_conditions_are_taken_where_none_were_said(tmp_path):
    """Each by itself: what was said takes the place of the suite's."""
    text = 'title = "t"\nbudget = "1s"\n[cases]\ncodecs = ["json"]\npayloads = ["ping"]\noperations = ["read"]\n'
    (tmp_path / "mine.toml").write_text(text + "heap = [0, 5]\nthreads = [2]\n")
    suite = str(tmp_path / "mine.toml")
    own = choose(Request(suite=suite)).settings
    assert [(0, 2), (5, 2)] == [(setting.heap_objects, setting.threads) for setting in own]
    said = choose(Request(suite=suite, heap=(7,))).settings
    assert [(7, 2)] == [(setting.heap_objects, setting.threads) for setting in said]


def test_a_suite_that_was_asked_for_keeps_its_name():
    """Also where a part of it is said otherwise; a budget that is said wins."""
    chosen = choose(Request(suite="smoke", operations=("load,dump",), gc=("off", "on")))
    assert ("smoke", 10.0, SMOKE.codecs) == (chosen.suite, chosen.budget_seconds, chosen.codecs)
    assert (Operation.LOAD, Operation.DUMP) == chosen.operations
    assert (Setting(gc="off"), Setting()) == chosen.settings
    assert 3.0 == choose(Request(suite="smoke", budget=3.0)).budget_seconds


@pytest.mark.parametrize(
    ("given", "names", "files", "wanted"),
    [
        (("json,orjson", "msgpack"), ("json", "orjson", "msgpack"), (), {"json", "orjson", "msgpack"}),
        (("mine.py",), (), ("mine.py",), set()),
        (("./mine", "json"), ("json",), ("./mine",), {"json"}),
        (("json,a/mine.py",), ("json",), ("a/mine.py",), {"json"}),
        (("all", "!pickle", "json*", "[jo]*", "msgpac?"), ("all", "!pickle", "json*", "[jo]*", "msgpac?"), (), set()),
        (("json,", " ,orjson"), ("json", "orjson"), (), {"json", "orjson"}),
    ],
)
def test_codecs_are_names_or_files(given, names, files, wanted):
    """A file ends in .py or has a slash; wanted, so that its library must be there, is what has a name of its own."""
    chosen = choose(Request(codecs=given))
    assert (names, files, frozenset(wanted)) == (chosen.codecs, chosen.codec_files, chosen.wanted)


def test_a_files_name_may_have_a_comma(tmp_path, monkeypatch):
    """It is a file, so it is not taken apart; what is none is."""
    monkeypatch.chdir(tmp_path)
    for name in ("a,b.json", "a,b.py"):
        (tmp_path / name).write_text("{}")
    chosen = choose(Request(payloads=("ping,order", "a,b.json"), codecs=("a,b.py",)))
    assert (("ping", "order", "a,b.json"), ("a,b.py",)) == (chosen.payloads, chosen.codec_files)


def test_payloads_are_names_patterns_or_files(tmp_path, monkeypatch):
    """A name wins over a file of that name, a path with a slash is the file; each is taken once."""
    monkeypatch.chdir(tmp_path)
    for name in ("ping", "note.json", "bare"):
        (tmp_path / name).write_text("{}")
    given = ("ping", "o*", "order", "./ping", "note.json", "bare", "note.json")
    assert ("ping", "order", "./ping", "note.json", "bare") == choose(Request(payloads=given)).payloads
    assert "ping" not in choose(Request(payloads=("!ping",))).payloads


@pytest.mark.parametrize(
    ("request_", "error", "words"),
    [
        (Request(instances=0), UsageError, "instances must be 1 to 1,000,000, not 0; leave it out for the payload's"),
        (Request(instances=10**20), UsageError, "instances must be 1 to 1,000,000, not 1000"),
        (Request(instances="3"), UsageError, "instances must be 1 to 1,000,000, not '3'"),
        (Request(seed=1.5), UsageError, "seed must be a whole number, not 1.5"),
        (Request(budget=True), UsageError, "budget must be a positive number of seconds, not True"),
        (Request(payloads=("",)), UsageError, "an empty payload name; leave it out"),
        (Request(budget=0.0), UsageError, "budget must be a positive number of seconds, not 0.0"),
        (Request(budget=-1.0), UsageError, "budget must be a positive number of seconds, not -1.0"),
        (Request(budget=float("nan")), UsageError, "budget must be a positive number of seconds, not nan"),
        (Request(timeout=float("inf")), UsageError, "timeout must be a positive number of seconds, not inf"),
        (Request(suite="smok"), UnknownName, "unknown suite 'smok'; did you mean smoke?"),
        (Request(payloads=("ordr",)), UnknownName, "unknown payload 'ordr'; did you mean order?"),
        (Request(payloads=("./order",)), UnusableFile, "./order: no such file"),
        (Request(payloads=("order.json",)), UnusableFile, "order.json: no such file"),
        (Request(payloads=("zz*",)), UsageError, "no payload matches 'zz*'; known: "),
        (Request(operations=("read,!read",)), UsageError, "no operation is left of read, !read; "),
        (Request(gc=("of",)), UnknownName, "unknown collector state 'of'; did you mean off?"),
        (Request(passes=("tiem",)), UnknownName, "unknown pass 'tiem'; did you mean time?"),
        (Request(passes=("time,!time",)), UsageError, "no pass is left of time, !time; "),
        (Request(heap=(-1,)), UsageError, "heap must be 0 to 10,000,000, not -1"),
        (Request(heap=(0, 10**8)), UsageError, "heap must be 0 to 10,000,000, not 100000000"),
        (Request(heap=("5",)), UsageError, "heap must be 0 to 10,000,000, not '5'"),
        (Request(threads=(0,)), UsageError, "threads must be 1 to 256, not 0"),
        (Request(threads=(True,)), UsageError, "threads must be 1 to 256, not True"),
        (Request(threads=(4, 257)), UsageError, "threads must be 1 to 256, not 257"),
    ],
)
def test_what_cannot_be_asked_for(tmp_path, monkeypatch, request_, error, words):
    """Found before any worker is started, and said in one line."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(error) as caught:
        choose(request_)
    assert str(caught.value).startswith(words)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Where the catalogue is kept, so that workers are asked but once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def chosen(cache, monkeypatch):
    """The names of the codecs that a request comes to."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    return lambda **said: [info.name for info in choice.codecs(choose(Request(**said)), stop=never)]


def test_a_file_brings_its_codecs_and_no_others(chosen, tmp_path):
    """Beside names they come last; a name of the file may be said as well."""
    file = codec_file(tmp_path, "mine", "other")
    assert ["mine", "other"] == chosen(codecs=(file,))
    assert ["orjson", "json", "mine", "other"] == chosen(codecs=(file, "orjson,json"))
    assert ["other", "mine"] == chosen(codecs=(file, "other"))


def test_an_exclusion_holds_for_a_file(chosen, tmp_path):
    """What is taken away is not measured, and the file alone does not ask for all others."""
    file = codec_file(tmp_path, "mine", "other")
    assert ["mine"] == chosen(codecs=(file, "!other"))
    assert ["json", "mine"] == chosen(codecs=("json,!o*", file))


def test_formats_leave_codecs_over(chosen, tmp_path):
    """Of those that were chosen, in their order; a codec file's among them."""
    file = codec_file(tmp_path, "mine")
    assert ["orjson", "json", "mine"] == chosen(codecs=("orjson,msgpack,json", file), formats=("json",))
    assert {"msgpack", "ormsgpack"} < set(chosen(codecs=("all",), formats=("msgpac?",)))


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"codecs": ("orjsn",)}, UnknownName, "unknown codec 'orjsn'; did you mean orjson?"),
        ({"codecs": ("json",), "formats": ("msgpack",)}, UsageError, "none of the chosen codecs writes msgpack; add "),
        ({"codecs": ("json",), "formats": ("jsno",)}, UnknownName, "unknown format 'jsno'; did you mean json?"),
        ({"codecs": ("gone.py",)}, UsageError, "gone.py: no codec in it can be used; gone.py: no such Python file"),
    ],
)
def test_codecs_that_cannot_be_had(chosen, said, error, words):
    """Known only once a worker has told what there is."""
    with pytest.raises(error) as caught:
        chosen(**said)
    assert str(caught.value).startswith(words)


def test_a_library_must_be_there_for_a_name(chosen, monkeypatch):
    """A pattern brings along what is missing, so that it is told; a name does not."""
    found = catalogue.catalogue()
    lacking = [replace(info, unavailable="pip install it") if info.name == "orjson" else info for info in found]
    monkeypatch.setattr(catalogue, "catalogue", lambda *_, **__: lacking)
    assert ["orjson", "orjson-view"] == chosen(codecs=("orj*",))
    with pytest.raises(MissingLibrary, match="codec 'orjson' cannot be used: pip install it"):
        chosen(codecs=("json,orjson",))


def test_a_wish_to_stop_while_codecs_are_looked_up(tmp_path, monkeypatch):
    """It ends a command as it does later on, with an error of serbench's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    asked = choose(Request(codecs=(codec_file(tmp_path, "mine", before="import time; time.sleep(60)\n"),)))
    with pytest.raises(Interrupted, match="stopped before anything was measured"):
        choice.codecs(asked, stop=lambda: True)


def spooled(folder, *payloads, count=None, seed=1, stop=never):
    """These payloads, written to a folder."""
    return choice.spool(choose(Request(payloads=payloads)), folder, seed=seed, count=count, stop=stop)


def test_payloads_are_made_or_loaded(tmp_path):
    """With as many instances as were asked for, where there are so many; each in a file of its own."""
    (tmp_path / "note.ndjson").write_text("\n".join(json.dumps({"n": n}) for n in range(9)))
    made = spooled(tmp_path, "ping", str(tmp_path / "note.ndjson"), count=4)
    assert [("ping", 4, False), ("note", 4, False)] == [
        (one.info.name, one.info.instances, one.instances_default) for one in made
    ]
    assert [5, 5] == [len(one.path.read_bytes().splitlines()) for one in made]
    (whole,) = spooled(tmp_path, str(tmp_path / "note.ndjson"))
    assert (9, True) == (whole.info.instances, whole.instances_default)


def test_the_seed_makes_the_instances(tmp_path):
    """The same again, or others."""
    digests = [spooled(tmp_path, "ping", count=4, seed=seed)[0].info.digest for seed in (1, 1, 2)]
    assert [True, False] == [digests[0] == other for other in digests[1:]]


def test_two_payloads_of_one_name_are_refused(tmp_path):
    """Their cases could not be told apart."""
    (tmp_path / "ping.json").write_text("{}")
    with pytest.raises(UsageError, match=r"^two payloads are named 'ping'; rename the file .*ping\.json$"):
        spooled(tmp_path, "ping", str(tmp_path / "ping.json"), count=2)


def test_a_wish_to_stop_while_payloads_are_made(tmp_path):
    """It is looked at before each of them."""
    answers = chain([False], iter(lambda: True, None))
    with pytest.raises(Interrupted, match="stopped before anything was measured"):
        spooled(tmp_path, "ping", "order", count=2, stop=lambda: next(answers))
    assert ["0.ndjson"] == [path.name for path in tmp_path.iterdir()]


def test_a_file_that_cannot_be_a_payload(tmp_path):
    """By its ending, and by its first byte."""
    (tmp_path / "note").write_text("id,total")
    with pytest.raises(UnusableFile, match=r"note: ends in none of "):
        spooled(tmp_path, str(tmp_path / "note"))


@pytest.mark.parametrize("types", [("shop:Order",), ("shop.models:Order, Old=shop.old:Order",), ("a:B", "c:D.E")])
def test_classes_of_the_users_own_are_sources_of_codecs(types):
    """Alone they are all that is measured; beside them stands what is asked for."""
    alone = choice.choose(Request(types=types))
    assert [word.strip() for word in ",".join(types).split(",")] == list(alone.codec_files)
    assert ((), "") == (alone.codecs, alone.suite)
    assert ("orjson",) == choice.choose(Request(types=types, codecs=("orjson",))).codecs


@pytest.mark.parametrize(
    "word", ["shop", "shop.Order", "shop/models.py:Order", ":Order", "shop:", "a b:C", "=a:B", "x!=a:B"]
)
def test_a_class_is_written_with_its_module(word):
    """Anything else is told how."""
    with pytest.raises(UsageError, match=f"^--type {re.escape(word)}: write it as pkg.module:Order"):
        choice.choose(Request(types=(word,)))


def test_the_command_that_measures_again_names_the_classes():
    """As they were named."""
    assert ("--type", "shop:Order") == Request(types=("shop:Order",)).command(None)[2:4]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"vary": True}, "--vary makes further messages of a file's, and no payload is one; name a file"),
        ({"skip_bad": True}, "--as and --skip-bad say how a file is read, and no payload is one; name a file"),
        ({"payloads": ("ping",), "read_as": "json"}, "--as and --skip-bad say how a file is read"),
        ({"payloads": ("-",), "message": "a.B"}, "--message and --data go with a .proto or a descriptor set"),
        ({"data": ("x.json",)}, "--message and --data go with a .proto or a descriptor set"),
        ({"payloads": ("-", "{here}/a.proto"), "data": ("-",)}, "stdin is one stream; it is the payload or its --data"),
        ({"payloads": ("python:orders",)}, "python:orders: was an object of a Python program; run that program again"),
    ],
)
def test_what_is_said_about_files_is_said_about_some(tmp_path, said, complaint):
    """Or it would be passed over."""
    (tmp_path / "a.proto").touch()
    payloads = tuple(word.format(here=tmp_path) for word in said.get("payloads", ()))
    with pytest.raises(UsageError) as caught:
        choose(Request(**said | {"payloads": payloads}))
    assert str(caught.value).startswith(complaint)


def test_files_are_read_as_was_said(tmp_path):
    """A log by another name, and its bad lines left out."""
    (tmp_path / "a.log").write_text("1\n}\n2\n")
    asked = Request(payloads=(str(tmp_path / "a.log"),), read_as="ndjson", skip_bad=True)
    (made,) = choice.spool(choose(asked), tmp_path, seed=1, count=None, stop=never)
    assert ("a", 2) == (made.info.name, made.info.instances)


def test_a_folder_is_a_payload(tmp_path, monkeypatch):
    """With or without a slash; a payload of that name wins."""
    (tmp_path / "inbox").mkdir()
    (tmp_path / "ping").mkdir()
    (tmp_path / "inbox" / "a.json").write_text("1")
    monkeypatch.chdir(tmp_path)
    assert ("ping", "inbox") == choose(Request(payloads=("inbox", "ping"))).payloads


def test_objects_are_payloads_besides(tmp_path):
    """Alone they take the place of the suite's; their names are told in the command, and are theirs alone."""
    orders = Instances("orders", ({"id": n} for n in range(9)))
    alone = choose(Request(objects=(orders,)))
    assert ((), "", (orders,)) == (alone.payloads, alone.suite, alone.objects)
    made = choice.spool(choose(Request(payloads=("ping",), objects=(orders,))), tmp_path, seed=1, count=3, stop=never)
    assert [("ping", 3), ("orders", 3)] == [(one.info.name, one.info.instances) for one in made]
    assert ("python:orders",) == Request(objects=(orders,)).command(None)[2:3]
    with pytest.raises(UsageError, match="two payloads are named 'ping'; give them Instances of other names"):
        choice.spool(
            choose(Request(payloads=("ping",), objects=(Instances("ping", [1]),))),
            tmp_path,
            seed=1,
            count=3,
            stop=never,
        )


def test_few_messages_of_files_and_objects_are_varied_by_the_seed(tmp_path):
    """Up to as many as were asked for; the originals come first, and another seed makes others."""
    path = tmp_path / "note.json"
    path.write_text('{"id": 12345, "text": "a note", "share": 0.25}')
    asked = Request(payloads=(str(path),), objects=(Instances("orders", [{"id": 1001}]),), vary=True)
    lines = []
    for seed in (1, 1, 2):
        made = choice.spool(choose(asked), tmp_path, seed=seed, count=5, stop=never)
        assert [("note", 5, 4), ("orders", 5, 4)] == [(o.info.name, o.info.instances, o.info.varied) for o in made]
        lines.append([one.path.read_bytes() for one in made])
    assert lines[0] == lines[1] != lines[2]
    (plain,) = choice.spool(choose(Request(payloads=(str(path),))), tmp_path, seed=1, count=5, stop=never)
    assert (1, 0) == (plain.info.instances, plain.info.varied)
