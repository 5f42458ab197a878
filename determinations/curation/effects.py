"""What a change of names would change: counted from the database, before it is made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from ..labels import FACETS
from ..models import Case, DisputedItem, GuidelineCitation, Reviewer, ReviewerCredential, TreatmentCategory
from .names_state import GUIDELINE, TREATMENT, Kind, State

_EXAMPLES = 5
_SIDES = {
    "guideline": GuidelineCitation.Side.REVIEWER.value,
    "administrator": GuidelineCitation.Side.CLAIMS_ADMINISTRATOR.value,
}
_ROLES = {
    "board": ReviewerCredential.Role.BOARD_CERTIFICATION.value,
    "subspecialty": ReviewerCredential.Role.SUBSPECIALTY.value,
}


@dataclass(frozen=True, slots=True)
class FacetChange:
    """A value of a facet that has more or fewer decisions afterwards."""

    facet: str
    name: str
    gains: int
    loses: int


@dataclass(frozen=True, slots=True)
class Preview:
    """How many letters and decisions a change concerns, the facets that it changes, and its first decisions."""

    letters: int
    decisions: int
    facets: tuple[FacetChange, ...]
    examples: tuple[DisputedItem, ...]


def preview(kind: Kind, before: State, after: State) -> Preview:
    """Count what changes from one state to the other."""
    items = _items(kind, before, after)
    examples = items.filter(case__withheld=False).select_related("case").defer("rationale", "case__clinical_summary")
    return Preview(
        items.order_by().values("case").distinct().count(),
        items.count(),
        tuple(_facets(kind, before, after)),
        tuple(examples.order_by("id")[:_EXAMPLES]),
    )


def letters(kind: Kind, before: State, after: State) -> int:
    """How many letters a change concerns."""
    return _items(kind, before, after).order_by().values("case").distinct().count()


def _items(kind: Kind, before: State, after: State) -> QuerySet[DisputedItem]:
    """The decisions that a change concerns: by wordings that move, and by records that change or go."""
    moved = _moved(before, after)
    changed = [int(pk) for pk, fields in before["records"].items() if fields and fields != after["records"].get(pk)]
    items = DisputedItem.objects.all()
    if kind is TREATMENT:
        appears = [int(pk) for pk, fields in before["records"].items() if fields is None]
        into = [pk for pk, fields in before["records"].items() if fields and appears]
        return items.filter(category__in=[*changed, *map(int, into)])
    wanted = Q(wording__in=moved) | Q(**{f"wording__{kind.pointer}__in": changed})
    if kind is GUIDELINE:
        return items.filter(pk__in=GuidelineCitation.objects.filter(wanted).values("item"))
    return items.filter(case__reviewer__in=ReviewerCredential.objects.filter(wanted).values("reviewer"))


def _moved(before: State, after: State) -> list[int]:
    return [int(pk) for pk, record in after["wordings"].items() if before["wordings"].get(pk) != record]


# ---- facets -----------------------------------------------------------------------------------------------------


def _facets(kind: Kind, before: State, after: State) -> Iterator[FacetChange]:
    if kind is TREATMENT:
        yield from _treatments(before, after)
        return
    gets: dict[Any, list[int]] = defaultdict(list)
    gives: dict[Any, list[int]] = defaultdict(list)
    for pk in _moved(before, after):
        old, new = before["wordings"].get(str(pk)), after["wordings"][str(pk)]
        if old is not None:
            gives[old].append(pk)
        if new is not None:
            gets[new].append(pk)
    names = _names(kind, {*gets, *gives}, before, after)
    for record in sorted({*gets, *gives}, key=str):
        for facet in kind.facets:
            gains = _without(kind, facet, gets[record], record, frozenset()) if gets[record] else 0
            loses = _without(kind, facet, gives[record], record, frozenset(gives[record])) if gives[record] else 0
            if gains or loses:
                yield FacetChange(FACETS[facet], names[record], gains, loses)


def _names(kind: Kind, records: set[Any], before: State, after: State) -> dict[Any, str]:
    rows = kind.model.objects.in_bulk([pk for pk in records if isinstance(pk, int)])
    told = {pk: fields for state in (before, after) for pk, fields in state["records"].items() if fields}
    return {pk: str(rows[pk]) if pk in rows else told[str(pk)]["name"] for pk in records}


def _without(kind: Kind, facet: str, wordings: list[int], record: Any, but: frozenset[int]) -> int:
    """How many decisions have one of ``wordings``, and no other (``but`` left out) that stands for ``record``."""
    other = Q(pk__in=[]) if not isinstance(record, int) else Q(**{f"wording__{kind.pointer}": record})
    if kind is GUIDELINE:
        cited = GuidelineCitation.objects.filter(item=OuterRef("pk"), side=_SIDES[facet])
        citing = GuidelineCitation.objects.filter(wording__in=wordings, side=_SIDES[facet]).values("item")
        rows = DisputedItem.objects.filter(pk__in=citing)
        return rows.exclude(Exists(cited.filter(other).exclude(wording__in=but))).count()
    roles = Q(role=_ROLES[facet]) if facet in _ROLES else Q()
    held = ReviewerCredential.objects.filter(roles, reviewer=OuterRef("pk"))
    holding = ReviewerCredential.objects.filter(roles, wording__in=wordings).values("reviewer")
    reviewers = Reviewer.objects.filter(pk__in=holding).exclude(Exists(held.filter(other).exclude(wording__in=but)))
    return DisputedItem.objects.filter(case__in=Case.objects.filter(reviewer__in=reviewers.values("pk"))).count()


def _treatments(before: State, after: State) -> Iterator[FacetChange]:
    for pk, old in before["records"].items():
        if old and after["records"].get(pk) is None:
            leads = after["addresses"].get(old["slug"])
            count = DisputedItem.objects.filter(category=pk).count()
            yield FacetChange(FACETS["treatment"], str(TreatmentCategory.objects.get(pk=pk)), 0, count)
            if into := TreatmentCategory.objects.filter(slug=leads).first():
                yield FacetChange(FACETS["treatment"], str(into), count, 0)
