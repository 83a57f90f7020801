"""pycapnp: messages of the `.capnp` text that is made from the payload's schema; it brings the parser of that text.

Cap'n Proto's wire is its memory. What is work elsewhere is done by `build`: it fills a message, which `encode` then
copies out, so look at `dump`. `decode` looks at nothing but the root's pointer, and each access converts anew.

`from_bytes` is a context manager, for buffers that are given back; bytes stay alive with the reader. It reads them
where they are, those of a memoryview too (`capnp-view`); an access to bytes copies these. The limits that
protect a service from messages that are made to be read for ever are lifted, as they are where a large message is
expected.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import capnp  # type: ignore[import-untyped]  # it has neither types nor stubs

from serbench.codecs.base import Bound, Codec, identity, mapped
from serbench.codecs.deviations import OF_MESSAGES, Deviation
from serbench.schema.capnp import root_name, to_capnp
from serbench.schema.capnp_code import builder, converter, reader
from serbench.schema.carried import VALUES, boxed, carried
from serbench.schema.types import Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.records.cases import Caution, Model
    from serbench.schema.payload import Payload
    from serbench.schema.types import Schema

_WORDS = 1 << 60
_LEVELS = 1 << 20


def message_class(schema: Schema) -> Any:
    """The root's class, of a parser of its own.

    Raises:
        UnsupportedPayload: Cap'n Proto, or this codec, have no form for something in the schema.
    """
    text = to_capnp(schema)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payload.capnp"
        path.write_text(text, encoding="utf-8")
        parser = capnp.SchemaParser()
        kind = getattr(parser.load(str(path)), root_name(schema))
    kind.parser = parser  # whoever has the class needs what it was made of, which the library would free
    return kind


def _plain(message: Any) -> bytes:
    data: bytes = message.to_bytes()
    message.clear_write_flag()  # it is written again and again here, which the library warns of
    return data


def _packed(message: Any) -> bytes:
    data: bytes = message.to_bytes_packed()
    message.clear_write_flag()
    return data


def _decoder(kind: Any) -> Callable[[bytes], Any]:
    from_bytes = kind.from_bytes

    def decode(data: bytes) -> Any:
        with from_bytes(data, _WORDS, _LEVELS) as message:
            return message

    return decode


def _packed_decoder(kind: Any) -> Callable[[bytes], Any]:
    return partial(kind.from_bytes_packed, traversal_limit_in_words=_WORDS, nesting_limit=_LEVELS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capnp:
    """Cap'n Proto, plain or packed; plain from bytes or from views."""

    name: str
    encode: Callable[[Any], bytes]
    decoder: Callable[[Any], Callable[[bytes], Any]]
    view: bool = False
    format: str = "capnp"
    distribution: str | None = "pycapnp"
    model: Model = "message"
    deviations: frozenset[Deviation] = OF_MESSAGES
    native: str = "C++"
    warnings: tuple[Caution, ...] = ()

    def bind(self, payload: Payload, /) -> Bound:
        """Messages, and the code that builds, converts and reads them."""
        schema = carried(payload, "Cap'n Proto")
        kind = message_class(schema)
        root = schema.root
        assert isinstance(root, Record)
        build, convert = builder(root, kind.new_message), converter(root)
        return Bound(
            encode=self.encode,
            decode=self.decoder(kind),
            build=(lambda values: build({VALUES: values})) if boxed(payload) else build,
            convert=(lambda message: convert(message)[VALUES]) if boxed(payload) else convert,
            source=mapped() if self.view else identity,
            read=reader(root),
        )


CODECS: tuple[Codec, ...] = (
    Capnp(name="capnp", encode=_plain, decoder=_decoder),
    Capnp(name="capnp-view", encode=_plain, decoder=_decoder, view=True),
    Capnp(name="capnp-packed", format="capnp-packed", encode=_packed, decoder=_packed_decoder),
)
