"""Which headings have a name of a drug that a curator added: found by searching, since readings do not know it.

A few are looked for at once. The letters of more are marked in the background, step by step.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db import transaction
from django.utils import timezone

from .. import search
from ..asking.tokens import normalised
from ..models import Case, DisputedItem, Job
from ..search import DecisionQuery
from ..vocabulary import key
from . import following, jobs

AT_ONCE = 2_000  # headings that are looked at while a curator waits: a fifth of a second
_A_BATCH = 1_000
_A_STEP = 10_000  # headings


@dataclass(frozen=True, slots=True)
class Frequent:
    """A name that more headings may have than are looked at at once: how many have its words, in how many letters."""

    text: str
    headings: int
    letters: int


def frequent(text: str) -> Frequent | None:
    """What is known of a name that very many headings may have; None of another.

    Raises SearchUnavailable or SearchError.
    """
    found = search.find(_may_have(text), limit=1)
    return Frequent(text, found.decisions, found.letters) if found.decisions > AT_ONCE else None


def holding(text: str) -> list[int]:
    """The ids of the decisions whose heading has a name, as far as they are looked at at once: the newest.

    Raises SearchUnavailable or SearchError.
    """
    found: list[int] = []
    for ids in islice(search.walk(_may_have(text), _A_BATCH), AT_ONCE // _A_BATCH):
        found += _having(text, ids)
    return found


def batches(items: list[int]) -> Iterable[list[int]]:
    """So many decisions as a query may name."""
    return (items[start : start + _A_BATCH] for start in range(0, len(items), _A_BATCH))


def cases(items: list[int]) -> set[int]:
    """The ids of the letters of decisions."""
    found: set[int] = set()
    for some in batches(items):
        found.update(DisputedItem.objects.filter(pk__in=some).values_list("case", flat=True))
    return found


def _may_have(text: str) -> DecisionQuery:
    return DecisionQuery(words=" ".join(f'heading:"{word}"' for word in normalised(text).split()), exact=True)


def _having(text: str, ids: list[int]) -> list[int]:
    titles = DisputedItem.objects.filter(pk__in=ids).values_list("pk", "title")
    return [pk for pk, title in titles if f" {text} " in f" {key(title)} "]


# ---- in the background --------------------------------------------------------------------------------------------


def follow(name: Frequent, *, by: str) -> Job:
    """Have the letters looked for that have a name, which stands for another drug now, and indexed anew."""
    return jobs.begin(jobs.SPELL, by=by, total=name.headings, parameters={"text": name.text, "cursor": None})


def mark_some(job: Job) -> bool:
    """One step: mark the letters of some headings with the name; whether none is left. Raises SearchError."""
    text = job.parameters["text"]
    hits = search.after(_may_have(text), job.parameters["cursor"], _A_STEP)
    if not hits:
        return True
    found = [pk for some in batches([hit.item_id for hit in hits]) for pk in _having(text, some)]
    with transaction.atomic():
        marked, now = 0, timezone.now()
        for some in batches(sorted(cases(found))):
            marked += Case.objects.filter(pk__in=some).update(index_pending=True, updated_at=now)
        if marked:
            following.index_later(marked, by=job.made_by)
        jobs.advance(job, len(hits), cursor=hits[-1].cursor)
    return len(hits) < _A_STEP
