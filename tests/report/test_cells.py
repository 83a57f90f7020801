import pytest

from serbench.report.cells import Cell, Column, aligned, grouped, grouped_notes, numbers, parted, with_ends, words
from serbench.statistics.estimates import Estimate, Missing
from serbench.units import significant

FEW = Missing(short="too few calls", reason="p99 takes 1,000 calls and there are 12")


def estimate(value, basis="interval"):
    """A number with ends a tenth away."""
    return Estimate(value=value, low=value * 0.9, high=value * 1.1, basis=basis, coverage=0.97, workers=6, calls=9)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["1.23", "41.2", "412"], ("  1.23", " 41.2 ", "412   ")),
        (["5", "failed", "~1.50"], ("  5   ", "failed", " ~1.50")),
        (["1", "22"], (" 1", "22")),
        ([], ()),
    ],
)
def test_decimal_points_stand_in_line(cells, expected):
    """Numbers are padded so that their points meet; words stand at the right; all are as wide as each other."""
    assert expected == aligned(cells)


def test_ends_stand_behind_their_number_in_line():
    """An interval is in round brackets, a range in square ones, neither in none; a missing one says why."""
    given = [estimate(10.0), estimate(5.0, "range"), estimate(7.0, "none"), FEW]
    expected = (
        "10.0  (9.00-11.0)",
        " 5.00 [4.50-5.50]",
        " 7.00            ",
        "    too few calls",
    )
    assert expected == with_ends(given, significant)


def test_without_any_ends_there_is_no_room_for_them():
    """A column of single workers is as narrow as its numbers."""
    assert ("10.0 ", " 5.00") == with_ends([estimate(10.0, "none"), estimate(5.0, "none")], significant)


def test_columns_know_whether_they_hold_numbers():
    """Words are no numbers; a missing number is told in its words."""
    column = numbers("p99", "us", [estimate(1.5), FEW], significant, spare=2)
    assert ("p99", "us", True, 2) == (column.head, column.unit, column.numeric, column.spare)
    assert "too few calls" == column.cells[1]
    assert not words("codec", ["json"]).numeric


@pytest.mark.parametrize(
    ("digits", "expected"),
    [
        ("1", "1"),
        ("1234", "1234"),
        ("12345", "12\u202f345"),
        ("1234567.25", "1\u202f234\u202f567.25"),
        ("0.0001", "0.0001"),
        ("5e+17", "5e+17"),
    ],
)
def test_thousands_are_a_thin_space_apart(digits, expected):
    """From five digits on thousands stand apart, by a space that does not break; decimals do not."""
    assert expected == grouped(digits)


def test_cells_are_taken_apart():
    """Number, what fills its decimals up, and its ends; words and dashes in a number's place are told apart."""
    values = [estimate(1.234), estimate(12_345.0, "range"), FEW, Missing(short="-", reason="")]
    column = Column(head="p99", unit="us", cells=with_ends(values, significant))
    assert (
        Cell(text="1.23", spread="1.11\u20131.36"),
        Cell(text="12\u202f300", pad=".00", spread="11\u202f100\u201313\u202f600"),
        Cell(text="too few calls", words=True),
        Cell(text="\u2013", words=True),
    ) == parted(column)


def test_counts_and_words_are_taken_apart():
    """Commas become thin spaces; a column of words stays as it is."""
    assert [("1234", ""), ("12\u202f345", ""), ("2 of 38", "")] == [
        (cell.text, cell.pad) for cell in parted(Column(head="n", unit="", cells=("1,234", "12,345", "2 of 38")))
    ]
    assert (Cell(text="a (b)"),) == parted(words("conditions", ["a (b)"]))


def test_a_note_names_everybody_it_holds_for():
    """Once each."""
    notes = [("a", "late"), ("b", "early"), ("c", "late"), ("a", "late")]
    assert ["a and c: late", "b: early"] == list(grouped_notes(notes))
