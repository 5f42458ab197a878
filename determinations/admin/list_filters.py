"""Filters of lists whose values are known beforehand: none looks through a table for what there is to choose."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.http import HttpRequest

Choices = Iterable[tuple[str, str]]
_PEOPLE = 200


def known(column: str, choices: Callable[[], Choices], title: str = "") -> type[admin.SimpleListFilter]:
    """A filter by a column, of which ``choices`` tells the values with their labels."""

    class Known(admin.SimpleListFilter):
        parameter_name = column

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
            return list(choices())

        def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
            value = self.value()
            offered = {str(one) for one, _ in self.lookup_choices}
            return queryset.filter(**{column: value}) if value in offered else queryset

    Known.title = title or column.replace("_", " ")
    return Known


def same(values: Iterable[str]) -> Callable[[], Choices]:
    """Values that are their own labels."""
    kept = [(value, value) for value in values]
    return lambda: kept


def people() -> Choices:
    """Those who may log in to the admin, by id."""
    users = get_user_model().objects.filter(is_staff=True).order_by("username").values_list("pk", "username")
    return [(str(pk), name) for pk, name in users[:_PEOPLE]]
