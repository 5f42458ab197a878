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

# A word of a name, also in capitals or damaged by OCR: "Garcia", "O'Neil", "Smith-Jones", "R0DRIGUEZ", "De".
# Lengths are bounded here and below, so that the time that a text takes grows with its length only.
_WORD = r"[A-ZÀ-Þ][\w'’]{1,25}(?:-[A-ZÀ-Þ]\w{1,25}){0,3}"
_NAME = rf"{_WORD}(?:\s+(?:[A-Z]\.|(?:de|la|del|van|von)\b|{_WORD})){{0,3}}"
_FULL_NAME = rf"{_WORD},?\s+(?:[A-Z]\.\s+)?{_WORD}(?:\s+(?:[A-Z]\.|{_WORD})){{0,2}}"
_PERSON = r"(?:[Ii]njured\s+[Ww]orker|[Pp]atient|PATIENT|[Cc]laimant|CLAIMANT|[Aa]pplicant|[Ee]mployee|[Ww]orker)"
_RELATIVE = r"(?:wife|husband|spouse|daughter|son|mother|father|sister|brother|girlfriend|boyfriend|partner)"
_PHYSICIAN = r"(?!,?\s*(?:M\.?D|D\.?O|D\.?C|Ph\.?D|PA-?C|N\.?P|R\.?N|P\.?T)\b)"
_COMPLAINT = (
    r"(?:request|claim|injury|pain|complaints?|symptoms?|employer|attorney|low|left|right|neck|back|shoulder|knee)"
)
_MONTH = r"(?i:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[A-Za-z]*\.?"
_D = r"[\dOlI]"  # a digit, or what OCR makes of one
_DAY = (
    rf"(?:{_D}{{1,2}}\s?[/.-]\s?{_D}{{1,2}}\s?[/.-]\s?{_D}{{2,4}}|{_D}{{4}}-{_D}{{2}}-{_D}{{2}}|"
    rf"{_MONTH}\s+\d{{1,2}},?\s+\d{{4}}|\d{{1,2}}\s+{_MONTH}\s+\d{{4}})"
)
_STREET = (
    r"(?i:Street|Avenue|Boulevard|Blvd|Road|Lane|Court|Way|Place|Parkway|Pkwy|Highway|Hwy|Circle|Terrace|Trail|"
    r"(?:St|Ave|Rd|Ln|Ct|Pl|Dr|Cir|Ter|Drive)\.?(?=\s*[,\n#]|\s+(?:Apt|Suite|Unit|No)\b))"
)
_COMPANY = r"(?:LLC|L\.L\.C\.|Inc\b\.?|Incorporated|Corp\b\.?|Corporation|Company|Co\.|Ltd\b\.?)"
_PART = r"[A-ZÀ-Þ][\w&'’-]{0,25}"
_NAMED_BODY = rf"{_PART}\.?(?:\s+(?:of|and|&|the|{_PART})){{0,5}}\s+{_PART}"


class Identifier(NamedTuple):
    """Words that may tell who somebody is: what kind, and where they stand."""

    kind: str
    span: Span


def _any(*patterns: str) -> re.Pattern[str]:
    """One of several patterns, each with a group ``who`` that is numbered here, since a name may stand only once."""
    return re.compile("|".join(one.replace("(?P<who>", f"(?P<who{n}>") for n, one in enumerate(patterns)))


# Kind -> what it is called, and its pattern; the groups "who…" are what identifies.
KINDS: dict[str, tuple[str, re.Pattern[str]]] = {
    "name": (
        "a person's name",
        _any(
            # In capitals "MR" and "MS" are imaging and morphine, unless a name in capitals follows.
            rf"\b(?:(?:Mr|Mrs|Ms|Miss)\b(?:\.\s*|\s+)|(?:MR|MRS|MS)\.\s*|MRS?\s+(?=[A-Z]{{3}}))(?!XX|IR\b)(?P<who>{_NAME})",
            rf"\b(?:{_PERSON}(?:['’]s)?\s+)?(?:[Nn]ame|NAME)\s*(?:is|:)[ \t]*(?P<who>{_FULL_NAME})",
            rf"\b{_PERSON}\s*:[ \t]*(?P<who>{_FULL_NAME})",
            rf"\b{_PERSON}\s*[(,]\s*(?P<who>{_FULL_NAME})(?=\s*[),])",
            rf"\b(?i:{_RELATIVE})(?:,|\s+named)?\s+(?P<who>{_WORD}(?:\s+{_WORD})?)\b",
            rf"\b(?:signed\s+by|addressed\s+to|[Ee]mergency\s+contact:|interpreted\s+by)\s+(?P<who>{_NAME}){_PHYSICIAN}",
            rf"(?<!Dr\.\s)(?<!Dr\s)(?<!\w)(?P<who>(?!{_PERSON}|Administrator|Physician|Provider|Employer|Worker|Reviewer|"
            rf"Surgeon|It|He|She|That|There|What|Who|Today){_WORD})['’]s\s+{_COMPLAINT}\b",
        ),
    ),
    "telephone": (
        "a telephone number",
        _any(
            r"(?<![\d-])(?P<who>(?:\+?1[ .-])?(?:\(\d{3}\)[\s.-]{0,3}|\d{3}[.-])\d{3}\s?[.-]\s?\d{4})(?![\d-])",
            r"(?i:\b(?:phone|tel|telephone|cell|mobile|fax|ph|call)\b[.:]?\s{0,9})"
            r"(?P<who>(?:\+?1[ .-])?\(?\d{3}\)?[\s.-]{0,3}\d{3}[\s.-]{1,3}\d{4})(?!\d)",
        ),
    ),
    "address": (
        "an address",
        _any(
            rf"(?<!/)\b(?P<who>\d{{1,6}}(?:\s+\d/\d)?\s+(?:[NSEW]\.?\s+)?(?:[A-ZÀ-Þ][\w.'’-]*\s+|\d+(?:st|nd|rd|th)\s+){{1,4}}?{_STREET}"
            r"(?![a-z])[^\n;]{0,30}(?:\n?[A-Z][A-Za-z ]{2,20},?\s+CA)?(?:\s+\d{5})?)",
            r"(?P<who>\bP\.?\s?O\.?\s+Box\s+\d+)",
        ),
    ),
    "e-mail": (
        "an e-mail address",
        _any(
            r"(?<![\w.+-])(?P<who>[\w.+-]{1,64}\s?(?:@|\(at\)|\[at\])\s?[\w-]{1,60}(?:\.[\w-]{1,60}){0,4}\.[A-Za-z]{2,10})"
        ),
    ),
    "claim number": (
        "a claim or record number",
        _any(
            r"\b(?i:claim|policy|record|MRN|WCAB|file|chart|account)\s*(?i:number|no\b\.?|num\.?|#|:|ID\b)+\s*(?:is\s+|:\s*)?"
            r"(?P<who>(?=[A-Z\d -]{0,10}\d{2})[A-Z\d][A-Z\d-]{2,}(?:[ -][\dA-Z-]*\d[\dA-Z-]*){0,3})",
            r"\b(?i:claim|MRN|WCAB)\s+(?P<who>(?=[A-Z\d-]*\d{3})[A-Z\d]+-[A-Z\d-]{4,})",
            r"(?P<who>\bADJ\s?\d{6,})",
        ),
    ),
    "social security number": (
        "a social security number",
        _any(
            r"(?<![\d-])(?P<who>(?:\d{3}|[Xx*]{3})-(?:\d{2}|[Xx*]{2})-\d{4})(?![\d-])",
            r"(?i:\b(?:SSN|S\.S\.N\.|SS\s?#?|Soc\.?\s+Sec\.?|social\s+security)(?:\s*(?:number|no\.?|#))?\s*[.:#]*\s*(?:is\s+|ending\s+in\s+)?)"
            r"(?P<who>(?:[\dXx*][\s-]{0,2}){3,8}\d)(?!\d)",
        ),
    ),
    "date of birth": (
        "a date of birth",
        _any(
            rf"\b(?:DOB|D\.O\.B\.?|(?i:date\s+of\s+birth|birth\s?date|born(?:\s+on)?))\s*(?:is|was|:|of|-)*\s*(?P<who>{_DAY})"
        ),
    ),
    "employer": (
        "an employer",
        _any(
            r"\b(?i:employed|work(?:s|ed|ing)?)\b[^.;:\n]{0,60}?\b(?:for|at|by|with)\s+(?:the\s+)?"
            rf"(?P<who>{_NAMED_BODY})",
            rf"\b(?:[Ee]mployer|EMPLOYER)\s*(?:is|was|:|,)\s+(?:the\s+)?(?P<who>{_NAMED_BODY})",
            rf"(?<![\w&'’-])(?P<who>(?:{_PART}\s+){{1,4}}{_COMPANY})",
        ),
    ),
}  # fmt: skip
# The form's own: the reviewing organisation's address and numbers, and bodies that employ nobody in a letter.
_FORM = re.compile(
    r"Maximus|Federal\s+Services|Box\s+138009|865-8873|605-4270|Department\s+of\s+Industrial|Division\s+of\s+Workers|Disability\s+Guidelines|"
    r"Treatment\s+(?:Utilization\s+)?(?:Guidelines|Schedule)",
    re.IGNORECASE,
)
_AROUND = 40  # characters beside words in which the form's own address would stand


def identifiers(text: str) -> list[Identifier]:
    """Everything in ``text`` that may tell who somebody is, in the order of the text; spans count its characters."""
    return sorted(_found(text), key=lambda one: (one.span, one.kind))


def _found(text: str) -> Iterator[Identifier]:
    for kind, (_, pattern) in KINDS.items():
        for match in pattern.finditer(text):
            start, end = next(match.span(name) for name, found in match.groupdict().items() if found)
            if not _FORM.search(text[max(0, start - _AROUND) : end + _AROUND]):
                yield Identifier(kind, Span(start, end))
