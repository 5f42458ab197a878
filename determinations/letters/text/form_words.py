r"""The form's own words, mended where blanks or colons were lost or doubled: "MAXIMUSguideline :", "CLINICALCASE …".

What follows looks for headings and labels as the form prints them. They are mended only where they cannot be anything
else: a heading at the beginning of a line or in capital letters, a label with its colon or, without one, at the
beginning of a line and before the words that open a value. No other word is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from .offsets import CleanText, Edit, edited

CLAIMS_ADMINISTRATOR, MAXIMUS, RATIONALE = (
    "Claims Administrator guideline:",
    "MAXIMUS guideline:",
    "Decision rationale:",
)
HEADINGS = (
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
)
_CREDENTIALS = "The Expert Reviewer has the following credentials:"
STATES, CERTIFICATIONS = "State(s) of Licensure:", "Certification(s)/Specialty:"
_GUIDELINE_VALUE = r"(?:Decisions?\s+based|The\s+(?:Claims|Expert))"


def _words(words: str) -> str:
    """A pattern for words whose blanks may be lost or doubled; an optical reader takes "m" for "rn"."""
    parts = (re.escape(part).replace("dm", "d(?:m|rn)") for part in words.removesuffix(":").split())
    return r"\s{0,3}".join(parts)


def _label(words: str, value: str) -> re.Pattern[str]:
    """A label with any number of colons, or without one at the beginning of a line before ``value``."""
    return re.compile(
        rf"\b(?P<words>{_words(words)})(?P<colons>s?(?:\s{{0,3}}:){{1,3}})"
        rf"|(?:^|(?<=\bupheld )|(?<=\boverturned ))(?P<bare>{_words(words)})(?=\s{{1,3}}{value})",
        re.IGNORECASE | re.MULTILINE,
    )


_LABELS = (
    (CLAIMS_ADMINISTRATOR, _label(CLAIMS_ADMINISTRATOR, _GUIDELINE_VALUE)),
    (MAXIMUS, _label(MAXIMUS, _GUIDELINE_VALUE)),
    (RATIONALE, _label(RATIONALE, r"(?-i:[A-Z0-9\"“(])")),
    (_CREDENTIALS, _label(_CREDENTIALS, r"State\(s\)")),
    (STATES, _label(STATES, r"(?-i:[A-Z])")),
    (CERTIFICATIONS, _label(CERTIFICATIONS, r"(?-i:[A-Z])")),
)
_DAMAGED_HEADINGS = tuple((words, re.compile("^" + _words(words), re.IGNORECASE | re.MULTILINE)) for words in HEADINGS)
_LONG_LINE = 300  # characters: no page is as wide; the letter has lost its lines


def form_words(clean: CleanText) -> CleanText:
    """Headings and labels as the form prints them, headings on lines of their own."""
    if _as_printed(clean.text):
        return clean
    mended = edited(clean, _apart(sorted(_mending(clean.text))))
    return edited(mended, sorted(_gaps(mended.text)))


def _as_printed(text: str) -> bool:
    """Whether every heading and label is there as the form prints it: so is it with nearly all letters."""
    items = text.count(RATIONALE)
    return (
        0 < items == text.count(MAXIMUS) == text.count(CLAIMS_ADMINISTRATOR)
        and all(_stands_alone(text, heading) for heading in HEADINGS)
        and (STATES in text or "icensure" not in text)
        and "::" not in text
    )


def _stands_alone(text: str, heading: str) -> bool:
    start = text.find(heading)
    return start == 0 or (start > 0 and text[start - 1] == "\n")


def _mending(text: str) -> Iterator[Edit]:
    for words, pattern in _LABELS:
        for match in pattern.finditer(text):
            group = "words" if match["words"] else "bare"
            yield from _as_in(words.removesuffix(":"), match[group], match.start(group))
            if group == "bare":
                yield match.end(), match.end(), ":"
            elif match["colons"] != ":":
                yield match.start("colons"), match.end() - 1, ""
    for words, pattern in _DAMAGED_HEADINGS:
        heading = pattern.search(text)
        if heading and len(heading.group().split()) < len(words.split()):
            yield from _as_in(words, heading.group(), heading.start())


def _as_in(words: str, found: str, at: int) -> Iterator[Edit]:
    """What makes ``found``, which stands at ``at``, the ``words`` of the form: blanks, capitals, "m" for "rn"."""
    place = 0
    for position, word in enumerate(words.split()):
        blank = place
        while found[place].isspace():
            place += 1
        if position and found[blank:place] != " ":
            yield at + blank, at + place, " "
        length = len(word) + (found[place : place + len(word)].lower() != word.lower())
        if found[place : place + length] != word:
            yield at + place, at + place + length, word
        place += length


def _apart(edits: list[Edit]) -> list[Edit]:
    """The edits without those that overlap; those that touch are one."""
    kept: list[Edit] = []
    for start, end, new in edits:
        if kept and start < kept[-1][1]:
            continue
        if kept and start == kept[-1][1]:
            first, _, before = kept.pop()
            start, new = first, before + new
        kept.append((start, end, new))
    return kept


def _gaps(text: str) -> Iterator[Edit]:
    """Paragraph gaps around headings in capitals within a long line, where the letter has no line that begins so."""
    for words in HEADINGS:
        start = text.find(words)
        end = start + len(words)
        if start <= 0 or "\n" + words in text or not _in_long_line(text, start, end):
            continue
        if text[start - 1] == " ":
            yield start - 1, start, "\n\n"
        if text[end : end + 1] == " ":
            yield end, end + 1, "\n\n"


def _in_long_line(text: str, start: int, end: int) -> bool:
    line_end = text.find("\n", end)
    return (len(text) if line_end < 0 else line_end) - text.rfind("\n", 0, start) > _LONG_LINE
