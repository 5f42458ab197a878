"""A plain scan of the archive, without the search engine: what the engine's answers are held against.

Decisions are read from the database into simple records once; a query is answered by looking at each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from determinations.models import DisputedItem, GuidelineCitation
from determinations.search import NO_YEAR, DecisionQuery


@dataclass(frozen=True)
class Decision:
    pk: int
    case: int
    values: dict[str, frozenset]


def decisions() -> list[Decision]:
    found = []
    items = DisputedItem.objects.select_related("case__reviewer").prefetch_related(
        "citations__wording", "case__reviewer__credentials__wording"
    )
    for item in items:
        held = item.case.reviewer.credentials.all()
        values = {
            "outcomes": {item.outcome} - {""},
            "specialties": {c.wording.specialty_id for c in held} - {None},
            "treatments": {item.category_id} - {None},
            "guidelines": {
                c.wording.guideline_id for c in item.citations.all() if c.side == GuidelineCitation.Side.REVIEWER
            }
            - {None},
            "years": {item.case.decision_date.year if item.case.decision_date else NO_YEAR},
            "states": set(item.case.reviewer.licensed_states),
        }
        found.append(Decision(item.pk, item.case_id, {name: frozenset(some) for name, some in values.items()}))
    return found


def matching(all_decisions: list[Decision], query: DecisionQuery) -> list[Decision]:
    """Any of the values of a facet, all of the facets. Words are not looked at."""
    return [
        decision
        for decision in all_decisions
        if all(decision.values[name] & getattr(query, name) for name in query.chosen())
    ]
