"""Schemas that bring out what languages of schemas differ in."""

from __future__ import annotations

from serbench import registry
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Union, record

S = Scalar
SCALARS = record(
    "Scalars",
    flag=S.BOOL,
    small=S.INT32,
    big=S.INT64,
    count=S.UINT32,
    id=S.UINT64,
    ratio=S.FLOAT32,
    price=S.FLOAT64,
    text=S.STRING,
    data=S.BYTES,
)
POINT = record("Point", x=S.FLOAT64, y=Optional(S.FLOAT32))
SHAPE = Schema(
    "Shape",
    record(
        "Shape",
        **{
            "name": S.STRING,
            "rings": List(List(POINT)),
            "by_id": Map(S.UINT64, List(POINT)),
            "note": Union((S.STRING, S.NULL)),
            "centre": Optional(POINT),
            "tags": Optional(List(Union((S.NULL, S.STRING)))),
            "from": S.UINT32,
            "parts": List(S.BYTES),
        },
    ),
)
UNION = Schema(
    "Choice",
    record(
        "Choice",
        value=Union((S.INT64, S.STRING, List(S.FLOAT64), record("Part", a=S.BOOL), S.NULL)),
        items=List(Union((S.INT64, S.STRING))),
    ),
)
NAMES = ("class", "from", "x-y", "x_y", "xY", "X", "end", "list", "int", "None", "größe", "", "@id", "copy", "Init")
ODD = Schema(
    "class",
    Record(
        "None",
        (
            *(Field(name=name, type=S.INT32, number=2 * n) for n, name in enumerate(NAMES, start=1)),
            Field(name="a\"'\\ \t\n{b}", type=S.STRING, number=1, optional=True),
            Field(name="Text", type=Record("Text", (Field(name="List", type=S.STRING, number=1),)), number=3),
            Field(name="Int32", type=Record("list", (Field(name="table", type=S.STRING, number=1),)), number=5),
        ),
    ),
)
EVERY = {
    "scalars": Schema("Scalars", SCALARS),
    "lists": Schema("Lists", record("Lists", **{f.name: List(List(f.type)) for f in SCALARS.fields})),
    "maps": Schema("Maps", record("Maps", **{f.name: Map(S.INT32, Map(S.STRING, f.type)) for f in SCALARS.fields})),
    "optional": Schema("Opt", record("Opt", **{f.name: Optional(f.type) for f in SCALARS.fields})),
    "empty": Schema("Empty", record("Empty", nothing=record("Nothing"))),
    "shape": SHAPE,
    "unions": UNION,
    "odd names": ODD,
    **{payload.schema.name: payload.schema for payload in registry.plug_ins("payloads")},
}
"""By a name; every language of structs has each of them."""

UNCARRIED = [
    (S.NULL, "a: {} no null"),
    (S.BIGINT, "a: {} no bigint"),
    (List(S.NULL), "a[]: {} no null"),
    (Map(S.STRING, S.BIGINT), "a.*: {} no bigint"),
    (List(record("In", b=List(List(S.BIGINT)))), "a[].b[][]: {} no bigint"),
    (Union((S.INT32, S.BIGINT)), "a: {} no bigint"),
]
"""Types of a field `a` that languages of structs have no form for, and the complaint."""
