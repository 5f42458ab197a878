"""What the admin's pages have in common."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import cached_property

from .. import search
from ..models import Case

logger = logging.getLogger(__name__)

_COUNTED_UP_TO = 10_000
_INDEXED_AT_ONCE = 2_000  # letters that are indexed anew while a curator waits


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


class WithRight(admin.ModelAdmin):
    """What is changed by whoever has ``right``, whichever kind of row it is; lists are for who may view them."""

    right: str  # "determinations.edit_names"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(self.right)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(self.right)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(self.right)


class SearchesFollow(admin.ModelAdmin):
    """Of what a change here alters in letters that are indexed already, searches learn."""

    def searches_follow(self, request: HttpRequest, cases: QuerySet[Case]) -> None:
        """The cases are indexed anew: at once, or where they are many when the index is next brought in step."""
        touched = Case.objects.filter(pk__in=cases.values("pk")).update(index_pending=True, updated_at=timezone.now())
        if touched <= _INDEXED_AT_ONCE:
            transaction.on_commit(lambda: self._index(request, touched))
        else:
            self._say_that_searches_wait(request, touched)

    def _index(self, request: HttpRequest, touched: int) -> None:
        """What is saved stays so, whatever the state of the search index."""
        try:
            search.index_pending(build=False)
        except (search.SearchError, search.SearchUnavailable, OSError):
            logger.exception("%d changed letters could not be indexed", touched)
            self._say_that_searches_wait(request, touched)

    def _say_that_searches_wait(self, request: HttpRequest, touched: int) -> None:
        message = f"{touched:,} letters change; searches follow when sync_index is run."
        self.message_user(request, message, messages.WARNING)


class ReadOnlyInline(admin.TabularInline):
    """Rows that belong to another, shown with it."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
