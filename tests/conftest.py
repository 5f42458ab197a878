"""Shared by all tests: an archive of the sample letters, and one that is empty."""

import gc
import shutil
from pathlib import Path

import hypothesis
import pytest
from django.test import override_settings

from determinations import limiting, search
from determinations.ingest import ingest_paths
from determinations.management.collecting import collect_static
from determinations.models import Case, CredentialWording, GuidelineWording, RejectedFile, Reviewer

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = ROOT / "samples"
# Real letters lie beside the project, never in it; tests that need them are skipped where they are not.
REAL_LETTERS = ROOT.parent / "shared" / "letters"


# How long an example takes says more of the machine than of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")


def pytest_collection_modifyitems(items):
    """Tests that run processes of their own come first, they take longest: none is left for one worker at the end."""
    items.sort(key=lambda item: "processes" not in item.keywords)


def pytest_collection_finish():
    """What is loaded by now stays; to look through it again and again for garbage takes a tenth of all time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


_SHARED: list[Path] = []  # the index of the sample letters as it was made, and the copy of it that tests use


@pytest.fixture(autouse=True)
def shared_index(tmp_path_factory):
    """What a test writes is rolled back in the database and not in the index: the next test gets another copy."""
    before = _commits()
    yield
    if before and _commits() != before:
        _use_copy(tmp_path_factory)


def _commits() -> dict[str, int]:
    """When each part of the index that tests use was last committed to."""
    return {str(path): path.stat().st_mtime_ns for path in _SHARED[-1].glob("*/meta.json")} if _SHARED else {}


def _use_copy(tmp_path_factory) -> None:
    from django.conf import settings

    del _SHARED[1:]
    _SHARED.append(tmp_path_factory.mktemp("index") / "copy")
    shutil.copytree(_SHARED[0], _SHARED[1])
    settings.SEARCH_INDEX_DIR = _SHARED[1]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, tmp_path_factory):
    """The test database holds the sample letters, indexed, for every test."""
    from django.conf import settings

    with django_db_blocker.unblock():
        settings.SEARCH_INDEX_DIR = tmp_path_factory.mktemp("index")
        report = ingest_paths([SAMPLES], jobs=1)
        assert report.counts["created"] == len(list(SAMPLES.glob("*.txt")))
        _SHARED.append(settings.SEARCH_INDEX_DIR)
        _use_copy(tmp_path_factory)


@pytest.fixture(scope="session", autouse=True)
def static_files(django_db_blocker):
    """Pages refer to static files by their hashed names, which exist once they are collected."""
    collect_static()


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords():
    """A hash that is quick to make; real processes of tests make the real one."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def fresh_limits():
    """No test is refused because of what an earlier one asked for."""
    limiting.forget()


@pytest.fixture
def sampled(db, settings, tmp_path):
    """The sample letters, with an index of this test's own to write to."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    shutil.copytree(_SHARED[0], settings.SEARCH_INDEX_DIR)


@pytest.fixture
def do(sampled, django_capture_on_commit_callbacks):
    """Carry a plan of names out as a request would: what waits for the commit is done."""

    def carry_out(plan, **options):
        with django_capture_on_commit_callbacks(execute=True):
            return plan.carry_out(by="mary", **options)

    return carry_out


@pytest.fixture
def empty_archive(db, settings, tmp_path):
    """No letters and no index, for the length of one test."""
    forget_letters()
    settings.SEARCH_INDEX_DIR = tmp_path / "index"


def forget_letters():
    """Take away all letters, and what came with them."""
    for model in (Case, RejectedFile, Reviewer, CredentialWording, GuidelineWording):
        model.objects.all().delete()


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
