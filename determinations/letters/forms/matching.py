"""Which text of one list speaks of the same request as which text of another: by their words, not by their place."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Sequence

_WORD = re.compile(r"[a-z]+|\d+")
ALIKE = 0.3
_TELLING = 1_000  # characters of a text whose words are compared
# A letter decides a dozen requests, seldom fifty. Of longer lists only so many neighbours on each side are compared.
_MOST_COMPARED = 10_000
_WINDOW = 8
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


def share(request: Counter[str], words: Counter[str]) -> float:
    """How many of a request's telling words are among the words of a text, from 0 to 1."""
    return len(request.keys() & words.keys()) / len(request) if request else 0.0


def pairs(ones: Sequence[tuple[int, str]], others: Sequence[tuple[int, str]], least: float = ALIKE) -> dict[int, int]:
    """Place in ``others`` for a place in ``ones``, where the texts are alike; each is paired once.

    A text comes with the number that is printed before it, which decides between texts that are equally alike. Far
    longer lists than any letter has (``too_many``) are paired where the words are the same, and else only with texts
    near their own place: comparing each with each would take time that grows with the square of their number.
    ``least``: how alike two texts of a pair must be at least.
    """
    one_words = [words_of(text[:_TELLING]) for _, text in ones]
    other_words = [words_of(text[:_TELLING]) for _, text in others]
    matched = _same(ones, one_words, others, other_words) if too_many(ones, others) else {}
    window = _WINDOW if too_many(ones, others) else max(len(ones), len(others))
    taken = set(matched.values())
    scores = []
    for i, (number, _) in enumerate(ones):
        if i in matched:
            continue
        for j in range(max(0, i - window), min(len(others), i + window + 1)):
            score = likeness(one_words[i], other_words[j]) if j not in taken else 0.0
            if score >= least:
                scores.append((-score, number != others[j][0], abs(i - j), i, j))
    for *_, i, j in sorted(scores):
        if i not in matched and j not in taken:
            matched[i] = j
            taken.add(j)
    return matched


def too_many(ones: Sequence[object], others: Sequence[object]) -> bool:
    """Whether two lists are too long for each text of one to be compared with each of the other."""
    return len(ones) * len(others) > _MOST_COMPARED


def _same(
    ones: Sequence[tuple[int, str]],
    one_words: list[Counter[str]],
    others: Sequence[tuple[int, str]],
    other_words: list[Counter[str]],
) -> dict[int, int]:
    """The pairs of texts with the same words: first those of the same number, then in order."""
    matched: dict[int, int] = {}
    taken: set[int] = set()
    for by_number in (True, False):
        places: dict[tuple[int, frozenset[tuple[str, int]]], deque[int]] = {}
        for j, (number, _) in enumerate(others):
            if j not in taken:
                key = number if by_number else 0, frozenset(other_words[j].items())
                places.setdefault(key, deque()).append(j)
        for i, (number, _) in enumerate(ones):
            alike = places.get((number if by_number else 0, frozenset(one_words[i].items())))
            if i not in matched and alike:
                matched[i] = alike.popleft()
                taken.add(matched[i])
    return matched
