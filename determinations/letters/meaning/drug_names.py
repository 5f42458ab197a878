"""Drugs that a text names, with their places: those of drugs.toml and of other_drugs.toml.

Names come from the two files alone: what they do not know is not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from ... import vocabulary
from ..facts import NamedDrug
from ..types import Span
from .words import end_of, longest_by_first_word, matches, words_of

# A drug's name before these is a laboratory test.
_TESTED = frozenset({"level", "levels", "test", "testing", "screen", "screening"})
# "Entries" of drugs.toml that are no drugs: what a compound is called, and the creams it is made in.
_NO_DRUG = frozenset({"compounded topical cream", "Lipoderm base"})
_STOP = re.compile(r"[;:]|[,.]\s")


def distinct(mentions: Iterable[NamedDrug]) -> tuple[NamedDrug, ...]:
    """Each drug once, at its first mention: "Ultram (tramadol)" is Ultram."""
    found: dict[str, NamedDrug] = {}
    for one in mentions:
        found.setdefault(one.generic, one)
    return tuple(found.values())


def drug_mentions(text: str) -> list[NamedDrug]:
    """Every mention of a drug in ``text``, in order; spans are offsets in it."""
    words = words_of(text)
    found = []

    def joined(first: int, last: int) -> bool:
        return not _STOP.search(text, words[first][1], words[last][1])

    for at, length, drug in matches([word for word, _ in words], vocabulary.drug_names(), _longest(), joined):
        start, end = words[at][1], end_of(words, at + length - 1)
        if drug.name in _NO_DRUG or (at + length < len(words) and words[at + length][0] in _TESTED):
            continue
        found.append(NamedDrug(text[start:end], drug.name, drug.group, Span(start, end)))
    return found


@cache
def _longest() -> dict[str, int]:
    return longest_by_first_word(vocabulary.drug_names())
