"""Rows of tables: a value with its decisions and its rate, and where it leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..labels import Labels
from ..statistics import Overview, Rate
from .kinds import page_of, search_address

MOST_ROWS = 10  # of a table on a value's page


@dataclass(frozen=True, slots=True)
class Row:
    """One value: ``decisions`` is what the search at the address ``found`` finds; ``page`` is its own page, or ""."""

    name: str
    decisions: int
    rate: Rate
    found: str
    page: str = ""
    children: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """Some rows under a heading; ``more`` tells how many further values there are."""

    id: str
    heading: str
    column: str
    rows: tuple[Row, ...]
    more: int = 0


def row(overview: Overview, labels: Labels, facet: str, value: str, within: Mapping[str, str]) -> Row:
    """The row of one value. ``within``: the search that the overview is of, as facet -> slug."""
    label = labels[facet][value]
    return Row(
        name=label.name,
        decisions=overview.counts[facet][value],
        rate=overview.rates[facet].get(value, Rate(0, 0)),
        found=search_address({**within, facet: label.slug}),
        page=page_of(facet, label),
    )


def by_decisions(rows: Iterable[Row]) -> list[Row]:
    """The most decisions first."""
    return sorted(rows, key=lambda row: (-row.decisions, row.name))


def single_values(labels: Labels, facet: str) -> list[str]:
    """The values of a facet that have none below them: drugs, not their classes."""
    parents = {label.parent for label in labels[facet].values()}
    return [value for value in labels[facet] if value not in parents]


def table(
    overview: Overview, labels: Labels, facet: str, heading: str, within: Mapping[str, str], leave_out: str = ""
) -> Table:
    """The most frequent values of a facet in an overview."""
    counted = overview.counts[facet]
    values = [value for value in single_values(labels, facet) if counted[value] and value != leave_out]
    values.sort(key=lambda value: (-counted[value], labels[facet][value].name))
    rows = [row(overview, labels, facet, value, within) for value in values[:MOST_ROWS]]
    if facet == "treatment":  # "Spine" alone says little
        names = [_path(labels, facet, value) for value in values[:MOST_ROWS]]
        rows = [replace(one, name=name) for one, name in zip(rows, names, strict=True)]
    return Table(facet, heading, _COLUMNS[facet], tuple(rows), more=max(0, len(values) - MOST_ROWS))


def _path(labels: Labels, facet: str, value: str) -> str:
    label = labels[facet][value]
    return f"{labels[facet][label.parent].name} / {label.name}" if label.parent else label.name


_COLUMNS = {
    "board": "Certification",
    "subspecialty": "Subspecialty",
    "specialty": "Specialty",
    "treatment": "Treatment",
    "drug": "Drug",
    "procedure": "Procedure",
    "guideline": "Guideline",
    "body": "Part of the body",
}
