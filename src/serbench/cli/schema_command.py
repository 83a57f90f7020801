"""`serbench schema`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from serbench.cli import outputs
from serbench.cli.options import Data, MessageName, ReadAs, SkipBad
from serbench.stop import Stop

if TYPE_CHECKING:
    from serbench.choice import Chosen
    from serbench.payloads.files.survey import Surveyed
    from serbench.schema.language import Language

EPILOG = (
    "What a language cannot express is told on stderr, a line each with its path; nothing is printed then, "
    "and the exit code is 2."
)

_MOST_FINDINGS = 40
_NAME = re.compile(r"[A-Z][A-Za-z0-9]*")
_PACKAGE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*")


def schema(
    payload: Annotated[str, typer.Argument(metavar="PAYLOAD", help="A file, a folder, -, or a generated payload.")],
    language: Annotated[
        str,
        typer.Option(
            "--output", "-o", help="The language: proto, avro, jsonschema, msgspec, flatbuffers, capnp, thrift."
        ),
    ] = "proto",
    to: Annotated[str, typer.Option("--to", metavar="FILE", help="Write it there. Default: stdout.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    name: Annotated[str, typer.Option(metavar="Order", help="Of the root message. Default: the file's.")] = "",
    package: Annotated[str, typer.Option(metavar="shop.v1", help="Package or namespace. Default: the root's.")] = "",
    enums: Annotated[
        bool, typer.Option("--enums", help="Make enums of texts of which there are few: 16 at the most.")
    ] = False,
    enum_values: Annotated[
        int | None, typer.Option("--enum-values", min=2, max=256, help="Make enums of this many values at the most.")
    ] = None,
    comments: Annotated[
        bool, typer.Option("--comments/--no-comments", help="Say beside fields what was seen of them.")
    ] = True,
    read_as: ReadAs = "",
    skip_bad: SkipBad = False,
    message: MessageName = "",
    data: Data = None,
) -> None:
    """Print the schema of your documents, to begin with: inferred from all of them, named and commented."""
    stop = Stop()
    stop.listen()
    from serbench import choice
    from serbench.errors import UsageError
    from serbench.schema import languages
    from serbench.schema.enums import MOST_VALUES
    from serbench.schema.printed import Wishes, printed

    wanted = languages.get(language)
    _check(name, package, wanted)
    if to:
        _check_place(Path(to), to, force=force)
    request = choice.Request(
        payloads=(payload,), read_as=read_as, skip_bad=skip_bad, message=message, data=tuple(data or ())
    )
    chosen = choice.choose(request)
    if len(chosen.payloads) != 1:
        raise UsageError(f"{payload}: {len(chosen.payloads)} payloads; name one")
    found, title, base = _surveyed(chosen, stop)
    wishes = Wishes(
        name=name or _root_name(base, found),
        origin=_origin(title, found),
        stated=found.stated,
        enums=enum_values or (MOST_VALUES if enums else 0),
        comments=comments,
    )
    made = printed(found.schema, found.seen, wishes)
    package = package or _package(made.name, wanted)
    _give(*languages.written(made, wanted, package, stated=found.stated), to)


def _check(name: str, package: str, language: Language) -> None:
    from serbench.errors import UsageError

    if name and not _NAME.fullmatch(name):
        raise UsageError(f"--name {name}: a message is called in CamelCase letters and digits, as in Order")
    if package and not _PACKAGE.fullmatch(package):
        raise UsageError(f"--package {package}: small letters, digits and _, parted by points, as in shop.v1")
    if package and not language.packages:
        raise UsageError(f"--package {package}: {language.name} has no packages; leave it out")


def _check_place(path: Path, word: str, *, force: bool) -> None:
    from serbench.errors import UsageError

    if not path.absolute().parent.is_dir():
        raise UsageError(f"{word}: its folder is not there; make it first")
    if path.is_dir():
        raise UsageError(f"{word}: a folder; name a file in it")
    if not force and (path.exists() or path.is_symlink()):
        raise UsageError(f"{word}: is there already, and stays; name another file, or replace it with --force")


def _surveyed(chosen: Chosen, stop: Stop) -> tuple[Surveyed, str, str]:
    """What was seen of the payload, what it is in words, and what its root is named after."""
    from serbench import choice
    from serbench.choice.words import is_file
    from serbench.errors import UnknownName
    from serbench.payloads import catalogue, instances
    from serbench.payloads.files import sources
    from serbench.payloads.files.survey import Surveyed, survey
    from serbench.schema.observed import Observed

    (word,) = chosen.payloads
    try:
        generated = catalogue.get(word)
    except UnknownName:
        if not is_file(word):
            raise
        return survey(word, chosen.reading, stop=stop), sources.base_name(word), sources.name_of(word)
    payload = instances.make(generated, seed=choice.SEED)[0].payload
    seen = Observed()
    seen.add(payload.instances)
    found = Surveyed(schema=payload.schema, stated=True, seen=seen, messages=len(payload.instances))
    return found, f"the generated payload {word}", word


def _root_name(base: str, found: Surveyed) -> str:
    """The name of the root: of one of the messages, where there are several."""
    from serbench.payloads.files.sources import STDIN
    from serbench.schema.inference import camel_case
    from serbench.schema.naming import singular

    if found.stated:
        return found.schema.name
    if base in ("stdin", STDIN):
        return "Message"
    return camel_case(singular(base) if found.messages > 1 else base)


def _origin(title: str, found: Surveyed) -> str:
    how = "As stated; beside fields stands what was seen in" if found.stated else "Inferred from"
    several = f"{found.messages:,} messages" if found.messages > 1 else "one message"
    left_out = f", {found.bad:,} left out as bad" if found.bad else ""
    return f"{how} {several} of {title}{left_out}."


def _package(root: str, language: Language) -> str:
    from serbench.schema.naming import words

    return "_".join(words(root)) if language.packages else ""


def _give(text: str, found: tuple[object, ...], to: str) -> None:
    """The text to where it belongs, or what is in its way."""
    from serbench.store import files

    if found:
        for finding in found[:_MOST_FINDINGS]:
            outputs.warn(str(finding))
        if len(found) > _MOST_FINDINGS:
            outputs.warn(f"and {len(found) - _MOST_FINDINGS:,} more places")
        raise typer.Exit(2)
    if to:
        files.write_text(Path(to), text)
    else:
        outputs.say(text, end="")
