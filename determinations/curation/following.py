"""Searches follow a change of letters: few are indexed at once, many in the background.

Names are in the index as the ids of their rows or as keys (``search.keys``), and a reviewer as a credential profile. So
most changes of names need no letter indexed anew. The others mark their letters in their own
transaction, and what is marked is indexed, whatever happens between.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from .. import search
from ..models import Case, Job
from . import jobs

logger = logging.getLogger(__name__)

AT_ONCE = 1_000  # letters that are indexed while a curator waits: about a second
_A_STRETCH = 5_000  # letters that a statement names
_A_STEP = 4_000  # between two of them others may write the index, and the work may be stopped


@dataclass(frozen=True, slots=True)
class Followed:
    """How many letters changed, and the job that indexes them, None where that is done when the change is committed."""

    letters: int
    job: Job | None = None


def follow(cases: QuerySet[Case], more: Collection[int] = (), *, by: str) -> Followed:
    """Mark ``cases`` as changed and have them indexed once the transaction around this is committed.

    ``more``: ids of others, or of the same; as many as there are.
    """
    some = cases.order_by().values_list("pk", flat=True).distinct()[: AT_ONCE + 1]
    ids = sorted({*more, *some})
    if not ids:
        return Followed(0)
    now = timezone.now()
    changed = {"index_pending": True, "updated_at": now}
    if len(ids) > AT_ONCE:
        letters = Case.objects.filter(pk__in=cases.order_by().values("pk")).update(**changed)
        others = sorted(more)
        for start in range(0, len(others), _A_STRETCH):
            stretch = Case.objects.filter(pk__in=others[start : start + _A_STRETCH])
            letters += stretch.exclude(updated_at=now).update(**changed)
        return Followed(letters, index_later(letters, by=by))
    Case.objects.filter(pk__in=ids).update(**changed)
    transaction.on_commit(lambda: index_now(ids, by=by))
    return Followed(len(ids))


def follow_marked(*, by: str) -> None:
    """Have the letters that are marked indexed once the transaction is over: at once, or many in the background."""
    transaction.on_commit(lambda: _follow_marked(by))


def _follow_marked(by: str) -> None:
    ids = list(Case.objects.awaiting_index().order_by("pk").values_list("pk", flat=True)[: AT_ONCE + 1])
    if len(ids) > AT_ONCE:
        index_later(Case.objects.awaiting_index().count(), by=by, all_that_wait=True)
    elif ids:
        index_now(ids, by=by)


def index_now(ids: list[int], *, by: str) -> None:
    """Index letters that are marked; in the background if that cannot be done at once. What is saved stays so."""
    try:
        search.index_pending(build=False, only=ids, wait=False)
    except (search.SearchError, search.SearchUnavailable, OSError) as error:
        logger.info("%d changed letters are indexed in the background: %s", len(ids), error)
        index_later(len(ids), by=by)


def index_later(letters: int, *, by: str, all_that_wait: bool = False) -> Job:
    """Have what is marked indexed in the background: by the work that is under way, or by a new job.

    ``all_that_wait``: ``letters`` are all that are marked, also those that this work knows of.
    """
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(name=jobs.INDEX, state__in=jobs.UNFINISHED).first()
        if job is None:
            return jobs.begin(jobs.INDEX, by=by, total=letters)
        known = F("done") if all_that_wait else F("total")
        Job.objects.filter(pk=job.pk).update(total=known + letters, changed_at=timezone.now())
        transaction.on_commit(jobs.wake)
        return job


def note_pending(*, by: str) -> Job:
    """A job for all letters that await the index; for the process that does it."""
    return Job.objects.create(name=jobs.INDEX, made_by=by, total=Case.objects.awaiting_index().count())


def index_some(job: Job) -> bool:
    """One step: index some of the letters that are marked; whether none is left. Raises SearchError."""
    indexed = search.index_pending(build=False, most=_A_STEP)
    if indexed:
        jobs.advance(job, indexed)
    if indexed < _A_STEP:
        Job.objects.filter(pk=job.pk, total__lt=job.done).update(total=job.done)
        return True
    return False
