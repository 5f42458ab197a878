"""Counts for every facet, each under all filters except its own, and how many decisions and letters there are.

The contract: a value's count is the number of decisions that are found when that value alone is chosen in its facet,
everything else staying as it is. Words are matched once (matching.py); filters and counts are numpy's (rows.py).
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from ..asking import grammar
from .compiling import Compiler
from .generations import Snapshot
from .matching import Matcher
from .names import Names
from .query import DecisionQuery
from .rows import Rows, members
from .schema import COLUMNS, PROFILE, PROFILE_FACETS
from .spreading import Counts, Spread
from .together import Nearly

_COLUMN_OF = {facet: column for column, facets in COLUMNS.items() for facet in facets}
_COLUMN_OF |= dict.fromkeys(PROFILE_FACETS, PROFILE)


@dataclass(frozen=True, slots=True)
class Having:
    """Decisions of which the index holds one of some values of a facet and none of others, whatever they stand for.

    For PROFILE the values are ids of credential profiles, for guidelines their keys.
    """

    facet: str
    any_of: frozenset[str]
    none_of: frozenset[str] = frozenset()


def totals(rows: Rows, found: np.ndarray) -> tuple[int, int]:
    """How many decisions there are in some rows, in how many letters; the rows of a letter stand side by side."""
    letters = rows.columns["letter"].take(found)
    return len(letters), int(np.count_nonzero(letters[1:] != letters[:-1])) + bool(len(letters))


class Columns:
    """The columns of one snapshot as facets: which rows have a value, and how many rows have each."""

    def __init__(self, rows: Rows, names: Names) -> None:
        self._rows, self._names = rows, names

    def spread(self, column: str) -> Spread:
        """What the codes of a column stand for."""
        if column == PROFILE:
            return self._rows.files.spread(column, self._names.profiles.stamp, self._names.profiles.members)
        if keys := tuple(self._names.keys[facet] for facet in COLUMNS[column] if facet in self._names.keys):
            return self._rows.files.spread(column, keys, self._members)
        return self._rows.files.spread(column, None, members)

    def _members(self, text: str) -> list[tuple[str, str]]:
        """The facet values that a text of a column stands for, each with its facet."""
        held = defaultdict[str, list[str]](list)
        for facet, value in members(text):
            held[facet].append(value)
        return [(facet, value) for facet, some in held.items() for value in self._names.values(facet, some)]

    def having(self, facet: str, values: Iterable[str]) -> np.ndarray:
        """For each code of a facet's column whether it stands for one of the values."""
        column = _COLUMN_OF[facet]
        return self.spread(column).having(facet, values, self._rows.codes[column])

    def codes(self, facet: str, rows: np.ndarray | None) -> np.ndarray:
        """The code that each of some rows has in a facet's column; None for all rows."""
        return self.numbers(_COLUMN_OF[facet], rows)

    def numbers(self, column: str, rows: np.ndarray | None) -> np.ndarray:
        """What some rows have in a column; None for all rows."""
        numbers = self._rows.columns[column]
        return numbers if rows is None else numbers.take(rows)

    def mask(self, facet: str, values: Iterable[str]) -> np.ndarray:
        """For each row whether it has one of the values of a facet."""
        return self.having(facet, values).take(self._rows.columns[_COLUMN_OF[facet]])

    def held(self, facet: str, values: Iterable[str]) -> np.ndarray:
        """For each row whether the index has one of some values of a facet or of PROFILE, whatever they stand for."""
        column = _COLUMN_OF.get(facet, facet)
        spread = self._rows.files.spread(column, None, _profile if column == PROFILE else members, "as it is held")
        return spread.having(facet, values, self._rows.codes[column]).take(self._rows.columns[column])

    def documents(self, column: str, rows: np.ndarray) -> np.ndarray:
        """How many of some rows have each code of a column."""
        return np.bincount(self._rows.columns[column].take(rows), minlength=self._rows.codes[column])


def _profile(text: str) -> list[tuple[str, str]]:
    return [(PROFILE, text)]


class Tally:
    """The decisions of one search as rows, and what is counted of them."""

    def __init__(self, query: DecisionQuery, index: Snapshot, compiler: Compiler, names: Names) -> None:
        self._query, self._rows = query, index.rows
        self._columns = Columns(index.rows, names)
        nearly = Nearly(self._nearly, lambda: compiler.nearly(query)) if len(query.narrowed) > 1 else None
        self._matcher = Matcher(index, compiler, self._columns.mask, nearly)

    def decisions(self) -> int:
        """How many decisions."""
        tests = list(self._passing.values())
        return int(np.count_nonzero(functools.reduce(np.logical_and, tests))) if tests else len(self._matched)

    def totals(self) -> tuple[int, int]:
        """How many decisions, in how many letters."""
        return totals(self._rows, self._found)

    def held(self, parts: Iterable[Having]) -> tuple[int, int]:
        """How many of what is found are one of the parts: decisions, and letters."""
        mask = np.zeros(self._rows.count, bool)
        for part in parts:
            mask |= self._columns.held(part.facet, part.any_of) & ~self._columns.held(part.facet, part.none_of)
        return totals(self._rows, self._found[mask[self._found]])

    def counts(self) -> Counts:
        """For each facet its values' counts."""
        own = self._query.narrowed
        counts = self._counted(self._found, [name for name in _COLUMN_OF if name not in own])
        for name in own:
            counts |= self._counted(self._without(name), [name])
        return counts

    # ---- which rows --------------------------------------------------------------------------------------------

    @cached_property
    def _matched(self) -> np.ndarray:
        """The rows that the words find, in order; without words all."""
        node = grammar.read(self._query.words, exact=self._query.exact).node
        if node is not None:
            return np.flatnonzero(self._matcher.words(node))
        return self._live

    @cached_property
    def _live(self) -> np.ndarray:
        live = self._matcher.live()
        return np.arange(self._rows.count) if live is None else np.flatnonzero(live)

    @cached_property
    def _passing(self) -> dict[str, np.ndarray]:
        """For each facet that narrows the search, which of the matched rows it lets through."""
        matched = None if len(self._matched) == self._rows.count else self._matched
        return {name: self._passes(name, matched) for name in self._query.narrowed}

    def _nearly(self) -> np.ndarray:
        """The rows that at most one facet does not let through, whatever the words say."""
        misses = np.zeros(self._rows.count, np.uint8)
        for name in self._query.narrowed:
            misses += ~self._passes(name, None)
        return misses <= 1

    def _passes(self, name: str, rows: np.ndarray | None) -> np.ndarray:
        """Which of some rows a facet lets through; None for all rows."""
        query = self._query
        passes = ~self._columns.having(name, query.excluded.get(name, ()))
        if name in query.chosen:
            passes &= self._columns.having(name, query.chosen[name])
        found = passes.take(self._columns.codes(name, rows))
        if name == "year" and (query.since or query.until):
            days = self._columns.numbers("day", rows)
            found &= (days >= (query.since or date.min).toordinal()) & (days > 0)
            found &= days <= (query.until or date.max).toordinal()
        return found

    @cached_property
    def _found(self) -> np.ndarray:
        return self._without("")

    def _without(self, name: str) -> np.ndarray:
        """The rows that are found when a facet does not narrow the search."""
        tests = [passes for facet, passes in self._passing.items() if facet != name]
        return self._matched[functools.reduce(np.logical_and, tests)] if tests else self._matched

    # ---- facets ------------------------------------------------------------------------------------------------

    def _counted(self, rows: np.ndarray, names: list[str]) -> Counts:
        counts: Counts = {name: Counter() for name in names}
        others = None
        if 2 * len(rows) > len(self._live) > len(rows):  # to count what is left out takes less
            mask = np.zeros(self._rows.count, bool)
            mask[self._live] = True
            mask[rows] = False
            others = np.flatnonzero(mask)
        for column in {_COLUMN_OF[name] for name in names}:
            if len(rows) == len(self._live):
                documents = self._everything(column)
            elif others is None:
                documents = self._columns.documents(column, rows)
            else:
                documents = self._everything(column) - self._columns.documents(column, others)
            for name, counter in self._columns.spread(column).counts(documents).items():
                if name in counts:
                    counts[name] = counter
        return counts

    def _everything(self, column: str) -> np.ndarray:
        known = self._rows.everything
        if column not in known:
            known[column] = self._columns.documents(column, self._live)
        return known[column]
