"""From the counts of a column's values to the counts of the facet values that they stand for.

A column's value stands for several facet values, and a search meets thousands of them: what each stands for is kept
as rows of numbers, and added up at once.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import numpy as np

Counts = dict[str, Counter[str]]


class Spread:
    """What a column's values stand for; ``members`` tells it for one value, as pairs of facet and facet value."""

    def __init__(self, members: Callable[[str], Iterable[tuple[str, str]]]) -> None:
        self._members = members
        self._rows: dict[str, int] = {}
        self._numbers: dict[tuple[str, str], int] = {}
        self._flat: list[int] = []
        self._starts: list[int] = [0]
        self._arrays = self._frozen()
        self._growing = threading.Lock()

    def _frozen(self) -> tuple[np.ndarray, np.ndarray, list[tuple[str, str]]]:
        return np.array(self._starts, np.int64), np.array(self._flat, np.int64), list(self._numbers)

    def _grow(self, keys: Iterable[str]) -> None:
        with self._growing:
            for key in keys:
                if key not in self._rows:
                    self._flat += [self._numbers.setdefault(one, len(self._numbers)) for one in self._members(key)]
                    self._starts.append(len(self._flat))
                    self._rows[key] = len(self._rows)
            self._arrays = self._frozen()

    def counts(self, buckets: list[dict]) -> Counts:
        """The counts of facet values by facet, from the engine's buckets (``key``, ``doc_count``)."""
        rows = self._rows
        if new := [bucket["key"] for bucket in buckets if bucket["key"] not in rows]:
            self._grow(new)
        starts, flat, names = self._arrays
        wanted = np.fromiter((rows[bucket["key"]] for bucket in buckets), np.int64, len(buckets))
        documents = np.fromiter((bucket["doc_count"] for bucket in buckets), np.int64, len(buckets))
        lengths = starts[wanted + 1] - starts[wanted]
        # Place by place where the wanted rows' numbers stand: each row's start, and on by one to its end.
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts[wanted] - ends + lengths, lengths)
        # Sums are exact: decisions are fewer than 2^53.
        sums = np.bincount(flat[places], np.repeat(documents, lengths), len(names)).astype(np.int64)
        found: Counts = defaultdict(Counter)
        for number in np.flatnonzero(sums):
            facet, value = names[number]
            found[facet][value] = int(sums[number])
        return found
