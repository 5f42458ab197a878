"""Every page of the admin that somebody may open, as addresses: lists, rows, histories, and all pages of its own."""

from collections.abc import Iterable

from django.contrib import admin
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse

from determinations.curation.names_state import KINDS as NAMES
from determinations.curation.queue.kinds import KINDS
from determinations.curation.queue.lists import Wanted
from determinations.models import Case, CategoryRule, NameChange, ParseIssue, Queued


def addresses(words: str, secrets: Iterable[str] = ()) -> list[str]:
    """All addresses of the admin's pages; of rows those with one of ``secrets`` in them, and some others.

    ``words``: what is typed into the fields by which lists are searched.
    """
    found = [reverse("admin:index"), reverse("admin:app_list", args=["determinations"])]
    for model, registered in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [f"{reverse(f'{name}_changelist')}{end}" for end in ("", "?o=-1", f"?q={words}")]
        for pk in _rows(model._default_manager.all(), secrets):
            found += [reverse(f"{name}_{page}", args=[pk]) for page in ("change", "history")]
        if registered.search_fields and model._meta.app_label == "determinations":
            found.append(f"{reverse(f'{name}_changelist')}?q={words[:5]}")
    return [*found, *_names(words, secrets), *_queue(secrets), *_letters(), *_completions(words)]


def _rows(rows: QuerySet, secrets: Iterable[str]) -> list[int]:
    """The ids of rows that have one of the secrets, and of the last few."""
    texts = [
        one.name
        for one in rows.model._meta.concrete_fields
        if isinstance(one, models.CharField | models.TextField | models.JSONField)
    ]
    having = Q(pk__in=list(rows.order_by("-pk").values_list("pk", flat=True)[:2]))
    for secret in secrets:
        for name in texts:
            having |= Q(**{f"{name}__icontains": secret})
    return list(rows.filter(having).order_by("pk").values_list("pk", flat=True))


def _names(words: str, secrets: Iterable[str]) -> list[str]:
    found = []
    for kind in NAMES.values():
        if kind.wordings:
            waiting = reverse("admin:names_unresolved", args=[kind.name])
            found += [waiting, f"{waiting}?p=2", f"{waiting}?q={words}"]
            for pk in _rows(kind.wordings.objects.all(), secrets):
                found.append(reverse("admin:names_wording", args=[kind.name, pk]))
                found.append(f"{reverse('admin:names_change', args=[kind.name, 'assign'])}?wording={pk}")
        for pk in _rows(kind.model.objects.all(), secrets):
            for action in ("rename", "join", "split", "place"):
                found.append(f"{reverse('admin:names_change', args=[kind.name, action])}?record={pk}")
    found += [reverse("admin:names_undo", args=[pk]) for pk in NameChange.objects.values_list("pk", flat=True)]
    found += [reverse("admin:rule_retire", args=[pk]) for pk in CategoryRule.objects.values_list("pk", flat=True)]
    return [*found, f"{reverse('admin:rule_make')}?pattern={words}&category=1"]


def _queue(secrets: Iterable[str]) -> list[str]:
    found = [reverse(name) for name in ("queue", "queue-growth", "queue-done")]
    for slug, kind in KINDS.items():
        for status in Queued.Status.values:
            found.append(f"{reverse('queue-kind', args=[slug])}?status={status}")
            rows = Wanted(kind, "", status=status, withheld=True).rows()
            found += [reverse("queue-question", args=[slug, pk]) for pk in _rows(rows, secrets)]
        found.append(reverse("queue-many", args=[slug, "dismiss"]))
    return found


def _letters() -> list[str]:
    found = []
    for case in Case.objects.all():
        page = reverse("admin:determinations_case_change", args=[case.pk])
        found += [page, reverse("admin:determinations_case_original", args=[case.pk])]
        found += [f"{page}?issue={pk}" for pk in ParseIssue.objects.filter(case=case).values_list("pk", flat=True)[:3]]
    return found


def _completions(words: str) -> list[str]:
    fields = [("guidelinewording", "guideline"), ("credentialwording", "specialty"), ("redaction", "case")]
    return [
        f"{reverse('admin:autocomplete')}?app_label=determinations&model_name={model}&field_name={name}&term={term}"
        for model, name in fields
        for term in (words[:4], "cm16")
    ]
