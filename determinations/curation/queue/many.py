"""Deciding on all that a filter finds: first a preview of exactly what will change, then in batches.

A few hundred rows are done at once. More are a job (``curation/jobs.py``): each step takes the next batch of the rows
that the preview showed, and commits what it did together with how far it came. So it can be watched, stopped, killed
and gone on with, and undone as a whole, which for many is a job, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from ...letters.redacting import redacted_value
from ...models import Job, ParseIssue, QueueAction, RejectedFile
from ...redacted_rows import all_words
from .. import following, jobs
from . import packing
from .deciding import ACTIONS, Action, AlreadyDecided, Undone, change, checked, undo, undo_part
from .kinds import KINDS, Kind, kind_of
from .lists import AROUND_IN_LIST, Entry, Wanted, Whose, shown

FIRST_SHOWN = 10  # rows of a preview
AT_ONCE = 500  # rows that are changed while a curator waits
BATCH = 1_000  # rows that are changed in one transaction
MOST = packing.MOST  # rows of one action


class PreviewOutdated(Exception):
    """Nothing of what the preview showed is as it was, or it was none."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What an action would change: at most MOST rows at a time.

    ``stamp`` names exactly these rows: doing it asks for it. ``more``: whether the filter finds still more.
    ``later``: whether it would be done in the background.
    """

    action: Action
    rows: int
    more: bool
    by_kind: tuple[tuple[Kind, int], ...]
    first: tuple[Entry, ...]
    stamp: str
    later: bool


def preview(wanted: Wanted, action: Action) -> Preview:
    """What ``action`` would change of what is ``wanted``. Raises ValidationError if it cannot be done to them."""
    _check(wanted, action)
    with transaction.atomic():
        ids = list(wanted.rows().order_by("pk").values_list("pk", flat=True)[: MOST + 1])
        more, ids = len(ids) > MOST, ids[:MOST]
        kinds = _by_kind(wanted, ids)
    return Preview(
        action=action,
        rows=len(ids),
        more=more,
        by_kind=kinds,
        first=shown(wanted.kind, ids[:FIRST_SHOWN], AROUND_IN_LIST),
        stamp=packing.pack(ids),
        later=len(ids) > AT_ONCE,
    )


def decide_many(wanted: Wanted, action: Action, *, stamp: str, words: str = "", to: str = "") -> QueueAction:
    """Do ``action`` with the rows of the preview that ``stamp`` names; ``wanted.by`` does it.

    What has changed since the preview is left as it is: ``left`` of the action that is returned tells how many, and
    ``rows`` how many were changed. More than AT_ONCE are changed by its ``job``; the numbers grow with it. Raises
    PreviewOutdated, and ValidationError as ``decide`` does.
    """
    words = redacted_value(checked(wanted.kind, action, words, to), all_words())
    _check(wanted, action)
    try:
        ids = packing.unpack(stamp)
    except ValueError as error:
        raise PreviewOutdated from error
    batches = [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]
    with transaction.atomic():
        whole = QueueAction.objects.create(kind=wanted.kind.slug, action=action.slug, why=words, made_by=wanted.by)
        if len(ids) > AT_ONCE:
            whole.planned = {"wanted": _told(wanted), "to": to, "batches": [packing.pack(some) for some in batches]}
            whole.job = jobs.begin(jobs.DECIDE, by=wanted.by, total=len(ids), parameters={"action": whole.pk})
            whole.save()
        elif not sum(_decide_batch(wanted, action, some, whole, to) for some in batches):
            raise PreviewOutdated
    whole.refresh_from_db()
    return whole


def _check(wanted: Wanted, action: Action) -> None:
    if wanted.status not in action.possible:
        raise ValidationError(f"What is {wanted.status} cannot be {action.done}.")


def _decide_batch(wanted: Wanted, action: Action, ids: Sequence[int], whole: QueueAction, to: str) -> int:
    """Change those of some rows that are still what was wanted; in a transaction. Returns how many."""
    found = list(wanted.rows().filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    rows = wanted.kind.rows().filter(pk__in=found, status=wanted.status).select_for_update(of=("self",))
    if wanted.kind.model is RejectedFile:
        rows = rows.defer("compressed")
    by_kind = sorted(rows, key=lambda row: (kind_of(row).slug, row.pk))
    for slug, of_kind in groupby(by_kind, key=lambda row: kind_of(row).slug):
        some = list(of_kind)
        QueueAction.objects.create(
            kind=slug,
            action=action.slug,
            part_of=whole,
            changes=change(some, action, by=wanted.by, words=whole.why, to=to),
            rows=len(some),
            why=whole.why,
            made_by=wanted.by,
        )
    left = len(ids) - len(by_kind)
    QueueAction.objects.filter(pk=whole.pk).update(rows=F("rows") + len(by_kind), left=F("left") + left)
    return len(by_kind)


def _by_kind(wanted: Wanted, ids: Sequence[int]) -> tuple[tuple[Kind, int], ...]:
    """Of which kinds the rows are, with how many, most first."""
    if not ids or not wanted.kind.whole:
        return ((wanted.kind, len(ids)),) if ids else ()
    numbers: Counter[str] = Counter()
    rows = wanted.rows().filter(pk__lte=ids[-1]).values("code", "origin", "severity").annotate(number=Count("pk"))
    for one in rows:
        number = one.pop("number")
        numbers[kind_of(ParseIssue(**one)).slug] += number
    return tuple((KINDS[slug], number) for slug, number in numbers.most_common())


# ---- in the background ------------------------------------------------------------------------------------------


def decide_some(job: Job) -> bool:
    """One step of deciding on many: the next batch of the preview's rows; whether that was the last."""
    with transaction.atomic():
        whole = _locked(job)
        if whole is None or not whole.planned:  # all is done, or it was undone meanwhile
            return True
        packed, *others = whole.planned["batches"]
        ids = packing.unpack(packed)
        _decide_batch(_wanted(whole.planned["wanted"]), ACTIONS[whole.action], ids, whole, whole.planned["to"])
        whole.planned = whole.planned | {"batches": others} if others else {}
        whole.save(update_fields=["planned"])
        jobs.advance(job, len(ids))
        if not others:
            following.follow_marked(by=job.made_by)
    return not others


def undo_many(action: QueueAction, *, by: str) -> Undone | None:
    """Undo an action, if it is a big one in the background: then None is returned, and ``action.job`` does it.

    What has still to be done of it is not done any more. Raises AlreadyDecided if it is undone, or is being undone.
    """
    with transaction.atomic():
        whole = QueueAction.objects.select_for_update().defer("changes").get(pk=action.pk)
        if whole.undone_at or whole.part_of_id is not None:
            raise AlreadyDecided
        if whole.job and whole.job.name == jobs.UNDO:
            if not jobs.go_on(whole.job):
                raise AlreadyDecided
            return None
        if whole.rows <= AT_ONCE and not whole.planned:
            return undo(whole, by=by)
        if whole.job:
            jobs.end(whole.job, "It was undone.")
        whole.planned = {}
        whole.job = jobs.begin(jobs.UNDO, by=by, total=whole.rows, parameters={"action": whole.pk, "left": 0})
        whole.save(update_fields=["planned", "job"])
        return None


def undo_some(job: Job) -> bool:
    """One step of undoing a big action: some of its parts; whether these were the last."""
    with transaction.atomic():
        whole = _locked(job)
        if whole is None or whole.undone_at:
            return True
        rows = left = 0
        for pk, number in whole.parts.filter(undone_at=None).order_by("-pk").values_list("pk", "rows")[:BATCH]:
            left += undo_part(pk, job.made_by).left
            rows += number
            if rows >= BATCH:
                break
        jobs.advance(job, rows, left=job.parameters["left"] + left)
        finished = not whole.parts.filter(undone_at=None).exists()
        if finished:
            whole.undone_at, whole.undone_by = timezone.now(), job.made_by
            whole.save(update_fields=["undone_at", "undone_by"])
            following.follow_marked(by=job.made_by)
    return finished


def _locked(job: Job) -> QueueAction | None:
    rows = QueueAction.objects.select_for_update().filter(pk=job.parameters["action"])
    return rows.defer("changes").first()


def _told(wanted: Wanted) -> dict[str, Any]:
    """What is wanted, as JSON."""
    return {
        "kind": wanted.kind.slug,
        "by": wanted.by,
        "status": wanted.status,
        "whose": wanted.whose.value,
        "number": wanted.number,
        "withheld": wanted.withheld,
    }


def _wanted(told: dict[str, Any]) -> Wanted:
    return Wanted(**told | {"kind": KINDS[told["kind"]], "whose": Whose(told["whose"])})
