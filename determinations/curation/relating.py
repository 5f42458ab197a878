"""Whether the two sides cite the same guidelines, after guidelines were joined or a frequent wording was named.

Searches look up what guidelines stand for, so that this changes no document of the index, but for one thing: whether
the two sides of a decision cite the same is written there. Of all decisions that cite what moved few change in
that. They are looked for in the background, and their letters indexed anew.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ..labels import document_value, relation_value
from ..models import Case, DisputedItem, GuidelineCitation, Job
from . import following, jobs
from .following import AT_ONCE, Followed
from .names_state import Written

_A_STEP = 50_000  # decisions, of which those are looked at that cite what moved
_REVIEWER = GuidelineCitation.Side.REVIEWER.value


def follow(written: Written, *, by: str) -> Followed:
    """Have searches follow a change of names once the transaction around this is committed."""
    if not written.kept:
        return following.follow(written.cases, written.more, by=by)
    citing = GuidelineCitation.objects.filter(wording__in=written.kept).order_by()
    cases = {case for (case,) in citing.values_list("item__case")[: 2 * AT_ONCE]}
    if len(cases) <= AT_ONCE and citing[: 2 * AT_ONCE + 1].count() <= 2 * AT_ONCE:
        return following.follow(written.cases, written.more | cases, by=by)
    letters = following.follow(written.cases, written.more, by=by).letters
    total = DisputedItem.objects.aggregate(last=Max("pk"))["last"]
    before = {str(pk): guideline for pk, guideline in written.kept.items()}
    return Followed(letters, jobs.begin(jobs.RELATE, by=by, total=total, parameters={"before": before, "last": 0}))


def relate_some(job: Job) -> bool:
    """One step: look at some decisions, and mark the letters of those that relate otherwise; whether none is left.

    What a document says was true when it was written: before this change of names, or before a later one that is under
    way, too. Each of them compares what was before it with what is now.
    """
    first, last = job.parameters["last"], job.parameters["last"] + _A_STEP
    letters = _related_otherwise(_before(job), [int(pk) for pk in job.parameters["before"]], first, last)
    with transaction.atomic():
        if letters:
            Case.objects.filter(pk__in=letters).update(index_pending=True, updated_at=timezone.now())
            following.index_later(len(letters), by=job.made_by)
        jobs.advance(job, min(_A_STEP, max(job.total - first, 0)), last=last)
    return not DisputedItem.objects.filter(pk__gt=last).exists()


def _before(job: Job) -> dict[int, int | None]:
    """Id of a wording -> the guideline that it stood for before this change, of all that moved since."""
    found: dict[int, int | None] = {}
    later = Job.objects.filter(name=jobs.RELATE, pk__gte=job.pk).order_by("-pk")
    for parameters in later.values_list("parameters", flat=True):
        found |= {int(pk): guideline for pk, guideline in parameters["before"].items()}
    return found


def _related_otherwise(before: dict[int, int | None], moved: list[int], first: int, last: int) -> set[int]:
    """The cases of decisions behind ``first``, up to ``last``, whose sides' guidelines relate otherwise than before."""
    citing = GuidelineCitation.objects.filter(wording__in=moved, item__gt=first, item__lte=last).values("item")
    rows = GuidelineCitation.objects.filter(item__in=citing).order_by()
    sides: dict[tuple[int, int], Any] = defaultdict(lambda: ((set(), set()), (set(), set())))
    columns = "item_id", "item__case_id", "side", "wording_id", "wording__guideline_id"
    for item, case, side, wording, guideline in rows.values_list(*columns):
        then, now = sides[item, case]
        then[side == _REVIEWER].add(document_value(wording, before.get(wording, guideline)))
        now[side == _REVIEWER].add(document_value(wording, guideline))
    return {case for (_, case), (then, now) in sides.items() if relation_value(*then) != relation_value(*now)}
