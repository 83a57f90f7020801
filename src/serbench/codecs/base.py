"""The codec protocol. A codec is one file: this module, its own library, and `CODECS` as its last line.

Rules of the house, so that codecs can be held against each other:

* *What is timed is what a service that cares would call*: the library's own callable wherever that is possible. What
  can be made once (an encoder, a packer, a decoder of a type) is made once, in `bind`. An option that a payload needs,
  as its `kinds` say, is given for that payload and costs no other one anything.
* *Bytes in JSON are base64 text, and making that text is timed*, where the library's user would have it made: on
  encoding by the library itself, or by its hook for other types (`base64_text` below, never called where there are no
  bytes). On decoding, an untyped codec cannot tell such text from other text: it returns the text, declares
  `BYTES_AS_BASE64`, and `read` decodes each such leaf as the user would. A typed codec gives bytes back and declares
  nothing.
* *What does not come back exactly is declared*; what cannot be carried is refused before anything is called.
* *A codec that need not copy has a variant that does not*: `-view` is handed views of mapped memory (`mapped` below),
  and gives views of it back where its library does.
"""

from __future__ import annotations

import base64
import mmap
import threading
from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from serbench.records.cases import Caution, Model
from serbench.schema.carried import VALUES

if TYPE_CHECKING:
    from collections.abc import Callable

    from serbench.codecs.deviations import Deviation
    from serbench.schema.payload import Payload

Buffer = bytes | bytearray | memoryview
"""What an encoder may return."""

_ALIGNED = 64
_MAPPED_BYTES = 1 << 24

Access = Literal["item", "attribute", "message"]
"""How users reach a leaf: `value["name"]` and `.get()`; `value.name`, None where absent (another false value where
None is one that the field may have); `value.name`, after `HasField` where a message may be absent, and `.values` of the
wrapper that a message has around a list in a list."""


def identity(value: Any) -> Any:
    """The value itself: `build` and `convert` of a codec that takes and gives plain values. It is never timed."""
    return value


def base64_text(value: Any) -> str:
    """The hook (`default=`) that users of a JSON library pass where they have bytes.

    Raises:
        TypeError: it is something else; libraries expect that.
    """
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is not JSON serializable")


def mapped() -> Callable[[bytes], memoryview]:
    """A `source` for codecs that decode in place: read-only views of mapped memory, as of a file or of shared memory.

    One message follows the other, as in a file: each in pages of its own would meet the others in the same few lines of
    a cache. They begin at multiples of 64 bytes, for formats that want words aligned.
    """
    room = memoryview(bytearray())
    turn = threading.Lock()

    def source(data: bytes) -> memoryview:
        nonlocal room
        size = -(-len(data) // _ALIGNED) * _ALIGNED
        with turn:
            if size > len(room):
                room = memoryview(mmap.mmap(-1, max(size, _MAPPED_BYTES), mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS))
            place, room = room[: len(data)], room[size:]
        place[:] = data
        return place.toreadonly()

    return source


def owned(value: Any) -> Any:
    """A plain value with bytes where it has views of them: what `convert` of a codec gives that hands out views."""
    match value:
        case memoryview():
            return value.tobytes()
        case dict():
            return {key: owned(item) for key, item in value.items()}
        case list():
            return [owned(item) for item in value]
        case tuple():
            return tuple(map(owned, value))
    return value


def slow_fallback(library: str, variable: str = "") -> Caution:
    """The warning of a codec whose library runs without its native part.

    Args:
        library: its distribution.
        variable: the environment variable that may have switched the native part off; empty: there is none.
    """
    unset = f" and unset {variable}" if variable else ""
    return Caution(
        name="slow-fallback",
        text=f"{library} runs in pure Python, many times slower than its native part. "
        f"Install a wheel of {library} made for this Python{unset}.",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """A codec made ready for one payload. Everything untimed has been done when this exists.

    Attributes:
        encode: the codec's own object to any bytes-like object; the library's own callable wherever possible.
        decode: what `source` returned to the codec's own object; the library's own callable wherever possible.
        build: plain value to the codec's own object. `identity` for plain codecs: `dump` is the same as `encode`.
        convert: the codec's own object to a plain value. `identity` for plain codecs: `load` is the same as `decode`.
        source: untimed: encoded bytes to what `decode` is handed, such as a memoryview.
        access: how users of the library reach a leaf; from it and the schema the code of `read` is generated.
        read: a reader of the codec's own (a decoded object -> None), verified to touch every leaf; None: generated.
    """

    encode: Callable[[Any], Buffer]
    decode: Callable[[Any], Any]
    build: Callable[[Any], Any] = identity
    convert: Callable[[Any], Any] = identity
    source: Callable[[bytes], Any] = identity
    access: Access = "item"
    read: Callable[[Any], None] | None = None


def in_record(bound: Bound) -> Bound:
    """The same for a payload whose root is no record, of a library that has records only: one is around it.

    Args:
        bound: of the record, whose only field is `serbench.schema.carried.VALUES`. What it decodes has that attribute.
    """
    build, decode, convert = bound.build, bound.decode, bound.convert
    return replace(
        bound,
        build=lambda values: build({VALUES: values}),
        decode=lambda data: decode(data).values,
        convert=lambda values: convert(SimpleNamespace(values=values)).get(VALUES),
    )


class Codec(Protocol):
    """An adapter for one way of using one library. Read-only properties, so that frozen dataclasses match."""

    @property
    def name(self) -> str:
        """The value on the command line and the key in results."""

    @property
    def format(self) -> str:
        """What is on the wire: `json`, `msgpack`, `protobuf`."""

    @property
    def distribution(self) -> str | None:
        """Whose version is recorded; None: the standard library."""

    @property
    def model(self) -> Model:
        """What the codec hands the program."""

    @property
    def deviations(self) -> frozenset[Deviation]:
        """What does not come back as it went in, from the closed list."""

    def bind(self, payload: Payload, /) -> Bound:
        """Does all untimed work: derives types, builds encoders and decoders.

        Raises:
            UnsupportedPayload: the codec cannot carry this payload, with the path.
        """


class Introspective(Protocol):
    """What a codec may say besides: workers ask for these two and do without where they are missing."""

    @property
    def native(self) -> str:
        """Which implementation is active: `C`, `Rust`, `upb`, `pure Python`."""

    @property
    def warnings(self) -> tuple[Caution, ...]:
        """What should be known before this codec's numbers are read, such as a slow fallback being active."""
