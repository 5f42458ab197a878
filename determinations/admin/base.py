"""What the admin's pages have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Left
from django.http import HttpRequest
from django.utils.functional import cached_property

from ..curation.withheld_rows import without_withheld
from ..models import Case
from .keyed import KeyedAdmin
from .walking import COUNTED_UP_TO, number_of_all

_FEW = 1_000  # letters or wordings by whose ids rows are looked for
_LONGEST = 60  # characters of a beginning that is looked for


class BoundedPaginator(Paginator):
    """Counts a list up to a bound, so that a page over a big table costs no more than one over a small one."""

    @cached_property
    def count(self) -> int:
        """The number of rows: exact up to 10,000; above that 10,001, or for a whole table an estimate."""
        rows = self.object_list
        if not isinstance(rows, QuerySet):
            return len(rows)
        counted = rows.order_by().values("pk")[: COUNTED_UP_TO + 1].count()
        if counted <= COUNTED_UP_TO or rows.query.where:
            return counted
        return max(counted, number_of_all(rows.model).rows)


def begins(column: str, text: str) -> Q:
    """That a column of plain characters begins with ``text``, as the index of the column answers it.

    PostgreSQL has an index for beginnings; SQLite, whose LIKE takes capitals for small letters, reads none for it.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{column}__gte": text, f"{column}__lt": f"{text}\U0010ffff"})
    return Q(**{f"{column}__startswith": text})


class ByCaseNumber(admin.ModelAdmin):
    """Searches by the beginning of a case number, or of the address of a letter that has none.

    ``to_case``: as in WithheldHidden.
    """

    to_case = "case__"
    search_fields = ("case__number__startswith",)
    search_help_text = "The beginning of a case number, or “letter-” and the first digits of a letter without one"

    def get_search_results(self, request: HttpRequest, queryset: QuerySet, search_term: str) -> tuple[QuerySet, bool]:
        """A few letters are found first and their rows by them; of many, each row is asked whether it is of one."""
        text = search_term.replace("\0", "").strip()[:_LONGEST]
        if not text:
            return queryset, False
        column, text = ("slug", _slug(text)) if text.lower().startswith("letter") else ("number", text.upper())
        few = list(Case.objects.filter(begins(column, text)).order_by().values_list("pk", flat=True)[: _FEW + 1])
        if len(few) <= _FEW:
            return queryset.filter(**{f"{self.to_case or 'pk__'}in": few}), False
        # In a form that no index answers: to read all rows of so many letters and sort them takes longer than to go
        # along the rows until there is a page of them.
        if not self.to_case:
            return queryset.alias(beginning=Left(column, len(text))).filter(beginning=text), False
        own = Case.objects.filter(pk=OuterRef(self.to_case.removesuffix("__")))
        return queryset.filter(Exists(own.alias(beginning=Left(column, len(text))).filter(beginning=text))), False


def _slug(text: str) -> str:
    """A letter's name ("Letter 1a2b") as it stands in addresses."""
    return "-".join(text.lower().replace("-", " ").split())


def few_ids(rows: QuerySet) -> list[int] | None:
    """The ids of ``rows``; None if they are more than a few."""
    ids = list(rows.order_by().values_list("pk", flat=True)[: _FEW + 1])
    return ids if len(ids) <= _FEW else None


class WithheldHidden(admin.ModelAdmin):
    """Rows of letters, of which those that are withheld are there for privacy officers alone.

    ``to_case`` leads from a row to its letter; "" on letters themselves.
    """

    to_case = "case__"

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows that this person may see."""
        rows = super().get_queryset(request)
        if request.user.has_perm("determinations.withhold"):
            return rows
        if not self.to_case:
            return rows.filter(withheld=False)
        return self.without(rows, Case.objects.filter(withheld=True).order_by())

    def without(self, rows: QuerySet, withheld: QuerySet) -> QuerySet:
        """The rows of other letters than the ``withheld``. These are few and have an index: no letter is looked at."""
        return rows.exclude(**{f"{self.to_case}in": withheld})


class NothingOfWithheld(admin.ModelAdmin):
    """Rows that belong to no letter; those that would tell of a withheld one are there for privacy officers alone."""

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        """The rows that this person may see."""
        rows = super().get_queryset(request)
        return rows if request.user.has_perm("determinations.withhold") else without_withheld(rows)


class ReadOnlyAdmin(KeyedAdmin):
    """Shows rows; they are made by ingesting and gone only with their letter."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class InOrder(admin.ModelAdmin):
    """A list in the order of its names, with numbered pages: for tables that do not grow with the letters."""

    paginator = BoundedPaginator
    sortable_by = None

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return ChangeList


class ReadOnlyInline(admin.TabularInline):
    """Rows that belong to another, shown with it."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
