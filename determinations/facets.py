"""Facets as the pages show them: values with label, count, whether chosen, and the address that toggles them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from .filters import FACETS, YEARS, DecisionFilter
from .labels import OUTCOMES, Label, state_name, year_label
from .search import Sort

SHOWN = 8  # values of a long facet before "show all"


@dataclass(frozen=True, slots=True)
class Value:
    """One value: ``count`` is what choosing it alone in its facet would find, the other filters as they are."""

    slug: str
    label: str
    count: int
    selected: bool
    url: str
    children: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet with its values in the order of the page; ``more`` are those behind "show all"."""

    name: str
    label: str
    values: tuple[Value, ...]
    more: tuple[Value, ...] = ()
    problems: tuple[str, ...] = ()
    selected: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """An order of results to choose."""

    label: str
    url: str
    selected: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One chosen value, and the address of the search without it."""

    facet: str
    label: str
    url: str


@dataclass(slots=True)
class _Builder:
    filter: DecisionFilter
    counts: dict[str, Counter] = field(default_factory=dict)

    def value(self, name: str, label: Label, count: int, children: tuple[Value, ...] = ()) -> Value:
        return Value(
            slug=label.slug,
            label=label.name,
            count=count,
            selected=label.slug in self.filter.selected(name),
            url=self.filter.toggled(name, label.slug),
            children=children,
        )

    def facet(self, name: str, values: list[Value], *, fold: bool = True) -> Facet:
        """Chosen values stay in sight, whatever their place."""
        shown = values
        more: list[Value] = []
        if fold and len(values) > SHOWN + 2:
            shown = [value for place, value in enumerate(values) if place < SHOWN or _chosen(value)]
            more = [value for value in values if value not in shown]
        return Facet(
            name=name,
            label=self.filter.label(name),
            values=tuple(shown),
            more=tuple(more),
            problems=tuple(self.filter.problems(name)),
            selected=len(self.filter.selected(name)),
        )

    def outcomes(self) -> Facet:
        counted = self.counts["outcomes"]
        return self.facet(
            "outcome",
            [self.value("outcome", Label(slug, name), counted[name]) for slug, name in OUTCOMES.items()],
        )

    def named(self, name: str) -> Facet:
        """Specialties or guidelines, the most frequent first."""
        counted = self.counts[FACETS[name]]
        ids = {pk for pk in counted if counted[pk]} | self._selected_ids(name)
        labels = {pk: self.filter.label_of(name, pk) for pk in ids}
        # A name that was deleted a moment ago may still be counted.
        values = [self.value(name, label, counted[pk]) for pk, label in labels.items() if label]
        return self.facet(name, sorted(values, key=lambda value: (-value.count, value.label)))

    def _selected_ids(self, name: str) -> set[int]:
        return set(getattr(self.filter.query, FACETS[name]))

    def treatments(self) -> Facet:
        """Categories, the most frequent first, with their sub-categories; a category counts its branch."""
        counted = self.counts["treatments"]
        labels, tree = self.filter.labels.treatments, self.filter.labels.tree
        values = []
        for pk, children in tree.items():
            below = [self.value("treatment", labels[child], counted[child]) for child in children]
            below = [value for value in below if value.count or value.selected]
            below.sort(key=lambda value: (-value.count, value.label))
            total = sum(counted[one] for one in (pk, *children))
            value = self.value("treatment", labels[pk], total, tuple(below))
            if total or _chosen(value):
                values.append(value)
        return self.facet("treatment", sorted(values, key=lambda value: (-value.count, value.label)), fold=False)

    def years(self) -> Facet:
        counted = self.counts["years"]
        years = {year for year in counted if counted[year]} | set(self.filter.query.years)
        return self.facet(
            "year",
            [self.value("year", year_label(year), counted[year]) for year in sorted(years, reverse=True)],
        )

    def states(self) -> Facet:
        counted = self.counts["states"]
        postals = {postal for postal in counted if counted[postal]} | set(self.filter.query.states)
        values = [self.value("state", Label(postal, state_name(postal)), counted[postal]) for postal in postals]
        return self.facet("state", sorted(values, key=lambda value: (-value.count, value.label)))


def _chosen(value: Value) -> bool:
    return value.selected or any(child.selected for child in value.children)


def build(filter: DecisionFilter, counts: dict[str, Counter]) -> list[Facet]:
    """The facets of the result page from the engine's counts."""
    builder = _Builder(filter, counts)
    return [
        builder.outcomes(),
        builder.named("specialty"),
        builder.treatments(),
        builder.named("guideline"),
        builder.years(),
        builder.states(),
    ]


def chips(filter: DecisionFilter) -> list[Chip]:
    """What is chosen, each with the address that takes it away."""
    return list(_chips(filter))


def _chips(filter: DecisionFilter) -> Iterator[Chip]:
    if filter.words:
        yield Chip("Words", filter.words, filter.address(q=[]))
    for name in FACETS:
        for slug in filter.selected(name):
            yield Chip(filter.label(name), _name(filter, name, slug), filter.toggled(name, slug))


def orders(filter: DecisionFilter) -> list[Order]:
    """The orders of results; without words there is nothing to be relevant to, and newest first is the usual one."""
    usual = Sort.RELEVANCE if filter.words else Sort.NEWEST
    current = filter.order if filter.words or filter.order is not Sort.RELEVANCE else Sort.NEWEST
    choices = [sort for sort in Sort if filter.words or sort is not Sort.RELEVANCE]
    return [
        Order(sort.value.capitalize(), filter.address(sort=[] if sort is usual else [sort.value]), sort is current)
        for sort in choices
    ]


def _name(filter: DecisionFilter, name: str, slug: str) -> str:
    """The name of a value by what stands for it in an address."""
    if name == "outcome":
        return OUTCOMES[slug]
    if name == "state":
        return state_name(slug)
    if name == "year":
        return year_label(YEARS[slug]).name
    return filter.label_of(name, filter.id_of(name, slug)).name
