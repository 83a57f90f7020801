"""`.proto` files and descriptor sets, with messages as JSON or binary."""

from __future__ import annotations

import shutil
import sys
from dataclasses import replace

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet

from serbench.codecs.protobuf import CODECS
from serbench.errors import MissingLibrary, UnknownName, UnusableFile, UsageError
from serbench.payloads.files import descriptors, proto, sources
from serbench.payloads.files.base import Reading
from serbench.payloads.files.load import load
from serbench.schema import spool
from serbench.schema.types import List, Map, Scalar, record

pytest.importorskip("grpc_tools", reason="reading .proto takes grpcio-tools")

ORDER = """\
syntax = "proto3";
package shop;
import "shop/money.proto";
import "google/protobuf/timestamp.proto";
enum State { NEW = 0; PAID = 1; }
message Order {
  message Item { string sku = 1; sint32 count = 2; fixed64 id = 7; }
  int64 id = 1;
  optional string note = 2;
  repeated Item items = 3;
  map<string, Money> prices = 4;
  map<int32, string> from = 5;
  State state = 6;
  oneof pay { string card = 8; bool cash = 9; }
  google.protobuf.Timestamp at = 10;
  float score = 11;
  repeated uint32 class = 12 [packed = false];
}
"""
MONEY = 'syntax = "proto3";\npackage shop;\nmessage Money { int64 units = 1; string currency = 2; }\n'
TREE = 'syntax = "proto3";\nmessage Tree { repeated Tree kids = 1; }\nmessage Flags { map<bool, int32> by = 1; }\n'
LINES = """\
{"id":"7","note":"x","items":[{"sku":"a","count":-1,"id":9}],"prices":{"eur":{"units":5}},"from":{"3":"y"},\
"state":"PAID","cash":true,"at":"2026-01-01T00:00:00Z","score":0.5,"class":[1,2]}
{"id":1}
"""
PLAIN = (
    {
        "id": 7,
        "note": "x",
        "items": [{"sku": "a", "count": -1, "id": 9}],
        "prices": {"eur": {"units": 5, "currency": ""}},
        "from": {3: "y"},
        "state": 1,
        "cash": True,
        "at": {"seconds": 1767225600, "nanos": 0},
        "score": 0.5,
        "class": [1, 2],
    },
    {"id": 1, "items": [], "prices": {}, "from": {}, "state": 0, "score": 0.0, "class": []},
)


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """A project with two `.proto` files and messages, which is the current folder."""
    (tmp_path / "shop").mkdir()
    for name, text in {
        "shop/order.proto": ORDER,
        "shop/money.proto": MONEY,
        "tree.proto": TREE,
        "orders.ndjson": LINES,
        "one.bin": "\x08\x07",
        "broken.pb": "\x08",
        "other.bin": "\xa0\x06\x07",
        "money.json": '{"units": "5", "curency": "EUR"}',
        "bad.ndjson": '{"id": 1}\n{"id": "x"}\n{"id": 2}\n',
        "notes.txt": "",
    }.items():
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def loaded(word, message="", *data, **options):
    """A payload of a described type."""
    return load(word, reading=Reading(message=message, data=data, **options))


@pytest.mark.usefixtures("shop")
def test_a_proto_says_what_messages_are_and_data_where_they_are():
    """Imports are found from a folder above; the only message of the file need not be named."""
    packed, info = loaded("shop/order.proto", "", "orders.ndjson")
    assert PLAIN == packed.payload.instances
    assert ("order", "shop.Order from orders.ndjson", "shop/order.proto") == (info.name, info.title, info.origin)


@pytest.mark.usefixtures("shop")
def test_the_schema_is_the_types_own():
    """Numbers, widths and presence as the `.proto` has them."""
    root = loaded("shop/order.proto", "shop.Order", "orders.ndjson")[0].payload.schema.root
    by_name = {field.name: field for field in root.fields}
    assert [*range(1, 7), *range(8, 13)] == [field.number for field in root.fields]
    assert {"note", "card", "cash", "at"} == {field.name for field in root.fields if field.optional}
    item = record("OrderItem", sku=Scalar.STRING, count=Scalar.INT32, id=Scalar.UINT64)
    assert [(field.name, field.type) for field in item.fields] == [
        (field.name, field.type) for field in by_name["items"].type.item.fields
    ]
    assert [1, 2, 7] == [field.number for field in by_name["items"].type.item.fields]
    assert Map(Scalar.INT32, Scalar.STRING) == by_name["from"].type
    assert (Scalar.INT32, Scalar.FLOAT32) == (by_name["state"].type, by_name["score"].type)
    assert List(Scalar.UINT32) == by_name["class"].type


def test_a_nested_message_is_one_as_well(shop):
    """By its full name."""
    (shop / "item.json").write_text('{"sku": "a"}')
    packed, _ = loaded("shop/order.proto", "shop.Order.Item", "item.json")
    assert ({"sku": "a", "count": 0, "id": 0},) == packed.payload.instances


def test_binary_messages_are_a_file_each(shop):
    """One, or those of a folder, or several."""
    assert 7 == loaded("shop/order.proto", "shop.Order", "one.bin")[0].payload.instances[0]["id"]
    (shop / "many").mkdir()
    for n in (1, 2):
        (shop / "many" / f"{n}.binpb").write_bytes(b"\x08" + bytes([n]))
    instances = loaded("shop/order.proto", "shop.Order", "many", "one.bin")[0].payload.instances
    assert [1, 2, 7] == [one["id"] for one in instances]


def test_a_descriptor_set_does_the_same(shop):
    """Also one without protobuf's own files."""
    whole = proto._compiled(sources.find("shop/order.proto")[0])
    short = FileDescriptorSet(file=[f for f in FileDescriptorSet.FromString(whole).file if "google" not in f.name])
    for name, data in (("whole.desc", whole), ("short.protoset", short.SerializeToString())):
        (shop / name).write_bytes(data)
        assert PLAIN == loaded(name, "shop.Order", "orders.ndjson")[0].payload.instances


def test_proto2_is_read_with_its_own_presence(shop):
    """Required is always there, optional may be absent, whatever its default; a group is a message."""
    (shop / "old.proto").write_text(
        'syntax = "proto2";\nmessage A { required int32 b = 1; optional int32 d = 3 [default = 5]; '
        "optional group G = 2 { optional int32 z = 1; } repeated string s = 4; }\n"
    )
    (shop / "a.json").write_text('{"b": 1, "g": {"z": 2}}')
    packed, _ = loaded("old.proto", "", "a.json")
    assert ({"b": 1, "s": [], "g": {"z": 2}},) == packed.payload.instances
    assert [("b", 1, False), ("d", 3, True), ("g", 2, True), ("s", 4, False)] == [
        (field.name, field.number, field.optional) for field in packed.payload.schema.root.fields
    ]


@pytest.mark.usefixtures("shop")
def test_names_that_python_has_not_are_renamed_for_it_alone():
    """The plain value has the type's own names, and what is on the wire has none."""
    kind = descriptors.find(proto._compiled(sources.find("shop/order.proto")[0]), "x", "shop.Order")
    message = kind.message(f_from={3: "y"}, f_class=[1])
    assert b"\x2a\x05\x08\x03\x12\x01y" + b"\x60\x01" == message.SerializeToString()
    assert "google/protobuf/timestamp.proto" in {file.name for file in FileDescriptorSet.FromString(kind.files).file}


@pytest.mark.usefixtures("shop")
def test_the_type_itself_goes_to_the_workers(tmp_path):
    """With its name and its files; another type is another payload, whatever the messages; protobuf uses that type."""
    packed, _ = loaded("shop/order.proto", "shop.Order", "orders.ndjson")
    packed.write(tmp_path / "0.ndjson")
    payload = spool.read(tmp_path / "0.ndjson")
    assert ("shop.Order", packed.payload) == (
        payload.described.name,
        replace(payload, instances=tuple(payload.instances)),
    )
    bound = CODECS[0].bind(payload)
    messages = [bound.build(one) for one in payload.instances]
    assert list(PLAIN) == [bound.convert(bound.decode(bound.encode(message))) for message in messages]
    item = b"\x1a\x0e\x0a\x01a\x10\x01\x39\x09" + b"\0" * 7  # zigzag and fixed, as the type has it
    assert item in bound.encode(messages[0])
    again = spool.pack("order", payload.schema, map(spool.encode, payload.instances))
    assert again.payload.digest != payload.digest


@pytest.mark.usefixtures("shop")
def test_bad_lines_of_data_are_left_out_where_that_was_asked_for():
    """And told else."""
    with pytest.raises(UnusableFile, match=r"bad\.ndjson: line 2: no shop\.Order in JSON: "):
        loaded("shop/order.proto", "shop.Order", "bad.ndjson")
    packed, info = loaded("shop/order.proto", "shop.Order", "bad.ndjson", skip_bad=True)
    assert [1, 2] == [one["id"] for one in packed.payload.instances]
    assert info.title.endswith("; 1 is no message and left out, the first at line 2")


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(
    ("asked", "error", "complaint"),
    [
        (
            (
                "shop/order.proto",
                "",
            ),
            UsageError,
            "shop/order.proto: says what a message is and has none; name a file of them",
        ),
        (
            (
                "shop/order.proto",
                "Ordr",
                "one.bin",
            ),
            UnknownName,
            "unknown message 'Ordr'; did you mean shop.Order?",
        ),
        (
            (
                "tree.proto",
                "",
                "one.bin",
            ),
            UsageError,
            "tree.proto: several messages; name one with --message: Flags, Tree",
        ),
        (
            (
                "tree.proto",
                "Tree",
                "one.bin",
            ),
            UnusableFile,
            "tree.proto: Tree contains itself (kids), which no schema",
        ),
        (
            (
                "tree.proto",
                "Flags",
                "one.bin",
            ),
            UnusableFile,
            "tree.proto: by: a map by bool has no schema",
        ),
        (
            (
                "shop/money.proto",
                "",
                "money.json",
            ),
            UnusableFile,
            "money.json: no shop.Money in JSON: Message type",
        ),
        (
            (
                "shop/order.proto",
                "",
                "broken.pb",
            ),
            UnusableFile,
            "broken.pb: no shop.Order in protobuf's encoding: ",
        ),
        (
            (
                "shop/order.proto",
                "",
                "other.bin",
            ),
            UnusableFile,
            "other.bin: it has a field 100 that shop.Order has not",
        ),
        (
            (
                "shop/order.proto",
                "",
                "notes.txt",
            ),
            UnusableFile,
            "notes.txt: a file of --data ends in one of .json, ",
        ),
        (
            (
                "shop/order.proto",
                "",
                "none.json",
            ),
            UnusableFile,
            "none.json: No such file or directory",
        ),
        (
            ("shop/order.proto", "", "one.bin", "orders.ndjson"),
            UnusableFile,
            "one.bin: messages of several kinds: 1 .bin, 1 .ndjson; name one kind",
        ),
        (
            (
                "shop",
                "",
                "one.bin",
            ),
            UnusableFile,
            "shop/money.proto: one of 2 .proto in a folder",
        ),
    ],
)
def test_what_does_not_fit_is_one_line(asked, error, complaint):
    """With the file, and the nearest name."""
    with pytest.raises(error) as caught:
        loaded(*asked)
    assert str(caught.value).startswith(complaint)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (
            'import "x/none.proto";\nmessage A { x.B b = 1; }',
            "broken.proto: line 2: imports x/none.proto, which is not there",
        ),
        ("message A { int32 b  1; }", "broken.proto: not proto at line 2, column "),
        ('import "tree2.proto";', "tree2.proto: not proto at line 1, column "),
        ("", "broken.proto: no message in it; name a file that has one"),
    ],
)
def test_a_proto_that_protoc_does_not_take_is_one_line(shop, text, complaint):
    """With the file, line and column that protoc tells."""
    (shop / "broken.proto").write_text(f'syntax = "proto3";\n{text}\n')
    (shop / "tree2.proto").write_text("massage A {}\n")
    with pytest.raises(UnusableFile) as caught:
        loaded("broken.proto", "", "one.bin")
    assert str(caught.value).removeprefix(f"{shop}/").startswith(complaint)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (b"", "x.desc: no descriptor set; make one with protoc --include_imports"),
        (b"xx", "x.desc: no descriptor set; make one with protoc --include_imports"),
        (
            FileDescriptorSet(file=[{"name": "a.proto", "dependency": ["b.proto"]}]).SerializeToString(),
            "x.desc: a.proto needs b.proto, which is not in it; use --include_imports",
        ),
        (
            FileDescriptorSet(file=[{"name": "a.proto", "dependency": ["a.proto"]}]).SerializeToString(),
            "x.desc: a.proto imports itself",
        ),
    ],
)
def test_a_descriptor_set_that_is_none_or_not_whole_is_one_line(shop, data, complaint):
    """With what makes a whole one."""
    (shop / "x.desc").write_bytes(data)
    with pytest.raises(UnusableFile) as caught:
        loaded("x.desc", "", "one.bin")
    assert str(caught.value).startswith(complaint)


@pytest.mark.usefixtures("shop")
def test_without_protoc_the_command_that_installs_it_is_told(monkeypatch):
    """One that is on the path is as good."""
    monkeypatch.setitem(sys.modules, "grpc_tools", None)
    monkeypatch.setattr(proto, "find_spec", lambda _: None)
    monkeypatch.setattr(shutil, "which", lambda _: None)
    with pytest.raises(
        MissingLibrary, match=r"order\.proto: reading \.proto takes protoc; pip install 'serbench\[proto\]'"
    ):
        loaded("shop/order.proto", "", "one.bin")
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/protoc")
    assert ["/usr/bin/protoc"] == proto._protoc(sources.find("shop/order.proto")[0])
