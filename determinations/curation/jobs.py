"""Work in the background: its records, and the process that does it.

Work is a row (``Job``), written in the transaction of the change that it follows. A process of its own does it
(``manage.py run_jobs``), started when such a transaction is committed and when a server starts. It is no thread of the
web server: that server has several processes, ends each after some thousands of visits, and would share its
interpreter's lock between indexing and pages. Whatever ends the process, the row is still there with how far it came,
and the next one goes on. Two are never at work: each holds a lock on a file, which the system gives back with the
process, however that ends.
"""

from __future__ import annotations

import fcntl
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.utils import timezone

from ..models import Case, Job

logger = logging.getLogger(__name__)

INDEX = "index"
CATEGORISE = "categorise"
DECIDE = "decide"
UNDO = "undo"
PURGE = "purge"
RELATE = "relate"
SPELL = "spell"
TITLES = {
    INDEX: "Searches follow a change",
    CATEGORISE: "Headings follow a rule",
    DECIDE: "Questions are decided on",
    UNDO: "Decisions are undone",
    PURGE: "Removed words leave the index’s files",
    RELATE: "The two sides’ guidelines are compared anew",
    SPELL: "Headings with a name of a drug are looked for",
}
UNITS = {
    DECIDE: "questions",
    UNDO: "questions",
    RELATE: "decisions",
    SPELL: "headings",
}  # what is counted, where it is not letters

_STARTING = timedelta(seconds=10)  # until a process that was started has the lock

State = Job.State
UNFINISHED = (State.WAITING, State.RUNNING)
RESTING = (State.STOPPED, State.FAILED)


def begin(name: str, *, by: str, total: int = 0, parameters: dict[str, Any] | None = None) -> Job:
    """Note work that is to be done; it begins when the transaction around this is committed."""
    job = Job.objects.create(name=name, parameters=parameters or {}, total=total, made_by=by)
    transaction.on_commit(wake)
    return job


def stop(job: Job) -> bool:
    """Stop work after the step that it is at; whether it was to be done or under way."""
    return _turn(job, UNFINISHED, State.STOPPED)


def go_on(job: Job) -> bool:
    """Go on with work that was stopped, that failed, or whose process was ended."""
    moved = _turn(job, RESTING, State.WAITING)
    transaction.on_commit(wake)
    return moved


def end(job: Job, message: str) -> None:
    """Nothing more is to be done of some work; ``message`` says why."""
    rows = Job.objects.filter(pk=job.pk, state__in=(*UNFINISHED, *RESTING))
    rows.update(state=State.DONE, message=message, changed_at=timezone.now())


def _turn(job: Job, states: tuple[str, ...], state: str) -> bool:
    rows = Job.objects.filter(pk=job.pk, state__in=states)
    return bool(rows.update(state=state, message="", changed_at=timezone.now()))


def advance(job: Job, done: int, **parameters: Any) -> None:
    """Note how far work has come; for a step, in its transaction. Does not touch what a curator may have said."""
    with transaction.atomic():
        rows = Job.objects.select_for_update().filter(pk=job.pk)
        # What is there by now: words of it may have been redacted since the step began.
        job.parameters = rows.values_list("parameters", flat=True).get() | parameters
        job.done += done
        rows.update(done=job.done, parameters=job.parameters, changed_at=timezone.now())


def something_waits() -> bool:
    """Whether there is work to do, or letters that await the index with nobody having been asked to index them."""
    return Job.objects.filter(state__in=UNFINISHED).exists() or forgotten_letters()


def forgotten_letters() -> bool:
    """Whether letters await the index that no work will take in: what was to do it was killed.

    Where a curator stopped the indexing, or it failed, it rests until somebody goes on with it.
    """
    last = Job.objects.filter(name=INDEX).order_by("-id").values_list("state", flat=True).first()
    return last not in (*UNFINISHED, *RESTING) and Case.objects.awaiting_index().exists()


# ---- the process ------------------------------------------------------------------------------------------------


@contextmanager
def alone() -> Iterator[bool]:
    """Hold the lock of the one process that works; gives False if another has it."""
    with (Path(settings.VAR_DIR) / "jobs.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def at_work() -> bool:
    """Whether a process does the work at this moment."""
    with alone() as free:
        return not free


def is_left(job: Job) -> bool:
    """Whether nobody is at unfinished work: its process was ended, or never started."""
    return timezone.now() - job.changed_at > _STARTING and not at_work()


def wake() -> None:
    """Start the process that works; it ends at once if another one is at it."""
    if not settings.BACKGROUND:
        return
    command = [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "run_jobs", "--behind"]
    try:
        process = subprocess.Popen(  # noqa: S603 - nothing in it comes from outside
            command,
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,  # the end of this process, or Ctrl-C, is not its own
        )
    except OSError:
        logger.exception("The process that works in the background could not be started")
        return
    threading.Thread(target=process.wait, name="run_jobs", daemon=True).start()  # so that none stays as a zombie


def wake_if_something_waits() -> threading.Thread:
    """Go on, in a thread, with what was under way when a server was ended; for its start."""
    thread = threading.Thread(target=_look, name="looking for work", daemon=True)
    thread.start()
    return thread


def _look() -> None:
    try:
        if something_waits():
            wake()
    except DatabaseError as error:
        logger.info("Nothing is done in the background: %s", error)  # visitors are told what is wrong
    finally:
        connections.close_all()  # those of this thread
