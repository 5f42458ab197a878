"""What is doubtful about a letter's reading, in words for people who do not know the archive's terms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..letters import issue_codes
from ..models import ParseIssue

# Code of an issue -> what it means to a reader of the page.
IN_PLAIN_WORDS = {
    "needs-ocr": "The letter came as pictures, so its words could not be read.",
    "missing-section": "A part that such letters have is missing from this copy.",
    "cut-off": "This copy ends in the middle of a sentence; the rest of the letter is missing.",
    "unreadable-case-number": "The case number is damaged in this copy.",
    "unreadable-date": "A date is missing or damaged in this copy.",
    "no-credentials": "The letter does not say what the reviewer is certified in.",
    "no-items": "No decision could be found in the letter.",
    "no-outcome": "The letter does not say beside this item whether the denial was upheld or overturned.",
    "no-treatment": "It could not be read which treatment was in dispute.",
    "missing-part": "One of the decisions lacks a guideline line or its reasons.",
    "unaccounted-text": "Some words of the letter are shown in its source text only: what they belong to is not clear.",
    "determination-differs": "The letter’s first page sums up the outcome otherwise than its decisions do.",
    "determinations-differ": "The letter lists its decisions twice, and the two lists are not the same.",
    "unlike-request": "The reasons call the treatment by other words than the heading.",
    "several-letters": "The text seems to hold more than one letter; they are shown as one.",
    "overlong-part": "A part is so long that it is shown as it is, without being taken apart.",
    "unread-guideline-line": "A guideline line is worded in a way that was not understood; it is shown as printed.",
    "unknown-guideline": "A document that is cited is not in the archive’s list of guidelines yet.",
    "unknown-specialty": "A credential is spelled in a way that is not in the archive’s list yet.",
    "unknown-state": "A state is spelled in a way that is not known.",
    "uncategorised": "The treatment is in none of the archive’s categories yet.",
    "ambiguous-category": "The request names two kinds of treatment, so it stands in no category yet.",
    "date-after-decision": "A date in the letter lies after the day of the decision.",
    "dates-out-of-order": "The dates in the letter are not in the order in which such a case goes.",
    "date-in-future": "A date in the letter lies in the future.",
    "date-too-early": "A date in the letter is too long ago to be right.",
    "no-licensed-state": "The letter does not say in which state the reviewer is licensed.",
    "no-header": "This copy lacks the top of the letter, where case number and dates stand.",
    "contradiction": "The heading and the reasons of a decision say opposite things.",
    "guideline-of-other-body-part": "A guideline is cited that is about another part of the body than the request.",
    "no-such-page": "A page is cited that the guideline does not have.",
    "repeated-item": "Two decisions in the letter say the same.",
    "no-board-certification": "The letter names a subspecialty of the reviewer but no board certification.",
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """One kind of doubt: in plain words, and what the parser says of each place."""

    words: str
    details: tuple[str, ...]


def doubts(issues: Iterable[ParseIssue]) -> list[Doubt]:
    """The open issues by kind, those that matter most first. What a curator dismissed is not doubtful any more."""
    opened = [issue for issue in issues if issue.undecided and issue.origin == ParseIssue.Origin.READING]
    order = list(ParseIssue.Severity.values)  # error, warning, notice
    opened.sort(key=lambda issue: order.index(issue.severity))
    by_code: dict[str, list[str]] = {}
    for issue in opened:
        messages = by_code.setdefault(issue.code, [])
        if issue.message not in messages:
            messages.append(issue.message)
    return [Doubt(_in_plain_words(code), tuple(messages)) for code, messages in by_code.items()]


def _in_plain_words(code: str) -> str:
    if code in IN_PLAIN_WORDS:
        return IN_PLAIN_WORDS[code]
    try:
        return issue_codes.meaning(code)
    except KeyError:  # a code of an earlier parser
        return "Something about this letter is not clear."
