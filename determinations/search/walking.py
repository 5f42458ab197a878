"""Walking through everything that a query finds: in a stable order, in stretches, at the same cost for each.

Every order but relevance is a column of numbers that are all different (schema.order_keys). A stretch is asked for as a
window on that column behind the place where the last one ended. The engine then looks at the documents of the window
only, however many are before and behind it, and nothing is skipped by counting. The window grows where results are thin
and shrinks where they are dense; an empty one is left by asking for the next result, wherever it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tantivy
from tantivy import FieldType, Occur, Order, Query

from . import names
from .compiling import Compiler, boolean
from .generations import asking, snapshot
from .query import DecisionQuery, Sort
from .schema import ORDERS, SLICES, schema

_MOST = 5_000  # results that are asked of the engine at once
_END = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One decision that was found. ``cursor``: where it stands; what comes after it is found by ``after``."""

    item_id: int
    cursor: int


class Walk:
    """A walk over one snapshot of the index: an iterator over lists of ids of DisputedItem.

    Whatever is written meanwhile, it sees the index as it was when it was made, and holds one batch at a time.
    """

    def __init__(self, query: DecisionQuery, batch: int, cursor: int | None) -> None:
        self._index = snapshot()
        with asking(self._index):
            self._asked = Compiler(names.current(self._index.own)).query(query)
        sort = Sort.NEWEST if query.sort is Sort.RELEVANCE else query.sort
        self._column = ORDERS[sort.value]
        self._window = SLICES[self._column]
        self._batch = batch
        # The lowest number that is still to be seen; None at the end.
        self._position = self._first_from(0) if cursor is None else min(cursor + 1, _END)

    def __iter__(self) -> Iterator[list[int]]:
        while hits := self.next(self._batch):
            yield [hit.item_id for hit in hits]

    @property
    def total(self) -> int:
        """How many decisions the query finds in this snapshot, wherever the walk began."""
        with asking(self._index):
            return int(self._index.searcher.search(Query.const_score_query(self._asked, 0.0), limit=1).count or 0)

    def next(self, most: int) -> list[Hit]:
        """Up to ``most`` further decisions; fewer only at the end."""
        found: list[Hit] = []
        while len(found) < most and self._position is not None:
            end = min(self._position + self._window, _END)
            wanted = min(most - len(found), _MOST)
            total, hits = self._between(self._position, end, wanted)
            found += hits
            if total > wanted:  # there is more in the window
                self._position = hits[-1].cursor + 1
            elif total and end < _END:
                self._position = end
            else:
                self._position = self._first_from(end) if end < _END else None
            self._adapt(total, most)
        return found

    def _adapt(self, total: int, most: int) -> None:
        if total * 2 < most:
            self._window = min(self._window * 8, _END)
        elif total > most * 8:
            self._window = max(self._window // 4, 1)

    def _first_from(self, start: int) -> int | None:
        """The number of the first result that has at least ``start``."""
        _, hits = self._between(start, _END, 1)
        return hits[0].cursor if hits else None

    def _between(self, start: int, end: int, wanted: int) -> tuple[int, list[Hit]]:
        """How many results have ``start <= number < end``, and the first of them."""
        window = Query.range_query(
            schema(), self._column, FieldType.Unsigned, start, end, include_lower=True, include_upper=False
        )
        with asking(self._index):
            result = self._index.searcher.search(
                Query.const_score_query(boolean([(Occur.Must, self._asked), (Occur.Must, window)]), 0.0),
                limit=wanted,
                order_by_field=self._column,
                order=Order.Asc,
            )
            addresses: list[tantivy.DocAddress] = [address for _, address in result.hits]
            ids = self._index.searcher.fast_field_values("item", addresses) if addresses else []
        hits = [Hit(int(pk or 0), int(number)) for pk, (number, _) in zip(ids, result.hits, strict=True)]
        return int(result.count or 0), hits


def walk(query: DecisionQuery, batch: int = 1_000, after: int | None = None) -> Walk:
    """All ids of DisputedItem that a query finds, in lists of ``batch`` (the last one may be shorter).

    They come in the order of the query; instead of by relevance, the newest first. ``after`` is the cursor of a Hit of
    a walk in the same order. Raises SearchUnavailable at once, and SearchError at any list.
    """
    return Walk(query, batch, after)


def after(query: DecisionQuery, cursor: int | None, limit: int) -> list[Hit]:
    """Up to ``limit`` decisions that come after ``cursor`` in the order of ``walk``; from the first one without one.

    A cursor stays good whatever is added or deleted: it is a place in the order, not a count.
    """
    return Walk(query, limit, cursor).next(limit)
