"""Finding: a page of results in an order, at a cost that hardly grows with how far it is."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import tantivy
from tantivy import FieldType, Occur, Order, Query

from ..labels import load_labels
from . import counting, profiles
from .compiling import Compiler, boolean
from .errors import engine_errors
from .generations import Snapshot, snapshot
from .query import DecisionQuery, Sort
from .ranking import Ranking, relevant_to
from .schema import ORDERS, SLICES, schema

MAX_LIMIT = 1_000
_FAR = 5_000  # results; a page behind so many is looked for in the slice of the order that holds it


@dataclass(frozen=True, slots=True)
class Page:
    """Some results: ids of DisputedItem in order, and how many decisions in how many letters there are in all."""

    item_ids: list[int]
    decisions: int
    letters: int


@dataclass(frozen=True, slots=True)
class Answer:
    """A page of results with the counts of every facet."""

    page: Page
    counts: counting.Counts


class _Search:
    """One search over one snapshot of the index."""

    def __init__(self, query: DecisionQuery, index: Snapshot) -> None:
        self.query, self._index = query, index
        self._labels, self._profiles = load_labels(), profiles.current()
        self._compiler = Compiler(self._labels, self._profiles)
        self.asked = self._compiler.query(query)
        names = (self._profiles.stamp, self._labels.stamp)
        self._key = (index.version, names, replace(query, sort=Sort.RELEVANCE))

    def counts(self) -> counting.Counts:
        return _remembered(
            ("counts", *self._key),
            lambda: counting.count(self._index.searcher, self.query, self._compiler, self._profiles),
        )

    def totals(self) -> tuple[int, int]:
        """How many decisions, in how many letters."""
        return _remembered(("totals", *self._key), lambda: counting.totals(self._index.searcher, self.asked))

    def item_ids(self, offset: int, limit: int) -> list[int]:
        searcher = self._index.searcher
        if words := relevant_to(self.query):
            ranking = Ranking(searcher, words, self.asked, self._labels, self._profiles)
            addresses = ranking.page(offset, limit)
        else:
            addresses = self._in_order(offset, limit)
        ids = searcher.fast_field_values("item", addresses) if addresses else []
        return [int(pk) for pk in ids if pk is not None]

    def _in_order(self, offset: int, limit: int) -> list[tantivy.DocAddress]:
        sort = Sort.NEWEST if self.query.sort is Sort.RELEVANCE else self.query.sort
        column = ORDERS[sort.value]
        asked = self.asked
        if offset > _FAR:
            asked, offset = self._slice(column, offset, limit)
        hits = self._index.searcher.search(
            Query.const_score_query(asked, 0.0),
            limit=limit,
            offset=offset,
            order_by_field=column,
            order=Order.Asc,
            count=False,
        ).hits
        return [address for _, address in hits]

    def _slice(self, column: str, offset: int, limit: int) -> tuple[Query, int]:
        """The search in the slices of an order that hold a page, and how far the page is from their beginning."""
        width = SLICES[column]
        histogram = {"histogram": {"field": column, "interval": width, "min_doc_count": 1}}
        answer = self._index.searcher.aggregate(self.asked, {"slices": histogram})
        start, end, there = 0, 0, 0
        for bucket in sorted(answer["slices"]["buckets"], key=lambda bucket: bucket["key"]):
            place, decisions = int(bucket["key"]), int(bucket["doc_count"])
            if not there and offset >= decisions:
                offset -= decisions
                continue
            start = start if there else place
            end, there = place + width, there + decisions
            if there >= offset + limit:
                break
        slice_ = Query.range_query(schema(), column, FieldType.Unsigned, start, end, include_upper=False)
        return boolean([(Occur.Must, self.asked), (Occur.Must, slice_)]), offset


def find(query: DecisionQuery, offset: int = 0, limit: int = 20) -> Page:
    """The results ``offset`` to ``offset + limit`` of a query. Raises SearchUnavailable or SearchError."""
    with engine_errors():
        return _page(_Search(query, snapshot()), offset, limit)


def answer(query: DecisionQuery, offset: int = 0, limit: int = 20) -> Answer:
    """A page of results and the counts beside it, in two threads. Raises SearchUnavailable or SearchError."""
    with engine_errors():
        search = _Search(query, snapshot())
        counts = _pool().submit(search.counts)
        return Answer(_page(search, offset, limit), counts.result())


def facets(query: DecisionQuery) -> counting.Counts:
    """For each facet the counts of its values under all filters except its own."""
    with engine_errors():
        return _Search(query, snapshot()).counts()


def _page(search: _Search, offset: int, limit: int) -> Page:
    offset, limit = max(offset, 0), min(max(limit, 1), MAX_LIMIT)
    decisions, letters = search.totals()
    # The engine reserves memory for every result up to the end of a page, whether it is there or not.
    ids = search.item_ids(offset, min(limit, decisions - offset)) if offset < decisions else []
    return Page(ids, decisions, letters)


# ---- what is remembered ------------------------------------------------------------------------------------------

_MOST = 200  # answers; some have thousands of counts, about 100 kB
_memory: OrderedDict[tuple, Any] = OrderedDict()
_remembering = threading.Lock()


def _remembered(key: tuple, make: Callable[[], Any]) -> Any:
    """The answer to a question about one state of the index, made once; the longest unused are forgotten."""
    with _remembering:
        if key in _memory:
            _memory.move_to_end(key)
            return _memory[key]
    made = make()
    with _remembering:
        _memory[key] = made
        while len(_memory) > _MOST:
            _memory.popitem(last=False)
    return made


_threads: ThreadPoolExecutor | None = None


def _pool() -> ThreadPoolExecutor:
    """Threads for the counts beside the results; made when first needed, so that each server process has its own."""
    global _threads
    with _remembering:
        if _threads is None:
            _threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="search")
        return _threads
