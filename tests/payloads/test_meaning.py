"""Generated payloads are true to what they stand for: what belongs together agrees."""

from __future__ import annotations

import itertools
import json
from math import prod
from random import Random
from unicodedata import bidirectional, name

import pytest

from serbench.payloads import catalogue


def taken(payload: str, n: int) -> list:
    """The first n instances."""
    return list(itertools.islice(catalogue.get(payload).generate(Random(1)), n))


def test_pings_follow_each_other():
    """Health checks have later and later times, and most are fine."""
    pings = taken("ping", 200)
    times = [ping["time"] for ping in pings]
    assert times == sorted(set(times))
    assert sum(ping["status"] == "ok" for ping in pings) > 150


def test_trades_are_in_order_of_time_and_add_up():
    """Trades have later and later times, and an instrument's volume grows by what is traded."""
    batches = taken("ticks", 50)
    times = [trade["time_ns"] for batch in batches for trade in batch["trades"]]
    assert times == sorted(set(times))
    volumes: dict[str, int] = {}
    for batch in batches:
        before = volumes.get(batch["symbol"], 0)
        assert before + sum(trade["size"] for trade in batch["trades"]) == batch["total_volume"]
        volumes[batch["symbol"]] = batch["total_volume"]


def test_an_order_adds_up():
    """The total is items less discounts plus shipping, in one currency."""
    for order in taken("order", 200):
        off = [item.get("discount", {"amount": 0})["amount"] for item in order["items"]]
        prices = [item["unit_price"]["amount"] - less for item, less in zip(order["items"], off, strict=True)]
        items = sum(item["quantity"] * price for item, price in zip(order["items"], prices, strict=True))
        assert items + order["shipping"]["amount"] == order["total"]["amount"]
        money = [order["shipping"], order["total"], *(item["unit_price"] for item in order["items"])]
        assert len({amount["currency"] for amount in money}) == 1


def test_an_order_that_is_not_paid_was_not_captured():
    """What has not happened yet is an absent key."""
    for order in taken("order", 200):
        is_open = order["state"] == "placed"
        assert is_open == ("captured_at_ms" not in order["payment"]) == ("updated_at" not in order)


def test_tool_calls_are_json_and_are_answered():
    """A call names a tool that is offered, gives it JSON with what it requires, and its result follows."""
    for chat in taken("chat", 50):
        tools = {tool["function"]["name"]: tool["function"]["parameters"] for tool in chat["tools"]}
        calls = [call for message in chat["messages"] for call in message.get("tool_calls", [])]
        for call in calls:
            arguments = json.loads(call["function"]["arguments"])
            parameters = tools[call["function"]["name"]]
            assert set(parameters["required"]) <= set(arguments) <= set(parameters["properties"])
        answered = {message["tool_call_id"]: message for message in chat["messages"] if message["role"] == "tool"}
        assert [call["id"] for call in calls] == list(answered)
        assert all(json.loads(message["content"]) for message in answered.values())


def test_counters_only_grow_and_ratios_are_shares():
    """Series are what their metric says."""
    metrics = [metric for export in taken("telemetry", 30) for metric in export["metrics"]]
    for metric in metrics:
        for series in metric["series"]:
            if metric["kind"] == "sum":
                assert series["values"] == sorted(series["values"])
            if metric["name"] in ("cache.hit_ratio", "process.cpu.utilization"):
                assert all(0 <= value <= 1 for value in series["values"])


def test_embeddings_are_about_unit_vectors_and_tensors_fill_their_shape():
    """Every vector has the model's dimensions, and a tensor has a byte for each of its elements."""
    for answer in taken("inference", 20):
        for embedding in answer["embeddings"]:
            assert len(embedding["vector"]) == 384
            assert sum(value * value for value in embedding["vector"]) == pytest.approx(1, abs=0.3)
        if "attention" in answer:
            assert prod(answer["attention"]["shape"]) == len(answer["attention"]["data"])


def test_a_feed_has_text_of_many_scripts_and_emoji():
    """Chinese characters, kana, hangul, Devanagari, both scripts from right to left, and emoji occur on a page."""
    text = "".join(post["text"] for post in taken("feed", 1)[0]["posts"])
    scripts = {name(character, "CONTROL").split()[0] for character in text}
    assert {"CJK", "HIRAGANA", "HANGUL", "DEVANAGARI", "ARABIC", "HEBREW", "LATIN"} <= scripts
    assert {"R", "AL"} <= {bidirectional(character) for character in text}
    assert any(ord(character) > 0xFFFF for character in text)


def test_a_feed_runs_from_new_to_old():
    """The newest post comes first, and ids sort as times do."""
    for page in taken("feed", 3):
        times = [post["created_at"] for post in page["posts"]]
        ids = [post["id"] for post in page["posts"]]
        assert times == sorted(times, reverse=True)
        assert ids == sorted(ids, reverse=True)


def test_a_catalogue_points_at_products_that_it_has():
    """Every product is in its category alone, and related ids are there."""
    catalog = taken("catalog", 1)[0]
    listed = {key: place for place, category in catalog["categories"].items() for key in category["products"]}
    assert {key: product["category"] for key, product in catalog["products"].items()} == listed
    related = {key for product in catalog["products"].values() for key in product.get("related", [])}
    assert related <= set(listed)


def test_rings_are_closed_and_within_their_box():
    """A polygon's rings end where they begin, the outer one runs counterclockwise, a hole the other way."""
    for layer in taken("geometry", 2):
        for feature in layer["features"]:
            west, south, east, north = feature["bbox"]
            outer, *holes = feature["geometry"]["coordinates"]
            for ring in (outer, *holes):
                assert ring[0] == ring[-1]
                assert len(ring) > 4
                assert all(west <= x <= east and south <= y <= north for x, y in ring)
            assert [True] + [False] * len(holes) == [_area(ring) > 0 for ring in (outer, *holes)]


def _area(ring: list) -> float:
    """Twice the signed area: positive where the ring runs counterclockwise."""
    pairs = itertools.pairwise(ring)
    return sum(
        (x0 - ring[0][0]) * (y1 - ring[0][1]) - (x1 - ring[0][0]) * (y0 - ring[0][1]) for (x0, y0), (x1, y1) in pairs
    )
