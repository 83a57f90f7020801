"""Text that reads like text: sentences put together from templates, and people to go with them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from serbench.payloads.base import between, pick

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Phrases:
    """A small grammar.

    Attributes:
        templates: sentences with slots: `the {thing} was late`.
        words: what may fill each slot, by its name.
    """

    templates: tuple[str, ...]
    words: dict[str, tuple[str, ...]]


def phrases(templates: str, **words: str) -> Phrases:
    """A grammar from text: a template a line; the words of a slot between bars."""
    return Phrases(
        tuple(line.strip() for line in templates.strip().splitlines()),
        {slot: listed(text) for slot, text in words.items()},
    )


def listed(text: str) -> tuple[str, ...]:
    """The words between bars."""
    return tuple(word.strip() for word in text.split("|"))


def sentence(rng: Random, grammar: Phrases) -> str:
    """One sentence, its first letter a capital where the script has capitals. No word fills two of its slots."""
    parts = list(_parts(pick(rng, grammar.templates)))
    for i in range(1, len(parts), 2):  # every second part is the name of a slot
        words = grammar.words[parts[i]]
        word = pick(rng, words)
        while word in parts:
            word = pick(rng, words)
        parts[i] = word
    text = "".join(parts)
    return text[0].upper() + text[1:]


@cache
def _parts(template: str) -> tuple[str, ...]:
    return tuple(_SLOT.split(template))


def sentences(rng: Random, grammar: Phrases, n: int) -> list[str]:
    """A pool of sentences, to be made once and drawn from often."""
    return [sentence(rng, grammar) for _ in range(n)]


def paragraph(rng: Random, pool: Sequence[str], low: int, high: int, space: str = " ") -> str:
    """Low to high sentences of a pool in a row."""
    return space.join([pick(rng, pool) for _ in range(between(rng, low, high))])


def full_name(rng: Random) -> str:
    """A given name and a family name."""
    return f"{pick(rng, GIVEN_NAMES)} {pick(rng, FAMILY_NAMES)}"


def handle(name: str) -> str:
    """A name in the letters of mail addresses and account names: `zoe.obrien`."""
    return name.translate(_PLAIN).lower()


_PLAIN = str.maketrans("áãäåąçćéëęıíłñńóöøúüŞşșźżÁŁØ ", "aaaaacceeeiilnnooouuSsszzALO.", "'")


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


GIVEN_NAMES = _names(
    """Aaliyah Adam Aiko Alejandro Amara Amélie Anders Anna Aoife Arjun Astrid Beatriz Björn Camila Chidi Chloé Daniel
    Dmitri Eleni Elif Emma Fatima Felix Freya Gabriel Giulia Grace Hana Hassan Helena Hugo Ingrid Isabella Ivan Jana
    Jack Jing Joanna José Julia Kenji Kofi Kwame Lars Layla Léa Liam Lin Lucía Łukasz Mads Maja Marco María Mateo Maya
    Mehmet Mohammed Nadia Naomi Ngozi Niamh Noah Nora Olga Oliver Omar Oskar Paula Pedro Priya Quinn Rahul Renée Rosa
    Ryan Sabine Samuel Sara Seán Sofia Søren Sven Tariq Thabo Theo Tomás Uma Valentina Victor Wei William Xiaoming Yara
    Yuki Yusuf Zara Zoë"""
)
FAMILY_NAMES = _names(
    """Abdullah Adeyemi Ahmed Andersen Bauer Becker Bianchi Brown Castro Chen Chaudhary Costa Dąbrowski Dubois Eriksson
    Fernández Fischer Fitzgerald Fournier García Goldberg González Gupta Haddad Hansen Hoffmann Huber Ibrahim Ito
    Ivanova Jansen Jensen Johansson Johnson Jones Kaya Khan Kim Kowalski Kumar Larsen Laurent Lee Lindqvist López
    Machado Martin Mbeki Mendoza Meyer Moreau Müller Murphy Nakamura Nguyen Nowak O'Brien O'Connor Okafor Okonkwo
    Oliveira Park Patel Pereira Petrov Popescu Rahman Ramírez Rossi Sánchez Santos Sato Schmidt Schneider Sharma Silva
    Singh Smith Suzuki Svensson Takahashi Tanaka Taylor Thompson Torres Tran Wagner Wang Weber Williams Wright Yamamoto
    Zhang Zimmermann"""
)
