"""Letters with made-up names, and people who may withhold and redact."""

import shutil

import pytest
from django.db import transaction
from django.test import override_settings

from determinations.ingest import ingest_paths
from tests import secrets
from tests.conftest import forget_letters
from tests.pages import page

OTHERS = 24  # letters beside the two: enough for results on several pages, and each of them is walked


@pytest.fixture(scope="module")
def taken_in(django_db_setup, django_db_blocker, tmp_path_factory):
    """The letters and their index, made once; the module's tests begin with them, and they go when it is done."""
    folder, index = tmp_path_factory.mktemp("privacy") / "letters", tmp_path_factory.mktemp("index")
    secrets.write(folder, OTHERS)
    with django_db_blocker.unblock(), transaction.atomic():
        forget_letters()
        with override_settings(SEARCH_INDEX_DIR=index):
            ingest_paths([folder], jobs=1)
        yield folder, index
        transaction.set_rollback(True)


@pytest.fixture
def letters(taken_in, db, settings, tmp_path):
    """Sample letters, two of them with made-up names; the folder that they came from."""
    settings.LIMITS = dict.fromkeys(settings.LIMITS, "")
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    folder, index = taken_in
    shutil.copytree(index, settings.SEARCH_INDEX_DIR)
    return folder


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    """Do something, and what follows its commit."""

    def do(function, *arguments, **named):
        with django_capture_on_commit_callbacks(execute=True):
            return function(*arguments, **named)

    return do


@pytest.fixture
def person(django_user_model, client):
    """Log a person in who has some rights and may see everything that has no right of its own."""
    from django.contrib.auth.models import Permission

    def log_in(*rights):
        user = django_user_model.objects.create_user("pat", password="a-long-enough-password", is_staff=True)
        views = Permission.objects.filter(codename__startswith="view_", content_type__app_label="determinations")
        own = Permission.objects.filter(codename__in=rights, content_type__app_label="determinations")
        user.user_permissions.set([*views, *own])
        client.force_login(user)
        return client

    return log_in


@pytest.fixture
def asking(client, monkeypatch):
    """A form that was opened ten seconds ago, filled in."""
    from determinations import removals

    opened = page(client.get("/about/removals/request/")).fields["opened"]["value"]
    clock = removals.time.time
    monkeypatch.setattr(removals.time, "time", lambda: clock() + 10)
    return {
        "address": "https://archive.example/cases/cm16-0990004/",
        "words": "My name <b>is</b> there.",
        "contact": "jane@example.org",
        "website": "",
        "opened": opened,
    }
