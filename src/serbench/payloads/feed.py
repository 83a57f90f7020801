"""A page of a social feed: posts in many scripts, with emoji and with many fields that most posts lack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.payloads.base import (
    NOW_MS,
    Generated,
    below,
    between,
    chance,
    magnitude,
    pick,
    rfc3339,
    snowflake,
    some,
    weighted,
)
from serbench.payloads.text.posts import HASHTAGS, Texts
from serbench.payloads.text.words import full_name, handle
from serbench.schema.types import List, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

TEXT, INT32, INT64, BOOL = Scalar.STRING, Scalar.INT32, Scalar.INT64, Scalar.BOOL
USER = record("User", id=INT64, handle=TEXT, name=TEXT, followers=INT64, bio=Optional(TEXT), verified=Optional(BOOL))
MEDIA = record("Media", type=TEXT, url=TEXT, width=INT32, height=INT32, alt=Optional(TEXT), duration_ms=Optional(INT64))
COUNTS = record("Counts", likes=INT64, reposts=INT64, replies=INT64, views=Optional(INT64))
QUOTE = record("Quote", id=INT64, handle=TEXT, text=TEXT)
LINK = record("Link", url=TEXT, title=TEXT, description=Optional(TEXT))
PLACE = record("Place", name=TEXT, latitude=Scalar.FLOAT64, longitude=Scalar.FLOAT64)
POST = record(
    "Post",
    id=INT64,
    created_at=TEXT,
    lang=TEXT,
    text=TEXT,
    author=USER,
    counts=COUNTS,
    edited_at=Optional(TEXT),
    reply_to=Optional(INT64),
    quote=Optional(QUOTE),
    media=Optional(List(MEDIA)),
    hashtags=Optional(List(TEXT)),
    mentions=Optional(List(TEXT)),
    link=Optional(LINK),
    place=Optional(PLACE),
    liked=Optional(BOOL),
)
FEED = record("Feed", cursor=TEXT, generated_at_ms=INT64, has_more=BOOL, posts=List(POST))
LANGUAGES = weighted(en=9, ja=4, zh=3, es=3, ar=3, de=2, fr=2, ko=2, hi=2, he=1)
SIDES = (600, 720, 1080, 1200, 1440, 2048)
PLACES = (("Kyoto", 35.0116, 135.7681), ("القاهرة", 30.0444, 31.2357), ("Lisboa", 38.7223, -9.1393))


def generate(rng: Random) -> Iterator[Any]:
    """Pages of different people's feeds, newest post first."""
    writer, now = _Writer(rng), NOW_MS
    while True:
        now += below(rng, 60_000)
        times = [now - 90_000 * i - below(rng, 90_000) for i in range(between(rng, 62, 80))]
        page = {"cursor": f"{rng.getrandbits(160):040x}", "generated_at_ms": now, "has_more": chance(rng, 0.97)}
        yield {**page, "posts": [writer.post(time) for time in times]}


class _Writer:
    """Writes posts, from pools of sentences and authors that are made once."""

    def __init__(self, rng: Random) -> None:
        self.rng, self.texts = rng, Texts(rng)
        self.authors = [self.author() for _ in range(300)]
        self.extras: dict[str, tuple[float, Callable[[int, str], Any]]] = {
            "edited_at": (0.05, lambda time, _: rfc3339(time + below(rng, 900_000))),
            "reply_to": (0.3, lambda time, _: snowflake(rng, time - below(rng, 86_400_000))),
            "quote": (0.1, self.quote),
            "media": (0.5, lambda _, language: [self.media(language) for _ in range(pick(rng, (1, 1, 1, 2, 4)))]),
            "hashtags": (0.4, lambda _, language: some(rng, HASHTAGS[language], between(rng, 1, 3))),
            "mentions": (0.3, lambda *_: [pick(rng, self.authors)["handle"] for _ in range(between(rng, 1, 3))]),
            "link": (0.2, self.link),
            "place": (0.08, lambda *_: dict(zip(("name", "latitude", "longitude"), pick(rng, PLACES), strict=True))),
            "liked": (0.3, lambda *_: True),
        }

    def post(self, time: int) -> dict[str, Any]:
        """A post at that time; each of the fields that it may lack is drawn by itself."""
        rng, language = self.rng, pick(self.rng, LANGUAGES)
        author, text, at = pick(rng, self.authors), self.texts.text(language, 1, 4), rfc3339(time)
        post = {"id": snowflake(rng, time), "created_at": at, "lang": language, "text": text, "author": author}
        likes = magnitude(rng, 16)
        counts = {"likes": likes, "reposts": likes // between(rng, 3, 20), "replies": magnitude(rng, 8)}
        views = {"views": likes * between(rng, 8, 60)} if chance(rng, 0.7) else {}
        extras = {key: make(time, language) for key, (share, make) in self.extras.items() if rng.random() < share}
        return {**post, "counts": {**counts, **views}, **extras}

    def author(self) -> dict[str, Any]:
        rng, name = self.rng, full_name(self.rng)
        since, tail = NOW_MS - below(rng, 300_000_000_000), pick(rng, ("", "", "_", "42", ".dev"))
        user = {"id": snowflake(rng, since), "handle": handle(name) + tail, "name": name}
        bio = {"bio": self.texts.text(pick(rng, LANGUAGES), 1, 1)} if chance(rng, 0.7) else {}
        return {**user, "followers": magnitude(rng, 24), **bio, **({"verified": True} if chance(rng, 0.1) else {})}

    def quote(self, time: int, language: str) -> dict[str, Any]:
        rng, author = self.rng, pick(self.rng, self.authors)
        quoted = snowflake(rng, time - below(rng, 86_400_000))
        return {"id": quoted, "handle": author["handle"], "text": self.texts.text(language, 1, 2)}

    def media(self, language: str) -> dict[str, Any]:
        rng, video = self.rng, chance(self.rng, 0.2)
        url = f"https://media.example.com/{rng.getrandbits(64):016x}/{'master.m3u8' if video else 'large.webp'}"
        width, height = some(rng, SIDES, 2)
        shown = {"type": "video" if video else "image", "url": url, "width": width, "height": height}
        alt = {"alt": self.texts.text(language, 1, 1)} if chance(rng, 0.4) else {}
        return {**shown, **alt, **({"duration_ms": between(rng, 2_000, 180_000)} if video else {})}

    def link(self, _: int, language: str) -> dict[str, Any]:
        url = f"https://news.example.org/{language}/2026/{self.rng.getrandbits(32):08x}"
        described = {"description": self.texts.text(language, 1, 2)} if chance(self.rng, 0.6) else {}
        return {"url": url, "title": self.texts.line(language), **described}


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="feed",
        title="Page of a social feed",
        origin="timelines of social networks: many optional fields, text of all scripts",
        traits=("emoji, CJK and right-to-left text", "many optional fields", "integers over 53 bits"),
        schema=Schema("Feed", FEED),
        generate=generate,
    ),
)
