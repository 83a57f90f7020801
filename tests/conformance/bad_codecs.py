"""Codecs that each break one rule, for the conformance kit to find: named after the check that must fail, and how.

It is imported by path in processes of the kit: it needs nothing but serbench and the standard library.
"""

import copy
import ctypes
import itertools
import json
import os
import pickle
import threading
import time

from serbench.codecs.base import Bound
from serbench.codecs.deviations import Deviation
from serbench.errors import UnsupportedPayload


class _Base:
    """pickle, right in every way."""

    format = "pickle"
    distribution = None
    model = "plain"
    deviations = frozenset()

    def bind(self, payload, /):
        return Bound(encode=self.encoder(payload), decode=self.decoder(payload))

    def encoder(self, _payload):
        return pickle.dumps

    def decoder(self, _payload):
        return pickle.loads


class _NoBound(_Base):
    name = "contract:no-bound"

    def bind(self, _payload, /):
        return pickle.dumps, pickle.loads


class _Text(_Base):
    name = "contract:text"

    def encoder(self, _payload):
        return repr


class _BindRaises(_Base):
    name = "contract:bind-raises"

    def bind(self, _payload, /):
        raise RuntimeError("not today")


class _Changes(_Base):
    name = "contract:changes-the-message"

    def encoder(self, _payload):
        def encode(value):
            if isinstance(value, dict):
                value.pop("status", None)
            return pickle.dumps(value)

        return encode


class _BindChanges(_Base):
    name = "contract:bind-changes-messages"

    def bind(self, payload, /):
        for instance in payload.instances:
            if isinstance(instance, dict):
                instance.pop("status", None)
        return super().bind(payload)


class _SourceDecodes(_Base):
    name = "contract:source-decodes"

    def bind(self, _payload, /):
        return Bound(encode=pickle.dumps, decode=lambda value: value, source=pickle.loads)


class _SourceOneBuffer(_Base):
    name = "contract:source-in-one-buffer"

    def bind(self, _payload, /):
        buffer = bytearray()

        def source(data):
            buffer[:] = data
            return buffer

        return Bound(encode=pickle.dumps, decode=pickle.loads, source=source)


class _RefusesLate(_Base):
    name = "contract:refuses-late"

    def encoder(self, _payload):
        def encode(_value):
            raise UnsupportedPayload("no unions", "items")

        return encode


class _Prints(_Base):
    name = "process:prints"

    def encoder(self, _payload):
        def encode(value):
            os.write(1, b"encoding")
            return pickle.dumps(value)

        return encode


class _Loses(_Base):
    name = "round-trip:loses"

    def decoder(self, _payload):
        return lambda data: json.loads(json.dumps(pickle.loads(data), default=repr))


class _NoRead(_Base):
    name = "read:nothing"

    def bind(self, _payload, /):
        return Bound(encode=pickle.dumps, decode=pickle.loads, read=lambda _: None)


class _Numbers(_Base):
    """Sends the number of a message, which it keeps."""

    name = "other-process:numbers"

    def __init__(self):
        self.kept = {}

    def encoder(self, _payload):
        def encode(value):
            number = str(len(self.kept)).encode()
            self.kept[number] = pickle.dumps(value)
            return number.rjust(20)

        return encode

    def decoder(self, _payload):
        return lambda data: pickle.loads(self.kept[bytes(data).strip()])


class _OnlyBound(_Base):
    name = "bind:knows-only-those"

    def encoder(self, payload):
        known = {pickle.dumps(one): pickle.dumps(one) for one in payload.instances}
        return lambda value: known.get(pickle.dumps(value)) or pickle.dumps(None)


class _Prepared(_Base):
    """Encodes in bind, and in encode where it must."""

    name = "bind:prepared"

    def encoder(self, payload):
        known = {id(one): pickle.dumps(one) for one in payload.instances}
        kept = list(payload.instances)

        def encode(value):
            assert kept
            return bytes(bytearray(known.get(id(value), b""))) or _slow(value)

        return encode


def _slow(value):
    """As slow as a library that is written in Python."""
    for _ in range(3):
        value = copy.deepcopy(value)
    return pickle.dumps(value)


class _Decoded(_Base):
    name = "fresh:remembers-decoded"

    def decoder(self, _payload):
        memo = {}

        def decode(data):
            if data not in memo:
                memo[data] = pickle.loads(data)
            return memo[data]

        return decode


class _Encoded(_Base):
    """Remembers bytes by the address of the message."""

    name = "fresh:remembers-encoded"

    def encoder(self, _payload):
        memo = {}

        def encode(value):
            if id(value) not in memo:
                memo[id(value)] = value, pickle.dumps(value)
            return bytes(bytearray(memo[id(value)][1]))

        return encode


class _Buffer(_Base):
    name = "fresh:one-buffer"

    def encoder(self, _payload):
        buffer = bytearray()

        def encode(value):
            buffer[:] = pickle.dumps(value)
            return buffer

        return encode


class _Memo(_Base):
    """Remembers what it decoded, and copies it: no result shows it."""

    name = "pace:remembers"

    def decoder(self, _payload):
        memo = {}

        def decode(data):
            if data not in memo:
                copied = _slow(pickle.loads(data))
                memo[data] = copied
            return pickle.loads(data)

        return decode


class _Keeps(_Base):
    name = "memory:keeps"

    def encoder(self, _payload):
        kept = []

        def encode(value):
            kept.append(pickle.dumps(value))
            return bytes(bytearray(kept[-1]))

        return encode


class _Counts(_Base):
    name = "order:counts"

    def encoder(self, _payload):
        number = itertools.count()
        return lambda value: pickle.dumps(value) + b"\0" * (next(number) % 7)


class _Spoilt(_Base):
    """Is of no use after an error."""

    name = "order:spoilt-by-an-error"

    def encoder(self, _payload):
        parts = []

        def encode(value):
            parts.append(b"")
            parts[-1] = pickle.dumps(value)
            if "_Nothing" in repr(value):
                raise TypeError("not this")
            return b"".join(parts[-1:]) if parts.pop() and not parts else b""

        return encode


class _Shared(_Base):
    """One buffer for all threads."""

    name = "threads:one-buffer"

    def encoder(self, _payload):
        buffer = bytearray()

        def encode(value):
            buffer.clear()
            for part in pickle.dumps(value)[::-1], b"":
                time.sleep(0)
                buffer.extend(part)
            return bytes(buffer)[::-1]

        return encode


class _Locked(_Base):
    """Never lets a second thread in while the first is there, nor later."""

    name = "threads:hangs"

    def encoder(self, _payload):
        lock, first = threading.Lock(), threading.get_ident()

        def encode(value):
            if threading.get_ident() != first:
                lock.acquire()
            return pickle.dumps(value)

        return encode


class _Undeclared(_Base):
    name = "fidelity:undeclared"
    deviations = frozenset({Deviation.NO_NAN})


class _Crashes(_Base):
    name = "round-trip:crashes"

    def decoder(self, _payload):
        return lambda _: ctypes.string_at(0)


class _Hangs(_Base):
    name = "contract:hangs"

    def encoder(self, payload):
        def encode(_value):
            while payload:
                pass

        return encode


class _Exits(_Base):
    name = "contract:exits"

    def encoder(self, _payload):
        return lambda _: os._exit(3)


class _Raises(_Base):
    name = "contract:raises-past-exception"

    def encoder(self, _payload):
        def encode(_value):
            raise KeyboardInterrupt

        return encode


class _Greedy(_Base):
    name = "contract:greedy"

    def encoder(self, _payload):
        return lambda _: bytes(1 << 40)


CODECS = tuple(kind() for kind in _Base.__subclasses__())
