"""Shapes of messages that bring out what codecs differ in: absent, null, empty, nested, oddly named, of many types."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from serbench.schema.spool import payload_of
from serbench.schema.types import Field, List, Map, Optional, Record, Scalar, Schema, Type, Union, record

if TYPE_CHECKING:
    from serbench.schema.payload import Payload

S = Scalar


def payload(name: str, kind: Type, *instances: Any) -> Payload:
    """A payload of these instances."""
    return payload_of(name, Schema(name.title(), kind), list(instances))


SCALARS = payload(
    "scalars",
    record(
        "Scalars",
        flag=S.BOOL,
        small=S.INT32,
        big=S.INT64,
        count=S.UINT32,
        id=S.UINT64,
        ratio=S.FLOAT32,
        price=S.FLOAT64,
        text=S.STRING,
    ),
    {
        "flag": True,
        "small": -(2**31),
        "big": -(2**63),
        "count": 2**32 - 1,
        "id": 2**64 - 1,
        "ratio": 0.5,
        "price": 1e22,
        "text": 'a\0"\\/é😀',
    },
    {"flag": False, "small": 0, "big": 0, "count": 0, "id": 0, "ratio": -0.0, "price": -0.0, "text": ""},
    {
        "flag": True,
        "small": 2**31 - 1,
        "big": 2**63 - 1,
        "count": 1,
        "id": 2**53 + 1,
        "ratio": 3.4028234663852886e38,
        "price": 5e-324,
        "text": "1",
    },
)
OPTIONAL = payload(
    "optional",
    record(
        "Optional",
        note=Optional(S.STRING),
        count=Optional(S.INT64),
        ratio=Optional(S.FLOAT64),
        flag=Optional(S.BOOL),
        tags=Optional(List(S.STRING)),
        labels=Optional(Map(S.STRING, S.STRING)),
        child=Optional(record("Child", a=Optional(S.INT32), b=Optional(List(S.INT32)))),
        children=Optional(List(record("Other", a=S.INT32))),
    ),
    {},
    {"note": "", "count": 0, "ratio": 0.0, "flag": False, "child": {}},
    {
        "note": "x",
        "count": 1,
        "ratio": 1.0,
        "flag": True,
        "tags": ["a", ""],
        "labels": {"": ""},
        "child": {"a": 0},
        "children": [{"a": 0}],
    },
    {"child": {"b": [1, 0]}},
    {"tags": [], "labels": {}, "children": [], "child": {"b": []}},
)
NESTED = payload(
    "nested",
    record(
        "Nested",
        rings=List(List(List(S.FLOAT64))),
        grids=List(Map(S.STRING, S.INT64)),
        series=Map(S.STRING, List(S.FLOAT64)),
        tables=Map(S.STRING, Map(S.STRING, record("Cell", v=S.INT64, tags=List(S.STRING)))),
        people=Map(S.STRING, record("Person", name=S.STRING, nick=Optional(S.STRING))),
        table=List(List(record("Point", x=S.FLOAT64, y=S.FLOAT64))),
    ),
    {
        "rings": [[[1.5, -0.0], []], [], [[]]],
        "grids": [{"a": 1}, {}],
        "series": {"a": [1.0, 2.0], "": []},
        "tables": {"t": {"c": {"v": 1, "tags": ["x", ""]}}, "empty": {}},
        "people": {"a": {"name": "A"}, "b": {"name": "", "nick": ""}},
        "table": [[{"x": 0.1, "y": 1e300}], []],
    },
    {"rings": [], "grids": [], "series": {}, "tables": {}, "people": {}, "table": []},
)
NAMES = payload(
    "names",
    Record(
        "Names",
        (
            Field(name="class", type=S.STRING, number=3),
            Field(name="from", type=S.INT32, number=1, optional=True),
            Field(name="x-y", type=Record("Inner", (Field(name="@id", type=S.STRING, number=1),)), number=2),
            Field(name="x_y", type=S.INT32, number=7),
            Field(name="xY", type=S.INT32, number=8),
            Field(name="self", type=List(Record("Inner", (Field(name="@id", type=S.STRING, number=1),))), number=9),
            Field(name="Clear", type=S.INT32, number=10),
            Field(name="größe", type=Map(S.STRING, List(S.BOOL)), number=11, optional=True),
            Field(name="", type=S.INT32, number=12),
            Field(name="Message", type=S.INT32, number=13),
            Field(name="values", type=S.INT32, number=15),
        ),
    ),
    {
        "class": "c",
        "from": 0,
        "x-y": {"@id": ""},
        "x_y": 1,
        "xY": 2,
        "self": [{"@id": "i"}],
        "Clear": 3,
        "größe": {"k": [True, False]},
        "": 4,
        "Message": 5,
        "values": 7,
    },
    {"class": "", "x-y": {"@id": "z"}, "x_y": 0, "xY": 0, "self": [], "Clear": 0, "": 0, "Message": 0, "values": 0},
)
BYTES = payload(
    "bytes",
    record(
        "Blob",
        data=S.BYTES,
        maybe=Optional(S.BYTES),
        parts=List(S.BYTES),
        named=Map(S.STRING, S.BYTES),
        nullable=Union((S.NULL, S.BYTES)),
    ),
    {"data": b"\xff\0", "maybe": b"", "parts": [b"", b"ab"], "named": {"a": b"\x80"}, "nullable": b"x"},
    {"data": b"", "parts": [], "named": {}, "nullable": b""},
)
NULLABLE = payload(
    "nullable",
    record(
        "Nullable",
        note=Union((S.NULL, S.STRING)),
        child=Union((record("Child", a=S.INT64), S.NULL)),
        tags=Union((S.NULL, List(S.STRING))),
        items=List(Union((S.NULL, S.INT64))),
    ),
    {"note": "", "child": {"a": 0}, "tags": [], "items": [1, 0]},
    {"note": "x", "child": {"a": 1}, "tags": ["a"], "items": []},
)
NULLS = payload(
    "nulls",
    record(
        "Nulls",
        always=S.NULL,
        note=Union((S.NULL, S.STRING)),
        maybe=Optional(Union((S.NULL, record("Child", a=S.INT64)))),
        tags=Optional(Union((List(List(S.STRING)), S.NULL))),
        mixed=Optional(Union((S.NULL, S.INT64, List(S.INT64)))),
        rows=List(Union((S.NULL, record("Row", a=Optional(Union((S.NULL, S.INT64))))))),
    ),
    {
        "always": None,
        "note": None,
        "maybe": None,
        "tags": None,
        "mixed": None,
        "rows": [None, {}, {"a": None}, {"a": 0}],
    },
    {"always": None, "note": "", "maybe": {"a": 0}, "tags": [[""], []], "mixed": [], "rows": []},
    {"always": None, "note": "", "mixed": 3, "rows": []},
    {"always": None, "note": "", "rows": []},
)
NULL_FIELDS = payload(
    "null_fields",
    record(
        "NullFields",
        always=S.NULL,
        never=Optional(S.NULL),
        count=Union((S.INT32, S.NULL)),
        ratio=Optional(Union((S.FLOAT64, S.NULL))),
        flag=Union((S.NULL, S.BOOL)),
        child=Union((S.NULL, record("NullChild", note=Union((S.NULL, S.STRING))))),
        tags=Union((List(S.STRING), S.NULL)),
        labels=Optional(Union((Map(S.STRING, S.INT64), S.NULL))),
        empty=List(S.NULL),
        rows=List(record("NullRow", id=S.INT64, size=Union((S.NULL, S.INT64)))),
    ),
    {
        "always": None,
        "never": None,
        "count": None,
        "ratio": None,
        "flag": None,
        "child": None,
        "tags": None,
        "labels": None,
        "empty": [],
        "rows": [{"id": 1, "size": None}, {"id": 2, "size": 0}],
    },
    {
        "always": None,
        "count": 0,
        "ratio": 0.0,
        "flag": False,
        "child": {"note": None},
        "tags": ["a"],
        "labels": {"a": 1},
        "empty": [],
        "rows": [],
    },
    {
        "always": None,
        "count": 1,
        "flag": True,
        "child": {"note": ""},
        "tags": [],
        "labels": {},
        "empty": [],
        "rows": [],
    },
)
NUMBERS = payload(
    "numbers",
    record(
        "Numbers",
        x=Union((S.INT64, S.FLOAT64)),
        y=Optional(Union((S.NULL, S.INT32, S.FLOAT32))),
        points=List(List(Union((S.INT32, S.FLOAT64)))),
        sizes=Map(S.STRING, Union((S.FLOAT64, S.UINT32))),
    ),
    {"x": 2**53, "y": 1, "points": [[1, 1.5], [0, -0.0]], "sizes": {"a": 1, "b": 1.0}},
    {"x": 1.0, "y": 0.5, "points": [], "sizes": {}},
    {"x": -(2**53), "points": [[], [2]], "sizes": {"": 0}},
)
INT_KEYS = payload(
    "int_keys",
    record("IntKeys", by_id=Map(S.UINT64, record("Item", n=S.STRING)), signed=Optional(Map(S.INT32, List(S.INT32)))),
    {"by_id": {0: {"n": "a"}, 2**64 - 1: {"n": "b"}}, "signed": {-1: [1], 0: []}},
    {"by_id": {}},
)
UNIONS = payload(
    "unions",
    record("Unions", value=Union((S.INT64, S.FLOAT64, S.STRING, S.BOOL, List(S.INT64), record("Part", a=S.INT64)))),
    *({"value": value} for value in (1, 1.0, "1", True, [1], {"a": 1}, 0, -0.0, "", False, [])),
)
ODD_NAME = payload(
    "odd_name",
    Record("Odd", (Field(name="a'\"\n\\{b}", type=S.INT32, number=1, optional=True),)),
    {"a'\"\n\\{b}": 6},
    {},
)
SHARED_BYTES = payload(
    "string_or_bytes",
    record("Text", parts=List(record("Part", v=Union((S.STRING, S.BYTES))))),
    {"parts": [{"v": b"a"}]},
)
ROOT_MAP = payload("root_map", Map(S.STRING, record("Entry", n=Optional(S.INT64))), {"a": {"n": 1}, "b": {}}, {})
ROOT_NUMBER = payload("root_number", S.INT64, 1, 0)
ROOT_ROWS = payload("root_rows", List(List(S.STRING)), [["a", ""], []], [])
ROOT_LIST = payload("root_list", List(record("Item", id=S.INT64)), [{"id": 1}], [])
TUPLES = payload(
    "tuples", record("Tuples", t=List(List(S.INT64)), o=Optional(List(S.INT64))), {"t": ((1, 2), [3]), "o": ()}
)
NAN = payload("nan", record("Nan", x=List(S.FLOAT64)), {"x": [1.0, math.nan, math.inf, -math.inf]})
SURROGATE = payload("surrogate", record("Text", s=S.STRING), {"s": "ok"}, {"s": "a\ud800"})
SURROGATE_KEY = payload("surrogate_key", record("Text", s=Map(S.STRING, S.INT64)), {"s": {"a\udfff": 1}})
BIG_KEYS = payload("big_keys", record("Big", by_id=Map(S.BIGINT, S.BOOL)), {"by_id": {2**64: True}})
BIG_INTS = payload("big_ints", record("Big", i=S.BIGINT), {"i": 2**64}, {"i": -(2**63) - 1}, {"i": 10**200})


def _deep(levels: int) -> tuple[Type, Any]:
    """A list in a record in a list and so on, and a value of it."""
    if levels == 0:
        return S.INT64, levels
    kind, value = _deep(levels - 1)
    return List(record(f"Level{levels}", down=kind, side=List(List(kind)))), [{"down": value, "side": [[value], []]}]


DEEP = payload("deep", record("Deep", top=_deep(7)[0]), {"top": _deep(7)[1]})
ALL = (
    *(
        SCALARS,
        OPTIONAL,
        NESTED,
        NAMES,
        BYTES,
        NULLABLE,
        NULLS,
        NULL_FIELDS,
        NUMBERS,
        INT_KEYS,
        UNIONS,
        ODD_NAME,
        SHARED_BYTES,
        ROOT_LIST,
        ROOT_MAP,
        ROOT_NUMBER,
        ROOT_ROWS,
        TUPLES,
        NAN,
    ),
    *(SURROGATE, SURROGATE_KEY, BIG_INTS, BIG_KEYS, DEEP),
)
"""All of them."""
