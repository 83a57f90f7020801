"""What comes back, as the page of a run shows it: beside speed, and value by value."""

from __future__ import annotations

from dataclasses import replace

import fake_reports
from serbench.fidelity.probes import PROBES
from serbench.records.cases import Status
from serbench.records.fidelity import OUTCOME_WORDS, Fidelity, Outcome, Probed
from serbench.report.fidelity import MOST_SPEEDS, FidelityCell, fidelity_view
from serbench.units import significant

RANKING = [table for table in fake_reports.wide_report().tables if table.headline]


def found(codec, **told):
    """What comes back from a codec: every probe exactly, but for those that are told."""
    usual = {probe.name: ("exact", "", "") for probe in PROBES}
    odd = {name.replace("_", "-"): (*about, "")[:3] for name, about in told.items()}
    probed = (Probed(probe=n, outcome=Outcome(o), words=w, undeclared=u) for n, (o, w, u) in (usual | odd).items())
    return Fidelity(codec=codec, probed=tuple(probed))


LOSSY = found("orjson", nan=("changed", "None"), huge=("refused", "TypeError: too big"), set=("untried", "no type"))
EXACT = found("json")
WORSE = found("msgpack", nan=("changed", "NaN with other bits", "not declared"), tuple=("changed", "[1, 2]"))


def view(*of, tables=RANKING, codecs=()):
    """The view of these."""
    return fidelity_view(of, codecs, tables)


def test_what_comes_back_most_stands_first():
    """With how often each outcome occurred; outcomes that did not occur are no columns."""
    made = view(LOSSY, WORSE, EXACT)
    assert ("json", "msgpack", "orjson") == made.codecs
    assert ("exact", "changed", "refused", "untried") == tuple(str(outcome) for outcome, _ in made.outcomes)
    assert all(OUTCOME_WORDS[outcome] == words for outcome, words in made.outcomes)
    n = len(PROBES)
    assert ((n, 0, 0, 0), (n - 2, 2, 0, 0), (n - 3, 1, 1, 1)) == made.counts
    assert n == made.probes


def test_speeds_are_those_of_the_tables():
    """As multiples of the best, in the order of the codecs; words where there is no number."""
    made = view(LOSSY, EXACT, found("nobody"))
    assert MOST_SPEEDS == len(made.speeds)
    assert len(RANKING) - MOST_SPEEDS == made.more_speeds
    speed, table = made.speeds[0], RANKING[0]
    assert (table.payload.name, table.operation) == (speed.payload, speed.operation)
    rows = {row.codec.name: row for row in table.rows}
    assert Status.MEASURED == rows["orjson"].status
    told = dict(zip(made.codecs, map(str.strip, speed.cells), strict=True))
    assert {
        "json": str(rows["json"].status),
        "nobody": "no case",
        "orjson": significant(rows["orjson"].relative.value),
    } == told


def test_speeds_are_those_under_the_first_conditions():
    """A column has no room to say under which others: two would have one name."""
    first = RANKING[0]
    off = replace(first, conditions=replace(first.conditions, gc="off"))
    made = view(LOSSY, tables=[first, off, RANKING[1]])
    assert [(t.payload.name, str(t.operation)) for t in (first, RANKING[1])] == [
        (speed.payload, speed.operation) for speed in made.speeds
    ]
    assert 0 == made.more_speeds


def test_values_that_came_back_from_all_are_only_named():
    """The others stand in their groups, in the order of the probes; what cannot be asked is no loss."""
    made = view(LOSSY, EXACT)
    assert [("integers", ["10^100"]), ("floats", ["NaN"])] == [(g.name, [t for t, _ in g.lines]) for g in made.groups]
    assert "{1, 2}, a set" in made.exact
    assert len(PROBES) - 2 == len(made.exact)


def test_a_cell_tells_into_what_and_how():
    """Briefly where that is short, in full in its title, and whether it is not as declared."""
    ((_, (nan,)),) = [line for group in view(WORSE).groups for line in group.lines if line[0] == "NaN"]
    words = "NaN with other bits; not as declared: not declared"
    assert FidelityCell(outcome=Outcome.CHANGED, short="NaN with other bits", words=words, odd=True) == nan
    ((_, (huge,)),) = [line for group in view(LOSSY).groups for line in group.lines if line[0] == "10^100"]
    assert FidelityCell(outcome=Outcome.REFUSED, short="TypeError", words="TypeError: too big", odd=False) == huge
    long = found("json", nan=("changed", "x" * 60))
    assert "" == view(long).groups[0].lines[0][1][0].short


def test_runs_of_other_versions_have_other_probes():
    """What is not known has its name and a group of its own; what was not asked is untried."""
    newer = replace(EXACT, probed=(Probed(probe="brand-new", outcome=Outcome.REFUSED, words="no"),))
    made = view(newer, LOSSY)
    assert "others" == made.groups[-1].name
    title, cells = made.groups[-1].lines[0]
    assert "brand-new" == title
    assert {Outcome.REFUSED, Outcome.UNTRIED} == {cell.outcome for cell in cells}


def test_codecs_that_were_not_looked_at_are_named():
    """Those that could be; a run that looked at none shows nothing."""
    codecs = fake_reports.wide_report().codecs
    gone = replace(codecs[0], name="gone", unavailable="gone is not installed")
    left = {codec.name for codec in codecs} - {"orjson"}
    assert left == set(view(LOSSY, codecs=(*codecs, gone)).left_out)
    assert None is view(codecs=codecs)


def test_a_run_that_timed_nothing_has_no_speeds():
    """What comes back stands there all the same."""
    made = view(LOSSY, tables=())
    assert () == made.speeds
    assert 0 == made.more_speeds
