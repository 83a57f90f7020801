"""Which codecs are measured: by name, by file, or by the distributions of the sides; and whose modules they are."""

from __future__ import annotations

import importlib.metadata
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import codec_files
import fakes
from serbench import choice
from serbench.choice import Request
from serbench.errors import Interrupted, MissingLibrary, SideFailure, UnknownName, UsageError
from serbench.harness.link import Stopped
from serbench.sides.base import HERE, Launch
from serbench.sides.environment import Side
from serbench.trial.choosing import Choosing, prove


@dataclass(frozen=True, slots=True, kw_only=True)
class Told(Choosing):
    """One that knows the codecs of its sides without a worker: by what a side was asked for as."""

    known: dict

    def _known(self, side):
        return self.known[side.asked]


def side(asked="one", *distributions, files=(), **launch):
    """An environment that was made of these distributions."""
    return Side(
        launch=Launch(**launch),
        asked=asked,
        python_version="3.11.9",
        packages={},
        distributions=distributions,
        codec_files={Path(file): str(file) for file in files},
        sampler="python",
    )


def info(name, distribution="", *, file="", unavailable=""):
    """A codec of a side; from a file where there is one."""
    made = fakes.codec(name, distribution=distribution)
    return replace(made, source=file or made.source, unavailable=unavailable)


def choosing(*codecs, known=None, kind=Told, **fields):
    """What is asked for with `-c`, of sides named `one` and `other`."""
    chosen = choice.choose(Request(payloads=("order",), codecs=codecs))
    options = {"chosen": chosen, "by_name": bool(codecs), "tell": lambda _: None, "stop": lambda: False}
    return kind(**(options | ({"known": known} if known else {}) | fields))


INSTALLED = (
    info("json"),
    info("orjson", "orjson"),
    info("msgpack", "msgpack"),
    info("msgspec-json", "msgspec"),
    info("msgspec-msgpack", "msgspec"),
)
BOTH = {"one": INSTALLED, "other": INSTALLED}


def names(made, one=None, other=None):
    """Names on both sides."""
    return [[found.name for found in own] for own in made.codecs(one or side("one"), other or side("other"))]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("orjson",), ("orjson",), ["orjson"]),
        (("orjson",), ("msgpack",), ["orjson", "msgpack"]),
        (("MsgSpec",), (), ["msgspec-json", "msgspec-msgpack"]),
        ((), ("something", "msgpack"), ["msgpack"]),
    ],
)
def test_where_nobody_says_it_is_the_distributions_codecs(one, other, expected):
    """Of either side, the names as PEP 503 compares them; both measure the same."""
    made = choosing(known=BOTH)
    assert [expected] * 2 == names(made, side("one", *one), side("other", *other))


def test_a_distribution_that_no_codec_measures_is_an_error():
    """With its name; of interpreters, that they have none."""
    made = choosing(known=BOTH)
    with pytest.raises(UsageError, match="no codec measures orjsson or tinylib; name one with -c"):
        made.codecs(side("one", "orjsson"), side("other", "tinylib"))
    with pytest.raises(UsageError, match="no codec measures what these interpreters have"):
        made.codecs(side("one"), side("other"))


def test_a_codec_that_cannot_be_used_anywhere_is_not_chosen_by_distribution():
    """Where one of the sides can, it is, and the other says why it cannot."""
    gone = (info("orjson", "orjson", unavailable="not installed"),)
    with pytest.raises(UsageError, match="no codec measures orjson"):
        choosing(known=dict.fromkeys(BOTH, gone)).codecs(side("one", "orjson"), side("other", "orjson"))
    known = {"one": INSTALLED, "other": gone}
    assert [["orjson"]] * 2 == names(choosing(known=known), side("one", "orjson"), side("other", "orjson"))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("json", "msgpack"), ["json", "msgpack"]),
        (("msgspec-*",), ["msgspec-json", "msgspec-msgpack"]),
        (("all", "!msgspec-*"), ["json", "orjson", "msgpack"]),
        (("json,orjson",), ["json", "orjson"]),
    ],
)
def test_names_and_patterns_say_which(asked, expected):
    """Whatever the sides are made of."""
    assert [expected] * 2 == names(choosing(*asked, known=BOTH), side("one", "msgpack"), side("other"))


def test_an_unknown_name_is_an_error():
    """With the nearest that there is."""
    with pytest.raises(UnknownName, match="did you mean orjson"):
        choosing("orjsn", known=BOTH).codecs(side("one"), side("other"))


def test_a_codec_file_stands_for_its_codecs():
    """Alone where it is alone, and beside names where there are some."""
    known = dict.fromkeys(BOTH, (*INSTALLED, info("mine", file="/stage/mine.py"), info("too", file="/stage/mine.py")))
    assert [["mine", "too"]] * 2 == names(choosing("./mine.py", known=known), side("one", "orjson"), side("other"))
    assert [["json", "mine", "too"]] * 2 == names(choosing("./mine.py", "json", known=known))


def test_a_file_that_cannot_be_used_on_a_side_is_told():
    """That side, the file and the reason; the side is not measured without it."""
    broken = info("mine", file="/stage/mine.py", unavailable="tinyjson is not installed")
    known = {"one": (info("mine", file="/stage/mine.py"),), "other": (broken,)}
    with pytest.raises(SideFailure, match=r"^other: no codec in mine\.py can be used: tinyjson is not installed$"):
        choosing("./mine.py", known=known).codecs(side("one"), side("other"))


@pytest.mark.parametrize(
    ("there", "why"),
    [
        ((info("msgpack", "msgpack", unavailable="install msgpack"),), "install msgpack"),
        ((), "its library is not there"),
    ],
)
def test_a_name_must_be_usable_on_both_sides(there, why):
    """Which side lacks it, and why. A pattern asks for what there is."""
    known = {"one": INSTALLED, "other": (info("json"), *there)}
    with pytest.raises(MissingLibrary, match=f"^other: codec 'msgpack' cannot be used: {why}$"):
        choosing("msgpack", "json", known=known).codecs(side("one"), side("other"))
    turned = {"one": known["other"], "other": known["one"]}
    with pytest.raises(MissingLibrary, match=r"^one: codec 'msgpack' cannot be used"):
        choosing("msgpack", known=turned).codecs(side("one"), side("other"))
    assert names(choosing("msgpac*", "json", known=known))


def test_libraries_of_codecs_that_are_asked_for_come_along():
    """In the version that is installed here; not those of patterns, nor what has no distribution."""
    made = choosing("orjson", "json", "msg*", kind=Choosing)
    assert {"orjson": importlib.metadata.version("orjson")} == made._libraries()
    assert {} == choosing("all", kind=Choosing)._libraries()
    assert {} == choosing(kind=Choosing)._libraries()


def test_each_side_is_asked_what_it_has(tmp_path):
    """By a worker of its own: serbench's codecs, and the copy of each file."""
    file = codec_files.codec_file(tmp_path, "mine")
    one = replace(side("one", "orjson", files=[file]), launch=HERE)
    other = replace(side("other", "orjson"), launch=HERE)
    with pytest.raises(MissingLibrary, match=r"^other: codec 'mine' cannot be used"):
        choosing(file, "mine", kind=Choosing).codecs(one, other)
    both = choosing(kind=Choosing).codecs(one, other)
    assert [["orjson"], ["orjson"]] == [[known.name for known in own] for own in both]
    assert [[file], [file]] == [
        [known.source for known in own] for own in choosing(file, kind=Choosing).codecs(one, one)
    ]


def test_somebody_may_end_it_before_anything_is_measured():
    """As the command ends then."""

    class Ended(Told):
        def _known(self, _side):
            raise Stopped

    with pytest.raises(Interrupted, match="stopped before anything was measured"):
        choosing(known=BOTH, kind=Ended).codecs(side("one"), side("other"))


@pytest.fixture
def root(tmp_path):
    """An environment with a module, beside one whose name begins alike, and a stage."""
    for folder in ("env/lib", "env2", "stage", "elsewhere"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "lib.py").touch()
    return tmp_path


def proven(place, file, **launch):
    """A side of that environment whose module came from there."""
    options = {"root": str(place / "env"), "stage": str(place / "stage")} | launch
    prove(side("orjson==1", **options), {"lib": str(file)})


def test_modules_of_its_own_prove_a_side(root):
    """From its environment, at any depth, or from its worker's files."""
    for place in ("env/lib/lib.py", "env/lib.py", "stage/lib.py"):
        proven(root, root / place)


@pytest.mark.parametrize("place", ["elsewhere/lib.py", "env2/lib.py", "lib.py", "env/../elsewhere/lib.py"])
def test_a_module_from_elsewhere_is_told(root, place):
    """Also from where the name only begins alike; with the side, the module, and both places."""
    with pytest.raises(SideFailure, match=r"^orjson==1: lib was imported from .*lib\.py, outside of its environment"):
        proven(root, root / place)


def test_one_module_from_elsewhere_is_enough(root):
    """However many others are its own."""
    made = side("x", root=str(root / "env"), stage=str(root / "stage"))
    with pytest.raises(SideFailure, match="other was imported"):
        prove(made, {"lib": str(root / "env" / "lib.py"), "other": str(root / "elsewhere" / "lib.py")})


def test_links_are_followed_to_the_folder_only(root):
    """An environment may be reached by a link, and its files may be links into a cache."""
    (root / "link").symlink_to(root / "env")
    proven(root, root / "link" / "lib" / "lib.py")
    proven(root, root / "env" / "lib" / "lib.py", root=str(root / "link"))
    (root / "env" / "cached.py").symlink_to(root / "elsewhere" / "lib.py")
    proven(root, root / "env" / "cached.py")
    (root / "env" / "out").symlink_to(root / "elsewhere")
    with pytest.raises(SideFailure):
        proven(root, root / "env" / "out" / "lib.py")


def test_a_named_interpreter_has_what_it_finds(root):
    """There is no environment that its modules must come from."""
    proven(root, root / "elsewhere" / "lib.py", root="")


@pytest.mark.parametrize(("root", "remedy"), [("", "/env/bin/python -m pip install x"), ("/made", "pip install x")])
def test_what_is_to_be_installed_is_for_the_interpreter_that_was_named(root, remedy):
    """A pip of the user's own would install it elsewhere."""
    lacks = info("msgpack", "msgpack", unavailable="msgpack is not installed; pip install x")
    known = {"one": INSTALLED, "other": (lacks,)}
    with pytest.raises(MissingLibrary, match=f"^other: .*: msgpack is not installed; {remedy}$"):
        choosing("msgpack", known=known).codecs(side("one"), side("other", python="/env/bin/python", root=root))
