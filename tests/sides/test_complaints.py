import re

import pytest

from serbench.errors import NoSuchSide, SideFailure
from serbench.sides.complaints import Context, Offline, explain

CONTEXT = Context(asked="tiny==2.0", distributions=("tiny",), python="CPython 3.11.9", log="/cache/x.log")
VERSIONS = "1.9, 1.10, 2.1, 2.2, 2.3, 2.4, 3.0"
NOTHING = """ERROR: Could not find a version that satisfies the requirement tiny==2.0 (from versions: none)
ERROR: No matching distribution found for tiny==2.0"""
CONNECTION = "Could not fetch URL https://example.org/: connection error: Max retries exceeded (Caused by ...)"
GCC = """  Running command Building wheel for tiny (pyproject.toml)
  src/tiny.c: In function 'init':
  src/tiny.c:3:10: fatal error: zlib.h: No such file or directory
  compilation terminated.
  error: command '/usr/bin/gcc' failed with exit code 1
  ERROR: [present-rich] Building wheel for tiny (pyproject.toml) exited with 1
ERROR: Failed building wheel for tiny"""
RUST = """  Running command Preparing metadata (pyproject.toml)
  error[E0425]: cannot find value `x` in this scope
  error: could not compile `tiny` due to previous error
  ERROR: [present-rich] Preparing metadata (pyproject.toml) exited with 101"""
SILENT = """  Running command python setup.py egg_info
  ERROR: [present-rich] python setup.py egg_info exited with -9"""
NEEDS = """  Running command pip subprocess to install build dependencies
  {more}
  ERROR: Could not find a version that satisfies the requirement setuptools>=77 (from versions: none)
  ERROR: No matching distribution found for setuptools>=77
  ERROR: [present-rich] pip subprocess to install build dependencies exited with 1"""
AT_ODDS = "Cannot install tiny==2.0 and wants==1.0 because these package versions have conflicting dependencies"
CONFLICT = f"ERROR: {AT_ODDS}.\nERROR: ResolutionImpossible: for help visit https://example.org/"
OTHER = "ERROR: Ignored the following versions that require a different python version: 2.0 Requires-Python >=3.14"


OFFLINE = (
    "tiny==2.0: no network, and no environment with it is cached; connect, "
    "or have PIP_FIND_LINKS name a folder with its wheels; pip's log: /cache/x.log"
)
NO_VERSION = "tiny==2.0: there is no such version for CPython 3.11.9; "
BUILD, WHOLE = "tiny==2.0: does not build: ", "; the whole output: /cache/x.log"
NO_SPACE = "tiny==2.0: no space left for its environment; make room, or set XDG_CACHE_HOME to another folder"
UNFIT = "tiny-2.0-cp39-cp39-win32.whl"
FOUND = [
    (NOTHING.replace("none", VERSIONS), f"{NO_VERSION}near it are 1.9, 1.10, 2.1, the last 2.3, 2.4, 3.0"),
    (
        f"{OTHER}\n{NOTHING}".replace("none", "1.0"),
        f"{NO_VERSION}the last are 1.0; for another Python than CPython 3.11.9: 2.0 Requires-Python >=3.14",
    ),
    (NOTHING, "tiny==2.0: there is no package tiny to install for CPython 3.11.9; mend the name"),
    (f"{CONNECTION}\n{NOTHING}".replace("none", "1.0"), f"{NO_VERSION}the last are 1.0"),
    (
        "ERROR: Package 'tiny' requires a different Python: 3.11.9 not in '>=3.14'",
        "tiny==2.0: tiny needs Python >=3.14, and this is CPython 3.11.9; run serbench with such a one",
    ),
    (CONFLICT, f"tiny==2.0: {AT_ODDS}; pip's log says which: /cache/x.log"),
    (
        f"ERROR: {UNFIT} is not a supported wheel on this platform.",
        f"{UNFIT}: was built for another Python or machine than CPython 3.11.9 here; name another",
    ),
]
RAISED = """\
ERROR: Exception:
Traceback (most recent call last):
  File 'x', line 1, in y
    f()
    ^^^
EOFError: Compressed file ended

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File 'x', line 2, in z
tomli.TOMLDecodeError: Expected ']'
Removed file:///a.tar.gz from build tracker '/tmp/b'
Removed build tracker: '/tmp/b'"""
MADE = [
    (
        NOTHING.replace("tiny==2.0 ", "dep>=9 (from tiny) "),
        "tiny==2.0: needs dep>=9 (for tiny), and there is no such version; pip's log: /cache/x.log",
    ),
    (GCC, f"{BUILD}src/tiny.c:3:10: fatal error: zlib.h: No such file or directory{WHOLE}"),
    (RUST, f"{BUILD}error[E0425]: cannot find value `x` in this scope{WHOLE}"),
    (SILENT, f"{BUILD}python setup.py egg_info failed{WHOLE}"),
    (
        NEEDS.format(more=""),
        "tiny==2.0: what its build needs is not to be had: setuptools>=77; pip's log: /cache/x.log",
    ),
    (GCC.replace("compilation terminated.", "as: No space left on device"), NO_SPACE),
    (
        "ERROR: HTTP error 404 while getting https://example.org/tiny.whl\nmore",
        "tiny==2.0: pip failed: HTTP error 404 while getting https://example.org/tiny.whl; its log: /cache/x.log",
    ),
    (
        "Traceback:\nImportError: \x1b[31mno pip",
        "tiny==2.0: pip failed: ImportError:  [31mno pip; its log: /cache/x.log",
    ),
    (RAISED, "tiny==2.0: pip failed: tomli.TOMLDecodeError: Expected ']'; its log: /cache/x.log"),
    ("", "tiny==2.0: pip failed: it says nothing; its log: /cache/x.log"),
]
REACHED = [
    (f"{CONNECTION}\n{NOTHING}", OFFLINE),
    (NEEDS.format(more=CONNECTION), OFFLINE),
    (f"ERROR: Could not install packages due to an OSError: {CONNECTION}", OFFLINE),
]


@pytest.mark.parametrize(
    ("text", "error", "message"),
    [
        *((text, NoSuchSide, message) for text, message in FOUND),
        *((text, SideFailure, message) for text, message in MADE),
        *((text, Offline, message) for text, message in REACHED),
    ],
)
def test_a_log_becomes_one_line(text, error, message):
    """With stamps of time before its lines, as pip writes them, or without; and without the mark of pip before 24."""
    stamped = re.sub("^", "2026-01-02T03:04:05,678 ", text, flags=re.MULTILINE)
    for log in (text, stamped, text.replace("[present-rich] ", "")):
        made = explain(log, CONTEXT)
        assert (error, message) == (type(made), str(made))


def test_a_long_line_is_cut():
    """It stays one that can be read."""
    made = explain(f"ERROR: {'x' * 1000}", CONTEXT)
    assert f"tiny==2.0: pip failed: {'x' * 297}...; its log: /cache/x.log" == str(made)
