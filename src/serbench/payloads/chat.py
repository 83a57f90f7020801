"""A conversation with an assistant: long text, and tools that are called with JSON inside of JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from serbench.payloads.base import NOW_MS, Generated, below, between, chance, pick
from serbench.payloads.text.assistant import ASKING, LOGGED, SYSTEM, TELLING, TOOLS, Calls
from serbench.payloads.text.words import paragraph, sentences
from serbench.schema.types import List, Map, Optional, Scalar, Schema, record

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

TEXT, INT64 = Scalar.STRING, Scalar.INT64
PARAMETER = record("Parameter", type=TEXT, description=TEXT, enum=Optional(List(TEXT)))
PARAMETERS = record("Parameters", type=TEXT, properties=Map(TEXT, PARAMETER), required=List(TEXT))
FUNCTION = record("Function", name=TEXT, description=TEXT, parameters=PARAMETERS)
CALLED = record("CalledFunction", name=TEXT, arguments=TEXT)
MESSAGE = record(
    "Message",
    role=TEXT,
    content=Optional(TEXT),
    tool_calls=Optional(List(record("ToolCall", id=TEXT, type=TEXT, function=CALLED))),
    tool_call_id=Optional(TEXT),
)
CHAT = record(
    "Chat",
    id=TEXT,
    model=TEXT,
    created=INT64,
    temperature=Scalar.FLOAT64,
    max_tokens=Optional(Scalar.INT32),
    tools=List(record("Tool", type=TEXT, function=FUNCTION)),
    messages=List(MESSAGE),
    usage=record("Usage", prompt_tokens=INT64, completion_tokens=INT64, cached_tokens=Optional(INT64)),
)


def generate(rng: Random) -> Iterator[Any]:
    """Conversations of different people, each as it stands when the model has answered."""
    writer, time = _Writer(rng), NOW_MS
    while True:
        time += below(rng, 400_000)
        messages = [{"role": "system", "content": SYSTEM}]
        for _ in range(between(rng, 2, 4)):
            messages += writer.turn(time)
        prompt = sum(len(message.get("content", "")) for message in messages) // 4
        cached = {"cached_tokens": prompt // 128 * 64} if chance(rng, 0.5) else {}
        yield {
            "id": f"chatcmpl-{rng.getrandbits(128):032x}",
            "model": pick(rng, ("large-2026-01", "small-2025-11", "reasoning-2025-09")),
            "created": time // 1000,
            "temperature": pick(rng, (0.0, 0.2, 0.7, 1.0)),
            **({"max_tokens": pick(rng, (1024, 2048, 4096))} if chance(rng, 0.5) else {}),
            "tools": list(TOOLS),
            "messages": messages,
            "usage": {"prompt_tokens": prompt, "completion_tokens": between(rng, 60, 400), **cached},
        }


class _Writer:
    """Writes the messages of conversations, from pools of sentences that are made once."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.asking = sentences(rng, ASKING, 400)
        self.telling = sentences(rng, TELLING, 3000)
        self.calls = Calls(rng, self.telling, sentences(rng, LOGGED, 1000))

    def turn(self, time_ms: int) -> Iterator[dict[str, Any]]:
        """A question, the calls that it takes with what they return, and the answer."""
        rng = self.rng
        yield {"role": "user", "content": paragraph(rng, self.asking, 1, 3)}
        for _ in range(pick(rng, (0, 0, 1, 1, 1, 2))):
            yield from self.called(time_ms)
        parts = [paragraph(rng, self.telling, 2, 4) for _ in range(between(rng, 1, 3))]
        if chance(rng, 0.4):
            parts.insert(1, "- " + paragraph(rng, self.telling, 2, 5, "\n- "))
        yield {"role": "assistant", "content": "\n\n".join(parts)}

    def called(self, time_ms: int) -> Iterator[dict[str, Any]]:
        """The message with one or two calls, sometimes with a word before them, and what each returns."""
        rng = self.rng
        made = [(f"call_{rng.getrandbits(96):024x}", *self.calls.make(time_ms)) for _ in range(pick(rng, (1, 1, 2)))]
        functions = [(key, {"name": name, "arguments": arguments}) for key, name, arguments, _ in made]
        calls = [{"id": key, "type": "function", "function": function} for key, function in functions]
        word = {"content": pick(rng, self.telling)} if chance(rng, 0.2) else {}
        yield {"role": "assistant", **word, "tool_calls": calls}
        for key, _, _, result in made:
            yield {"role": "tool", "content": result, "tool_call_id": key}


PAYLOADS: tuple[Generated, ...] = (
    Generated(
        name="chat",
        title="Conversation with an assistant",
        origin="requests to chat completion APIs, with tool calls whose arguments are JSON text",
        traits=("long text", "JSON inside strings", "optional fields", "escapes"),
        schema=Schema("Chat", CHAT),
        generate=generate,
    ),
)
