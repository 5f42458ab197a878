"""What curators decided: a record of each, shown and not edited."""

from __future__ import annotations

from django.contrib import admin

from ..models import (
    CategoryRule,
    Correction,
    Job,
    NameChange,
    OldAddress,
    QueueAction,
    ReaderReport,
    Redaction,
    RemovalRequest,
    Withholding,
)
from .base import ReadOnlyAdmin, WithoutWithheld


@admin.register(Correction)
class CorrectionAdmin(WithoutWithheld, ReadOnlyAdmin):
    """Corrections of letters."""

    list_display = ["case", "item", "field", "state", "made_by", "made_at", "retired_at"]
    list_filter = ["state"]
    list_select_related = ["case"]
    search_fields = ["case__number__startswith"]


@admin.register(NameChange)
class NameChangeAdmin(ReadOnlyAdmin):
    """Changes of names."""

    list_display = ["summary", "kind", "names", "letters", "made_by", "made_at", "undone_at"]
    list_filter = ["kind", "names"]
    search_fields = ["summary"]


@admin.register(OldAddress)
class OldAddressAdmin(ReadOnlyAdmin):
    """Addresses that names had."""

    list_display = ["slug", "now", "names", "made_at"]
    list_filter = ["names"]
    search_fields = ["slug", "now"]


@admin.register(CategoryRule)
class CategoryRuleAdmin(ReadOnlyAdmin):
    """Rules that place headings in categories."""

    list_display = ["pattern", "category", "made_by", "made_at", "retired_at"]
    list_select_related = ["category__parent"]
    search_fields = ["pattern"]


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
class ReaderReportAdmin(WithoutWithheld, ReadOnlyAdmin):
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


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    """Work in the background."""

    list_display = ["name", "state", "done", "total", "made_by", "made_at", "changed_at"]
    list_filter = ["state"]
    search_fields = ["name"]
