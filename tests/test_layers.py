"""The contracts of the architecture can fail, and cover what no single contract can say. `lint-imports` holds them."""

from __future__ import annotations

import copy
import sys
from pathlib import Path

import grimp
import pytest
from importlinter.api import read_configuration
from importlinter.contracts.acyclic_siblings import AcyclicSiblingsContract
from importlinter.contracts.forbidden import ForbiddenContract
from importlinter.contracts.independence import IndependenceContract
from importlinter.contracts.layers import LayersContract
from importlinter.contracts.protected import ProtectedContract

from serbench import registry

CONFIGURATION = read_configuration(str(Path(__file__).parents[1] / "pyproject.toml"))
CONTRACTS = {options["name"]: options for options in CONFIGURATION["contracts_options"]}
CLASSES = {
    "acyclic_siblings": AcyclicSiblingsContract,
    "forbidden": ForbiddenContract,
    "independence": IndependenceContract,
    "layers": LayersContract,
    "protected": ProtectedContract,
}
# For each contract an import that must break it.
BREAKING = {
    "Layers, top to bottom": ("serbench.records.run", "serbench.store.wire"),
    "No cycles": ("serbench.schema.types", "serbench.schema.reader"),
    "Codecs are independent of each other": ("serbench.codecs.orjson", "serbench.codecs.json"),
    "Payloads are independent of each other": ("serbench.payloads.feed", "serbench.payloads.chat"),
    "Charts are independent of each other": ("serbench.charts.percentiles", "serbench.charts.bars"),
    "Renderers are independent of each other": ("serbench.renderers.html", "serbench.renderers.table"),
    "orjson: its codec, and those of typed objects": ("serbench.codecs.json", "orjson"),
    "msgpack: its codec and files": ("serbench.codecs.ormsgpack", "msgpack"),
    "cbor2: its codec and files": ("serbench.codecs.json", "cbor2"),
    "ormsgpack: its codec": ("serbench.codecs.msgpack", "ormsgpack"),
    "amazon.ion: its codec": ("serbench.codecs.json", "amazon"),
    "thriftpy2: its codecs": ("serbench.codecs.json", "thriftpy2"),
    "pyarrow: its codec": ("serbench.codecs.json", "pyarrow"),
    "pyfory: its codec": ("serbench.codecs.json", "pyfory"),
    "protobuf: its codecs and files": ("serbench.schema.proto", "google"),
    "msgspec: its codecs, files, and the wire format of results": ("serbench.records.run", "msgspec"),
    "hdrh: histograms": ("serbench.report", "hdrh"),
    "brotli and zstd: compression, and compressed files": ("serbench.harness.session", "brotli"),
    "matplotlib: charts": ("serbench.report", "matplotlib"),
    "jinja2: renderers": ("serbench.charts.svg", "jinja2"),
    "typer: the command line": ("serbench.api", "typer"),
    "rich: progress and tables": ("serbench.harness.session", "rich"),
    "numpy: never in a process that measures": ("serbench.schema.types", "numpy"),
}
MEASURING = ("worker", "schema", "registry", "records", "units", "errors")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    """Who imports whom in serbench, with outside libraries."""
    return grimp.build_graph("serbench", include_external_packages=True, cache_dir=None)


def kept(name: str, graph: grimp.ImportGraph) -> bool:
    """Whether the contract holds in a copy of the graph: checking removes what is ignored."""
    options = CONTRACTS[name]
    contract = CLASSES[options["type"]](name, CONFIGURATION["session_options"], options)
    return contract.check(copy.deepcopy(graph), verbose=False).kept


def outside(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    """For every imported library that is neither serbench nor Python's own, the modules that import it."""
    names = {name for name in graph.modules if name.partition(".")[0] not in {"serbench", *sys.stdlib_module_names}}
    return {name: graph.find_modules_that_directly_import(name) for name in names}


def test_every_contract_is_tried():
    """A contract without an import that breaks it would not be known to hold anything."""
    assert CONTRACTS.keys() == BREAKING.keys()


@pytest.mark.parametrize("name", BREAKING)
def test_contract_can_fail(name, graph):
    """A contract holds as things are, and no longer once the import that it forbids is there."""
    importer, imported = BREAKING[name]
    broken = copy.deepcopy(graph)
    broken.add_import(importer=importer, imported=imported, line_number=1, line_contents=f"import {imported}")
    assert {importer, imported} <= graph.modules
    assert (kept(name, graph), kept(name, broken)) == (True, False)


def test_new_module_needs_a_layer(graph):
    """A module whose place is not stated breaks the layers."""
    larger = copy.deepcopy(graph)
    larger.add_module("serbench.helpers")
    assert not kept("Layers, top to bottom", larger)


@pytest.mark.parametrize("seam", registry.SHARED)
def test_plug_ins_may_know_what_is_shared(seam):
    """The modules that the plug-ins of a seam may import are those that the registry takes for no plug-ins."""
    ignored = CONTRACTS[f"{seam.capitalize()} are independent of each other"]["ignore_imports"]
    of_plug_ins = {line.removesuffix(".**") for line in ignored if line.startswith(f"serbench.{seam}.* ")}
    assert {f"serbench.{seam}.* -> serbench.{seam}.{name}" for name in registry.SHARED[seam]} == of_plug_ins


@pytest.mark.parametrize("seam", registry.SHARED)
def test_new_plug_in_needs_no_contract(seam, graph):
    """One more file in a seam's package, which knows `base`, breaks nothing."""
    larger = copy.deepcopy(graph)
    larger.add_module(f"serbench.{seam}.brand_new")
    line = {"line_number": 1, "line_contents": "..."}
    larger.add_import(importer=f"serbench.{seam}.brand_new", imported=f"serbench.{seam}.base", **line)
    assert [name for name in CONTRACTS if not kept(name, larger)] == []


def test_outside_libraries_have_a_place(graph):
    """A library that is imported is the business of a contract, or of the one codec that is named after it."""
    said = {
        name
        for options in CONTRACTS.values()
        for key in ("protected", "forbidden")
        for name in options.get(f"{key}_modules", ())
    }
    loose = {name: by for name, by in outside(graph).items() if name not in said and by != {f"serbench.codecs.{name}"}}
    assert loose == {}


def test_codecs_know_only_their_own_library(graph):
    """A codec module imports no outside library but the one that it is named after, or that a contract gives it."""
    given = {
        (importer, name)
        for options in CONTRACTS.values()
        if options["type"] == "protected"
        for importer in options["allowed_importers"]
        for name in options["protected_modules"]
    }
    strange = {
        (importer, name)
        for name, importers in outside(graph).items()
        for importer in importers
        if importer.startswith("serbench.codecs.") and importer != f"serbench.codecs.{name}"
    }
    assert strange <= given


def test_what_a_worker_imports_is_standard_library(graph):
    """A process that measures holds Python, the codec's library, and nothing that could disturb it."""
    strange = {
        (importer, name)
        for name, importers in outside(graph).items()
        for importer in importers
        if importer.split(".")[1] in MEASURING
    }
    assert strange == set()
