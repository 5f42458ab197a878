"""Backup and restore with real processes: whole beside a writer too, and what is restored says the same."""

import stat
import subprocess
import time
from pathlib import Path

import pytest
from django.db import connection

from bench import corpus
from tests.archives import archive
from tests.conftest import SAMPLES
from tests.servers import site

pytestmark = [pytest.mark.processes, pytest.mark.django_db]

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


@pytest.fixture
def sample(tmp_path):
    """An archive of the sample letters, one of them corrected."""
    with archive(tmp_path / "first") as made:
        made.run("ingest", str(SAMPLES))
        made.run("shell", "--command", CURATE.format("Before the backup."))
        yield made


def pages(made):
    made.run("prepare")
    with site(made) as server:
        found = {page: server.get(page) for page in PAGES}
    # The server's own address and cursors, which are of a moment, are no part of what the site says.
    return {page: text.replace(server.url, "") for page, text in found.items()}


def test_an_archive_is_as_it_was_when_it_was_backed_up(sample, tmp_path):
    kept = tmp_path / "kept.backup"
    before, said = sample.dump(), pages(sample)
    assert "checked" in sample.run("backup", str(kept))
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    sample.run("shell", "--command", CURATE.format("After the backup."))
    assert sample.dump() != before
    sample.run("restore", "--yes", str(kept))
    assert sample.dump() == before
    assert "agree" in sample.run("check_index")
    assert pages(sample) == said


def test_another_machine_goes_on_with_a_backup(sample, tmp_path):
    kept = tmp_path / "kept.backup"
    sample.run("backup", str(kept))
    with archive(tmp_path / "second") as second:
        second.run("restore", "--yes", str(kept))
        assert second.dump() == sample.dump()
        assert pages(second) == pages(sample)
        assert "0 created" in second.run("ingest", str(SAMPLES))


def test_a_backup_beside_a_writer_is_of_one_moment(tmp_path):
    letters, kept = tmp_path / "letters", tmp_path / "kept.backup"
    letters.mkdir()
    corpus.write(letters, 1_500, seed=5)
    with archive(tmp_path / "first") as first, archive(tmp_path / "second") as second:
        ingest = first.start("ingest", "--jobs", "1", str(letters))
        while int(count(first)) == 0:
            time.sleep(0.1)
        assert ingest.poll() is None
        first.run("backup", str(kept))
        written, _ = ingest.communicate()
        assert ingest.returncode == 0, written
        second.run("restore", "--yes", str(kept))
        assert 0 < int(count(second)) <= 1_500
        assert "agree" in second.run("check_index")
        second.run("ingest", "--jobs", "1", str(letters))
        assert second.dump() == first.dump()


def count(made) -> str:
    return made.run(
        "shell", "--verbosity", "0", "--command", "from determinations.models import Case; print(Case.objects.count())"
    ).splitlines()[-1]


@pytest.mark.parametrize("content", [b"", b"no database at all, but some words", None])
def test_what_is_no_backup_is_refused_and_nothing_is_touched(sample, tmp_path, content):
    kept, before = tmp_path / "kept.backup", sample.dump()
    if content is not None:
        kept.write_bytes(content)
    process = sample.start("restore", "--yes", str(kept))
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "Not restored" in said
    assert sample.dump() == before


def test_a_backup_that_is_cut_off_is_refused_and_nothing_is_touched(sample, tmp_path):
    kept, before = tmp_path / "kept.backup", sample.dump()
    sample.run("backup", str(kept))
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) // 20])
    process = sample.start("restore", "--yes", str(kept))
    process.communicate()
    assert process.returncode == 1
    assert sample.dump() == before


def test_nothing_is_replaced_without_a_yes(sample, tmp_path):
    kept, before = tmp_path / "kept.backup", sample.dump()
    sample.run("backup", str(kept))
    process = sample.start("restore", str(kept))
    process.communicate()
    assert process.returncode == 1
    assert sample.dump() == before


def test_no_file_is_left_of_a_backup_that_failed(sample, tmp_path):
    process = sample.start("backup", str(tmp_path / "nowhere" / "kept.backup"))
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "No backup was made" in said
    assert not list(Path(tmp_path).glob("kept*"))
