"""Lays letters out for the tests: the parts of a letter put together, and written the way an extractor writes them.

A letter is a list of paragraphs; a paragraph is a tuple of lines that stay apart (the cells of the header table,
the credentials). A form feed in a line, or as a paragraph of its own, is where a page ends.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from determinations.letters import Letter, parse_letter

Paragraph = tuple[str, ...]
Layout = Callable[[Iterable[Paragraph]], str]
PAGE_END: Paragraph = ("\f",)

# ---- the form's own words ---------------------------------------------------------------------------------------
METHOD_HEADING = "HOW THE IMR FINAL DETERMINATION WAS MADE"
METHOD_OPENING = (
    "MAXIMUS Federal Services sent the complete case file to an expert reviewer. He/she has no affiliation with the "
    "employer, employee, providers or the claims administrator."
)
METHOD_CLOSING = (
    "He/she has been in active clinical practice for more than five years and is currently working at least 24 hours "
    "a week in active practice. The expert reviewer was selected based on his/her clinical experience, education, "
    "background, and expertise in the same or similar specialties that evaluate and/or treat the medical condition "
    "and disputed items/Service. He/she is familiar with governing laws and regulations, including the strength of "
    "evidence hierarchy that applies to Independent Medical Review determinations."
)
CREDENTIALS_HEADING = "The Expert Reviewer has the following credentials:"
SUMMARY_HEADING = "CLINICAL CASE SUMMARY"
SUMMARY_SENTENCE = (
    "The expert reviewer developed the following clinical case summary based on a review of the case file, including "
    "all medical records:"
)
ITEMS_HEADING = "IMR ISSUES, DECISIONS AND RATIONALES"
ITEMS_SENTENCE = "The Final Determination was based on decisions for the disputed items/services set forth below:"
NO_EVIDENCE = "The {side} did not cite any medical evidence for its decision."
OUTSIDE = "The {side} based their decision on recommendation(s) outside of the MTUS Guidelines."
NOT_MTUS = "The {side} did not base their decision on the MTUS."

SUMMARY = (
    (
        "The worker is a 51-year-old baker who hurt the right wrist on 2/3/2015 while lifting a tray. Care has "
        "included a brace and eight visits of hand therapy."
    ),
)


# ---- parts ------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Parts:
    """One disputed item as it is put in. An ``outcome`` of None leaves the heading without one."""

    treatment: str = "MRI of the right wrist"
    outcome: str | None = "Upheld"
    claims_administrator: str | None = NO_EVIDENCE.format(side="Claims Administrator")
    reviewer: str | None = "Decision based on MTUS General Approaches 2004, Section(s): Special Studies."
    rationale: str | None = "No red flag is noted. Therefore, the request is not medically necessary."

    def but(self, **changes: str | None) -> Parts:
        return replace(self, **changes)

    def paragraphs(self) -> list[Paragraph]:
        heading = self.treatment if self.outcome is None else f"{self.treatment}: {self.outcome}"
        parts: list[Paragraph] = [(heading,)] if heading else []
        labelled = (
            ("Claims Administrator guideline", self.claims_administrator),
            ("MAXIMUS guideline", self.reviewer),
            ("Decision rationale", self.rationale),
        )
        return parts + [(f"{label}: {text}",) for label, text in labelled if text is not None]


HEADER_2016 = (
    "Case Number: CM16-0777001",
    "Date Assigned: 12/02/2016 Date of Injury:  02/03/2015",
    "Decision Date: 01/03/2017 UR Denial Date:  11/21/2016",
    "Priority:  Standard Application",
    "Received:",
    "11/28/2016",
)


def letter_2016(
    *items: Parts,
    header: Paragraph = HEADER_2016,
    states: str = "California",
    certifications: str = "Occupational Medicine",
    summary: Iterable[str] = SUMMARY,
) -> list[Paragraph]:
    """The paragraphs of a complete letter as they are written since late 2015: credentials in lines of their own."""
    credentials = (
        CREDENTIALS_HEADING,
        f"State(s) of Licensure: {states}",
        f"Certification(s)/Specialty: {certifications}",
    )
    method = (METHOD_HEADING, f"{METHOD_OPENING} {METHOD_CLOSING}")
    return [header, method, credentials, *_body(summary, items)]


def letter_2014(
    *items: Parts,
    header: Paragraph = (),
    reviewer: str = "The expert reviewer is Board Certified in Neurology and is licensed to practice in Ohio.",
    summary: Iterable[str] = SUMMARY,
) -> list[Paragraph]:
    """The paragraphs of a letter of 2014: credentials in a sentence; by default the header is cut off."""
    method = (METHOD_HEADING, f"{METHOD_OPENING} {reviewer} {METHOD_CLOSING}")
    return [*([header] if header else []), method, *_body(summary, items)]


def _body(summary: Iterable[str], items: Iterable[Parts]) -> list[Paragraph]:
    return [
        (SUMMARY_HEADING, SUMMARY_SENTENCE),
        *((text,) for text in summary),
        (ITEMS_HEADING, ITEMS_SENTENCE),
        *(paragraph for item in items for paragraph in item.paragraphs()),
    ]


# ---- layouts ----------------------------------------------------------------------------------------------------
def _lines(paragraphs: Iterable[Paragraph], width: int) -> Iterable[str]:
    """The lines of a letter; "" stands between two paragraphs and a form feed where a page ends."""
    for position, paragraph in enumerate(paragraphs):
        if position and paragraph != PAGE_END:
            yield ""
        for line in paragraph:
            for page, text in enumerate(line.split("\f")):
                if page:
                    yield "\f"
                yield from textwrap.wrap(text, width, break_long_words=False)


def pdfbox(paragraphs: Iterable[Paragraph], width: int = 98) -> str:
    """The way PDFBox writes: after each line a blank and an empty line, a blank as a paragraph gap, two more line
    ends at a page's end."""
    written = {"": " \n\n", "\f": "\n\n"}
    return " \n\n" + "".join(written.get(line, f"{line} \n\n") for line in _lines(paragraphs, width))


def single_spaced(paragraphs: Iterable[Paragraph], width: int = 98) -> str:
    """One line after the other, an empty line between paragraphs, a form feed at a page's end."""
    return "".join(line if line == "\f" else f"{line}\n" for line in _lines(paragraphs, width))


def double_spaced(paragraphs: Iterable[Paragraph], width: int = 98) -> str:
    """An empty line after every line and two between paragraphs, without PDFBox's blanks."""
    return "".join("\n" if line in ("", "\f") else f"{line}\n\n" for line in _lines(paragraphs, width))


def crlf(layout: Layout = pdfbox) -> Layout:
    """The same layout with the line ends of Windows."""
    return lambda paragraphs: layout(paragraphs).replace("\n", "\r\n")


# ---- short ways for the tests -----------------------------------------------------------------------------------
def read(*items: Parts, layout: Layout = pdfbox) -> Letter:
    """The reading of a complete letter of 2016 with these items."""
    return parse_letter(layout(letter_2016(*items)))


def squeezed(text: str) -> str:
    """A text without its white space: what two layouts of the same words have in common."""
    return "".join(text.split())
