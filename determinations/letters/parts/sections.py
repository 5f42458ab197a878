"""What a form of letter is, and the cutting of a letter into the sections of its form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ..text.clean import CleanText, heal_paragraphs
from ..types import Found, Issue


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
    """A form of letter: its name, what it is told by, and its headings in the order in which they stand.

    ``in_order``: whether that order is sure; else each heading is taken where it first stands.
    """

    name: str
    told_by: re.Pattern[str]
    headings: tuple[Heading, ...]
    required: tuple[str, ...]
    in_order: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """Where a section stands in the clean text: the heading from ``heading``, the content in ``start:end``."""

    name: str
    heading: int
    start: int
    end: int


def heading(section: str, words: str, boilerplate: str | None = None) -> Heading:
    """A heading of fixed ``words`` that may be followed by a fixed sentence."""
    return heading_like(section, phrase(words), phrase(boilerplate) if boilerplate else None)


def heading_like(section: str, pattern: str, boilerplate: str | None = None) -> Heading:
    """The same where both are patterns."""
    after = re.compile(r"\s*" + boilerplate, re.IGNORECASE) if boilerplate else None
    return Heading(section, re.compile(r"^" + pattern, re.MULTILINE | re.IGNORECASE), after)


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


def _headings_anywhere(form: Form, text: str) -> list[tuple[Heading, re.Match[str]]]:
    """The headings where each first stands."""
    found = [(heading, match) for heading in form.headings if (match := heading.pattern.search(text))]
    return sorted(found, key=lambda row: row[1].start())


def split(clean: CleanText, form: Form) -> tuple[dict[str, Section], list[Issue]]:
    """The sections of a letter by name, and an issue for every required one that is not there.

    What stands before the first heading is the section "header".
    """
    text, marks = clean.text, [("header", 0, 0)]
    for heading, match in _headings(form, text) if form.in_order else _headings_anywhere(form, text):
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
    return sections, issues


def stretches(matches: Iterable[re.Match[str]], end: int) -> Iterator[tuple[re.Match[str], int]]:
    """Each match with the start of the next one, the last with ``end``: how far what it opens can reach."""
    matches = list(matches)
    limits = [match.start() for match in matches[1:]] + [end]
    return zip(matches, limits, strict=False)


def long_text(cleaned: CleanText, start: int, end: int) -> Found[str] | None:
    """A text of several paragraphs; None if there is none."""
    part = cleaned.text[start:end]
    value = heal_paragraphs(part)
    if not value:
        return None
    return Found(value, cleaned.span(start + len(part) - len(part.lstrip()), start + len(part.rstrip())))
