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

from . import profiles
from .query import FACETS, DecisionQuery, engine_query

# More buckets than a facet's column can have values; the engine refuses more than 65,000 in all.
_BUCKETS = 10_000

_Spread = Callable[[str], Iterable[object]]


def _whole(value: str) -> Iterable[str]:
    return (value,) if value else ()


def _number(value: str) -> Iterable[int]:
    return (int(value),) if value else ()


def _set(value: str) -> Iterable[int]:
    return map(int, value.split())


def _specialties(value: str) -> Iterable[int]:
    return profiles.specialties_of().get(int(value), ())


def _states(value: str) -> Iterable[str]:
    return profiles.states_of().get(int(value), ())


@dataclass(frozen=True, slots=True)
class _Source:
    """The column that a facet is counted over, and the values that one of the column's stands for."""

    column: str
    values: _Spread


_SOURCES = {
    "outcomes": _Source("outcome", _whole),
    "specialties": _Source("profile", _specialties),
    "treatments": _Source("category", _number),
    "guidelines": _Source("guideline_set", _set),
    "years": _Source("year", _number),
    "states": _Source("profile", _states),
}

Counts = dict[str, Counter]


def count(searcher: tantivy.Searcher, query: DecisionQuery) -> Counts:
    """For each facet its values' counts; ids, postal names and years as in DecisionQuery."""
    chosen = query.chosen()
    free = [name for name in FACETS if name not in chosen]
    counts = _pass(searcher, query, free) if free else {}
    for name in chosen:
        counts |= _pass(searcher, query.without(name), [name])
    return counts


def _pass(searcher: tantivy.Searcher, query: DecisionQuery, names: list[str]) -> Counts:
    columns = {_SOURCES[name].column for name in names}
    answer = searcher.aggregate(
        engine_query(query), {column: {"terms": {"field": column, "size": _BUCKETS}} for column in columns}
    )
    counts: Counts = {}
    for name in names:
        source, counter = _SOURCES[name], Counter()
        for bucket in answer[source.column]["buckets"]:
            for value in source.values(bucket["key"]):
                counter[value] += bucket["doc_count"]
        counts[name] = counter
    return counts
