"""Backup and restore with real processes: whole beside a writer too, and what is restored says the same."""

import sqlite3
import stat
import subprocess
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from bench import corpus
from tests.archives import Archive, archive, copy
from tests.conftest import SAMPLES
from tests.servers import site

pytestmark = [pytest.mark.processes, pytest.mark.django_db]

BESIDE = 700  # letters of an ingest that writes while a backup is made: two transactions and the index
COUNT = "SELECT count(*) FROM determinations_case"
PAGES = ("/decisions/", "/specialties/", "/cases/cm16-0990003/", "/decisions.csv", "/api/v1/decisions")
CURATE = """
from determinations.curation.correcting import Change, correct
from determinations.models import Case
case = Case.objects.get(slug="cm16-0990003")
correct(case.pk, [Change("", "clinical_summary", "{}")], why="For the test.", by="ann")
from determinations import search
search.index_pending()
"""


@pytest.fixture(autouse=True)
def programs():
    """PostgreSQL's own programs, of the server's version: tests/with_postgresql.py has them of the server it starts."""
    if connection.vendor == "postgresql":
        said = subprocess.run(["pg_dump", "--version"], capture_output=True, text=True, check=False).stdout
        if int(said.split()[2].split(".")[0] if said else 0) < connection.pg_version // 10_000:
            pytest.skip("there is no pg_dump of the server’s version on the path")


@dataclass
class Sample:
    """An archive of the sample letters, one of them corrected: all that it holds, and what its pages say."""

    archive: Archive
    dump: dict
    pages: dict[str, str]


@pytest.fixture(scope="module")
def made_once(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), archive(tmp_path_factory.mktemp("made") / "first") as made:
        made.run("ingest", "--jobs", "1", str(SAMPLES))
        made.run("shell", "--command", CURATE.format("Before the backup."))
        made.run("prepare")
        yield Sample(made, made.dump(), pages(made))


@pytest.fixture
def sample(made_once, tmp_path):
    """A copy of the archive, of this test's own."""
    with copy(made_once.archive, tmp_path / "first") as own:
        yield Sample(own, made_once.dump, made_once.pages)


def pages(made):
    with site(made) as server:
        found = {page: server.get(page) for page in PAGES}
    # The server's own address and cursors, which are of a moment, are no part of what the site says.
    return {page: text.replace(server.url, "") for page, text in found.items()}


def test_an_archive_is_as_it_was_when_it_was_backed_up(sample, tmp_path):
    kept, own = tmp_path / "kept.backup", sample.archive
    assert "checked" in own.run("backup", str(kept))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    own.run("shell", "--command", CURATE.format("After the backup."))
    assert own.dump() != sample.dump
    own.run("restore", "--yes", str(kept))
    assert own.dump() == sample.dump
    assert "agree" in own.run("check_index")
    assert pages(own) == sample.pages


def test_another_machine_goes_on_with_a_backup(sample, tmp_path):
    kept = tmp_path / "kept.backup"
    sample.archive.run("backup", str(kept))
    with archive(tmp_path / "second") as second:
        second.run("restore", "--yes", str(kept))
        assert second.dump() == sample.dump
        second.run("prepare")
        assert pages(second) == sample.pages
        assert "0 created" in second.run("ingest", "--jobs", "1", str(SAMPLES))


def test_a_backup_beside_a_writer_is_of_one_moment(tmp_path):
    letters, kept = tmp_path / "letters", tmp_path / "kept.backup"
    letters.mkdir()
    corpus.write(letters, BESIDE, seed=5)
    with archive(tmp_path / "first") as first, archive(tmp_path / "second") as second:
        ingest = first.start("ingest", "--jobs", "1", str(letters))
        while count(first) == 0:
            time.sleep(0.02)
        assert ingest.poll() is None
        first.run("backup", str(kept))
        written, _ = ingest.communicate()
        assert ingest.returncode == 0, written
        second.run("restore", "--yes", str(kept))
        assert 0 < count(second) <= BESIDE
        assert "agree" in second.run("check_index")
        second.run("ingest", "--jobs", "1", str(letters))
        assert second.dump() == first.dump()


def count(made) -> int:
    """How many letters there are, asked without a process, which would be slower than what is waited for."""
    if made.database_url:
        with psycopg.connect(made.database_url) as connected:
            return connected.execute(COUNT).fetchone()[0]
    with closing(sqlite3.connect(made.folder / "archive.sqlite3")) as connected:
        return connected.execute(COUNT).fetchone()[0]


@pytest.mark.parametrize("content", [b"", b"no database at all, but some words", None])
def test_what_is_no_backup_is_refused_and_nothing_is_touched(sample, tmp_path, content):
    kept = tmp_path / "kept.backup"
    if content is not None:
        kept.write_bytes(content)
    process = sample.archive.start("restore", "--yes", str(kept))
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "Not restored" in said
    assert sample.archive.dump() == sample.dump


def test_a_backup_that_is_cut_off_is_refused_and_nothing_is_touched(sample, tmp_path):
    kept = tmp_path / "kept.backup"
    sample.archive.run("backup", str(kept))
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 20])
    process = sample.archive.start("restore", "--yes", str(kept))
    process.communicate()
    assert process.returncode == 1
    assert sample.archive.dump() == sample.dump


def test_nothing_is_replaced_without_a_yes(sample, tmp_path):
    kept = tmp_path / "kept.backup"
    sample.archive.run("backup", str(kept))
    process = sample.archive.start("restore", str(kept))
    process.communicate()
    assert process.returncode == 1
    assert sample.archive.dump() == sample.dump


def test_no_file_is_left_of_a_backup_that_failed(sample, tmp_path):
    process = sample.archive.start("backup", str(tmp_path / "nowhere" / "kept.backup"))
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "No backup was made" in said
    assert not list(Path(tmp_path).glob("kept*"))
