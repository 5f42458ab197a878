"""The forms that letters come in, a module each, and which of them a letter is written in.

A form's module holds its headings and fixed sentences as data and reads a letter of that form. A further form is a
further module and a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..checks import check
from ..meaning.patients import read_patient
from ..parts.sections import Form
from ..text.clean import CleanText
from ..text.placing import in_source, moved
from ..types import Dates, Finding, Issue, Letter, Span
from . import final_determination, notice, professional_review
from .several import holds_several

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
        return _completed(cleaned, final_determination.read(cleaned))
    told = [(form, reader) for form, reader in _READERS if form.told_by.search(text)]
    if not told:
        message = "The text is like none of the known forms of letter."
        return Letter("unknown", issues=(Issue("unknown-format", message, cleaned.span(0, 0)),))
    _, reader = max(told, key=lambda row: sum(heading.pattern.search(text) is not None for heading in row[0].headings))
    return _completed(cleaned, reader(cleaned))


def _completed(cleaned: CleanText, letter: Letter) -> Letter:
    """The letter with what its summary tells of the patient, and issues for what is missing or odd."""
    patient = letter.patient
    if summary := letter.clinical_summary:
        start, end = cleaned.offset_of(summary.span.start), cleaned.offset_of(summary.span.end - 1) + 1
        patient = moved(read_patient(summary.value), in_source(cleaned, start, end, summary.value))
    issues = [*letter.issues, *_missing(cleaned, letter)]
    issues += check(letter, parts=[item.request.body_parts for item in letter.items])
    return replace(letter, patient=patient, issues=tuple(issues))


def _missing(cleaned: CleanText, letter: Letter) -> Iterator[Issue]:
    """An issue if the letter's opening is not there, if its last words break off, or if another letter follows it."""
    if holds_several(cleaned):
        message = "More than one letter stands in this text, and all is read as one."
        yield Issue("several-letters", message, cleaned.span(0, 0))
    if letter.case_number is None and letter.dates == Dates():
        message = "The letter's opening is not in the text: no case number and no date is given."
        yield Issue("no-header", message, cleaned.span(0, 0))
    last = letter.items[-1] if letter.items else None
    if last and last.rationale and last.finding is Finding.UNCLEAR and not last.rationale.value.endswith(_CLOSES):
        end = last.rationale.span.end
        yield Issue("cut-off", "The last reasons break off in a sentence.", Span(end - 1, end))
