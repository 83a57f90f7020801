"""The matrix in words: for a terminal, as Markdown, and as JSON."""

from __future__ import annotations

import base64
import json

import pytest
from fidelity_samples import FAITHFUL, FINDING, LOSSY, fidelity, info
from jsonschema import Draft202012Validator

from docs_examples import DOCS
from serbench.fidelity import summary, wire, words
from serbench.fidelity.parts import Examined, Harm
from serbench.fidelity.probes import BY_NAME, GROUPS, PROBES
from serbench.records.fidelity import Outcome

BOTH = (LOSSY, FAITHFUL)
MISSING = (info("gone", unavailable="gone is not installed; pip install gone"),)


def many(n, words="OverflowError: too big"):
    """So many codecs that refuse one value."""
    return [
        Examined(info=info(f"codec-{i}"), fidelity=fidelity(f"codec-{i}", huge=("refused", words))) for i in range(n)
    ]


def test_marks_stand_in_the_order_of_the_probes():
    """One for each probe of each group; what was not asked is blank."""
    cells = dict(zip(GROUPS, summary.marks(LOSSY.fidelity), strict=True))
    assert {group: sum(p.group == group for p in PROBES) for group in GROUPS} == {g: len(c) for g, c in cells.items()}
    at = [p.name for p in PROBES if p.group == "integers"].index("over-64-bits")
    assert ("-", "~", " ") == (cells["integers"][at], cells["floats"].strip(), cells["objects"][5])
    assert "X" in cells["keys"]


def test_all_outcomes_are_counted():
    """Those that did not occur as well."""
    assert dict(zip(Outcome, (0, 2, 1, 1, 1), strict=True)) == summary.counts(LOSSY.fidelity)


def test_the_worst_deed_is_told_first():
    """With who did it; a probe that came back from all is not there."""
    deeds = summary.deeds([one.fidelity for one in BOTH])
    assert ["over-64-bits", "nan", "tuple", "none"] == list(deeds)
    (both,) = deeds["nan"]
    assert (Outcome.CHANGED, "None", ("lossy", "faithful")) == (both.outcome, both.words, both.codecs)
    odd = [
        fidelity("a", nan=("refused", "x")),
        fidelity("b", nan=("crashed", "y")),
        fidelity("c", nan=("changed", "z")),
    ]
    assert [Outcome.CRASHED, Outcome.CHANGED, Outcome.REFUSED] == [d.outcome for d in summary.deeds(odd)["nan"]]


@pytest.mark.parametrize(
    ("n", "said", "told"),
    [
        (3, "OverflowError: too big", "OverflowError: too big"),
        (4, "OverflowError: too big", "OverflowError"),
        (4, "written, then not read: ValueError: too big", "written, then not read: ValueError"),
        (4, "v[]: no unions", "its shape, before any call"),
        (4, "no unions", "its shape, before any call"),
    ],
)
def test_errors_of_many_codecs_are_told_by_their_class(n, said, told):
    """Of a few codecs in full."""
    ((deed,),) = summary.deeds([one.fidelity for one in many(n, said)]).values()
    assert told == deed.words


def test_the_terminal_has_80_columns():
    """With every probe asked of codecs with the longest names, many in a line."""
    codecs = [f"msgspec-msgpack-struct{i}"[-22:] for i in range(30)]
    probed = {probe.name: ("changed", "x" * 60) for probe in PROBES}
    text = words.text([Examined(info=info(name), fidelity=fidelity(name, **probed)) for name in codecs])
    assert max(map(len, text.splitlines())) <= 80


def test_the_terminal_tells_all():
    """Marks, values, what is not as declared, what broken input did, and who was not there."""
    text = words.text(BOTH, MISSING)
    assert text.startswith("What comes back of 50 values through 2 codecs\n. exact  ~ changed  - refused  X crashed")
    for line in (
        "  1 2^53 + 1: exact wherever it can be asked",
        "      - OverflowError: too big: lossy",
        "      ~ None: lossy, faithful",
        "  faithful: NaN: changed, None; not declared",
        "Decoders under broken input, seed 1",
        "lossy        1,000       900        99  1: crash",
        "faithful     1,000     1,000         0  none",
        "gone: not examined; gone is not installed; pip install gone",
    ):
        assert line in text.splitlines(), line
    assert "lossy: crash on 2 bytes, flipped: killed by SIGSEGV during decode; again when" in text
    assert "Not as declared" not in words.text([LOSSY])
    assert "broken input" not in words.text(many(1))
    assert "      - OverflowError: too big\n" in words.text(many(1))


def test_markdown_has_tables():
    """With values as code, so that nothing in them is taken for Markdown."""
    text = words.markdown(BOTH, MISSING)
    assert "| lossy | 0 | 2 | 1 | 1 | 1 |" in text
    assert "| floats | `NaN` | changed | `None` | lossy, faithful |" in text
    assert "| lossy | 1,000 | 900 | 99 | 1: crash |" in text
    assert "* faithful: NaN: None; not as declared: not declared" in text
    assert "* gone: not examined; gone is not installed; pip install gone" in text
    odd = [Examined(info=info("a"), fidelity=fidelity("a", nan=("changed", "`|`")))]
    assert "| `` `\\|` `` |" in words.markdown(odd)


def test_json_is_what_its_schema_says():
    """And the schema would not take anything else."""
    schema = json.loads((DOCS / "fidelity.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    told = json.loads(wire.to_json(BOTH, MISSING, "0.1"))
    validator = Draft202012Validator(schema)
    assert [] == list(validator.iter_errors(told))
    assert list(validator.iter_errors(told | {"more": 1}))
    outcomes = schema["properties"]["codecs"]["items"]["properties"]["outcomes"]["properties"]
    assert list(map(str, Outcome)) == list(outcomes)
    attack = schema["properties"]["codecs"]["items"]["properties"]["attack"]["properties"]
    assert list(map(str, Harm)) == attack["findings"]["items"]["properties"]["harm"]["enum"]


def test_json_has_everything():
    """The input that did harm as well; no attack where there was none."""
    told = json.loads(wire.to_json([LOSSY, *many(1)], (), "0.1"))
    first, second = told["codecs"]
    assert {"exact": 0, "changed": 2, "refused": 1, "crashed": 1, "untried": 1} == first["outcomes"]
    assert FINDING.data == base64.b64decode(first["attack"]["findings"][0]["data"])
    assert "attack" not in second
    assert [probe.name for probe in PROBES] == [probe["probe"] for probe in told["probes"]]
    assert [] == told["missing"]


def test_a_probe_that_is_not_known_has_its_name():
    """As a run of another version may have."""
    assert "new-one" == summary.title("new-one")
    assert BY_NAME["nan"].title == summary.title("nan")
