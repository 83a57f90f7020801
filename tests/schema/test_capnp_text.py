"""The `.capnp` text of a schema, and the names in it."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from compilers import compiler, run
from hypothesis import given
from hypothesis import strategies as st
from schema_samples import EVERY, ODD, SHAPE, UNCARRIED, UNION

from serbench.errors import UnsupportedPayload
from serbench.schema.capnp import field_names, root_name, to_capnp
from serbench.schema.names import identifiers
from serbench.schema.types import List, Scalar, Schema, record

TEXT = """
struct Shape {
  name @0 :Text;
  rings @1 :List(List(Point));
  byId @2 :List(Uint64ToListOfPointEntry) $name("by_id");
  note @3 :Text;  # null where it is absent
  centre @4 :Point;  # null where it is absent
  tags @5 :List(Text);  # null where it is absent
  fFrom @6 :UInt32 $name("from");
  parts @7 :List(Data);
}

struct Uint64ToListOfPointEntry {
  key @0 :UInt64;
  value @1 :List(Point);
}

struct Point {
  x @0 :Float64;
  y :union { none @1 :Void; value @2 :Float32; }
}
"""
LOAD = """
import sys, capnp
for path, root in zip(sys.argv[1::2], sys.argv[2::2]):
    parser = capnp.SchemaParser()
    print(",".join(getattr(parser.load(path), root).schema.fieldnames))
"""


def test_the_text_is_capnp():
    """The root first; entries, null pointers, unions with none, and names as Cap'n Proto writes them."""
    head, _, rest = to_capnp(SHAPE).partition("what a field is called elsewhere\n")
    assert rest == TEXT
    assert re.match(r"@0x[89a-f][0-9a-f]{15};  # the message is Shape\n\nannotation name @0x[89a-f][0-9a-f]{15} ", head)


def test_the_texts_of_all_can_be_loaded(tmp_path):
    """The library's own parser takes each of them and finds the fields. Where it does not, it ends its process."""
    arguments, wanted = [], []
    for n, schema in enumerate(EVERY.values()):
        path = tmp_path / f"{n}.capnp"
        path.write_text(to_capnp(schema), encoding="utf-8")
        arguments += [str(path), root_name(schema)]
        fields = sorted(schema.root.fields, key=lambda field: field.number)
        wanted.append(",".join(field_names(schema.root)[field.name] for field in fields))
    done = subprocess.run(
        [sys.executable, "-c", LOAD, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert wanted == done.stdout.splitlines()


@pytest.mark.parametrize("schema", EVERY.values(), ids=EVERY)
def test_the_compiler_takes_it(schema, tmp_path):
    """Code can be generated from it."""
    (tmp_path / "message.capnp").write_text(to_capnp(schema), encoding="utf-8")
    assert run(compiler("capnp"), "compile", "-o-", "message.capnp", cwd=tmp_path)


def test_every_name_can_be_told_again():
    """A name that Cap'n Proto does not take stands in an annotation, unchanged."""
    root = to_capnp(ODD).partition("struct None {\n")[2].partition("}\n\n")[0]
    escaped = {"t": "\t", "n": "\n"}
    told = []
    for line in root.splitlines():
        stated = re.search(r'\$name\("(.*)"\)', line)
        name = re.sub(r"\\(.)", lambda m: escaped.get(m[1], m[1]), stated[1]) if stated else line.split()[0]
        told.append(name)
    assert [field.name for field in sorted(ODD.root.fields, key=lambda field: field.number)] == told


@given(st.lists(st.text(max_size=4) | st.sampled_from(["a_b", "aB", "X", "x", "x2", "copy", "fCopy"]), unique=True))
def test_names_are_unique_and_no_identifier_of_another_field(names):
    """So that a reader can be told by either of a field's two names."""
    fields = record("Any", **dict.fromkeys(names, Scalar.BOOL))
    words, known = field_names(fields), identifiers(fields)
    assert len(set(words.values())) == len(names)
    assert all(re.fullmatch("[a-z][0-9A-Za-z]*", word) for word in words.values())
    assert [name for name in names if words[name] in {known[other] for other in names if other != name}] == []


def test_names_of_pycapnps_own_are_given_to_no_field():
    """They would hide the field."""
    fields = record("Any", schema=Scalar.BOOL, which=Scalar.BOOL, copy=Scalar.BOOL)
    assert field_names(fields) == {"schema": "fSchema", "which": "fWhich", "copy": "fCopy"}


def test_the_text_is_the_same_every_time_and_its_number_another_for_another_schema():
    """Numbers of files are what Cap'n Proto tells them apart by."""
    assert to_capnp(SHAPE) == to_capnp(SHAPE)
    assert to_capnp(Schema("Other", SHAPE.root))[:19] != to_capnp(SHAPE)[:19]


def test_a_union_is_a_struct_with_one():
    """So it can be in a list too."""
    text = to_capnp(UNION)
    assert "struct Int64OrString {\n  union {\n    int64Value @0 :Int64;\n    stringValue @1 :Text;\n  }\n}" in text
    assert "items @1 :List(Int64OrString);" in text


@pytest.mark.parametrize(("kind", "complaint"), UNCARRIED)
def test_what_has_no_form_is_refused_with_its_path(kind, complaint):
    """Such a payload is skipped with the place that says why."""
    name = "Cap'n Proto has"
    with pytest.raises(UnsupportedPayload, match=f"^{re.escape(complaint.format(name))}$"):
        to_capnp(Schema("Root", record("Root", a=kind)))


def test_a_root_that_is_no_record_is_refused():
    """A root is a struct."""
    with pytest.raises(UnsupportedPayload, match="Cap'n Proto has structs only, and this payload's root is no record"):
        to_capnp(Schema("Root", List(Scalar.INT32)))
