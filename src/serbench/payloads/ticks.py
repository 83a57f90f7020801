"""Market data: a batch of trades of one instrument, as a feed handler hands it on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.payloads.base import NOW_MS, Generated, below, between, chance, magnitude, pick
from serbench.schema.types import List, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

TRADE = record(
    "Trade",
    time_ns=Scalar.INT64,
    price=Scalar.FLOAT64,
    size=Scalar.UINT32,
    side=Scalar.STRING,
    condition=Optional(Scalar.STRING),
)
SCHEMA = Schema(
    "Ticks",
    record(
        "Ticks",
        symbol=Scalar.STRING,
        venue=Scalar.STRING,
        currency=Scalar.STRING,
        trading_day=Scalar.INT32,
        sequence=Scalar.UINT64,
        total_volume=Scalar.INT64,
        trades=List(TRADE),
    ),
)

TRADING_DAY = 20_260_105
OPEN_NS = (NOW_MS + 4 * 86_400_000 + 52_200_000) * 1_000_000  # 14:30 UTC of that day, a Monday

# symbol, venue (ISO 10383), currency, ticks per unit of price, a price in ticks
INSTRUMENTS = (
    ("ESH6", "XCME", "USD", 4, 27_412),
    ("FDAX", "XEUR", "EUR", 1, 24_453),
    ("AAPL", "XNAS", "USD", 100, 27_125),
    ("SAP", "XETR", "EUR", 100, 20_850),
    ("NVDA", "XNAS", "USD", 100, 18_740),
    ("HSBA", "XLON", "GBX", 10, 11_804),
    ("EURUSD", "EBSX", "USD", 100_000, 117_431),
    ("CLG6", "XNYM", "USD", 100, 5_742),
)
SIZES = (1, 1, 1, 2, 2, 3, 4, 5, 5, 10, 10, 20, 25, 50, 100, 100, 200, 500)
CONDITIONS = ("odd_lot", "block", "cross", "auction")


def generate(rng: Random) -> Iterator[Any]:
    """Batches of a session; each instrument's price walks on from batch to batch."""
    prices = {symbol: price for symbol, _, _, _, price in INSTRUMENTS}
    volumes = dict.fromkeys(prices, 0)
    time = OPEN_NS
    sequence = 1 + rng.getrandbits(24)
    while True:
        symbol, venue, currency, ticks_per_unit, _ = pick(rng, INSTRUMENTS)
        trades = []
        for _ in range(between(rng, 22, 30)):
            time += 1 + magnitude(rng, 30)
            prices[symbol] += pick(rng, (-2, -1, -1, 0, 0, 0, 0, 1, 1, 2))
            trade: dict[str, Any] = {
                "time_ns": time,
                "price": prices[symbol] / ticks_per_unit,
                "size": pick(rng, SIZES),
                "side": pick(rng, ("buy", "sell")),
            }
            if chance(rng, 0.06):
                trade["condition"] = pick(rng, CONDITIONS)
            volumes[symbol] += trade["size"]
            trades.append(trade)
        sequence += len(trades) + below(rng, 40)
        yield {
            "symbol": symbol,
            "venue": venue,
            "currency": currency,
            "trading_day": TRADING_DAY,
            "sequence": sequence,
            "total_volume": volumes[symbol],
            "trades": trades,
        }


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="ticks",
        title="Market data",
        origin="trade prints of an exchange's feed, with nanosecond times",
        traits=("integers over 53 bits", "prices", "list of small records"),
        schema=SCHEMA,
        generate=generate,
    ),
)
