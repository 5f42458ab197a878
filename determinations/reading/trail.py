"""Where a reader came from: the search, the decision's place in its results, and the decisions before and after it.

A case page that is opened from a result carries the search's own parameters and ``at``, the rank of the decision
from 1. Both may be wrong or out of date; the page is then shown with as much of the way as is still true.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse

from .. import search
from ..filters import MAX_PAGE, PAGE_SIZES, DecisionFilter
from ..models import Case, DisputedItem

# How far from its rank a decision is looked for when letters came or went since the results were shown.
_DRIFT = 25


@dataclass(frozen=True, slots=True)
class Step:
    """A decision beside this one in the results: where it is and what it is about."""

    url: str
    title: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Trail:
    """The way back. ``rank`` 0: the decision's place is not known; ``moved``: it is not there any more."""

    back: str
    words: str
    rank: int = 0
    decisions: int = 0
    position: int = 0  # the item of the letter that is meant
    previous: Step | None = None
    next: Step | None = None
    moved: bool = False


def rank(text: str | None) -> int:
    """The rank that ``at`` gives, 0 if it gives none."""
    if not text or len(text) > 9 or not (text.isascii() and text.isdigit()):
        return 0
    number = int(text)
    return number if number <= MAX_PAGE * PAGE_SIZES[0] else 0


def address(asked: DecisionFilter, item: DisputedItem, at: int) -> str:
    """The address of a decision as the ``at``-th result of a search."""
    return f"{item.case.get_absolute_url()}{asked.address(at=[str(at)])}#{item.anchor}"


def trail(case: Case, parameters: Mapping, asked: DecisionFilter) -> Trail | None:
    """The way that led to ``case``, None if it was not opened from a search. Raises nothing."""
    at = rank(parameters.get("at"))
    if not at and not any(asked.parameters().values()):
        return None
    here = Trail(_back(asked, at or 1), asked.words)
    if not at:
        return here
    try:
        return _placed(case, asked, at, here)
    except (search.SearchUnavailable, search.SearchError):
        return here


def _placed(case: Case, asked: DecisionFilter, at: int, unplaced: Trail) -> Trail:
    """The way with its steps; looked for nearby if the decision is not at its rank any more."""
    own = {item.pk: item for item in case.items.all()}
    around = _around(asked, at, 1)
    if around.get(at) not in own:
        near = [one for one, pk in _around(asked, at, _DRIFT).items() if pk in own]
        if not near:
            there = at <= around.decisions
            return replace(unplaced, moved=True, back=unplaced.back if there else _back(asked, 1))
        at = min(near, key=lambda one: abs(one - at))
        around = _around(asked, at, 1)
        if around.get(at) not in own:  # a commit came in between
            return replace(unplaced, moved=True)
    return _steps(unplaced, asked, around, own[around[at]], at)


class _Ranked(dict[int, int]):
    """Rank -> id of the decision; ``decisions``: how many there are in all."""

    decisions: int = 0


def _around(asked: DecisionFilter, at: int, distance: int) -> _Ranked:
    """The results up to ``distance`` before and after a rank."""
    first = max(at - distance, 1)
    found = search.find(asked.query, offset=first - 1, limit=at + distance + 1 - first)
    ranked = _Ranked(enumerate(found.item_ids, start=first))
    ranked.decisions = found.decisions
    return ranked


def _steps(unplaced: Trail, asked: DecisionFilter, around: _Ranked, item: DisputedItem, at: int) -> Trail:
    beside = [around[one] for one in (at - 1, at + 1) if one in around]
    there = DisputedItem.objects.public().select_related("case").in_bulk(beside)

    def step(one: int) -> Step | None:
        other = there.get(around.get(one, 0))
        return Step(address(asked, other, one), other.title, other.outcome) if other else None

    return replace(
        unplaced,
        back=_back(asked, at),
        rank=at,
        decisions=around.decisions,
        position=item.position,
        previous=step(at - 1),
        next=step(at + 1),
    )


def _back(asked: DecisionFilter, at: int) -> str:
    """The address of the page of results that holds a rank."""
    page = (at - 1) // asked.page_size + 1
    return reverse("decisions") + asked.page_address(page).removesuffix("?")
