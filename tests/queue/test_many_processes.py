"""Deciding on very many questions by real processes on a real database: killed, stopped, gone on with, and undone."""

import os
import signal
import sqlite3
import time
from contextlib import closing

import pytest

from tests.archives import archive

pytestmark = [pytest.mark.processes, pytest.mark.django_db]
CODE = "uncategorised"
QUESTIONS = 3_000
_WRITE = f"""
from django.contrib.auth import get_user_model
from determinations import search
from tests import many
get_user_model().objects.create_user("eva")
many.letters({QUESTIONS})
many.questions("{CODE}")
search.rebuild()
"""
_BEGIN = f"""
from determinations.curation.queue import many
from determinations.curation.queue.deciding import ACTIONS, decide
from determinations.curation.queue.kinds import KINDS
from determinations.curation.queue.lists import Wanted
from determinations.models import ParseIssue
many.BATCH = 20  # small steps, so that whatever ends the process finds it between two of many
asked = Wanted(KINDS["{CODE}"], "eva")
stamp = many.preview(asked, ACTIONS["dismiss"]).stamp
for pk in ParseIssue.objects.order_by("pk").values_list("pk", flat=True)[100:107]:
    decide(asked.kind, pk, ACTIONS["accept"], by="ana")  # somebody is quicker
print(many.decide_many(asked, ACTIONS["dismiss"], stamp=stamp).pk)
"""
_UNDO = """
from determinations.curation.queue import many
from determinations.models import QueueAction
many.undo_many(QueueAction.objects.get(part_of=None, action="dismiss"), by="eva")
"""
_STOP = """
from determinations.curation import jobs
from determinations.models import QueueAction
print(jobs.{}(QueueAction.objects.get(part_of=None, action="dismiss").job))
"""
_STATE = f"""
from determinations import search
from determinations.models import Case, ParseIssue, QueueAction
whole = QueueAction.objects.get(part_of=None, action="dismiss")
found = search.find(search.DecisionQuery(chosen={{"flag": {{"{CODE}"}}}})).letters
states = ParseIssue.objects.values_list("status", flat=True)
changed = sum(len(part.changes) for part in whole.parts.all())
left = whole.job.parameters.get("left", whole.left)
print(whole.job.state, whole.job.done, whole.rows, left, changed, list(states).count("open"), found,
      Case.objects.awaiting_index().count())
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory, django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), archive(tmp_path_factory.mktemp("decided")) as made:
        made.run("prepare")
        made.run("shell", "--verbosity", "0", "--command", _WRITE)
        yield made


def shell(made, code):
    return made.run("shell", "--verbosity", "0", "--command", code, IMR_BACKGROUND="off").split()


def progress(made):
    """How far the work has come, asked of the database without a program that would take seconds to start."""
    if made.database_url:
        import psycopg

        with psycopg.connect(made.database_url) as connection:
            return connection.execute(_PROGRESS).fetchone()
    with closing(sqlite3.connect(made.folder / "archive.sqlite3", timeout=30)) as connection:
        return connection.execute(_PROGRESS).fetchone()


_PROGRESS = "SELECT state, done FROM determinations_job WHERE name IN ('decide', 'undo') ORDER BY id DESC LIMIT 1"


def killed(made, times):
    """Start the process that works so many times and kill it at work; how far it came each time."""
    came = []
    for _ in range(times):
        process, before = made.start("run_jobs"), progress(made)[1]
        while progress(made)[1] <= before:
            assert process.poll() is None, "it ended before it did anything"
            time.sleep(0.005)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        state, done = progress(made)
        assert state == "running", "it was done before it could be killed"
        came.append(done)
    return came


def test_killed_stopped_gone_on_with_and_undone_as_a_whole(kept):
    shell(kept, _BEGIN)
    came = killed(kept, 2)
    assert 0 < came[0] < came[1] < QUESTIONS
    assert shell(kept, _STOP.format("stop")) == ["True"]
    kept.run("run_jobs")
    state, done, rows, left, changed, still_open, found, pending = shell(kept, _STATE)
    assert (state, int(done)) == ("stopped", came[1])
    assert int(rows) == int(changed) == QUESTIONS - 7 - int(still_open)
    assert (int(found), int(pending)) == (int(still_open), 0), "searches follow what is done of it"
    assert shell(kept, _STOP.format("go_on")) == ["True"]
    kept.run("run_jobs")
    done = ["done", str(QUESTIONS), str(QUESTIONS - 7), "7", str(QUESTIONS - 7), "0", "0", "0"]
    assert shell(kept, _STATE) == done
    shell(kept, _UNDO)
    assert killed(kept, 1)[0] < QUESTIONS
    kept.run("run_jobs")
    state, undone, _, left, _, still_open, found, pending = shell(kept, _STATE)
    assert (state, int(undone), left, int(still_open)) == ("done", QUESTIONS - 7, "0", QUESTIONS - 7)
    assert (int(found), int(pending)) == (QUESTIONS - 7, 0)
    kept.run("check_index")
