"""The forms that letters come in, a module each, and which of them a letter is written in.

A form's module holds its headings and fixed sentences as data and reads a letter of that form. A further form is a
further module and a row here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..clean import CleanText
from ..sections import Form
from ..several import holds_several
from ..types import Dates, Finding, Issue, Letter, Span
from . import final_determination, notice, professional_review

_READERS: tuple[tuple[Form, Callable[[CleanText], Letter]], ...] = (
    (final_determination.FORM, final_determination.read),
    (notice.FORM, notice.read),
    (professional_review.FORM, professional_review.read),
)
_CLOSES = tuple(".!?)]\"'”’*")


def read(cleaned: CleanText) -> Letter:
    """The letter as its form says it; of no known form, a letter of the format "unknown"."""
    text = cleaned.text
    if final_determination.OPENS_SECTION.search(text):  # nearly every letter: spare it the other forms' patterns
        return _with_what_is_missing(cleaned, final_determination.read(cleaned))
    told = [(form, reader) for form, reader in _READERS if form.told_by.search(text)]
    if not told:
        message = "The text is like none of the known forms of letter."
        return Letter("unknown", issues=(Issue("unknown-format", message, cleaned.span(0, 0)),))
    _, reader = max(told, key=lambda row: sum(heading.pattern.search(text) is not None for heading in row[0].headings))
    return _with_what_is_missing(cleaned, reader(cleaned))


def _with_what_is_missing(cleaned: CleanText, letter: Letter) -> Letter:
    """The letter with an issue if its opening is not there, or if its last words break off."""
    issues = []
    if holds_several(cleaned):
        message = "More than one letter stands in this text, and all is read as one."
        issues.append(Issue("several-letters", message, cleaned.span(0, 0)))
    if letter.case_number is None and letter.dates == Dates():
        message = "The letter's opening is not in the text: no case number and no date is given."
        issues.append(Issue("no-header", message, cleaned.span(0, 0)))
    last = letter.items[-1] if letter.items else None
    breaks_off = last and last.rationale and not last.rationale.value.endswith(_CLOSES)
    if last and last.rationale and breaks_off and last.finding is Finding.UNCLEAR:
        span = last.rationale.span
        issues.append(Issue("cut-off", "The last reasons break off in a sentence.", Span(span.end - 1, span.end)))
    return replace(letter, issues=letter.issues + tuple(issues)) if issues else letter
