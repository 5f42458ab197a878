"""The forms that letters come in, as data, and the cutting of a letter into its sections.

A form is a row of ``FORMS``: the headings that open its sections, in order, and the fixed sentence that may follow
a heading. A further form is one more row; where its items are written in another way, also a reader for them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .clean import CleanText
from .types import Issue


def phrase(words: str) -> str:
    """A pattern for fixed words of the form, wherever their lines break."""
    return r"\s+".join(map(re.escape, words.split()))


@dataclass(frozen=True, slots=True)
class Heading:
    """What opens a section. ``boilerplate``: the form's own sentence after it, which is no part of the content."""

    section: str
    pattern: re.Pattern[str]
    boilerplate: re.Pattern[str] | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A form of letter: its name, what it is told by, and its headings in the order in which they stand."""

    name: str
    told_by: re.Pattern[str]
    headings: tuple[Heading, ...]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section stands in the clean text: the heading from ``heading``, the content in ``start:end``."""

    name: str
    heading: int
    start: int
    end: int


def _heading(section: str, words: str, boilerplate: str | None = None) -> Heading:
    return _heading_like(section, phrase(words), boilerplate)


def _heading_like(section: str, pattern: str, boilerplate: str | None = None) -> Heading:
    after = re.compile(r"\s*" + phrase(boilerplate), re.IGNORECASE) if boilerplate else None
    return Heading(section, re.compile(r"^" + pattern, re.MULTILINE | re.IGNORECASE), after)


# "IMR ISSUES, DECISIONS AND RATIONALES"; with a cover letter "IMR DECISION(S) AND RATIONALE(S)".
_ITEMS = r"IMR\s+(?:ISSUES,?\s+)?DECISIONS?(?:\(S\))?,?\s+(?:AND|&)\s+RATIONALES?(?:\(S\))?"


# The form in use from 2014 to 2017. In 2014 the reviewer's credentials stand in the "HOW …" paragraph, later in
# lines of their own.
FINAL_DETERMINATION = Form(
    name="final-determination",
    told_by=re.compile(
        rf"^(?:{phrase('HOW THE IMR FINAL DETERMINATION WAS MADE')}|{_ITEMS})|\b"
        + phrase("Claims Administrator guideline:"),
        re.MULTILINE | re.IGNORECASE,
    ),
    headings=(
        _heading("method", "HOW THE IMR FINAL DETERMINATION WAS MADE"),
        _heading("credentials", "The Expert Reviewer has the following credentials:"),
        _heading("documents", "DOCUMENTS REVIEWED"),
        _heading(
            "summary",
            "CLINICAL CASE SUMMARY",
            "The expert reviewer developed the following clinical case summary based on a review of the case file, "
            "including all medical records:",
        ),
        _heading_like(
            "items",
            _ITEMS,
            "The Final Determination was based on decisions for the disputed items/services set forth below:",
        ),
    ),
    required=("summary", "items"),
)

FORMS = (FINAL_DETERMINATION,)


def form_of(clean: CleanText) -> Form | None:
    """The form that a letter is written in, None if it is like none of them."""
    return next((form for form in FORMS if form.told_by.search(clean.text)), None)


def _headings(form: Form, text: str) -> list[tuple[Heading, re.Match[str]]]:
    """The headings that are there, in the form's order, so that a heading's words in a later text do not count.

    Those that may be missing are looked for between those that may not.
    """
    found: dict[str, re.Match[str]] = {}
    position = 0
    for heading in form.headings:
        if heading.section in form.required and (match := heading.pattern.search(text, position)):
            found[heading.section] = match
            position = match.end()
    position = 0
    for place, heading in enumerate(form.headings):
        if heading.section not in form.required:
            ahead = (found[later.section].start() for later in form.headings[place:] if later.section in found)
            if match := heading.pattern.search(text, position, next(ahead, len(text))):
                found[heading.section] = match
        if heading.section in found:
            position = found[heading.section].end()
    return [(heading, found[heading.section]) for heading in form.headings if heading.section in found]


def split(clean: CleanText, form: Form) -> tuple[dict[str, Section], list[Issue]]:
    """The sections of a letter by name, and an issue for every required one that is not there.

    What stands before the first heading is the section "header".
    """
    text, marks = clean.text, [("header", 0, 0)]
    for heading, match in _headings(form, text):
        fixed = heading.boilerplate.match(text, match.end()) if heading.boilerplate else None
        marks.append((heading.section, match.start(), (fixed or match).end()))
    ends = [heading for _, heading, _ in marks[1:]] + [len(text)]
    sections = {
        name: Section(name, heading, start, end) for (name, heading, start), end in zip(marks, ends, strict=True)
    }
    issues = [
        Issue("missing-section", f"The section {name!r} of the form is not in the letter.", clean.span(0, 0))
        for name in form.required
        if name not in sections
    ]
    last = form.headings[-1]
    if last.section in sections and (again := last.pattern.search(text, sections[last.section].start)):
        message = "The form's headings come again: more than one letter stands in this text, and all is read as one."
        issues.append(Issue("several-letters", message, clean.span(*again.span())))
    return sections, issues
