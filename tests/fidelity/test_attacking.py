"""Decoders under broken input: what harm is found, kept and seen again."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from serbench.errors import Interrupted
from serbench.fidelity import attacking, examine, running
from serbench.fidelity.budget import Budget
from serbench.fidelity.parts import Harm
from serbench.harness import catalogue

HARMFUL = {info.name: info for info in catalogue.of_file(str(Path(__file__).parent / "harmful_codecs.py"))}


def attacked(name, *, inputs=100, seed=3, seconds=math.inf, stop=lambda: False):
    """What becomes of a decoder."""
    budget = Budget(seed=seed, inputs=inputs, seconds=seconds)
    attack, *_ = running.each(
        [HARMFUL[name]], lambda _, process: attacking.attack(process, budget, budget.seconds), stop=stop
    )
    return attack


@pytest.mark.parametrize(
    ("name", "harm", "words"),
    [
        ("dies-on-short", Harm.CRASH, "killed by SIGSEGV during decode"),
        ("panics-on-short", Harm.PANIC, "Panic: index out of bounds"),
        ("allocates-on-short", Harm.MEMORY, "MemoryError: it wanted over 1,024 MiB for "),
        ("grows-on-short", Harm.MEMORY, "it took "),
    ],
)
def test_harm_is_found_and_is_done_again_alone(name, harm, words):
    """Of a sort that does it to what was cut short, and to nothing else."""
    attack = attacked(name)
    assert {harm} == {finding.harm for finding in attack.findings}
    assert all(finding.words.startswith(words) for finding in attack.findings)
    assert all(finding.again for finding in attack.findings)
    assert 1 <= len(attack.findings) <= attacking.KEPT_OF_A_SORT
    assert not any(finding.data.endswith(b"}") for finding in attack.findings)


def test_a_hang_is_ended():
    """By the processor time that it takes, so a busy machine makes none."""
    attack = attacked("spins-on-short", inputs=1)
    (finding,) = attack.findings
    assert (Harm.HANG, "truncated", 0, True) == (finding.harm, finding.made, finding.index, finding.again)
    assert "no end within 3 s of processor time during decode; killed" == finding.words
    assert (1, 0, 0) == (attack.tried, attack.refused, attack.decoded)


def test_an_exception_is_right():
    """Then every input is refused or decoded, and nothing is found."""
    attack = attacked("refuses-short", inputs=600)
    assert (600, 600, (), "") == (attack.tried, attack.refused + attack.decoded, attack.findings, attack.ended)
    assert attack.refused > 300


def test_a_decoder_that_dies_and_dies_is_left_alone():
    """What was fed before it died counts all the same."""
    attack = attacked("dies-on-short", inputs=10_000)
    assert "ended after 5 deaths" == attack.ended
    assert attack.tried < 10_000
    assert attacking.MOST_DEATHS + attack.refused + attack.decoded == attack.tried
    assert attacking.KEPT_OF_A_SORT == len(attack.findings)


def test_the_same_seed_finds_the_same():
    """Another one others."""
    first, second, other = (
        [(finding.index, finding.data) for finding in attacked("panics-on-short", seed=seed).findings]
        for seed in (1, 1, 2)
    )
    assert first == second
    assert first != other


def test_time_ends_an_attack():
    """None is begun where there is none."""
    assert 0 == attacked("refuses-short", seconds=0.0).tried


def test_somebody_asks_for_the_end():
    """Nothing is kept then."""
    with pytest.raises(Interrupted):
        attacked("refuses-short", stop=lambda: True)


def test_one_input_is_fed():
    """A line says what each decoder did with it."""
    codecs = [HARMFUL[name] for name in ("dies-on-short", "panics-on-short", "refuses-short")]
    assert [
        "dies-on-short: crash: killed by SIGSEGV during decode",
        "panics-on-short: panic: Panic: index out of bounds",
        "refuses-short: refused: ValueError: not that",
    ] == examine.feed(codecs, b"{")
    assert ["refuses-short: decoded"] == examine.feed([HARMFUL["refuses-short"]], b"{}")


def test_codecs_are_examined_in_their_order_with_and_without_an_attack():
    """Time is shared among them; inputs are for each."""
    codecs = [HARMFUL["refuses-short"], HARMFUL["panics-on-short"]]
    plain = examine.examine(codecs[:1])
    assert [None] == [one.attack for one in plain]
    both = examine.examine(codecs, Budget(seed=1, inputs=8, seconds=math.inf))
    assert [("refuses-short", 8), ("panics-on-short", 8)] == [(one.info.name, one.attack.tried) for one in both]
    assert ["refuses-short", "panics-on-short"] == [one.fidelity.codec for one in both]
