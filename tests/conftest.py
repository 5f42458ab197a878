"""Shared by all tests: an archive of the sample letters, and one that is empty."""

from pathlib import Path

import pytest
from django.core.management import call_command

from determinations import limiting, search
from determinations.ingest import ingest_paths
from determinations.models import Case, CredentialWording, GuidelineWording, RejectedFile, Reviewer

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
# Real letters lie beside the project, never in it; tests that need them are skipped where they are not.
REAL_LETTERS = ROOT.parent / "shared" / "letters"


_SHARED: list[Path] = []  # the index of the sample letters, once it is made


@pytest.fixture(autouse=True)
def shared_index_stays():
    """What a test writes is rolled back in the database and not in the index: it needs an index of its own."""
    before = _commits()
    yield
    assert _commits() == before or not before, "this test has changed the index that all tests share"


def _commits() -> dict[str, int]:
    """When each index below the shared one was last committed to."""
    return {str(path): path.stat().st_mtime_ns for shared in _SHARED for path in shared.glob("*/meta.json")}


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, tmp_path_factory):
    """The test database holds the sample letters, indexed, for every test."""
    from django.conf import settings

    with django_db_blocker.unblock():
        settings.SEARCH_INDEX_DIR = tmp_path_factory.mktemp("index")
        _SHARED.append(settings.SEARCH_INDEX_DIR)
        report = ingest_paths([SAMPLES], jobs=1)
        assert report.counts["created"] == len(list(SAMPLES.glob("*.txt")))


@pytest.fixture(scope="session", autouse=True)
def static_files(django_db_blocker):
    """Pages refer to static files by their hashed names, which exist once they are collected."""
    call_command("collectstatic", verbosity=0, interactive=False)


@pytest.fixture(autouse=True)
def fresh_limits():
    """No test is refused because of what an earlier one asked for."""
    limiting.forget()


@pytest.fixture
def empty_archive(db, settings, tmp_path):
    """No letters and no index, for the length of one test."""
    Case.objects.all().delete()
    RejectedFile.objects.all().delete()
    Reviewer.objects.all().delete()
    CredentialWording.objects.all().delete()
    GuidelineWording.objects.all().delete()
    settings.SEARCH_INDEX_DIR = tmp_path / "index"


@pytest.fixture
def real_archive(empty_archive):
    """The real letters instead of the samples; skipped where they are not beside the project."""
    if not REAL_LETTERS.is_dir():
        pytest.skip(f"the real letters are not at {REAL_LETTERS}")
    ingest_paths([REAL_LETTERS / "text", REAL_LETTERS / "no-header"], jobs=1)


@pytest.fixture
def no_index(db, settings, tmp_path):
    """Letters, but no search index."""
    settings.SEARCH_INDEX_DIR = tmp_path / "none"


@pytest.fixture
def curator(django_user_model, client):
    """A client that is logged in with all rights."""
    user = django_user_model.objects.create_superuser("curator", "curator@example.org", "a-long-enough-password")
    client.force_login(user)
    return client


@pytest.fixture
def many_letters(empty_archive):
    """A function that writes so many letters of two decisions and indexes them."""
    from tests import many

    def write(count, **options):
        many.letters(count, **options)
        search.index_pending()

    return write


@pytest.fixture
def reindex(empty_archive):
    """Index what was written in this test."""
    return search.index_pending
