"""Words in a row of which no mask is kept: asked of the engine all at once, and only where it can say something new.

Where each run of a phrase is kept as a mask (three words: two runs of two), the masks together promise nearly what the
phrase finds: of the phrases in letters 19 of 20 are there in three of four decisions that have the runs. So the engine
is asked for the exceptions, the decisions that have the runs and not the phrase, which are fewer to hand over.

To look at the words' places takes the engine 0.1 µs a decision, more than all the rest. It therefore is told all that
else is known: what other parts of the search are terms, and which decisions at most one filter keeps out, as counts of
facets need no other ones (``Nearly``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from tantivy import Occur, Query

from .common_words import common_runs
from .compiling import boolean
from .generations import Snapshot
from .kept import Term
from .masks import listed, matching, since
from .schema import ALL_TEXT, RUNS, schema

_FEW = 100_000  # decisions: a phrase that no more can have is listed
_EXCEPTIONS = 150_000  # no more are listed
_WORTH_NARROWING = 300_000  # decisions that need not be looked at because of the filters

Clauses = Sequence[tuple[Occur, Query]]


@dataclass(frozen=True, slots=True)
class Row:
    """Words in a row. ``terms``: what every decision has in which they are found; ``most``: they are in no more.

    ``covered``: every word of them stands in a run of ``terms``.
    """

    query: Query
    terms: tuple[Term, ...]
    most: int
    covered: bool


@dataclass(frozen=True, slots=True)
class Nearly:
    """The decisions that at most one facet's filters keep out: makes the mask of their rows, and a query for them."""

    mask: Callable[[], np.ndarray]
    query: Callable[[], Query]


def terms_of(tokens: Sequence[str]) -> tuple[tuple[Term, ...], bool]:
    """The terms that a decision with words in a row has, in whatever field; whether runs cover all the words."""
    runs = common_runs(tokens)
    covered = {word for run in runs for word in run.split("_")}
    rest = [word for word in dict.fromkeys(tokens) if word not in covered]
    return (*((RUNS, run) for run in runs), *((ALL_TEXT, word) for word in rest)), not rest


class Together:
    """Finds rows of words in one snapshot. ``narrowed``: whether only the rows of ``nearly`` were looked at."""

    def __init__(self, index: Snapshot, nearly: Nearly | None) -> None:
        self._index, self._nearly = index, nearly
        self._searcher, self._rows = index.searcher, index.rows.count
        self._near: np.ndarray | None = None
        self.narrowed = False

    def mask(self, rows: Sequence[Row], among: np.ndarray | None = None, known: Clauses = ()) -> np.ndarray:
        """The mask of the decisions that have all ``rows`` of words and are ``among`` those of a mask.

        ``known``: clauses that every decision of ``among`` meets. Deleted decisions may be in the mask.
        """
        most = min(row.most for row in rows)
        terms = dict.fromkeys(term for row in rows for term in row.terms if self._index.kept.has(term))
        promised, held = self._promised(terms, among)
        there = most if promised is None else int(np.count_nonzero(promised))
        if self._nearly and min(most, there) >= _WORTH_NARROWING:
            near = self.near()
            fewer = near if promised is None else near[: len(promised)] & promised
            number = int(np.count_nonzero(fewer))
            if there - number >= _WORTH_NARROWING:
                self.narrowed = True
                among = near if among is None else among & near
                known = [*known, (Occur.Must, self._nearly.query())]
                promised, there = None if promised is None else fewer, number
        wanted = [(Occur.Must, row.query) for row in rows]
        found = None
        if promised is not None and most > _FEW and there - most <= _EXCEPTIONS and self._promising(rows, there):
            found = self._but_exceptions(promised, held, known, wanted)
        if found is None:
            found = matching(self._searcher, boolean([*known, *wanted]), self._rows, most)
        return found if among is None else found & among

    def near(self) -> np.ndarray:
        """The rows of ``nearly``; without it all."""
        if self._near is None:
            self._near = self._nearly.mask() if self._nearly else np.ones(self._rows, bool)
        return self._near

    def _promising(self, rows: Sequence[Row], there: int) -> bool:
        """Whether most of what the kept terms promise is likely to have the rows, or to try costs little."""
        if all(row.covered and all(map(self._index.kept.has, row.terms)) for row in rows):
            return True
        return len(rows) == 1 and there <= 2 * _EXCEPTIONS

    def _promised(self, terms: Iterable[Term], among: np.ndarray | None) -> tuple[np.ndarray | None, Clauses]:
        """The rows ``among`` these that have every term, as many rows as masks have; None without any. The terms."""
        mask = None
        for term in terms:
            having = self._index.kept.mask(term)
            mask = having if mask is None or having is None else mask & having
        if mask is not None and among is not None:
            mask &= among[: len(mask)]
        held = [(Occur.Must, Query.term_query(schema(), *term, index_option="basic")) for term in terms]
        return mask, held

    def _but_exceptions(
        self, promised: np.ndarray, held: Clauses, known: Clauses, wanted: Clauses
    ) -> np.ndarray | None:
        """What is promised without what only promises; None if that is too much."""
        asked = boolean([*known, *held, (Occur.MustNot, boolean(wanted))])
        exceptions = listed(self._searcher, asked, _EXCEPTIONS)
        if exceptions is None:
            return None
        mask = np.zeros(self._rows, bool)
        if len(promised) < self._rows:  # rows that came after the masks were kept
            later = boolean([*known, *wanted, (Occur.Must, since(len(promised)))])
            mask = matching(self._searcher, later, self._rows, self._rows - len(promised))
        mask[: len(promised)] = promised
        mask[exceptions[exceptions < len(promised)]] = False
        return mask
