"""What the admin's pages have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import connection, models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

_COUNTED_UP_TO = 10_000


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
        return rows.filter(**{f"{self.to_case}withheld": False})


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


class ReadOnlyInline(admin.TabularInline):
    """Rows that belong to another, shown with it."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
