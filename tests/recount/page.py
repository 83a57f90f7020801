"""A page taken apart: its tables cell by cell, and every other text, each with the place where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING

from parsed_page import VOID

if TYPE_CHECKING:
    from collections.abc import Iterator

# fmt: off
BLOCKS = frozenset({
    "p", "li", "dt", "dd", "h1", "h2", "h3", "h4", "caption", "summary", "option", "text", "title", "desc", "pre",
    "textarea", "time", "button", "legend", "td", "th",
})
# fmt: on
"""Elements whose text is one piece; others are parts of the piece around them."""

UNSEEN = {"pad", "i"}
"""Classes and elements of what is there for the alignment only, and not seen."""

TOLD = ("title", "aria-label", "value", "min", "max", "datetime", "data-panel", "aria-valuetext", "placeholder")
"""Attributes that a reader or a script is shown."""


@dataclass(slots=True, eq=False)
class Node:
    """An element."""

    tag: str
    attributes: dict[str, str]
    parent: Node | None
    inside: list[Node | str] = field(default_factory=list)

    @property
    def classes(self) -> set[str]:
        """Its classes."""
        return set(self.attributes.get("class", "").split())

    def up(self) -> Iterator[Node]:
        """It and all around it."""
        yield self
        if self.parent:
            yield from self.parent.up()

    def around(self, attribute: str) -> str:
        """That attribute of the nearest element that has it, itself included."""
        return next((one.attributes[attribute] for one in self.up() if attribute in one.attributes), "")

    def walk(self) -> Iterator[Node]:
        """It and all in it, in their order."""
        yield self
        for one in self.inside:
            if isinstance(one, Node):
                yield from one.walk()

    def all(self, *tags: str) -> list[Node]:
        """Elements of these names in it."""
        return [one for one in self.walk() if one.tag in tags]

    def text(self, *, without: tuple[str, ...] = ()) -> str:
        """What is seen of its text, in one line, without elements of these names."""
        return re.sub(r"[ \n\t]+", " ", "".join(self._texts(without))).strip()

    def _texts(self, without: tuple[str, ...]) -> Iterator[str]:
        for one in self.inside:
            if isinstance(one, str):
                yield one
            elif (
                one.tag not in (*without, *UNSEEN) and not one.classes & UNSEEN and "aria-hidden" not in one.attributes
            ):
                yield from one._texts(without)


class _Parser(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self.open = Node("", {}, None)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open = self.open.inside[-1]

    def handle_startendtag(self, tag, attrs):
        self.open.inside.append(Node(tag, {name: value or "" for name, value in attrs}, self.open))

    def handle_endtag(self, _):
        self.open = self.open.parent

    def handle_data(self, data):
        self.open.inside.append(data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text that is in no table.

    Attributes:
        node: its element.
        words: what it says.
        attribute: where it stands in one; else empty.
        section: what the section around it is labelled by, such as `payload-order`; empty above all of them.
        heading: the last heading of a payload, operation or part before it.
        figure: id of the drawing that it is in; else empty.
        case: id of the case page that it is in; else empty.
    """

    node: Node
    words: str
    attribute: str
    section: str
    heading: str
    figure: str
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table: its heads with units, and its cells by line.

    Attributes:
        title: its heading, or that of what it is folded in.
        about: the rest of the caption.
        heads: name and unit of each column.
        lines: the cells.
    """

    node: Node
    section: str
    case: str
    title: str
    about: str
    heads: list[tuple[str, str]]
    lines: list[list[Node]]


def parse(html: str) -> Node:
    """The document."""
    return _Parser(html).root


def tables(root: Node) -> list[Table]:
    """The tables in their order."""
    return [_table(node) for node in root.all("table")]


def _table(node: Node) -> Table:
    caption = next(iter(node.all("caption")), None)
    folded = next((one for one in node.up() if one.tag == "details"), None)
    summary = folded.all("summary")[0].text() if folded else ""
    heading = next((one for one in caption.all("h3")), None) if caption else None
    title = (heading or caption).text(without=("small", "span")) if caption else summary
    about = " ".join(one.text() for one in caption.all("p", "small")) if caption else ""
    head = node.all("thead")[0]
    units = [(one.text(without=("small",)), " ".join(s.text() for s in one.all("small"))) for one in head.all("th")]
    split = [name.rpartition(", ")[::2] if not unit and ", " in name else (name, unit) for name, unit in units]
    return Table(
        node=node,
        section=_section(node),
        case=_case(node),
        title=title,
        about=about,
        heads=split,
        lines=[line.all("th", "td") for body in node.all("tbody") for line in body.all("tr")],
    )


def texts(root: Node) -> Iterator[Text]:
    """Every text outside tables' bodies and heads, in order; those in attributes too."""
    heading = ""
    for node, (section, figure, case) in _outside_tables(root, ("", "", "")):
        if node.tag in ("h2", "h3") and not case:
            heading = node.text(without=("span", "small"))
        about = {"section": section, "heading": heading, "figure": figure, "case": case}
        for name in TOLD:
            if node.attributes.get(name):
                yield Text(node=node, words=node.attributes[name], attribute=name, **about)
        if node.tag in BLOCKS:
            yield Text(node=node, words=node.text(without=tuple(BLOCKS)), attribute="", **about)


def _outside_tables(node: Node, place: tuple[str, str, str]) -> Iterator[tuple[Node, tuple[str, str, str]]]:
    """Elements, each with the section, the figure and the case page around it."""
    if node.tag in ("section", "figure", "details"):
        place = (_section(node), _figure(node), _case(node))
    yield node, place
    for one in node.inside:
        if isinstance(one, Node) and one.tag not in ("script", "style", "meta", "thead", "tbody"):
            yield from _outside_tables(one, place)


def _section(node: Node) -> str:
    return next((one.attributes["aria-labelledby"] for one in node.up() if one.tag == "section"), "")


def _figure(node: Node) -> str:
    return next((one.attributes.get("id", "") for one in node.up() if one.tag == "figure"), "")


def _case(node: Node) -> str:
    """A case's id as an anchor, `case-json_2f_order_2f_read`, of the page that an element is in."""
    folded = next((one for one in node.up() if one.tag == "details" and "case" in one.classes), None)
    return (
        next((one.attributes["id"] for one in folded.walk() if one.attributes.get("id", "").startswith("case-")), "")
        if folded
        else ""
    )
