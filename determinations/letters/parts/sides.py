"""A guideline line of an item ("Claims Administrator guideline: …"): its statement and its citations.

"Decision based on MTUS …" and "Decision based on Non-MTUS Citation …" open the parts of a line; whatever stands
outside them is the side's statement ("… did not cite any medical evidence for its decision."). Letters of 2013 and
2014 may say it in sentences ("The Claims Administrator based its decision on …, which is part of the MTUS."); then
the sentences are the statement.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from ..text.clean import CleanText, flat, heal
from ..types import Citation, Found, Issue, Side, Span
from .citations import cite, cite_mentions, trimmed
from .sections import stretches
from .wording import REVIEWER

_LEAD = re.compile(
    r"(?:Decision\s+based\s+on\s+|\band\s+(?=Non[\s-]{0,2}MTUS\s+Citation))(?:(?P<non>Non[\s-]{0,2}MTUS)(?:\s+Citations?)?|MTUS)\b\s*:?\s*",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"The\s+(?:Claims\s+Administrator|provider|(?:Expert|Physician|Professional|Medical)\s+Reviewer)\s+"
    r"(?:did\s+not\s+\w+|(?:cited|used|provided|found|gave)\s+no\b|(?:stated|noted|indicated|reported)\b|(?:based|relied)\b[^.]*?\boutside\b"
    r"|(?:found|determined)\b)[^.]*\.?",
    re.IGNORECASE,
)
# The longest line known has 1,815 characters; more than this is some other text.
_LONGEST_LINE = 10_000
_LONGEST_FREE = 20_000  # of sentences that also say why
_SUBJECT = r"\b(?:Claims\s+Administrator|Reviewer)"
# "found the guidelines used by the Claims Administrator relevant": no document is named.
_NO_NAME = (
    r"(?:same\s+|referenced\s+|above\s+|cited\s+)*(?:guidelines?|sections?(?:\(s\))?|criteria)\b"
    r"|MTUS\s+(?:does|did|is|was|were)\b|claims\b|request|treatment|employee|patient"
)
_BASED_ON = re.compile(
    rf"{_SUBJECT}(?:['’]s\s+(?:decision|determination)(?:\s+rationale)?\s+(?:is|was)\s+(?:also\s+)?based\s+(?:up)?on"
    r"|\s+(?:has\s+)?(?:also\s+)?(?:(?:based|bases)\s+(?:(?:its|his|her|his\s?(?:/|or)\s?her|their|the)\s+)?"
    r"(?:decision|determination)s?\s+(?:up)?on|reli(?:ed|es)\s+(?:up)?on|cited|used|utilized|referenced)"
    rf"|\s+found(?:\s+that)?(?=\s+the\s+(?!{_NO_NAME})[^.]{{0,300}}\b(?:applicable|relevant|appropriate)\b))"
    r"(?!\s+(?:recommendation|the\s+guidelines?\s+used|no\b)|[^.]{0,60}\boutside\b)\s+(?:the\s+)?"
    r"(?:following\s+[^.:]{0,80}:\s*(?:the\s+)?)?",
    re.IGNORECASE,
)
# What follows the documents in such a sentence.
_GOES_ON = re.compile(
    r"[\s,]+(?:(?:to\s+be|is|are|was|were|both)\s+)*(?:applicable|relevant|appropriate)\b"
    r"|[\s,]+(?:as\s+(?:the\s+)?(?:basis|criteria|guidelines?)|in\s+(?:its|his|her|making|support)|when|because|to\s+(?:deny|support))\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"\.(?=\s+(?:The|No|Per|However|Therefore|This|These|In|It|As|Also)\b|\s*\Z)")
_PART_OF_MTUS = re.compile(
    r"[\s,;(]{0,4}\b(?:(?:which|that)\s+(?:is|are|was|were)\s+)?(?:an?\s+medical\s+treatment\s+guidelines?(?:\s*\(MTG\))?,?\s+"
    r"(?:(?:which|that)\s+(?:is|are|was|were)\s+)?)?(?P<not>not\s+)?(?:a\s+|included\s+as\s+)?part\s+of\s+(?:the\s+)?"
    r"(?:California\s+)?(?:MTUS|Medical\s+Treatment\s+Utilization\s+Schedule)\b(?:\s*\(MTUS\))?\)?",
    re.IGNORECASE,
)


# Where the reviewer's sentences begin in a paragraph that tells of both sides.
_REVIEWER_SAYS = re.compile(
    r"(?:(?<=[.:)\n]\s)|(?<=decision\s))(?:(?:Per|According\s+to|Based\s+on)\b[^.]{0,250}?,\s+)?"
    rf"The\s+{REVIEWER}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Line:
    """What was read from one flat guideline line; offsets are within it. Cached, since lines repeat in the archive."""

    statement: tuple[str, int, int] | None
    citations: tuple[Citation, ...]
    unread: tuple[tuple[int, int], ...]


def read_side(clean: CleanText, start: int, end: int) -> tuple[Side, list[Issue]]:
    """The side whose guideline line is ``start:end`` of the clean text."""
    if end - start > _LONGEST_LINE:
        return _overlong(clean, start, end)
    line = _read_line(clean.text[start:end])
    issues = []
    for a, b in line.unread:
        message = "These words of a guideline line were not understood; they are kept as the side's statement."
        issues.append(Issue("unread-guideline-line", message, clean.span(start + a, start + b)))
    citations, unknown = _placed(clean, start, line.citations)
    issues += unknown
    statement = None
    if line.statement:
        text, a, b = line.statement
        statement = Found(text, clean.span(start + a, start + b))
    return Side(statement, citations, clean.span(start, end)), issues


def reviewer_says(text: str, start: int, end: int) -> int | None:
    """Where in ``start:end``, which tells of both sides, the reviewer's sentences begin; None if there are none."""
    match = _REVIEWER_SAYS.search(text, start, end)
    return match.start() if match else None


def _overlong(clean: CleanText, start: int, end: int) -> tuple[Side, list[Issue]]:
    message = f"A guideline line of {end - start:,} characters is not read; it is kept as the side's statement."
    span = clean.span(start, end)
    return Side(clean.found(start, end), (), span), [Issue("overlong-part", message, span)]


def read_free_side(clean: CleanText, start: int, end: int) -> tuple[Side | None, list[Issue]]:
    """The side whose guidelines free sentences in ``start:end`` tell; None if there are none."""
    part = clean.text[start:end]
    if not part.strip():
        return None, []
    start, end = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
    if end - start > _LONGEST_FREE:
        return _overlong(clean, start, end)
    citations, issues = _placed(clean, start, tuple(cite_mentions(clean.text[start:end])))
    return Side(clean.found(start, end), citations, clean.span(start, end)), issues


def _placed(clean: CleanText, start: int, citations: tuple[Citation, ...]) -> tuple[tuple[Citation, ...], list[Issue]]:
    """Citations of a line that begins at ``start``, with their place in the source; an issue for what is not known."""
    placed, issues = [], []
    for citation in citations:
        span = clean.span(start + citation.span.start, start + citation.span.end)
        placed.append(_at(citation, span))
        if citation.guideline is None:
            message = f"No guideline is known by the words {citation.document!r}."
            issues.append(Issue("unknown-guideline", message, span))
    return tuple(placed), issues


def _at(citation: Citation, span: Span) -> Citation:
    """The citation with another span; ``dataclasses.replace`` takes three times as long."""
    c = citation
    return Citation(c.text, c.mtus, c.family, c.guideline, c.section, c.pages, c.document, span)


@lru_cache(maxsize=20_000)
def _read_line(line: str) -> _Line:
    text = flat(line)
    leads = list(_LEAD.finditer(text))
    if not leads and (based := list(_BASED_ON.finditer(text))):
        return _read_sentences(line, text, based)
    edges = [lead.start() for lead in leads] + [len(text)]
    citations: list[Citation] = []
    outside = [(0, edges[0])]
    for lead, end in zip(leads, edges[1:], strict=True):
        start = lead.end()
        if said_after := _STATEMENT.search(text, start, end):
            outside.append((said_after.start(), end))
            end = said_after.start()
        citations += cite(line, start, end, mtus=not lead.group("non"))
    said = [trimmed(text, a, b, " ") for a, b in outside]
    said = [(a, b) for a, b in said if a < b]
    unread = tuple((a, b) for a, b in said if not _STATEMENT.match(text, a))
    if unread and not citations:
        citations = cite_mentions(line)
    statement = None
    if said:
        statement = (" ".join(heal(line[a:b]) for a, b in said), said[0][0], said[-1][1])
    return _Line(statement, tuple(citations), unread)


def _read_sentences(line: str, text: str, based: list[re.Match[str]]) -> _Line:
    """A line of sentences: all of it is the statement, and what the decision was based on are the citations."""
    citations: list[Citation] = []
    for match, limit in stretches(based, len(text)):
        stop = _SENTENCE_END.search(text, match.end(), limit)
        end = stop.start() if stop else limit
        if goes_on := _GOES_ON.search(text, match.end(), end):
            end = goes_on.start()
        part = _PART_OF_MTUS.search(text, match.end(), limit)
        if part and part.start() <= end:
            named = cite(line, match.end(), part.start(), mtus=None)
            citations += [replace(one, mtus=not part["not"]) for one in named]
        else:
            citations += cite(line, match.end(), end, mtus=None)
    a, b = trimmed(text, 0, len(text), " ")
    return _Line((heal(line[a:b]), a, b), tuple(citations), ())
