"""Classes as users write them, of every sort that can be measured, for the same message and for odd ones."""

# Users write no docstrings for tests:
# ruff: noqa: D101, D102, D106

import dataclasses
import datetime as dt
import enum
import typing
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

import attrs
import msgspec
import pydantic
import pydantic.dataclasses
from mashumaro.mixins.json import DataClassJSONMixin
from mashumaro.mixins.orjson import DataClassORJSONMixin

MESSAGE = {
    "id": "00000000-0000-4000-8000-000000000001",
    "created": "2024-01-01T00:00:00Z",
    "status": "open",
    "items": [{"sku": "a", "price": "12.50"}, {"sku": "b", "price": "0.99"}],
}


class Status(enum.Enum):
    OPEN = "open"
    PAID = "paid"


@dataclass
class Item:
    sku: str
    price: Decimal


@dataclass
class Order:
    id: UUID
    created: dt.datetime
    status: Status
    items: list[Item]
    note: str | None = None


class ModelItem(pydantic.BaseModel):
    sku: str
    price: Decimal


class ModelOrder(pydantic.BaseModel):
    id: UUID
    created: dt.datetime
    status: Status
    items: list[ModelItem]
    note: str | None = None


@pydantic.dataclasses.dataclass
class PydanticOrder:
    id: UUID
    created: dt.datetime
    status: Status
    items: list[ModelItem]
    note: str | None = None


class StructOrder(msgspec.Struct, omit_defaults=True):
    id: UUID
    created: dt.datetime
    status: Status
    items: list[Item]
    note: str | None = None


@attrs.define
class AttrsItem:
    sku: str
    price: Decimal


@attrs.define
class AttrsOrder:
    id: UUID
    created: dt.datetime
    status: Status
    items: list[AttrsItem]
    note: str | None = None


@dataclass
class MixinOrder(DataClassORJSONMixin):
    id: UUID
    created: dt.datetime
    status: Status
    items: list[Item]
    note: str | None = None


@dataclass
class TextOrder(DataClassJSONMixin):
    id: UUID
    created: dt.datetime
    status: Status
    items: list[Item]
    note: str | None = None


@dataclass
class Reader:
    """It reads JSON by itself and leaves writing to others."""

    sku: str

    @classmethod
    def from_json(cls, data):
        return cls(**msgspec.json.decode(data))


class Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(strict=True)
    at: dt.datetime


class Aliased(pydantic.BaseModel):
    unit_price: float = pydantic.Field(alias="unitPrice")


class Cleaned(pydantic.BaseModel):
    """A validator makes another value of what it is given."""

    name: str

    @pydantic.field_validator("name")
    @classmethod
    def without_dashes(cls, value):
        return value.replace("-", "")


class Counting(pydantic.BaseModel):
    """It is another one each time it is read."""

    n: int

    @pydantic.field_validator("n")
    @classmethod
    def next_one(cls, value):
        return value + 1


class Computing(pydantic.BaseModel):
    """It writes a field that it does not read."""

    model_config = pydantic.ConfigDict(extra="forbid")
    n: int

    @pydantic.computed_field
    @property
    def twice(self) -> int:
        return 2 * self.n


@dataclass
class Halving:
    """It writes what it refuses to read."""

    n: int

    def __post_init__(self):
        if self.n % 2:
            raise ValueError(f"{self.n} is odd")
        self.n //= 2


@dataclass
class Plain:
    sku: str
    quantity: int = 1


@dataclass
class Omitting(DataClassORJSONMixin):
    sku: str
    currency: str = "EUR"

    class Config:
        omit_default = True


@dataclass
class Foreign:
    """No library makes an object of that sort by itself."""

    sku: "Opaque"


class Opaque:
    def __init__(self, one, two):
        self.both = one, two


class Point(typing.NamedTuple):
    x: float
    y: float


@dataclass
class Node:
    value: int
    children: "list[Node]" = field(default_factory=list)


Id = typing.NewType("Id", str)
T = typing.TypeVar("T")


@dataclass
class Box(typing.Generic[T]):
    inside: T


@dataclass
class Everything:
    """Every sort of annotation that is more than a leaf, and some that are none."""

    id: Id
    maybe: Item | None
    either: Item | Node | str | None
    pairs: tuple[int, Item]
    many: tuple[Item, ...]
    tags: set[str]
    by_name: dict[str, list[Item]]
    point: Point
    tree: Node
    box: Box[Item]
    noted: typing.Annotated[list[Item], "note"]
    kind: typing.Literal["a", "b"]
    anything: typing.Any
    bare: list
    nested: list[list[Item | None]]


@dataclass
class Unresolved:
    item: "NoSuchName"  # noqa: F821
    items: "list[NoSuchName]"  # noqa: F821


def everything():
    """One of it."""
    item = Item("a", Decimal(1))
    return Everything(
        id=Id("i"),
        maybe=item,
        either=Node(1, [Node(2)]),
        pairs=(1, item),
        many=(item, item),
        tags={"x", "y"},
        by_name={"a": [item], "b": []},
        point=Point(1.0, 2.0),
        tree=Node(1, [Node(2, [Node(3)]), Node(4)]),
        box=Box(item),
        noted=[item],
        kind="a",
        anything={"a": [item, {"b": (1, 2)}]},
        bare=[item, 1],
        nested=[[item, None], []],
    )


def names(kind):
    """The fields of a dataclass."""
    return [one.name for one in dataclasses.fields(kind)]
