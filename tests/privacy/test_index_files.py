"""When the files of the index are rid of removed words: at once, within minutes in the background, or in the night."""

import pytest

from determinations import search
from determinations.curation import jobs, privacy, working
from determinations.models import Job
from tests import secrets
from tests.privacy.doing import case, found
from tests.secrets import NAME, NAME_WORDS, REDACTED, WITHHELD

pytestmark = pytest.mark.django_db


def removed(commit) -> list[str]:
    """Remove a name and a letter; what the officer is told."""
    told: list[str] = []
    commit(privacy.redact, case(REDACTED), NAME, "identity", "A name.", "officer", tell=told.append)
    commit(privacy.withhold, case(WITHHELD), "person", "Asked.", None, "officer", tell=told.append)
    return told


def test_a_bigger_archive_does_it_in_the_background(letters, commit, settings, monkeypatch):
    monkeypatch.setattr(privacy, "_REBUILT_AT_ONCE", 3)
    monkeypatch.setattr(jobs, "wake", lambda: None)
    settings.BACKGROUND = True
    told = removed(commit)
    assert all("within minutes" in sentence for sentence in told)
    assert found(NAME_WORDS[1]) == 0
    assert "quarkenbush" in secrets.index_terms()
    job = Job.objects.get(name=jobs.PURGE)  # one for both
    assert (job.state, job.made_by) == ("waiting", "officer")
    working.work()
    job.refresh_from_db()
    assert (job.state, job.done) == ("done", job.total)
    assert "quarkenbush" not in secrets.index_terms()
    assert not search.words_remain()
    assert search.check().agrees


@pytest.mark.parametrize(("background", "soon"), [(False, 250_000), (True, 3)])
def test_without_a_background_or_in_a_very_big_one_it_is_left_to_the_night(
    letters, commit, settings, monkeypatch, background, soon
):  # fmt: skip
    monkeypatch.setattr(privacy, "_REBUILT_AT_ONCE", 3)
    monkeypatch.setattr(privacy, "_REBUILT_SOON", soon)
    monkeypatch.setattr(jobs, "wake", lambda: None)
    settings.BACKGROUND = background
    assert all("lapse_withholdings" in sentence for sentence in removed(commit))
    assert not Job.objects.exists()
    assert search.words_remain()


def test_who_writes_the_index_at_that_moment_is_not_waited_for(letters, commit, settings, monkeypatch):
    def busy(**_):
        raise search.SearchBusy("Another process is writing the search index.")

    monkeypatch.setattr(jobs, "wake", lambda: None)
    settings.BACKGROUND = True
    with monkeypatch.context() as patched:
        patched.setattr(search, "index_pending", busy)
        told = removed(commit)
    assert all("being written at this moment" in sentence for sentence in told)
    assert case(WITHHELD).withheld
    assert sorted(Job.objects.values_list("name", flat=True)) == [jobs.INDEX, jobs.PURGE]
    working.work()
    assert found(NAME_WORDS[1]) == 0
    assert not search.words_remain()
    assert not Job.objects.exclude(state="done").exists()
