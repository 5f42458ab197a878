"""Which other wordings count for words that were typed, from the vocabulary's table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import NamedTuple

from ..vocabulary.synonyms import SynonymGroup, synonym_groups
from .nodes import Row
from .tokens import normalised


class Wording(NamedTuple):
    """A wording as the vocabulary writes it, and its tokens."""

    text: str
    tokens: Row


def _row(text: str) -> Row:
    return tuple(normalised(text).split())


def holds(row: Row, part: Row) -> bool:
    """Whether ``part`` stands in ``row`` as it is."""
    return any(row[start : start + len(part)] == part for start in range(len(row) - len(part) + 1))


@cache
def table() -> Mapping[Row, tuple[Wording, ...]]:
    """Tokens of every wording -> the others that count as well."""
    found: dict[Row, dict[Row, Wording]] = {}
    for group in synonym_groups():
        for typed, others in _ways(group):
            known = found.setdefault(typed, {})
            for wording in _needed(typed, others):
                known.setdefault(wording.tokens, wording)
    return {typed: tuple(others.values()) for typed, others in found.items()}


def _ways(group: SynonymGroup) -> list[tuple[Row, list[Wording]]]:
    found = [Wording(text, _row(text)) for text in (*group.same, *group.narrower)]
    return [
        (_row(text), [one for one in found if one.tokens != _row(text)]) for text in (*group.same, *group.ambiguous)
    ]


def _needed(typed: Row, others: Sequence[Wording]) -> list[Wording]:
    """The others but for those that are found anyway, since they hold what was typed or another of them.

    The first stays: it is the name of the thing, which the page shows.
    """
    rows = [one.tokens for one in others]
    return [
        one
        for number, one in enumerate(others)
        if not holds(one.tokens, typed)
        and (number == 0 or not any(row != one.tokens and holds(one.tokens, row) for row in rows))
    ]


@cache
def longest() -> int:
    """The number of tokens of the longest wording."""
    return max(map(len, table()))
