"""The fields of the index: one document a decision, built from the database and never asked for its text.

A change of what is written here or in documents.py needs a new SCHEMA_VERSION; an index of another version is rebuilt.
"""

from __future__ import annotations

from datetime import date
from functools import cache

from tantivy import Schema, SchemaBuilder, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

SCHEMA_VERSION = 11

# Text comes as words parted by blanks (asking.tokens decides what a word is), so that is all the engine has to do.
TOKENIZER = "words"
# Everything that can be searched for stands in ALL_TEXT; the parts are there for words that are asked for in one of
# them, and to rank a decision about a thing before one that mentions it.
ALL_TEXT = "text"
PARTS = ("heading", "rationale", "citations", "summary")
RUNS = "runs"  # frequent words side by side as one term (common_words.py): a phrase of such words is dear to look for

FACET = "facet"  # every value of every facet as "facet:value": looked up, never counted
# Columns that are counted, in rows.py: the facet values of a decision that belong together, as one text
# ("outcome:upheld␟finding:not-necessary␟…").
COLUMNS: dict[str, tuple[str, ...]] = {
    "verdict": ("outcome", "finding", "relation", "letter"),
    "person": ("priority", "age", "sex"),
    "treatment": ("treatment",),
    "date": ("year",),
    "asked": ("drug", "procedure"),  # few requests have both
    "parts": ("body",),
    "guidelines": ("guideline",),
    "administrator": ("administrator",),
    "reasons": ("reason",),
    "flags": ("flag",),
}
# The reviewer's credentials are one column of their own, the id of the profile. What it stands for is looked up
# (profiles.py), so that joining two spellings of a specialty changes every search at once and no document. Guidelines,
# drugs and categories of treatments are known by keys for the same reason (keys.py).
PROFILE = "profile"
PROFILE_FACETS = ("board", "subspecialty", "specialty", "state")
SEPARATOR = "\x1f"

_ITEM_BITS = 40  # room for a million million decisions below a day's number
_NO_DAY_LAST = (1 << 23) - 1


@cache
def analyzer() -> TextAnalyzer:
    """Words parted by blanks."""
    return TextAnalyzerBuilder(Tokenizer.whitespace()).build()


@cache
def schema() -> Schema:
    """The fields of the index."""
    builder = SchemaBuilder()
    for name in ("case", "case_number", FACET, PROFILE):  # looked up, never counted
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("item", "letter", "stamp", *ORDERS.values(), "row", "block", "weight"):  # the last three: matching.py
        builder.add_unsigned_field(name, fast=True)
    builder.add_unsigned_field("day", indexed=True, fast=True)
    for name in (ALL_TEXT, *PARTS):
        builder.add_text_field(name, tokenizer_name=TOKENIZER, index_option="position")
    builder.add_text_field(RUNS, tokenizer_name=TOKENIZER, index_option="basic")
    return builder.build()


# ---- orders -----------------------------------------------------------------------------------------------------

# Order of results -> the column whose numbers, all different, give it (ascending).
ORDERS = {"newest": "newest", "oldest": "oldest", "number": "number", "longest": "longest"}
# How wide a slice of such a column is that holds some thousand decisions of a big archive: what a far page costs.
SLICES = {"newest": 8 << _ITEM_BITS, "oldest": 8 << _ITEM_BITS, "number": 10_000 << 8, "longest": 4 << _ITEM_BITS}
_LAST = (1 << 63) - 1
_MOST_CHARACTERS = (1 << 23) - 1


def order_keys(day: date | None, item_id: int, case_number: str, position: int, length: int) -> dict[str, int]:
    """The numbers by which decisions are sorted, one for each order: unique, and a letter's decisions in their order.

    Decisions without a date or a case number stand last. ``length``: characters of the rationale.
    """
    newest = (_NO_DAY_LAST - day.toordinal()) if day else _NO_DAY_LAST
    oldest = day.toordinal() if day else _NO_DAY_LAST
    digits = "".join(filter(str.isdigit, case_number))
    # Case numbers are CMyy-nnnnnnn: 2013 is below 2014. Those of another shape stand behind, in order of arrival.
    number = (int(digits) << 8 | min(position, 255)) if 0 < len(digits) <= 12 else _LAST - (1 << _ITEM_BITS) + item_id
    return {
        "newest": newest << _ITEM_BITS | item_id,
        "oldest": oldest << _ITEM_BITS | item_id,
        "number": number,
        "longest": (_MOST_CHARACTERS - min(length, _MOST_CHARACTERS)) << _ITEM_BITS | item_id,
    }
