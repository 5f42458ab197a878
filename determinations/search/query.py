"""A search as one frozen value: what page, counts, feeds and exports share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from ..labels import FACETS


class Sort(StrEnum):
    """The order of results. Decisions without a date, or without a case number, stand last in either order of it."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    NUMBER = "number"
    LONGEST = "longest"


class Choices(Mapping[str, frozenset[str]]):
    """Facet -> the values chosen in it; frozen, and empty sets are left out, so that equal choices are equal."""

    __slots__ = ("_hash", "_values")

    def __init__(self, values: Mapping[str, Iterable[str]] | None = None) -> None:
        found = {name: frozenset(some) for name, some in (values or {}).items()}
        if unknown := found.keys() - FACETS.keys():
            raise KeyError(f"no such facet: {', '.join(sorted(unknown))}")
        self._values = {name: found[name] for name in FACETS if found.get(name)}
        self._hash = hash(frozenset(self._values.items()))

    def __getitem__(self, name: str) -> frozenset[str]:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return dict(self) == dict(other) if isinstance(other, Mapping) else NotImplemented

    def __repr__(self) -> str:
        return f"Choices({self._values!r})"


@dataclass(frozen=True, slots=True)
class DecisionQuery:
    """What is asked for. Within a facet any of the chosen values and none of the excluded, between facets all.

    ``chosen`` and ``excluded`` hold values as labels.Labels knows them; ``since`` and ``until`` are days of decision,
    both included (a decision without a date is on no day); ``exact`` searches the words without their synonyms.
    """

    words: str = ""
    chosen: Choices = field(default_factory=Choices)
    excluded: Choices = field(default_factory=Choices)
    since: date | None = None
    until: date | None = None
    exact: bool = False
    sort: Sort = Sort.RELEVANCE

    def __post_init__(self) -> None:
        for name in ("chosen", "excluded"):
            if not isinstance(getattr(self, name), Choices):
                object.__setattr__(self, name, Choices(getattr(self, name)))

    @property
    def narrowed(self) -> list[str]:
        """The facets that narrow the search; a range of days is a choice of dates."""
        dates = {"year"} if self.since or self.until else set()
        return [name for name in FACETS if name in self.chosen or name in self.excluded or name in dates]

    def without(self, facet: str) -> DecisionQuery:
        """The same query without what ``facet`` narrows it by."""
        days = {"since": None, "until": None} if facet == "year" else {}
        return replace(self, chosen=_without(self.chosen, facet), excluded=_without(self.excluded, facet), **days)

    def choosing(self, facet: str, *values: str) -> DecisionQuery:
        """The same query with ``values`` alone chosen in ``facet``."""
        rest = self.without(facet)
        return replace(rest, chosen=Choices({**rest.chosen, facet: values}))


def _without(choices: Choices, facet: str) -> Choices:
    return Choices({name: values for name, values in choices.items() if name != facet})
