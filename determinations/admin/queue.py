"""What waits for a curator."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from ..models import Case, ParseIssue, RejectedFile
from .base import ByCaseNumber, ReadOnlyAdmin, SearchesFollow, WithoutWithheld


@admin.register(ParseIssue)
class ParseIssueAdmin(SearchesFollow, ByCaseNumber, WithoutWithheld, ReadOnlyAdmin):
    """The queue of open questions; an issue can be dismissed and opened again."""

    list_display = ["code", "severity", "message", "case", "status", "in_source"]
    list_filter = ["status", "severity", "code"]
    list_select_related = ["case"]
    search_fields = ["case__number__startswith"]
    actions = ["dismiss", "reopen"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("determinations.decide")

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
