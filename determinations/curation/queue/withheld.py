"""What of the queue belongs to letters that are withheld, which privacy officers alone see.

Few letters are withheld and very many questions wait. So numbers are those of all less those of the few, and lists
leave the few out by their ids; nothing is looked up for the many.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count, QuerySet

from ...models import (
    UNDECIDED,
    CredentialWording,
    GuidelineCitation,
    GuidelineWording,
    ParseIssue,
    ReaderReport,
    ReviewerCredential,
)
from .. import withheld_rows
from ..withheld_rows import withheld
from .kinds import Kind, kind_of

_FEW = 2_000  # ids that are named to the database; beyond, it finds them itself


def visible(kind: Kind, rows: QuerySet) -> QuerySet:
    """``rows`` of a kind without those of withheld letters."""
    if kind.of_letter:
        hidden = kind.model._default_manager.filter(case__in=withheld()).order_by().values_list("pk", flat=True)
        few = list(hidden[: _FEW + 1])
        return rows.exclude(case__in=withheld()) if len(few) > _FEW else rows.exclude(pk__in=few) if few else rows
    if kind.ranked and (gone := wordings(kind)):
        return rows.exclude(pk__in=gone)
    return rows


def waiting(kinds: Iterable[Kind]) -> Counter[tuple[str, str]]:
    """How many rows of withheld letters wait, by slug of the kind and status."""
    found: Counter[tuple[str, str]] = Counter()
    if not withheld().exists():
        return found
    kinds = list(kinds)
    # Of the letters alone: asked for with the status, too, a database may go through all that is open.
    issues = ParseIssue.objects.filter(case__in=withheld()).order_by().values("code", "origin", "severity", "status")
    for one in issues.annotate(number=Count("pk")):
        for kind in kinds:
            if kind.model is ParseIssue and all(one[name] == value for name, value in kind.where.items()):
                found[kind.slug, one["status"]] += one["number"]
    reports = ReaderReport.objects.filter(case__in=withheld()).order_by().values_list("status")
    for status, number in reports.annotate(number=Count("pk")):
        found["reports", status] += number
    for kind in kinds:
        if kind.ranked and (gone := wordings(kind)):
            found.update((kind.slug, status) for status in _statuses(kind, gone))
    return Counter({key: number for key, number in found.items() if key[1] in UNDECIDED})


def _statuses(kind: Kind, ids: Iterable[int]) -> QuerySet:
    return kind.rows().filter(pk__in=ids).values_list("status", flat=True)


def noted(since: datetime) -> list[tuple[datetime, str]]:
    """When questions of withheld letters came up, with the slug of their kind."""
    issues = ParseIssue.objects.filter(case__in=withheld()).only("noted_at", "code", "origin", "severity").order_by()
    reports = ReaderReport.objects.filter(case__in=withheld()).order_by().values_list("made_at", flat=True)
    found = [(one.noted_at, kind_of(one).slug) for one in issues] + [(made_at, "reports") for made_at in reports]
    return [(moment, slug) for moment, slug in found if moment >= since]


def wordings(kind: Kind) -> set[int]:
    """The ids of wordings that stand in withheld letters alone; none of a kind of other things."""
    return withheld_rows.wordings(kind.model) if kind.ranked else set()


def letters(kind: Kind) -> Counter[int]:
    """How many withheld letters each wording without a name stands in."""
    if kind.model is GuidelineWording:
        rows = GuidelineCitation.objects.filter(item__case__in=withheld(), wording__guideline=None).order_by()
        counted = rows.values_list("wording").annotate(letters=Count("item__case", distinct=True))
    elif kind.model is CredentialWording:
        held = ReviewerCredential.objects.filter(reviewer__cases__in=withheld(), wording__specialty=None).order_by()
        counted = held.values_list("wording").annotate(letters=Count("reviewer__cases", distinct=True))
    else:
        return Counter()
    return Counter(dict(counted))
