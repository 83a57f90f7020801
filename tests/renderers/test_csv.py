import csv
import io

import fakes
from serbench.compare.build import compare
from serbench.records.cases import Status
from serbench.renderers.csv import Csv, CsvComparison
from serbench.report.build import build
from serbench.report.flat import CHANGE_FIELDS, FIELDS

HOSTILE = 'a,"b"\r\n=1+1'


def lines(text):
    """The lines of a CSV, by column."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_line_per_case_with_the_same_columns_always():
    """An empty run has the header of a full one, and lines end in CR LF."""
    full, empty = (Csv().render(build(run)) for run in (fakes.order_run(calls=100), fakes.run([])))
    assert ",".join(FIELDS) + "\r\n" == empty
    assert full.startswith(empty)
    assert 16 == len(lines(full))


def test_numbers_are_in_base_units_and_missing_ones_are_empty():
    """Ns stays ns; a failed case has empty fields and a reason."""
    good = fakes.measured(fakes.case("json"), fakes.even_workers(2_000))
    bad = fakes.unmeasured(fakes.case("orjson"), Status.FAILED, "SIGSEGV")
    first, second = lines(Csv().render(build(fakes.run([good, bad]))))
    assert ("2000.0", "true", "false") == (first["typical_ns"], first["best"], first["certain"])
    assert ("", "SIGSEGV", "failed") == (second["typical_ns"], second["typical_ns_missing"], second["status"])


def test_names_and_reasons_come_back_as_they_were():
    """Commas, quotes and line ends are quoted, not changed."""
    (line,) = lines(Csv().render(build(fakes.run([fakes.unmeasured(fakes.case(HOSTILE), Status.FAILED, HOSTILE)]))))
    assert (HOSTILE, HOSTILE) == (line["codec"], line["reason"])


def test_a_comparison_has_a_line_per_case():
    """Ratios and verdicts, with columns of their own."""
    run = fakes.run([fakes.measured(fakes.case("json"), fakes.even_workers(2_000))])
    text = CsvComparison().render(compare(run, run))
    assert ",".join(CHANGE_FIELDS) == text.splitlines()[0]
    assert ["within noise"] == [line["verdict"] for line in lines(text)]
