"""No network, no settings of the user, and one cache for all tests of sides: pip's own environment takes seconds."""

from __future__ import annotations

import os

import pytest
import tiny_packages


@pytest.fixture(scope="session")
def links(tmp_path_factory):
    """A folder that pip finds packages in."""
    folder = tmp_path_factory.mktemp("links")
    for version in ("1.0", "1.1"):
        tiny_packages.wheel(folder, "tinylib", version)
        tiny_packages.wheel(folder, "tinyextra", version)
    tiny_packages.wheel(folder, "tinyneeds", "1.0", needs="tinylib==9.0")
    tiny_packages.wheel(folder, "tinywants", "1.0", needs="tinylib==1.0")
    tiny_packages.wheel(folder, "tinynew", "2.0", python=">=3.99")
    tiny_packages.sdist(folder, "tinybroken", "1.0", before=tiny_packages.FAILS)
    return folder


@pytest.fixture(scope="session")
def cache_home(tmp_path_factory):
    """What tests share as XDG_CACHE_HOME."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def _alone(monkeypatch, links, cache_home):
    """Nothing outside of the machine, and nothing of the user's."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "GIT_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(links))
    monkeypatch.setenv("PIP_CACHE_DIR", str(cache_home / "pip"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache_home))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
