"""The page on zero-copy: its command, over a smaller message, finds what its table says of copies."""

import re
import shlex
import sys

import pytest

import serbench
from docs_examples import DOCS, blocks, shell
from serbench import registry

PAGE = DOCS / "zero-copy.md"
TEXT = PAGE.read_text()
CODECS = {codec.name for module in registry.sources("codecs") for codec in registry.load(module).CODECS}


def rows(head):
    """The cells of the table under that head."""
    table = TEXT.partition(head)[2].partition("\n\n")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()[2:]]


def test_every_variant_is_on_the_page():
    """Those that read a view, with what they hand out."""
    named = {name for row in rows("| codec | reads the view") for name in re.findall(r"`([\w-]+)`", row[0])}
    assert named == {name for name in CODECS if name.endswith("-view")}


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_the_command_finds_the_copies_of_the_table(tmp_path):
    """A message of a hundredth of the size is copied as many times, as far as the time suffices."""
    command = blocks(PAGE, "sh")[0].strip().replace("\\\n", " ")
    assert "blob-100MB" in command
    words = shlex.split(command.replace("blob-100MB", "blob-1MB"))
    words[words.index("--budget") + 1], words[words.index("--timeout") + 1] = "8s", "0.8s"
    words[words.index("--pass") + 1] = "memory"
    code, said = shell(shlex.join([*words, "--dir", "run", "-q"]), tmp_path)
    assert 0 == code, said
    run = serbench.load(tmp_path / "run")
    found = {
        m.case.codec: round(m.memory.new_bytes.median / m.encoded_bytes.median, 1)
        for m in run.record.measurements
        if m.memory
    }
    assert {"msgspec-msgpack-view", "msgspec-msgpack-struct"} <= set(found)
    assert found.items() <= {row[0]: float(row[4]) for row in rows("| codec | message MB |")}.items()
