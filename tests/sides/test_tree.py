import pytest
import tiny_packages

from serbench.errors import NoSuchSide
from serbench.sides import tree


def fill(folder, *names):
    """Writes files of these names."""
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)


def names(folder):
    """What belongs to the project."""
    return [entry.name for entry in tree.entries(folder)]


CACHES = ("a/__pycache__/x.pyc", "a/b.pyc", ".git/HEAD", ".venv/x", "build/x", "dist/x.whl", "tiny.egg-info/PKG-INFO")


def test_without_git_caches_and_environments_are_left_away(tmp_path):
    """And what builds leave; a package may be called build."""
    fill(tmp_path, "pyproject.toml", "a/b.py", "a/build/c.py", "env/pyvenv.cfg", "env/lib/x.py", *CACHES)
    assert ["a/b.py", "a/build/c.py", "pyproject.toml"] == names(tmp_path)


def test_in_a_work_tree_git_says_what_belongs_to_it(tmp_path):
    """What is tracked and still there, and what is new; what is ignored does not, nor what is outside."""
    fill(tmp_path, "p/pyproject.toml", "p/a.py", "p/gone.py", "p/dist/kept.py", "outside.py")
    (tmp_path / ".gitignore").write_text("*.log\n")
    tiny_packages.commit(tmp_path, "first")
    (tmp_path / "p" / "gone.py").unlink()
    fill(tmp_path, "p/new.py", "p/x.log")
    assert ["a.py", "dist/kept.py", "new.py", "pyproject.toml"] == names(tmp_path / "p")


def test_a_project_that_git_ignores_is_a_folder_like_others(tmp_path):
    """A scratch folder inside a repository."""
    fill(tmp_path, "p/pyproject.toml", "p/a.py")
    (tmp_path / ".gitignore").write_text("p\n")
    tiny_packages.commit(tmp_path, "first")
    assert ["a.py", "pyproject.toml"] == names(tmp_path / "p")


def test_links_inside_stay_links_and_others_become_what_they_lead_to(tmp_path):
    """For a copy lies elsewhere."""
    fill(tmp_path, "p/pyproject.toml", "p/data/x.txt", "LICENSE", "shared/deep/y.txt")
    project = tmp_path / "p"
    (project / "inner").symlink_to("data")
    (project / "absolute").symlink_to(project / "data" / "x.txt")
    (project / "LICENSE").symlink_to("../LICENSE")
    (project / "shared").symlink_to(tmp_path / "shared")
    (project / "nowhere").symlink_to("../nothing")
    to = tmp_path / "copy"
    tree.copy(tree.entries(project), to)
    assert ("data", "data/x.txt") == (str((to / "inner").readlink()), str((to / "absolute").readlink()))
    assert ("LICENSE", "shared/deep/y.txt") == ((to / "LICENSE").read_text(), (to / "shared/deep/y.txt").read_text())
    assert not (to / "LICENSE").is_symlink()
    assert not (to / "nowhere").is_symlink()


@pytest.mark.parametrize(
    "change",
    [
        lambda folder: (folder / "a.py").write_text("other"),
        lambda folder: (folder / "a.py").rename(folder / "b.py"),
        lambda folder: (folder / "a.py").chmod(0o755),
        lambda folder: (folder / "new.py").touch(),
        lambda folder: ((folder / "link").unlink(), (folder / "link").symlink_to("pyproject.toml")),
    ],
    ids=["content", "name", "mode", "new", "link"],
)
def test_a_digest_changes_with_what_is_in_it_and_not_with_where_it_is(tmp_path, change):
    """A copy has the digest of what was copied."""
    folder = tmp_path / "p"
    fill(folder, "pyproject.toml", "a.py")
    (folder / "link").symlink_to("a.py")
    before = tree.digest(tree.entries(folder))
    assert before == tree.copy(tree.entries(folder), tmp_path / "copy")
    assert before == tree.digest(tree.entries(tmp_path / "copy"))
    change(folder)
    assert before != tree.digest(tree.entries(folder))


def test_a_folder_full_of_data_is_refused(tmp_path):
    """Nobody wants a gigabyte copied."""
    fill(tmp_path, "pyproject.toml")
    with (tmp_path / "big.bin").open("wb") as file:
        file.truncate(3 << 30)
    with pytest.raises(NoSuchSide, match=r": its files are 3\.2 GB; keep data elsewhere, or have git ignore it$"):
        tree.entries(tmp_path)
