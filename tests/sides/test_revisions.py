import pytest
import tiny_packages

from serbench.errors import Interrupted, NoSuchSide
from serbench.sides import revisions


@pytest.fixture
def repository(tmp_path):
    """A repository with a project in a folder, and one more commit."""
    folder = tiny_packages.project(tmp_path / "repo" / "lib", "tiny", "1.0")
    (folder.parent / "shared.txt").write_text("of all")
    tiny_packages.commit(folder.parent, "first")
    tiny_packages.git(folder, "tag", "release-1.2.3")
    tiny_packages.project(folder, "tiny", "2.0")
    tiny_packages.commit(folder.parent, "second")
    return folder.parent


def export(revision, to, stop=lambda: False):
    """The project's folder at that commit."""
    return revisions.export(revision, to, asked="git:x", stop=stop)


@pytest.mark.parametrize("text", ["HEAD~1", "release-1.2.3"])
def test_a_commit_is_written_out_whole(repository, tmp_path, text):
    """With what is outside of the project, which its build may read; the work tree stays as it is."""
    before = tiny_packages.git(repository, "status", "--porcelain")
    revision = revisions.locate(text, repository / "lib")
    folder = export(revision, tmp_path / "out")
    assert tmp_path / "out" / "lib" == folder
    assert "VERSION = '1.0'\n" == (folder / "tiny.py").read_text()
    assert "of all" == (tmp_path / "out" / "shared.txt").read_text()
    assert ["lib", "shared.txt"] == sorted(path.name for path in (tmp_path / "out").iterdir())
    assert before == tiny_packages.git(repository, "status", "--porcelain")


def test_links_that_lead_out_are_left_away(repository, tmp_path):
    """Others are kept."""
    (repository / "lib" / "inside").symlink_to("../shared.txt")
    (repository / "lib" / "outside").symlink_to("../../../../etc/passwd")
    (repository / "lib" / "absolute").symlink_to("/etc/passwd")
    tiny_packages.commit(repository, "links")
    folder = export(revisions.locate("HEAD", repository / "lib"), tmp_path / "out")
    assert "of all" == (folder / "inside").read_text()
    assert not (folder / "outside").is_symlink()
    assert not (folder / "absolute").is_symlink()


def test_who_asks_for_the_end_while_it_is_written(repository, tmp_path):
    """It is not gone on with."""
    revision = revisions.locate("HEAD", repository / "lib")
    with pytest.raises(Interrupted):
        export(revision, tmp_path / "out", stop=lambda: True)


def test_a_revision_that_is_not_there(repository):
    """Which, where, and what to look at; nor is an empty text one, or an option."""
    for text in ("v9", "", "--all", "HEAD:lib"):
        with pytest.raises(NoSuchSide) as raised:
            revisions.locate(text, repository / "lib")
        hint = "git log --oneline and git tag list what there is, git fetch --tags brings more"
        assert f"git:{text}: no such revision in {repository}; {hint}" == str(raised.value)


def test_a_shallow_clone_says_how_to_get_the_rest(repository, tmp_path):
    """Checkouts in CI have but the last commit."""
    tiny_packages.git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{repository}", "shallow")
    with pytest.raises(
        NoSuchSide, match=r"the clone is shallow: git fetch --unshallow --tags, or fetch-depth: 0 in a "
    ):
        revisions.locate("HEAD~1", tmp_path / "shallow" / "lib")


def test_a_folder_without_a_project_at_that_commit(repository):
    """It is named."""
    with pytest.raises(
        NoSuchSide, match=r"^git:HEAD: no pyproject\.toml or setup\.py in its top folder at that commit; "
    ):
        revisions.locate("HEAD", repository)
    tiny_packages.project(repository / "later", "later")
    with pytest.raises(NoSuchSide, match=r"^git:HEAD: no pyproject\.toml or setup\.py in the folder later at that "):
        revisions.locate("HEAD", repository / "later")


def test_no_repository_and_no_git(tmp_path, monkeypatch):
    """Two different lines."""
    with pytest.raises(NoSuchSide, match=r"^git:HEAD: .*: not a git repository .*; run it inside the repository$"):
        revisions.locate("HEAD", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoSuchSide, match=r"^git:HEAD: git is not installed; install it, or name a version or a wheel$"):
        revisions.locate("HEAD", tmp_path)


@pytest.mark.parametrize(("tag", "expected"), [("v4.5", "4.5"), ("tiny-2.0", "2.0"), ("stable", "0")])
def test_the_last_tag_says_the_version(repository, tag, expected):
    """Where there is one in it."""
    tiny_packages.git(repository, "tag", tag)
    assert expected == revisions.nearest_version(repository)


def test_without_tags_there_is_no_version(tmp_path):
    """Nor without a repository."""
    assert "0" == revisions.nearest_version(tmp_path)
