"""Counts and rates over the archive, all from the search index, so that they agree with what a search shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from . import search
from .models import DisputedItem

# A rate over fewer decisions says more about chance than about the matter.
FEWEST_FOR_A_RATE = 10


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of ``decisions`` were overturned."""

    decisions: int
    overturned: int

    @property
    def enough(self) -> bool:
        """Whether there are enough decisions to speak of a rate."""
        return self.decisions >= FEWEST_FOR_A_RATE

    @property
    def percent(self) -> float:
        """Overturned decisions of a hundred; 0 without decisions."""
        return 100 * self.overturned / self.decisions if self.decisions else 0.0


@dataclass(frozen=True, slots=True)
class Overview:
    """The archive in numbers; the counters hold a rate for each id, year or postal name."""

    letters: int
    rate: Rate
    specialties: dict[int, Rate]
    treatments: dict[int, Rate]
    guidelines: dict[int, Rate]
    years: dict[int, Rate]


def rate(outcomes: Counter) -> Rate:
    """The rate in a facet's counts of outcomes. Decisions without an outcome are not counted in it."""
    upheld, overturned = outcomes[DisputedItem.Outcome.UPHELD], outcomes[DisputedItem.Outcome.OVERTURNED]
    return Rate(upheld + overturned, overturned)


def overview() -> Overview:
    """The archive as a whole. Raises SearchUnavailable while there is no index."""
    everything = search.DecisionQuery()
    overturned = search.DecisionQuery(outcomes=frozenset({DisputedItem.Outcome.OVERTURNED.value}))
    upheld = search.DecisionQuery(outcomes=frozenset({DisputedItem.Outcome.UPHELD.value}))
    all_counts = search.facets(everything)
    won, lost = search.facets(overturned), search.facets(upheld)

    def rates(facet: str) -> dict:
        return {
            value: Rate(won[facet][value] + lost[facet][value], won[facet][value])
            for value, _ in all_counts[facet].most_common()
        }

    return Overview(
        letters=search.find(everything, limit=1).letters,
        rate=rate(all_counts["outcomes"]),
        specialties=rates("specialties"),
        treatments=rates("treatments"),
        guidelines=rates("guidelines"),
        years=dict(sorted(rates("years").items())),
    )
