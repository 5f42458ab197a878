"""Doubts about what a letter says: things that cannot be, or hardly, and that a curator should look at.

Nothing is changed by a check. Each looks for what is very rarely said on purpose: a date after the decision, a
chapter on the shoulder for a request that names only the lumbar spine, a page that a document does not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from .. import vocabulary
from .facts import BodyPart
from .meaning.anatomy import body_parts
from .types import Citation, Dates, Found, Issue, Item, Letter, Side, Span

# Independent medical review began with injuries of 2013 (Labor Code section 4610.5); no decision is older.
_FIRST_YEAR = 2013
# An injury longer ago than this before the decision is a slip of the pen: nobody is treated for it at work any more.
_LONGEST_AGO = 70
_NUMBER = re.compile(r"\d+")
_WORDS = {
    "assigned": "the date of assignment",
    "of_injury": "the date of injury",
    "ur_denial": "the date of the utilization review denial",
    "received": "the date of receipt",
    "decision": "the decision date",
}
# What comes first: an injury, the denial of its treatment, the application for review, its assignment.
_ORDER = (("of_injury", "ur_denial"), ("ur_denial", "received"), ("received", "assigned"))


def check(letter: Letter, today: date | None = None, parts: Sequence[Sequence[BodyPart]] | None = None) -> list[Issue]:
    """The doubts about ``letter``, in the order of its text. Any letter gives a result.

    ``today``: the day after which no date can be, if the caller knows it. ``parts``: the parts of the body that each
    item's title names, if they have been read already.
    """
    issues = [*_dates(letter.dates, today), *_credentials(letter)]
    for position, item in enumerate(letter.items):
        named = parts[position] if parts is not None and position < len(parts) else None
        for side in (item.claims_administrator, item.reviewer):
            if side.citations:
                issues += _pages(side)
                issues += _chapters(item, side, named)
    issues += _repeated(letter.items)
    return sorted(issues, key=lambda issue: issue.span.start)


def _dates(dates: Dates, today: date | None) -> Iterator[Issue]:
    """Dates that cannot be: after the decision, before what they follow from, in the future or long before the law."""
    decision = dates.decision
    for name, words in _WORDS.items():
        found: Found[date] | None = getattr(dates, name)
        if found is None:
            continue
        if today and found.value > today:
            yield Issue("date-in-future", f"{_capital(words)} is in the future.", found.span)
        elif decision and found.value > decision.value:
            yield Issue("date-after-decision", f"{_capital(words)} is after the decision date.", found.span)
        elif name != "of_injury" and found.value.year < _FIRST_YEAR:
            yield Issue("date-too-early", f"{_capital(words)} is before there were such reviews.", found.span)
    for earlier, later in _ORDER:
        first: Found[date] | None = getattr(dates, earlier)
        then: Found[date] | None = getattr(dates, later)
        if first and then and first.value > then.value:
            yield Issue("dates-out-of-order", f"{_capital(_WORDS[later])} is before {_WORDS[earlier]}.", then.span)
    injury = dates.of_injury
    if injury and decision and decision.value.year - injury.value.year > _LONGEST_AGO:
        yield Issue("date-too-early", f"The injury is more than {_LONGEST_AGO} years before the decision.", injury.span)


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]


def _credentials(letter: Letter) -> Iterator[Issue]:
    """A reviewer with a subspecialty but no board certification, or with credentials but no state of licensure."""
    reviewer = letter.reviewer
    if reviewer.subspecialties and not reviewer.board_certifications:
        message = "The reviewer has a subspecialty but no board certification."
        yield Issue("no-board-certification", message, reviewer.subspecialties[0].span)
    credentials = (*reviewer.board_certifications, *reviewer.subspecialties)
    if credentials and not reviewer.licensed_states and all(one.code != "unknown-state" for one in letter.issues):
        message = "The letter does not say in which state the reviewer is licensed."
        yield Issue("no-licensed-state", message, credentials[0].span)


@dataclass(frozen=True, slots=True)
class _Region:
    name: str
    parts: frozenset[str]


@cache
def _regions() -> dict[str, _Region]:
    """Canonical name of a guideline -> the region of the body that it is about."""
    return {
        guideline: _Region(row["name"], frozenset(row["parts"]))
        for row in vocabulary.load("chapters")["region"]
        for guideline in row["guidelines"]
    }


@cache
def _parts_of_regions() -> frozenset[str]:
    return frozenset(part for region in _regions().values() for part in region.parts)


@cache
def _last_pages() -> dict[str, int]:
    return {row["guideline"]: row["page"] for row in vocabulary.load("chapters")["last_page"]}


def _chapters(item: Item, side: Side, named: Sequence[BodyPart] | None) -> Iterator[Issue]:
    """Chapters on another part of the body than all that the request names, where no cited chapter is on that."""
    regional = [(one, region) for one in side.citations if (region := _regions().get(one.guideline or ""))]
    if not regional:
        return
    parts = body_parts(item.title.value) if named is None else named
    names = {part.part for part in parts}
    # Parts that no chapter is on (an arm, the skin) leave open what the request is for.
    if not names or not names <= _parts_of_regions() or any(names & region.parts for _, region in regional):
        return
    of_request = " and ".join(sorted(names))
    for citation, region in regional:
        message = f"The request names the {of_request}, the guideline cited is on the {region.name}."
        yield Issue("guideline-of-other-body-part", message, citation.span)


def _pages(side: Side) -> Iterator[Issue]:
    """Pages that the cited document does not have."""
    for citation in side.citations:
        last = _last_pages().get(citation.guideline or "") if citation.pages else None
        if last and (beyond := _beyond(citation, last)):
            message = f"Page {beyond} is cited of a document that has {last} pages."
            yield Issue("no-such-page", message, citation.span)


def _beyond(citation: Citation, last: int) -> int:
    """The highest page cited, 0 if the document has it."""
    highest = max((int(one[:9]) for page in citation.pages for one in _NUMBER.findall(page)), default=0)
    return highest if highest > last else 0


def _repeated(items: tuple[Item, ...]) -> Iterator[Issue]:
    """Items that say the same as an earlier one: title, outcome and reasons."""
    if len(items) < 2:
        return
    first: dict[tuple[str, str, str], Span] = {}
    for position, item in enumerate(items, 1):
        outcome = item.outcome.value.value if item.outcome else ""
        said = (item.treatment.value.lower(), outcome, item.rationale.value if item.rationale else "")
        if said in first:
            message = f"Item {position} says the same as an earlier one: title, outcome and reasons."
            yield Issue("repeated-item", message, item.treatment.span)
        first.setdefault(said, item.treatment.span)
