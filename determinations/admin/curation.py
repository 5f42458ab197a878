"""What curators decided: a record of each, shown and not edited."""

from __future__ import annotations

from django.contrib import admin

from ..models import (
    Correction,
    QueueAction,
    ReaderReport,
)
from .base import ReadOnlyAdmin, WithheldHidden


@admin.register(Correction)
class CorrectionAdmin(WithheldHidden, ReadOnlyAdmin):
    """Corrections of letters."""

    list_display = ["case", "item", "field", "state", "made_by", "made_at", "retired_at"]
    list_filter = ["state"]
    list_select_related = ["case"]
    search_fields = ["case__number__startswith"]


@admin.register(ReaderReport)
class ReaderReportAdmin(WithheldHidden, ReadOnlyAdmin):
    """What readers found wrong."""

    list_display = ["case", "place", "status", "assigned_to", "made_at"]
    list_filter = ["status"]
    list_select_related = ["case", "assigned_to"]
    search_fields = ["case__number__startswith"]


@admin.register(QueueAction)
class QueueActionAdmin(ReadOnlyAdmin):
    """What was decided in the queue."""

    list_display = ["action", "kind", "rows", "made_by", "made_at", "undone_at"]
    list_filter = ["action"]
    search_fields = ["made_by"]
