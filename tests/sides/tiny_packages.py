"""Packages that are made in a moment and need nothing to be built: wheels, sdists, projects, repositories."""

from __future__ import annotations

import base64
import hashlib
import io
import subprocess
import tarfile
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# A build backend that lies in the project itself. It leaves a folder behind, as others do.
BACKEND = """
import os, pathlib, time, zipfile

NAME, VERSION = "{name}", os.environ.get("SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{upper}") or "{version}"
if "{version}" != "from-git":
    VERSION = "{version}"

def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    {before}
    pathlib.Path("build").mkdir(exist_ok=True)
    pathlib.Path("build", "left").write_text("behind")
    name = f"{{NAME}}-{{VERSION}}-py3-none-any.whl"
    info = f"{{NAME}}-{{VERSION}}.dist-info"
    with zipfile.ZipFile(pathlib.Path(wheel_directory, name), "w") as wheel:
        wheel.write("{name}.py")
        wheel.writestr(f"{{info}}/METADATA", f"Metadata-Version: 2.1\\nName: {{NAME}}\\nVersion: {{VERSION}}\\n")
        wheel.writestr(f"{{info}}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{{info}}/RECORD", "")
    return name
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]

[project]
{name}
"""
# Tells that it builds, and does not end before it is told to.
WAITS = """pathlib.Path(os.environ["TINY_BEGUN"]).write_text(str(os.getpid()))
    while not os.path.exists(os.environ["TINY_GO"]):
        time.sleep(0.02)"""
FAILS = 'raise RuntimeError("tiny.h is not here")'


def wheel(
    folder: Path,
    name: str,
    version: str,
    *,
    needs: str = "",
    python: str = "",
    tag: str = "py3-none-any",
    more: str = "",
    size: int | None = None,
) -> Path:
    """A wheel with one module that knows its version, and more; `size`: what its RECORD says of that."""
    path = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    about += f"Requires-Dist: {needs}\n" if needs else ""
    about += f"Requires-Python: {python}\n" if python else ""
    with zipfile.ZipFile(path, "w") as made:
        source = f"VERSION = {version!r}\n{more}".encode()
        made.writestr(f"{name}.py", source)
        made.writestr(f"{info}/METADATA", about)
        made.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        digest = base64.urlsafe_b64encode(hashlib.sha256(source).digest()).rstrip(b"=").decode()
        made.writestr(f"{info}/RECORD", f"{name}.py,sha256={digest},{size or len(source)}\n")
    return path


def project(folder: Path, name: str, version: str = "1.0", *, before: str = "pass", named: bool = True) -> Path:
    """A project's folder; `before` runs before it is built, `named`: whether pyproject.toml has its name."""
    folder.mkdir(parents=True, exist_ok=True)
    about = f'name = "{name}"\nversion = "1"' if named else ""
    text = PYPROJECT.format(name=about)
    (folder / "pyproject.toml").write_text(text if named else text.replace("[project]", ""))
    (folder / "backend.py").write_text(BACKEND.format(name=name, upper=name.upper(), version=version, before=before))
    (folder / f"{name}.py").write_text(f"VERSION = {version!r}\n")
    return folder


def sdist(folder: Path, name: str, version: str, *, before: str) -> Path:
    """An sdist of such a project."""
    files = project(folder / f"{name}-source", name, version, before=before)
    about = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    (files / "PKG-INFO").write_text(about)
    path = folder / f"{name}-{version}.tar.gz"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        tar.add(files, f"{name}-{version}")
    path.write_bytes(buffer.getvalue())
    return path


def git(folder: Path, *arguments: str) -> str:
    """Runs git as nobody in particular, and returns what it prints."""
    who = ("-c", "user.name=Tiny", "-c", "user.email=tiny@example.org", "-c", "init.defaultBranch=main")
    command = ["git", *who, *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def commit(folder: Path, message: str) -> str:
    """Commits all there is, in a new repository if there was none, and returns the id."""
    if not (folder / ".git").exists():
        git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)
    return git(folder, "rev-parse", "HEAD")
