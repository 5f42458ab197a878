"""From the counts of a column's codes to the counts of the facet values that they stand for.

A code stands for several facet values, and a column has thousands of codes: what each stands for is kept as rows of
numbers, and added up at once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

import numpy as np

Counts = dict[str, Counter[str]]


class Spread:
    """What a column's codes stand for; ``members`` tells it for the text of one, as pairs of facet and facet value."""

    def __init__(self, members: Callable[[str], Iterable[tuple[str, str]]]) -> None:
        self._members = members
        self._numbers: dict[tuple[str, str], int] = {}  # facet value -> its number here
        self._flat: list[int] = []  # the numbers of all codes, one code after the other
        self._owners: list[int] = []  # the code of each
        self._codes = 0
        self._freeze()

    def _freeze(self) -> None:
        # In one step: other threads may count meanwhile.
        self._arrays = np.array(self._flat, np.int64), np.array(self._owners, np.int64), list(self._numbers)

    def grow(self, table: Sequence[str]) -> None:
        """Learn the codes that were added to the table."""
        if self._codes == len(table):
            return
        for code in range(self._codes, len(table)):
            found = [self._numbers.setdefault(one, len(self._numbers)) for one in self._members(table[code])]
            self._flat += found
            self._owners += [code] * len(found)
        self._codes = len(table)
        self._freeze()

    def counts(self, documents: np.ndarray) -> Counts:
        """The counts of facet values by facet, from the number of decisions of each code."""
        flat, owners, names = self._arrays
        known = owners < len(documents)  # codes that were added since the decisions were counted have none
        # Sums are exact: decisions are fewer than 2^53.
        sums = np.bincount(flat[known], documents[owners[known]], len(names)).astype(np.int64)
        found: Counts = defaultdict(Counter)
        for number in np.flatnonzero(sums):
            facet, value = names[number]
            found[facet][value] = int(sums[number])
        return found

    def having(self, facet: str, values: Iterable[str], codes: int) -> np.ndarray:
        """For each of the first ``codes`` codes whether it stands for one of the values of a facet."""
        flat, owners, _ = self._arrays
        wanted = [self._numbers[facet, value] for value in values if (facet, value) in self._numbers]
        having = np.zeros(max(codes, self._codes), bool)
        having[owners[np.isin(flat, wanted)]] = True
        return having[:codes]
