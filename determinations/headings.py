"""Curators' rules for categories: a pattern of words, and whether a heading has them.

A pattern is words in a row; a ``*`` at the end of a word stands for the rest of it. What a word is, is decided where
it is for searches (asking/tokens.py), so that "brace" is in "Braces", "x ray" in "X-ray", and a rule takes what a
search of headings for the same words finds. Patterns are no regular expressions, and matching takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .asking.tokens import normalised

MOST_WORDS = 12
SHORTEST_BEGINNING = 3  # letters before a "*"
_BEGINNING = re.compile(r"([a-z0-9]+)\*")


class BadPattern(ValueError):
    """A pattern that cannot be one; the message is a sentence for who wrote it."""


@dataclass(frozen=True)
class Pattern:
    """A pattern that was understood; ``text`` is how it is kept: lower case, one blank between words."""

    text: str

    @cached_property
    def parts(self) -> tuple[tuple[str, bool], ...]:
        """Runs of whole words as tokens, and beginnings of words (True), in their order."""
        found: list[tuple[str, bool]] = []
        for chunk in self.text.split():
            if beginning := _BEGINNING.fullmatch(chunk):
                found.append((beginning[1], True))
            elif found and not found[-1][1]:
                found[-1] = (f"{found[-1][0]} {chunk}", False)
            else:
                found.append((chunk, False))
        return tuple((words, True) if begins else (normalised(words), False) for words, begins in found)

    @cached_property
    def words(self) -> int:
        """How many words it has: of two that a heading has, the longer one says more of it."""
        return sum(len(words.split()) for words, _ in self.parts)

    @cached_property
    def _matches(self) -> re.Pattern[str]:
        parts = (re.escape(words) + ("[^ ]*" if begins else "") for words, begins in self.parts)
        return re.compile(f" {' '.join(parts)} ")

    def matches(self, tokens: str) -> bool:
        """Whether a heading has the words. ``tokens``: the heading as ``tokens_of`` gives it."""
        return self._matches.search(tokens) is not None

    @cached_property
    def search(self) -> str:
        """A search (in the language of the search box) that finds at least the headings with the words."""
        runs: list[str] = []
        for chunk in self.text.split():
            if chunk.endswith("*"):
                runs.append(chunk)
            elif runs and not runs[-1].endswith("*"):
                runs[-1] = f"{runs[-1]} {chunk}"
            else:
                runs.append(chunk)
        return " ".join(f"heading:{run}" if run.endswith("*") else f'heading:"{run}"' for run in runs)


def tokens_of(heading: str) -> str:
    """The words of a heading, each with a blank before and behind it."""
    return f" {normalised(heading)} "


def pattern(text: str) -> Pattern:
    """The pattern that ``text`` is. Raises BadPattern."""
    chunks = text.lower().split()
    if len(chunks) > MOST_WORDS or len(text) > 200:
        raise BadPattern(f"A pattern has at most {MOST_WORDS} words and 200 characters.")
    for chunk in chunks:
        if "*" in chunk:
            beginning = _BEGINNING.fullmatch(chunk)
            if not beginning:
                raise BadPattern("A * stands at the end of a word of plain letters: physi*.")
            if len(beginning[1]) < SHORTEST_BEGINNING:
                raise BadPattern(f"At least {SHORTEST_BEGINNING} letters must stand before a *.")
        elif '"' in chunk or not normalised(chunk):
            raise BadPattern(f"“{chunk}” is no word that a heading could have.")
    made = Pattern(" ".join(chunks))
    if not made.parts:
        raise BadPattern("Write at least one word.")
    if made.words == 1 and len(made.parts[0][0]) < 2:
        raise BadPattern("One letter alone is in too many headings.")
    return made


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as it is applied: its id, its pattern, the id of its category."""

    pk: int
    pattern: Pattern
    category: int


class Rules:
    """All rules that are in force. Of those that a heading fits, the one of most words counts, then the latest."""

    def __init__(self, rows: Iterable[tuple[int, str, int]]) -> None:
        """``rows``: id, pattern and category of each rule."""
        rules = [Rule(pk, Pattern(text), category) for pk, text, category in rows]
        self._rules = sorted(rules, key=lambda rule: (-rule.pattern.words, -rule.pk))

    def deciding(self, heading: str) -> Rule | None:
        """The rule that says where a heading belongs, None if none does."""
        if not self._rules:
            return None
        tokens = tokens_of(heading)
        return next((rule for rule in self._rules if rule.pattern.matches(tokens)), None)
