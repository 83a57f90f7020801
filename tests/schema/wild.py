"""Documents as they are in the wild, in the shape of those that many services write."""

from __future__ import annotations

from typing import Any


def user(login: str, number: int) -> dict[str, Any]:
    """A person of a code host."""
    url = f"https://api.example.com/users/{login}"
    return {"login": login, "id": number, "url": url, "type": "User", "site_admin": False}


def issue(number: int) -> dict[str, Any]:
    """An issue of a code host, some of whose fields are null."""
    closed = number % 3 == 0
    return {
        "id": 2_000_000_000_000 + number,
        "number": number,
        "user": user(f"ada-{number}", 7),
        "assignee": user("bob", 8) if closed else None,
        "assignees": [user("bob", 8)] if closed else [],
        "labels": [{"id": number, "name": "bug" if number % 2 else "feature", "default": True}],
        "state": "closed" if closed else "open",
        "milestone": None,
        "created_at": f"2024-01-{number:02}T10:00:00Z",
        "closed_at": "2024-02-01T10:00:00Z" if closed else None,
        "reactions": {"+1": 1, "-1": 0, "total_count": 1},
        **({"draft": False} if number % 5 == 0 else {}),
    }


ISSUES = [issue(number) for number in range(1, 31)]
FEATURES = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "geometry": {"type": kind, "coordinates": where}, "properties": {"@id": f"n/{n}", "pop": n}}
        for n, (kind, where) in enumerate(
            [("Point", [7, 50.5]), ("LineString", [[7.1, 50.5], [8, 51]]), ("Polygon", [[[7.1, 50.5], [8, 51.0]]])] * 8
        )
    ],
}
OPENAPI = {
    "openapi": "3.0.3",
    "paths": {
        "/pets": {"get": {"operationId": "list", "responses": {"200": {"description": "ok"}}}},
        "/pets/{id}": {"get": {"operationId": "one", "responses": {"200": {"description": "ok"}}}, "parameters": []},
    },
    "components": {"schemas": {"Pet": {"type": "object", "properties": {"id": {"$ref": "#/x"}}}}},
}
METADATA = {
    "info": {"name": "x", "yanked_reason": None, "downloads": {"last_day": -1}, "project_urls": {"Source Code": "u"}},
    "releases": {f"1.{n}": [{"filename": f"x-1.{n}.tar.gz", "size": 10_000 + n}] for n in range(5)},
    "urls": [{"filename": "x-1.4.tar.gz", "size": 10_004}],
    "vulnerabilities": [],
}
PACKAGE = {
    "name": "x",
    "scripts": {"pre:test": "y"},
    "dependencies": {"@types/node": "^20"},
    "exports": {".": {"import": "./a.js"}, "./b": "./b.js"},
    "devDependencies": {},
    "sideEffects": False,
}
LOGS = [
    {
        "ts": 1_700_000_000.5 + n,
        "level": ("INFO", "WARN", "ERROR")[n % 3],
        "status": (200, "-")[n % 10 == 0],
        "ms": (n, n / 2)[n % 2],
        "class": "a.B",
        "x-id": f"{n:032x}",
    }
    for n in range(40)
]

KEYS = {"fooBar": 1, "foo_bar": 2, "foo-bar": 3, "class": 4, "": 5, "größe": 6, "_id": 7, "message": {"enum": 8}}

WILD: dict[str, list[Any]] = {
    "issues": [ISSUES],
    "issue": ISSUES,
    "features": [FEATURES],
    "openapi": [OPENAPI],
    "metadata": [METADATA],
    "package": [PACKAGE],
    "logs": LOGS,
    "number": [1.5],
    "nothing": [[]],
    "keys": [KEYS],
}
"""Messages by what they are."""
