"""The page of codecs names every codec and every extra, and nothing else."""

import re
import tomllib

from docs_examples import DOCS
from serbench import registry

PAGE = (DOCS / "codecs.md").read_text()
EXTRAS = tomllib.loads((DOCS.parent / "pyproject.toml").read_text())["project"]["optional-dependencies"]


def columns(number):
    """The words in backquotes of a column of the first table."""
    table = PAGE.partition("| library | extra |")[2].partition("\n\n")[0]
    return {word for row in table.splitlines()[2:] for word in re.findall(r"`([^`]+)`", row.split("|")[number])}


def test_every_codec_is_on_the_page():
    """By its name on the command line; `-struct` stands for two of msgspec."""
    codecs = {codec.name for module in registry.sources("codecs") for codec in registry.load(module).CODECS}
    assert codecs == columns(3) - {"-struct"} | {"msgspec-json-struct", "msgspec-msgpack-struct"}


def test_every_extra_is_on_the_page():
    """Those that bring a library of a codec."""
    assert columns(2) == {extra for extra in EXTRAS if f"serbench.codecs.{extra}" in registry.sources("codecs")}


def test_all_is_every_other_extra():
    """`serbench[all]` leaves no codec out."""
    named = {name for text in EXTRAS["all"] for name in re.findall(r"[\w-]+", text.partition("[")[2])}
    assert named == set(EXTRAS) - {"all", "dev"}
