"""Sentences of a rationale, and what tells a guideline's general statement from one about the case in hand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ..text.searching import Searched

_SENTENCE = re.compile(r"[.!?][\"”')\]]*(?:\s+|(?=[A-Z][a-z]+\s))")
_QUOTATION = re.compile(r"\"[^\"]*\"|“[^”]*”")

# All patterns here are for text in lower case.
CONSEQUENCE_WORDS = (
    r"\b(?:therefore|thus|hence|consequently|accordingly|as\s+such|as\s+a\s+result|in\s+conclusion|in\s+summary)\b"
)
CONSEQUENCE_BEGINS = ("therefore", "thus", "hence", "consequently", "accordingly", "as ", "in ")
_DRAWS_CONSEQUENCE = re.compile(
    rf"{CONSEQUENCE_WORDS}|\b(?:(?:given|in\s+light\s+of|in\s+view\s+of|based\s+(?:up)?on|because\s+of|due\s+to)\b"
    r"|for\s+(?:these|this|all)\b|in\s+this\s+case)",
)
DRAWS_CONSEQUENCE = Searched(_DRAWS_CONSEQUENCE, (*CONSEQUENCE_BEGINS, "given", "based", "because", "due", "for "))
# A condition, or a rule that a guideline states, is no conclusion.
CONDITION = re.compile(r"\b(?:if|when|whenever|unless|until|whether|why|provided\s+that|may|might|should|must|would)\b")
REPORTS_RULE = re.compile(
    r"\b(?:guidelines?|mtus|odg|acoem|schedule|criteria)\b[^.;]{0,80}?"
    r"\b(?:states?|recommends?|recommended|notes?|indicates?|requires?|considers?|suggests?|says?|advises?)\b",
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Where each sentence of a text without line ends begins and ends, in order and without gaps."""
    cuts = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return [(start, end) for start, end in pairwise(cuts) if start < end]


def sentences_with(text: str, places: Sequence[tuple[int, int]], hints: Iterable[str]) -> set[int]:
    """The numbers of the sentences (``places``, as ``sentences`` gives them) that hold one of ``hints``.

    Each hint is looked for in the text as a whole, since most sentences hold none.
    """
    found = set()
    for hint in hints:
        at = text.find(hint)
        while at >= 0:
            number = bisect_right(places, at, key=_start) - 1
            if at + len(hint) <= places[number][1]:
                found.add(number)
                at = text.find(hint, places[number][1])
            else:
                at = text.find(hint, at + 1)
    return found


def _start(place: tuple[int, int]) -> int:
    return place[0]


def without_quotations(text: str, shortest: int = 0) -> str:
    """Quoted words as blanks, offsets unchanged; left alone where the quotation marks do not pair up.

    Quotations of fewer than ``shortest`` characters stay: they set off a term ("red flag"), they report nothing.
    """
    if ('"' not in text and "“" not in text) or text.count('"') % 2 or text.count("“") != text.count("”"):
        return text
    return _QUOTATION.sub(lambda match: _blanked(match.group(), shortest), text)


def _blanked(quotation: str, shortest: int) -> str:
    return quotation if len(quotation) - 2 < shortest else '"' + " " * (len(quotation) - 2) + '"'
