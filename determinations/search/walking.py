"""Walking through everything that a query finds: in a stable order, in stretches, at the same cost for each.

Every stretch is asked for as a window on the unique number ``newest`` of schema.order_keys below where the last one
ended. The engine then looks at the documents of the window only, however many are above and below it, and nothing is
skipped by counting. The window grows where results are thin and shrinks where they are dense.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import tantivy
from tantivy import FieldType, Occur, Order, Query

from . import profiles
from .index import engine_errors, searcher
from .query import DecisionQuery, engine_query
from .schema import schema

_FIRST_WINDOW = 64 << 40  # of the numbers that decisions are sorted by: 64 days
_TOP = (1 << 63) - 1
_MOST = 5_000  # results that are asked of the engine at once


@dataclass(frozen=True, slots=True)
class Hit:
    """One decision that was found. ``cursor``: where it stands; what comes after it is found by ``after``."""

    item_id: int
    cursor: int


class Walk:
    """A walk over one snapshot of the index, newest first: an iterator over lists of ids of DisputedItem.

    Whatever is written meanwhile, it sees the index as it was when it was made, and holds one batch at a time.
    """

    def __init__(self, query: DecisionQuery, batch: int, cursor: int | None) -> None:
        self._snapshot = searcher()
        self._asked = engine_query(query, profiles.current())
        self._batch = batch
        self._position = _TOP if cursor is None else cursor  # what is left to see is below
        self._window = _FIRST_WINDOW

    def __iter__(self) -> Iterator[list[int]]:
        while hits := self.next(self._batch):
            yield [hit.item_id for hit in hits]

    @property
    def total(self) -> int:
        """How many decisions the query finds in this snapshot, wherever the walk began."""
        with engine_errors():
            return int(self._snapshot.search(Query.const_score_query(self._asked, 0.0), limit=1).count or 0)

    def next(self, most: int) -> list[Hit]:
        """Up to ``most`` further decisions; fewer only at the end."""
        found: list[Hit] = []
        while len(found) < most and self._position > 0:
            low = max(self._position - self._window, 0)
            wanted = min(most - len(found), _MOST)
            total, hits = self._in_window(low, wanted)
            found += hits
            if total > wanted:  # there is more in the window
                self._position = hits[-1].cursor
            else:
                self._position = low
            self._adapt(total, most)
        return found

    def _adapt(self, total: int, most: int) -> None:
        if total * 2 < most:
            self._window = min(self._window * 8, _TOP)
        elif total > most * 8:
            self._window = max(self._window // 4, 1)

    def _in_window(self, low: int, wanted: int) -> tuple[int, list[Hit]]:
        """How many results have ``low <= newest < position``, and the first of them."""
        window = Query.range_query(
            schema(), "newest", FieldType.Unsigned, low, self._position, include_lower=True, include_upper=False
        )
        with engine_errors():
            result = self._snapshot.search(
                Query.const_score_query(Query.boolean_query([(Occur.Must, self._asked), (Occur.Must, window)]), 0.0),
                limit=wanted,
                order_by_field="newest",
                order=Order.Desc,
            )
            addresses: list[tantivy.DocAddress] = [address for _, address in result.hits]
            ids = self._snapshot.fast_field_values("item", addresses) if addresses else []
        hits = [Hit(int(pk or 0), int(key)) for pk, (key, _) in zip(ids, result.hits, strict=True)]
        return int(result.count or 0), hits


def walk(query: DecisionQuery, batch: int = 1_000, after: int | None = None) -> Walk:
    """All ids of DisputedItem that a query finds, newest first, in lists of ``batch`` (the last one may be shorter).

    ``after`` is the cursor of a Hit. Raises SearchUnavailable at once, and SearchError at any list.
    """
    return Walk(query, batch, after)


def after(query: DecisionQuery, cursor: int | None, limit: int) -> list[Hit]:
    """Up to ``limit`` decisions that come after ``cursor`` in the order of ``walk``; from the newest one without one.

    A cursor stays good whatever is added or deleted: it is a place in the order, not a count.
    """
    return Walk(query, limit, cursor).next(limit)
