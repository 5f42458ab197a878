"""The forms that letters come in, a module each, and which of them a letter is written in.

A form's module holds its headings and fixed sentences as data and reads a letter of that form. A further form is a
further module and a row here.
"""

from __future__ import annotations

from collections.abc import Callable

from ..clean import CleanText
from ..sections import Form
from ..types import Issue, Letter
from . import final_determination, notice, professional_review

_READERS: tuple[tuple[Form, Callable[[CleanText], Letter]], ...] = (
    (final_determination.FORM, final_determination.read),
    (notice.FORM, notice.read),
    (professional_review.FORM, professional_review.read),
)
# Words of the rarer forms. A letter of the common form that has none of them needs no closer look.
_RARE = ("has determined the request", "PROFESSIONAL REVIEW", "of the Expert Reviewer", "Regarding the request")


def read(cleaned: CleanText) -> Letter:
    """The letter as its form says it; of no known form, a letter of the format "unknown"."""
    text = cleaned.text
    form, reader = _READERS[0]
    if form.told_by.search(text) and not any(words in text for words in _RARE):
        return reader(cleaned)
    told = [(form, reader) for form, reader in _READERS if form.told_by.search(text)]
    if not told:
        message = "The text is like none of the known forms of letter."
        return Letter("unknown", issues=(Issue("unknown-format", message, cleaned.span(0, 0)),))
    _, reader = max(told, key=lambda row: sum(heading.pattern.search(text) is not None for heading in row[0].headings))
    return reader(cleaned)
