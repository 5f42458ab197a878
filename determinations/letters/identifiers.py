"""Words in a letter that may tell who somebody is: for the eyes of curators, who decide what is taken out.

Letters are published without the names of patients, but not all names, numbers and addresses were taken out of them.
The rules look for what stands beside a word that announces it ("Mr.", "claim number", "employed by"), or has a form of
its own (a telephone number). Rather one too many than one too few, as far as curators can bear: bench/RESULTS.md has
the precision of each kind. The form's own addresses and numbers are no identifiers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .spans import Span

DETECTOR_VERSION = 1

# A name as written in running text: "Garcia", "De La Cruz", "O'Neil", "Smith-Jones", "J. Doe".
_NAME = r"(?:[A-Z]\.\s*)?[A-Z][a-z]*['’]?[A-Z]?[a-z]+(?:-[A-Z][a-z]+)?"
_NAMES = rf"{_NAME}(?:\s+{_NAME}){{0,3}}"
_DAY = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|"
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2},?\s+\d{4})"
)
_STREET = (
    r"(?:Street|St\.|Avenue|Ave\.?|Boulevard|Blvd\.?|Road|Rd\.?|Drive|Lane|Ln\.|Court|Way|Place|Parkway|Pkwy\.?|"
    r"Highway|Hwy\.?|Circle|Terrace)"
)


class Identifier(NamedTuple):
    """Words that may tell who somebody is: what kind, and where they stand."""

    kind: str
    span: Span


# Kind -> what it is called, and its pattern; the group "who" is what identifies.
KINDS: dict[str, tuple[str, re.Pattern[str]]] = {
    "name": (
        "a person's name",
        re.compile(rf"\b(?:Mr|Mrs|Ms|Miss)\b\.?\s+(?P<who>{_NAMES})|\b(?:[Pp]atient|[Aa]pplicant|[Ee]mployee)(?:['’]s)?\s+name\s*(?:is|:)\s*(?P<named>{_NAMES})"),
    ),
    "telephone": (
        "a telephone number",
        re.compile(r"(?<![\d-])(?P<who>(?:\+?1[ .-])?(?:\(\d{3}\)\s?|\d{3}[ .-])\d{3}[.-]\d{4})(?![\d-])"),
    ),
    "address": (
        "an address",
        re.compile(
            rf"\b(?P<who>\d{{1,6}}\s+(?:[NSEW]\.?\s+)?(?:[A-Z][a-z]+\s+){{1,3}}{_STREET}(?![a-z])[^\n]{{0,40}}?(?:\b\d{{5}}\b)?)"
            r"|(?P<box>\bP\.?\s?O\.?\s+Box\s+\d+)"
        ),
    ),
    "e-mail": ("an e-mail address", re.compile(r"(?P<who>[\w.+-]+@[\w-]+\.[a-z]{2,}(?:\.[a-z]{2,})?)")),
    "claim number": (
        "a claim or record number",
        re.compile(
            r"\b(?i:claim|policy|medical\s+record|MRN|WCAB|file)\s*(?i:number|no\.?|num\.?|#|:)+\s*:?\s*"
            r"(?P<who>(?=[A-Z\d-]*\d)[A-Z\d][A-Z\d-]{4,})|(?P<adj>\bADJ\s?\d{6,})"
        ),
    ),
    "social security number": (
        "a social security number",
        re.compile(r"(?<![\d-])(?P<who>(?:\d{3}|[Xx*]{3})-(?:\d{2}|[Xx*]{2})-\d{4})(?![\d-])"),
    ),
    "date of birth": (
        "a date of birth",
        re.compile(rf"\b(?:DOB|D\.O\.B\.|[Dd]ate\s+of\s+[Bb]irth|[Bb]orn\s+on|[Bb]irth\s?date)\s*(?:is|:|of)?\s*(?P<who>{_DAY})"),
    ),
    "employer": (
        "an employer",
        re.compile(
            r"\b(?:employed\s+(?:by|at|with)|works?\s+for|worked\s+for|working\s+for|employer\s*(?:is|was|:))\s+(?:the\s+)?"
            rf"(?P<who>{_NAME}(?:\s+(?:of|and|&|the|{_NAME})){{0,4}})"
        ),
    ),
}  # fmt: skip
# The form's own: the reviewing organisation's address and numbers, and names that stand for nobody.
_FORM = re.compile(
    r"Maximus|MAXIMUS|Sacramento,?\s+CA|P\.?\s?O\.?\s+Box\s+138009|Federal Services|Department of|Division of|Workers",
    re.IGNORECASE,
)
_AROUND = 60  # characters before words in which the form's own address would begin


def identifiers(text: str) -> list[Identifier]:
    """Everything in ``text`` that may tell who somebody is, in the order of the text; spans count its characters."""
    return sorted(_found(text), key=lambda one: (one.span, one.kind))


def _found(text: str) -> Iterator[Identifier]:
    for kind, (_, pattern) in KINDS.items():
        for match in pattern.finditer(text):
            start, end = next(match.span(name) for name, found in match.groupdict().items() if found)
            if not _FORM.search(text[max(0, start - _AROUND) : end + _AROUND]):
                yield Identifier(kind, Span(start, end))
