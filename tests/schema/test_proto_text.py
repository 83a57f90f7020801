"""The text of a `.proto` file, as protobuf's own compiler and JSON take it."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory, struct_pb2
from grpc_tools import protoc
from hypothesis import given
from printing import schema_of
from schema_samples import EVERY, ODD
from shapes import JSON_VALUES
from wild import FEATURES, ISSUES, KEYS, OPENAPI, WILD

from serbench.errors import UnsupportedPayload
from serbench.schema.languages import fitted, get
from serbench.schema.names import lower_camel
from serbench.schema.proto_names import in_camel_case
from serbench.schema.proto_text import VALUE, to_proto
from serbench.schema.types import List, Scalar, Schema, record, records_of

STRUCT_FILE = Path(str(resources.files("grpc_tools"))) / "_proto"
LINE = r' +.*?(\w+) = (\d+)(?: \[json_name = "(.*)"\])?;(?:  // (.*))?$'
ISSUE_TEXT = """\
syntax = "proto3";

package serbench.issue;

import "google/protobuf/struct.proto";

message Issue {
  int64 id = 1;  // 2,000,000,000,001 to 2,000,000,000,030
  int32 number = 2;  // 1 to 30
  User user = 3;
  optional User assignee = 4;  // null in 20
  repeated User assignees = 5;
  repeated Label labels = 6;
  IssueState state = 7;
  google.protobuf.Value milestone = 8;  // always null, so its type is not known
  string created_at = 9;  // RFC 3339 times
  optional string closed_at = 10;  // null in 20; RFC 3339 times
  Reactions reactions = 11;
  optional bool draft = 12;  // in 6 of 30
}

message Reactions {
  int32 f_1 = 1 [json_name = "+1"];  // always 1
  int32 f_1_2 = 2 [json_name = "-1"];  // always 0
  int32 total_count = 3;  // always 1
}

message Label {
  int32 id = 1;  // 1 to 30
  LabelName name = 2;
  bool default = 3;
}

// Of user, assignee, assignees[].
message User {
  string login = 1;
  int32 id = 2;  // 7 to 8
  string url = 3;  // URLs
  string type = 4;  // always "User"
  bool site_admin = 5;
}

enum LabelName {
  LABEL_NAME_UNSPECIFIED = 0;
  LABEL_NAME_BUG = 1;  // "bug"
  LABEL_NAME_FEATURE = 2;  // "feature"
}

enum IssueState {
  ISSUE_STATE_UNSPECIFIED = 0;
  ISSUE_STATE_OPEN = 1;  // "open"
  ISSUE_STATE_CLOSED = 2;  // "closed"
}
"""


def compiled(text: str, folder: Path) -> Any:
    """The classes of a text's messages, by their names; protoc has not even a warning for it."""
    (folder / "message.proto").write_text(text, encoding="utf-8")
    out = folder / "message.desc"
    arguments = [f"-I{folder}", f"-I{STRUCT_FILE}", f"--descriptor_set_out={out}", "--fatal_warnings", "message.proto"]
    assert 0 == protoc.main(["protoc", *arguments])
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(struct_pb2.DESCRIPTOR.serialized_pb)
    (file,) = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file
    pool.Add(file)
    made = message_factory.GetMessageClassesForFiles(["message.proto"], pool)
    return {name.rpartition(".")[2]: one for name, one in made.items()}


def test_a_document_is_what_an_engineer_would_write():
    """One user for all places, labels in the singular, comments, enums as asked for, and what is not known."""
    assert ISSUE_TEXT == to_proto(schema_of(ISSUES, "Issue", enums=16, comments=True))


@pytest.mark.parametrize("enums", [0, 16])
@pytest.mark.parametrize("name", WILD)
def test_protoc_takes_documents_of_the_wild(name, enums, tmp_path):
    """Without a warning, the root among its messages."""
    schema = fitted(schema_of(WILD[name], "Document", enums=enums, comments=True), get("proto"))
    assert schema.root.name in compiled(to_proto(schema), tmp_path)


@pytest.mark.parametrize("schema", EVERY.values(), ids=EVERY)
def test_protoc_takes_it(schema, tmp_path):
    """Every schema of the samples, unions among them."""
    compiled(to_proto(schema), tmp_path)


@given(JSON_VALUES)
def test_protoc_takes_any_json_value(tmp_path_factory, value):
    """Or it is refused."""
    schema = fitted(schema_of([value, value], "Any", enums=16, comments=True), get("proto"))
    try:
        text = to_proto(schema)
    except UnsupportedPayload:
        return
    if not any("\0" in field.name for one in records_of(schema) for field in one.fields):
        compiled(text, tmp_path_factory.mktemp("any"))


@pytest.mark.parametrize("message", [*ISSUES[:3], {key: n for key, n in KEYS.items() if key}, OPENAPI["components"]])
def test_messages_come_back_through_protobufs_json(message, tmp_path):
    """Every key by its rule: the stated JSON name, else the field's own. What is null is absent."""
    schema = schema_of([message], "Document")
    kind = compiled(to_proto(schema), tmp_path)["Document"]
    data = json_format.ParseDict(message, kind()).SerializeToString()
    assert told(message) == plain(kind.FromString(data), camel=in_camel_case(records_of(schema)))


def told(value: Any) -> Any:
    """A message as it is to come back: without what no type can be seen of."""
    match value:
        case dict():
            return {key: told(item) for key, item in value.items() if item not in (None, [])}
        case list():
            return [told(item) for item in value]
    return value


def plain(message: Any, *, camel: bool) -> Any:
    """The plain value of a message."""
    found = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.message_type and field.message_type.full_name == VALUE:
            continue
        if field.is_repeated:
            value = [plain(item, camel=camel) if field.message_type else item for item in value]
        elif field.message_type:
            value = plain(value, camel=camel)
        stated = field.json_name != lower_camel(field.name)
        if field.is_repeated or not field.has_presence or message.HasField(field.name):
            found[field.json_name if camel or stated else field.name] = value
    return found


def test_a_union_is_a_oneof():
    """Named by its types, or after its field where these are many; each type has a field."""
    text = to_proto(schema_of([{"status": 1}, {"status": "x"}, {"status": [1]}]))
    assert "  ListOfInt32OrInt32OrString status = 1;" in text
    assert (
        "  oneof value {\n    ListOfInt32 list_value = 1;\n    int32 int32_value = 2;\n    string string_value = 3;"
        in text
    )
    assert "  repeated CoordinatesValue coordinates = 2;" in to_proto(schema_of([FEATURES]))


def test_numbers_of_two_kinds_are_doubles():
    """JavaScript writes 2.0 as 2."""
    assert "double a = 1;" in to_proto(schema_of([{"a": 1}, {"a": 1.5}]))


def test_enums_of_the_same_words_have_constants_of_their_own():
    """Constants are names beside each other in protobuf."""
    messages = [{"a": {"b_c": s}, "a_b": {"c": s.upper()}} for s in ["x-y", "x y", "z"] * 10]
    text = to_proto(schema_of(messages, enums=16))
    constants = re.findall(r"^  ([A-Z_0-9]+) = ", text, re.MULTILINE)
    assert 8 == len(constants) == len(set(constants))


@pytest.mark.parametrize(
    ("kind", "complaint"),
    [
        (Scalar.BIGINT, "a: protobuf has no bigint"),
        (List(record("In", b=List(List(Scalar.BIGINT)))), "a[].b[][]: protobuf has no bigint"),
    ],
)
def test_what_has_no_form_is_refused_with_its_path(kind, complaint):
    """It is found before that; this is the last word."""
    with pytest.raises(UnsupportedPayload, match=f"^{re.escape(complaint)}$"):
        to_proto(Schema("Root", record("Root", a=kind)))


def test_a_root_that_is_no_record_is_refused():
    """Protobuf has messages only."""
    with pytest.raises(UnsupportedPayload, match="this payload's root is no record"):
        to_proto(Schema("Root", List(Scalar.INT32)))


def test_every_name_can_be_told_again():
    """By its JSON name, or by the field's own."""
    root = to_proto(ODD).partition("message None {\n")[2].partition("}\n")[0]
    told_names = {}
    for line in root.splitlines():
        word, number, stated, note = re.match(LINE, line).groups()
        told_names[int(number)] = "" if note == 'its key is ""' else word if stated is None else stated
    plain = {field.number: field.name for field in ODD.root.fields if field.number != 1}
    assert plain == {number: name for number, name in told_names.items() if number != 1}


def test_a_package_of_ones_own():
    """As it is asked for."""
    assert "\npackage shop.v1;\n" in to_proto(Schema("Root", record("Root", a=Scalar.BOOL)), "shop.v1")
