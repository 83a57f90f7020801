"""The `.thrift` text of a schema."""

from __future__ import annotations

import io
import re

import pytest
import thriftpy2
from compilers import compiler, run
from schema_samples import EVERY, ODD, SHAPE, UNCARRIED, UNION

from serbench.errors import UnsupportedPayload
from serbench.schema.thrift import MOST_NUMBER, to_thrift
from serbench.schema.types import Enum, Field, List, Record, Scalar, Schema, record

TEXT = """\
// The message is Shape, the last struct.

namespace * serbench.shape

struct Point {
  1: required double x;
  2: optional double y;
}

struct Shape {
  1: required string name;
  2: required list<list<Point>> rings;
  3: required map<i64, list<Point>> by_id;  // unsigned, under 2**63
  4: optional string note;
  5: optional Point centre;
  6: optional list<string> tags;
  7: required i64 f_from (name = "from");
  8: required list<binary> parts;
}
"""


def test_the_text_is_thrift():
    """Structs after those that they use; presence, widths and names that differ stand as Thrift writes them."""
    assert to_thrift(SHAPE) == TEXT


@pytest.mark.parametrize("schema", EVERY.values(), ids=EVERY)
def test_thriftpy2_takes_it(schema, request):
    """The library's own parser finds every struct, and the root among them."""
    text = to_thrift(schema)
    module = thriftpy2.load_fp(
        io.StringIO(text), f"{request.node.callspec.id}_thrift"
    )  # it keeps what it loaded by that name
    root = getattr(module, re.match(r"// The message is (\w+),", text)[1])
    assert {field.number for field in schema.root.fields} == set(root.thrift_spec)


@pytest.mark.parametrize("schema", EVERY.values(), ids=EVERY)
def test_apaches_compiler_takes_it(schema, tmp_path):
    """Code can be generated from it."""
    (tmp_path / "message.thrift").write_text(to_thrift(schema), encoding="utf-8")
    run(compiler("thrift"), "--gen", "py", "message.thrift", cwd=tmp_path)
    assert list(tmp_path.glob("gen-py/**/ttypes.py"))


def test_every_name_can_be_told_again():
    """A name that Thrift does not take stands in an annotation, unchanged."""
    root = to_thrift(ODD).rpartition("struct ")[2]
    lines = [re.match(r' +(\d+): \w+ \w+ (\w+)(?: \(name = "(.*)"\))?;$', line) for line in root.splitlines()[1:-1]]
    escaped = {"t": "\t", "n": "\n"}
    told = {
        int(line[1]): line[2] if line[3] is None else re.sub(r"\\(.)", lambda m: escaped.get(m[1], m[1]), line[3])
        for line in lines
    }
    assert {field.number: field.name for field in ODD.root.fields} == told


def test_a_union_has_a_name_for_each_type():
    """It is one for each set of types, and its null makes the field optional."""
    text = to_thrift(UNION)
    assert "union Int64OrStringOrListOfFloat64OrPart {\n  1: i64 int64Value;\n  2: string stringValue;\n" in text
    assert "  1: optional Int64OrStringOrListOfFloat64OrPart value;\n  2: required list<Int64OrString> items;" in text


@pytest.mark.parametrize(("kind", "complaint"), UNCARRIED)
def test_what_has_no_form_is_refused_with_its_path(kind, complaint):
    """Such a payload is skipped with the place that says why."""
    with pytest.raises(UnsupportedPayload, match=f"^{re.escape(complaint.format('thrift has'))}$"):
        to_thrift(Schema("Root", record("Root", a=kind)))


def test_a_root_that_is_no_record_is_refused():
    """Thrift sends structs only."""
    with pytest.raises(UnsupportedPayload, match="thrift has structs only, and this payload's root is no record"):
        to_thrift(Schema("Root", List(Scalar.INT32)))


def test_a_field_number_over_16_bits_is_refused():
    """The compiler would take it modulo 2**16, or not at all."""
    for number, refused in ((MOST_NUMBER, False), (MOST_NUMBER + 1, True)):
        schema = Schema("Root", Record("Root", (Field(name="a", type=Scalar.BOOL, number=number),)))
        if refused:
            with pytest.raises(UnsupportedPayload, match="a: thrift has no field number 32768"):
                to_thrift(schema)
        else:
            assert f"{number}: required bool a;" in to_thrift(schema)


def test_namespaces_and_constants_are_no_words_of_the_compilers():
    """These are read before anything else."""
    kind = Enum(name="Kind", values=("begin", "end", "END_"))
    schema = Schema("Struct", record("Struct", kind=kind))
    text = to_thrift(schema, "shop.struct")
    thriftpy2.load_fp(io.StringIO(text), "reserved_words_thrift")
    assert "namespace * shop.struct_\n" in text
    assert ['BEGIN_ = 1,  // "begin"', 'END_ = 2,  // "end"', 'END2 = 3,  // "END_"'] == re.findall(
        r"^  (\w+ = .*)", text, re.MULTILINE
    )
