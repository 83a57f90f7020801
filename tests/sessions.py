"""Sessions with real workers, of a small payload, for tests to look at."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from serbench.harness import catalogue
from serbench.harness import plan as planning
from serbench.harness.plan import Setting
from serbench.harness.session import Session
from serbench.records.cases import Operation, PayloadInfo
from serbench.schema import spool
from serbench.schema.types import List, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from serbench.harness.plan import Plan, Spooled
    from serbench.harness.state import State
    from serbench.records.run import Measurement

FAULTY = str(Path(__file__).parent / "faulty_codecs.py")
EVIL = str(Path(__file__).parent / "evil_codecs.py")
SCHEMA = Schema("Note", record("Note", text=Scalar.STRING, lines=List(record("Line", n=Scalar.INT32, t=Scalar.STRING))))
INSTANCES = [{"text": f"note {i}", "lines": [{"n": n, "t": "x" * n} for n in range(1, 4)]} for i in range(20)]


def spooled(folder: Path, name: str = "note") -> Spooled:
    """A small payload on disk."""
    pack = spool.pack(name, SCHEMA, map(spool.encode, INSTANCES))
    pack.write(folder / f"{name}.ndjson")
    info = PayloadInfo(
        name=name, title=name, digest=pack.payload.digest, instances=20, bytes_as_json=pack.json_bytes, origin="test"
    )
    return planning.Spooled(info=info, path=folder / f"{name}.ndjson", instances_default=True)


def planned(
    folder: Path,
    names: Sequence[str],
    operations: Sequence[str] = ("decode",),
    *,
    settings: Sequence[Setting] = (Setting(),),
    file: str = FAULTY,
    payloads: Sequence[str] = ("note",),
) -> Plan:
    """What codecs of these names measure, some of them perhaps of that file."""
    codecs = [info for info in catalogue.catalogue([file]) if info.name in names]
    assert sorted(names) == sorted(info.name for info in codecs)
    return planning.plan(
        codecs, [spooled(folder, name) for name in payloads], [Operation(o) for o in operations], settings
    )


def session(plan: Plan, **options: Any) -> Session:
    """A session of that plan: short, and patient for a second a call."""
    defaults: dict[str, Any] = {"seconds": 1.5, "seed": 3, "timeout": 1.0}
    defaults |= {"stop": lambda: False, "watch": lambda _: None}
    return Session(plan=plan, **(defaults | options))


def by_id(state: State) -> dict[str, Measurement]:
    """Measurements by case id."""
    return {m.case.id: m for m in state.measurements}
