"""The final determination in use since 2014, with or without a cover letter before it.

In 2014 the reviewer's credentials stand in the paragraph "HOW THE IMR FINAL DETERMINATION WAS MADE", later in lines of
their own. A cover letter says how the whole was decided ("Final Determination: PARTIAL OVERTURN") and lists the
documents reviewed; its items may be written as prose ("X is not medically necessary and appropriate.").
"""

from __future__ import annotations

import re
from dataclasses import replace

from ..parts.documents import read_documents
from ..parts.header import read_case_number, read_dates, read_priority
from ..parts.items import first_item_start, read_items
from ..parts.reviewer import read_credentials
from ..parts.sections import Form, Section, heading, heading_like, long_text, phrase, split
from ..text.clean import CleanText
from ..types import Determination, Found, Issue, Item, Letter, Outcome
from .opening import read_amended, read_dated, read_determination, read_listed

# "IMR ISSUES, DECISIONS AND RATIONALES"; with a cover letter "IMR DECISION(S) AND RATIONALE(S)".
_ITEMS = r"IMR\s+(?:ISSUES,?\s+)?DECISIONS?(?:\(S\))?,?\s+(?:AND|&)\s+RATIONALES?(?:\(S\))?"
_SET_FORTH = phrase("The Final Determination was based on decisions for the disputed items/services set forth below:")

_METHOD = phrase("HOW THE IMR FINAL DETERMINATION WAS MADE")
OPENS_SECTION = re.compile(rf"^(?:{_METHOD}|{_ITEMS})", re.MULTILINE | re.IGNORECASE)

FORM = Form(
    name="final-determination",
    # Any of these will do: of a letter that is cut off only a few of them are left.
    told_by=re.compile(
        rf"^(?:{_METHOD}|{_ITEMS}|{phrase('CLINICAL CASE SUMMARY')})"
        r"|\bClaims\s+Administrator\s+guideline\s*:|^\s*(?:MAXIMUS\s+guideline|Decision\s+rationale)\s*:"
        r"|\bState\(s\)\s+of\s+Licensure\s*:|\bIndependent\s+Medical\s+Review\s+Final\s+Determination\b"
        r"|\bCase\s+Number\s*:?\s*(?:CM)?\d\d-\d{6,8}\b",
        re.MULTILINE | re.IGNORECASE,
    ),
    headings=(
        heading("method", "HOW THE IMR FINAL DETERMINATION WAS MADE"),
        heading("credentials", "The Expert Reviewer has the following credentials:"),
        heading("documents", "DOCUMENTS REVIEWED"),
        heading_like(
            "summary",
            phrase("CLINICAL CASE SUMMARY"),
            r"The\s+(?:expert|physician|medical)\s+"
            + phrase("reviewer developed the following clinical case summary based on a review of the case file,")
            + r"(?:\s+including\s+all\s+medical\s+records)?:?",
        ),
        heading_like("items", _ITEMS, _SET_FORTH),
    ),
    required=("summary", "items"),
)

# Letters name MTUS documents by year and "Section(s)" since 2016, before that by chapter or "Page(s)".
_STYLE_2016 = re.compile(
    r"\bSection\(s\)|\boutside\s+of\s+the\s+MTUS|\bcite\s+any\s+medical\s+evidence|\bMTUS\s[^.]{,60}\s20\d\d,?"
)
_DECIDED = {
    Determination.UPHOLD: Outcome.UPHELD,
    Determination.OVERTURN: Outcome.OVERTURNED,
}


def read(cleaned: CleanText) -> Letter:
    """A letter of this form."""
    sections, issues = split(cleaned, FORM)
    header = sections["header"]
    case_number, doubts = read_case_number(cleaned, header.start, header.end)
    issues += doubts
    dates, doubts = read_dates(cleaned, header.start, header.end)
    issues += doubts
    determination = read_determination(cleaned, header.start, header.end)
    after = sections.get("documents") or sections.get("summary")
    credentials_from = header.end if {"method", "credentials"} & set(sections) else 0
    reviewer, doubts = read_credentials(cleaned, credentials_from, after.heading if after else len(cleaned.text))
    issues += doubts
    sections, items_from = _body(cleaned, sections)
    items, doubts = read_items(cleaned, items_from, len(cleaned.text))
    issues += doubts
    items, doubts = _agreed(items, determination)
    issues += doubts
    documents, summary = sections.get("documents"), sections.get("summary")
    return Letter(
        format=_format(cleaned, sections, determination),
        case_number=case_number,
        dates=dates if dates.decision else replace(dates, decision=read_dated(cleaned, header.start, header.end)),
        priority=read_priority(cleaned, header.start, header.end),
        reviewer=reviewer,
        clinical_summary=long_text(cleaned, summary.start, summary.end) if summary else None,
        determination=determination,
        amended=read_amended(cleaned, header.start, header.end),
        documents=read_documents(cleaned, documents.start, documents.end) if documents else (),
        listed=read_listed(cleaned, header.start, header.end),
        items=items,
        issues=tuple(issues),
    )


def _format(cleaned: CleanText, sections: dict[str, Section], determination: Found[Determination] | None) -> str:
    if determination or "documents" in sections:
        return "cover-letter"
    year = "2016" if "Section(s)" in cleaned.text or _STYLE_2016.search(cleaned.text) else "2014"
    return f"final-determination-{year}"


def _body(cleaned: CleanText, sections: dict[str, Section]) -> tuple[dict[str, Section], int]:
    """The sections with the summary as far as it goes, and where the items begin.

    A heading may be lost. Without the items' one the items begin at the form's sentence or with the first item;
    what stands before the items in a letter that is cut off at its start is the rest of the summary.
    """
    text = cleaned.text
    if "items" in sections:
        items = sections["items"]
        if len(sections) == 2 and text[: items.heading].strip() and not _looks_like_header(text, items.heading):
            return sections | {"summary": Section("summary", 0, 0, items.heading)}, items.start
        return sections, items.start
    last = sections.get("summary") or list(sections.values())[-1]
    sentence = re.compile(_SET_FORTH, re.IGNORECASE).search(text, last.start)
    end = sentence.start() if sentence else first_item_start(text, last.start, len(text))
    if "summary" in sections:
        sections = sections | {"summary": Section("summary", last.heading, last.start, end)}
    return sections, sentence.end() if sentence else end


def _looks_like_header(text: str, end: int) -> bool:
    return re.search(r"\b(?:Case\s+Number|Decision\s+Date|Date\s+Assigned)\b", text[:end], re.IGNORECASE) is not None


def _agreed(
    items: tuple[Item, ...], determination: Found[Determination] | None
) -> tuple[tuple[Item, ...], list[Issue]]:
    """The items with what the cover page decides of all of them, and an issue where the two contradict each other."""
    if determination is None or not items:
        return items, []
    decided = _DECIDED.get(determination.value)
    if decided:
        items = tuple(
            item if item.outcome else replace(item, outcome=Found(decided, determination.span)) for item in items
        )
    outcomes = {item.outcome.value if item.outcome else None for item in items}
    if None in outcomes or outcomes == ({decided} if decided else set(Outcome)):
        return items, []
    message = f"The cover page says {determination.value.value}, the items' headings do not."
    return items, [Issue("determination-differs", message, determination.span)]
