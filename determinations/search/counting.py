"""Counts for every facet, each under all filters except its own, and how many decisions and letters there are.

The contract: a value's count is the number of decisions that are found when that value alone is chosen in its facet,
everything else staying as it is. The engine counts columns (schema.COLUMNS), one pass for all facets that do not narrow
the search and one more for each that does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import tantivy
from tantivy import FieldType, Occur, Query

from .compiling import Compiler, boolean
from .errors import SearchError
from .profiles import Profiles
from .query import DecisionQuery
from .schema import COLUMNS, PROFILE, PROFILE_FACETS, SEPARATOR, schema
from .slots import letters_in
from .spreading import Counts, Spread

# The engine counts exactly as long as it may keep a bucket for each value, and refuses more than 65,000 in one call.
_BUCKETS = 60_000
# A column with more values than fit beside the others is counted year by year.
_OF_COLUMN = {
    PROFILE: 20_000,
    "asked": 9_000,
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
        spread = profiles.spread if column == PROFILE else _SPREADS[column]
        for name, counter in spread.counts(buckets).items():
            if name in counts:
                counts[name] = counter
    return counts


def _members(key: str) -> list[tuple[str, str]]:
    """The facet values that a column's value stands for, each with its facet."""
    return [(name, value) for name, _, value in (term.partition(":") for term in key.split(SEPARATOR) if term)]


_SPREADS = {column: Spread(_members) for column in COLUMNS}


def _columns(searcher: tantivy.Searcher, asked: Query, columns: Iterable[str]) -> dict[str, list[dict]]:
    """How many decisions have each value of each column."""
    columns = set(columns)
    answer = searcher.aggregate(asked, {column: _terms(column) for column in columns})
    return {
        column: _by_date(searcher, asked, column) if found["sum_other_doc_count"] else found["buckets"]
        for column, found in answer.items()
    }


def _terms(column: str) -> dict:
    return {"terms": {"field": column, "size": _OF_COLUMN.get(column, _OF_ANY_COLUMN)}}


def _by_date(searcher: tantivy.Searcher, asked: Query, column: str) -> list[dict]:
    """The counts of a column that has more values than the engine may keep at once, month by month."""
    found: Counter[str] = Counter()
    for date in searcher.aggregate(asked, {"date": _terms("date")})["date"]["buckets"]:
        in_date = Query.term_query(schema(), "date", date["key"])
        answer = searcher.aggregate(boolean([(Occur.Must, asked), (Occur.Must, in_date)]), {column: _terms(column)})
        if answer[column]["sum_other_doc_count"]:
            raise SearchError(f"the column {column!r} has more values in a month than can be counted")
        found.update({bucket["key"]: bucket["doc_count"] for bucket in answer[column]["buckets"]})
    return [{"key": key, "doc_count": documents} for key, documents in found.items()]


# ---- totals ------------------------------------------------------------------------------------------------------


def totals(searcher: tantivy.Searcher, asked: Query) -> tuple[int, int]:
    """How many decisions there are and in how many letters they stand, exactly (slots.py says how)."""
    answer = searcher.aggregate(asked, {"multi": {"terms": {"field": "multi"}}})
    found = {bool(bucket["key"]): int(bucket["doc_count"]) for bucket in answer["multi"]["buckets"]}
    alone, others = found.get(False, 0), found.get(True, 0)
    letters = alone
    if others > _LISTED:
        letters += _letters_by_block(searcher, asked)
    elif others:
        several = boolean([(Occur.Must, asked), (Occur.Must, Query.term_query(schema(), "multi", True))])
        listed = Query.const_score_query(several, 0.0)
        hits = searcher.search(listed, limit=others, order_by_field="letter", count=False).hits
        letters += len({letter for letter, _ in hits})
    return alone + others, letters


def _letters_by_block(searcher: tantivy.Searcher, asked: Query) -> int:
    """The letters of several decisions; those of one have no block."""
    highest = highest_block(searcher)
    total = 0
    for start in range(0, highest + 1, _BUCKETS):
        part = asked
        if highest >= _BUCKETS:
            blocks = Query.range_query(schema(), "block", FieldType.Unsigned, start, start + _BUCKETS - 1)
            part = boolean([(Occur.Must, asked), (Occur.Must, blocks)])
        sums = {"sum": {"sum": {"field": "weight"}}}
        answer = searcher.aggregate(part, {"blocks": {"terms": {"field": "block", "size": _BUCKETS}, "aggs": sums}})
        total += letters_in(
            [bucket["key"] for bucket in answer["blocks"]["buckets"]],
            [bucket["sum"]["value"] for bucket in answer["blocks"]["buckets"]],
        )
    return total


def highest_block(searcher: tantivy.Searcher) -> int:
    """The highest block of letters' slots that is in use, -1 if there is none."""
    if not searcher.num_docs:
        return -1
    highest = searcher.aggregate(Query.all_query(), {"block": {"max": {"field": "block"}}})["block"]["value"]
    return -1 if highest is None else int(highest)
