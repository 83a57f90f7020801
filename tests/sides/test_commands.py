import sys
import time
from pathlib import Path

import pytest

from serbench.errors import Interrupted
from serbench.sides import commands

# Starts a child that lives as long as it may, tells its process id, and waits for it.
FAMILY = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
child.wait()
"""


def run(tmp_path, *code, seconds=60.0, stop=lambda: False, **more):
    """Runs this Python."""
    command = [sys.executable, "-c", *code]
    return commands.run(command, seconds=seconds, stop=stop, output=tmp_path / "out", **more)


def ended(pid):
    """Whether a process ends soon."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_the_exit_code_is_returned_and_what_was_printed_is_kept(tmp_path):
    """Added to what is there; both streams, or stderr for itself."""
    code = "import sys; print('out'); sys.stdout.flush(); print('err', file=sys.stderr); sys.exit(3)"
    assert 3 == run(tmp_path, code)
    assert 3 == run(tmp_path, code, errors=tmp_path / "err")
    assert ("out\nerr\nout\n", "err\n") == ((tmp_path / "out").read_text(), (tmp_path / "err").read_text())


def test_no_such_program(tmp_path):
    """As a shell says it."""
    assert 127 == commands.run(["./no-such"], seconds=1, stop=lambda: False, output=tmp_path / "out")
    assert "no-such" in (tmp_path / "out").read_text()


def test_after_its_time_a_program_is_gone_with_its_children(tmp_path):
    """Nothing of it goes on."""
    with pytest.raises(commands.TooLong):
        run(tmp_path, FAMILY, seconds=2.0)
    assert ended(int((tmp_path / "out").read_text()))


def test_who_asks_for_the_end_gets_it_with_all_children(tmp_path):
    """As soon as it is looked at."""
    (tmp_path / "out").touch()
    with pytest.raises(Interrupted, match=r"^stopped before anything was measured$"):
        run(tmp_path, FAMILY, stop=lambda: bool((tmp_path / "out").read_text().endswith("\n")))
    assert ended(int((tmp_path / "out").read_text()))


def test_who_has_asked_before_it_begins_sees_nothing_begin(tmp_path):
    """However short it would be."""
    with pytest.raises(Interrupted):
        run(tmp_path, "print(1)", stop=lambda: True)
    assert not (tmp_path / "out").exists()


def test_what_would_lead_another_python_astray_is_not_passed_on(monkeypatch):
    """Paths and homes of this one, and the language of messages."""
    for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LC_ALL"):
        monkeypatch.setenv(name, "/nowhere")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    made = commands.variables(MORE="more")
    kept = [made.get(name) for name in ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "LC_ALL", "PIP_INDEX_URL", "MORE")]
    assert [None, None, None, "C.UTF-8", "kept", "more"] == kept
