"""Counts for every facet, each under all filters except its own, and how many decisions and letters there are.

The contract: a value's count is the number of decisions that are found when that value alone is chosen in its facet,
everything else staying as it is. The engine counts columns (schema.COLUMNS), one pass for all facets that do not narrow
the search and one more for each that does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

import tantivy
from tantivy import FieldType, Occur, Query

from .compiling import Compiler, boolean
from .errors import SearchError
from .profiles import Profiles
from .query import DecisionQuery
from .schema import COLUMNS, PROFILE, PROFILE_FACETS, SEPARATOR, schema
from .slots import letters_in

Counts = dict[str, Counter[str]]

# The engine counts exactly as long as it may keep a bucket for each value, and refuses more than 65,000 in one call.
_BUCKETS = 60_000
# A column with more values than fit beside the others is counted year by year.
_OF_COLUMN = {
    PROFILE: 20_000,
    "drugs": 8_000,
    "parts": 4_000,
    "guidelines": 9_000,
    "administrator": 9_000,
    "reasons": 4_000,
}
_OF_ANY_COLUMN = 1_500
_LISTED = 60_000  # decisions: so many are listed to count their letters in less time than all blocks take

_COLUMN_OF = {facet: column for column, facets in COLUMNS.items() for facet in facets}
_COLUMN_OF |= dict.fromkeys(PROFILE_FACETS, PROFILE)


def count(searcher: tantivy.Searcher, query: DecisionQuery, compiler: Compiler, profiles: Profiles) -> Counts:
    """For each facet its values' counts."""
    own = query.narrowed
    counts = _counts(searcher, query, compiler, profiles, [name for name in _COLUMN_OF if name not in own])
    for name in own:
        counts |= _counts(searcher, query.without(name), compiler, profiles, [name])
    return counts


def _counts(
    searcher: tantivy.Searcher, query: DecisionQuery, compiler: Compiler, profiles: Profiles, names: list[str]
) -> Counts:
    columns = _columns(searcher, compiler.query(query), {_COLUMN_OF[name] for name in names})
    counts: Counts = {name: Counter() for name in names}
    for column, buckets in columns.items():
        if column == PROFILE:
            for name in counts.keys() & set(PROFILE_FACETS):
                counts[name] = _spread(buckets, profiles.values[name])
            continue
        for key, documents in buckets.items():
            for name, value in _members(key):
                if name in counts:
                    counts[name][value] += documents
    return counts


def _spread(buckets: Counter[str], held: dict[int, frozenset[str]]) -> Counter[str]:
    """The counts of what profiles stand for."""
    found: Counter[str] = Counter()
    for key, documents in buckets.items():
        for value in held.get(int(key), ()):
            found[value] += documents
    return found


@lru_cache(maxsize=100_000)
def _members(key: str) -> tuple[tuple[str, str], ...]:
    """The facet values that a column's value stands for, each with its facet."""
    return tuple((name, value) for name, _, value in (term.partition(":") for term in key.split(SEPARATOR) if term))


def _columns(searcher: tantivy.Searcher, asked: Query, columns: Iterable[str]) -> dict[str, Counter[str]]:
    """How many decisions have each value of each column."""
    columns = set(columns)
    answer = searcher.aggregate(asked, {column: _terms(column) for column in columns})
    counted: dict[str, Counter[str]] = {}
    for column in columns:
        if answer[column]["sum_other_doc_count"]:
            counted[column] = _by_year(searcher, asked, column)
        else:
            counted[column] = _buckets(answer[column])
    return counted


def _terms(column: str) -> dict:
    return {"terms": {"field": column, "size": _OF_COLUMN.get(column, _OF_ANY_COLUMN)}}


def _buckets(answer: dict) -> Counter[str]:
    return Counter({bucket["key"]: bucket["doc_count"] for bucket in answer["buckets"]})


def _by_year(searcher: tantivy.Searcher, asked: Query, column: str) -> Counter[str]:
    """The counts of a column that has more values than the engine may keep at once."""
    found: Counter[str] = Counter()
    for date in _buckets(searcher.aggregate(asked, {"date": _terms("date")})["date"]):
        in_date = Query.term_query(schema(), "date", date)
        answer = searcher.aggregate(boolean([(Occur.Must, asked), (Occur.Must, in_date)]), {column: _terms(column)})
        if answer[column]["sum_other_doc_count"]:
            raise SearchError(f"the column {column!r} has more values in a month than can be counted")
        found += _buckets(answer[column])
    return found


# ---- totals ------------------------------------------------------------------------------------------------------


def decisions(searcher: tantivy.Searcher, asked: Query) -> int:
    """How many decisions there are."""
    return int(searcher.aggregate(asked, {"n": {"value_count": {"field": "item"}}})["n"]["value"])


def letters(searcher: tantivy.Searcher, asked: Query) -> int:
    """In how many letters the decisions stand, exactly (slots.py says how)."""
    several = boolean([(Occur.Must, asked), (Occur.Must, Query.term_query(schema(), "multi", True))])
    answer = searcher.aggregate(asked, {"multi": {"terms": {"field": "multi"}}})
    found = {bool(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["multi"]["buckets"]}
    alone, others = found.get(False, 0), found.get(True, 0)
    if not others:
        return alone
    if others <= _LISTED:
        hits = searcher.search(
            Query.const_score_query(several, 0.0), limit=others, order_by_field="letter", count=False
        ).hits
        return alone + len({letter for letter, _ in hits})
    return alone + _letters_by_block(searcher, several)


def _letters_by_block(searcher: tantivy.Searcher, asked: Query) -> int:
    highest = int(searcher.aggregate(asked, {"block": {"max": {"field": "block"}}})["block"]["value"] or 0)
    total = 0
    for start in range(0, highest + 1, _BUCKETS):
        part = asked
        if highest >= _BUCKETS:
            blocks = Query.range_query(schema(), "block", FieldType.Unsigned, start, start + _BUCKETS - 1)
            part = boolean([(Occur.Must, asked), (Occur.Must, blocks)])
        sums = {"sum": {"sum": {"field": "weight"}}}
        answer = searcher.aggregate(part, {"blocks": {"terms": {"field": "block", "size": _BUCKETS}, "aggs": sums}})
        total += sum(
            letters_in(int(bucket["key"]), int(bucket["sum"]["value"])) for bucket in answer["blocks"]["buckets"]
        )
    return total
