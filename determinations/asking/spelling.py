"""A word that no decision holds, and the likeliest one that was meant: "Did you mean"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import log10

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ..vocabulary import load
from .tokens import normalised

SHORTEST = 4  # letters; shorter words are mostly abbreviations, and all of them are alike
_RARE = 3  # a word in so few decisions may be a misspelling in the letters themselves …
_MORE = 1000  # … if the word one letter away is in so many times as many
_NEAREST = 50  # words looked at
_COST = 2.0  # a letter more away must be made up for by a hundred times as many decisions
_OTHER_BEGINNING = 1.0  # people mostly get the first letter right


@cache
def drug_words() -> frozenset[str]:
    """The words of every drug name of the vocabulary: never proposed to be another."""
    return frozenset(
        word
        for file, kind in (("drugs", "group"), ("other_drugs", "class"))
        for row in load(file)[kind]
        for generic, brands in row["drugs"].items()
        for name in (generic, *brands)
        for word in normalised(name).split()
    )


def _reach(word: str) -> int:
    """How many letters may be wrong."""
    return 1 if len(word) < 7 else 2 if len(word) < 12 else 3


class SpellingBook:
    """The archive's words with the number of decisions that hold each, ready to be asked. Made once an index."""

    def __init__(self, candidates: Iterable[tuple[str, int]]) -> None:
        """``candidates``: tokens and how many decisions hold them; short ones and those with digits are left out."""
        self.counts = {
            word: count for word, count in candidates if count > 0 and len(word) >= SHORTEST and word.isalpha()
        }
        self._words = list(self.counts)

    def nearest(self, word: str, times: int = 0) -> str | None:
        """The likeliest word, or two, meant by ``word``, which ``times`` decisions hold; None if there is none."""
        if not _may_change(word):
            return None
        near = process.extract(
            word, self._words, scorer=OSA.distance, processor=None, score_cutoff=_reach(word), limit=_NEAREST
        )
        best, best_score = None, 0.0
        for other, distance, _ in near:
            count = self.counts[other]
            if other == word or (times and (distance > 1 or count < times * _MORE or _is_form(word, other))):
                continue
            score = log10(count + 1) - _COST * distance - _OTHER_BEGINNING * (other[0] != word[0]) + 10
            if score > best_score:
                best, best_score = other, score
        return best or (None if times else self._parted(word))

    def _parted(self, word: str) -> str | None:
        """Two words that were typed as one."""
        ways = [(word[:cut], word[cut:]) for cut in range(SHORTEST, len(word) - SHORTEST + 1)]
        known = [(min(self.counts[one], self.counts[two]), f"{one} {two}") for one, two in ways if self._both(one, two)]
        return max(known)[1] if known else None

    def _both(self, one: str, two: str) -> bool:
        return one in self.counts and two in self.counts

    def suggest(self, words: Sequence[str], known: Callable[[str], int]) -> str | None:
        """The words with those that no decision holds (or next to none) put right; None if none can be.

        ``known``: how many decisions hold a token. Numbers and names of drugs stay as they are.
        """
        fixed = []
        for word in words:
            times = known(word)
            better = None if times > _RARE else self.nearest(word, times)
            fixed.append(better or word)
        return None if fixed == list(words) else " ".join(fixed)


def _is_form(word: str, other: str) -> bool:
    """Whether one is the other with an ending: "braced" is rare, but no misspelling of "brace"."""
    return word.startswith(other) or other.startswith(word)


def _may_change(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and word not in drug_words()


def suggest(
    words: Sequence[str], known: Callable[[str], int], candidates: SpellingBook | Iterable[tuple[str, int]]
) -> str | None:
    """What was probably meant by the tokens ``words``, as text for the search box; None if all are well known."""
    book = candidates if isinstance(candidates, SpellingBook) else SpellingBook(candidates)
    return book.suggest(words, known)
