"""What comes back, for runs: looked at once, and kept."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from serbench.fidelity import recorded, running
from serbench.fidelity.probes import PROBES
from serbench.harness import catalogue
from serbench.records.fidelity import Fidelity, Outcome, Probed

HARMFUL = {info.name: info for info in catalogue.of_file(str(Path(__file__).parent / "harmful_codecs.py"))}
JSON = next(info for info in catalogue.catalogue() if info.name == "json")


@pytest.fixture
def looked(monkeypatch, tmp_path):
    """The names of codecs that were looked at; what is kept lies in a folder of its own."""
    names = []
    real = running.fidelity

    def noting(info, process):
        names.append(info.name)
        return real(info, process)

    monkeypatch.setattr(running, "fidelity", noting)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return names


def test_a_codec_is_looked_at_once(looked):
    """What was kept is the same."""
    first, second = (recorded.recorded([JSON], 60) for _ in range(2))
    assert ["json"] == looked
    assert first == second
    assert "json" == first[0].codec


def test_another_version_is_looked_at_anew(looked):
    """And so is what cannot be read."""
    recorded.recorded([JSON], 60)
    recorded.recorded([replace(JSON, version="0.0")], 60)
    assert 2 == len(looked)


def test_what_is_kept_and_cannot_be_read_is_looked_at_anew(looked, tmp_path):
    """Cut short, of other probes, or something else."""
    for content in ("[", "[]", "[1]", '{"a": 1}', '[{"probe": "nan", "outcome": "odd"}]'):
        recorded.recorded([JSON], 60)
        (file,) = (tmp_path / "serbench").glob("fidelity-*")
        file.write_text(content)
        assert len(PROBES) == len(recorded.recorded([JSON], 60)[0].probed)
    assert 6 == len(looked)


def test_codecs_of_files_are_never_kept(looked, tmp_path):
    """They may be edited where they lie."""
    for _ in range(2):
        recorded.recorded([HARMFUL["refuses"]], 60)
    assert ["refuses", "refuses"] == looked
    assert [] == list(tmp_path.iterdir())


def test_without_time_there_is_what_was_kept(looked):
    """And nothing of the others."""
    assert () == recorded.recorded([JSON], 0.5)
    recorded.recorded([JSON], 60)
    both = recorded.recorded([HARMFUL["refuses"], JSON, replace(JSON, name="gone", unavailable="gone")], 0.5)
    assert ["json"] == [found.codec for found in both]
    assert ["json"] == looked


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("killed by SIGSEGV during encode", 1),
        ("killed by SIGKILL during encode", 0),
        ("no answer within 60 s during encode; killed", 0),
    ],
)
@pytest.mark.usefixtures("looked")
def test_what_was_ended_from_outside_is_not_kept(tmp_path, words, kept):
    """It is nothing of the codec's."""
    crash = Probed(probe="nan", outcome=Outcome.CRASHED, words=words)
    recorded.keep(JSON, Fidelity(codec="json", probed=(crash,)))
    assert kept == len(list(tmp_path.glob("serbench/fidelity-json-*")))


def test_a_place_that_cannot_be_written_is_no_error(looked, monkeypatch, tmp_path):
    """It is looked at again then."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert 1 == len(recorded.recorded([JSON], 60)) == len(recorded.recorded([JSON], 60))
    assert ["json", "json"] == looked
