"""Imports point down only: the layers of docs/architecture.md, walked over every module's import statements."""

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.any_database

APP = Path(__file__).resolve().parent.parent / "determinations"

# Layer -> what its modules may import of the app. A name ending in "." is a package with all below it.
ALLOWED = {
    "urls": {"api", "discovery", "downloads", "views", "views_removals", "views_reports", "views_ways"},
    "reading": {"asking", "corrections", "drugs", "filters", "letters", "models", "search", "vocabulary"},
    "templatetags": {"curation", "facets", "vocabulary"},
    "views": {
        "asking", "browsing", "facets", "filters", "histogram", "labels", "limiting", "models", "reading", "refusing",
        "reports", "results", "search", "source_text", "statistics", "suggestions",
    },
    "downloads": {"exports", "feeds", "freshness", "limiting", "refusing", "search", "strict"},
    "discovery": {"models", "search", "ways"},
    "api": {
        "letters",
        "exports", "facets", "filters", "freshness", "labels", "limiting", "models", "records", "search", "strict",
        "vocabulary", "withheld",
    },
    "refusing": {"limiting", "search", "strict", "withheld"},
    "withheld": {"models"},
    "removals": {"models"},
    "exports": {"records", "search"},
    "feeds": {"filters", "models", "results", "search"},
    "strict": {"filters", "labels"},
    "freshness": {"models", "search"},
    "limiting": set(),
    "records": {"drugs", "labels", "models"},
    "drugs": {"labels", "models", "vocabulary"},
    "views_reports": {"limiting", "models", "refusing", "reports"},
    "reports": {"letters", "models"},
    "views_removals": {"limiting", "refusing", "removals"},
    "views_ways": {"drugs", "labels", "search", "ways"},
    "ways": {"labels", "models", "search", "statistics", "vocabulary"},
    "browsing": {"asking", "filters", "labels", "search"},
    "histogram": {"filters", "labels"},
    "suggestions": {"labels", "models", "search", "vocabulary"},
    "source_text": {"letters", "models", "vocabulary"},
    "facets": {"filters", "labels", "search", "vocabulary"},
    "results": {"asking", "filters", "labels", "models", "search", "statistics"},
    "statistics": {"search"},
    "filters": {"asking", "labels", "models", "search"},
    "admin": {"access", "corrections", "curation", "models", "names", "search", "source_text", "vocabulary"},
    "curation": {
        "asking", "corrections", "drugs", "headings", "ingest", "labels", "letters", "models", "names", "redacted_rows",
        "reports", "rereading", "search", "slugs", "store", "vocabulary",
    },
    "management": {
        "access", "backups", "curation", "ingest", "letters", "names", "rereading", "search", "store", "vocabulary",
    },
    "rereading": {"ingest", "letters", "models", "names", "search", "store"},
    "ingest": {"letters", "names", "search", "store"},
    "store": {"corrections", "letters", "models", "names", "redacted_rows"},
    "redacted_rows": {"letters", "models"},
    "corrections": {"letters", "models", "names", "vocabulary"},
    "names": {"headings", "letters", "models", "slugs", "stamps", "vocabulary"},
    "headings": {"asking"},
    "search": {"asking", "drugs", "labels", "models", "processes", "stamps", "vocabulary"},
    "labels": {"letters", "models", "slugs", "stamps", "vocabulary"},
    "models": {"letters"},
    "letters": {"processes", "vocabulary"},
    "asking": {"vocabulary"},
    "vocabulary": set(),
    "processes": set(),
    "slugs": set(),
    "stamps": set(),
    "apps": {"access"},
    "access": {"limiting"},
    "backups": set(),
    "migrations": set(),
}  # fmt: skip
# Packages that are not the standard library's, and who may import them.
OUTSIDE = {
    "tantivy": {"search"},
    "numpy": {"search"},
    "django_filters": {"filters"},
    "tqdm": {"management"},
    "ninja": {"api"},
    "pydantic": {"api"},
    "limits": {"limiting"},
    "pypdfium2": {"letters"},
    "rapidfuzz": {"asking", "curation"},
    "tomlkit": {"curation"},
    "axes": {"access", "admin"},
    "django_otp": {"access", "admin"},
    "segno": {"access"},
}
# Packages that one module alone may import, and a process of its own runs it.
ONE_MODULE = {"pypdfium2": "letters/inputs/pdf.py"}
# Inside letters/: room -> the rooms whose modules it may import. The modules beside the rooms are free to use, but for
# those that stand above them all.
ROOMS = {
    "inputs": {"forms", "parts", "meaning", "text"},
    "forms": {"parts", "meaning", "text"},
    "parts": {"meaning", "text"},
    "meaning": {"text"},
    "text": set(),
}
NO_DJANGO = {"asking", "letters", "vocabulary"}


def modules():
    return sorted(path for path in APP.rglob("*.py") if "migrations" not in path.parts)


def layer_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imports(path: Path):
    """Every imported module as an absolute dotted name."""
    package = ["determinations", *path.relative_to(APP).parts[:-1]]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            prefix = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{prefix}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(APP)))
def test_imports_point_down(path):
    layer = layer_of(path)
    if layer == "__init__":
        return
    for name in imports(path):
        top, *rest = name.split(".")
        if top == "determinations" and rest and rest[0] != layer:
            assert rest[0] in ALLOWED[layer], f"{layer} must not import {name}"
        if top in OUTSIDE:
            assert layer in OUTSIDE[top], f"only {OUTSIDE[top]} may import {top}"
        if top in ONE_MODULE:
            assert path == APP / ONE_MODULE[top], f"only {ONE_MODULE[top]} may import {top}"
        if layer in NO_DJANGO:
            assert top not in ("django", "csp", "psycopg"), f"{layer} knows no Django"


def test_no_cycle_in_the_layers():
    """The table above is itself an order: no layer can reach itself."""

    def reachable(layer, seen):
        for below in ALLOWED.get(layer, ()):
            if below not in seen:
                seen.add(below)
                reachable(below, seen)
        return seen

    for layer in ALLOWED:
        assert layer not in reachable(layer, set())


def test_every_layer_is_in_the_table():
    layers = {layer_of(path) for path in modules()} - {"__init__"}
    assert layers <= set(ALLOWED)


def test_the_module_that_reads_pdfs_is_imported_by_no_other():
    """It is run as a program, so that a hostile PDF cannot reach the process that stores letters."""
    for path in modules():
        for name in imports(path):
            assert not name.startswith("determinations.letters.inputs.pdf.")
            assert name != "determinations.letters.inputs.pdf"


def test_the_program_that_reads_pdfs_needs_nothing_of_the_project():
    assert not [name for name in imports(APP / ONE_MODULE["pypdfium2"]) if name.startswith("determinations")]


@pytest.mark.parametrize("path", [path for path in modules() if path.parent.parent == APP / "letters"], ids=str)
def test_the_rooms_of_letters_build_on_those_below_them(path):
    room = path.parent.name
    for name in imports(path):
        if name.startswith("determinations.letters."):
            other = name.split(".")[2]
            assert other not in ROOMS or other == room or other in ROOMS[room], name
