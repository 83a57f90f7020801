"""An order of a shop: nested records, money in minor units, times as text and as numbers, optional fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.payloads.base import NOW_MS, Generated, below, between, chance, identifier, pick, rfc3339, some, weighted
from serbench.payloads.text.places import ADDRESS, PLACES, Place, address
from serbench.payloads.text.shop import ARTICLES, NOTES
from serbench.payloads.text.words import full_name, handle
from serbench.schema.types import List, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

TEXT, INT32, INT64 = Scalar.STRING, Scalar.INT32, Scalar.INT64
MONEY = record("Money", amount=INT64, currency=TEXT)
CUSTOMER = record("Customer", id=INT64, email=TEXT, phone=Optional(TEXT), returning=Scalar.BOOL)
ITEM = record(
    "Item", sku=TEXT, title=TEXT, quantity=INT32, unit_price=MONEY, discount=Optional(MONEY), tax_rate=Scalar.FLOAT64
)
PAYMENT = record("Payment", method=TEXT, state=TEXT, captured_at_ms=Optional(INT64), card_last4=Optional(TEXT))
ORDER = record(
    "Order",
    id=TEXT,
    number=INT64,
    state=TEXT,
    created_at=TEXT,
    updated_at=Optional(TEXT),
    customer=CUSTOMER,
    shipping_address=ADDRESS,
    billing_address=Optional(ADDRESS),
    items=List(ITEM),
    shipping=MONEY,
    total=MONEY,
    payment=PAYMENT,
    coupons=Optional(List(TEXT)),
    note=Optional(TEXT),
)

STATES = weighted(placed=2, paid=5, packed=3, shipped=8, delivered=20, returned=1, cancelled=1)
METHODS = weighted(card=11, paypal=5, invoice=3, sepa_debit=2, apple_pay=4)
ITEM_COUNTS = (1,) * 5 + (2,) * 4 + (3,) * 4 + (4, 4, 5, 6, 8, 12)
QUANTITIES = (1,) * 14 + (2,) * 4 + (3, 6)
COUPONS = ("WELCOME10", "FREESHIP", "WINTER25", "THANKYOU", "NEWS-5EUR")


def generate(rng: Random) -> Iterator[Any]:
    """Orders in the order in which they were placed."""
    time, number = NOW_MS, 4_000_000 + rng.getrandbits(20)
    while True:
        time, number = time + 200 + below(rng, 60_000), number + 1
        yield _order(rng, time, number)


def _order(rng: Random, time: int, number: int) -> dict[str, Any]:
    place, name, state = pick(rng, PLACES), full_name(rng), pick(rng, STATES)
    order: dict[str, Any] = {"id": identifier(rng), "number": number, "state": state, "created_at": rfc3339(time)}
    if state != "placed":
        order["updated_at"] = rfc3339(time + 60_000 + below(rng, 86_400_000))
    order |= {"customer": _customer(rng, name, place), "shipping_address": address(rng, name, place)}
    if chance(rng, 0.25):
        order["billing_address"] = address(rng, full_name(rng), place)
    items = [_item(rng, title, place) for title in some(rng, ARTICLES, pick(rng, ITEM_COUNTS))]
    shipping = pick(rng, (0, 0, 390, 490, 990))
    order |= {"items": items, "shipping": _money(shipping, place), "total": _money(shipping + _sum(items), place)}
    order["payment"] = _payment(rng, state, time)
    if chance(rng, 0.15):
        order["coupons"] = some(rng, COUPONS, between(rng, 1, 2))
    if chance(rng, 0.12):
        order["note"] = pick(rng, NOTES)
    return order


def _money(amount: int, place: Place) -> dict[str, Any]:
    return {"amount": amount, "currency": place.currency}


def _sum(items: list[dict[str, Any]]) -> int:
    off = {"amount": 0}
    return sum(i["quantity"] * (i["unit_price"]["amount"] - i.get("discount", off)["amount"]) for i in items)


def _customer(rng: Random, name: str, place: Place) -> dict[str, Any]:
    mail = f"{handle(name)}@{pick(rng, ('example.com', 'mail.example.org', 'example.co.uk'))}"
    customer: dict[str, Any] = {"id": rng.getrandbits(40), "email": mail}
    if chance(rng, 0.6):
        customer["phone"] = f"+{place.dialling} {between(rng, 100, 999)} {between(rng, 1_000_000, 9_999_999)}"
    return {**customer, "returning": chance(rng, 0.4)}


def _item(rng: Random, title: str, place: Place) -> dict[str, Any]:
    price = 100 * between(rng, 4, 90) + pick(rng, (-1, -1, -5, 0, 50))
    item: dict[str, Any] = {"sku": f"{title[:3].upper()}-{below(rng, 1_000_000):06d}", "title": title}
    item |= {"quantity": pick(rng, QUANTITIES), "unit_price": _money(price, place)}
    if chance(rng, 0.2):
        item["discount"] = _money(price * pick(rng, (5, 10, 20)) // 100, place)
    return {**item, "tax_rate": place.tax_rate}


def _payment(rng: Random, state: str, time: int) -> dict[str, Any]:
    payment: dict[str, Any] = {"method": pick(rng, METHODS), "state": "open" if state == "placed" else "captured"}
    if state != "placed":
        payment["captured_at_ms"] = time + 900 + below(rng, 20_000)
    if payment["method"] in ("card", "apple_pay"):
        payment["card_last4"] = f"{below(rng, 10_000):04d}"
    return payment


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="order",
        title="Order of a shop",
        origin="the order documents of e-commerce services: money in minor units, RFC 3339 times",
        traits=("nested records", "money", "optional fields", "sizes that vary"),
        schema=Schema("Order", ORDER),
        generate=generate,
    ),
)
