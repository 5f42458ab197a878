"""The generated letters that search is measured on have rows of exactly the shape of ingested ones."""

import json
import re
import sqlite3
import subprocess
import sys

import pytest

from bench import corpus
from determinations import vocabulary
from determinations.letters.issue_codes import ISSUE_CODES
from tests.archives import ROOT, Archive, on_sqlite
from tests.conftest import SAMPLES

pytestmark = [pytest.mark.processes, pytest.mark.any_database]

TABLES = [
    "case", "lettersource", "disputeditem", "guidelinecitation", "parseissue", "reviewer", "reviewercredential",
    "credentialwording", "guidelinewording",
]  # fmt: skip
JSON = {
    ("case", "patient"), ("case", "documents_reviewed"), ("disputeditem", "request"), ("disputeditem", "reasons"),
    ("guidelinecitation", "pages"), ("reviewer", "licensed_states"),
}  # fmt: skip
TIMES = {"created_at", "updated_at", "ingested_at", "decision_date", "date_assigned", "date_of_injury", "received_date"}
LETTERS = 50
_MAKE = ["-m", "bench.million", "--variety", "0.02", "--workers", "1"]  # the pools take longer than the letters


def run(command, environment):
    subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, timeout=240, capture_output=True)


@pytest.fixture(scope="module")
def generated(tmp_path_factory):
    folder = tmp_path_factory.mktemp("generated")
    path = folder / "archive.sqlite3"
    archive = Archive(folder)
    run([*_MAKE, "--letters", str(LETTERS), "--database", str(path)], archive.environment)
    return archive, sqlite3.connect(path)


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ingested")
    corpus.write(folder / "letters", 200)
    on_sqlite(folder).run("ingest", "--jobs", "1", str(SAMPLES), str(folder / "letters"))
    return sqlite3.connect(folder / "archive.sqlite3")


def shape(value):
    """The type of a JSON value, with its keys; lists by the shapes of what they hold."""
    if isinstance(value, dict):
        return tuple((key, shape(value[key])) for key in value)
    if isinstance(value, list):
        return ("list", *sorted({shape(one) for one in value}, key=repr))
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def column_kinds(database, table, column):
    """What kinds of values a column holds: storage types, of JSON each key's shape, of days how they are written."""
    found = set()
    for value, kind in database.execute(f'SELECT "{column}", typeof("{column}") FROM determinations_{table}'):
        if (table, column) in JSON:
            record = json.loads(value)
            assert json.dumps(record) == value, "written as Django writes it"
            found |= {(key, shape(one)) for key, one in record.items()} if isinstance(record, dict) else {shape(record)}
        elif column in TIMES and value is not None:
            found.add(re.sub(r"\d", "9", value))
        else:
            found.add(kind)
    return found


@pytest.mark.parametrize("table", TABLES)
def test_every_column_holds_what_an_ingest_writes(generated, ingested, table):
    _, made = generated
    columns = [row[1] for row in made.execute(f"PRAGMA table_info(determinations_{table})")]
    assert made.execute(f"SELECT count(*) FROM determinations_{table}").fetchone()[0] or table == "parseissue"
    for column in columns:
        kinds, known = (column_kinds(database, table, column) for database in (made, ingested))
        if (table, column) in {("disputeditem", "request"), ("case", "patient")}:
            # A generated value may name several procedures or no side, but no key that the archive does not have.
            assert {key for key, _ in kinds} <= {key for key, _ in known}
            assert {key: one for key, one in kinds if not isinstance(one, tuple)} == {
                key: one for key, one in known if not isinstance(one, tuple) and key in dict(kinds)
            }
        elif kinds:
            assert kinds <= known, (table, column)


def test_the_database_is_whole(generated):
    archive, made = generated
    assert made.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert made.execute("PRAGMA foreign_key_check").fetchall() == []
    archive.run("migrate", "--check")


def test_the_indexes_are_those_of_the_migrations(generated, ingested):
    _, made = generated
    statement = "SELECT name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name"
    assert made.execute(statement).fetchall() == ingested.execute(statement).fetchall()


def test_codes_and_names_are_those_of_the_vocabulary(generated):
    _, made = generated
    reasons = {
        code
        for (value,) in made.execute("SELECT reasons FROM determinations_disputeditem")
        for code in json.loads(value)
    }
    assert reasons
    assert reasons <= set(vocabulary.reasons())
    requests = [json.loads(value) for (value,) in made.execute("SELECT request FROM determinations_disputeditem")]
    parts = {part["part"] for request in requests for part in request.get("body_parts", ())}
    assert parts
    assert parts <= {part.name for named in vocabulary.body_parts().values() for part in named}
    procedures = {name for request in requests for name in request.get("procedures", ())}
    assert procedures <= {one.name for named in vocabulary.procedures().values() for one in named}
    codes = {code for (code,) in made.execute("SELECT code FROM determinations_parseissue")}
    assert codes <= {code.code for code in ISSUE_CODES}


def test_all_letters_are_there_and_can_be_searched(generated):
    archive, made = generated
    cases, pending = made.execute("SELECT count(*), sum(index_pending) FROM determinations_case").fetchone()
    assert (cases, pending) == (LETTERS, LETTERS)
    items = made.execute("SELECT count(*) FROM determinations_disputeditem").fetchone()[0]
    archive.run("sync_index")
    assert archive.dump()["indexed"] == [items, LETTERS]


def test_a_letter_is_the_same_in_a_smaller_archive(generated, tmp_path):
    archive, made = generated
    path = tmp_path / "archive.sqlite3"
    run([*_MAKE, "--letters", "5", "--database", str(path)], archive.environment)
    smaller = sqlite3.connect(path)
    for table, column in (("case", "id"), ("disputeditem", "case_id"), ("lettersource", "case_id")):
        columns = [row[1] for row in made.execute(f"PRAGMA table_info(determinations_{table})")]
        kept = ", ".join(f'"{name}"' for name in columns if name != "index_pending")  # another test may index them
        statement = f"SELECT {kept} FROM determinations_{table} WHERE {column} <= 5 ORDER BY id"
        assert smaller.execute(statement).fetchall() == made.execute(statement).fetchall()
