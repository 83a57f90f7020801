"""Sets of descriptors: read, completed and renamed where Python needs it, and made into a pool."""

from __future__ import annotations

import importlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from serbench.errors import UnusableFile
from serbench.schema.names import identifiers

if TYPE_CHECKING:
    from serbench.schema.types import Record


def own(name: str) -> bool:
    """Whether a file of that name is one of protobuf's own."""
    return name.startswith("google/protobuf/")


def parsed(data: bytes, label: str) -> Any:
    """The set, each file after those that it needs, with those of protobuf's own that it leaves out.

    Raises:
        UnusableFile: it is none, or a file that is needed is not in it.
    """
    from google.protobuf.descriptor_pb2 import FileDescriptorSet  # noqa: PLC0415 - only who has such files needs it
    from google.protobuf.message import DecodeError  # noqa: PLC0415 - the same

    try:
        files = FileDescriptorSet.FromString(data)
    except DecodeError:
        files = FileDescriptorSet()
    if not files.file:
        raise UnusableFile(f"{label}: no descriptor set; make one with protoc --include_imports --descriptor_set_out")
    left = {file.name: file for file in files.file}
    _complete(left)
    sorted_files: dict[str, Any] = {}
    while left:
        ready = [file for file in left.values() if sorted_files.keys() >= set(file.dependency)]
        if not ready:
            raise UnusableFile(f"{label}: {_why_stuck(left, sorted_files)}")
        sorted_files |= {file.name: left.pop(file.name) for file in ready}
    return FileDescriptorSet(file=sorted_files.values())


def _complete(files: dict[str, Any]) -> None:
    """Adds protobuf's own files that are needed and left out."""
    from google.protobuf.descriptor_pb2 import FileDescriptorProto  # noqa: PLC0415 - the same

    needed = [need for file in files.values() for need in file.dependency]
    while needed:
        name = needed.pop()
        if own(name) and name not in files:
            with suppress(ImportError):
                module = importlib.import_module(name.removesuffix(".proto").replace("/", ".") + "_pb2")
                files[name] = FileDescriptorProto.FromString(module.DESCRIPTOR.serialized_pb)
                needed += files[name].dependency


def _why_stuck(left: dict[str, Any], there: dict[str, Any]) -> str:
    for file in left.values():
        for need in file.dependency:
            if need not in left and need not in there:
                return f"{file.name} needs {need}, which is not in it; use --include_imports"
    return f"{min(left)} imports itself; make the set anew with protoc"


def pool_of(files: Any, label: str) -> Any:
    """A pool of these files.

    Raises:
        UnusableFile: they do not fit together.
    """
    from google.protobuf.descriptor_pool import DescriptorPool  # noqa: PLC0415 - the same

    pool = DescriptorPool()
    for file in files.file:
        try:
            pool.AddSerializedFile(file.SerializeToString())
        except TypeError as error:
            reason = str(error).partition("\n")[0]
            raise UnusableFile(f"{label}: {file.name}: {reason}; make the set anew with protoc") from None
    return pool


def rename(files: Any, records: dict[str, Record]) -> bool:
    """Gives each field a name that Python has; whether any had none."""
    renamed = False

    def visit(message: Any, full: str) -> None:
        nonlocal renamed
        for inner in message.nested_type:
            visit(inner, f"{full}.{inner.name}")
        if full not in records:
            return
        names = identifiers(records[full])
        for field in message.field:
            if names[field.name] != field.name:
                renamed = True
                field.name = names[field.name]

    for file in files.file:
        for message in file.message_type:
            visit(message, f"{file.package}.{message.name}".lstrip("."))
    return renamed
