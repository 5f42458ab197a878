"""What the admin's pages have in common."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import connection, models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from ..curation.following import follow
from ..models import Case

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


class SearchesFollow(admin.ModelAdmin):
    """Of what a change here alters in letters that are indexed already, searches learn."""

    def searches_follow(self, request: HttpRequest, cases: QuerySet[Case]) -> None:
        """The cases are indexed anew: at once, or where they are many in the background."""
        followed = follow(cases, by=request.user.get_username())
        if followed.job:
            text = f"{followed.letters:,} letters change; searches follow in the background: job {followed.job.pk}."
            self.message_user(request, text, messages.INFO)


class ReadOnlyInline(admin.TabularInline):
    """Rows that belong to another, shown with it."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
