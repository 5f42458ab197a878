"""Which other wordings count for words that were typed, from the vocabulary's table."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from ..vocabulary.synonyms import synonym_groups
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
def _groups() -> Mapping[Row, tuple[tuple[Wording, ...], ...]]:
    """Tokens of every wording that finds others -> the wordings of its groups."""
    found: dict[Row, tuple[tuple[Wording, ...], ...]] = {}
    for group in synonym_groups():
        wordings = tuple(Wording(text, _row(text)) for text in (*group.same, *group.narrower))
        for typed in {_row(text) for text in (*group.same, *group.ambiguous)}:
            found[typed] = (*found.get(typed, ()), wordings)
    return found


def wordings() -> Collection[Row]:
    """The tokens of every wording that finds others."""
    return _groups().keys()


@lru_cache(maxsize=4096)
def others(typed: Row) -> tuple[Wording, ...]:
    """What else counts where ``typed`` is asked for; () if it is no wording, or all else is found anyway."""
    found: dict[Row, Wording] = {}
    for group in _groups().get(typed, ()):
        for wording in _needed(typed, [one for one in group if one.tokens != typed]):
            found.setdefault(wording.tokens, wording)
    return tuple(found.values())


def _needed(typed: Row, group: Sequence[Wording]) -> list[Wording]:
    """The others but for those that are found anyway, since they hold what was typed or another of them.

    The first stays: it is the name of the thing, which the page shows.
    """
    rows = [one.tokens for one in group]
    return [
        one
        for number, one in enumerate(group)
        if not holds(one.tokens, typed)
        and (number == 0 or not any(row != one.tokens and holds(one.tokens, row) for row in rows))
    ]


@cache
def longest() -> int:
    """The number of tokens of the longest wording."""
    return max(map(len, wordings()))
