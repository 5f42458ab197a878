"""The curators' view of the archive: everything that was read, the queue of open questions, the names.

What was read from letters is shown and not edited here. Lists over big tables never count all their rows and never
offer all of a big table in a dropdown.
"""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import format_html

from . import search
from .models import (
    Case,
    CredentialWording,
    DisputedItem,
    Guideline,
    GuidelineCitation,
    GuidelineWording,
    LetterSource,
    ParseIssue,
    RejectedFile,
    Reviewer,
    ReviewerCredential,
    Specialty,
    TreatmentCategory,
)

logger = logging.getLogger(__name__)

admin.site.site_header = "IMR Archive: curation"
admin.site.site_title = "IMR Archive"
admin.site.index_title = "What the archive holds"

_COUNTED_UP_TO = 10_000
_INDEXED_AT_ONCE = 2_000  # letters that are indexed anew while a curator waits


class BoundedPaginator(Paginator):
    """Counts a list up to a bound, so that a page over a big table costs no more than one over a small one."""

    @cached_property
    def count(self) -> int:
        """The number of rows: exact up to 10,000; above that 10,001, or for a whole table an estimate."""
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        counted = rows.order_by().values("pk")[: _COUNTED_UP_TO + 1].count()
        if counted <= _COUNTED_UP_TO or rows.query.where:
            return counted
        return max(counted, _estimate(rows.model))


def _estimate(model: type[models.Model]) -> int:
    """About how many rows a table has: PostgreSQL's statistics, or the highest id."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
            row = cursor.fetchone()
        return int(row[0]) if row else 0
    return int(model._default_manager.aggregate(models.Max("pk"))["pk__max"] or 0)


class ByCaseNumber:
    """Searches by the beginning of a case number, which an index can answer in both databases' spelling."""

    search_help_text = "The beginning of a case number"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """Case numbers are written in capitals."""
        return super().get_search_results(request, queryset, search_term.upper())  # type: ignore[misc]


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows; they are made by ingesting and gone only with their letter."""

    paginator = BoundedPaginator
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SearchesFollow(admin.ModelAdmin):
    """Of what a change here alters in letters that are indexed already, searches learn."""

    def searches_follow(self, request: HttpRequest, cases: QuerySet[Case]) -> None:
        """The cases are indexed anew: at once, or where they are many when the index is next brought in step."""
        touched = Case.objects.filter(pk__in=cases.values("pk")).update(index_pending=True, updated_at=timezone.now())
        if touched <= _INDEXED_AT_ONCE:
            transaction.on_commit(lambda: self._index(request, touched))
        else:
            self._say_that_searches_wait(request, touched)

    def _index(self, request: HttpRequest, touched: int) -> None:
        """What is saved stays so, whatever the state of the search index."""
        try:
            search.index_pending(build=False)
        except (search.SearchError, search.SearchUnavailable, OSError):
            logger.exception("%d changed letters could not be indexed", touched)
            self._say_that_searches_wait(request, touched)

    def _say_that_searches_wait(self, request: HttpRequest, touched: int) -> None:
        message = f"{touched:,} letters change; searches follow when sync_index is run."
        self.message_user(request, message, messages.WARNING)


class _ReadOnlyInline(admin.TabularInline):
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class _Items(_ReadOnlyInline):
    model = DisputedItem
    fields = ["position", "title", "outcome", "category", "finding", "contradicts"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("category__parent")


class _Sources(_ReadOnlyInline):
    model = LetterSource
    fields = readonly_fields = ["version", "status", "file_name", "size", "parser_version", "ingested_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("compressed", "extracted")


class _Issues(_ReadOnlyInline):
    model = ParseIssue
    fields = ["code", "message", "status"]


@admin.register(Case)
class CaseAdmin(ByCaseNumber, ReadOnlyAdmin):
    """Letters, by case."""

    list_display = ["name", "decision_date", "priority", "letter_format", "on_site"]
    list_filter = ["priority", "letter_format"]
    search_fields = ["number__startswith"]
    exclude = ["index_pending"]
    inlines = [_Items, _Issues, _Sources]

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
            return queryset.filter(category=None)
        if value.isdecimal():
            branch = TreatmentCategory.objects.filter(models.Q(pk=value) | models.Q(parent=value))
            return queryset.filter(category__in=list(branch.values_list("pk", flat=True)))
        return queryset


class _Citations(_ReadOnlyInline):
    model = GuidelineCitation
    fields = ["side", "position", "text", "mtus", "wording", "section", "pages"]


@admin.register(DisputedItem)
class DisputedItemAdmin(ByCaseNumber, ReadOnlyAdmin):
    """Decisions."""

    list_display = ["title_start", "case", "position", "outcome", "category", "finding", "contradicts"]
    list_filter = ["outcome", "finding", "contradicts", _InCategory]
    list_select_related = ["case", "category__parent"]
    search_fields = ["case__number__startswith"]
    inlines = [_Citations]

    @admin.display(description="title")
    def title_start(self, item: DisputedItem) -> str:
        """The beginning of the title."""
        return str(item)


@admin.register(GuidelineCitation)
class GuidelineCitationAdmin(ReadOnlyAdmin):
    """Citations."""

    list_display = ["text_start", "side", "family", "wording", "mtus"]
    list_filter = ["side", "mtus"]
    list_select_related = ["wording", "item"]
    search_fields = ["wording__text__istartswith"]
    search_help_text = "The beginning of a wording"

    @admin.display(description="words")
    def text_start(self, citation: GuidelineCitation) -> str:
        """The beginning of the words."""
        return str(citation)


@admin.register(LetterSource)
class LetterSourceAdmin(ByCaseNumber, ReadOnlyAdmin):
    """Letters as they came."""

    list_display = ["case", "version", "status", "file_name", "size", "parser_version", "ingested_at"]
    list_filter = ["status", "parser_version"]
    list_select_related = ["case"]
    search_fields = ["case__number__startswith"]
    fields = [
        *("case", "version", "status", "file_name", "size", "encoding", "extractor", "pages"),
        *("sha256", "text_sha256", "text_on_site"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("compressed", "extracted")

    @admin.display(description="text")
    def text_on_site(self, source: LetterSource) -> str:
        """A link to the source page."""
        url = f"{reverse('case-source', args=[source.case.slug])}?version={source.version}"
        return format_html('<a href="{}">open the source text</a>', url)


@admin.register(ParseIssue)
class ParseIssueAdmin(SearchesFollow, ByCaseNumber, ReadOnlyAdmin):
    """The queue of open questions; an issue can be dismissed and opened again."""

    list_display = ["code", "severity", "message", "case", "status", "in_source"]
    list_filter = ["status", "severity", "code"]
    list_select_related = ["case"]
    search_fields = ["case__number__startswith"]
    actions = ["dismiss", "reopen"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["case", "source", "code", "severity", "message", "start", "end"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("source__compressed", "source__extracted")

    @admin.display(description="letter")
    def in_source(self, issue: ParseIssue) -> str:
        """A link to the source page."""
        return format_html('<a href="{}">source</a>', reverse("case-source", args=[issue.case.slug]))

    @admin.action(description="Dismiss: the reading is right", permissions=["change"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[ParseIssue]) -> None:
        """Take issues out of the queue."""
        self._set(request, queryset, ParseIssue.Status.DISMISSED)

    @admin.action(description="Open again", permissions=["change"])
    def reopen(self, request: HttpRequest, queryset: QuerySet[ParseIssue]) -> None:
        """Put issues back into the queue."""
        self._set(request, queryset, ParseIssue.Status.OPEN)

    def _set(self, request: HttpRequest, queryset: QuerySet[ParseIssue], status: str) -> None:
        changed = set()
        for issue in queryset:
            issue.status = status
            issue.save(update_fields=["status"])
            changed.add(issue.case_id)
            self.log_change(request, issue, f"Status set to {status}.")
        self.searches_follow(request, Case.objects.filter(pk__in=changed))

    def save_model(self, request: HttpRequest, obj: ParseIssue, form: Any, change: bool) -> None:
        """Decisions are found by their open questions."""
        super().save_model(request, obj, form, change)
        if "status" in form.changed_data:
            self.searches_follow(request, Case.objects.filter(pk=obj.case_id))


@admin.register(RejectedFile)
class RejectedFileAdmin(ReadOnlyAdmin):
    """Files that could not be taken in."""

    list_display = ["path", "reason", "rejected_at"]
    list_filter = ["code"]
    search_fields = ["path"]
    exclude = ["compressed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("compressed")


# ---- names: small tables, edited by curators ---------------------------------------------------------------------


@admin.register(Specialty)
class SpecialtyAdmin(admin.ModelAdmin):
    """Canonical specialties."""

    list_display = ["name", "kind", "parent_names"]
    list_filter = ["kind"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    autocomplete_fields = ["parents"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("parents")

    @admin.display(description="parents")
    def parent_names(self, specialty: Specialty) -> str:
        """The boards that grant it."""
        return ", ".join(parent.name for parent in specialty.parents.all())


class _Unresolved(admin.SimpleListFilter):
    """Wordings that no canonical record claims yet."""

    title = "resolved"
    parameter_name = "resolved"
    field: str

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", "waiting for a name"), ("yes", "resolved")]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(**{f"{self.field}__isnull": self.value() == "no"})


class _WithoutSpecialty(_Unresolved):
    field = "specialty"


class _WithoutGuideline(_Unresolved):
    field = "guideline"


@admin.register(CredentialWording)
class CredentialWordingAdmin(admin.ModelAdmin):
    """Spellings of certifications; every letter follows what a spelling stands for."""

    list_display = ["text", "specialty"]
    list_filter = [_WithoutSpecialty]
    list_select_related = ["specialty"]
    search_fields = ["text"]
    readonly_fields = ["text"]
    autocomplete_fields = ["specialty"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Guideline)
class GuidelineAdmin(SearchesFollow, admin.ModelAdmin):
    """Canonical guideline documents."""

    list_display = ["name", "family"]
    list_filter = ["family"]
    search_fields = ["name", "family"]
    prepopulated_fields = {"slug": ["name"]}

    def save_model(self, request: HttpRequest, obj: Guideline, form: Any, change: bool) -> None:
        """A family is searched for as a whole: the cases that cite a document that joins or leaves it follow."""
        super().save_model(request, obj, form, change)
        if "family" in form.changed_data:
            self.searches_follow(request, Case.objects.filter(items__citations__wording__guideline=obj))


@admin.register(GuidelineWording)
class GuidelineWordingAdmin(SearchesFollow, CredentialWordingAdmin):
    """Ways in which letters name a document."""

    list_display = ["text", "guideline"]
    list_filter = [_WithoutGuideline]
    list_select_related = ["guideline"]
    autocomplete_fields = ["guideline"]
    paginator = BoundedPaginator

    def save_model(self, request: HttpRequest, obj: GuidelineWording, form: Any, change: bool) -> None:
        """Every letter follows: the cases that cite by these words are indexed anew."""
        super().save_model(request, obj, form, change)
        if "guideline" in form.changed_data:
            self.searches_follow(request, Case.objects.filter(items__citations__wording=obj))


@admin.register(TreatmentCategory)
class TreatmentCategoryAdmin(ReadOnlyAdmin):
    """The state's list of treatment categories."""

    list_display = ["name", "parent", "slug"]
    list_select_related = ["parent"]
    search_fields = ["name"]


class _Credentials(_ReadOnlyInline):
    model = ReviewerCredential
    fields = ["role", "wording"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("wording")


@admin.register(Reviewer)
class ReviewerAdmin(ReadOnlyAdmin):
    """Credential profiles."""

    list_display = ["id", "credentials_held", "licensed_states"]
    search_fields = ["wordings__text__istartswith"]
    search_help_text = "The beginning of a certification as printed"
    inlines = [_Credentials]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("credentials__wording")

    @admin.display(description="credentials")
    def credentials_held(self, reviewer: Reviewer) -> str:
        """The credentials as printed."""
        return ", ".join(credential.wording.text for credential in reviewer.credentials.all())


@admin.register(ReviewerCredential)
class ReviewerCredentialAdmin(ReadOnlyAdmin):
    """Credentials of profiles."""

    list_display = ["wording", "role", "reviewer"]
    list_filter = ["role"]
    list_select_related = ["wording", "reviewer"]
    search_fields = ["wording__text__istartswith"]
