"""Pages whose examples are run: what a page says is what happens."""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
LIMIT_SECONDS = 120


def blocks(page: Path, language: str) -> list[str]:
    """What stands between ``` and ``` under that language, each in lines that keep their numbers in the page."""
    text = page.read_text(encoding="utf-8")
    found = re.finditer(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return ["\n" * text.count("\n", 0, match.start(1)) + match[1] for match in found]


def printed(page: Path) -> str:
    """Runs the page's Python, block after block in one namespace and in the current folder: what it prints."""
    names: dict[str, object] = {}
    with contextlib.redirect_stdout(io.StringIO()) as out:
        for block in blocks(page, "python"):
            exec(compile(block, page, "exec"), names)
    return out.getvalue()


def promised(page: Path) -> str:
    """What the page says that its Python prints: its `text` blocks."""
    return "".join(block.lstrip("\n") for block in blocks(page, "text"))


def sections(text: str, level: int) -> dict[str, str]:
    """What stands under each heading of that level, down to the next heading of it or of one above."""
    found: dict[str, str] = {}
    heading, fenced = "", False
    for line in text.splitlines(keepends=True):
        fenced ^= line.startswith("```")
        marks = re.match(r"(#+) +(.*)", "" if fenced else line)
        if marks and len(marks[1]) <= level:
            heading = marks[2].strip("`") if len(marks[1]) == level else ""
            found |= {heading: ""} if heading else {}
        elif heading:
            found[heading] += line
    return found


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A command of a console block.

    Attributes:
        command: what stands behind `$ `.
        output: what stands under it, up to the next command.
    """

    command: str
    output: str

    def printed_as(self, output: str) -> bool:
        """Whether the page shows that output: `...` stands for anything, and any space for any other."""
        flags = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
        return doctest.OutputChecker().check_output(self.output, output, flags)


def typed(text: str) -> list[Typed]:
    """The commands of the console blocks in a page's text, or in a part of it."""
    sessions = re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    parts = [part for session in sessions for part in re.split(r"^\$ ", session, flags=re.MULTILINE)[1:]]
    return [Typed(command=part.partition("\n")[0], output=part.partition("\n")[2]) for part in parts]


def shell(command: str, folder: Path, **variables: str) -> tuple[int, str]:
    """Has a shell run a command in a folder, with the `serbench` of this interpreter and a cache of its own.

    Returns:
        The exit code, and what was printed on stdout and stderr.
    """
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    own = {"PATH": path, "COLUMNS": "100", "XDG_CACHE_HOME": str(folder / ".cache")}
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=os.environ | own | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT_SECONDS,
        check=False,
    )
    return done.returncode, done.stdout


def install(page: Path, folder: Path) -> str:
    """Makes the package of the page's `toml` block, with its first Python in it, importable and installed in a folder.

    Returns:
        The name of its only entry point.
    """
    ((group, entries),) = tomllib.loads(blocks(page, "toml")[0])["project"]["entry-points"].items()
    ((name, module),) = entries.items()
    package, _, file = module.partition(".")
    (folder / package).mkdir()
    (folder / package / "__init__.py").touch()
    (folder / package / f"{file}.py").write_text(blocks(page, "python")[0].lstrip(), encoding="utf-8")
    info = folder / f"{package}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text(f"[{group}]\n{name} = {module}\n")
    return str(name)
