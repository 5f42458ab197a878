"""Counts for every facet, each under all filters except its own.

The contract: a value's count is the number of decisions that are found when that value alone is chosen in its facet,
everything else staying as it is. Values are counted by the engine, one pass for all facets without a choice and one
more for each facet with one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import tantivy

from .index import SearchError
from .profiles import Profiles
from .query import FACETS, DecisionQuery, engine_query

# The engine counts exactly as long as it may keep a bucket for each value, and refuses more than 65,000 in one call.
# Credential profiles and sets of guidelines can be tens of thousands, the other columns a few hundred.
_BUCKETS = {"profile": 31_000, "guideline_set": 31_000}
_FEW_BUCKETS = 500


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
    columns = _columns(searcher, query, profiles, {_SOURCES[name].column for name in names})
    counts: Counts = {}
    for name in names:
        source, counter = _SOURCES[name], Counter()
        for key, documents in columns[source.column].items():
            for value in source.values(key, profiles):
                counter[value] += documents
        counts[name] = counter
    return counts


def _columns(
    searcher: tantivy.Searcher, query: DecisionQuery, profiles: Profiles, columns: set[str]
) -> dict[str, Counter[str]]:
    """How many decisions have each value of each column. A column with too many values is counted year by year."""
    answer = searcher.aggregate(
        engine_query(query, profiles),
        {
            column: {"terms": {"field": column, "size": _BUCKETS.get(column, _FEW_BUCKETS)}}
            for column in {*columns, "year"}
        },
    )
    years = [int(bucket["key"]) for bucket in answer["year"]["buckets"]]
    counted: dict[str, Counter[str]] = {}
    for column in columns:
        counted[column] = Counter({bucket["key"]: bucket["doc_count"] for bucket in answer[column]["buckets"]})
        if answer[column]["sum_other_doc_count"]:
            if len(years) < 2:
                raise SearchError(f"the column {column!r} has more values in a year than can be counted")
            counted[column] = Counter()
            for year in years:
                a_year = replace(query, years=frozenset({year}))
                counted[column] += _columns(searcher, a_year, profiles, {column})[column]
    return counted
