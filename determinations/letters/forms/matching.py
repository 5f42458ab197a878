"""Which text of one list speaks of the same request as which text of another: by their words, not by their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[a-z]+|\d+")
ALIKE = 0.3
# Words that requests share whatever they ask for.
_COMMON = frozenset(["the", "a", "an", "of", "for", "to", "and", "or", "with", "in", "on", "request", "requested"])


_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_AS_DIGITS = {word: str(number) for number, word in enumerate(_NUMBERS, 1)}


def words_of(text: str) -> Counter[str]:
    """The words and numbers of a request, how often each; "eight" is the number 8."""
    found = Counter(_AS_DIGITS.get(word, word) for word in _WORD.findall(text.lower()))
    telling = Counter({word: times for word, times in found.items() if word not in _COMMON})
    return telling or found


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """From 0 (no word in common) to 1 (the same words)."""
    together = (one | other).total()
    return (one & other).total() / together if together else 0.0


def share(request: str, text: str) -> float:
    """How many of a request's telling words a text has, from 0 to 1."""
    words = set(words_of(request))
    return len(words & set(words_of(text))) / len(words) if words else 0.0


def pairs(ones: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]], least: float = ALIKE) -> dict[int, int]:
    """Place in ``others`` for a place in ``ones``, where the texts are alike; each is paired once.

    A text comes with the number that is printed before it, which decides between texts that are equally alike.
    ``least``: how alike two texts of a pair must be at least.
    """
    one_words = [words_of(text) for _, text in ones]
    other_words = [words_of(text) for _, text in others]
    scores = []
    for i, (number, _) in enumerate(ones):
        for j, (other_number, _) in enumerate(others):
            score = likeness(one_words[i], other_words[j])
            if score >= least:
                scores.append((-score, number != other_number, abs(i - j), i, j))
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for *_, i, j in sorted(scores):
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched
