"""Reads determination letters: text in, ``Letter`` out. No database, no network, no state.

>>> letter = parse_letter(read_letter("samples/CM16-0990001.txt").text)

``parse_letter`` is pure and total: any text gives a Letter, with issues for what could not be read, never an error.
"""

from __future__ import annotations

from dataclasses import replace

from . import forms
from .accounting import unaccounted
from .inputs.encodings import decode
from .inputs.source import Source, UnreadableSource, read_letter, source_of
from .text.clean import clean
from .types import (
    Citation,
    Credential,
    Credentials,
    Dates,
    Determination,
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
    "Determination",
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


def parse_letter(text: str) -> Letter:
    """Everything that ``text`` says as a letter; spans are offsets into ``text``."""
    cleaned = clean(text)
    letter = forms.read(cleaned)
    if letter.format == "unknown":
        return letter
    issues = [*letter.issues, *unaccounted(cleaned, letter)]
    return replace(letter, issues=tuple(sorted(issues, key=lambda issue: issue.span.start)))
