"""What curators decided: a record of each, shown and not edited."""

from __future__ import annotations

from django.contrib import admin

from ..models import (
    Correction,
    QueueAction,
    ReaderReport,
    Redaction,
    RemovalRequest,
    Withholding,
)
from .base import ReadOnlyAdmin


@admin.register(Correction)
class CorrectionAdmin(ReadOnlyAdmin):
    """Corrections of letters."""

    list_display = ["case", "item", "field", "state", "made_by", "made_at", "retired_at"]
    list_filter = ["state"]
    list_select_related = ["case"]
    search_fields = ["case__number__startswith"]


@admin.register(Withholding)
class WithholdingAdmin(ReadOnlyAdmin):
    """Letters that are kept from the public."""

    list_display = ["case", "ground", "until", "made_by", "made_at", "lifted_at"]
    list_filter = ["ground"]
    list_select_related = ["case"]
    search_fields = ["case__number__startswith"]


@admin.register(Redaction)
class RedactionAdmin(ReadOnlyAdmin):
    """Words that are kept from the public."""

    list_display = ["case", "ground", "made_by", "made_at", "lifted_at"]
    list_filter = ["ground"]
    list_select_related = ["case"]
    search_fields = ["case__number__startswith"]


@admin.register(RemovalRequest)
class RemovalRequestAdmin(ReadOnlyAdmin):
    """What people ask to have removed."""

    list_display = ["made_at", "address", "status", "assigned_to"]
    list_filter = ["status"]
    list_select_related = ["assigned_to"]
    search_fields = ["address"]


@admin.register(ReaderReport)
class ReaderReportAdmin(ReadOnlyAdmin):
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
