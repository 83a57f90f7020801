from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serbench.charts.svg import clean, legal, themed, told, told_by

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
    assert {"d": "m0 0", "fill": "none", "stroke-width": "2"} == path.attrib


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
    assert {"d": "m0 0"} == only(cleaned(f'<path d="M 0 0" {attribute}/>'), "path").attrib


def test_an_embedded_picture_stays():
    """A picture that lies in the drawing as PNG asks nobody for anything."""
    address = "data:image/png;base64,AAAA"
    assert address == only(cleaned(f'<image xlink:href="{address}"/>'), "image").get("href")


def test_numbers_have_one_decimal_at_most():
    """A tenth of a pixel is kept, what is finer goes, and large numbers keep all of their digits."""
    path = only(cleaned('<path d="M 1.23456 12.9999\nL 123456.789 -0.5 z"/>'), "path")
    assert "m1.2 13 123455.6-13.5z" == path.get("d")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("M 1 2 L 3 4 L 5 6", "M1 2 3 4 5 6"),
        ("M 1 2 L 3 4 M 5 6 L 7 8", "M1 2 3 4M5 6 7 8"),
        ("M -0.04 -0.06", "M0 -0.1"),
        ("M 1 2 L 123456.789 2", "M1 2 123456.789 2"),
    ],
)
def test_a_curve_names_all_its_points(data, expected):
    """What a script reads has x and y of every point, and no letter where the line goes on."""
    (path,) = cleaned(f'<g id="{told("curve", "orjson")}"><path d="{data}"/></g>').iter(f"{SVG}path")
    assert {"d": expected, "data-curve": "orjson"} == path.attrib


def test_an_artists_gid_is_told_to_scripts():
    """Whose an element is stands on it, or on its group where that has several; other ids stay out."""
    name = told("codec", 'a"<b>&')
    gid = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    root = cleaned(f'<g id="{gid}"><path d="M 0 0"/></g><g id="other:x"><path d="M 1 1"/></g>')
    one, other = root.iter(f"{SVG}path")
    assert {"d": "m0 0", "data-codec": 'a"<b>&'} == one.attrib
    assert {"d": "m1 1"} == other.attrib
    group = only(cleaned(f'<g id="{told("panel", "1 2")}"><path d="M 0 0"/><path d="M 1 1"/></g>'), "g")
    assert ({"data-panel": "1 2"}, 2) == (group.attrib, len(group))


def test_elements_in_a_row_that_look_the_same_share_a_group():
    """It says once what each of them said, class and owner too; what differs, or another one between them, ends it."""
    style = 'style="stroke: #1b1f24; stroke-width: 2"'
    paths = "".join(f'<path d="M {n} 0" {style}/>' for n in range(3))
    root = cleaned(f'{paths}<text x="1" y="2">x</text><path d="M 9 0" {style}/>')
    group = only(root, "g")
    assert {"stroke": "#1b1f24", "stroke-width": "2", "class": "s-ink"} == group.attrib
    assert [{"d": "m0 0"}, {"d": "m1 0"}, {"d": "m2 0"}] == [path.attrib for path in group]
    assert ["g", "text", "path"] == [element.tag.removeprefix(SVG) for element in root][2:]


_STYLES = st.fixed_dictionaries(
    {},
    optional={
        "fill": st.sampled_from(["#1b1f24", "none"]),
        "stroke": st.sampled_from(["#1b1f24", "#123456"]),
        "opacity": st.just("0.5"),
        "clip-path": st.just("url(#p)"),
        "stroke-width": st.sampled_from(["1", "2"]),
    },
)


@given(st.lists(st.tuples(st.sampled_from(["path", "text"]), _STYLES), max_size=8))
def test_a_shared_group_changes_no_look(drawn):
    """Whatever the elements, each looks as it did, in its place: what a group says is what each of them would."""
    inside = "".join(f'<{tag} style="{"; ".join(map(": ".join, style.items()))}"/>' for tag, style in drawn)
    root = cleaned(f'<defs><clipPath id="p"><rect width="1" height="1"/></clipPath></defs>{inside}')
    parents = {child: parent for parent in root.iter() for child in parent}
    found = [e for e in root.iter() if e.tag in (f"{SVG}path", f"{SVG}text")]
    assert [tag for tag, _ in drawn] == [e.tag.removeprefix(SVG) for e in found]
    for shape, (_, style) in zip(found, drawn, strict=True):
        element, look = shape, dict(shape.attrib)
        while (element := parents[element]).tag == f"{SVG}g":
            assert not {"opacity", "clip-path"} & set(element.attrib)
            assert len(element) > 1
            look = element.attrib | look
        look.pop("class", None)
        assert style | ({"clip-path": "url(#c-1)"} if "clip-path" in style else {}) == look


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


def test_in_a_page_classes_alone_say_colours():
    """What a class says goes, and `none` with it where a stroke has one; a colour without a class stays."""
    drawn = (
        '<path d="M 0 0" style="fill: none; stroke: #1b1f24"/><path d="M 1 1" style="fill: #1b1f24; stroke: #123456"/>'
    )
    written = clean(f"{OPEN}{drawn}</svg>", prefix="c", title="", description="", classes={"#1b1f24": "ink"})
    one, other = ET.fromstring(themed(written)).iter(f"{SVG}path")
    assert {"d": "m0 0", "class": "s-ink"} == one.attrib
    assert "f-ink" == other.get("class")
    (plain,) = ET.fromstring(themed(written.replace(' class="f-ink"', ""))).iterfind(f"{SVG}path[@fill]")
    assert ("#1b1f24", "#123456") == (plain.get("fill"), plain.get("stroke"))


def test_a_drawing_can_be_described_by_another():
    """Its own words go, and what names it refers to the other's."""
    written = clean(f"{OPEN}</svg>", prefix="c", title="T", description="How\nto", classes={})
    root = ET.fromstring(told_by(written, "c", "first"))
    assert "c-title first-desc" == root.get("aria-labelledby")
    assert [f"{SVG}title"] == [element.tag for element in root]
