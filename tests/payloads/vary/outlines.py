"""What is to stay of values that are varied."""

from __future__ import annotations

from serbench.payloads.vary.numbers import same_width


def of_text(text):
    """Of ASCII all but which letter and which digit, of others bytes, script and case."""
    return [
        (
            len(letter.encode(errors="surrogatepass")),
            (letter.isupper(), letter.islower()) if letter.isalpha() else letter if _stays(letter) else "",
            ord(letter) >> (7 if letter.isascii() else 12),
        )
        for letter in text
    ]


def _stays(letter):
    """Zeros do, and what is neither letter nor digit."""
    return letter == "0" or not letter.isalnum()


def of_value(value):
    """Kinds, lengths and widths, all the way down; not the order of records and of keys."""
    match value:
        case float():
            return ["float", len(repr(value)), value.is_integer(), value < 0]
        case str():
            return ["str", *of_text(value)]
        case bytes():
            return ["bytes", len(value)]
        case list() | tuple():
            items = [of_value(item) for item in value]
            return [type(value).__name__, *(sorted(items, key=repr) if {*map(type, value)} == {dict} else items)]
        case dict():
            return ["dict", *sorted([[of_value(key), of_value(item)] for key, item in value.items()], key=repr)]
    return [type(value).__name__, *(same_width(value) if type(value) is int else ())]
