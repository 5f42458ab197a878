"""The disputed items: heading and outcome, both guideline lines, rationale, and what the reasons conclude."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from .citations import read_side
from .clean import CleanText, heal_paragraphs
from .findings import read_finding
from .form_words import CLAIMS_ADMINISTRATOR, MAXIMUS, RATIONALE
from .sections import phrase
from .treatments import place
from .types import Finding, Found, Issue, Item, Outcome, Placement, Side, Span

_CLAIMS_ADMINISTRATOR = r"\b" + phrase("Claims Administrator guideline") + r"s?\s*:"
# An outcome closes a heading: it ends its paragraph, or the guideline line runs on right after it.
_OUTCOME = re.compile(
    rf":\s*(?P<outcome>Upheld|Overturned)\b\.?(?=\s*(?:\n\n|\Z)|\s*{_CLAIMS_ADMINISTRATOR})", re.IGNORECASE
)
# The same where the colon is lost: only right before the guideline line is it certain.
_BARE_OUTCOME = re.compile(r"[\s–—-]+(?P<outcome>Upheld|Overturned)\b\.?\s*\Z", re.IGNORECASE)
# "Partially overturned", "modified, upheld": no outcome that the form knows.
_QUALIFIED = re.compile(r"\b(?:partial|part|not|modified|and|or|was|were|\w{1,12}ly)[\s,:]*\Z", re.IGNORECASE)
_NEAR = 20  # characters: what a bare outcome takes up
# As the form prints them and ``form_words`` mends them; the patterns find what is left, and are far slower.
_LABELS = {
    "claims_administrator": (CLAIMS_ADMINISTRATOR, re.compile(_CLAIMS_ADMINISTRATOR, re.IGNORECASE)),
    "reviewer": (MAXIMUS, re.compile(r"\bMAXIMUS\s+guidelines?\s*:", re.IGNORECASE)),
    "rationale": (RATIONALE, re.compile(r"\bDecision\s+rationale\s*:", re.IGNORECASE)),
}
_NAMES = {
    "claims_administrator": "the claims administrator's guideline line",
    "reviewer": "the reviewer's guideline line",
    "rationale": "the decision rationale",
}
# "X was the original request. Y was authorized by the Claims Administrator. The remaining IMR eligible portion of
# the original request, Z is" / "…, leaving the original request IMR eligible. The original request, Z is"
_IN_DISPUTE = re.compile(
    r"\bThe\s+(?:remaining\s+IMR[\s-]+eligible\s+portion\s+of\s+the\s+)?original\s+request\s*,\s*(?P<title>\S.*?)"
    r"(?:\s+(?:is|are|was|were))?\s*\Z",
    re.IGNORECASE | re.DOTALL,
)
_ORIGINAL_REQUEST = re.compile(r"\b(?:was|were)\s+" + phrase("the original request") + r"\b", re.IGNORECASE)
_FINDING = re.compile(r"\bmedically\s+necessary\b", re.IGNORECASE)
_LONGEST_HEADING = 2_000
_SENTENCE_START = re.compile(r"(?<=[.!?])[\"”')\]]*\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where an item shows itself: the heading ends at ``heading_end``, the rest of the item starts at ``body``."""

    heading_end: int
    body: int
    outcome: re.Match[str] | None


def read_items(clean: CleanText, start: int, end: int) -> tuple[tuple[Item, ...], list[Issue]]:
    """The items in ``start:end`` of the clean text."""
    anchors = _anchors(clean.text, start, end)
    items: list[Item] = []
    issues: list[Issue] = []
    begin = start
    edges = []
    for anchor, limit in zip(anchors, [*(anchor.heading_end for anchor in anchors[1:]), end], strict=False):
        edges.append(_heading_start(clean.text, begin, anchor.heading_end, first=begin == start))
        label = _label("rationale", clean.text, anchor.body, limit)
        begin = label[1] if label else anchor.body
    for anchor, (heading, stop) in zip(anchors, pairwise([*edges, end]), strict=True):
        item, found = _read_item(clean, anchor, heading, stop)
        items.append(item)
        issues += found
    if not items:
        issues.append(Issue("no-items", "No disputed item was found in the letter.", clean.span(start, start)))
    return tuple(items), issues


def _anchors(text: str, start: int, end: int) -> list[_Anchor]:
    """Every outcome that closes a heading, and every item whose heading has lost its outcome."""
    anchors = [_anchor(text, start, m) for m in _OUTCOME.finditer(text, start, end)]
    followed = {_after_blanks(text, anchor.body, end) for anchor in anchors}
    for at in _claims_administrators(text, start, end):
        if at in followed:
            continue
        bare = _BARE_OUTCOME.search(text, max(start, at - _NEAR), at)
        if bare and _QUALIFIED.search(text, max(start, bare.start() - _NEAR), bare.start()):
            bare = None
        anchors.append(_anchor(text, start, bare) if bare else _Anchor(at, at, None))
    return sorted(anchors, key=lambda anchor: anchor.heading_end)


def _label(name: str, text: str, start: int, end: int) -> tuple[int, int] | None:
    """Where the next label of a part stands in ``start:end``."""
    printed, pattern = _LABELS[name]
    if (at := text.find(printed, start, end)) >= 0:
        return at, at + len(printed)
    match = pattern.search(text, start, end)
    return match.span() if match else None


def _claims_administrators(text: str, start: int, end: int) -> list[int]:
    """Where the claims administrator's guideline lines begin."""
    printed, pattern = _LABELS["claims_administrator"]
    found = []
    at = text.find(printed, start, end)
    while at >= 0:
        found.append(at)
        at = text.find(printed, at + 1, end)
    return found or [match.start() for match in pattern.finditer(text, start, end)]


def _anchor(text: str, start: int, outcome: re.Match[str]) -> _Anchor:
    """The anchor at an outcome; further colons before it are no part of the heading."""
    heading_end = outcome.start()
    while heading_end > start and text[heading_end - 1] in ": \n":
        heading_end -= 1
    return _Anchor(heading_end, outcome.end(), outcome)


def _after_blanks(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _heading_start(text: str, begin: int, heading_end: int, *, first: bool) -> int:
    """Where the heading that ends at ``heading_end`` begins; ``begin`` is where the text before it begins.

    The heading is the last paragraph. Where no paragraph parts it from the rationale before (which shows by its
    finding), it begins with its last sentence, or with the one that says "… was the original request."
    """
    region = text[begin:heading_end].rstrip()
    if first:
        return begin + len(region) - len(region.lstrip())
    paragraph = region.rfind("\n\n")
    if paragraph >= 0:
        begin += paragraph + 2
        region = region[paragraph + 2 :]
        if not _FINDING.search(region):
            return begin
    starts = [0, *(match.end() for match in _SENTENCE_START.finditer(region))]
    original = [match.start() for match in _ORIGINAL_REQUEST.finditer(region)]
    # Reasons that repeat the heading's words come to a finding; a heading does not.
    before = original[-1] if original and not _FINDING.search(region, original[-1]) else len(region)
    return begin + max(position for position in starts if position <= before)


def _read_item(clean: CleanText, anchor: _Anchor, heading: int, stop: int) -> tuple[Item, list[Issue]]:
    text = clean.text
    treatment = clean.found(*_stripped(text, heading, anchor.heading_end))
    issues: list[Issue] = []
    outcome = None
    if anchor.outcome:
        span = clean.span(*anchor.outcome.span("outcome"))
        outcome = Found(Outcome(anchor.outcome.group("outcome").capitalize()), span)
    else:
        issues.append(Issue("no-outcome", "The heading of this item has no outcome.", treatment.span))
    if not treatment.value:
        issues.append(Issue("no-treatment", "The item has no heading.", clean.span(anchor.body, anchor.body)))
    parts = _parts(text, anchor.body, stop)
    for name, words in _NAMES.items():
        if name not in parts:
            issues.append(Issue("missing-part", f"The item has no {words.removeprefix('the ')}.", treatment.span))
    sides = {}
    for name in ("claims_administrator", "reviewer"):
        sides[name], found = read_side(clean, *parts[name]) if name in parts else (Side(), [])
        issues += found
    title, placement, found = _read_heading(clean, treatment, heading, anchor.heading_end)
    issues += found
    rationale, finding, conclusion = _reasons(clean, *parts["rationale"]) if "rationale" in parts else _NO_REASONS
    item = Item(
        treatment,
        title,
        outcome,
        placement,
        sides["claims_administrator"],
        sides["reviewer"],
        rationale,
        finding,
        conclusion,
    )
    if item.contradicts:
        message = f"The heading says {item.outcome.value}, the reasons find the request {item.finding}."  # type: ignore[union-attr]
        issues.append(Issue("contradiction", message, conclusion or treatment.span))
    return item, issues


def _read_heading(
    clean: CleanText, treatment: Found[str], start: int, end: int
) -> tuple[Found[str], Placement | None, list[Issue]]:
    """Title and category of a heading. An overlong one (the longest known has 441 characters) is some other text."""
    if end - start > _LONGEST_HEADING:
        message = f"A heading of {end - start:,} characters is not read for its title and category."
        return treatment, None, [Issue("overlong-part", message, treatment.span)]
    title = _title(clean, start, end, treatment)
    placement, doubt = place(title.value)
    if placement:
        return title, placement, []
    message = f"The request could not be placed in a treatment category: {title.value!r}."
    return title, None, [Issue(doubt, message, title.span)]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip()) if part.strip() else start


def _parts(text: str, start: int, end: int) -> dict[str, tuple[int, int]]:
    """The labelled parts of an item, without their labels."""
    marks = []
    position = start
    for name in _LABELS:
        if label := _label(name, text, position, end):
            marks.append((name, *label))
            position = label[1]
    stops = [start for _, start, _ in marks[1:]] + [end]
    return {name: _stripped(text, begin, stop) for (name, _, begin), stop in zip(marks, stops, strict=False)}


def _title(clean: CleanText, start: int, end: int, treatment: Found[str]) -> Found[str]:
    """The part of the heading that was in dispute; the whole heading where it is no more than that."""
    match = _IN_DISPUTE.search(clean.text[start:end])
    if match is None:
        return treatment
    return clean.found(start + match.start("title"), start + match.end("title"))


_NO_REASONS: tuple[None, Finding, None] = (None, Finding.UNCLEAR, None)


def _reasons(clean: CleanText, start: int, end: int) -> tuple[Found[str] | None, Finding, Span | None]:
    text = clean.text[start:end]
    finding, where = read_finding(text)
    conclusion = clean.span(start + where[0], start + len(text[: where[1]].rstrip())) if where else None
    return Found(heal_paragraphs(text), clean.span(start, end)), finding, conclusion
