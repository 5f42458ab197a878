"""Lists that are paged by key: "older" and "newer" lead on from a row, not over the rows before it.

The first page of a list and its last one cost the same, and rows that come in meanwhile do not push others from page
to page.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import IGNORED_PARAMS, ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest

from .walking import Number, WalkedPaginator, number, number_of_all, walk

AFTER, BEFORE = "after", "before"  # the id of a row; shown is what is older, or newer


class KeyedList(ChangeList):
    """The newest rows first, in the order of their ids, a page at a time.

    ``older`` and ``newer``: query strings of the pages beside this one, empty where there is none. ``how_many``: of a
    first page, how many rows the list has. ``broken_off``: the page looked no further for want of time.
    """

    keyed = True

    def __init__(self, request: HttpRequest, *arguments: Any, **options: Any) -> None:
        if any("\0" in value for values in request.GET.lists() for value in values[1]):
            raise IncorrectLookupParameters
        asked, request.GET = request.GET, request.GET.copy()
        self.after, self.before = (_id(request.GET.pop(name, [""])[-1]) for name in (AFTER, BEFORE))
        self.older = self.newer = ""
        self.how_many: Number | None = None
        self.broken_off = False
        try:
            super().__init__(request, *arguments, **options)
        finally:
            request.GET = asked
        # Whoever comes back from a row comes back to the page that it was on.
        self.preserved_filters = self.model_admin.get_preserved_filters(request)

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[str]:
        """By id; no column sorts these lists, since none of their filters' rows could be read in its order."""
        return ["-pk"]

    def get_ordering_field_columns(self) -> dict[int, str]:
        return {}

    def get_results(self, request: HttpRequest) -> None:
        """Find the rows of the page."""
        ids = self._ids_before()
        if ids is None:
            ids = self._ids_after()
        rows = self.apply_select_related(self.root_queryset).defer(*self.model_admin.list_without)
        self.result_list = rows.filter(pk__in=ids).order_by("-pk")
        self.result_count = self.full_result_count = self.how_many.rows if self.how_many else len(ids)
        self.show_full_result_count = self.show_admin_actions = True
        self.can_show_all = self.multi_page = False
        self.paginator = None

    @property
    def narrowed(self) -> bool:
        """Whether these are not all rows."""
        return bool(self.query or set(self.filter_params) - set(IGNORED_PARAMS))

    def _ids_before(self) -> list[int] | None:
        """The page that ends where ``before`` is; None at the top of the list, where the first page is shown."""
        if self.before is None or self.after is not None:
            return None
        found = walk(self.queryset, self.list_per_page + 1, self.before, down=False)
        ids = found.ids[: self.list_per_page][::-1]
        if len(found.ids) <= self.list_per_page and found.reached is None:
            return None
        self.broken_off = len(ids) < self.list_per_page
        self.newer = self._at(BEFORE, found.reached if self.broken_off else ids[0])
        self.older = self._at(AFTER, ids[-1] if ids else self.before + 1)
        return ids

    def _ids_after(self) -> list[int]:
        """The page behind ``after``, or the first one."""
        found = walk(self.queryset, self.list_per_page + 1, self.after)
        ids = found.ids[: self.list_per_page]
        if len(found.ids) > self.list_per_page:
            self.older = self._at(AFTER, ids[-1])
        elif found.reached is not None:
            self.broken_off, self.older = True, self._at(AFTER, found.reached)
        if self.after is not None:
            self.newer = self._at(BEFORE, ids[0] if ids else self.after - 1)
        elif not self.older:
            self.how_many = Number(len(ids))
        elif self.narrowed:
            self.how_many = number(self.queryset)
        else:
            self.how_many = number_of_all(self.model)
        return ids

    def _at(self, name: str, pk: int | None) -> str:
        return self.get_query_string({name: pk})


def _id(text: str) -> int | None:
    """The id in an address; what is none is as if it were not there."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


class KeyedAdmin(admin.ModelAdmin):
    """A list that is paged by key. ``list_without``: long columns, which the list does not show and does not load."""

    list_without: tuple[str, ...] = ()
    list_per_page = 50
    sortable_by = ()
    show_facets = admin.ShowFacets.NEVER  # numbers beside filters would be counted over the whole table
    show_full_result_count = False
    paginator = WalkedPaginator

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return KeyedList
