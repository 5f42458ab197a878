"""One value in numbers: its decisions and rate beside the archive's, the years, and what it goes together with."""

from __future__ import annotations

from dataclasses import dataclass

from .. import search
from ..labels import CONTRADICTION, NO_YEAR, Facet, Labels, load_labels
from ..models import DisputedItem
from ..statistics import Overview, Rate, archive_rate, overview, rate
from . import charts
from .kinds import Kind, search_address
from .rows import Row, Table, by_decisions, row, table
from .sections import COUNTED, Sections, sections

_RECENT = 5
_MOST_REASONS = 8
_HEADINGS = {
    "board": "Board certifications of these reviewers",
    "subspecialty": "Subspecialties of these reviewers",
    "specialty": "Reviewers’ specialties",
    "treatment": "Treatments",
    "drug": "Drugs",
    "procedure": "Procedures",
    "guideline": "Guidelines that reviewers cited",
    "body": "Parts of the body",
}
_BELOW = {
    "treatment": ("Sub-categories", "Sub-category"),
    "drug": ("Drugs of this class", "Drug"),
    "procedure": ("Procedures of this kind", "Procedure"),
    "guideline": ("Documents of this family", "Document"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason, in how many of some decisions it was found and in how many of a hundred of them."""

    name: str
    decisions: int
    percent: float
    found: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """The most frequent reasons of the decisions with one outcome."""

    outcome: str
    decisions: int
    rows: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Portrait:
    """One value of a kind; ``found`` is the search for its decisions.

    ``parents``: the values it belongs to, by name and page. ``archive``: the rate of the archive as a whole.
    ``first``: the tables that stand first (roles, the two sides, the values below it); ``tables``: what it goes with.
    """

    kind: Kind
    name: str
    parents: tuple[tuple[str, str], ...]
    found: str
    decisions: int
    letters: int
    rate: Rate
    archive: Rate
    upheld: str
    overturned: str
    contradictions: Row
    years: tuple[Row, ...]
    undated: Row
    chart: charts.Chart | None
    first: tuple[Table, ...]
    tables: tuple[Table, ...]
    reasons: tuple[Reasons, ...]
    sections: Sections | None
    recent: tuple[DisputedItem, ...]


def portrait(kind: Kind, slug: str) -> Portrait:
    """The value that ``slug`` stands for. Raises KeyError if there is none, SearchUnavailable without an index.

    Four answers of the engine, and the archive's own rate, which is remembered.
    """
    labels = load_labels()
    known = labels[kind.facet]
    value = known.by_slug[slug]
    document = kind.facet == "guideline" and value.isdigit()
    within = {kind.facet: slug}
    query = search.DecisionQuery(chosen={kind.facet: {value}})
    seen = overview(query, newest=COUNTED if document else _RECENT)
    years = _years(seen, labels, within)
    archive = archive_rate()
    return Portrait(
        kind=kind,
        name=known[value].name,
        parents=_parents(kind, known, value),
        found=search_address(within),
        decisions=seen.decisions,
        letters=seen.letters,
        rate=seen.rate,
        archive=archive,
        upheld=search_address({**within, "outcome": "upheld"}),
        overturned=search_address({**within, "outcome": "overturned"}),
        contradictions=row(seen, labels, "flag", CONTRADICTION, within),
        years=years,
        undated=row(seen, labels, "year", NO_YEAR, within),
        chart=charts.chart(list(years), archive),
        first=tuple(one for one in (_of_kind(seen, labels, kind, value), _below(seen, labels, kind, value)) if one),
        tables=tuple(_tables(seen, labels, kind, value)),
        reasons=tuple(_reasons(seen, labels, outcome, within) for outcome in ("upheld", "overturned")),
        sections=sections(seen.newest, int(value), slug) if document else None,
        recent=_recent(seen.newest[:_RECENT]),
    )


def _parents(kind: Kind, known: Facet, value: str) -> tuple[tuple[str, str], ...]:
    parent = known[value].parent
    return ((known[parent].name, kind.url(known[parent].slug)),) if parent else ()


def _years(seen: Overview, labels: Labels, within: dict[str, str]) -> tuple[Row, ...]:
    """The years with decisions, in their order; those without a date are told apart."""
    known = labels["year"]
    counted = (value for value in seen.counts["year"] if value in known and value != NO_YEAR)
    years = sorted(value for value in counted if not known[value].parent)
    return tuple(row(seen, labels, "year", year, within) for year in years)


def _tables(seen: Overview, labels: Labels, kind: Kind, value: str) -> list[Table]:
    within = {kind.facet: labels[kind.facet][value].slug}
    own = {"board": value, "subspecialty": value} if kind.facet == "specialty" else {}
    tables = [
        table(seen, labels, facet, _HEADINGS[facet], within, leave_out=own.get(facet, "")) for facet in kind.facets
    ]
    return [one for one in tables if one.rows]


def _below(seen: Overview, labels: Labels, kind: Kind, value: str) -> Table | None:
    """The values below this one; the query is narrowed by their facet alone, so they are counted over everything."""
    known = labels[kind.facet]
    values = [one for one, label in known.items() if label.parent == value and seen.counts[kind.facet][one]]
    if not values:
        return None
    rows = by_decisions(row(seen, labels, kind.facet, one, {}) for one in values)
    return Table("below", *_BELOW[kind.facet], tuple(rows))


def _of_kind(seen: Overview, labels: Labels, kind: Kind, value: str) -> Table | None:
    if not seen.decisions and kind.facet != "guideline":
        return None
    if kind.facet == "specialty":
        return _roles(seen, labels, value)
    return _sides(seen, labels, value) if kind.facet == "guideline" else None


def _roles(seen: Overview, labels: Labels, value: str) -> Table | None:
    """A specialty in the two roles that letters give it; None if they give it but one."""
    label = labels["specialty"][value]
    names = {"board": "As board certification", "subspecialty": "As subspecialty"}
    rows = tuple(
        Row(name, seen.counts[facet][value], seen.rates[facet][value], search_address({facet: label.slug}))
        for facet, name in names.items()
        if seen.counts[facet][value]
    )
    return Table("roles", "In which role", "Role", rows) if len(rows) > 1 else None


def _sides(seen: Overview, labels: Labels, value: str) -> Table | None:
    """Who cites a guideline: each side, and each alone. One more answer of the engine."""
    slug = labels["guideline"][value].slug
    other = search.facets(search.DecisionQuery(chosen={"administrator": {value}}))
    by_reviewer, by_administrator = seen.decisions, other["administrator"][value]
    both, both_rate = seen.counts["administrator"][value], seen.rates["administrator"].get(value, Rate(0, 0))
    administrator_rate = rate(other["outcome"])
    reviewer, administrator = {"guideline": slug}, {"administrator": slug}
    rows = (
        Row("The reviewer cited it", by_reviewer, seen.rate, search_address(reviewer)),
        Row("The claims administrator cited it", by_administrator, administrator_rate, search_address(administrator)),
        Row("Both cited it", both, both_rate, search_address(reviewer | administrator)),
        Row(
            "The reviewer alone cited it",
            by_reviewer - both,
            seen.rate.without(both_rate),
            search_address(reviewer, administrator),
        ),
        Row(
            "The claims administrator alone cited it",
            by_administrator - both,
            administrator_rate.without(both_rate),
            search_address(administrator, reviewer),
        ),
    )
    if not by_reviewer and not by_administrator:
        return None
    return Table("sides", "Who cited it", "Side", tuple(row for row in rows if row.decisions))


def _reasons(seen: Overview, labels: Labels, outcome: str, within: dict[str, str]) -> Reasons:
    def having(of: Rate) -> int:
        return of.overturned if outcome == "overturned" else of.upheld

    total = having(seen.rate)
    counted = {code: having(of) for code, of in seen.rates["reason"].items() if code in labels["reason"]}
    codes = sorted((code for code in counted if counted[code]), key=lambda code: (-counted[code], code))
    return Reasons(
        outcome,
        total,
        tuple(
            Reason(
                labels["reason"][code].name,
                counted[code],
                100 * counted[code] / total,
                search_address({**within, "outcome": outcome, "reason": code}),
            )
            for code in codes[:_MOST_REASONS]
        ),
    )


def _recent(item_ids: list[int]) -> tuple[DisputedItem, ...]:
    """The decisions in their order; one that was replaced since it was indexed is left out."""
    items = DisputedItem.objects.public().select_related("case", *DisputedItem.CATEGORY)
    items = items.defer("rationale", "case__clinical_summary", "case__documents_reviewed")
    found = items.in_bulk(item_ids)
    return tuple(found[pk] for pk in item_ids if pk in found)
