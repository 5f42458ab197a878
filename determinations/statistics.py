"""Counts and rates over the archive, all from the search index, so that they agree with what a search shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import sqrt

from . import search

# A rate over fewer decisions says more about chance than about the matter.
FEWEST_FOR_A_RATE = 10
_Z = 1.959964  # the normal distribution's 97.5th percentile: two-sided 95 %


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of ``decisions`` were overturned."""

    decisions: int
    overturned: int

    @property
    def upheld(self) -> int:
        """How many were not overturned."""
        return self.decisions - self.overturned

    @property
    def enough(self) -> bool:
        """Whether there are enough decisions to speak of a rate."""
        return self.decisions >= FEWEST_FOR_A_RATE

    @property
    def percent(self) -> float:
        """Overturned decisions of a hundred; 0 without decisions."""
        return 100 * self.overturned / self.decisions if self.decisions else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the rate, in percent, by Wilson's score method (JASA 22, 1927); (0, 100) without any."""
        n = self.decisions
        if not n:
            return 0.0, 100.0
        share, z2 = self.overturned / n, _Z * _Z
        middle = share + z2 / (2 * n)
        spread = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
        low, high = (middle - spread) / (1 + z2 / n), (middle + spread) / (1 + z2 / n)
        return 100 * max(0.0, low), 100 * min(1.0, high)

    def without(self, part: Rate) -> Rate:
        """The rate of the decisions that are not among ``part``, which are some of these."""
        return Rate(self.decisions - part.decisions, self.overturned - part.overturned)


@dataclass(frozen=True, slots=True)
class Overview:
    """The decisions of one search in numbers: ``rates`` holds for each facet the rate of each of its values.

    ``decisions`` and ``counts`` are of all decisions; rates leave out those whose outcome could not be read.
    ``newest``: ids of the newest ones.
    """

    decisions: int
    letters: int
    rate: Rate
    rates: dict[str, dict[str, Rate]]
    counts: search.Counts
    newest: list[int]


def rate(outcomes: Counter[str]) -> Rate:
    """The rate in a facet's counts of outcomes. Decisions without an outcome are not counted in it."""
    return Rate(outcomes["upheld"] + outcomes["overturned"], outcomes["overturned"])


def overview(query: search.DecisionQuery | None = None, newest: int = 1) -> Overview:
    """The archive as a whole, or what a query without words finds, with its ``newest`` decisions (up to 1,000).

    Raises SearchUnavailable while there is no index.
    """
    query = query or search.DecisionQuery()
    everything = search.answer(query, limit=newest)
    won = search.facets(query.choosing("outcome", "overturned"))
    lost = search.facets(query.choosing("outcome", "upheld"))
    return Overview(
        decisions=everything.page.decisions,
        letters=everything.page.letters,
        rate=rate(everything.counts["outcome"]),
        rates={
            facet: {
                value: Rate(won[facet][value] + lost[facet][value], won[facet][value])
                for value, _ in counted.most_common()
            }
            for facet, counted in everything.counts.items()
        },
        counts=everything.counts,
        newest=everything.page.item_ids,
    )


def archive_rate() -> Rate:
    """The rate of the archive as a whole, to hold others against."""
    return rate(search.facets(search.DecisionQuery())["outcome"])
