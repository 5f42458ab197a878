"""Counting the decisions that a change of names concerns: few in the database, many by what the index holds.

The database has to read every citation that moves, some hundred thousand a second, and of drugs every request. The
index holds what each decision is known by in columns: two million are looked through in some milliseconds. It counts
what searches find, so without withheld letters, and without what came in since it was last written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Exists, OuterRef, Q, QuerySet

from .. import search
from ..labels import drug_key
from ..models import (
    Case,
    DisputedItem,
    DrugWording,
    GuidelineCitation,
    Reviewer,
    ReviewerCredential,
    TreatmentCategory,
)
from ..search import Having
from .guideline_keys import are_told_apart, held_as
from .names_state import DRUG, GUIDELINE, TREATMENT, Kind, Refused, State

FEW = 5_000  # decisions that are counted in the database

SIDES = {
    "guideline": GuidelineCitation.Side.REVIEWER.value,
    "administrator": GuidelineCitation.Side.CLAIMS_ADMINISTRATOR.value,
}
_ROLES = {
    "board": ReviewerCredential.Role.BOARD_CERTIFICATION.value,
    "subspecialty": ReviewerCredential.Role.SUBSPECIALTY.value,
}


class Counting(Protocol):
    """How many decisions a change concerns in which way."""

    def concerned(self) -> tuple[int, int]:
        """How many decisions it concerns, in how many letters."""

    def without(self, facet: str, wordings: list[int], record: Any, but: frozenset[int]) -> int:
        """How many decisions have one of ``wordings``, and no other (``but`` left out) that stands for ``record``."""

    def in_category(self, pk: int) -> int:
        """How many decisions stand in a category of treatments itself."""


def counting(kind: Kind, before: State, after: State) -> Counting:
    """What counts the decisions that a change concerns."""
    told = concerned(kind, before, after)
    if kind is DRUG:
        try:
            return _Indexed(told)
        except (search.SearchError, search.SearchUnavailable) as error:
            raise Refused("The search index is being built; what would change cannot be counted until then.") from error
    if told.places()[: FEW + 1].count() > FEW and (kind is not GUIDELINE or told.are_whole_keys()):
        try:
            return _Indexed(told)
        except (search.SearchError, search.SearchUnavailable):
            pass  # in the database it takes longer
    return _Stored(told)


# ---- what a change concerns ---------------------------------------------------------------------------------------


def moved(before: State, after: State) -> list[int]:
    """The wordings that stand for another record afterwards."""
    return [int(pk) for pk, record in after["wordings"].items() if before["wordings"].get(pk) != record]


@dataclass(frozen=True, slots=True)
class Concerned:
    """The wordings that move and the records that change or go; of treatments the categories."""

    kind: Kind
    moved: list[int]
    changed: list[int]
    categories: list[int]

    @property
    def _wanted(self) -> Q:
        return Q(wording__in=self.moved) | Q(**{f"wording__{self.kind.pointer}__in": self.changed})

    def wordings(self) -> Iterator[int]:
        """The wordings that move, then the others of the records that change."""
        yield from self.moved
        rows = self.kind.wordings.objects.filter(**{f"{self.kind.pointer}__in": self.changed})
        yield from rows.values_list("pk", flat=True).iterator()

    def profiles(self) -> set[int]:
        """The credential profiles that hold one of the wordings."""
        return set(ReviewerCredential.objects.filter(self._wanted).values_list("reviewer_id", flat=True))

    def are_whole_keys(self) -> bool:
        """Whether the index tells the decisions with these wordings of guidelines from all others."""
        return are_told_apart(self.moved)

    def keys(self) -> frozenset[str]:
        """The keys of all these wordings of guidelines in the index."""
        return held_as(self.wordings())

    def places(self) -> QuerySet[Any]:
        """Where they stand, one row or more for each decision."""
        if self.kind is TREATMENT:
            return DisputedItem.objects.filter(
                filed_under__in=TreatmentCategory.objects.filed_as(self.categories)
            ).order_by()
        if self.kind is GUIDELINE:
            return GuidelineCitation.objects.filter(self._wanted).order_by()
        return DisputedItem.objects.filter(case__reviewer__in=self.profiles()).order_by()

    def items(self) -> QuerySet[DisputedItem]:
        """The decisions."""
        if self.kind is GUIDELINE:
            return DisputedItem.objects.filter(pk__in=self.places().values("item"))
        return self.places()


def concerned(kind: Kind, before: State, after: State) -> Concerned:
    """What a change concerns."""
    changed = [int(pk) for pk, fields in before["records"].items() if fields and fields != after["records"].get(pk)]
    if kind is not TREATMENT:
        return Concerned(kind, moved(before, after), changed, [])
    appears = any(fields is None for fields in before["records"].values())
    into = [int(pk) for pk, fields in before["records"].items() if fields and appears]
    return Concerned(kind, [], [], list(dict.fromkeys([*changed, *into])))


# ---- in the database ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Stored:
    """Counted from the rows of the database."""

    told: Concerned

    def concerned(self) -> tuple[int, int]:
        items = self.told.items().order_by()
        return items.count(), items.values("case").distinct().count()

    def without(self, facet: str, wordings: list[int], record: Any, but: frozenset[int]) -> int:
        kind = self.told.kind
        other = Q(pk__in=[]) if not isinstance(record, int) else Q(**{f"wording__{kind.pointer}": record})
        if kind is not GUIDELINE:
            return DisputedItem.objects.filter(
                case__in=Case.objects.filter(reviewer__in=_reviewers(facet, wordings, other, but).values("pk"))
            ).count()
        cited = GuidelineCitation.objects.filter(item=OuterRef("pk"), side=SIDES[facet])
        citing = GuidelineCitation.objects.filter(wording__in=wordings, side=SIDES[facet]).values("item")
        rows = DisputedItem.objects.filter(pk__in=citing)
        return rows.exclude(Exists(cited.filter(other).exclude(wording__in=but))).count()

    def in_category(self, pk: int) -> int:
        return DisputedItem.objects.filter(filed_under__in=TreatmentCategory.objects.filed_as([pk])).count()


def _reviewers(facet: str, wordings: list[int], other: Q, but: frozenset[int]) -> QuerySet[Reviewer]:
    """The profiles with one of ``wordings`` in the role of a facet, and none that is ``other``."""
    roles = Q(role=_ROLES[facet]) if facet in _ROLES else Q()
    held = ReviewerCredential.objects.filter(roles, reviewer=OuterRef("pk"))
    holding = ReviewerCredential.objects.filter(roles, wording__in=wordings).values("reviewer")
    return Reviewer.objects.filter(pk__in=holding).exclude(Exists(held.filter(other).exclude(wording__in=but)))


# ---- by the index -------------------------------------------------------------------------------------------------


class _Indexed:
    """Counted from what the index holds. Raises SearchError or SearchUnavailable where it cannot be read."""

    def __init__(self, told: Concerned) -> None:
        self._told, self._held = told, search.Held()

    def concerned(self) -> tuple[int, int]:
        kind = self._told.kind
        if kind is GUIDELINE:
            keys = self._told.keys()
            return self._held.totals(*(Having(facet, keys) for facet in SIDES))
        if kind is TREATMENT:
            return self._held.totals(_in_category(*self._told.categories))
        if kind is DRUG:
            return self._held.totals(_called(self._told.wordings()))
        return self._held.totals(_with_profiles(self._told.profiles()))

    def without(self, facet: str, wordings: list[int], record: Any, but: frozenset[int]) -> int:
        if self._told.kind is DRUG:
            return self._held.totals(_called(wordings, self._of(record).difference(but)))[0]
        if self._told.kind is not GUIDELINE:
            other = Q(pk__in=[]) if not isinstance(record, int) else Q(wording__specialty=record)
            profiles = _reviewers(facet, wordings, other, but).values_list("pk", flat=True)
            return self._held.totals(_with_profiles(profiles))[0]
        keys = held_as(wordings)
        besides = held_as(self._of(record)) - (keys if but else frozenset())
        return self._held.totals(Having(facet, keys, besides))[0]

    def _of(self, record: Any) -> set[int]:
        """The wordings that stand for a record; none for one that is not made yet."""
        if not isinstance(record, int):
            return set()
        kind = self._told.kind
        return set(kind.wordings.objects.filter(**{kind.pointer: record}).values_list("pk", flat=True))

    def in_category(self, pk: int) -> int:
        return self._held.totals(_in_category(pk))[0]


def _called(wordings: Iterable[int], others: Iterable[int] = ()) -> Having:
    """Decisions that call a drug so, and none otherwise."""
    some, rest = (
        frozenset(map(drug_key, DrugWording.objects.filter(pk__in=list(ids)).values_list("text", flat=True)))
        for ids in (wordings, others)
    )
    return Having("drug", some, rest)


def _with_profiles(profiles: Any) -> Having:
    return Having(search.PROFILE, frozenset(map(str, profiles)))


def _in_category(*categories: int) -> Having:
    return Having("treatment", frozenset(map(str, TreatmentCategory.objects.filed_as(categories))))
