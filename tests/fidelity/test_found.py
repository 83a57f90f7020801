"""Inputs that do harm are kept, with the command that does it again."""

from __future__ import annotations

import shlex
from dataclasses import replace

import pytest
from fidelity_samples import FAITHFUL, FINDING, LOSSY, info

from serbench.errors import CannotWrite
from serbench.fidelity import found


def test_an_input_is_kept_with_what_it_does(tmp_path):
    """A file of its bytes, and one that says what happened and how to have it happen again."""
    kept = found.keep(LOSSY, tmp_path / "new" / "folder")
    (finding,) = kept.attack.findings
    data, text = sorted((tmp_path / "new" / "folder").iterdir())
    assert (str(data), FINDING.data) == (finding.file, data.read_bytes())
    assert data.name.startswith("lossy-crash-")
    first, second, command = text.read_text().splitlines()
    assert (
        "lossy (lossy 1.0): crash on 2 bytes, flipped: killed by SIGSEGV during decode; again when fed alone" == first
    )
    assert "input 5 of seed 1" == second
    assert ["serbench", "fidelity", "-c", "lossy", "--input", str(data)] == shlex.split(command)


@pytest.mark.parametrize("examined", [FAITHFUL])
def test_where_nothing_was_found_nothing_is_made(tmp_path, examined):
    """No folder either."""
    assert examined is found.keep(examined, tmp_path / "new")
    assert [] == list(tmp_path.iterdir())


def test_a_codec_of_a_file_is_named_by_it():
    """And what a shell would take apart is quoted."""
    own = info("mine", source="./my codecs.py")
    assert "serbench fidelity -c './my codecs.py' --input 'a b.bin'" == found.command(own, "a b.bin")


def test_what_was_not_seen_again_is_said_to_be():
    """It may take more than one input."""
    assert found.words(FINDING).endswith("; again when fed alone")
    assert found.words(replace(FINDING, again=False)).endswith("; not when fed alone")


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    """With what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(CannotWrite, match=r"file/x: inputs cannot be kept, not a directory; name another .* --keep"):
        found.keep(LOSSY, tmp_path / "file" / "x")
