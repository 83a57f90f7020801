"""Turns what matplotlib's SVG backend writes into what a page under a strict Content-Security-Policy can carry.

* A style attribute becomes presentation attributes (a policy without `unsafe-inline` ignores style attributes); a theme
  colour gets a class besides, so that a page can give it another value in the dark.
* Ids get the figure's prefix, with every reference to them; ids that nothing refers to go. An artist's gid that `told`
  has made becomes an attribute that scripts find it by, such as `data-codec="orjson"`.
* Elements in a row that look the same share a group that says how; a tenth of a pixel is the finest place.
* Only known elements and attributes pass: no style element, metadata, script, foreign object, event or address outside.
* A title and a description come first, and the picture says that they are its name.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

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
_INITIAL = {"stroke-dashoffset": "0", "font-weight": "400", "font-style": "normal"}
_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF), "\ufffd")


def legal(text: str) -> str:
    """The text with every character that XML cannot carry (control characters, lone surrogates) as U+FFFD."""
    return text.translate(_ILLEGAL)


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
    root = ET.fromstring(legal(text))  # noqa: S314 - written by matplotlib a moment ago
    page = _Page(prefix=prefix, classes=classes, targets=_targets(root))
    svg = next(page.copies(root))
    _, _, svg.attrib["width"], svg.attrib["height"] = svg.attrib["viewBox"].split()
    svg.attrib.update(xmlns=_SVG[1:-1], role="img", **{"aria-labelledby": f"{prefix}-title {prefix}-desc"})
    svg.attrib.update({"stroke-linejoin": "round", "stroke-linecap": "butt", "font-family": "system-ui, sans-serif"})
    for place, (name, words) in enumerate((("title", title), ("desc", description))):
        element = ET.Element(name, id=f"{prefix}-{name}")
        element.text = legal(words)
        svg.insert(place, element)
    for names in _SHARED:
        for element in list(svg.iter()):
            _gather(element, names)
    return ET.tostring(svg, encoding="unicode")


class _Page:
    """Copies elements into the form that a page carries."""

    def __init__(self, *, prefix: str, classes: Mapping[str, str], targets: Iterable[str]) -> None:
        self._classes = classes
        self._ids = {target: f"{prefix}-{n}" for n, target in enumerate(targets, start=1)}

    def copies(self, source: ET.Element) -> Iterator[ET.Element]:
        """The element's copy; its children's in place of a group that says nothing; nothing for what may not pass."""
        if not isinstance(source.tag, str) or source.tag.removeprefix(_SVG) not in _ELEMENTS:
            return
        attributes = dict(self._attributes(source))
        children = [copy for child in source for copy in self.copies(child)]
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

    def _attributes(self, source: ET.Element) -> Iterator[tuple[str, str]]:
        classes = []
        for name, value in (*source.attrib.items(), *_declarations(source.get("style", ""))):
            if name == "id":
                yield from self._identity(value)
            elif name in ("href", f"{_XLINK}href"):
                yield from self._link(value)
            elif name == "d":
                yield name, _path(value)
            elif name in _NUMBERS:
                yield name, _short(value)
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


def _targets(root: ET.Element) -> dict[str, None]:
    """The ids that something in the document refers to, in their order of appearance."""
    referred = set()
    for element in root.iter():
        for name, value in (*element.attrib.items(), *_declarations(element.get("style", ""))):
            referred.add(value[1:] if name in ("href", f"{_XLINK}href") else _referred(value))
    return {found: None for element in root.iter() if (found := element.get("id")) and found in referred}


def _referred(value: str) -> str:
    """The id in `url(#id)`; empty for every other value."""
    return value[5:-1] if value.startswith("url(#") and value.endswith(")") else ""


def _declarations(style: str) -> Iterator[tuple[str, str]]:
    """The declarations of a style attribute; `font`, which has no attribute, as those parts of it that have one."""
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


def _path(data: str) -> str:
    """Path data in few letters: none again that goes on, and no space beside one."""
    written, letter = "", ""
    for word in data.split():
        if not word.isalpha():
            written += f"{' ' * (not written[-1:].isalpha())}{_short(word)}"
        elif word != letter or word == "M":
            written += "" if (letter, word) == ("M", "L") else word  # what follows a move is a line
            letter = word
    return written


def _short(word: str) -> str:
    """A number with one decimal at most: a tenth of a pixel is not seen."""
    try:
        return f"{round(float(word), 1) + 0.0:g}" if abs(float(word)) < 10_000 else word  # :g keeps six digits
    except ValueError:
        return word
