"""Where each letter begins in a text that holds more than one."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import pairwise

from ..parts.sections import phrase
from ..spans import Span
from ..text.clean import CleanText, clean

# What a letter of any form has once, near its beginning.
_ONCE = re.compile(
    rf"^\s*(?:{phrase('HOW THE IMR FINAL DETERMINATION WAS MADE')}"
    rf"|{phrase('Notice of Independent Medical Review Determination')}|{phrase('MEDICAL PROFESSIONAL REVIEW')}\s*$)",
    re.IGNORECASE | re.MULTILINE,
)
_HINTS = ("DETERMINATION WAS MADE", "NOTICE OF INDEPENDENT", "MEDICAL PROFESSIONAL REVIEW")
# The lines that may stand above that: letterhead, title, header table.
_ABOVE = re.compile(
    r"^[ ]*(?:MAXIMUS\s+FEDERAL\s+SERVICES,?\s+INC|Independent\s+Medical\s+Review\s+Final\s+Determination"
    r"|(?:IMR\s+|MAXIMUS\s+)?Case\s+Number\s*:|Dated\s*:)",
    re.IGNORECASE | re.MULTILINE,
)
# Where the one before has surely not ended yet: its reasons, or the end of its form.
_REASONS = re.compile(
    r"\bDecision\s+rationale\s*:|\bRationale\s+for\s+the\s+Decision\b|^\s*RATIONALE\s+FOR\s+WHY\b",
    re.IGNORECASE | re.MULTILINE,
)


def holds_several(cleaned: CleanText) -> bool:
    """Whether the text looks like more than one letter; cheap, and to be asked of every text."""
    text = cleaned.text
    if sum(text.upper().count(hint) for hint in _HINTS) < 2:
        return False
    return len(_starts(text)) > 1


def parts(text: str) -> list[Span]:
    """The letters in a source text, as spans that together are all of it; one where there is one."""
    # The second letter's letterhead repeats the first one's, and would go with what every page repeats.
    cleaned = clean(text, pages=False)
    starts = _starts(cleaned.text) if cleaned.text else []
    edges = [0, *(cleaned.source_offset(start) for start in starts[1:]), len(text)]
    return [Span(start, end) for start, end in pairwise(edges)]


def _starts(text: str) -> list[int]:
    """Where each letter begins, the first at 0; what stands above a letter's opening words belongs to it."""
    starts: list[int] = []
    last = 0
    reasons = [match.span() for match in _REASONS.finditer(text)]
    ends = [end for _, end in reasons]
    for opening in _ONCE.finditer(text):
        if not starts:
            starts.append(0)
        else:
            before = bisect_right(ends, opening.start()) - 1
            if before < 0 or reasons[before][0] < last:
                continue  # the same letter: a cover page and the form behind it, or a heading printed twice
            above = _ABOVE.search(text, ends[before], opening.start())
            begin = (above or opening).start()
            while text[begin].isspace():
                begin += 1
            starts.append(begin)
        last = opening.end()
    return starts
