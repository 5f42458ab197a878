"""What a change of names would change, told before it is made: letters, decisions, and counts of facets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from .. import search
from ..labels import FACETS
from ..models import Case, DisputedItem, GuidelineCitation, TreatmentCategory
from ..search import DecisionQuery, Sort
from . import effects_counted
from .effects_counted import Counting, concerned
from .names_state import DRUG, GUIDELINE, TREATMENT, Kind, State

_EXAMPLES = 5
_LOOKED_AT = 8  # wordings, profiles or categories, each for its newest decisions


@dataclass(frozen=True, slots=True)
class FacetChange:
    """A value of a facet that has more or fewer decisions afterwards."""

    facet: str
    name: str
    gains: int
    loses: int


@dataclass(frozen=True, slots=True)
class Preview:
    """How many letters and decisions a change concerns, the facets that it changes, and some of its decisions.

    ``whole``: whether all were looked at; else there are more than these.
    """

    letters: int
    decisions: int
    facets: tuple[FacetChange, ...]
    examples: tuple[DisputedItem, ...]
    whole: bool = True


def preview(kind: Kind, before: State, after: State) -> Preview:
    """Count what changes from one state to the other."""
    counting = effects_counted.counting(kind, before, after)
    decisions, letters = counting.concerned()
    facets = tuple(_facets(kind, before, after, counting))
    return Preview(letters, decisions, facets, tuple(_examples(kind, before, after)))


def letters(kind: Kind, before: State, after: State) -> int:
    """How many letters a change concerns."""
    return effects_counted.counting(kind, before, after).concerned()[1]


# ---- facets -----------------------------------------------------------------------------------------------------


def _facets(kind: Kind, before: State, after: State, counting: Counting) -> Iterator[FacetChange]:
    if kind is TREATMENT:
        yield from _treatments(before, after, counting)
        return
    gets: dict[Any, list[int]] = defaultdict(list)
    gives: dict[Any, list[int]] = defaultdict(list)
    for pk in effects_counted.moved(before, after):
        old, new = before["wordings"].get(str(pk)), after["wordings"][str(pk)]
        if old is not None:
            gives[old].append(pk)
        if new is not None:
            gets[new].append(pk)
    names = _names(kind, {*gets, *gives}, before, after)
    for record in sorted({*gets, *gives}, key=str):
        for facet in kind.facets:
            gains = counting.without(facet, gets[record], record, frozenset()) if gets[record] else 0
            loses = counting.without(facet, gives[record], record, frozenset(gives[record])) if gives[record] else 0
            if gains or loses:
                yield FacetChange(FACETS[facet], names[record], gains, loses)


def _names(kind: Kind, records: set[Any], before: State, after: State) -> dict[Any, str]:
    rows = kind.model.objects.in_bulk([pk for pk in records if isinstance(pk, int)])
    told = {pk: fields for state in (before, after) for pk, fields in state["records"].items() if fields}
    return {pk: str(rows[pk]) if pk in rows else told[str(pk)]["name"] for pk in records}


def _treatments(before: State, after: State, counting: Counting) -> Iterator[FacetChange]:
    for pk, old in before["records"].items():
        if old and after["records"].get(pk) is None:
            leads = after["addresses"].get(old["slug"])
            count = counting.in_category(int(pk))
            yield FacetChange(FACETS["treatment"], str(TreatmentCategory.objects.get(pk=pk)), 0, count)
            if into := TreatmentCategory.objects.filter(slug=leads).first():
                yield FacetChange(FACETS["treatment"], str(into), count, 0)


# ---- examples ---------------------------------------------------------------------------------------------------


def _examples(kind: Kind, before: State, after: State) -> Iterable[DisputedItem]:
    """Some of the newest public decisions, found by an index however many there are."""
    rows = DisputedItem.objects.filter(case__withheld=False).select_related("case")
    rows = rows.defer("rationale", "case__clinical_summary").order_by("-id")
    told = concerned(kind, before, after)
    if kind is TREATMENT:
        filed = [one for pk in told.categories for one in sorted(TreatmentCategory.objects.filed_as([pk]))]
        found = {item.pk: item for pk in filed[:_LOOKED_AT] for item in rows.filter(filed_under=pk)[:_EXAMPLES]}
    elif kind is DRUG:
        named = {str(before["wordings"][str(pk)]) for pk in told.moved} | set(map(str, told.changed))
        asked = DecisionQuery(chosen={"drug": named - {"None"}}, sort=Sort.NEWEST)
        found = rows.in_bulk(search.find(asked, limit=_EXAMPLES).item_ids if asked.chosen else [])
    elif kind is GUIDELINE:
        wordings = islice(told.wordings(), _LOOKED_AT)
        citing = GuidelineCitation.objects.filter(item__case__withheld=False).order_by("-id").values_list("item")
        ids = {item for pk in wordings for (item,) in citing.filter(wording=pk)[:_EXAMPLES]}
        found = rows.in_bulk(ids)
    else:
        profiles = sorted(told.profiles(), reverse=True)[:_LOOKED_AT]
        cases = Case.objects.public().order_by("-id").values_list("id")
        ids = {case for pk in profiles for (case,) in cases.filter(reviewer=pk)[:_EXAMPLES]}
        found = {item.pk: item for item in rows.filter(case__in=ids)}
    return sorted(found.values(), key=lambda item: item.pk)[-_EXAMPLES:]
