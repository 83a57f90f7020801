from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.charts.svg import clean, legal

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 300 200">'
SVG = "{http://www.w3.org/2000/svg}"


def cleaned(inside: str, **changes: object) -> ET.Element:
    """The root of a cleaned document with these elements inside."""
    options = {"prefix": "c", "title": "T", "description": "D", "classes": {"#1b1f24": "ink"}} | changes
    return ET.fromstring(clean(f"{OPEN}{inside}</svg>", **options))


def only(root: ET.Element, name: str) -> ET.Element:
    """The one element of that name."""
    (found,) = root.iter(f"{SVG}{name}")
    return found


def test_style_attributes_become_presentation_attributes():
    """What stood in a style attribute stands in attributes of their own, and no style attribute is left."""
    path = only(cleaned('<path d="M 0 0" style="fill: none; stroke-width: 2; font-family: Arial"/>'), "path")
    assert {"d": "M 0 0", "fill": "none", "stroke-width": "2"} == path.attrib


def test_theme_colours_get_classes():
    """A theme colour keeps its attribute and gets a class for fill and one for stroke; other colours get none."""
    both = only(cleaned('<path style="fill: #1B1F24; stroke: #1b1f24"/>'), "path")
    assert "f-ink s-ink" == both.get("class")
    assert "#1b1f24" == both.get("stroke")
    other = only(cleaned('<path style="fill: #123456"/>'), "path")
    assert None is other.get("class")


def test_the_fonts_of_older_matplotlib_are_understood():
    """The `font` shorthand that matplotlib wrote before 3.11 gives size, weight and style."""
    text = only(cleaned("<text style=\"font: italic 700 10px 'DejaVu Sans', sans-serif\">x</text>"), "text")
    assert {"font-size": "10px", "font-weight": "700", "font-style": "italic"} == text.attrib


def test_ids_and_references_get_the_prefix():
    """An id that something refers to gets the prefix, with every reference to it; another id goes."""
    root = cleaned(
        '<defs><clipPath id="p1"><rect width="1" height="1"/></clipPath><path id="m1" d="M 0 0"/></defs>'
        '<g id="axes_1" clip-path="url(#p1)"><use xlink:href="#m1" style="clip-path: url(#p1)"/></g>'
    )
    assert ["c-title", "c-desc", "c-1", "c-2"] == [e.get("id") for e in root.iter() if e.get("id")]
    use = only(root, "use")
    assert ("#c-2", "url(#c-1)") == (use.get("href"), use.get("clip-path"))
    assert {"clip-path": "url(#c-1)"} == only(root, "g").attrib


@pytest.mark.parametrize(
    "unsafe",
    [
        "<script>alert(1)</script>",
        "<style>*{fill:red}</style>",
        "<metadata>about</metadata>",
        "<foreignObject><p>x</p></foreignObject>",
        '<a xlink:href="https://example.org"><path d="M 0 0"/></a>',
        '<animate attributeName="href" to="x"/>',
        '<html:script xmlns:html="http://www.w3.org/1999/xhtml">alert(1)</html:script>',
        "<!-- a comment --><?php x ?>",
    ],
)
def test_what_a_drawing_does_not_need_is_dropped(unsafe):
    """Scripts, style sheets, metadata, foreign objects, links and animations do not pass, nor what is in them."""
    root = cleaned(f"<g>{unsafe}</g>")
    assert [f"{SVG}svg", f"{SVG}title", f"{SVG}desc"] == [element.tag for element in root.iter()]
    assert "alert" not in ET.tostring(root, encoding="unicode")


@pytest.mark.parametrize(
    "attribute",
    [
        'onload="alert(1)"',
        'style="background: url(https://example.org/x)"',
        'style="fill: url(https://example.org/x#y)"',
        'fill="url(#nothing)"',
        'fill="u\\72l(https://example.org/x)"',
        'style="stroke: URL(//example.org)"',
        'xlink:href="https://example.org/x.svg#y"',
        'href="javascript:alert(1)"',
        'href="data:text/html;base64,AAAA"',
        'class="a"',
    ],
)
def test_attributes_that_reach_outside_are_dropped(attribute):
    """Events, addresses outside the drawing and references to nothing do not pass, however they are spelled."""
    assert {"d": "M 0 0"} == only(cleaned(f'<path d="M 0 0" {attribute}/>'), "path").attrib


def test_an_embedded_picture_stays():
    """A picture that lies in the drawing as PNG asks nobody for anything."""
    address = "data:image/png;base64,AAAA"
    assert address == only(cleaned(f'<image xlink:href="{address}"/>'), "image").get("href")


def test_numbers_have_two_decimals_at_most():
    """A hundredth of a pixel is kept, what is finer goes; letters of a path and large numbers stay as they are."""
    path = only(cleaned('<path d="M 1.23456 12.9999\nL 123456.789 -0.5 z"/>'), "path")
    assert "M 1.23 13 L 123456.789 -0.5 z" == path.get("d")


def test_groups_that_say_nothing_are_dissolved():
    """A group without attributes leaves its children in its place and order; an empty one leaves nothing."""
    root = cleaned('<g id="x"><g><path d="M 1 1"/></g><rect width="1" height="1"/><g/></g>')
    assert ["title", "desc", "path", "rect"] == [element.tag.removeprefix(SVG) for element in root]


def test_the_picture_has_a_name_and_a_size():
    """The root says that it is a picture, what names it, and how large it is; nothing says so in points."""
    root = cleaned("", title="a < b & c", description='"quoted"')
    assert ("img", "c-title c-desc") == (root.get("role"), root.get("aria-labelledby"))
    assert ("a < b & c", '"quoted"') == (only(root, "title").text, only(root, "desc").text)
    assert ("300", "200") == (root.get("width"), root.get("height"))


def test_text_stays_text():
    """Text comes through unchanged, its markup escaped."""
    written = clean(f"{OPEN}<text>&lt;/script&gt; &amp;</text></svg>", prefix="c", title="", description="", classes={})
    assert "<text>&lt;/script&gt; &amp;</text>" in written


@given(st.text(st.characters(codec=None), max_size=20))
def test_any_text_can_be_a_title(title):
    """Whatever a title holds, the result can be parsed and the title is there, but for what XML cannot carry."""
    root = cleaned("", title=title, description=title)
    carried = legal(title).replace("\r\n", "\n").replace("\r", "\n")
    assert carried == (only(root, "title").text or "")


def test_control_characters_do_not_break_a_drawing():
    """A control character or half a surrogate pair, in text or title, becomes the sign for what cannot be shown."""
    assert "a\ufffdb" == only(cleaned("<text>a\x01b</text>"), "text").text
    assert "\ufffd\ufffd\t\n" == legal("\x00\ud800\t\n")
