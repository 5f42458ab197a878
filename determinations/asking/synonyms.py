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
    """Tokens of every wording -> the others that count as well, without those that hold another (found by it)."""
    found: dict[Row, dict[Row, Wording]] = {}
    for group in synonym_groups():
        for typed, others in _ways(group):
            found.setdefault(typed, {}).update({wording.tokens: wording for wording in others})
    return {typed: tuple(_needed(typed, list(others.values()))) for typed, others in found.items()}


def _ways(group: SynonymGroup) -> list[tuple[Row, list[Wording]]]:
    found = [Wording(text, _row(text)) for text in (*group.same, *group.narrower)]
    return [
        (_row(text), [one for one in found if one.tokens != _row(text)]) for text in (*group.same, *group.ambiguous)
    ]


def _needed(typed: Row, others: Sequence[Wording]) -> list[Wording]:
    rows = [typed, *(one.tokens for one in others)]
    return [one for one in others if not any(row != one.tokens and holds(one.tokens, row) for row in rows)]


@cache
def longest() -> int:
    """The number of tokens of the longest wording."""
    return max(map(len, table()))
