"""All pages: no link leads nowhere, every page is found from the first one, and the rooms are the layers."""

import re
import tomllib

import pytest

from docs_examples import DOCS, blocks, shell

ROOT = DOCS.parent
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "reports" / "README.md"])
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())


def links(page):
    """Where the links and pictures of a page lead, outside of code."""
    text = re.sub(r"^```.*?^```$|`[^`\n]*`", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)
    return [target for target in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in target]


def anchors(page):
    """The fragments of a page's headings."""
    heads = re.findall(r"^#+ +(.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page):
    """Files are there, and headings too."""
    for target in links(page):
        file, _, fragment = target.partition("#")
        place = (page.parent / file) if file else page
        assert place.exists(), target
        assert not fragment or fragment in anchors(place), target


def test_every_page_is_found_from_the_first():
    """By following links from README.md."""
    found, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop().resolve()
        if page not in found and page.suffix == ".md":
            found.add(page)
            waiting += [page.parent / target.partition("#")[0] for target in links(page) if target[0] != "#"]
    assert set(PAGES) - {ROOT / "reports" / "README.md"} <= found


def test_the_table_of_rooms_is_the_order_of_layers():
    """The rooms of `how-it-works.md` are the layers of the contract, from the bottom up, each once."""
    (contract,) = [c for c in CONFIG["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    layers = [set(layer.split(" | ")) for layer in contract["layers"]]
    table = (DOCS / "how-it-works.md").read_text().partition("| room |")[2].partition("\n\n")[0]
    rows = [re.findall(r"`(\w+)/?`", line.split("|")[1]) for line in table.splitlines()[2:]]
    rooms = [room for row in rows for room in row]
    assert sorted(room for layer in layers for room in layer if room != "__main__") == sorted(rooms)
    height = {name: n for n, layer in enumerate(reversed(layers)) for name in layer}
    heights = [height[room] for room in rooms]
    assert heights == sorted(heights)


def test_a_projects_defaults_are_taken(tmp_path):
    """The table of `how-it-works.md`, in a project of its own."""
    (table,) = blocks(DOCS / "how-it-works.md", "toml")
    (tmp_path / "pyproject.toml").write_text(table)
    code, said = shell("serbench run order --plan", tmp_path)
    assert 0 == code
    first, _, *cases = said.splitlines()
    assert "4 cases in 30 s, 7.5 s a case; passes: time, size" == first
    assert ["orjson/order/read", "msgpack/order/read"] == [case.split()[0] for case in cases[:2]]
