"""Reads determination letters: text in, ``Letter`` out. No database, no network, no state.

>>> letter = parse_letter(read_letter("samples/CM16-0990001.txt").text)

``parse_letter`` is pure and total: any text gives a Letter, with issues for what could not be read, never an error.
"""

from __future__ import annotations

import re
from dataclasses import replace

from .accounting import unaccounted
from .clean import CleanText, clean, heal_paragraphs
from .header import read_case_number, read_dates, read_priority
from .items import read_items
from .reviewer import read_credentials
from .sections import form_of, split
from .source import Source, UnreadableSource, decode, read_letter, source_of
from .types import (
    Citation,
    Credential,
    Credentials,
    Dates,
    Finding,
    Found,
    Issue,
    Item,
    Letter,
    Outcome,
    Placement,
    Side,
    Span,
)

__all__ = [
    "PARSER_VERSION",
    "Citation",
    "Credential",
    "Credentials",
    "Dates",
    "Finding",
    "Found",
    "Issue",
    "Item",
    "Letter",
    "Outcome",
    "Placement",
    "Side",
    "Source",
    "Span",
    "UnreadableSource",
    "decode",
    "parse_letter",
    "read_letter",
    "source_of",
]

# Raised with every change that can change a reading; stored with each letter.
PARSER_VERSION = 2

# Letters name MTUS documents by year and "Section(s)" since 2016, before that by chapter or "Page(s)".
_STYLE_2016 = re.compile(
    r"\bSection\(s\)|\boutside\s+of\s+the\s+MTUS|\bcite\s+any\s+medical\s+evidence|\bMTUS\s[^.]{,60}\s20\d\d,?"
)


def parse_letter(text: str) -> Letter:
    """Everything that ``text`` says as a letter; spans are offsets into ``text``."""
    cleaned = clean(text)
    form = form_of(cleaned)
    if form is None:
        message = "The text is like none of the known forms of letter."
        return Letter("unknown", issues=(Issue("unknown-format", message, cleaned.span(0, 0)),))
    sections, issues = split(cleaned, form)
    header = sections["header"]
    case_number, doubts = read_case_number(cleaned, header.start, header.end)
    issues += doubts
    dates, doubts = read_dates(cleaned, header.start, header.end)
    issues += doubts
    credentials_from = header.end
    after = sections.get("documents") or sections.get("summary")
    credentials_to = after.heading if after else len(cleaned.text)
    reviewer, doubts = read_credentials(cleaned, credentials_from, credentials_to)
    issues += doubts
    summary = None
    if section := sections.get("summary"):
        summary = _long_text(cleaned, section.start, section.end)
    items_from = sections["items"].start if "items" in sections else (section.end if section else header.end)
    items, doubts = read_items(cleaned, items_from, len(cleaned.text))
    issues += doubts
    year = "2016" if "Section(s)" in cleaned.text or _STYLE_2016.search(cleaned.text) else "2014"
    letter = Letter(
        format=f"final-determination-{year}",
        case_number=case_number,
        dates=dates,
        priority=read_priority(cleaned, header.start, header.end),
        reviewer=reviewer,
        clinical_summary=summary,
        items=items,
        issues=tuple(issues),
    )
    issues += unaccounted(cleaned, letter)
    return replace(letter, issues=tuple(sorted(issues, key=lambda issue: issue.span.start)))


def _long_text(cleaned: CleanText, start: int, end: int) -> Found[str] | None:
    part = cleaned.text[start:end]
    value = heal_paragraphs(part)
    if not value:
        return None
    return Found(value, cleaned.span(start + len(part) - len(part.lstrip()), start + len(part.rstrip())))
