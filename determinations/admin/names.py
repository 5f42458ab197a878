"""Names: shown with what can be done with each; changes are made in naming.py, where they can be looked at before."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from ..curation.withheld_rows import profiles, without_withheld
from ..models import (
    CredentialWording,
    Drug,
    DrugWording,
    Guideline,
    GuidelineWording,
    Reviewer,
    ReviewerCredential,
    Specialty,
    TreatmentCategory,
)
from .base import InOrder, NothingOfWithheld, ReadOnlyAdmin, ReadOnlyInline

_WITHHOLD = "determinations.withhold"
_SHOWN = 200  # wordings on the page of a record


class NameAdmin(InOrder, ReadOnlyAdmin):
    """A canonical record: its fields, its wordings, and links to the pages that change it."""

    change_form_template = "admin/determinations/name.html"
    names: str
    actions_of: tuple[tuple[str, str], ...] = (
        ("rename", "Rename"),
        ("place", "Place elsewhere"),
        ("join", "Join to another"),
        ("split", "Split off"),
    )

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra = {
            "actions_of_name": [
                (label, f"{reverse('admin:names_change', args=[self.names, action])}?record={object_id}")
                for action, label in self.actions_of
            ],
            "may_edit": request.user.has_perm("determinations.edit_names"),
            "wordings": self.wordings(request, object_id),
        }
        return super().changeform_view(request, object_id, form_url, extra | (extra_context or {}))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        extra = {
            "create_url": reverse("admin:names_change", args=[self.names, "create"]),
            "unresolved_url": reverse("admin:names_unresolved", args=[self.names]) if self.has_wordings else "",
            "may_edit": request.user.has_perm("determinations.edit_names"),
        }
        return super().changelist_view(request, extra | (extra_context or {}))

    change_list_template = "admin/determinations/names.html"
    has_wordings = True

    def wordings(self, request: HttpRequest, object_id: str | None) -> list[Any]:
        """The first wordings of the record, with the addresses of their pages."""
        if not self.has_wordings or not (object_id or "").isdecimal():
            return []
        rows = self.model.objects.get_queryset().filter(pk=object_id).first()
        if rows is None:
            return []
        wordings = rows.wordings.all() if request.user.has_perm(_WITHHOLD) else without_withheld(rows.wordings.all())
        return list(wordings.order_by("text")[:_SHOWN])


@admin.register(Specialty)
class SpecialtyAdmin(NameAdmin):
    """Canonical specialties."""

    names = "specialty"
    list_display = ["name", "kind", "parent_names"]
    list_filter = ["kind"]
    search_fields = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("parents")

    @admin.display(description="parents")
    def parent_names(self, specialty: Specialty) -> str:
        """The boards that grant it."""
        return ", ".join(parent.name for parent in specialty.parents.all())


@admin.register(Guideline)
class GuidelineAdmin(NameAdmin):
    """Canonical guideline documents."""

    names = "guideline"
    list_display = ["name", "family"]
    list_filter = ["family"]
    search_fields = ["name", "family"]


@admin.register(Drug)
class DrugAdmin(NameAdmin):
    """Drugs by their generic names."""

    names = "drug"
    actions_of = (*NameAdmin.actions_of, ("spell", "Add a name"))
    list_display = ["name", "group"]
    list_filter = ["group"]
    search_fields = ["name", "group"]


@admin.register(TreatmentCategory)
class TreatmentCategoryAdmin(NameAdmin):
    """The state's list of treatment categories, and what curators made of it."""

    names = "treatment"
    has_wordings = False
    actions_of = NameAdmin.actions_of[:3]
    list_display = ["name", "parent", "slug"]
    list_select_related = ["parent"]
    search_fields = ["name"]


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


class _WithoutDrug(_Unresolved):
    field = "drug"


class _WordingAdmin(NothingOfWithheld, InOrder, ReadOnlyAdmin):
    """Wordings; what one stands for is changed on its own page, which the list leads to."""

    change_form_template = "admin/determinations/wording_row.html"
    search_fields = ["text"]
    names: str

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        extra: dict[str, Any] = {}
        if (object_id or "").isdecimal():
            extra["wording_url"] = reverse("admin:names_wording", args=[self.names, object_id])
        return super().changeform_view(request, object_id, form_url, extra | (extra_context or {}))


@admin.register(CredentialWording)
class CredentialWordingAdmin(_WordingAdmin):
    """Spellings of certifications; every letter follows what a spelling stands for."""

    names = "specialty"
    list_display = ["text", "specialty", "status"]
    list_filter = [_WithoutSpecialty]
    list_select_related = ["specialty"]
    fields = ["text", "specialty", "status", "note"]


@admin.register(GuidelineWording)
class GuidelineWordingAdmin(_WordingAdmin):
    """Ways in which letters name a document."""

    names = "guideline"
    list_display = ["text", "guideline", "status"]
    fields = ["text", "guideline", "status", "note"]
    list_filter = [_WithoutGuideline]
    list_select_related = ["guideline"]


@admin.register(DrugWording)
class DrugWordingAdmin(_WordingAdmin):
    """Names that letters call drugs by."""

    names = "drug"
    list_display = ["text", "drug", "status"]
    fields = ["text", "drug", "status", "note"]
    list_filter = [_WithoutDrug]
    list_select_related = ["drug"]


class _Credentials(ReadOnlyInline):
    model = ReviewerCredential
    fields = ["role", "wording"]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).select_related("wording")


@admin.register(Reviewer)
class ReviewerAdmin(NothingOfWithheld, ReadOnlyAdmin):
    """Credential profiles."""

    list_display = ["id", "credentials_held", "licensed_states"]
    search_fields = ["wordings__text__istartswith"]
    search_help_text = "The beginning of a certification as printed"
    inlines = [_Credentials]

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("credentials__wording")

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """By the credentials, each profile once however many of its credentials begin so."""
        text = search_term.replace("\0", "").strip()
        if not text:
            return queryset, False
        held = ReviewerCredential.objects.filter(wording__text__istartswith=text).order_by()
        return queryset.filter(pk__in=held.values("reviewer")), False

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

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        rows = super().get_queryset(request)
        return rows if request.user.has_perm(_WITHHOLD) else rows.exclude(reviewer__in=profiles())
