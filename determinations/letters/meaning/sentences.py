"""Sentences of a rationale, and what tells a guideline's general statement from one about the case in hand."""

from __future__ import annotations

import re
from itertools import pairwise

_SENTENCE = re.compile(r"[.!?][\"”')\]]*(?:\s+|(?=[A-Z][a-z]+\s))")
_QUOTATION = re.compile(r"\"[^\"]*\"|“[^”]*”")

CONSEQUENCE_WORDS = (
    r"\b(?:therefore|thus|hence|consequently|accordingly|as\s+such|as\s+a\s+result|in\s+conclusion|in\s+summary)\b"
)
DRAWS_CONSEQUENCE = re.compile(
    rf"{CONSEQUENCE_WORDS}|\b(?:(?:given|in\s+light\s+of|in\s+view\s+of|based\s+(?:up)?on|because\s+of|due\s+to)\b"
    r"|for\s+(?:these|this|all)\b|in\s+this\s+case)",
    re.IGNORECASE,
)
# A condition, or a rule that a guideline states, is no conclusion.
CONDITION = re.compile(
    r"\b(?:if|when|whenever|unless|until|whether|why|provided\s+that|may|might|should|must|would)\b", re.IGNORECASE
)
REPORTS_RULE = re.compile(
    r"\b(?:guidelines?|MTUS|ODG|ACOEM|schedule|criteria)\b[^.;]{0,80}?"
    r"\b(?:states?|recommends?|recommended|notes?|indicates?|requires?|considers?|suggests?|says?|advises?)\b",
    re.IGNORECASE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text without line ends begins and ends, in order and without gaps."""
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def without_quotations(text: str, shortest: int = 0) -> str:
    """Quoted words as blanks, offsets unchanged; left alone where the quotation marks do not pair up.

    Quotations of fewer than ``shortest`` characters stay: they set off a term ("red flag"), they report nothing.
    """
    if '"' not in text and "“" not in text or text.count('"') % 2 or text.count("“") != text.count("”"):
        return text
    return _QUOTATION.sub(lambda match: _blanked(match.group(), shortest), text)


def _blanked(quotation: str, shortest: int) -> str:
    return quotation if len(quotation) - 2 < shortest else '"' + " " * (len(quotation) - 2) + '"'
