"""Documents as they are found: what is inferred from them is what an engineer would have written."""

from __future__ import annotations

import importlib.metadata
import json
import random

import pytest

from conforming import violations
from serbench.codecs.json import CODECS as JSON
from serbench.codecs.msgspec import CODECS as MSGSPEC
from serbench.codecs.protobuf import CODECS as PROTOBUF
from serbench.errors import UnsupportedPayload
from serbench.payloads.files.load import load
from serbench.schema.types import List, Map, Optional, Record, Scalar, Union, record


def features(count):
    """A GeoJSON collection of points and lines, as Python and as JavaScript write numbers."""
    rng = random.Random(1)

    def point():
        return [round(rng.uniform(-180, 180), 6), round(rng.uniform(-90, 90), 6)]

    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": n,
                "geometry": {"type": "Polygon", "coordinates": [[point() for _ in range(5)]]},
                "properties": {"name": f"place {n}", **({"population": n * 1000} if n % 3 else {}), "note": None},
            }
            for n in range(count)
        ],
    }


def openapi(count):
    """A description of an interface: paths and schemas by name, bodies and parameters that most lack."""
    answer = {"description": "ok", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/S1"}}}}
    get = {"operationId": "get", "responses": {"200": answer}, "tags": ["a"]}
    post = {"operationId": "post", "responses": {"201": answer}, "requestBody": {"required": True}}
    kinds = {"id": {"type": "integer"}, "name": {"type": "string", "maxLength": 40}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "paths": {f"/things/{n}": {"get": get, **({"post": post} if n % 2 else {})} for n in range(count)},
        "components": {"schemas": {f"S{n}": {"type": "object", "properties": kinds} for n in range(count)}},
    }


def log_line(n):
    """A line of a service's log."""
    at = {"ts": 1_767_225_600 + n / 8, "level": "info" if n % 9 else "error", "msg": f"request {n}"}
    http = {"http": {"status": 200 + n % 5, "path": f"/a/{n}", "bytes": n * 800_000}}
    return (
        at
        | (http if n % 4 else {"error": {"kind": "Timeout", "stack": ["a", "b"]}})
        | {"labels": {f"pod-{n % 90}": "1"}}
    )


def load_document(folder, name, *messages):
    """The payload of messages in a file of that name."""
    (folder / name).write_text("".join(json.dumps(one) + "\n" for one in messages))
    payload = load(str(folder / name))[0].payload
    assert [] == [text for one in payload.instances for text in violations(one, payload.schema.root)]
    return payload


def field(kind, *path):
    """The type of what stands at a path in a record."""
    for name in path:
        kind = next(one.type for one in kind.fields if one.name == name)
    return kind


def codecs_that_carry(payload):
    """Which of these bring every message back; the others refuse the payload in words."""
    carried = set()
    for codec in (*JSON, *MSGSPEC, *PROTOBUF):
        try:
            bound = codec.bind(payload)
        except UnsupportedPayload:
            continue
        back = [bound.convert(bound.decode(bytes(bound.encode(bound.build(one))))) for one in payload.instances]
        carried |= {codec.name} if back == list(payload.instances) else set()
    return carried


def test_geojson(tmp_path):
    """One record for all features, with what some lack; coordinates are lists of lists of floats."""
    payload = load_document(tmp_path, "places.geojson", features(50))
    feature = field(payload.schema.root, "features").item
    assert List(List(List(Scalar.FLOAT64))) == field(feature, "geometry", "coordinates")
    expected = record("Properties", name=Scalar.STRING, note=Scalar.NULL, population=Optional(Scalar.INT32))
    named = {one.name: (one.type, one.optional) for one in field(feature, "properties").fields}
    assert {one.name: (one.type, one.optional) for one in expected.fields} == named
    assert {"json", "msgspec-json-struct"} <= codecs_that_carry(payload)


def test_openapi(tmp_path):
    """Paths and schemas by name are maps, be they in one document only."""
    payload = load_document(tmp_path, "openapi.json", openapi(60))
    paths, schemas = field(payload.schema.root, "paths"), field(payload.schema.root, "components", "schemas")
    assert (Map, Map, Scalar.STRING) == (type(paths), type(schemas), paths.key)
    assert {"get": False, "post": True} == {one.name: one.optional for one in paths.value.fields}
    assert {"json", "msgspec-json-struct", "protobuf"} <= codecs_that_carry(payload)


def test_metadata_of_packages(tmp_path):
    """What is installed here: every distribution is a message of its own."""
    found = [one.metadata.json for one in importlib.metadata.distributions()]
    payload = load_document(tmp_path, "packages.ndjson", *found)
    assert isinstance(payload.schema.root, Record)
    assert (Scalar.STRING, List(Scalar.STRING)) == (
        field(payload.schema.root, "name"),
        field(payload.schema.root, "classifier"),
    )
    assert {"json", "msgspec-json-struct"} <= codecs_that_carry(payload)


@pytest.mark.parametrize("count", [50, 3000])
def test_logs(tmp_path, count):
    """Kinds of lines are one record with what only some have; labels whose keys are data are a map."""
    payload = load_document(tmp_path, "service.ndjson", *map(log_line, range(count)))
    root = payload.schema.root
    assert {"error", "http"} == {one.name for one in root.fields if one.optional}
    assert Map(Scalar.STRING, Scalar.STRING) == field(root, "labels")
    assert (Scalar.INT32 if count == 50 else Scalar.INT64) == field(root, "http", "bytes")
    assert {"json", "msgspec-json-struct", "protobuf"} <= codecs_that_carry(payload)


def test_whole_numbers_among_floats_are_a_union(tmp_path):
    """As JavaScript writes 2.0. Python reads 2, which is no float; protobuf makes it one, if that is exact."""
    payload = load_document(tmp_path, "points.ndjson", {"at": [1.5, 2]})
    assert List(Union((Scalar.INT32, Scalar.FLOAT64))) == field(payload.schema.root, "at")
    assert {"json", "protobuf"} <= codecs_that_carry(payload)
    longer = load_document(tmp_path, "longer.ndjson", {"at": [1.5, (1 << 53) + 1]})  # as a float it is another number
    assert "json" in codecs_that_carry(longer)
    assert "protobuf" not in codecs_that_carry(longer)
