"""An inspection in a terminal: aligned, short, and with nothing in it that a terminal obeys."""

from __future__ import annotations

import json
import re

import cbor2
import pytest
from inspected import codec, inspection, lines, texts

from serbench.inspection import columns, words

ORDERS = [{"id": 1 << 60, "state": "open", "tags": []}, {"id": 7, "state": "paid", "tags": ["é"], "note": None}]
WANTED = """\
messages      2
bytes each    min 49, median 50, max 51; 100 B in all, as compact JSON
as it stands  118 bytes, 18.0 % more than compact
depth         2
values each   5 on average, lists and objects included
keys          7, 4 different, each stands 1.75 times on average; 40.0 % of the bytes
non-ASCII     11.1 % of the characters of strings

kind       values          bytes
string          3  30.0 %     16  16.0 %
integer         2  20.0 %     20  20.0 %
null            1  10.0 %      4   4.0 %
list            2  20.0 %
object          2  20.0 %
keys                          40  40.0 %
structure                     20  20.0 %

field     kind     present  values                  different   bytes
$.id      integer        2  7, 1152921504606846976          2  30.0 %
$.state   string         2  "open", "paid"                  2  28.0 %
$.tags    list           2  0 to 1 item                        18.0 %
$.note    null      1 of 2                                     11.0 %
$         object         2  3 to 4 keys                         9.0 %
$.tags[]  string         1  "é"                             1   4.0 %

warning: integers beyond 2^53
  JavaScript, older jq and whatever else reads numbers as doubles round them; ids are safer as text.
  $.id  1  first in line 1

note: null in fields
  Not every format tells it from the absence of the field.
  $.note  1  first in line 2
  refused by 1 of 2 codecs (null is not carried): c
"""


@pytest.fixture
def orders(tmp_path):
    """Two messages with something to warn of."""
    return inspection(lines(tmp_path / "orders.ndjson", ORDERS), [codec("c", "NO_NULL"), codec("d")])


def table(text, head):
    """The lines of a table below its head."""
    found = text.splitlines()
    start = next(n for n, line in enumerate(found) if line.startswith(head))
    return found[start : [*found, ""].index("", start)]


def test_all_of_it_is_aligned(orders):
    """The file; what there is of everything and what share that is; the fields; what goes wrong where."""
    assert f"{orders.origin}\n\n{WANTED}" == words.text(orders)


def test_no_warnings_are_a_line(tmp_path):
    """With how many codecs were asked about."""
    found = inspection(lines(tmp_path / "a.ndjson", [1]), [codec("c"), codec("d")])
    last = words.text(found).splitlines()[-1]
    assert "no warnings: no codec of 2 declares that it refuses or changes anything in it" == last


def test_what_is_left_out_is_counted(tmp_path):
    """Fields, places and codecs; `every` leaves out none."""
    made = [{f"f{n}": None for n in range(60)}]
    found = inspection(lines(tmp_path / "a.ndjson", made), [codec(f"c{n}", "NO_NULL") for n in range(12)])
    text = words.text(found)
    assert words.MOST_FIELDS + 2 == len(table(text, "field"))
    assert "and 21 more; --all shows them\n" in text
    assert "  and 55 more places\n" in text
    assert "(null is not carried): c0, c1, c2, c3, c4, c5, c6, c7 and 4 more\n" in text
    text = words.text(found, every=True)
    assert "--all" not in text
    assert "more places" not in text
    assert 1 + 61 == len(table(text, "field"))
    assert "c10, c11" in " ".join(text.split())


def test_a_single_document_is_told_as_one(tmp_path):
    """No ends and no average, and no first message."""
    path = tmp_path / "a.json"
    path.write_text('{"a": -0.0}')
    text = words.text(inspection(path))
    assert "\nbytes         10 as compact JSON\n" in text
    assert "first in" not in text
    assert "keys          1, all different" in text
    assert "each" not in text.partition("kind")[0]


@pytest.mark.parametrize("wide", [1, 100, 140])
def test_lines_are_no_wider_than_the_terminal(tmp_path, wide):
    """But never narrower than tables need; a path is cut in its middle."""
    made = {"a" * 60: {"b" * 60: {"an_end": 1 << 60}}, "日本" * 40: "日本語"}
    text = words.text(inspection(lines(tmp_path / "a.ndjson", [made])), width=wide)
    width = max(wide, words.LEAST_WIDTH)
    assert [] == [
        line for line in text.splitlines() if columns.aligned([["x"], [line]], 10**6)[0].rstrip() and wider(line, width)
    ]
    assert "…" in text
    assert ".an_end " in text


def wider(line, width):
    """Whether a line takes more columns, two for each of the East."""
    return sum(1 + (character > "⺀") for character in line) > width


def test_nothing_is_obeyed_by_a_terminal(tmp_path):
    """Neither in keys nor in values nor in names of files; headings stand out where they may."""
    path = texts(tmp_path / "a\x1b[2J.ndjson", [json.dumps({"\x1b[31m": "\x1b]0;x\x07", "\u202e": "\u2028"})])
    text = words.text(inspection(path))
    assert [] == [c for c in text if not (c.isprintable() or c == "\n")]
    assert "\x1b[1mkind" in words.text(inspection(path), colour=True)
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("\x1b[2J.json", "b.json"):
        texts(folder / name, ["-0.0"])
    assert r"  $  2  first in " in (text := words.text(inspection(folder)))
    assert "\x1b" not in text


def test_values_of_all_kinds_have_their_words(tmp_path):
    """Bytes, booleans, floats, integers of any length, several kinds in one place."""
    path = tmp_path / "a.cbor"
    made = [
        {"b": b"abc", "t": True, "f": 0.1, "i": 10**400, "n": None, "m": 1, "x": float("nan")},
        {"b": b"", "t": False, "f": 1e30, "i": -(10**400), "n": None, "m": "x" * 99, "x": float("inf")},
    ]
    path.write_bytes(b"".join(map(cbor2.dumps, made)))
    told = {line.split("  ", 1)[0]: line for line in table(words.text(inspection(path)), "field")}
    for name, values in {
        "$.b": "0 to 3 bytes",
        "$.t": "50.0 % true",
        "$.f": "0.1, 1e+30",
        "$.i": "-1e+400 to 1e+400",
        "$.m": "1; 99 chars",
        "$.n": "",
        "$.x": "",
        "$": "7 keys",
    }.items():
        row = [cell for cell in re.split(" {2,}", told[name]) if cell]
        assert ([values] if values else []) == [cell for cell in row[3:-1] if not cell.isdigit()]


def test_a_share_is_never_rounded_to_nothing():
    """What is there is more than 0 %."""
    assert ["0 %", "<0.1 %", "0.1 %", "33.3 %", "100.0 %"] == [columns.share(n, 3000) for n in (0, 1, 2, 1000, 3000)]


def test_columns_are_aligned_by_what_a_terminal_shows():
    """East Asian letters take two columns, combining marks none."""
    assert ["a    b", "日   1", "e\u0301   22"] == columns.aligned([["a", ">b"], ["日", "1"], ["e\u0301", "22"]], 80)
