"""A product catalogue as one document: maps from ids to records, so that the same keys come again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.payloads.base import NOW_MS, Generated, below, between, chance, pick, rfc3339, some
from serbench.payloads.text.shop import ADJECTIVES, BRANDS, COLOURS, DESCRIPTIONS, MATERIALS, THINGS
from serbench.payloads.text.words import paragraph, sentences
from serbench.schema.types import List, Map, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

TEXT, INT32 = Scalar.STRING, Scalar.INT32
PRODUCT = record(
    "Product",
    sku=TEXT,
    title=TEXT,
    brand=TEXT,
    category=TEXT,
    description=TEXT,
    price=record("Price", amount=Scalar.INT64, currency=TEXT, before=Optional(Scalar.INT64)),
    rating=Scalar.FLOAT64,
    reviews=INT32,
    available=Scalar.BOOL,
    stock=Map(TEXT, INT32),
    attributes=Map(TEXT, TEXT),
    images=List(TEXT),
    weight_g=Optional(INT32),
    related=Optional(List(TEXT)),
)
CATEGORY = record("Category", name=TEXT, parent=Optional(TEXT), position=INT32, products=List(TEXT))
CATALOG = record(
    "Catalog",
    version=TEXT,
    exported_at=TEXT,
    locale=TEXT,
    categories=Map(TEXT, CATEGORY),
    products=Map(TEXT, PRODUCT),
)

PRODUCTS = 800
LOCALES = {"de-DE": "EUR", "en-GB": "GBP", "en-US": "USD", "sv-SE": "SEK"}
WAREHOUSES = ("ams-1", "ber-2", "got-1", "lhr-3", "waw-1")


def generate(rng: Random) -> Iterator[Any]:
    """Exports of different shops."""
    described = sentences(rng, DESCRIPTIONS, 2000)
    while True:
        yield _catalog(rng, described)


def _catalog(rng: Random, described: list[str]) -> dict[str, Any]:
    count, locale = between(rng, PRODUCTS - 60, PRODUCTS + 60), pick(rng, tuple(LOCALES))
    ids = [f"{between(rng, 10_000, 99_999)}-{n:04d}" for n in range(count)]
    products = {key: _product(rng, described, LOCALES[locale], ids) for key in ids}
    categories = {
        name: {
            "name": name.capitalize(),
            **({"parent": "home"} if name in ("kitchen", "bedroom") else {}),
            "position": position,
            "products": [key for key, product in products.items() if product["category"] == name],
        }
        for position, name in enumerate(THINGS)
    }
    version, exported_at = f"2026.1.{below(rng, 1000)}", rfc3339(NOW_MS + below(rng, 86_400_000))
    return {
        "version": version,
        "exported_at": exported_at,
        "locale": locale,
        "categories": categories,
        "products": products,
    }


def _product(rng: Random, described: list[str], currency: str, ids: list[str]) -> dict[str, Any]:
    category, adjective, colour = pick(rng, tuple(THINGS)), pick(rng, ADJECTIVES), pick(rng, COLOURS)
    thing, amount = pick(rng, THINGS[category]), 100 * between(rng, 5, 400) - 1
    sku = f"{thing[:3].upper()}-{rng.getrandbits(24):06X}"
    before = {"before": amount + 100 * between(rng, 1, 50)} if chance(rng, 0.15) else {}
    stock = {warehouse: below(rng, 200) for warehouse in some(rng, WAREHOUSES, between(rng, 1, 3))}
    attributes = {"material": pick(rng, MATERIALS), "colour": colour, "warranty": f"{between(rng, 2, 10)} years"}
    return {
        "sku": sku,
        "title": f"{adjective.capitalize()} {thing}, {colour}",
        "brand": pick(rng, BRANDS),
        "category": category,
        "description": paragraph(rng, described, 2, 4),
        "price": {"amount": amount, "currency": currency, **before},
        "rating": between(rng, 20, 50) / 10,
        "reviews": below(rng, 900),
        "available": any(stock.values()),
        "stock": stock,
        "attributes": attributes,
        "images": [f"/img/{sku}/{n}.webp" for n in range(between(rng, 1, 4))],
        **({"weight_g": between(rng, 20, 9_000)} if chance(rng, 0.8) else {}),
        **({"related": some(rng, ids, between(rng, 1, 4))} if chance(rng, 0.4) else {}),
    }


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="catalog",
        title="Product catalogue",
        origin="exports of shops: products and categories by id",
        traits=("maps of records", "repeated keys", "large document"),
        schema=Schema("Catalog", CATALOG),
        generate=generate,
    ),
)
