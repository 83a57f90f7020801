"""Languages of schemas: all of them, on documents of the wild, with their own compilers."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import fastavro
import jsonschema
import msgspec
import pytest
import thriftpy2
from compilers import compiler, run
from hypothesis import given
from printing import schema_of
from schema_samples import EVERY
from shapes import JSON_VALUES
from wild import ISSUES, LOGS, WILD

from serbench.errors import UnknownName
from serbench.schema.languages import fitted, get, known, written
from serbench.schema.types import Enum, List, Map, Record, Scalar, Schema, Union, record, records_of

DOCUMENTS = [(name, enums) for name in WILD for enums in (0, 16)]


def text_of(language: str, schema: Schema) -> str:
    """The text of a schema; nothing in it has no form."""
    text, found = written(schema, get(language))
    assert () == found
    return text


def document(name: str, enums: int) -> Schema:
    """The schema of a document of the wild."""
    return schema_of(WILD[name], "Document", enums=enums, comments=True)


def structs(text: str) -> Any:
    """The root's type of a module of structs."""
    namespace = {"__name__": "made"}
    exec(compile(text, "made", "exec", dont_inherit=True), namespace)
    return namespace[re.search(r"the root is (\w+)\.", text)[1]]


def test_there_are_seven():
    """Each is found by its module, and another name is told the nearest."""
    assert ["avro", "capnp", "flatbuffers", "jsonschema", "msgspec", "proto", "thrift"] == list(known())
    with pytest.raises(UnknownName, match="unknown schema language 'thrif'; did you mean thrift"):
        get("thrif")


@pytest.mark.parametrize("document_of", DOCUMENTS, ids=str)
def test_flatc_takes_documents_of_the_wild(document_of, tmp_path):
    """Code can be generated from it."""
    (tmp_path / "message.fbs").write_text(text_of("flatbuffers", document(*document_of)), encoding="utf-8")
    run(compiler("flatc"), "--python", "--cpp", "message.fbs", cwd=tmp_path)
    assert list(tmp_path.glob("*_generated.h"))


@pytest.mark.parametrize("document_of", DOCUMENTS, ids=str)
def test_the_compiler_of_capnp_takes_documents_of_the_wild(document_of, tmp_path):
    """Code can be generated from it."""
    (tmp_path / "message.capnp").write_text(text_of("capnp", document(*document_of)), encoding="utf-8")
    assert run(compiler("capnp"), "compile", "-o-", "message.capnp", cwd=tmp_path)


@pytest.mark.parametrize("document_of", DOCUMENTS, ids=str)
def test_compilers_of_thrift_take_documents_of_the_wild(document_of, tmp_path):
    """Apache's program, and thriftpy2."""
    text = text_of("thrift", document(*document_of))
    thriftpy2.load_fp(io.StringIO(text), f"{document_of[0]}_{document_of[1]}_wild_thrift")
    (tmp_path / "message.thrift").write_text(text, encoding="utf-8")
    run(compiler("thrift"), "--gen", "py", "message.thrift", cwd=tmp_path)


@pytest.mark.parametrize("document_of", DOCUMENTS, ids=str)
def test_documents_of_the_wild_fit_their_json_schema(document_of):
    """The schema is one, and every message is valid."""
    parsed = json.loads(text_of("jsonschema", document(*document_of)))
    jsonschema.Draft202012Validator.check_schema(parsed)
    for message in WILD[document_of[0]]:
        jsonschema.Draft202012Validator(parsed).validate(message)


@pytest.mark.parametrize("document_of", DOCUMENTS, ids=str)
def test_documents_of_the_wild_come_back_through_structs(document_of):
    """Msgspec checks their types, enums among them, and 1 is 1.0 where both were seen."""
    decoder = msgspec.json.Decoder(structs(text_of("msgspec", document(*document_of))))
    for message in WILD[document_of[0]]:
        assert message == msgspec.to_builtins(decoder.decode(msgspec.json.encode(message)))


@pytest.mark.parametrize("document_of", DOCUMENTS, ids=str)
def test_fastavro_takes_documents_of_the_wild(document_of):
    """It parses the schema, and a name stands for each enum."""
    schema = document(*document_of)
    parsed = json.loads(text_of("avro", schema))
    fastavro.parse_schema(parsed)
    enums = {one.name for record in records_of(schema) for field in record.fields for one in _enums(field.type)}
    assert len(enums) == json.dumps(parsed).count('"symbols"')


def _enums(kind: Any) -> list[Enum]:
    match kind:
        case Enum():
            return [kind]
        case List(inner) | Map(_, inner):
            return _enums(inner)
        case Union(options):
            return [enum for option in options for enum in _enums(option)]
    return []


def test_issues_are_written_by_avro():
    """With their enums as symbols."""
    schema = fastavro.parse_schema(json.loads(text_of("avro", schema_of(ISSUES, "Issue", enums=16))))
    reactions = {"f__1": 1, "f__1_2": 0, "total_count": 1}
    out = io.BytesIO()
    for issue in ISSUES:
        fastavro.schemaless_writer(out, schema, {**issue, "reactions": reactions}, strict_allow_default=True)
    assert out.tell()


def test_every_value_of_an_enum_is_told():
    """Where a language has no such name for it, beside the name that it has."""
    values = ("in-progress", "in progress", "2nd", "done", "DONE", "AWSCall")
    messages = [{"state": values[n % 6]} for n in range(60)]
    schema = schema_of(messages, "Task", enums=16)
    texts = {name: text_of(name, schema) for name in known()}
    for value in values:
        quoted = json.dumps(value)
        assert [] == [name for name, text in texts.items() if quoted not in text and repr(value) not in text]
    assert '"in_progress2": "in progress"' in texts["avro"]
    assert 'IN_PROGRESS2 = 2,  // "in progress"' in texts["thrift"]
    assert 'inProgress2 @1;  # "in progress"' in texts["capnp"]
    assert 'AWS_CALL = 6,  // "AWSCall"' in texts["thrift"]
    assert 'X_2ND,  // "2nd"' in texts["flatbuffers"]
    assert 'TASK_STATE_2ND = 3;  // "2nd"' in texts["proto"]


@pytest.mark.parametrize("language", known())
def test_what_cannot_be_expressed_is_found_in_all_its_places(language):
    """Each once, with its path; a text is then not even begun."""
    wide = 1 << 64
    schema = schema_of([{"a": wide, "b": [{"c": wide, "d": {"e": [[wide]]}}]}, {"x\ud800": 1}])
    text, found = written(schema, get(language))
    paths = [] if language in ("jsonschema", "msgspec") else ["a", "b[].c", "b[].d.e[][]"]
    assert "" == text
    assert [*paths, "(root)"] == [finding.path for finding in found]
    assert all(str(finding).endswith(("leave them out", "rename it")) for finding in found)


def test_integers_over_63_bits_are_found_where_integers_have_a_sign():
    """Where they were seen; a stated type of 64 bits says nothing of its values."""
    schema = schema_of([{"a": 1 << 63}])
    refused = {name for name, language in known().items() if written(schema, language)[1]}
    assert {"avro", "thrift"} == refused
    assert [] == [name for name, language in known().items() if written(schema, language, stated=True)[1]]


def test_keys_that_cannot_be_told_are_found():
    """Too long for a compiler, or with what a language has no escape for."""
    assert [] != [*written(schema_of([{"x" * 2000: 1}]), get("thrift"))[1]]
    assert () == written(schema_of([{"x" * 2000: 1}]), get("jsonschema"))[1]
    assert "it has a NUL" in str(written(schema_of([{"a\0": 1}]), get("proto"))[1][0])
    assert "no quotes" in str(written(schema_of([{'a"': 1}]), get("msgspec"))[1][0])


def test_what_else_a_language_refuses_is_a_finding():
    """As it says itself."""
    schema = Schema("Root", record("Root", a=Union((Scalar.STRING, Scalar.BYTES))))
    (finding,) = written(schema, get("msgspec"))[1]
    assert "a: msgspec cannot tell text and bytes of a union apart" in str(finding)


@pytest.mark.parametrize("root", [List(Scalar.INT32), Map(Scalar.STRING, Scalar.INT32), Scalar.STRING])
def test_a_root_that_is_no_record_is_a_field(root):
    """Where a language needs it so."""
    schema = Schema("Root", root)
    made = fitted(schema, get("thrift")).root
    assert (Record, "Root", "values", root) == (type(made), made.name, made.fields[0].name, made.fields[0].type)
    assert root == fitted(schema, get("avro")).root


def test_what_is_always_null_has_an_empty_record_in_its_place():
    """Its name is no other's; a null beside another type is none of these."""
    parts = {
        "unknown": record("Unknown", a=Scalar.NULL),
        "b": List(Scalar.NULL),
        "c": Union((Scalar.NULL, Scalar.BOOL)),
    }
    made = fitted(Schema("Root", record("Root", **parts)), get("capnp")).root
    stand_in = made.fields[0].type.fields[0].type
    assert ("Unknown2", ()) == (stand_in.name, stand_in.fields)
    assert List(stand_in) == made.fields[1].type
    assert parts["c"] == made.fields[2].type
    assert made.fields[0].type.fields[0].optional


@given(JSON_VALUES)
def test_any_json_value_has_a_text_or_findings(value):
    """In every language, and never both; in Avro, JSON and Python it is what it is to be."""
    schema = schema_of([value, value], "Any", enums=16, comments=True)
    texts = {name: written(schema, language) for name, language in known().items()}
    assert all(bool(text) != bool(found) for text, found in texts.values())
    jsonschema.Draft202012Validator(json.loads(texts["jsonschema"][0])).validate(value)
    if texts["avro"][0]:
        fastavro.parse_schema(json.loads(texts["avro"][0]))
    if texts["msgspec"][0]:
        structs(texts["msgspec"][0])


@pytest.mark.parametrize("schema", EVERY.values(), ids=EVERY)
def test_packages_are_asked_for(schema):
    """In every language that has them."""
    for name, language in known().items():
        text = written(schema, language, "shop.v1" if language.packages else "", stated=True)[0]
        assert language.packages == ("shop.v1" in text), name


def test_logs_are_records_with_a_choice():
    """`status` is a number or a text, `ms` is any number."""
    root = schema_of(LOGS, "Log").root
    kinds = {field.name: field.type for field in root.fields}
    assert Union((Scalar.INT32, Scalar.STRING)) == kinds["status"]
    assert Scalar.FLOAT64 is kinds["ms"]
