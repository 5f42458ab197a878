"""Letters and what was read from them: shown, not edited."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from ..models import Case, DisputedItem, GuidelineCitation, GuidelineWording, LetterSource, TreatmentCategory
from .base import ByCaseNumber, ReadOnlyAdmin, ReadOnlyInline, WithheldHidden, few_ids
from .editing import Editing
from .list_filters import known, same
from .privacy import may_redact, original_view

# All that readers of letters/forms name, and "scanned".
_FORMATS = (
    "final-determination-2014", "final-determination-2016", "cover-letter", "professional-review", "notice-2013",
    "scanned",
)  # fmt: skip


@admin.register(Case)
class CaseAdmin(Editing, WithheldHidden, ByCaseNumber, ReadOnlyAdmin):
    """Letters, by case; what they say is corrected beside their text."""

    list_display = ["name", "decision_date", "priority", "letter_format", "on_site"]
    list_filter = ["priority", known("letter_format", same(_FORMATS))]
    list_without = ("clinical_summary", "documents_reviewed", "patient")
    to_case = ""

    def get_urls(self) -> list[URLPattern]:
        """The letter as it came, for privacy officers."""
        view = self.admin_site.admin_view(partial(original_view, self))
        return [path("<int:pk>/original/", view, name="determinations_case_original"), *super().get_urls()]

    @admin.display(description="page")
    def on_site(self, case: Case) -> str:
        """A link to the public page."""
        return format_html('<a href="{}">open</a>', case.get_absolute_url())


class _InCategory(admin.SimpleListFilter):
    """The categories of the state's list, each with its sub-categories."""

    title = "treatment category"
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = TreatmentCategory.objects.filter(parent=None).values_list("id", "name")
        return [*((str(pk), name) for pk, name in rows), ("none", "not categorised")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if value == "none":
            return queryset.filter(filed_under=None)
        if value.isdecimal():
            branch = TreatmentCategory.objects.filter(models.Q(pk=value) | models.Q(parent=value))
            filed = TreatmentCategory.objects.filed_as(branch.values_list("pk", flat=True))
            return queryset.filter(filed_under__in=filed)
        return queryset


class _Citations(ReadOnlyInline):
    model = GuidelineCitation
    fields = ["side", "position", "text", "mtus", "wording", "section", "pages"]


@admin.register(DisputedItem)
class DisputedItemAdmin(WithheldHidden, ByCaseNumber, ReadOnlyAdmin):
    """Decisions."""

    list_display = ["title_start", "case", "position", "outcome", "category", "finding", "contradicts"]
    list_filter = ["outcome", "finding", "contradicts", _InCategory]
    list_select_related = ["case", *DisputedItem.CATEGORY]
    list_without = (
        "rationale",
        "treatment",
        "request",
        "reasons",
        "claims_administrator_statement",
        "reviewer_statement",
    )
    inlines = [_Citations]

    @admin.display(description="title")
    def title_start(self, item: DisputedItem) -> str:
        """The beginning of the title."""
        return str(item)


@admin.register(GuidelineCitation)
class GuidelineCitationAdmin(WithheldHidden, ReadOnlyAdmin):
    """Citations."""

    to_case = "item__case__"
    list_display = ["text_start", "side", "family", "wording", "mtus"]
    list_filter = ["side", "mtus"]
    list_select_related = ["wording"]
    search_fields = ["wording__text__istartswith"]
    search_help_text = "The beginning of a wording"

    def without(self, rows: QuerySet, withheld: QuerySet) -> QuerySet:
        """By their items, so that no citation has to be looked up in two other tables."""
        return rows.exclude(item__in=DisputedItem.objects.filter(case__in=withheld).order_by())

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """The wordings are found first: there are few, and citations have an index by them."""
        text = search_term.replace("\0", "").strip()
        if not text:
            return queryset, False
        wordings = GuidelineWording.objects.filter(text__istartswith=text)
        ids = few_ids(wordings)
        return queryset.filter(wording__in=wordings.order_by() if ids is None else ids), False

    @admin.display(description="words")
    def text_start(self, citation: GuidelineCitation) -> str:
        """The beginning of the words."""
        return str(citation)


@admin.register(LetterSource)
class LetterSourceAdmin(WithheldHidden, ByCaseNumber, ReadOnlyAdmin):
    """Letters as they came."""

    list_display = ["case", "version", "status", "file_name", "size", "parser_version", "ingested_at"]
    list_filter = ["status"]
    list_select_related = ["case"]
    fields = [
        *("case", "version", "status", "file_name", "size", "encoding", "extractor", "pages"),
        *("sha256", "text_sha256", "text_on_site"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("compressed", "extracted")

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """By the hash and the size of the whole, words that are redacted could be found by trying."""
        fields = list(super().get_fields(request, obj))
        if obj and obj.case.redacted_words and not may_redact(request):
            return [name for name in fields if name not in ("sha256", "text_sha256", "size")]
        return fields

    @admin.display(description="text")
    def text_on_site(self, source: LetterSource) -> str:
        """A link to the source page."""
        url = f"{reverse('case-source', args=[source.case.slug])}?version={source.version}"
        return format_html('<a href="{}">open the source text</a>', url)
