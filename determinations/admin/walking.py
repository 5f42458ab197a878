"""Finds the rows of a page in a table of any size, by going along its primary key.

A list is narrowed by filters and words in combinations that nobody foresaw, and no set of indexes answers them all. So
a page is looked for along the primary key, a stretch at a time: a short one first, since most of what is asked for is
found at once; then longer ones, as long as the time of a page lasts. Where an index answers, the stretches grow to the
whole table within a few steps. Where none does and what is wanted is rare, the page says that it has not looked
through everything, and goes on from there when asked to.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db import connection, models
from django.db.models import QuerySet

COUNTED_UP_TO = 10_000
SECONDS = 0.1  # for finding the rows of a page
_SECONDS_FOR_COUNTING = 0.04
_WIDTH = 250  # ids of the first stretch
_GROWTH = 8  # the next stretch is at most so many times as long
_SHORTEST = 1e-4  # seconds; what the clock tells below is chance
_COMPLETED = 200  # rows that are offered to whoever types


@dataclass(frozen=True, slots=True)
class Found:
    """The ids that were found, on the way; ``reached``: where looking was broken off, None if all was looked through.

    Whoever found as many as were wanted has not looked further, whatever there is.
    """

    ids: list[int]
    reached: int | None


@dataclass(frozen=True, slots=True)
class Number:
    """How many rows there are: exactly, ``about`` so many (an estimate), or ``at_least`` (not counted further)."""

    rows: int
    about: bool = False
    at_least: bool = False

    def __str__(self) -> str:
        before = "about " if self.about else "at least " if self.at_least else ""
        return f"{before}{self.rows:,}"


def walk(rows: QuerySet[Any], wanted: int, start: int | None = None, *, down: bool = True) -> Found:
    """The ids of the first ``wanted`` rows behind ``start``, from the highest id down or from the lowest up.

    ``rows``: a queryset of a model whose primary key is a number; its order does not matter.
    """
    ids: list[int] = []
    reached: int | None = None
    for stretch, edge, last in _stretches(rows.order_by(), start, SECONDS, down=down):
        ids += stretch.order_by("-pk" if down else "pk").values_list("pk", flat=True)[: wanted - len(ids)]
        reached = None if last else edge
        if len(ids) == wanted:
            break
    return Found(ids, reached)


def number(rows: QuerySet[Any]) -> Number:
    """How many rows a queryset has, counted as long as there is time."""
    found, complete = 0, True
    for stretch, _, last in _stretches(rows.order_by(), None, _SECONDS_FOR_COUNTING, down=True):
        found += stretch.values("pk")[: COUNTED_UP_TO + 1 - found].count()
        complete = last
        if found > COUNTED_UP_TO:
            return Number(COUNTED_UP_TO, at_least=True)
    return Number(found, at_least=not complete)


def number_of_all(model: type[models.Model]) -> Number:
    """About how many rows a table has: PostgreSQL's statistics, or the span of its ids; of a small one exactly."""
    ends = _ends(model)
    if ends is None:
        return Number(0)
    span = ends[1] - ends[0] + 1
    if span <= COUNTED_UP_TO:
        return Number(model._default_manager.count())
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [model._meta.db_table])
            row = cursor.fetchone()
        span = row[0] if row and row[0] > 0 else span  # -1: nobody has looked at the table yet
    return Number(int(span), about=True)


class WalkedPaginator(Paginator):
    """The first rows of a queryset, the newest first: what completes the words that somebody types."""

    def __init__(self, object_list: Any, *arguments: Any, **options: Any) -> None:
        ids = walk(object_list, _COMPLETED).ids
        super().__init__(object_list.filter(pk__in=ids).order_by("-pk"), *arguments, **options)
        self.count = len(ids)  # type: ignore[misc]


def _ends(model: type[models.Model]) -> tuple[int, int] | None:
    """The lowest and the highest id of a table, each read off its index; None if it is empty."""
    ids = model._default_manager.order_by("pk").values_list("pk", flat=True)
    first, last = ids.first(), ids.last()
    return None if first is None or last is None else (first, last)


def _stretches(
    rows: QuerySet[Any], start: int | None, seconds: float, *, down: bool
) -> Iterator[tuple[QuerySet[Any], int, bool]]:
    """The rows of one stretch of ids after the other, with its far edge, and whether it is the last one.

    A stretch is as long as the time that the ones before took allows: whoever takes them asks the database in between.
    """
    ends = _ends(rows.model)
    if ends is None:
        return
    first, last = ends
    began = time.perf_counter()
    place = last + 1 if down else first - 1
    if start is not None:
        place = min(place, start) if down else max(place, start)
    width = _WIDTH
    while place > first if down else place < last:
        edge = max(place - width, first) if down else min(place + width, last)
        between = {"pk__lt": place, "pk__gte": edge} if down else {"pk__gt": place, "pk__lte": edge}
        asked = time.perf_counter()
        yield rows.filter(**between), edge, edge == (first if down else last)
        now = time.perf_counter()
        left = seconds - (now - began)
        width = int(width * min(_GROWTH, left / max(now - asked, _SHORTEST)))
        if width < _WIDTH:
            return
        place = edge
