"""Every issue code of the parser: how much it matters and what it means. docs/data.md lists them for readers.

Codes are stable: an archive keeps them, and people filter by them. They are added to, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``ERROR``: a part could not be read. ``WARNING``: read but doubtful. ``NOTICE``: worth knowing."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class IssueCode:
    """One code, how much it matters, and what it means in a sentence."""

    code: str
    severity: Severity
    meaning: str


_ERROR, _WARNING, _NOTICE = Severity

ISSUE_CODES: tuple[IssueCode, ...] = (
    # ---- a file that is no letter that can be read
    IssueCode("unreadable-file", _ERROR, "The file cannot be opened, or is no regular file."),
    IssueCode("empty", _ERROR, "The file has no text."),
    IssueCode("too-large", _ERROR, "The file is far larger than any letter."),
    IssueCode("not-text", _ERROR, "The file is not a text file."),
    IssueCode("encrypted", _ERROR, "The file, or its place in an archive, needs a password."),
    IssueCode("broken-pdf", _ERROR, "The PDF is broken, or kills its reader."),
    IssueCode("pdf-limit", _ERROR, "Reading the PDF takes more time, memory, pages or text than any letter."),
    IssueCode("no-pdf-reader", _ERROR, "The program that reads PDFs does not start on this machine."),
    IssueCode("broken-archive", _ERROR, "The archive, or a file in it, is broken."),
    IssueCode("archive-bomb", _ERROR, "The archive unpacks to far more than letters do."),
    IssueCode("unsafe-member", _ERROR, "A file in an archive is a link, a device, or leads out of the archive."),
    IssueCode("nested-archive", _ERROR, "A file in an archive is an archive itself."),
    IssueCode("unknown-format", _ERROR, "The text is like none of the known forms of letter."),
    # ---- a part of the letter, or all of it, that could not be read
    IssueCode("needs-ocr", _ERROR, "The letter was scanned: it is kept, and has no text that can be read."),
    IssueCode("missing-section", _ERROR, "A section that the form has is not in the letter."),
    IssueCode("cut-off", _ERROR, "The last reasons break off in the middle of a sentence."),
    IssueCode("unreadable-case-number", _ERROR, "A case number is announced, and what follows does not look like one."),
    IssueCode("unreadable-date", _ERROR, "A date's label has no date, or a day that does not exist."),
    IssueCode("no-credentials", _ERROR, "The letter does not say what the reviewer is certified in."),
    IssueCode("no-items", _ERROR, "No disputed item was found in the letter."),
    IssueCode("no-outcome", _ERROR, "An item's heading has no outcome."),
    IssueCode("no-treatment", _ERROR, "An item has no heading."),
    IssueCode("missing-part", _ERROR, "A part of an item (a guideline line, the reasons) is not there."),
    # ---- read, but doubtful
    IssueCode("unaccounted-text", _WARNING, "Nothing was read from these words, and they are not the form's own."),
    IssueCode("determination-differs", _WARNING, "The cover page decides otherwise than the items' headings."),
    IssueCode("determinations-differ", _WARNING, "A notice's two lists of determinations are not the same."),
    IssueCode("unlike-request", _WARNING, "The reasons of an item name its request in other words."),
    IssueCode("several-letters", _WARNING, "More than one letter stands in the text, and all is read as one."),
    IssueCode("overlong-part", _WARNING, "A part is far longer than any known one; kept whole, not taken apart."),
    IssueCode(
        "unread-guideline-line", _WARNING, "Words of a guideline line were not understood; kept as the statement."
    ),
    IssueCode("unknown-guideline", _WARNING, "The words cited name no known document."),
    IssueCode("unknown-specialty", _WARNING, "A credential is spelled like no known specialty."),
    IssueCode("unknown-state", _WARNING, "A licensing state is spelled like no known state."),
    IssueCode("uncategorised", _WARNING, "Nothing in the request is known to the vocabulary of treatments."),
    IssueCode("ambiguous-category", _WARNING, "The request names two kinds of treatment."),
    IssueCode("date-after-decision", _WARNING, "A date of the header is after the decision date."),
    IssueCode("dates-out-of-order", _WARNING, "A date of the header is before another that it must follow."),
    IssueCode("date-in-future", _WARNING, "A date of the header is in the future."),
    IssueCode(
        "date-too-early", _WARNING, "A date is before there were such reviews, or an injury is over 70 years old."
    ),
    IssueCode("no-licensed-state", _WARNING, "The letter does not say in which state the reviewer is licensed."),
    # ---- read, and worth knowing: what the letter itself says is odd
    IssueCode("no-header", _NOTICE, "The letter's opening is not in the text: no case number and no date."),
    IssueCode("contradiction", _NOTICE, "The heading and the reasons of an item disagree."),
    IssueCode(
        "guideline-of-other-body-part", _NOTICE, "The chapter cited is on another part of the body than the request."
    ),
    IssueCode("no-such-page", _NOTICE, "A page is cited that the document does not have."),
    IssueCode("repeated-item", _NOTICE, "An item says the same as an earlier one: title, outcome and reasons."),
    IssueCode("no-board-certification", _NOTICE, "The reviewer has a subspecialty but no board certification."),
)

# Questions that do not come from reading a letter: for curators only, never on a public page.
CURATION_CODES: tuple[IssueCode, ...] = (
    # ---- what became of a curator's correction when the letter was read again
    IssueCode("correction-conflict", _WARNING, "The letter has changed where a curator corrected it."),
    IssueCode("correction-lost", _WARNING, "The item that a curator corrected is no longer found in the letter."),
    IssueCode("likely-identifier", _WARNING, "Words in the letter may tell who somebody is."),
    IssueCode("correction-agrees", _NOTICE, "The letter is now read as a curator corrected it."),
)

_BY_CODE = {one.code: one for one in (*ISSUE_CODES, *CURATION_CODES)}


def severity(code: str) -> str:
    """How much the code matters: "error", "warning" or "notice". KeyError for a code that is not in the table."""
    return _BY_CODE[code].severity.value


def meaning(code: str) -> str:
    """What the code means, in a sentence. Raises KeyError for a code that is not in the table."""
    return _BY_CODE[code].meaning
