from dataclasses import replace

import pytest

import fakes
from serbench.compare.build import compare
from serbench.records.cases import Caution, Status
from serbench.renderers.table import Terminal, TerminalComparison
from serbench.report.build import build
from serbench.report.cells import Grid, words

LONG = ["json", "msgspec-json-struct", "msgspec-msgpack-struct", "orjson", *(f"codec-{n}" for n in range(8))]


def report_of(names, payload="order", reason=""):
    """A report of codecs that take 2, 3, 4 us; with a reason, the last one failed."""
    cases = [fakes.case(name, payload) for name in names]
    made = [fakes.measured(case, fakes.even_workers(1_000.0 * n + 2_000)) for n, case in enumerate(cases)]
    if reason:
        made[-1] = fakes.unmeasured(made[-1].case, Status.FAILED, reason)
    return build(fakes.run(made))


@pytest.mark.parametrize("width", [70, 80, 120])
def test_no_line_is_wider_than_the_terminal(width):
    """Twelve codecs with long names fit: columns are left out, and that is said."""
    text = Terminal(width=width).render(report_of(LONG))
    assert width >= max(map(len, text.splitlines()))
    assert all(any(line.startswith(name) for line in text.splitlines()) for name in LONG)
    assert (width < 120) == ("left out for want of width: " in text)


@pytest.mark.parametrize("width", [1, 20, 40])
def test_no_number_is_cut_however_narrow_the_terminal(width):
    """Names are folded; a number that lost its end would be another number."""
    text = Terminal(width=width).render(report_of(LONG))
    assert {f"{n}.00" for n in range(2, 10)} | {"10.0", "11.0", "12.0", "13.0"} <= set(text.split())
    assert "(3.10-3.25)" in text


def test_a_wide_terminal_has_every_column():
    """Size, typical, p50, p99 with interval, throughput and the distance to the best, each with its unit."""
    lines = Terminal(width=120).render(report_of(["json", "orjson"])).splitlines()
    heads = next(n for n, line in enumerate(lines) if "typical" in line)
    assert ["size", "typical", "p50", "p99", "objects", "encoded", "to", "best"] == lines[heads].split()
    assert ["codec", "kB", "us", "us", "us", "k/s", "MB/s", "x"] == lines[heads + 1].split()
    assert ["json", "*", "1.00", "2.00", "2.00", "3.19", "(3.10-3.25)", "500", "500", "1"] == lines[heads + 3].split()


def test_tables_stand_before_their_answer_and_doubts_stand_last():
    """A terminal shows the end, so that is where the answer is."""
    text = Terminal(width=100).render(report_of(["json", "orjson"], reason="SIGSEGV"))
    places = [text.index(words) for words in ("order: decode", "To parse order", "orjson has no number for decode")]
    assert sorted(places) == places


@pytest.mark.parametrize("name", ["[bold red]x[/]", "[/]", ":smile:", "a|b`c`<d>"])
def test_names_are_no_markup(name):
    """What looks like markup of rich, or of anything else, is shown as it is."""
    assert name in Terminal(width=120).render(report_of([name, "json"]))


def test_nothing_from_outside_moves_the_cursor():
    """Escape sequences in names and reasons are written out; line ends become spaces."""
    text = Terminal(width=120).render(report_of(["json", "a\x1b[2Jb\u202e"], reason="first\nsecond\x07"))
    assert {"\n"} == {c for c in text if not c.isprintable()}
    assert r"a\x1b[2Jb\u202e" in text
    assert r"failed: first second\x07" in text


def test_colours_are_there_only_when_asked_for():
    """No escape sequence without colour; with it, the words are the same."""
    report = report_of(["json", "orjson"])
    plain, coloured = (Terminal(width=100, colour=colour).render(report) for colour in (False, True))
    assert "\x1b" not in plain
    assert "\x1b[1;32mjson" in coloured


def test_no_color_wins(monkeypatch):
    """NO_COLOR in the environment takes the colours away, whoever asked for them."""
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;32m" not in Terminal(width=100, colour=True).render(report_of(["json", "orjson"]))


def test_without_a_width_it_is_the_terminals(monkeypatch):
    """COLUMNS is what the shell says."""
    monkeypatch.setenv("COLUMNS", "61")
    text = Terminal().render(report_of(LONG))
    assert 61 >= max(map(len, text.splitlines())) > 55


def test_a_comparison_fits_as_well_and_ends_in_its_answer():
    """Long names, 80 columns: the answer is the last thing said."""
    old, new = (
        fakes.run([fakes.measured(fakes.case(n), fakes.even_workers(ns)) for n in LONG]) for ns in (2_000, 3_000)
    )
    text = TerminalComparison(width=80).render(compare(old, replace(new, serbench="9")))
    assert 80 >= max(map(len, text.splitlines()))
    assert "serbench: 0.1.0 in base, 9 in new" in text
    assert text.index("verdict") < text.index("12 cases: 12 slower")


def test_a_run_without_measurements_is_a_title_and_a_legend():
    """Nothing to show breaks nothing."""
    assert "0 codecs on nothing" in Terminal(width=80).render(build(fakes.run([])))


def test_compressed_sizes_and_conditions_stand_with_their_payload():
    """Short, between the results and the answer; how to read them stands with the other legends, once."""
    grids = [
        Grid(title=title, columns=(words("codec", ["json"]),), strong=(), notes=(), legend=(legend,), payload="order")
        for title, legend in (("order: compressed", "gzip level 6"), ("order: several", "to reference"))
    ]
    report = replace(report_of(["json"]), sizes=(grids[0],), memory=(grids[1],), conditions=(grids[1],))
    text = Terminal(width=80).render(report)
    assert (1, 1, 1) == tuple(text.count(words) for words in ("order: compressed", "order: several", "gzip level 6"))
    places = [text.index(words) for words in ("order: decode", "order: compressed", "To parse order", "gzip level 6")]
    assert sorted(places) == places


def test_long_heads_of_numbers_are_folded():
    """Two columns that are held against the reference fit 80 characters, and each says of what it is."""
    of = {gc: fakes.case("json", conditions=replace(fakes.CONDITIONS, gc=gc)) for gc in ("on", "off", "frozen")}
    made = [fakes.measured(case, fakes.even_workers(2_000, calls=2_000)) for case in of.values()]
    lines = Terminal(width=80).render(build(fakes.run(made))).splitlines()
    top = next(n for n, line in enumerate(lines) if "under several conditions" in line) + 1
    assert (["typical", "to", "p99.9", "to"], ["typical", "reference", "p99.9", "reference"]) == (
        lines[top].split(),
        lines[top + 1].split(),
    )


def test_what_was_disturbed_is_marked():
    """With a sign behind its name, and the sentence beneath."""
    of = fakes.measured(fakes.case("json"), fakes.even_workers(2_000))
    caution = Caution(name="disturbed", text="Other programs disturbed it.")
    text = Terminal(width=80).render(build(fakes.run([replace(of, warnings=(caution,))])))
    assert "json * !" in text
    assert "json: Other programs disturbed it." in text
