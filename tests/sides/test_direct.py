"""URLs of requirements: which name something of this machine, and which say what they lead to."""

from __future__ import annotations

from pathlib import Path

import pytest

from serbench.sides import direct

COMMIT, HASH = "0123456789" * 4, "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "url", "local"),
    [
        ("tiny==1.0", "", None),
        ("tiny; python_version < '3'", "", None),
        ("tiny @ https://example.org/a.whl", "https://example.org/a.whl", None),
        (
            "tiny[x,y] @ file:///a%20b/c.whl#sha256=0 ; python_version < '3'",
            "file:///a%20b/c.whl#sha256=0",
            "/a b/c.whl",
        ),
        ("tiny @file://localhost/a", "file://localhost/a", "/a"),
        ("tiny @ FILE:///a", "FILE:///a", "/a"),
        ("tiny @ file://elsewhere/a", "file://elsewhere/a", None),
        ("tiny @ git+file:///a@main", "git+file:///a@main", None),
    ],
)
def test_a_url_and_what_it_names_here(text, url, local):
    """A repository is named by its commits, wherever it lies."""
    assert (url, Path(local) if local else None) == (direct.url(text), direct.local(text))


@pytest.mark.parametrize(
    ("url", "fixed"),
    [
        (f"git+https://example.org/a.git@{COMMIT}", True),
        (f"git+https://example.org/a.git@{COMMIT}#subdirectory=b", True),
        ("git+https://example.org/a.git@0123456", False),
        ("git+https://example.org/a.git@main", False),
        ("git+https://example.org/a.git", False),
        (f"https://example.org/a.whl@{COMMIT}", False),
        (f"https://example.org/a.whl#sha256={HASH}", True),
        (f"https://example.org/a.zip#subdirectory=b&sha256={HASH}", True),
        ("https://example.org/a.whl#sha256=1", False),
        (f"https://example.org/a.whl#md5={HASH[:32]}", False),
        ("https://example.org/a.whl", False),
    ],
)
def test_what_may_change_behind_a_url(url, fixed):
    """Nothing where there is a whole commit or a strong hash."""
    assert fixed == direct.fixed(f"tiny @ {url}")


def test_another_place_of_the_same():
    """Extras, fragment and marker stay."""
    text = "tiny[x] @ file:///a/b.whl#subdirectory=c ; python_version < '3'"
    assert "tiny[x] @ file:///d%20e/b.whl#subdirectory=c ; python_version < '3'" == direct.elsewhere(
        text, Path("/d e/b.whl")
    )


@pytest.mark.parametrize(
    ("origin", "found"),
    [
        ({"url": "x", "vcs_info": {"vcs": "git", "commit_id": COMMIT}}, f"commit:{COMMIT}"),
        ({"url": "x", "archive_info": {"hashes": {"sha256": HASH}, "hash": f"sha256={HASH}"}}, f"sha256:{HASH}"),
        ({"url": "x", "archive_info": {"hash": f"sha256={HASH}"}}, f"sha256:{HASH}"),
        ({"url": "x", "archive_info": {}}, ""),
        ({"url": "x", "dir_info": {}}, ""),
    ],
)
def test_what_was_got(origin, found):
    """In the words of PEP 610, older and newer."""
    assert found == direct.found(origin)
