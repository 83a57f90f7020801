"""Text from grammars."""

from __future__ import annotations

import re
from random import Random

import pytest

from serbench.payloads.text import assistant, posts, shop, words

GRAMMARS = {
    "asking": assistant.ASKING,
    "telling": assistant.TELLING,
    "logged": assistant.LOGGED,
    "descriptions": shop.DESCRIPTIONS,
    **posts.POSTS,
}


@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=GRAMMARS)
def test_grammars_are_whole(grammar):
    """Every slot has different words, more than a template asks for, and every word list is used."""
    slots = [re.findall(r"\{(.*?)\}", template) for template in grammar.templates]
    assert {slot for template in slots for slot in template} == set(grammar.words)
    for template in slots:
        for slot in template:
            assert len(grammar.words[slot]) == len(set(grammar.words[slot])) > template.count(slot)
    assert all(word.strip() == word != "" for listed in grammar.words.values() for word in listed)


@pytest.mark.parametrize("grammar", GRAMMARS.values(), ids=GRAMMARS)
def test_sentences_are_filled_and_differ(grammar):
    """No slot stays open, and a pool is not one sentence again and again."""
    made = words.sentences(Random(1), grammar, 100)
    assert [text for text in made if "{" in text] == []
    assert len(set(made)) > 15


def test_no_word_fills_two_slots_of_a_sentence():
    """A sentence does not compare a thing with itself."""
    grammar = words.phrases("{thing} is better than {thing}", thing="tea|coffee|milk")
    made = words.sentences(Random(1), grammar, 50)
    assert {len(set(re.findall("tea|coffee|milk", text.lower()))) for text in made} == {2}


def test_a_sentence_begins_with_a_capital():
    """The first letter is made large where there is a large one."""
    assert words.sentence(Random(1), words.phrases("so it {ended}", ended="went")) == "So it went"


def test_names_become_handles_in_ascii():
    """Every name that can be drawn becomes an account name of plain letters."""
    handles = [words.handle(name) for name in (*words.GIVEN_NAMES, *words.FAMILY_NAMES, "Zoë O'Brien")]
    assert [text for text in handles if not re.fullmatch(r"[a-z.]+", text)] == []
    assert handles[-1] == "zoe.obrien"


def test_a_paragraph_has_sentences_of_the_pool():
    """Between low and high sentences, joined by the space."""
    rng = Random(1)
    drawn = {words.paragraph(rng, ["a", "b"], 2, 4, "|").count("|") + 1 for _ in range(100)}
    assert drawn == {2, 3, 4}
