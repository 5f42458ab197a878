"""The disputed items: heading and outcome, both guideline lines, rationale, and what the reasons conclude."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from ..text.clean import CleanText
from ..text.form_words import CLAIMS_ADMINISTRATOR, MAXIMUS, RATIONALE
from ..types import Found, Issue, Item, Outcome, Side
from .building import build_item, stripped
from .sections import phrase
from .sides import read_side, reviewer_says
from .wording import BEFORE_REQUEST, JUDGED, MAXIMUS_DETERMINED, NUMBER, RATIONALE_FOR, REVIEWER

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
# In letters of 2013 and 2014 the lines may be sentences, each the start of a paragraph: "The Claims Administrator
# based its decision on …", "The Physician Reviewer based his/her decision on …" and its "decision rationale:".
_BASES = (
    r"(?:['’]s\s+(?:decision|determination)\s+(?:is|was)\s+based|\s+(?:has\s+)?(?:based|bases|relied|relies|did\s+not"
    r"|used|cited|utilized|referenced|provided|found|determined))\b"
)
_PARAGRAPH = r"(?:\A|(?<=\n\n)|(?<=[.:)]\n)|(?<=upheld\n)|(?<=overturned\n)|(?<=appropriate\n)|(?<=necessary\n))\s*"
_PROSE_RATIONALE = (
    rf"(?:\bThe\s+)?\b{REVIEWER}['’]s\s+decision\s+rationale\s*:|\bDecision\s+rationale\s*:"
    rf"|\b{RATIONALE_FOR}\s*:"
)
_PROSE = {
    "claims_administrator": ("", re.compile(rf"{_PARAGRAPH}(?=The\s+Claims\s+Administrator{_BASES})", re.IGNORECASE)),
    "reviewer": ("", re.compile(rf"{_PARAGRAPH}(?=The\s+{REVIEWER}{_BASES})", re.IGNORECASE)),
    "rationale": ("", re.compile(_PROSE_RATIONALE, re.IGNORECASE)),
}
_PROSE_OUTCOME = re.compile(
    rf"(?::\s*(?P<outcome>Upheld|Overturned)\b|{JUDGED})\.?(?=\s*(?:The\s+Claims\s+Administrator\b|Claims\s+Administrator\s+guideline"
    rf"|The\s+{REVIEWER}\b|{_PROSE_RATIONALE}))",
    re.IGNORECASE,
)
# What stands around the request in a heading that is a sentence.
_PROSE_LEAD = re.compile(
    rf"\s*(?:{NUMBER}(?=\D))?(?:{MAXIMUS_DETERMINED})?(?:{BEFORE_REQUEST})?",
    re.IGNORECASE,
)
_NUMBER_BEFORE = re.compile(r"(?:\A|\s)(?P<number>\(?\d{1,2}[.)]\s*)\Z")
_ORIGINAL_REQUEST = re.compile(r"\b(?:was|were)\s+" + phrase("the original request") + r"\b", re.IGNORECASE)
_FINDING = re.compile(r"\bmedically\s+necessary\b", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?<=[.!?])(?<!\bInc\.)[\"”')\]]*\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class _Style:
    """How a letter writes its items: what closes a heading, and what opens the parts below it."""

    outcome: re.Pattern[str]
    labels: dict[str, tuple[str, re.Pattern[str]]]
    lead: re.Pattern[str] | None = None

    def label(self, name: str, text: str, start: int, end: int) -> tuple[int, int] | None:
        """Where the next label of a part stands in ``start:end``."""
        printed, pattern = self.labels[name]
        if printed and (at := text.find(printed, start, end)) >= 0:
            return at, at + len(printed)
        match = pattern.search(text, start, end)
        return match.span() if match else None

    def every(self, name: str, text: str, start: int, end: int) -> list[int]:
        """Where all the labels of a part begin."""
        printed, pattern = self.labels[name]
        found = []
        at = text.find(printed, start, end) if printed else -1
        while at >= 0:
            found.append(at)
            at = text.find(printed, at + 1, end)
        return found or [match.start() for match in pattern.finditer(text, start, end)]


_LABELLED = _Style(_OUTCOME, _LABELS)
_NUMBERED = _Style(_OUTCOME, _LABELS, _PROSE_LEAD)
_SENTENCES = _Style(_PROSE_OUTCOME, _LABELS, _PROSE_LEAD)
_AS_PROSE = _Style(_PROSE_OUTCOME, _PROSE, _PROSE_LEAD)
_FIRST_NUMBER = re.compile(r"\s*\(?1[.)]\s")


def _style(text: str, start: int, end: int) -> _Style:
    """The style of the items in ``start:end``. Labels may stand below headings that are sentences or have numbers."""
    if not _LABELLED.label("claims_administrator", text, start, end):
        return _AS_PROSE if _PROSE_OUTCOME.search(text, start, end) else _LABELLED
    if _OUTCOME.search(text, start, end):
        return _NUMBERED if _FIRST_NUMBER.match(text, start, end) else _LABELLED
    return _SENTENCES if _PROSE_OUTCOME.search(text, start, end) else _LABELLED


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where an item shows itself: the heading ends at ``heading_end``, the rest of the item starts at ``body``."""

    heading_end: int
    body: int
    outcome: re.Match[str] | None


def read_items(clean: CleanText, start: int, end: int) -> tuple[tuple[Item, ...], list[Issue]]:
    """The items in ``start:end`` of the clean text."""
    style = _style(clean.text, start, end)
    anchors = _anchors(clean.text, start, end, style)
    items: list[Item] = []
    issues: list[Issue] = []
    begin = start
    edges: list[int] = []
    for anchor, limit in zip(anchors, [*(anchor.heading_end for anchor in anchors[1:]), end], strict=False):
        heading = _heading_start(clean.text, begin, anchor.heading_end, first=begin == start)
        if style.lead and (number := _NUMBER_BEFORE.search(clean.text, max(begin, heading - 8), heading)):
            heading = number.start("number")
        edges.append(heading)
        label = style.label("rationale", clean.text, anchor.body, limit)
        begin = label[1] if label else anchor.body
    for anchor, (heading, stop) in zip(anchors, pairwise([*edges, end]), strict=True):
        item, found = _read_item(clean, anchor, heading, stop, style)
        items.append(item)
        issues += found
    if not items:
        issues.append(Issue("no-items", "No disputed item was found in the letter.", clean.span(start, start)))
    return tuple(items), issues


def first_item_start(text: str, start: int, end: int) -> int:
    """Where the first item of ``start:end`` begins, which some other text may precede; ``end`` if there is none."""
    anchors = _anchors(text, start, end, _style(text, start, end))
    return _heading_start(text, start, anchors[0].heading_end, first=False) if anchors else end


def _anchors(text: str, start: int, end: int, style: _Style) -> list[_Anchor]:
    """Every outcome that closes a heading, and every item whose heading has lost its outcome."""
    anchors = [_anchor(text, start, m) for m in style.outcome.finditer(text, start, end)]
    followed = {_after_blanks(text, anchor.body, end) for anchor in anchors}
    for label in style.every("claims_administrator", text, start, end):
        at = _after_blanks(text, label, end)
        if at in followed:
            continue
        bare = _BARE_OUTCOME.search(text, max(start, at - _NEAR), at)
        if bare and _QUALIFIED.search(text, max(start, bare.start() - _NEAR), bare.start()):
            bare = None
        anchors.append(_anchor(text, start, bare) if bare else _Anchor(at, at, None))
    return sorted(anchors, key=lambda anchor: anchor.heading_end)


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


def _read_item(clean: CleanText, anchor: _Anchor, heading: int, stop: int, style: _Style) -> tuple[Item, list[Issue]]:
    text = clean.text
    if style.lead and (lead := style.lead.match(text, heading, anchor.heading_end)):
        heading = lead.end()
    parts = _parts(text, anchor.body, stop, style)
    if style is _AS_PROSE and "reviewer" not in parts and "claims_administrator" in parts:
        parts |= _both_sides(text, *parts["claims_administrator"])
    sides: dict[str, Side | None] = {}
    issues: list[Issue] = []
    for name in ("claims_administrator", "reviewer"):
        if name in parts:
            sides[name], doubts = read_side(clean, *parts[name])
            issues += doubts
    outcome = _outcome(clean, anchor.outcome) if anchor.outcome else None
    item, doubts = build_item(
        clean,
        stripped(text, heading, anchor.heading_end),
        outcome,
        sides.get("claims_administrator"),
        sides.get("reviewer"),
        parts.get("rationale"),
    )
    return item, doubts + issues


def _both_sides(text: str, start: int, end: int) -> dict[str, tuple[int, int]]:
    """Both sides' ranges where one paragraph tells of both; nothing where it does not."""
    cut = reviewer_says(text, start, end)
    if cut is None:
        return {}
    sides = {"reviewer": stripped(text, cut, end)}
    return sides | {"claims_administrator": stripped(text, start, cut)} if text[start:cut].strip() else sides


def _outcome(clean: CleanText, match: re.Match[str]) -> Found[Outcome]:
    """The outcome that closes a heading: a word of the form, or whether the request is found necessary."""
    if match["outcome"]:
        return Found(Outcome(match["outcome"].capitalize()), clean.span(*match.span("outcome")))
    outcome = Outcome.UPHELD if match["not"] else Outcome.OVERTURNED
    begin = match.start() + len(match.group()) - len(match.group().lstrip())
    return Found(outcome, clean.span(begin, match.end()))


def _parts(text: str, start: int, end: int, style: _Style) -> dict[str, tuple[int, int]]:
    """The labelled parts of an item, without their labels."""
    marks = []
    position = start
    for name in style.labels:
        if label := style.label(name, text, position, end):
            marks.append((name, *label))
            position = label[1]
    stops = [start for _, start, _ in marks[1:]] + [end]
    return {name: stripped(text, begin, stop) for (name, _, begin), stop in zip(marks, stops, strict=False)}
