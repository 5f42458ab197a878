"""Counts for every facet, each under all filters except its own.

The contract: a value's count is the number of decisions that are found when that value alone is chosen in its facet,
everything else staying as it is. Values are counted by the engine, one pass for all facets without a choice and one
more for each facet with one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import tantivy

from .profiles import Profiles
from .query import FACETS, DecisionQuery, engine_query

# More buckets than a facet's column can have values; the engine refuses more than 65,000 in all.
_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class _Source:
    """The column that a facet is counted over, and the values that one of the column's stands for."""

    column: str
    values: Callable[[str, Profiles], Iterable[object]]


_SOURCES = {
    "outcomes": _Source("outcome", lambda value, _: filter(None, (value,))),
    "specialties": _Source("profile", lambda value, profiles: profiles.specialties.get(int(value), ())),
    "treatments": _Source("category", lambda value, _: map(int, filter(None, (value,)))),
    "guidelines": _Source("guideline_set", lambda value, _: map(int, value.split())),
    "years": _Source("year", lambda value, _: (int(value),)),
    "states": _Source("profile", lambda value, profiles: profiles.states.get(int(value), ())),
}

Counts = dict[str, Counter]


def count(searcher: tantivy.Searcher, query: DecisionQuery, profiles: Profiles) -> Counts:
    """For each facet its values' counts; ids, postal names and years as in DecisionQuery."""
    chosen = query.chosen()
    free = [name for name in FACETS if name not in chosen]
    counts = _pass(searcher, query, profiles, free) if free else {}
    for name in chosen:
        counts |= _pass(searcher, query.without(name), profiles, [name])
    return counts


def _pass(searcher: tantivy.Searcher, query: DecisionQuery, profiles: Profiles, names: list[str]) -> Counts:
    columns = {_SOURCES[name].column for name in names}
    answer = searcher.aggregate(
        engine_query(query, profiles), {column: {"terms": {"field": column, "size": _BUCKETS}} for column in columns}
    )
    counts: Counts = {}
    for name in names:
        source, counter = _SOURCES[name], Counter()
        for bucket in answer[source.column]["buckets"]:
            for value in source.values(bucket["key"], profiles):
                counter[value] += bucket["doc_count"]
        counts[name] = counter
    return counts
