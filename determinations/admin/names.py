"""Names: small tables, edited by curators."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from ..models import (
    Case,
    CredentialWording,
    Guideline,
    GuidelineWording,
    Reviewer,
    ReviewerCredential,
    Specialty,
    TreatmentCategory,
)
from .base import BoundedPaginator, ReadOnlyAdmin, ReadOnlyInline, SearchesFollow, WithRight


@admin.register(Specialty)
class SpecialtyAdmin(WithRight):
    """Canonical specialties."""

    right = "determinations.edit_names"
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
class CredentialWordingAdmin(WithRight):
    """Spellings of certifications; every letter follows what a spelling stands for."""

    right = "determinations.assign_names"
    list_display = ["text", "specialty"]
    list_filter = [_WithoutSpecialty]
    list_select_related = ["specialty"]
    search_fields = ["text"]
    fields = ["text", "specialty"]
    readonly_fields = ["text"]
    autocomplete_fields = ["specialty"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Guideline)
class GuidelineAdmin(SearchesFollow, WithRight):
    """Canonical guideline documents."""

    right = "determinations.edit_names"
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
    fields = ["text", "guideline"]
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


class _Credentials(ReadOnlyInline):
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
