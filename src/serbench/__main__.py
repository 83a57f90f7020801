"""The command `serbench`, and `python -m serbench`: runs the command line and turns whatever ends it into an exit code.

Every error on purpose is one line on stderr; `--debug` shows where it came from.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from typing import Any


def main() -> None:
    """The command. Until it can answer Ctrl-C in words, which takes some imports, Ctrl-C ends it in silence."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if sys.platform == "win32":
        sys.exit("serbench: Windows is not supported; use Linux, macOS or WSL")
    # Nothing opens a window here, and the library of the charts cannot be imported under a name that it does not know.
    os.environ.pop("MPLBACKEND", None)
    from serbench.cli.main import app  # noqa: PLC0415 - what takes the moment

    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")  # whatever the terminal's encoding can carry
    sys.exit(_run(app))


def _run(app: Any) -> int:
    """The exit code of the command line. What goes wrong once the command has given its own does not take its place."""
    from serbench.errors import CannotWrite, Interrupted, SerbenchError  # noqa: PLC0415 - after Ctrl-C is dealt with
    from serbench.stop import Hurry  # noqa: PLC0415
    from serbench.worker.words import printable  # noqa: PLC0415

    code = 0
    try:
        code = int(app(standalone_mode=False) or 0)
        if sys.stdout:
            sys.stdout.flush()
    except (KeyboardInterrupt, Hurry):
        code = _end("interrupted", Interrupted.exit_code)
    except SerbenchError as error:
        code = _end(printable(str(error)), error.exit_code)
    except BrokenPipeError:
        _silence()
    except OSError as error:
        code = code or CannotWrite.exit_code
        _end(printable(_words(error)), code)
    except MemoryError:
        code = _end("out of memory; take fewer --instances, payloads or codecs at a time", CannotWrite.exit_code)
    except Exception as error:
        code = _of_typer(error)
    return code


def _of_typer(error: Any) -> int:
    """What typer ends a command with; everything else is a fault of serbench, and shows its traceback.

    Python would end with 1, which of a gate is a regression.
    """
    from serbench.errors import Interrupted, SerbenchError, UsageError  # noqa: PLC0415

    name = type(error).__name__
    if name == "Abort":
        return _end("interrupted", Interrupted.exit_code)
    if not hasattr(error, "format_message"):
        sys.excepthook(type(error), error, error.__traceback__)
        return SerbenchError.exit_code
    if name == "NoArgsIsHelpError":
        return _end(error.format_message(), UsageError.exit_code, begin="")
    return _end(error.format_message().replace("\n", " "), UsageError.exit_code)


def _words(error: OSError) -> str:
    """What the system refused, and where."""
    place = f"{error.filename}: " if error.filename else ""
    what = f"{place}{(error.strerror or str(error)).lower()}"
    if error.errno in (errno.EMFILE, errno.ENFILE):
        return f"{what}; allow more of them: ulimit -n 256"
    return f"{what}; make room there, or choose another place"


def _silence() -> None:
    """Nobody reads on: what is still to be printed goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _end(text: str, code: int, begin: str = "serbench: ") -> int:
    """The last words, on stderr; nobody may be there to read them. Nothing more goes to a stdout that is full."""
    import contextlib  # noqa: PLC0415 - for what goes wrong only

    if "--debug" in sys.argv:
        import traceback  # noqa: PLC0415

        traceback.print_exc()
    with contextlib.suppress(OSError, AttributeError, UnicodeError):
        print(f"{begin}{text}", file=sys.stderr, flush=True)  # noqa: T201 - the place where a command ends
    try:
        sys.stdout.flush()
    except (OSError, AttributeError):
        with contextlib.suppress(OSError):
            _silence()
    return code


if __name__ == "__main__":
    main()
