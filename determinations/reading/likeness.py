"""Decisions like another one: what they share with it, and the nearest that were upheld and overturned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Prefetch

from .. import search, vocabulary
from ..asking.tokens import normalised
from ..drugs import called_now
from ..models import DisputedItem, GuidelineCitation
from .comparing import address
from .prose import conclusion

# Candidates that the engine is asked for, for each outcome; the likest of them, one a letter, are shown.
_CANDIDATES = 20
# The same part of the body or the same category alone makes no likeness, and no guideline makes up for it.
_LEAST = 4
_LONGEST_LISTED = 3  # names of one kind, in words


@dataclass(frozen=True, slots=True)
class Shared:
    """One kind of thing that two decisions have in common. ``weight``: how much it tells of their likeness."""

    words: str
    weight: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """A decision like the one in hand: what both have in common, and what its reviewer found."""

    item: DisputedItem
    shared: tuple[str, ...]
    reasons: tuple[str, ...]
    concludes: str
    compare: str  # the address where both stand side by side


@dataclass(frozen=True, slots=True)
class Similar:
    """The nearest decisions by outcome, the likest first."""

    upheld: tuple[Likeness, ...]
    overturned: tuple[Likeness, ...]

    def __bool__(self) -> bool:
        return bool(self.upheld or self.overturned)

    def __iter__(self) -> Iterator[tuple[str, tuple[Likeness, ...]]]:
        yield "Overturned", self.overturned
        yield "Upheld", self.upheld


def similar(item: DisputedItem, most: int = 4) -> Similar | None:
    """Up to ``most`` decisions a side that are most like ``item``; None while the search does not answer."""
    likeness = search.Likeness.of(item)
    try:
        telling = search.telling_words(likeness)
        ids = {outcome: search.similar(likeness, outcome, _CANDIDATES) for outcome in DisputedItem.Outcome.values}
    except (search.SearchUnavailable, search.SearchError):
        return None
    there = _with_facts([pk for found in ids.values() for pk in found])
    nearest = {
        outcome: _nearest(item, [there[pk] for pk in found if pk in there], telling, most)
        for outcome, found in ids.items()
    }
    return Similar(nearest[DisputedItem.Outcome.UPHELD], nearest[DisputedItem.Outcome.OVERTURNED])


def _with_facts(ids: Sequence[int]) -> dict[int, DisputedItem]:
    citations = GuidelineCitation.objects.select_related("wording__guideline")
    found: dict[int, DisputedItem] = (
        DisputedItem.objects.public()
        .select_related("case", *DisputedItem.CATEGORY)
        .prefetch_related(Prefetch("citations", citations))
        .in_bulk(ids)
    )
    called_now(found.values())
    return found


def _nearest(
    item: DisputedItem, others: Sequence[DisputedItem], telling: Sequence[str], most: int
) -> tuple[Likeness, ...]:
    """The likest of ``others``, one a letter; of equally like ones those that the engine put first."""
    told = [(other, shared(item, other, telling)) for other in others]
    told.sort(key=lambda row: -sum(one.weight for one in row[1]))
    letters: set[int] = {item.case_id}
    nearest: list[Likeness] = []
    for other, common in told:
        told_enough = sum(one.weight for one in common) >= _LEAST
        if other.case_id not in letters and told_enough and len(nearest) < most:
            letters.add(other.case_id)
            nearest.append(_likeness(item, other, common))
    return tuple(nearest)


def _likeness(like: DisputedItem, item: DisputedItem, common: Sequence[Shared]) -> Likeness:
    known = vocabulary.reasons()
    place = conclusion(item.rationale, item.finding)
    return Likeness(
        item=item,
        shared=tuple(one.words for one in common),
        reasons=tuple(known[code].label for code in item.reasons if code in known),
        concludes=item.rationale[slice(*place)] if place else "",
        compare=address((like, item)),
    )


def shared(one: DisputedItem, other: DisputedItem, telling: Sequence[str] = ()) -> list[Shared]:
    """What two decisions have in common, what tells most first; nothing if they have nothing.

    ``telling``: words of the first one's heading that say what it is about.
    """
    return list(_shared(one, other, telling))


def _shared(one: DisputedItem, other: DisputedItem, telling: Sequence[str]) -> Iterator[Shared]:
    asked, also = one.request, other.request
    drugs, others = ([drug["generic"] for drug in request.get("drugs", ())] for request in (asked, also))
    if common := _common(drugs, others):
        yield Shared(_same("drug", common), 4 + _part(common, drugs, others))
    else:
        groups = ([drug["group"] for drug in request.get("drugs", ())] for request in (asked, also))
        if of_kind := _common(*groups):
            yield Shared(_same("kind of drug", of_kind), 4)
    procedures = _common(asked.get("procedures", ()), also.get("procedures", ()))
    if procedures:
        yield Shared(_same("treatment", procedures), 4 + _part(procedures, asked["procedures"], also["procedures"]))
    if not (common or procedures):
        words = _common(telling, normalised(other.title).split())
        if words:
            yield Shared(_same("word", words), 4)
    bodies = ([part["part"] for part in request.get("body_parts", ())] for request in (asked, also))
    if parts := _common(*bodies):
        yield Shared(_same("body part", parts), 2 + min(len(parts), 2) / 4)
    if one.category and one.category == other.category and not (common or procedures):
        yield Shared(_same("category", [one.category.name]), 2)
    if asked.get("compound") and also.get("compound"):
        yield Shared("both compounded", 2)
    yield from _same_amount(asked, also)
    guidelines = _common(_cited(one), _cited(other))
    if guidelines:
        yield Shared(_same("guideline", guidelines), 0.75)


def _part(common: Sequence[str], one: Sequence[str], other: Sequence[str]) -> float:
    """How much of all that was asked for is common to both, from 0 to 4."""
    return 4 * len(common) / len({*one, *other})


def _same_amount(asked: dict, also: dict) -> Iterator[Shared]:
    """The same number of the same unit tells something of a request that is alike otherwise."""
    quantity = asked.get("quantity")
    if quantity and quantity == also.get("quantity") and quantity["unit"]:
        yield Shared("same quantity", 0.5)


def _cited(item: DisputedItem) -> list[str]:
    return [citation.wording.guideline.name for citation in item.cited_by_reviewer if citation.wording.guideline]


def _common(one: Sequence[str], other: Sequence[str]) -> list[str]:
    there = set(other)
    return [name for name in dict.fromkeys(one) if name and name in there]


def _same(kind: str, names: Sequence[str]) -> str:
    more = len(names) - _LONGEST_LISTED
    listed = ", ".join(names[:_LONGEST_LISTED]) + (f" and {more} more" if more > 0 else "")
    several = {"category": "categories", "kind of drug": "kinds of drug"}.get(kind, f"{kind}s")
    return f"same {kind if len(names) == 1 else several}: {listed}"
