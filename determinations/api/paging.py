"""Pages of the API's lists: cursors that stay good while letters come in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest

from .. import search
from ..filters import DecisionFilter
from ..models import DisputedItem
from ..strict import BadParameters, Problem

USUAL_LIMIT = 20
MAX_LIMIT = 100
# Results in the order of relevance can only be counted off, which costs more the further it goes.
MAX_RANKED = 10_000

# "n" and a place in an order, "p" and a number of results.
_CURSOR = re.compile(r"(?P<kind>[np])(?P<number>[0-9]{1,19})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: ``after`` a place in the order (None: at the first), or at ``offset``."""

    limit: int
    after: int | None = None
    offset: int = 0


def place(request: HttpRequest, *, ranked: bool) -> Place:
    """The page that an address asks for by ``limit`` and ``cursor``. Raises BadParameters."""
    limit = _limit(request.GET.get("limit", ""))
    cursor = request.GET.get("cursor", "")
    if not cursor:
        return Place(limit)
    found = _CURSOR.fullmatch(cursor)
    if not found or (found["kind"] == "p") != ranked or int(found["number"]) >= 1 << 63:
        raise BadParameters([Problem("cursor", "This is no cursor of this list; take it from “next”.")])
    number = int(found["number"])
    if ranked and number >= MAX_RANKED:
        message = f"Results in this order end at {MAX_RANKED:,}; sort=newest leads to all."
        raise BadParameters([Problem("cursor", message)])
    return Place(limit, offset=number) if ranked else Place(limit, after=number)


def _limit(text: str) -> int:
    if not text:
        return USUAL_LIMIT
    if not (text.isascii() and text.isdigit() and len(text) <= 4 and 1 <= int(text) <= MAX_LIMIT):
        raise BadParameters([Problem("limit", f"The limit must be a number from 1 to {MAX_LIMIT}.")])
    return int(text)


def is_ranked(asked: DecisionFilter) -> bool:
    """Whether the results are in the order of relevance, which has no places that stay."""
    return bool(asked.words) and asked.query.sort is search.Sort.RELEVANCE


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """Ids of DisputedItem, how many there are in all, and the cursor of the next page ("" on the last)."""

    item_ids: list[int]
    total: int
    next: str


def decisions(asked: DecisionFilter, at: Place, *, ranked: bool) -> DecisionPage:
    """A page of decisions. Raises SearchUnavailable or SearchError."""
    if ranked:
        found = search.find(asked.query, at.offset, at.limit)
        end = at.offset + at.limit
        more = end < found.decisions
        return DecisionPage(found.item_ids, found.decisions, f"p{end}" if more else "")
    walk = search.walk(asked.query, at.limit, at.after)
    hits = walk.next(at.limit + 1)  # one more tells whether there is a next page
    shown = hits[: at.limit]
    following = f"n{shown[-1].cursor}" if len(hits) > at.limit else ""
    return DecisionPage([hit.item_id for hit in shown], walk.total, following)


@dataclass(frozen=True, slots=True)
class CasePage:
    """Ids of Case in order, each with the positions of its decisions that fit, and the cursor of the next page."""

    matching: dict[int, list[int]]
    next: str


def cases(asked: DecisionFilter, at: Place) -> CasePage:
    """A page of letters with decisions that fit, those decided last first. Raises SearchUnavailable or SearchError.

    The decisions of a letter stand side by side in that order, so that its page has all of them.
    """
    newest = replace(asked.query, sort=search.Sort.NEWEST)
    matching: dict[int, list[int]] = {}
    cursor = at.after
    for hit, case_id, position in _with_cases(search.walk(newest, at.limit + 1, at.after)):
        if case_id not in matching and len(matching) == at.limit:
            return CasePage(matching, f"n{cursor}")
        matching.setdefault(case_id, []).append(position)
        cursor = hit.cursor
    return CasePage(matching, "")


def _with_cases(walk: search.Walk) -> Iterator[tuple[search.Hit, Any, Any]]:
    while hits := walk.next(MAX_LIMIT):
        rows = DisputedItem.objects.public().filter(id__in=[hit.item_id for hit in hits])
        known = {pk: (case, position) for pk, case, position in rows.values_list("id", "case_id", "position")}
        for hit in hits:
            if hit.item_id in known:
                yield hit, *known[hit.item_id]
