"""Finding: results in an order, at a cost that hardly grows with how far they are, and the numbers beside them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import tantivy
from tantivy import FieldType, Occur, Order, Query

from . import counting
from . import names as naming
from .compiling import Compiler, boolean
from .generations import Snapshot, asking, snapshot
from .query import DecisionQuery, Sort
from .ranking import Ranking, relevant_to
from .schema import ORDERS, SLICES, schema

_Answered = TypeVar("_Answered")

MAX_LIMIT = 1_000
_FAR = 5_000  # results; a page behind so many is looked for in the slice of the order that holds it


@dataclass(frozen=True, slots=True)
class Page:
    """Some results: ids of DisputedItem in order, and how many decisions in how many letters there are in all."""

    item_ids: list[int]
    decisions: int
    letters: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """How many decisions in how many letters a search finds, and for each facet the counts of its values."""

    decisions: int
    letters: int
    counts: counting.Counts


class Answer:
    """Some results, with how many there are and the counts of every facet.

    ``item_ids`` are there at once. The numbers are counted meanwhile in another thread, and waited for where they are
    asked for: to fetch and show the results takes as long as to count. Asking for them raises SearchError.
    """

    def __init__(self, item_ids: list[int], numbers: Future[Numbers]) -> None:
        self.item_ids, self._numbers = item_ids, numbers

    @property
    def page(self) -> Page:
        numbers = self._numbers.result()
        return Page(self.item_ids, numbers.decisions, numbers.letters)

    @property
    def counts(self) -> counting.Counts:
        return self._numbers.result().counts


class _Search:
    """One search over one snapshot of the index."""

    def __init__(self, query: DecisionQuery, index: Snapshot) -> None:
        self.query, self._index = query, index
        self._names = naming.current(index.own)
        self._compiler = Compiler(self._names)
        self.asked = self._compiler.query(query)
        self._key = (index.version, self._names.stamp, replace(query, sort=Sort.RELEVANCE))

    def numbers(self) -> Numbers:
        """How many decisions in how many letters, and the counts of every facet."""

        def make() -> Numbers:
            tally = self._tally()
            return Numbers(*tally.totals(), tally.counts())

        return _remembered(("numbers", *self._key), make)

    def count(self) -> int:
        """How many decisions."""
        return _remembered(("count", *self._key), lambda: self._tally().decisions())

    def totals(self) -> tuple[int, int]:
        """How many decisions, in how many letters."""
        return _remembered(("totals", *self._key), lambda: self._tally().totals())

    def _tally(self) -> counting.Tally:
        return counting.Tally(self.query, self._index, self._compiler, self._names)

    def page(self, offset: int, limit: int) -> Page:
        decisions, letters = self.totals()
        return Page(self.some(offset, limit, decisions), decisions, letters)

    def some(self, offset: int, limit: int, last: int) -> list[int]:
        """The ids of a page of which only the results before ``last`` are looked for.

        The engine reserves memory for every result up to the end of a page, whether it is there or not.
        """
        offset, limit = max(offset, 0), min(max(limit, 1), MAX_LIMIT)
        return self.item_ids(offset, min(limit, last - offset)) if offset < last else []

    def item_ids(self, offset: int, limit: int) -> list[int]:
        searcher = self._index.searcher
        if words := relevant_to(self.query):
            filters = self._compiler.filters(self.query)
            ranking = Ranking(searcher, words, self.asked, filters, self._names)
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
    index = snapshot()
    with asking(index):
        return _Search(query, index).page(offset, limit)


def answer(query: DecisionQuery, offset: int = 0, limit: int = 20) -> Answer:
    """The results ``offset`` to ``offset + limit`` with all numbers. Raises SearchUnavailable or SearchError."""
    index = snapshot()

    def asked(ask: Callable[[], _Answered]) -> _Answered:
        with asking(index):
            return ask()

    search = asked(lambda: _Search(query, index))
    numbers = _pool().submit(asked, search.numbers)
    # Where the results may be at an end long before, it is waited for; the usual page is found meanwhile.
    last = numbers.result().decisions if offset > _FAR else offset + MAX_LIMIT
    return Answer(asked(lambda: search.some(offset, limit, last)), numbers)


def count(query: DecisionQuery) -> int:
    """How many decisions a query finds."""
    index = snapshot()
    with asking(index):
        return _Search(query, index).count()


def facets(query: DecisionQuery) -> counting.Counts:
    """For each facet the counts of its values under all filters except its own."""
    index = snapshot()
    with asking(index):
        return _Search(query, index).numbers().counts


class Held:
    """What the index holds of all decisions at one moment, whatever it stands for. Raises as searches do."""

    def __init__(self) -> None:
        self._index = snapshot()
        with asking(self._index):
            self._tally = _Search(DecisionQuery(), self._index)._tally()

    def totals(self, *parts: counting.Having) -> tuple[int, int]:
        """How many decisions, in how many letters, are one of the parts."""
        with asking(self._index):
            return self._tally.held(parts)


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
    """Threads for the numbers beside the results; made when first needed, so that each server process has its own."""
    global _threads
    with _remembering:
        if _threads is None:
            _threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="search")
        return _threads
