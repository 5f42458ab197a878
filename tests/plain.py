"""A plain scan of the archive, without the search engine: what the engine's answers are held against.

Decisions are read from the database into simple records once; a query is answered by looking at each of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from django.db.models import Prefetch
from django.utils import text as django_text

from determinations import vocabulary
from determinations.labels import FACETS
from determinations.models import DisputedItem, DrugWording, GuidelineCitation, ParseIssue, ReviewerCredential
from determinations.search import DecisionQuery

slugify = cache(django_text.slugify)  # thousands of names, again for each scan


@dataclass(frozen=True)
class Decision:
    pk: int
    case: int
    day: date | None
    values: dict[str, frozenset]


def decisions() -> list[Decision]:
    found = []
    rows = DrugWording.objects.values_list("text", "drug", "drug__group")
    spelled = {text: {drug, "all-" + slugify(group)} if drug else set() for text, drug, group in rows}
    items = DisputedItem.objects.select_related("case__reviewer", *DisputedItem.CATEGORY).prefetch_related(
        "citations__wording__guideline",
        "case__reviewer__credentials__wording",
        Prefetch("case__items", DisputedItem.objects.only("case", "outcome")),
        Prefetch("case__issues", ParseIssue.objects.only("case", "code", "status")),
    )
    shipped = _Shipped(spelled)
    for item in items.defer(
        "rationale", "claims_administrator_statement", "reviewer_statement", "case__clinical_summary"
    ):
        values = {name: frozenset(map(str, some)) for name, some in _values(item, spelled, shipped).items()}
        assert values.keys() == FACETS.keys()
        found.append(Decision(item.pk, item.case_id, item.case.decision_date, values))
    return found


class _Shipped:
    """What the vocabulary says whatever the decision: regions and kinds, and the names of drugs that it lacks."""

    def __init__(self, spelled: dict[str, set]) -> None:
        self.regions = {part.name: part.region for parts in vocabulary.body_parts().values() for part in parts}
        self.kinds = {one.name: one.kind for named in vocabulary.procedures().values() for one in named}
        known = vocabulary.drug_names()
        self.added = {text for text, drug in spelled.items() if drug and text not in known}


def _values(item: DisputedItem, spelled: dict[str, set], shipped: _Shipped) -> dict[str, set]:
    case, reviewer = item.case, item.case.reviewer
    held = {
        role: {c.wording.specialty_id for c in reviewer.credentials.all() if c.role == role} - {None}
        for role in ReviewerCredential.Role
    }
    board = held[ReviewerCredential.Role.BOARD_CERTIFICATION]
    subspecialty = held[ReviewerCredential.Role.SUBSPECIALTY]
    regions, kinds = shipped.regions, shipped.kinds
    procedures = item.request.get("procedures", [])
    parts = {part["part"] for part in item.request.get("body_parts", [])}
    named = {vocabulary.key(d["text"]) for d in item.request.get("drugs", [])}
    heading = f" {vocabulary.key(item.title)} "
    added = {text for text in shipped.added if f" {text} " in heading}
    named = {text for text in named if not any(f" {text} " in f" {one} " for one in added)} | added
    outcomes = {other.outcome for other in case.items.all()} - {""}
    sides = {side: [c for c in item.citations.all() if c.side == side] for side in GuidelineCitation.Side}
    by_reviewer = sides[GuidelineCitation.Side.REVIEWER]
    by_administrator = sides[GuidelineCitation.Side.CLAIMS_ADMINISTRATOR]
    day, age = case.decision_date, case.patient.get("age")
    open_issues = {issue.code for issue in case.issues.all() if issue.status == ParseIssue.Status.OPEN}
    return {
        "outcome": {item.outcome.lower()} - {""},
        "finding": {item.finding.replace(" ", "-")},
        "letter": {"mixed" if len(outcomes) > 1 else "".join(outcomes).lower()} - {""},
        "relation": {_relation(set(map(_document, by_administrator)), set(map(_document, by_reviewer)))},
        "treatment": ({item.category.pk, item.category.parent_id} if item.category else set()) - {None},
        "drug": {one for text in named for one in spelled.get(text, ())},
        "procedure": {slugify(p) for p in procedures} | {"all-" + slugify(kinds[p]) for p in procedures},
        "body": {slugify(part) for part in parts} | {"all-" + slugify(regions[part]) for part in parts},
        "board": board,
        "subspecialty": subspecialty,
        "specialty": board | subspecialty,
        "state": set(reviewer.licensed_states),
        "guideline": _cited(by_reviewer),
        "administrator": _cited(by_administrator),
        "reason": set(item.reasons),
        "year": {str(day.year), f"{day.year}-{day.month:02}"} if day else {"none"},
        "priority": {case.priority.lower()} - {""},
        "age": set() if age is None else {_band(age)},
        "sex": {case.patient.get("sex")} - {None},
        "flag": open_issues - {"contradiction"} | ({"contradiction"} if item.contradicts else set()),
    }


def _document(citation: GuidelineCitation) -> object:
    return citation.wording.guideline_id or citation.wording.text


def _cited(citations: list[GuidelineCitation]) -> set:
    documents = {c.wording.guideline_id for c in citations} - {None}
    families = {c.wording.guideline.family if c.wording.guideline else c.family for c in citations}
    return documents | {"all-" + slugify(family) for family in families}


def _relation(administrator: set, reviewer: set) -> str:
    if not administrator and not reviewer:
        return "none"
    if not administrator:
        return "reviewer-only"
    if not reviewer:
        return "administrator-only"
    return "same" if administrator == reviewer else "different"


def _band(age: int) -> str:
    bands = {29: "under-30", 39: "30-39", 49: "40-49", 59: "50-59", 69: "60-69"}
    return next((band for highest, band in bands.items() if age <= highest), "70-and-over")


def matching(all_decisions: list[Decision], query: DecisionQuery) -> list[Decision]:
    """Any of the chosen values of a facet, none of the excluded, all of the facets. Words are not looked at."""
    return [
        decision
        for decision in all_decisions
        if all(decision.values[name] & values for name, values in query.chosen.items())
        and not any(decision.values[name] & values for name, values in query.excluded.items())
        and (query.since is None or (decision.day is not None and decision.day >= query.since))
        and (query.until is None or (decision.day is not None and decision.day <= query.until))
    ]


class Scan:
    """The same looks at decisions, for thousands of queries: a bit for each decision, a number for each value.

    ``everything``: a bit for each decision; ``having``: facet -> value -> the bits of the decisions that have it.
    """

    def __init__(self, all_decisions: list[Decision]) -> None:
        self._decisions = all_decisions
        self.everything = (1 << len(all_decisions)) - 1
        self.having: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for place, decision in enumerate(all_decisions):
            for name, values in decision.values.items():
                for value in values:
                    self.having[name][value] = self.having[name].get(value, 0) | 1 << place

    def matching(self, query: DecisionQuery) -> int:
        """The bits of the decisions that ``matching`` finds."""
        found = self._of_days(query)
        for name, values in query.chosen.items():
            found &= self._any(name, values)
        for name, values in query.excluded.items():
            found &= ~self._any(name, values)
        return found

    def letters(self, found: int) -> int:
        """How many letters decisions are of."""
        return len({decision.case for place, decision in enumerate(self._decisions) if found >> place & 1})

    def _any(self, name: str, values: Iterable[str]) -> int:
        found = 0
        for value in values:
            found |= self.having[name].get(value, 0)
        return found

    def _of_days(self, query: DecisionQuery) -> int:
        if query.since is None and query.until is None:
            return self.everything
        days = DecisionQuery(since=query.since, until=query.until)
        kept = {decision.pk for decision in matching(self._decisions, days)}
        return sum(1 << place for place, decision in enumerate(self._decisions) if decision.pk in kept)
