from __future__ import annotations

import itertools

import pytest

from serbench.charts import theme


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    channels = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours as WCAG 2 defines it."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    "colour", [c for c in theme.COLOURS if c not in {theme.PAPER, theme.GRID, theme.SHADE}], ids=lambda c: c.name
)
def test_every_colour_reads_as_text_in_both_themes(colour):
    """A contrast of 4.5 to 1 to the paper, which WCAG asks for text, in the light and in the dark."""
    assert contrast(colour.light, theme.PAPER.light) >= 4.5
    assert contrast(colour.dark, theme.PAPER.dark) >= 4.5


def test_no_two_looks_are_told_apart_by_colour_alone():
    """Every look has a marker of its own, and no two share both colour and dash."""
    pairs = list(itertools.combinations(theme.LOOKS, 2))
    assert [] == [(a, b) for a, b in pairs if a.marker == b.marker]
    assert [] == [(a, b) for a, b in pairs if (a.colour, a.dash) == (b.colour, b.dash)]


def test_theme_colours_are_distinct():
    """A drawing's colour is found again by its light value, so no two roles share one."""
    assert len(theme.COLOURS) == len({colour.light for colour in theme.COLOURS})


def test_known_codecs_look_the_same_in_every_report():
    """The look of a codec of the house does not depend on which others are there."""
    alone = theme.looks(["orjson"])["orjson"]
    assert alone == theme.looks(["json", "aaa", "orjson", "protobuf"])["orjson"]


def test_other_codecs_get_looks_of_their_own():
    """Codecs that nobody here knows get looks that no codec of the report has, whatever their order."""
    names = ["zzz", "mine", "orjson", "json", "msgpack"]
    found = theme.looks(names)
    assert 5 == len(set(found.values()))
    assert found == theme.looks(reversed(names))


def test_more_codecs_than_looks_are_all_drawn():
    """When looks run out they are dealt again: every codec has one, and all are in use."""
    names = [f"codec-{n}" for n in range(len(theme.LOOKS) + 3)]
    found = theme.looks(names)
    assert set(names) == set(found)
    assert set(theme.LOOKS) == set(found.values())


def test_the_style_sheet_knows_every_class_in_both_themes():
    """Every colour has a value in the light and in the dark, and a class for fills and for strokes."""
    sheet = theme.css()
    light, dark = sheet.split("prefers-color-scheme:dark")
    for colour in theme.COLOURS:
        assert f"--{colour.name}:{colour.light};" in light
        assert f"--{colour.name}:{colour.dark};" in dark
        assert f".f-{colour.name}{{fill:var(--{colour.name})}}" in sheet
        assert f".s-{colour.name}{{stroke:var(--{colour.name})}}" in sheet
