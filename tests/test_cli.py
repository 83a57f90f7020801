"""The command, as its user meets it: a real process, its output, its exit code."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import get_args

import pytest

from serbench.__main__ import _words
from serbench.records.cases import Pass

FAULTY = Path(__file__).parent / "faulty_codecs.py"
LIMIT_SECONDS = 120


def serbench(folder, *arguments, **environment):
    """Runs the command in a folder, with a cache of its own."""
    return subprocess.run(
        [sys.executable, "-m", "serbench", *arguments],
        cwd=folder,
        env=os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "COLUMNS": "100"} | environment,
        capture_output=True,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )


def one_line(result, code):
    """The single line on stderr of a command that ended with that code and printed nothing else."""
    assert (code, "") == (result.returncode, result.stdout), result.stderr
    (line,) = result.stderr.splitlines()
    assert line.startswith("serbench: ")
    return line


@pytest.mark.parametrize("command", [("run", "ping", "-c"), ("codec", "check")], ids=" ".join)
def test_the_name_of_a_file_reaches_the_terminal_in_print(tmp_path, command):
    """Nothing of it is taken for a command to the terminal, nor for the end of the line."""
    (tmp_path / "odd\n\x1b[31m.py").write_text("CODECS = (7,)\n")
    assert r"serbench: ./odd\n\x1b[31m.py" in one_line(serbench(tmp_path, *command, "./odd\n\x1b[31m.py"), 2)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """A folder in which `serbench run ping` has been run for three codecs."""
    folder = tmp_path_factory.mktemp("measured")
    result = serbench(folder, "run", "ping", "-c", "orjson,msgpack,protobuf", "--budget", "6s", "-o", "csv=run.csv")
    assert 0 == result.returncode, result.stderr
    return folder, result


def test_a_run_prints_a_table_and_leaves_a_report(measured):
    """The table goes to stdout, run.json and index.html to a folder that reports/latest points at."""
    folder, result = measured
    assert "ping: read" in result.stdout
    assert "orjson" in result.stdout
    latest = folder / "reports" / "latest"
    assert latest.is_symlink()
    run = json.loads((latest / "run.json").read_text())
    assert "serbench.run/1" == run["format"]
    assert run["complete"]
    assert {"measured"} == {m["status"] for m in run["measurements"]}
    assert 9 == len(run["measurements"])
    assert "<html" in (latest / "index.html").read_text()
    assert f"report: {Path('reports') / latest.readlink() / 'index.html'}\n" == result.stderr


def test_an_output_goes_to_its_file(measured):
    """-o NAME=FILE writes the file."""
    folder, _ = measured
    lines = (folder / "run.csv").read_text().splitlines()
    assert 10 == len(lines)
    assert lines[0].startswith("run_id,case_id,")


def test_the_recorded_command_makes_the_run_again(measured):
    """Command, seed and digests are in the file; the command is accepted as it is."""
    folder, _ = measured
    run = json.loads((folder / "reports" / "latest" / "run.json").read_text())
    result = serbench(folder, *run["command"][1:], "--plan")
    assert 0 == result.returncode, result.stderr
    assert "orjson/ping/decode" in result.stdout


def test_budget_is_kept(measured):
    """Wall time from the first worker to the end of index.html is the budget or less, give or take a machine's mood."""
    folder, _ = measured
    run = json.loads((folder / "reports" / "latest" / "run.json").read_text())
    assert 6.0 == run["budget_seconds"]
    planned = {name: seconds for name, seconds in run["timing"].items() if name != "total"}
    assert sum(planned.values()) <= run["timing"]["total"]


def test_report_renders_again(measured):
    """Without -o index.html is written again; with -o the text goes to stdout."""
    folder, _ = measured
    page = folder / "reports" / "latest" / "index.html"
    before = page.read_text()
    page.unlink()
    result = serbench(folder, "report", "reports/latest")
    assert (0, f"{Path('reports/latest/index.html')}\n") == (result.returncode, result.stdout)
    digits = re.compile(r"[\d.,]+")  # what the run took in all is known only once its page has been written
    assert digits.sub("N", before) == digits.sub("N", page.read_text())
    assert serbench(folder, "report", "reports/latest/run.json", "-o", "markdown").stdout.startswith("# What")


def test_compare_informs_and_exits_zero(measured):
    """A run against itself: no case has changed; whether that is sure depends on how many workers there were."""
    folder, _ = measured
    result = serbench(folder, "compare", "reports/latest", "reports/latest")
    assert 0 == result.returncode
    unchanged = r"^9 cases: (\d+ (within noise|not comparable)( and )?)+\.$"
    assert re.search(unchanged, result.stdout, re.MULTILINE), result.stdout


def test_a_folder_that_holds_a_run_is_refused(measured):
    """Nothing is overwritten without --force."""
    folder, _ = measured
    before = (folder / "reports" / "latest" / "run.json").read_bytes()
    line = one_line(serbench(folder, "run", "ping", "--dir", "reports/latest"), 2)
    assert "--force" in line
    assert before == (folder / "reports" / "latest" / "run.json").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "ordr"], "unknown payload 'ordr'; did you mean order?"),
        (["run", "-c", "orjsn"], "unknown codec 'orjsn'; did you mean orjson?"),
        (["run", "--op", "decod"], "unknown operation 'decod'; did you mean decode?"),
        (["run", "--suite", "defalt"], "unknown suite 'defalt'; did you mean default?"),
        (["run", "--format", "jsno"], "unknown format 'jsno'; did you mean json?"),
        (["run", "--gc", "of"], "unknown collector state 'of'; did you mean off?"),
        (["run", "-o", "markdwn"], "unknown output 'markdwn'; did you mean markdown?"),
        (["run", "-c", "zz*"], "zz*"),
        (["run", "--pass", "tiem"], "unknown pass 'tiem'; did you mean time?"),
        (["run", "--heap", "many"], "heap: 'many' is no whole number; write it as 20000 or 20k"),
        (["run", "--heap", "100000k"], "heap must be 0 to 10,000,000, not 100000000"),
        (["run", "--threads", "0"], "threads must be 1 to 256, not 0"),
        (["run", "--resume"], "reports: no run in it was cut short"),
        (["run", "--resume", "--dir", "gone"], "gone: no such file"),
        (["run", "--budget", "soon"], "soon"),
        (["run", "--instances", "0"], "--instances"),
        (["run", "--sede", "1"], "--sede"),
        (["run", "no/such.json"], "no/such.json"),
        (["run", "-c", "./no_codec.py"], "no_codec.py"),
        (["compare", "here"], "new"),
        (["report", "nowhere"], "nowhere"),
        (["run", "ping", "-o", "csv=no/such/run.csv"], "no/such"),
        (["list", "codecs", "-o", "xml"], "unknown output 'xml'"),
        (["frobnicate"], "frobnicate"),
    ],
)
def test_bad_usage_is_one_line_and_exit_2(tmp_path, arguments, words):
    """What is wrong, and the nearest name or the next step; nothing is left behind."""
    line = one_line(serbench(tmp_path, *arguments), 2)
    assert words in line
    assert not (tmp_path / "reports").exists()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"{", "run.json"),
        (b'{"a": 1}', "not a run of serbench"),
        (b'{"format": "serbench.run/99"}', "newer"),
        (b"\x80\x81\x82", "run.json"),
    ],
)
def test_a_bad_run_file_is_one_line_and_exit_4(tmp_path, content, words):
    """Broken, foreign, truncated or newer: said in one line."""
    (tmp_path / "run.json").write_bytes(content)
    assert words in one_line(serbench(tmp_path, "report", "run.json"), 4)


def test_an_unwritable_folder_is_found_before_measuring(tmp_path):
    """One line, exit 4, nothing half-written."""
    (tmp_path / "file").write_text("")
    line = one_line(serbench(tmp_path, "run", "ping", "--dir", "file/run", "--budget", "60s"), 4)
    assert "file/run" in line


def test_someone_elses_codec_file_appears_everywhere(tmp_path):
    """Dropped in as one file, it is listed, measured and reported; a codec of it that fails ends the run with 4."""
    (tmp_path / "mine.py").write_text(
        FAULTY.read_text().replace("(*FAULTS, ", '("sound", ').replace(', "bind-dies")', ")")
    )
    listed = serbench(tmp_path, "list", "codecs", "-c", "./mine.py", "-o", "json")
    assert "sound" in {row["codec"] for row in json.loads(listed.stdout)}
    (tmp_path / "note.json").write_text(json.dumps({"text": "hello", "lines": [{"n": 1, "t": "x"}]}))
    arguments = ["run", "note.json", "-c", "./mine.py", "-c", "json", "--op", "decode", "--budget", "4s", "-o", "json"]
    result = serbench(tmp_path, *arguments)
    assert 4 == result.returncode
    page = (tmp_path / "reports" / "latest" / "index.html").read_text()
    run = json.loads((tmp_path / "reports" / "latest" / "run.json").read_text())
    statuses = {m["case"]["codec"]: m["status"] for m in run["measurements"]}
    assert {
        "sound": "measured",
        "json": "measured",
        "refuses": "skipped",
        "skims": "measured",
        "lies": "incorrect",
    } == statuses
    assert "sound" in page
    assert "lines[0].n: expected 1 (int), got 1.0 (float)" in result.stderr


def test_a_missing_library_is_exit_2_when_asked_for_and_a_row_when_the_suite_asks(tmp_path):
    """The exact install command is in both."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / "sitecustomize.py").write_text(
        "import sys\n"
        "class Hide:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'ormsgpack':\n"
        "            raise ModuleNotFoundError(\"No module named 'ormsgpack'\", name='ormsgpack')\n"
        "sys.meta_path.insert(0, Hide())\n"
    )
    environment = {"PYTHONPATH": str(hidden)}
    line = one_line(serbench(tmp_path, "run", "ping", "-c", "ormsgpack", **environment), 2)
    assert "pip install 'serbench[ormsgpack]'" in line
    result = serbench(
        tmp_path, "run", "ping", "-c", "*msgpack", "--op", "decode", "--budget", "3s", "-o", "csv", **environment
    )
    assert 0 == result.returncode, result.stderr
    (row,) = [line for line in result.stdout.splitlines() if ",ormsgpack/ping/decode," in line]
    assert "skipped" in row
    assert "pip install 'serbench[ormsgpack]'" in row


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_saves_and_renders_what_is_measured(tmp_path, number):
    """Ctrl-C and the like end the round; run.json is incomplete and valid, index.html is there, the exit code is 130.

    Nothing of it stays in the folder for temporary files.
    """
    command = [sys.executable, "-m", "serbench", "run", "ping", "-c", "orjson,json", "--budget", "60s", "--dir", "run"]
    (tmp_path / "scratch").mkdir()
    environment = os.environ | {"TMPDIR": str(tmp_path / "scratch")}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, text=True, **pipes)
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (tmp_path / "run" / "run.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(number)
    _, errors = process.communicate(timeout=LIMIT_SECONDS)
    assert 130 == process.returncode, errors
    assert "interrupted; what was measured is saved and rendered" in errors
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert not run["complete"]
    assert "measured" in {m["status"] for m in run["measurements"]}
    assert (tmp_path / "run" / "index.html").exists()
    assert [] == list((tmp_path / "scratch").iterdir())


@pytest.mark.parametrize(("before", "wished"), [("", True), ("trap '' HUP; ", False)])
def test_a_terminal_that_is_closed_is_one_wish_and_none_under_nohup(before, wished):
    """It may be told twice; what nohup has ignored stays ignored."""
    program = "from serbench.stop import Stop; import signal; stop = Stop(); stop.listen(); "
    program += "signal.raise_signal(signal.SIGHUP); signal.raise_signal(signal.SIGHUP); print(stop())"
    command = ["bash", "-c", f'{before}exec "{sys.executable}" -c "{program}"']
    said = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=True).stdout
    assert f"{wished}\n" == said


def test_a_signal_before_anything_is_measured_is_one_line(tmp_path):
    """Exit 130, and no empty folder stays."""
    command = [sys.executable, "-m", "serbench", "run", "ping", "--budget", "60s"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (tmp_path / "reports").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=LIMIT_SECONDS)
    assert (130, "") == (process.returncode, output)
    assert "Traceback" not in errors


def planned(result):
    """The cases that a plan names, with their instances."""
    assert 0 == result.returncode, result.stderr
    return [line.split(",")[0].split() for line in result.stdout.splitlines() if line.startswith("  ")]


def test_defaults_come_from_pyproject(tmp_path):
    """[tool.serbench] says what options are not given; a key that is none is exit 2 with the nearest."""
    (tmp_path / "pyproject.toml").write_text('[tool.serbench]\ncodec = ["orjson"]\nop = "read"\n')
    assert [["orjson/ping/read", "1024", "instances"]] == planned(serbench(tmp_path, "run", "ping", "--plan"))
    (tmp_path / "pyproject.toml").write_text('[tool.serbench]\ncodecs = ["orjson"]\n')
    assert "did you mean codec?" in one_line(serbench(tmp_path, "run", "ping", "--plan"), 2)


def test_conditions_and_passes_come_from_pyproject_and_from_options(tmp_path):
    """As one number, a list of them, or text; an option takes the place of what the file says."""
    said = ['codec = "json"', 'op = "read"', "heap = 5", "threads = [1, 2]", 'pass = "memory"', "instances = 3"]
    (tmp_path / "pyproject.toml").write_text("\n".join(["[tool.serbench]", *said]))
    result = serbench(tmp_path, "run", "ping", "--plan")
    cases = ["json/ping/read?heap=5&n=3", "json/ping/read?heap=5&n=3&threads=2"]
    assert [[case, "3", "instances"] for case in cases] == planned(result)
    assert result.stdout.splitlines()[0].endswith("passes: memory")
    options = ["--heap", "0,1k", "--threads", "1", "--gc", "off", "--pass", "size,cold"]
    result = serbench(tmp_path, "run", "ping", *options, "--plan")
    cases = ["json/ping/read?gc=off&n=3", "json/ping/read?gc=off&heap=1000&n=3"]
    assert [[case, "3", "instances"] for case in cases] == planned(result)
    assert result.stdout.splitlines()[0].endswith("passes: size, cold")


def test_a_plan_says_what_may_be_expected(tmp_path):
    """How many workers, how long a call and how many of them; nothing is left behind."""
    result = serbench(tmp_path, "run", "order", "-c", "json", "--op", "decode", "--budget", "10s", "--plan")
    assert [["json/order/decode", "1024", "instances"]] == planned(result)
    assert "workers a case" in result.stdout
    assert " a call, some " in result.stdout
    assert ["cache"] == [path.name for path in tmp_path.iterdir()]


@pytest.fixture(scope="module")
def passes(tmp_path_factory):
    """A folder in which a run has been measured with all passes, a heap and threads."""
    folder = tmp_path_factory.mktemp("passes")
    options = "-c orjson --op decode --instances 8 --heap 0,200 --threads 1,2 --budget 6s --dir run -o csv"
    options += " --pass time,size,memory,cold"
    result = serbench(folder, "run", "ping", *options.split())
    assert 0 == result.returncode, result.stderr
    return folder, result


def test_conditions_and_passes_are_measured(passes):
    """Each condition is a case; every pass has come to it, and the file can be read again."""
    folder, result = passes
    run = json.loads((folder / "run" / "run.json").read_text())
    conditions = ("n=8", "heap=200&n=8", "n=8&threads=2", "heap=200&n=8&threads=2")
    assert {f"orjson/ping/decode?{one}" for one in conditions} == {m["case"]["id"] for m in run["measurements"]}
    assert {"measured"} == {m["status"] for m in run["measurements"]}
    assert ["time", "size", "memory", "cold"] == run["passes"]
    for m in run["measurements"]:
        assert {"workers", "sizes", "memory", "cold_start"} <= set(m)
    assert 5 == len(result.stdout.splitlines())
    assert 0 == serbench(folder, "report", "run").returncode
    assert {"size", "memory", "cold", "blocks", "start_up"} <= set(run["timing"])


def test_conditions_and_passes_are_recorded(passes):
    """The command makes the plan again."""
    folder, _ = passes
    run = json.loads((folder / "run" / "run.json").read_text())
    result = serbench(folder, *run["command"][1:], "--plan")
    assert 4 == len(planned(result))
    assert "passes: time, size, memory, cold" in result.stdout


def test_the_help_names_every_pass(tmp_path):
    """In the order in which they are made."""
    words = re.sub(r"[^\w,]+", " ", serbench(tmp_path, "run", "--help", COLUMNS="200").stdout)
    assert ", ".join(get_args(Pass)) in words


@pytest.mark.parametrize("what", ["codecs", "payloads", "operations", "suites", "outputs"])
def test_lists_are_tables_and_json(tmp_path, what):
    """Both forms hold the same rows."""
    rows = json.loads(serbench(tmp_path, "list", what, "-o", "json").stdout)
    table = serbench(tmp_path, "list", what)
    assert 0 == table.returncode
    for row in rows:
        assert str(next(iter(row.values()))) in table.stdout


def test_help_imports_nothing_heavy():
    """No numpy, matplotlib, rich or msgspec for --help."""
    code = "import sys; sys.argv = ['serbench', '--help']; from serbench.__main__ import main\n"
    code += "try: main()\nexcept SystemExit: pass\n"
    code += "print([m for m in ('numpy', 'matplotlib', 'rich', 'msgspec', 'jinja2', 'orjson') if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "[]" == result.stdout.splitlines()[-1]


def test_a_closed_pipe_is_no_error(tmp_path):
    """`serbench list codecs | head -1` ends quietly."""
    command = f"{sys.executable} -m serbench list codecs | head -1"
    result = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert "" == result.stderr


def test_debug_shows_the_traceback(tmp_path):
    """--debug is for those who look for the cause."""
    result = serbench(tmp_path, "--debug", "run", "ordr")
    assert 2 == result.returncode
    assert "Traceback" in result.stderr


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_a_command_without_words_is_told_what_it_takes(tmp_path, arguments):
    """The help as it is meant to be read, and exit 2."""
    result = serbench(tmp_path, *arguments)
    assert (2, "") == (result.returncode, result.stdout)
    assert result.stderr.startswith("Usage: ")
    assert len(result.stderr.splitlines()) > 5


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
def test_a_full_stdout_is_one_line(tmp_path):
    """What was measured is saved by then."""
    command = f"{sys.executable} -m serbench list operations >/dev/full"
    result = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert 4 == result.returncode
    assert "serbench: no space left on device; make room there, or choose another place\n" == result.stderr


def test_a_closed_stdout_is_no_error(tmp_path):
    """Nobody is there to read."""
    command = f"{sys.executable} -m serbench list operations >&-"
    result = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert (0, "") == (result.returncode, result.stderr)


def test_a_closed_stdin_that_is_to_be_read_is_one_line(tmp_path):
    """There is no stream behind `-` then."""
    command = f"{sys.executable} -m serbench run - <&-"
    result = subprocess.run(
        ["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, timeout=LIMIT_SECONDS, check=False
    )
    assert "serbench: stdin: closed; give it messages, or name a file" == one_line(result, 2)


def test_too_many_open_files_are_told_with_what_helps():
    """There is no room to be made for them."""
    told = _words(OSError(errno.EMFILE, os.strerror(errno.EMFILE)))
    assert "too many open files; allow more of them: ulimit -n 256" == told


def test_a_backend_of_charts_that_is_none_loses_no_report(measured, tmp_path):
    """MPLBACKEND may name what the installed charts' library does not know; nothing opens a window here."""
    folder, _ = measured
    shutil.copy(folder / "reports" / "latest" / "run.json", tmp_path)
    assert 0 == serbench(tmp_path, "report", "run.json", MPLBACKEND="qt4agg").returncode
    assert (tmp_path / "index.html").exists()


def test_a_list_may_be_longer_than_the_name_of_a_file(tmp_path):
    """Of codecs and of payloads: it is looked at as a file's name first, as one may hold a comma."""
    payloads, codecs = ",".join(["ping"] * 60), ",".join(["json", "orjson"] * 30)
    cases = planned(serbench(tmp_path, "run", payloads, "-c", codecs, "--op", "decode", "--plan"))
    assert {"json/ping/decode", "orjson/ping/decode"} == {case for case, *_ in cases}


@pytest.mark.parametrize(
    "command",
    [
        ("run", "{}.json"),
        ("report", "{}"),
        ("compare", "{}", "{}"),
        ("inspect", "{}.json"),
        ("gate", "--baseline", "{}"),
    ],
)
def test_a_file_that_may_not_be_looked_at_is_named_wrongly(tmp_path, command):
    """Exit 2, whatever the system says to it: here that its name is too long."""
    line = one_line(serbench(tmp_path, *(word.format("x" * 300) for word in command)), 2)
    assert "file name too long; " in line.lower()
    assert "make room" not in line


def test_a_second_ctrl_c_ends_it_at_once_in_one_line(tmp_path):
    """Without waiting for the round, and with exit 130."""
    command = [sys.executable, "-m", "serbench", "run", "ping", "-c", "json", "--budget", "60s", "--dir", "run", "-q"]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (tmp_path / "run" / "run.json").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    for _ in range(2):
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    output, errors = process.communicate(timeout=LIMIT_SECONDS)
    assert (130, "", "serbench: interrupted\n") == (process.returncode, output, errors)


def test_a_forced_run_takes_the_old_page_away(tmp_path):
    """Until its own is drawn there is none: results and page are never of two runs."""
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "index.html").write_text("of another run")
    command = [
        sys.executable,
        "-m",
        "serbench",
        "run",
        "ping",
        "-c",
        "json",
        "--budget",
        "60s",
        "--dir",
        "run",
        "--force",
    ]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    deadline = time.monotonic() + LIMIT_SECONDS
    while (tmp_path / "run" / "index.html").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.communicate(timeout=LIMIT_SECONDS)
    assert ["run.json"] == [file.name for file in (tmp_path / "run").iterdir() if file.name[0] != "."]


@pytest.mark.parametrize(
    ("words", "said"), [(["order"], "the payloads"), (["--budget", "9s"], "--budget"), (["--plan"], "--plan")]
)
def test_nothing_is_said_of_what_is_measured_beside_resume(tmp_path, words, said):
    """It would be passed over: the run has said it."""
    result = serbench(tmp_path, "run", *words, "--resume", "--dir", "cut")
    expected = f"serbench: --resume takes everything from the run; leave {said} out, or start another run\n"
    assert (2, expected) == (result.returncode, result.stderr)
