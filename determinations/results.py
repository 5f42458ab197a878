"""Results as the pages show them: decisions of one page with their passages, and ways in with rates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from . import search
from .filters import DecisionFilter
from .labels import Label, Labels, year_label
from .models import DisputedItem, GuidelineCitation
from .statistics import Rate

_OPENING_LENGTH = 220  # characters of the reasons where no words were searched for


@dataclass(frozen=True, slots=True)
class Result:
    """One decision in the list; ``passage`` is HTML with the words marked, or the opening of the reasons."""

    item: DisputedItem
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


def page(asked: DecisionFilter, size: int) -> ResultPage:
    """The page that ``asked`` asks for; the last one if it asks for one past the end."""
    number = asked.page_number
    found = search.find(asked.query, offset=(number - 1) * size, limit=size)
    pages = max(1, -(-found.decisions // size))
    beyond = number > pages
    if beyond:
        number = pages
        found = search.find(asked.query, offset=(number - 1) * size, limit=size)
    first = (number - 1) * size + 1 if found.decisions else 0
    return ResultPage(
        results=tuple(_results(found.item_ids, asked.words)),
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


def _links(asked: DecisionFilter, number: int, pages: int) -> tuple[PageLink, ...]:
    """The first and last page and those around the current one."""
    near = sorted({1, pages, *range(max(1, number - 2), min(pages, number + 2) + 1)})
    links: list[PageLink] = []
    for place, one in enumerate(near):
        if place and one - near[place - 1] > 1:
            links.append(PageLink(None))
        links.append(PageLink(one, asked.page_address(one), one == number))
    return tuple(links)


def _results(item_ids: list[int], words: str) -> list[Result]:
    items = (
        DisputedItem.objects.select_related("case__reviewer", "category__parent")
        .prefetch_related(
            "case__reviewer__credentials__wording__specialty",
            Prefetch("citations", GuidelineCitation.objects.select_related("wording__guideline")),
        )
        .in_bulk(item_ids)
    )
    # A decision that was replaced since it was indexed is gone from the database; its successor is about to come in.
    there = [items[pk] for pk in item_ids if pk in items]
    passages = search.snippets(words, [item.rationale for item in there])
    return [_result(item, passage) for item, passage in zip(there, passages, strict=True)]


def _result(item: DisputedItem, passage: str) -> Result:
    # The engine escapes the text it marks.
    return Result(
        item=item,
        specialties=tuple(dict.fromkeys(credential_names(item))),
        guidelines=tuple(
            dict.fromkeys(
                citation.wording.guideline.name if citation.wording.guideline else citation.text
                for citation in item.citations.all()
                if citation.side == GuidelineCitation.Side.REVIEWER
            )
        ),
        passage=mark_safe(passage) if passage else opening(item.rationale),  # noqa: S308
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


def ways_in(rates: Mapping[int, Rate], labels: Mapping[int, Label], name: str, most: int) -> list[WayIn]:
    """The ``most`` frequent values of a facet."""
    known = [(labels[pk], rate) for pk, rate in rates.items() if pk in labels][:most]
    return [WayIn(label.name, _url(**{name: label.slug}), rate) for label, rate in known]


def ways_in_by_category(rates: Mapping[int, Rate], labels: Labels) -> list[WayIn]:
    """The treatment categories with decisions, the most frequent first, each with its sub-categories."""
    nothing = Rate(0, 0)
    found = []
    for pk, children in labels.tree.items():
        branch = [(one, rates.get(one, nothing)) for one in (pk, *children)]
        total = Rate(sum(rate.decisions for _, rate in branch), sum(rate.overturned for _, rate in branch))
        below = [
            WayIn(labels.treatments[one].name, _url(treatment=labels.treatments[one].slug), rate)
            for one, rate in branch[1:]
            if rate.decisions
        ]
        below.sort(key=lambda way: -way.rate.decisions)
        if total.decisions:
            label = labels.treatments[pk]
            found.append(WayIn(label.name, _url(treatment=label.slug), total, tuple(below)))
    return sorted(found, key=lambda way: -way.rate.decisions)


def years(rates: Mapping[int, Rate]) -> list[WayIn]:
    """The years of decision, in their order; letters without a date last."""
    rows = sorted(rates.items(), key=lambda row: (row[0] == search.NO_YEAR, row[0]))
    return [WayIn(year_label(year).name, _url(year=year_label(year).slug), rate) for year, rate in rows]
