"""What curators decided: a record of each, shown and not edited."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..curation.queue.deciding import ACTIONS
from ..curation.queue.kinds import KINDS, open_kinds
from ..models import (
    Correction,
    QueueAction,
    ReaderReport,
)
from .base import ByCaseNumber, NothingOfWithheld, ReadOnlyAdmin, WithheldHidden
from .list_filters import known


@admin.register(Correction)
class CorrectionAdmin(WithheldHidden, ByCaseNumber, ReadOnlyAdmin):
    """Corrections of letters."""

    list_display = ["case", "item", "field", "state", "made_by", "made_at", "retired_at"]
    list_filter = ["state"]
    list_select_related = ["case"]
    list_without = ("read", "reads_now", "value", "item_words")


@admin.register(ReaderReport)
class ReaderReportAdmin(WithheldHidden, ByCaseNumber, ReadOnlyAdmin):
    """What readers found wrong."""

    list_display = ["case", "place", "status", "assigned_to", "made_at"]
    list_filter = ["status"]
    list_select_related = ["case", "assigned_to"]


@admin.register(QueueAction)
class QueueActionAdmin(NothingOfWithheld, ReadOnlyAdmin):
    """What was decided in the queue."""

    list_display = ["action", "kind", "rows", "made_by", "made_at", "undone_at"]
    list_filter = [known("action", lambda: ((one.slug, one.label) for one in ACTIONS.values()))]
    list_without = ("changes", "why")
    exclude = ["changes"]  # ids, and notes that stand with what they are about
    search_fields = ["made_by"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """Without what was decided on kinds that this person may know nothing of."""
        closed = set(KINDS) - set(open_kinds(request.user.has_perm))
        rows = super().get_queryset(request).defer("planned")
        return rows.exclude(kind__in=closed) if closed else rows
