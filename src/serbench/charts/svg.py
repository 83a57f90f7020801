"""Turns what matplotlib's SVG backend writes into what a page under a strict Content-Security-Policy can carry.

* A style attribute becomes presentation attributes (a policy without `unsafe-inline` ignores style attributes); a theme
  colour gets a class besides, so that a page can give it another value in the dark.
* Ids get the figure's prefix, with every reference to them; ids that nothing refers to go. An artist's gid that `told`
  has made becomes an attribute that scripts find it by, such as `data-codec="orjson"`.
* Elements in a row that look the same share a group that says how; a tenth of a pixel is the finest place. Paths go
  from point to point, but for curves, which scripts read: those name all their points.
* Only known elements and attributes pass: no style element, metadata, script, foreign object, event or address outside.
* A title and a description come first, and the picture says that they are its name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET

from serbench.charts.svg_path import compact, pairs, tenth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Told = Literal["codec", "curve", "panel"]
"""What a script is told of an element: whose it is, whose percentiles it shows, or where a panel lies."""

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_EMBEDDED = "data:image/png;base64,"

# fmt: off
_ELEMENTS = frozenset({"svg", "g", "defs", "clipPath", "path", "rect", "use", "text", "tspan", "image", "pattern"})
_NUMBERS = frozenset({"x", "y", "width", "height"})
_OTHER = frozenset({"viewBox", "transform", "patternUnits", "patternTransform", "preserveAspectRatio"})
_PRESENTATION = frozenset({
    "clip-path", "fill", "fill-opacity", "fill-rule", "font-size", "font-style", "font-weight", "opacity", "stroke",
    "stroke-dasharray", "stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit", "stroke-opacity",
    "stroke-width", "text-anchor",
})
# fmt: on
_OWN = frozenset({"clip-path", "opacity"})  # presentation that is not inherited
_SHARED = (  # what a group can say for all that is in it, from all of it to the least that is worth a group
    (_PRESENTATION - _OWN) | {"class", "data-codec"},
    frozenset({"class", "data-codec", "fill", "font-size", "stroke", "stroke-linecap"}),
    frozenset({"data-codec", "font-size"}),
)
_TOLD: Mapping[str, str] = {"codec": "data-codec", "curve": "data-curve", "panel": "data-panel"}
_INITIAL = {  # and what is said once for all of a drawing
    "stroke-dashoffset": "0",
    "font-weight": "400",
    "font-style": "normal",
    "text-anchor": "start",
    "font-size": "11px",
}
_REFERENCE = re.compile(r"""href=["']#([^"']*)|url\(#([^)]*)\)""")
_CLASSED = re.compile(r'<\w[^>]* class="([fs])-[^>]*>')
_DESCRIPTION = re.compile("<desc.*?</desc>", re.DOTALL)
_COLOUR = re.compile(r' (?:fill|stroke)="#[0-9a-f]{6}"')
_COLOUR_OR_NONE = re.compile(r' (?:fill="none"|(?:fill|stroke)="#[0-9a-f]{6}")')
_ID = re.compile(r"""\sid=["']([^"']*)""")
_ILLEGAL = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """The text with every character that XML cannot carry (control characters, lone surrogates) as U+FFFD."""
    return _ILLEGAL.sub("\ufffd", text)


def told(what: Told, text: str) -> str:
    """The gid of an artist whose element is to have the attribute `data-<what>` with that text."""
    return f"{what}:{text}"


def clean(text: str, *, prefix: str, title: str, description: str, classes: Mapping[str, str]) -> str:
    """What matplotlib wrote, fit for a page.

    Args:
        text: an SVG document.
        prefix: what every id of the result begins with; unique on the page; letters, digits, `-` and `_`.
        title: the picture's name; any text.
        description: what a reader who does not see it should know; any text.
        classes: a class for each theme colour, by the colour as it is written: `{"#1b1f24": "ink"}` gives
            `fill="#1b1f24" class="f-ink"`, and `s-ink` for strokes. The attribute shows where no style sheet does.

    Returns:
        An `svg` element without XML declaration. Its size is its viewBox in pixels.
    """
    text = legal(text)
    root = ET.fromstring(text)  # noqa: S314 - written by matplotlib a moment ago
    page = _Page(prefix=prefix, classes=classes, targets=_targets(text))
    svg = next(page.copies(root))
    _, _, svg.attrib["width"], svg.attrib["height"] = svg.attrib["viewBox"].split()
    svg.attrib.update(xmlns=_SVG[1:-1], role="img", **{"aria-labelledby": f"{prefix}-title {prefix}-desc"})
    svg.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt"})
    svg.attrib.update({"font-family": "system-ui, sans-serif", "font-size": _INITIAL["font-size"]})
    for place, (name, words) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(name, id=f"{prefix}-{name}")
        element.text = legal(words)
        svg.insert(place, element)
    for names in _SHARED:
        for element in list(svg.iter()):
            _gather(element, names)
    return ET.tostring(svg, encoding="unicode").replace(" />", "/>")  # text has no such: its `>` is escaped


def themed(svg: str) -> str:
    """A cleaned drawing for a page whose style sheet has the theme: without the colours that classes say as well."""
    return _CLASSED.sub(lambda found: (_COLOUR_OR_NONE if found[1] == "s" else _COLOUR).sub("", found[0]), svg)


def told_by(svg: str, prefix: str, other: str) -> str:
    """A cleaned drawing that another drawing of the page describes, by its prefix: what both say is there once."""
    without = _DESCRIPTION.sub("", svg, count=1)
    return without.replace(f"{prefix}-title {prefix}-desc", f"{prefix}-title {other}-desc", 1)


class _Page:
    """Copies elements into the form that a page carries."""

    def __init__(self, *, prefix: str, classes: Mapping[str, str], targets: Iterable[str]) -> None:
        self._classes = classes
        self._ids = {target: f"{prefix}-{n}" for n, target in enumerate(targets, start=1)}

    def copies(self, source: ET.Element, *, curve: bool = False) -> Iterator[ET.Element]:
        """The element's copy; its children's in place of a group that says nothing; nothing for what may not pass."""
        if not isinstance(source.tag, str) or source.tag.removeprefix(_SVG) not in _ELEMENTS:
            return
        curve = curve or source.get("id", "").startswith("curve:")
        attributes = dict(self._attributes(source, pairs if curve else compact))
        if source.tag == f"{_SVG}use":
            attributes.pop("stroke-linejoin", None)  # what it refers to says so itself
        children = [copy for child in source for copy in self.copies(child, curve=curve)]
        if source.tag == f"{_SVG}g" and (not attributes or _can_take(children, attributes)):
            for child in children:
                child.attrib.update(attributes)
            yield from children
            return
        copy = ET.Element(source.tag.removeprefix(_SVG), attributes)
        copy.text = (source.text or "").strip() or None
        copy.extend(children)
        if len(copy) or source.tag not in (f"{_SVG}g", f"{_SVG}defs"):
            yield copy

    def _attributes(self, source: ET.Element, path: Callable[[str], str]) -> Iterator[tuple[str, str]]:
        classes = []
        for name, value in (*source.attrib.items(), *_declarations(source.get("style", ""))):
            if name == "id":
                yield from self._identity(value)
            elif name in ("href", f"{_XLINK}href"):
                yield from self._link(value)
            elif name == "d":
                yield name, path(value)
            elif name in _NUMBERS:
                yield name, tenth(value)
            elif name in _OTHER and not value.startswith("rotate(-0 "):
                yield name, value
            elif name in _PRESENTATION and value != _INITIAL.get(name):
                yield from self._presentation(name, value)
                if name in ("fill", "stroke") and value.lower() in self._classes:
                    classes.append(f"{name[0]}-{self._classes[value.lower()]}")
        if classes:
            yield "class", " ".join(classes)

    def _identity(self, value: str) -> Iterator[tuple[str, str]]:
        what, _, text = value.partition(":")
        if value in self._ids:
            yield "id", self._ids[value]
        elif what in _TOLD:
            yield _TOLD[what], text

    def _link(self, value: str) -> Iterator[tuple[str, str]]:
        if value.startswith("#") and value[1:] in self._ids:
            yield "href", f"#{self._ids[value[1:]]}"
        elif value.startswith(_EMBEDDED):
            yield "href", value

    def _presentation(self, name: str, value: str) -> Iterator[tuple[str, str]]:
        target = _referred(value)
        if target in self._ids:
            yield name, f"url(#{self._ids[target]})"
        elif "(" not in value and "\\" not in value:  # it is read as CSS: no other url(), not even an escaped one
            yield name, value


def _targets(text: str) -> dict[str, None]:
    """The ids that something in the document refers to, in their order of appearance."""
    referred = {found for pair in _REFERENCE.findall(text) for found in pair}
    return {found: None for found in _ID.findall(text) if found in referred}


def _referred(value: str) -> str:
    """The id in `url(#id)`; empty for every other value."""
    return value[5:-1] if value.startswith("url(#") and value.endswith(")") else ""


@lru_cache
def _declarations(style: str) -> tuple[tuple[str, str], ...]:
    """The declarations of a style attribute; `font`, which has no attribute, as those parts of it that have one."""
    return tuple(_parted(style))


def _parted(style: str) -> Iterator[tuple[str, str]]:
    for declaration in style.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":
            yield from _font(value)
        elif name:
            yield name, value


def _font(value: str) -> Iterator[tuple[str, str]]:
    """`italic 700 10px 'DejaVu Sans'`, as matplotlib before 3.11 wrote it, without the family."""
    for word in value.split():
        if word.endswith("px"):
            yield "font-size", word
            return
        yield ("font-weight", word) if word.isdigit() else ("font-style", word)


def _can_take(children: Sequence[ET.Element], attributes: Mapping[str, str]) -> bool:
    """Whether a group's only child can say what the group says."""
    return len(children) == 1 and all(n.startswith("data-") and n not in children[0].attrib for n in attributes)


def _gather(parent: ET.Element, names: frozenset[str]) -> None:
    """Puts children in a row that have the same of these attributes into a group, which says it once."""
    gathered: list[ET.Element] = []
    for look, alike in groupby(parent, lambda child: {n: value for n, value in child.attrib.items() if n in names}):
        run = list(alike)
        if look and len(run) > 1:
            for element in run:
                element.attrib = {name: value for name, value in element.attrib.items() if name not in look}
            group = ET.Element("g", look)
            group.extend(run)
            run = [group]
        gathered += run
    parent[:] = gathered
