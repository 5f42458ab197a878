"""All values of one kind with their numbers, in an order of the reader's choice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from ..labels import Labels, load_labels
from ..models import Specialty
from ..statistics import Overview, Rate, overview
from .kinds import KINDS, Kind, page_of
from .rows import Row, row


class Order(StrEnum):
    """The order of a list: most decisions first, highest rate first, or by name."""

    DECISIONS = "decisions"
    RATE = "rate"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the values under a heading of their own, "" if there is but one group."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Every value of one kind: those with decisions as ``groups``, the others by name and page as ``unused``.

    ``values`` counts those with decisions, without the values that only hold others.
    """

    kind: Kind
    order: Order
    groups: tuple[Group, ...]
    unused: tuple[tuple[str, str], ...]
    values: int
    decisions: int
    archive: Rate


def listing(kind: Kind, order: Order = Order.DECISIONS) -> Listing:
    """The list of a kind. Raises SearchUnavailable while there is no index."""
    labels = load_labels()
    everything = overview()
    rows = _tree(everything, labels, kind.facet, order)
    known = labels[kind.facet]
    used = everything.counts[kind.facet]
    parents = {label.parent for label in known.values()}
    return Listing(
        kind=kind,
        order=order,
        groups=_by_role(rows) if kind.facet == "specialty" else (Group("", rows),),
        unused=tuple(
            sorted((label.name, page_of(kind.facet, label)) for value, label in known.items() if not used[value])
        ),
        values=sum(1 for value in known if used[value] and value not in parents),
        decisions=everything.decisions,
        archive=everything.rate,
    )


def _tree(everything: Overview, labels: Labels, facet: str, order: Order) -> tuple[Row, ...]:
    known, counted = labels[facet], everything.counts[facet]
    below: dict[str, list[Row]] = {}
    for value, label in known.items():
        if counted[value] and label.parent:
            below.setdefault(label.parent, []).append(row(everything, labels, facet, value, {}))
    # A family stands above its documents even if none was indexed under it yet.
    tops = [value for value, label in known.items() if not label.parent and (counted[value] or value in below)]
    rows = (
        replace(row(everything, labels, facet, value, {}), children=_sorted(below.get(value, ()), order))
        for value in tops
    )
    return _sorted(rows, order)


def _sorted(rows: Iterable[Row], order: Order) -> tuple[Row, ...]:
    """Values with too few decisions for a rate stand last in the order of rates."""

    def by_rate(row: Row) -> tuple:
        return not row.rate.enough, -row.rate.percent, -row.decisions, row.name

    def by_count(row: Row) -> tuple:
        return -row.decisions, row.name

    def by_name(row: Row) -> tuple:
        return (row.name.casefold(),)

    return tuple(sorted(rows, key={Order.RATE: by_rate, Order.NAME: by_name, Order.DECISIONS: by_count}[order]))


def _by_role(rows: tuple[Row, ...]) -> tuple[Group, ...]:
    """Specialties that a board certifies in, and subspecialties."""
    boards = set(Specialty.objects.filter(kind=Specialty.Kind.BOARD).values_list("name", flat=True))
    groups = (
        Group("Board certifications", tuple(row for row in rows if row.name in boards)),
        Group("Subspecialties", tuple(row for row in rows if row.name not in boards)),
    )
    return tuple(group for group in groups if group.rows)


def pages() -> list[str]:
    """The addresses of the pages of all values with decisions. Raises SearchUnavailable while there is no index."""
    rows = (row for kind in KINDS.values() for group in listing(kind).groups for row in group.rows)
    return [one.page for row in rows for one in (row, *row.children)]
