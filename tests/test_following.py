"""Searches follow a change: few letters at once, many by a process of its own that may be stopped or killed."""

import os
import signal
import time

import pytest

from determinations import search
from determinations.curation import following, jobs
from determinations.curation.working import work
from determinations.models import Case, DisputedItem, Job
from determinations.search import DecisionQuery, index
from tests.archives import archive

pytestmark = pytest.mark.django_db

REASON = DecisionQuery(words='heading:"new words"')


def change(count, by="mary"):
    """Give the first item of so many letters another heading, and have searches follow."""
    ids = list(Case.objects.order_by("id").values_list("id", flat=True)[:count])
    DisputedItem.objects.filter(case__in=ids, position=1).update(treatment="New words", title="New words")
    return following.follow(Case.objects.filter(pk__in=ids), by=by)


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    def do(change, *arguments, **options):
        with django_capture_on_commit_callbacks(execute=True):
            return change(*arguments, **options)

    return do


def test_few_letters_are_indexed_when_the_change_is_committed(many_letters, committed):
    many_letters(30)
    followed = committed(change, 20)
    assert (followed.letters, followed.job) == (20, None)
    assert search.find(REASON).letters == 20
    assert not Job.objects.exists()


def test_nothing_is_indexed_for_a_change_of_nothing(many_letters, committed):
    many_letters(3)
    assert committed(change, 0).letters == 0


def test_few_letters_do_not_wait_for_the_many_of_somebody_else(many_letters, committed):
    many_letters(30)
    Case.objects.filter(pk=Case.objects.first().pk).update(index_pending=True)
    committed(change, 3)
    assert search.find(REASON).letters == 3
    assert Case.objects.awaiting_index().count() == 1


def test_many_letters_are_a_job(many_letters, committed, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 10)
    monkeypatch.setattr(following, "_A_STEP", 8)
    many_letters(30)
    followed = committed(change, 20)
    assert (followed.letters, followed.job.total, followed.job.state) == (20, 20, "waiting")
    assert search.find(REASON).letters == 0
    assert work() == 1
    followed.job.refresh_from_db()
    assert (followed.job.state, followed.job.done) == ("done", 20)
    assert search.find(REASON).letters == 20


def test_more_letters_join_the_work_that_waits(many_letters, committed, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 5)
    many_letters(30)
    first = committed(change, 20).job
    second = committed(change, 10, by="john").job
    assert first == second
    second.refresh_from_db()
    assert second.total == 30
    work()
    assert search.find(REASON).letters == 20


def test_what_cannot_be_indexed_at_once_is_done_in_the_background(many_letters, committed):
    many_letters(10)
    with index.writing():  # somebody else writes the index
        followed = committed(change, 3)
    assert followed.job is None
    assert Job.objects.get().state == "waiting"
    assert search.find(REASON).letters == 0
    work()
    assert search.find(REASON).letters == 3


def test_without_an_index_the_work_fails_with_a_sentence_and_can_be_gone_on_with(committed, empty_archive, monkeypatch):
    from tests import many

    many.letters(5)
    committed(change, 3)
    work()
    job = Job.objects.get()
    assert (job.state, job.done) == ("failed", 0)
    assert "sync_index" in job.message
    assert not jobs.something_waits(), "it is not tried again and again"
    search.sync()
    assert jobs.go_on(job)
    work()
    job.refresh_from_db()
    assert job.state == "done"


def test_letters_that_were_forgotten_are_found(many_letters):
    """As when a process is killed between the commit of a change and the indexing after it."""
    many_letters(5)
    with_new_words = Case.objects.first()
    with_new_words.items.update(treatment="New words")
    Case.objects.filter(pk=with_new_words.pk).update(index_pending=True)
    assert jobs.something_waits()
    assert work() == 1
    assert search.find(REASON).letters == 1
    assert not jobs.something_waits()


def test_what_a_curator_stopped_rests(many_letters, committed, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 5)
    many_letters(20)
    job = committed(change, 10).job
    assert jobs.stop(job)
    assert not jobs.stop(job), "it is stopped already"
    assert not jobs.something_waits()
    assert work() == 0
    assert search.find(REASON).letters == 0
    assert jobs.go_on(job)
    assert not jobs.go_on(job), "it goes on already"
    work()
    assert search.find(REASON).letters == 10


def test_only_one_is_at_work(many_letters):
    with jobs.alone() as first:
        assert first
        assert jobs.at_work()
        assert work() is None
    assert not jobs.at_work()


def test_a_job_that_no_program_knows_fails_and_the_next_is_done(many_letters, committed, monkeypatch):
    monkeypatch.setattr(following, "AT_ONCE", 2)
    many_letters(5)
    Job.objects.create(name="from-a-later-version", made_by="mary")
    committed(change, 4)
    work()
    assert sorted(Job.objects.values_list("name", "state")) == [("from-a-later-version", "failed"), ("index", "done")]


# ---- real processes -----------------------------------------------------------------------------------------------

LETTERS = 6_000
_WRITE = f"""
from determinations import search
from tests import many
many.letters({LETTERS})
search.rebuild()
"""
_CHANGE = """
from django.db import transaction
from determinations.curation import following
from determinations.models import Case, DisputedItem
with transaction.atomic():
    DisputedItem.objects.filter(position=1).update(treatment="New words", title="New words")
    print(following.follow(Case.objects.all(), by="mary").job.pk)
"""
_STATE = """
from determinations import search
from determinations.models import Case, Job
job = Job.objects.order_by("id").last()
pending = Case.objects.awaiting_index().count()
found = search.find(search.DecisionQuery(words='heading:"new words"')).letters  # last: what is done by now is found
print(found, pending, job.state, job.done, Job.objects.count())
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), archive(tmp_path_factory.mktemp("followed")) as made:
        made.run("prepare")
        made.run("shell", "--verbosity", "0", "--command", _WRITE)
        yield made


def shell(made, code, **environment):
    return made.run("shell", "--verbosity", "0", "--command", code, **environment).split()


def waited(made, ready, seconds=120):
    """The state of the archive as soon as it is ``ready``."""
    until = time.monotonic() + seconds
    while not ready(state := shell(made, _STATE)):
        assert time.monotonic() < until, state
        time.sleep(0.2)
    return state


@pytest.mark.processes
def test_a_killed_process_is_followed_by_another_that_goes_on(kept):
    shell(kept, _CHANGE, IMR_BACKGROUND="off")
    for _ in range(3):
        process = kept.start("run_jobs")
        time.sleep(1.2)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    found, pending, state, *_ = shell(kept, _STATE)
    assert int(found) + int(pending) >= LETTERS, "every letter is indexed or still marked"
    first, second = kept.start("run_jobs"), kept.start("run_jobs")
    said = sorted(process.communicate()[0] for process in (first, second))
    found, pending, state, done, count = shell(kept, _STATE)
    assert (int(found), int(pending), state, int(count)) == (LETTERS, 0, "done", 1), said
    assert int(done) >= LETTERS - 4_000
    assert "and all" not in said
    assert kept.run("check_index")


@pytest.mark.processes
def test_a_change_starts_the_process_and_a_server_goes_on_with_what_was_left(kept):
    from tests.servers import site

    shell(kept, _CHANGE.replace("New words", "Other words"), IMR_BACKGROUND="on")
    waited(kept, lambda state: state[2] == "done" and state[1] == "0")
    shell(kept, _CHANGE, IMR_BACKGROUND="off")
    assert shell(kept, _STATE)[2] == "waiting"
    with site(kept, IMR_BACKGROUND="on"):
        found, *_ = waited(kept, lambda state: state[2] == "done" and state[1] == "0")
    assert int(found) == LETTERS
