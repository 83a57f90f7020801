"""Codecs of a user's own class: which ways there are, what each makes of messages, and what is told of classes."""

from __future__ import annotations

import sys

import pytest

import own_classes
from own_classes import MESSAGE
from serbench.codecs.own import OwnBound
from serbench.errors import UnsupportedPayload, UsageError
from serbench.records.cases import Operation
from serbench.schema.inference import infer
from serbench.schema.spool import payload_of
from serbench.worker.own_type import load
from serbench.worker.subject import Incorrect, Subject

PLENTY = 1e6


def payload(*messages):
    """A payload of these messages, its schema inferred."""
    return payload_of("own", infer("Own", list(messages)), list(messages))


def codec(kind, way):
    """That way of a class."""
    return next(each for each in load(f"own_classes:{kind}") if each.name == f"{kind}-{way}")


def subject(kind, way, *messages):
    """A class made ready for these messages, and verified."""
    made = Subject(codec(kind, way), payload(*messages), lambda _step, _index: None, watch=True)
    assert len(messages) == made.verify(PLENTY)
    assert made.verify_read(PLENTY) is None
    return made


WAYS = {
    "Order": ("cattrs", "mashumaro", "msgspec"),
    "ModelOrder": ("pydantic",),
    "PydanticOrder": ("pydantic",),
    "StructOrder": ("msgspec",),
    "AttrsOrder": ("cattrs", "msgspec"),
    "MixinOrder": ("from_json",),
    "TextOrder": ("from_json",),
}
EACH = [(kind, way) for kind, ways in WAYS.items() for way in ways]


@pytest.mark.parametrize(("kind", "ways"), WAYS.items())
def test_the_ways_follow_from_what_a_class_is(kind, ways):
    """Each is a codec of its own, named after class and way."""
    codecs = load(f"own_classes:{kind}")
    assert [f"{kind}-{way}" for way in ways] == [each.name for each in codecs]
    assert {("json", "typed", "")} == {(each.format, each.model, each.unavailable) for each in codecs}


@pytest.mark.parametrize(("kind", "way"), EACH)
def test_every_way_carries_the_message_and_tells_what_was_made_of_it(kind, way):
    """The class parses an instant, a Decimal and an identifier: that is no fault, and it is said."""
    other = MESSAGE | {"status": "paid", "note": "x", "items": []}
    made = subject(kind, way, MESSAGE, other)
    assert "It makes UUID of id, datetime of created, Status of status and 1 more" in made.conversions
    leaves_it_out = kind == "StructOrder" or (kind, way) == ("Order", "msgspec")  # msgspec sets no default's attribute
    assert ("adds note (null)" in made.conversions) is not leaves_it_out


@pytest.mark.parametrize(("kind", "way"), EACH)
@pytest.mark.parametrize("operation", Operation)
def test_every_operation_can_be_called(kind, way, operation):
    """On every instance."""
    call, arguments = subject(kind, way, MESSAGE).timed(operation)
    for argument in arguments:
        call(argument)


@pytest.mark.parametrize(("kind", "way"), EACH)
def test_what_another_process_has_written_is_read(kind, way):
    """As later workers do, which verify that alone."""
    first = subject(kind, way, MESSAGE)
    again = Subject(codec(kind, way), payload(MESSAGE), lambda _step, _index: None, foreign=first.encoded)
    assert 1 == again.verify(0)


def test_a_dataclass_is_written_by_orjson_itself_where_that_is_enough():
    """And by the library where orjson has no form for something, which is told."""
    for way in ("cattrs", "mashumaro"):
        assert "" == codec("Plain", way).bind(payload({"sku": "a", "quantity": 1})).written_by
        assert "is written by" in subject("Order", way, MESSAGE).conversions


def test_aliases_are_written_where_messages_have_them():
    """By the option that users give then."""
    message = {"unitPrice": 12.5}
    assert "It is written by model_dump_json(by_alias=True)" == subject("Aliased", "pydantic", message).conversions


def test_a_strict_model_is_built_from_json():
    """Its datetimes come from text in JSON, not in Python."""
    assert "It makes datetime of at" in subject("Strict", "pydantic", {"at": "2024-01-01T00:00:00Z"}).conversions


def test_a_class_that_reads_by_itself_need_not_write():
    """Then orjson does."""
    assert "" == subject("Reader", "from_json", {"sku": "a"}).conversions


def test_a_default_that_is_left_out_is_told():
    """By a class that is told to leave defaults out."""
    made = subject("Omitting", "from_json", {"sku": "a", "currency": "EUR"}, {"sku": "b", "currency": "USD"})
    assert "It leaves out currency ('EUR')" == made.conversions


@pytest.mark.parametrize(
    ("kind", "way", "message", "reason"),
    [
        ("Order", "cattrs", {"id": "x"}, "instance 1: no Order: "),
        ("Order", "mashumaro", {"id": MESSAGE["id"]}, "instance 1: no Order: Field "),
        ("Order", "msgspec", {"id": MESSAGE["id"]}, "instance 1: no Order: Object missing required field `created`"),
        ("ModelOrder", "pydantic", MESSAGE | {"status": "lost"}, "instance 1: no ModelOrder: status: Input should be "),
        ("ModelOrder", "pydantic", MESSAGE | {"items": [{"sku": 1}]}, "instance 1: no ModelOrder: items.0.sku: Input"),
        ("MixinOrder", "from_json", {"id": MESSAGE["id"]}, "instance 1: no MixinOrder: Field "),
        ("AttrsOrder", "cattrs", MESSAGE | {"items": [{"sku": "a", "price": "x"}]}, "instance 1: no AttrsOrder: "),
        ("Plain", "msgspec", {"sku": "a", "x": 1}, "instance 1: x: Plain has no field for it and leaves it out"),
    ],
)
def test_a_message_that_is_none_of_the_class_makes_the_case_one_to_skip(kind, way, message, reason):
    """With the instance and the library's own first words, in one line."""
    sound = {"sku": "a"} if kind == "Plain" else MESSAGE
    with pytest.raises(UnsupportedPayload) as caught:
        subject(kind, way, sound, message)
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


def test_cattrs_names_the_place():
    """Though the converter that is timed does not: another one is asked."""
    with pytest.raises(UnsupportedPayload, match=r"@ \$\.items\[0\]\.price$"):
        subject("Order", "cattrs", MESSAGE | {"items": [{"sku": "a", "price": "x"}]})


@pytest.mark.parametrize(
    ("kind", "way", "message", "fault"),
    [
        ("Cleaned", "pydantic", {"name": "a-b"}, "instance 0: name: expected 'a-b' (str), got 'ab' (str), which is"),
        ("Counting", "pydantic", {"n": 1}, "instance 0: n: written and read and written again, expected 2"),
        (
            "Plain",
            "cattrs",
            {"sku": "a", "quantity": 12.7},
            "instance 0: quantity: expected 12.7 (float), got 12 (int)",
        ),
        ("Plain", "mashumaro", {"sku": None}, "instance 0: sku: expected None (NoneType), got 'None' (str)"),
        (
            "Computing",
            "pydantic",
            {"n": 1},
            "instance 0: Computing does not read what it has written: twice: Extra inputs are not permitted",
        ),
        ("Halving", "cattrs", {"n": 2}, "instance 0: Halving does not read what it has written: invalid value"),
    ],
)
def test_another_value_is_incorrect(kind, way, message, fault):
    """Be it the class's doing or the library's."""
    with pytest.raises(Incorrect) as caught:
        subject(kind, way, message)
    assert str(caught.value).startswith(fault)


def test_a_class_that_a_library_does_not_take_is_no_crash():
    """The library's own words are the reason."""
    for way in ("cattrs", "mashumaro", "msgspec"):
        with pytest.raises(UnsupportedPayload, match=r"^(\w+ takes no Foreign: |instance 0: no Foreign: )"):
            subject("Foreign", way, {"sku": "a"})


def test_no_library_is_imported_before_it_is_bound(monkeypatch):
    """A process that measures has the one that it measures, and those of the user's own module."""
    modules = [f"serbench.codecs.{name}" for name in ("cattrs", "mashumaro", "msgspec", "orjson", "pydantic")]
    for name in modules:
        monkeypatch.delitem(sys.modules, name, raising=False)
    load("own_classes:Order")[0].bind(payload(MESSAGE))
    assert ["serbench.codecs.cattrs"] == [name for name in modules if name in sys.modules]


def test_a_name_of_the_users_choice_stands_in_place_of_the_classs():
    """So that two classes of one name can be held against each other."""
    assert ["Old-msgspec"] == [each.name for each in load("Old=own_classes:StructOrder")]


def test_a_bound_way_says_whose_it_is():
    """The worker knows by its type that it is verified otherwise."""
    bound = codec("StructOrder", "msgspec").bind(payload(MESSAGE))
    assert (OwnBound, "StructOrder") == (type(bound), bound.kind)


def test_a_class_with_a_base_of_another_package_names_that():
    """Its version is what counts."""
    assert ["mashumaro"] == [each.distribution for each in load("own_classes:MixinOrder")]
    assert [None] == [each.distribution for each in load("own_classes:Reader")]


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A package in the working directory, with modules that cannot be imported."""
    package = tmp_path / "ownshop"
    package.mkdir()
    files = {
        "__init__": "",
        "models": "class Inner:\n    class Deep: pass\nclass Order: pass\ndef helper(): pass\nanswer = 42\n",
        "needs": "import no_such_library_at_all",
        "raises": "raise ValueError('no\\nway')",
        "ends": "raise SystemExit(3)",
    }
    for name, text in files.items():
        (package / f"{name}.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield tmp_path
    for name in [name for name in sys.modules if name.partition(".")[0] == "ownshop"]:
        del sys.modules[name]


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("ownshap.models:Order", "no module ownshap; did you mean ownshop?"),
        ("ownshop.model:Order", "no module ownshop.model; did you mean ownshop.models?"),
        (
            "qqqq:Order",
            "no module qqqq in {folder} or on Python's path; start serbench where it lies, or set PYTHONPATH",
        ),
        ("ownshop.models:Ordr", "no Ordr in ownshop.models; did you mean Order?"),
        ("ownshop.models:Zzz", "no Zzz in ownshop.models; classes in it: Inner, Order"),
        ("ownshop.models:Inner.Dep", "no Dep in Inner; did you mean Deep?"),
        ("ownshop:Order", "no Order in ownshop; it has no classes"),
        ("ownshop.models:helper", "ownshop.models:helper is a function, and a dataclass, "),
        ("ownshop.models:answer", "ownshop.models:answer is no class, and a dataclass, "),
        ("ownshop.models:Order", "ownshop.models:Order is a class of another sort, and a dataclass, "),
        ("ownshop.needs:Order", "ownshop.needs needs no_such_library_at_all, which is not installed"),
        ("ownshop.raises:Order", "ownshop.raises raised ValueError: no while it was imported"),
        ("ownshop.ends:Order", "ownshop.ends raised SystemExit: 3 while it was imported"),
    ],
)
def test_what_cannot_be_measured_is_told_in_one_line(shop, place, reason):
    """What, where, and what to do."""
    with pytest.raises(UsageError) as caught:
        load(place)
    assert str(caught.value).startswith(reason.format(folder=shop))
    assert "\n" not in str(caught.value)


def test_a_missing_library_is_told_with_the_command(monkeypatch):
    """The other ways stay."""
    ways = {each.name: each for each in load("own_classes:Order")}
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "cattrs" else object())
    assert "cattrs is not installed; pip install 'serbench[cattrs]'" == ways["Order-cattrs"].unavailable
    assert "" == ways["Order-msgspec"].unavailable


def test_the_message_of_the_samples_is_one():
    """Every class here has its fields."""
    assert {*MESSAGE, "note"} == set(own_classes.names(own_classes.Order))
