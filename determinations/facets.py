"""Facets as the pages show them: values with label, count, whether chosen or excluded, and the addresses that do it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from . import vocabulary
from .filters import EXCLUDED, PAGE_SIZES, DecisionFilter, Switch
from .labels import FACETS, NO_YEAR
from .search import Sort

SHOWN = 6  # values of a long facet before "show more"
FOLDED = 8  # values behind it; the others have a page of their own
BELOW = 6  # values below another one; the months of a year only when it is chosen
# Values in the order of the vocabulary instead of the most frequent first.
_IN_THEIR_ORDER = frozenset({"outcome", "finding", "relation", "letter", "priority", "age", "sex"})
_LATEST_FIRST = "year"
# A reviewer's specialty in either role: board certification and subspecialty are what is offered to choose from, but
# an address may ask for this.
_ONLY_IF_CHOSEN = frozenset({"specialty"})
_OPEN = 6  # so many facets show their values at once; the others when they are opened, or narrow the search

SORTS = {
    Sort.RELEVANCE: "Relevance",
    Sort.NEWEST: "Newest",
    Sort.OLDEST: "Oldest",
    Sort.NUMBER: "Case number",
    Sort.LONGEST: "Longest rationale",
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value: ``count`` is what choosing it alone in its facet would find, the other filters as they are."""

    facet: str
    slug: str
    label: str
    count: int
    selected: bool
    excluded: bool
    switch: Switch = field(repr=False, compare=False)
    children: tuple[Value, ...] = ()

    @property
    def url(self) -> str:
        """The query string that chooses the value, or no longer does."""
        return self.switch.toggled(self.slug)

    @property
    def exclude_url(self) -> str:
        """The query string that excludes the value, or no longer does."""
        return self.switch.toggled_exclusion(self.slug)

    @property
    def touched(self) -> bool:
        """Whether the value or one below it narrows the search."""
        return self.selected or self.excluded or any(child.touched for child in self.children)

    @property
    def shown(self) -> tuple[Value, ...]:
        """The children that the result page shows: the first ones, and those that narrow the search."""
        if self.facet == _LATEST_FIRST:
            return self.children if self.touched else ()
        return self.children if len(self.children) <= BELOW + 2 else _first(self.children, BELOW)

    @property
    def left(self) -> int:
        """How many children the result page leaves out."""
        return len(self.children) - len(self.shown)


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values in the order of the page; ``more`` are those behind "show more"."""

    name: str
    label: str
    values: tuple[Value, ...]
    more: tuple[Value, ...] = ()
    problems: tuple[str, ...] = ()
    selected: int = 0
    open: bool = True

    @property
    def all(self) -> tuple[Value, ...]:
        """All values, those behind "show more" too."""
        return self.values + self.more

    @property
    def folded(self) -> tuple[Value, ...]:
        """The values that the result page has behind "show more"."""
        return self.more[:FOLDED]

    @property
    def left(self) -> int:
        """How many values, of both levels, the result page leaves out; the facet's own page has them."""
        below = sum(value.left for value in self.values) + sum(len(value.children) for value in self.folded)
        return below + sum(1 + len(value.children) for value in self.more[FOLDED:])

    @property
    def tree(self) -> bool:
        """Whether a value has others below it."""
        return any(value.children for value in self.all)


def _first(values: tuple[Value, ...], most: int) -> tuple[Value, ...]:
    """The first ones and those that narrow the search."""
    return tuple(value for place, value in enumerate(values) if place < most or value.touched)


@dataclass(frozen=True, slots=True)
class Order:
    """An order of results to choose, or how many a page has."""

    label: str
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One part of the search that narrows it, and the address of the search without it."""

    facet: str
    label: str
    url: str
    excluded: bool = False


def build(filter: DecisionFilter, counts: Mapping[str, Counter[str]]) -> list[Facet]:
    """The facets of the result page from the engine's counts."""
    facets = [_facet(filter, name, counts[name], place) for place, name in enumerate(FACETS)]
    return [facet for facet in facets if facet.name not in _ONLY_IF_CHOSEN or facet.selected or facet.problems]


def _facet(filter: DecisionFilter, name: str, counted: Counter[str], place: int) -> Facet:
    """Values that narrow the search stay in sight, whatever their place and count."""
    values = _values(filter, name, counted)
    shown, more = values, []
    if len(values) > SHOWN + 2:
        shown = list(_first(tuple(values), SHOWN))
        there = {value.slug for value in shown}
        more = [value for value in values if value.slug not in there]
    selected = len(filter.selected(name)) + len(filter.excluded(name))
    problems = filter.problems(name)
    return Facet(
        name=name,
        label=filter.label(name),
        values=tuple(shown),
        more=tuple(more),
        problems=tuple(problems),
        selected=selected,
        open=place < _OPEN or bool(selected or problems),
    )


def _values(filter: DecisionFilter, name: str, counted: Counter[str]) -> list[Value]:
    labels = filter.labels[name]
    selected, excluded = set(filter.selected(name)), set(filter.excluded(name))
    asked = {labels.by_slug[slug] for slug in selected | excluded}
    # A name that was deleted a moment ago may still be counted. A parent is shown wherever one of its values is.
    there = {value for value in counted if value in labels} | asked
    there |= {labels[value].parent for value in there} - {""}
    switch = filter.switch(name)
    below: dict[str, list[Value]] = {}
    top: list[Value] = []
    # Children first: labels list a parent before its children.
    for value in sorted(there, key=lambda one: not labels[one].parent):
        label = labels[value]
        found = Value(
            facet=name,
            slug=label.slug,
            label=label.name,
            count=counted[value],
            selected=label.slug in selected,
            excluded=label.slug in excluded,
            switch=switch,
            children=tuple(_sorted(name, below.get(value, []))),
        )
        (below.setdefault(label.parent, []) if label.parent else top).append(found)
    if name in _IN_THEIR_ORDER:
        order = {label.slug: place for place, label in enumerate(labels.values())}
        return sorted(top, key=lambda value: order[value.slug])
    return _sorted(name, top)


def _sorted(name: str, values: list[Value]) -> list[Value]:
    if name == _LATEST_FIRST:
        return sorted(values, key=lambda value: (value.slug != NO_YEAR, value.slug), reverse=True)
    return sorted(values, key=lambda value: (-value.count, value.label))


def whole(filter: DecisionFilter, name: str, counted: Counter[str], find: str = "", order: str = "") -> list[Value]:
    """All values of a facet whose names hold ``find``; most frequent first ("count"), by "name", or as on the page."""
    values = list(_holding(_values(filter, name, counted), vocabulary.key(find)))
    if order == "name":
        return [replace(value, children=tuple(_by_name(value.children))) for value in _by_name(values)]
    if order == "count":
        return sorted(values, key=lambda value: (-value.count, value.label))
    return values


def _holding(values: Iterable[Value], words: str) -> Iterator[Value]:
    """The values with ``words`` in their name, with all below them; of the others what is below and has them."""
    for value in values:
        if words in vocabulary.key(value.label):
            yield value
        elif children := tuple(_holding(value.children, words)):
            yield replace(value, children=children)


def _by_name(values: Iterable[Value]) -> list[Value]:
    return sorted(values, key=lambda value: vocabulary.key(value.label))


def chips(filter: DecisionFilter) -> list[Chip]:
    """What narrows the search, each with the address that takes it away."""
    return list(_chips(filter))


def _chips(filter: DecisionFilter) -> Iterator[Chip]:
    if filter.words:
        yield Chip("Words", filter.words, filter.address(q=[], exact=[]))
    for name in FACETS:
        for slug in filter.selected(name):
            yield Chip(filter.label(name), filter.value_label(name, slug).name, filter.toggled(name, slug))
        for slug in filter.excluded(name):
            label = filter.value_label(name, slug).name
            yield Chip(filter.label(EXCLUDED + name), label, filter.toggled_exclusion(name, slug), excluded=True)
    for name, day in (("since", filter.first_day), ("until", filter.last_day)):
        if day:
            yield Chip(
                "Date of decision", f"{filter.label(name)} {day:%b} {day.day}, {day.year}", filter.address(**{name: []})
            )


def orders(filter: DecisionFilter) -> list[Order]:
    """The orders of results; without words there is nothing to be relevant to, and newest first is the usual one."""
    usual = Sort.RELEVANCE if filter.words else Sort.NEWEST
    current = filter.order if filter.words or filter.order is not Sort.RELEVANCE else Sort.NEWEST
    return [
        Order(label, filter.address(sort=[] if sort is usual else [sort.value]), sort is current)
        for sort, label in SORTS.items()
        if filter.words or sort is not Sort.RELEVANCE
    ]


def page_sizes(filter: DecisionFilter) -> list[Order]:
    """How many results a page can have."""
    return [
        Order(str(size), filter.address(per=[str(size)] if place else []), size == filter.page_size)
        for place, size in enumerate(PAGE_SIZES)
    ]
