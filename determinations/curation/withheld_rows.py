"""Rows that would tell of a withheld letter though they belong to no letter: for privacy officers only.

Withheld letters are few, so each question begins with them. What is found is ids, some at most for each letter.
"""

from __future__ import annotations

from typing import Any

from django.contrib.admin.models import LogEntry
from django.db.models import Exists, OuterRef, Q, QuerySet

from ..models import (
    Case,
    CredentialWording,
    DrugWording,
    GuidelineCitation,
    GuidelineWording,
    NameChange,
    ParseIssue,
    QueueAction,
    ReaderReport,
    Reviewer,
    ReviewerCredential,
)
from .names_state import KINDS as NAMES
from .queue.kinds import KINDS


def profiles() -> set[int]:
    """Credential profiles that only withheld letters have."""
    public = Case.objects.public().filter(reviewer=OuterRef("pk"))
    found = Reviewer.objects.filter(pk__in=withheld().values("reviewer")).exclude(Exists(public))
    return set(found.order_by().values_list("pk", flat=True))


def wordings(model: type[Any]) -> set[int]:
    """Wordings that only withheld letters have; names of drugs are no letter's own."""
    if model is DrugWording:
        return set()
    if model is GuidelineWording:
        found = GuidelineCitation.objects.filter(item__case__in=withheld())
        public = GuidelineCitation.objects.filter(wording=OuterRef("pk"), item__case__withheld=False)
    else:
        found = ReviewerCredential.objects.filter(reviewer__in=withheld().values("reviewer"))
        public = Case.objects.public().filter(reviewer__credentials__wording=OuterRef("pk"))
    ids = set(found.order_by().values_list("wording", flat=True))
    if not ids:
        return set()
    rows = model._default_manager.filter(pk__in=ids).order_by().exclude(Exists(public))
    return set(rows.values_list("pk", flat=True))


def withheld() -> QuerySet[Case]:
    """The withheld letters, to be asked for by ids: joined to rows of letters a database may go through all of them."""
    return Case.objects.filter(withheld=True).order_by()


def without_withheld(rows: QuerySet[Any]) -> QuerySet[Any]:
    """``rows`` without those that tell of withheld letters; of a model that nothing here is known of, all."""
    model = rows.model
    if not withheld().exists():  # as in most archives on most days
        return rows
    if model in (GuidelineWording, CredentialWording):
        return rows.exclude(pk__in=wordings(model))
    if model is Reviewer:
        return rows.exclude(pk__in=profiles())
    if model is NameChange:
        return rows.exclude(_changes())
    if model is QueueAction:
        return rows.exclude(_actions())
    return rows


def of_withheld(entry: LogEntry) -> bool:
    """Whether an entry of the admin's log is about something that tells of a withheld letter, or that is gone."""
    model = entry.content_type.model_class() if entry.content_type else None
    if model is None or model._meta.app_label != Case._meta.app_label:
        return False
    row = model._default_manager.filter(pk=entry.object_id).first()
    case = row if isinstance(row, Case) else getattr(row, "case", None)
    if row is None or (case is not None and case.withheld):
        return True
    return not without_withheld(model._default_manager.filter(pk=row.pk)).exists()


def _changes() -> Q:
    """Changes of names that say what one wording of withheld letters stands for."""
    found = Q(pk__in=[])
    for kind in NAMES.values():
        for pk in wordings(kind.wordings) if kind.wordings else ():
            found |= Q(names=kind.name, kind=NameChange.Kind.ASSIGN, after__wordings__has_key=str(pk))
    return found


def _actions() -> Q:
    """What was decided on one question of a withheld letter, or one wording of it; of many at once nothing is told."""
    found = Q(pk__in=[])
    for model in (ParseIssue, ReaderReport):
        rows = model._default_manager.filter(case__in=withheld())
        ids = list(rows.order_by().values_list("pk", flat=True))
        slugs = [kind.slug for kind in KINDS.values() if kind.model is model]
        found |= Q(kind__in=slugs, rows=1, changes__0__id__in=ids)
    for model in (GuidelineWording, CredentialWording):
        slugs = [kind.slug for kind in KINDS.values() if kind.model is model]
        found |= Q(kind__in=slugs, rows=1, changes__0__id__in=list(wordings(model)))
    return found
