"""Results as the pages show them: decisions of one page with their passages, and ways in with rates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from . import search
from .asking.grammar import Near, Words, read
from .asking.marking import mark, passage
from .filters import DecisionFilter
from .labels import NO_YEAR, Labels
from .models import DisputedItem, GuidelineCitation, ReviewerCredential
from .statistics import Overview, Rate

_OPENING_LENGTH = 220  # characters of the reasons where no words were searched for


@dataclass(frozen=True, slots=True)
class Result:
    """One decision in the list; ``heading`` and ``passage`` are HTML with the words marked, or plain text.

    ``url`` carries the search and the decision's rank, so that its page can mark the words and lead to the next one.
    """

    item: DisputedItem
    url: str
    heading: SafeString | str
    specialties: tuple[str, ...]
    guidelines: tuple[str, ...]
    passage: SafeString | str


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page to go to, None for a gap in the row of pages."""

    number: int | None
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class ResultPage:
    """One page of results; ``first`` and ``last`` count decisions from 1."""

    results: tuple[Result, ...]
    decisions: int
    letters: int
    number: int
    pages: int
    first: int
    last: int
    previous: str
    next: str
    links: tuple[PageLink, ...]
    beyond: bool  # the page asked for is past the end; the last one is shown


def page(asked: DecisionFilter, size: int) -> tuple[ResultPage, search.Counts]:
    """The page that ``asked`` asks for, the last one if it asks for one past the end, and the counts beside it."""
    number = asked.page_number
    answer = search.answer(asked.query, offset=(number - 1) * size, limit=size)
    # Before the numbers are asked for, which are still being counted.
    results = _results(answer.item_ids, asked, (number - 1) * size + 1)
    found = answer.page
    pages = max(1, -(-found.decisions // size))
    beyond = number > pages
    if beyond:
        number = pages
        found = search.find(asked.query, offset=(number - 1) * size, limit=size)
        results = _results(found.item_ids, asked, (number - 1) * size + 1)
    first = (number - 1) * size + 1 if found.decisions else 0
    shown = ResultPage(
        results=tuple(results),
        decisions=found.decisions,
        letters=found.letters,
        number=number,
        pages=pages,
        first=first,
        last=first + len(found.item_ids) - 1 if found.decisions else 0,
        previous=asked.page_address(number - 1) if number > 1 else "",
        next=asked.page_address(number + 1) if number < pages else "",
        links=_links(asked, number, pages),
        beyond=beyond,
    )
    return shown, answer.counts


def _links(asked: DecisionFilter, number: int, pages: int) -> tuple[PageLink, ...]:
    """The first and last page and those around the current one."""
    near = sorted({1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)})
    links: list[PageLink] = []
    for place, one in enumerate(near):
        if place and one - near[place - 1] > 1:
            links.append(PageLink(None))
        links.append(PageLink(one, asked.page_address(one), one == number))
    return tuple(links)


def _results(item_ids: list[int], asked: DecisionFilter, first: int) -> list[Result]:
    items = (
        DisputedItem.objects.public()
        .select_related("case__reviewer", *DisputedItem.CATEGORY)
        .defer("case__clinical_summary", "case__documents_reviewed")
        .prefetch_related(
            Prefetch("case__reviewer__credentials", ReviewerCredential.objects.select_related("wording__specialty")),
            Prefetch("citations", GuidelineCitation.objects.select_related("wording__guideline")),
        )
        .order_by()
        .in_bulk(item_ids)
    )
    wanted = read(asked.words, exact=asked.without_synonyms).positive
    # A decision that was replaced since it was indexed is gone from the database; its successor is about to come in.
    return [
        _result(items[pk], wanted, asked.address(at=[str(rank)]))
        for rank, pk in enumerate(item_ids, first)
        if pk in items
    ]


def _result(item: DisputedItem, wanted: Sequence[Words | Near], search_address: str) -> Result:
    found = passage(item.rationale, wanted) if wanted else ""
    return Result(
        item=item,
        url=f"{item.case.get_absolute_url()}{search_address}#{item.anchor}",
        # Both escape the text that they mark.
        heading=mark_safe(mark(item.title, wanted)) if wanted else item.title,  # noqa: S308
        passage=mark_safe(found) if found else opening(item.rationale),  # noqa: S308
        specialties=tuple(dict.fromkeys(credential_names(item))),
        guidelines=tuple(
            dict.fromkeys(
                citation.wording.guideline.name if citation.wording.guideline else citation.text
                for citation in item.citations.all()
                if citation.side == GuidelineCitation.Side.REVIEWER
            )
        ),
    )


def credential_names(item: DisputedItem) -> list[str]:
    """The reviewer's specialties by canonical name, or as printed where there is none."""
    return [
        credential.wording.specialty.name if credential.wording.specialty else credential.wording.text
        for credential in item.case.reviewer.credentials.all()
    ]


def opening(text: str) -> str:
    """The beginning of a text, cut between words."""
    if len(text) <= _OPENING_LENGTH:
        return text
    return text[:_OPENING_LENGTH].rsplit(" ", 1)[0].rstrip(",;:") + " …"


# ---- ways in --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WayIn:
    """A value to begin from: where it leads, how many decisions it has and how many were overturned."""

    label: str
    url: str
    rate: Rate
    children: tuple[WayIn, ...] = ()


def _url(**parameters: str) -> str:
    return f"{reverse('decisions')}?{urlencode(parameters)}"


def ways_in(overview: Overview, labels: Labels, facet: str, most: int | None = None) -> list[WayIn]:
    """The ``most`` frequent values of a facet, each with those below it."""
    known = labels[facet]
    rates = {value: rate for value, rate in overview.rates[facet].items() if value in known and rate.decisions}
    below: dict[str, list[WayIn]] = {}
    found = []
    for value, rate in sorted(rates.items(), key=lambda one: not known[one[0]].parent):
        label = known[value]
        way = WayIn(label.name, _url(**{facet: label.slug}), rate, tuple(below.get(value, ())))
        (below.setdefault(label.parent, []) if label.parent in rates else found).append(way)
    return sorted(found, key=lambda way: -way.rate.decisions)[:most]


def years(overview: Overview, labels: Labels) -> list[WayIn]:
    """The years of decision, in their order; letters without a date last."""
    known = labels["year"]
    rows = [(value, rate) for value, rate in overview.rates["year"].items() if not known[value].parent]
    rows.sort(key=lambda row: (row[0] == NO_YEAR, row[0]))
    return [WayIn(known[value].name, _url(year=known[value].slug), rate) for value, rate in rows]
