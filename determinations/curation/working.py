"""Doing the work that is noted as jobs: one after the other, in steps, until nothing waits."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.utils import timezone

from ..models import Job
from . import categorising, drug_headings, following, jobs, privacy, relating
from .queue import many

logger = logging.getLogger(__name__)

# Name of the work -> one step of it: takes the job, notes with jobs.advance how far it came, and answers whether that
# was all. A step takes a second or two (building the index anew: minutes), commits what it did together with how far it
# came, and may be repeated.
STEPS: dict[str, Callable[[Job], bool]] = {
    jobs.INDEX: following.index_some,
    jobs.CATEGORISE: categorising.categorise_some,
    jobs.DECIDE: many.decide_some,
    jobs.UNDO: many.undo_some,
    jobs.PURGE: privacy.purge_in_background,
    jobs.RELATE: relating.relate_some,
    jobs.SPELL: drug_headings.mark_some,
}


def work() -> int | None:
    """Do all that waits; returns how many jobs were taken up, None if another process is at it."""
    done = 0
    while True:
        with jobs.alone() as mine:
            if not mine:
                return done or None
            while job := _next():
                _do(job)
                done += 1
        # Whoever noted work while this held the lock could not start another process. It is committed by now.
        if not jobs.something_waits():
            return done


def _next() -> Job | None:
    """The oldest job that is to be done. One that is said to be running was left by a process that was ended.

    What people decided comes before the index that follows it, so that an undo need not wait until all is indexed.
    """
    waiting = Job.objects.filter(state__in=jobs.UNFINISHED).order_by("id")
    job = waiting.exclude(name=jobs.INDEX).first() or waiting.first()
    if job is None and jobs.forgotten_letters():
        return following.note_pending(by="the server")
    return job


def _do(job: Job) -> None:
    """Do a job step by step, until it is done, a curator stops it, it fails, or it has to wait for another."""
    _set(job, jobs.State.RUNNING, among=jobs.UNFINISHED)
    while Job.objects.filter(pk=job.pk, state=jobs.State.RUNNING).exists():
        job.refresh_from_db()
        try:
            finished = STEPS[job.name](job)
        except Exception as error:  # whatever it is, the next job must not wait for it
            logger.exception("Job %d (%s) failed", job.pk, job.name)
            _set(job, jobs.State.FAILED, message=str(error) or type(error).__name__)
            return
        if finished:
            _set(job, jobs.State.DONE)
        elif job.name == jobs.INDEX and _decisions_wait():
            return


def _decisions_wait() -> bool:
    return Job.objects.filter(state__in=jobs.UNFINISHED).exclude(name=jobs.INDEX).exists()


def _set(job: Job, state: str, *, among: tuple[str, ...] = (jobs.State.RUNNING,), message: str = "") -> None:
    rows = Job.objects.filter(pk=job.pk, state__in=among)
    rows.update(state=state, message=message[:2_000], changed_at=timezone.now())
