"""Builds a disputed item of its parts: what its heading and its reasons say, and what is missing."""

from __future__ import annotations

import re

from ..facts import Reason, Request
from ..meaning.findings import read_finding
from ..meaning.modification import read_modification
from ..meaning.reasons import read_reasons
from ..meaning.requests import read_request
from ..meaning.treatments import place
from ..text.clean import CleanText, heal_paragraphs
from ..text.placing import in_source, moved
from ..types import Finding, Found, Issue, Item, Outcome, Placement, Side, Span

_CLAIMS_LINE = "claims administrator's guideline line"
_REVIEWER_LINE = "reviewer's guideline line"
_RATIONALE = "decision rationale"
# "X was the original request. Y was authorized by the Claims Administrator. The remaining IMR eligible portion of
# the original request, Z is" / "…, leaving the original request IMR eligible. The original request, Z is"
_IN_DISPUTE = re.compile(
    r"\bThe\s+(?:remaining\s+IMR[\s-]+eligible\s+portion\s+of\s+the\s+)?original\s+request\s*,\s*(?P<title>\S.*?)"
    r"(?:\s+(?:is|are|was|were))?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_HEADING = 2_000

Range = tuple[int, int]


def stripped(text: str, start: int, end: int) -> Range:
    """The range without white space at its ends; an empty one if there is nothing else."""
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip()) if part.strip() else start


def build_item(
    clean: CleanText,
    heading: Range,
    outcome: Found[Outcome] | None,
    claims_administrator: Side | None,
    reviewer: Side | None,
    rationale: Range | None,
    *,
    claims_line: bool = True,
) -> tuple[Item, list[Issue]]:
    """An item of its parts in the clean text, with what heading and reasons say; an issue for each missing part.

    ``claims_line``: whether the form has a place for what the claims administrator relied on.
    """
    treatment = clean.found(*heading)
    issues = _missing(treatment, outcome, (claims_administrator, reviewer, rationale), claims_line=claims_line)
    title, placement, request, doubts = _read_heading(clean, treatment, *heading)
    issues += doubts
    reasons = _read_rationale(clean, *rationale) if rationale else _NO_RATIONALE
    text, finding, conclusion, why = reasons
    item = Item(
        treatment,
        title,
        outcome,
        placement,
        claims_administrator or Side(),
        reviewer or Side(),
        text,
        finding,
        conclusion,
        request,
        why,
        _modification(clean, treatment, heading, title, text, rationale),
    )
    if outcome and item.contradicts:
        message = f"The heading says {outcome.value}, the reasons find the request {item.finding}."
        issues.append(Issue("contradiction", message, conclusion or treatment.span))
    return item, issues


def _missing(
    treatment: Found[str], outcome: Found[Outcome] | None, parts: tuple[object, ...], *, claims_line: bool
) -> list[Issue]:
    """An issue for each part of an item that is not there."""
    issues = []
    if outcome is None:
        issues.append(Issue("no-outcome", "The heading of this item has no outcome.", treatment.span))
    if not treatment.value:
        issues.append(Issue("no-treatment", "The item has no heading.", treatment.span))
    for part, words in zip(parts, (_CLAIMS_LINE, _REVIEWER_LINE, _RATIONALE), strict=True):
        if part is None and (claims_line or words != _CLAIMS_LINE):
            issues.append(Issue("missing-part", f"The item has no {words}.", treatment.span))
    return issues


def _read_heading(
    clean: CleanText, treatment: Found[str], start: int, end: int
) -> tuple[Found[str], Placement | None, Request, list[Issue]]:
    """Title, category and request of a heading. One that is overlong (the longest known has 441 characters) is none."""
    if end - start > _LONGEST_HEADING:
        message = f"A heading of {end - start:,} characters is not read for its title and category."
        return treatment, None, Request(), [Issue("overlong-part", message, treatment.span)]
    title = treatment
    if match := _IN_DISPUTE.search(clean.text[start:end]):
        start, end = start + match.start("title"), start + match.end("title")
        title = clean.found(start, end)
    request = read_request(title.value)
    request = moved(request, in_source(clean, start, end, title.value)) if request != Request() else request
    placement, doubt = place(title.value)
    if placement:
        return title, placement, request, []
    message = f"The request could not be placed in a treatment category: {title.value!r}."
    return title, None, request, [Issue(doubt, message, title.span)]


_Rationale = tuple[Found[str] | None, Finding, Span | None, tuple[Reason, ...]]
_NO_RATIONALE: _Rationale = (None, Finding.UNCLEAR, None, ())
_AGAINST = {Finding.NOT_NECESSARY: True, Finding.NECESSARY: False}


def _read_rationale(clean: CleanText, start: int, end: int) -> _Rationale:
    """The reasons of an item as text, what they find, the sentence that says so, and why."""
    text = clean.text[start:end]
    finding, where = read_finding(text)
    conclusion = clean.span(start + where[0], start + len(text[: where[1]].rstrip())) if where else None
    value = heal_paragraphs(text)
    why = read_reasons(value, _AGAINST.get(finding))
    why = moved(why, in_source(clean, start, end, value)) if why else why
    return Found(value, clean.span(start, end)), finding, conclusion, why


def _modification(
    clean: CleanText,
    treatment: Found[str],
    heading: Range,
    title: Found[str],
    rationale: Found[str] | None,
    reasons: Range | None,
) -> Found[str] | None:
    """The words of heading or reasons that tell that utilization review granted a part of the request."""
    if found := read_modification(treatment.value) if heading[1] - heading[0] <= _LONGEST_HEADING else None:
        return moved(found, in_source(clean, *heading, treatment.value))
    if rationale and reasons and (found := read_modification(rationale.value, title.value)):
        return moved(found, in_source(clean, *reasons, rationale.value))
    return None
