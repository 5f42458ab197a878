"""What waits for a curator."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from ..curation.queue.kinds import KINDS, kind_of
from ..models import ParseIssue, RejectedFile
from .base import ByCaseNumber, ReadOnlyAdmin, WithheldHidden
from .list_filters import known, same

_CODES = [kind.slug for kind in KINDS.values() if "code" in kind.where]
_ERRORS = [slug for slug in _CODES if KINDS[slug].severity == ParseIssue.Severity.ERROR]


@admin.register(ParseIssue)
class ParseIssueAdmin(WithheldHidden, ByCaseNumber, ReadOnlyAdmin):
    """All that is doubtful about letters, decided or not; it is decided on in the review queue."""

    list_display = ["code", "severity", "message", "case", "status", "in_queue", "in_source"]
    list_filter = ["status", "severity", known("code", same(_CODES))]
    list_select_related = ["case"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("source__compressed", "source__extracted")

    @admin.display(description="queue")
    def in_queue(self, issue: ParseIssue) -> str:
        """A link to its page in the queue, where it is decided on."""
        return format_html('<a href="{}">decide</a>', reverse("queue-question", args=[kind_of(issue).slug, issue.pk]))

    @admin.display(description="letter")
    def in_source(self, issue: ParseIssue) -> str:
        """A link to the source page."""
        return format_html('<a href="{}">source</a>', reverse("case-source", args=[issue.case.slug]))


@admin.register(RejectedFile)
class RejectedFileAdmin(ReadOnlyAdmin):
    """Files that could not be taken in."""

    list_display = ["path", "reason", "rejected_at"]
    list_filter = [known("code", same(_ERRORS))]
    search_fields = ["path"]
    exclude = ["compressed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).defer("compressed")
