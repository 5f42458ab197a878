"""Texts with the words of real letters at their frequencies, made fast: from pools of clauses and a tail of rare words.

A clause is drawn once, unit by unit (a word or a fixed phrase of bench/fitted.toml), and used in many letters, as
doctors use theirs. Words too rare to be listed are invented and drawn letter by letter, by Zipf's law.
"""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass

CLAUSES = 60_000  # openings, and as many ends, of each kind of text
RARE_WORDS = 400_000
_FIRST_RANK = 400  # where the rare words begin on Zipf's curve
_COMMON = 40  # the commonest single words fill what fixed draws leave of a text
_SHORTEST_CLAUSE, _LONGEST_CLAUSE = 6, 13  # words

_ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "l",
    "m",
    "n",
    "p",
    "ph",
    "r",
    "s",
    "st",
    "t",
]
_VOWELS = ["a", "e", "i", "o", "u", "ae", "io", "ea"]
_ENDINGS = ["n", "r", "l", "s", "x", "m", "tol", "pine", "zol", "dine", "gram", "ton", "berg", "well", "osis", "itis"]


def rare_words() -> list[str]:
    """The invented words, the commonest first; always the same, all different."""
    syllables = [onset + vowel for onset, vowel in itertools.product(_ONSETS, _VOWELS)]
    made: dict[str, None] = {}
    for first, second, ending in itertools.product(syllables, syllables, _ENDINGS):
        made[first + second + ending] = None
    words = list(made)
    random.Random("rare words").shuffle(words)
    return words[:RARE_WORDS]


@dataclass(frozen=True, slots=True)
class Lengths:
    """Characters of a kind of text: a logarithmic normal distribution between two bounds."""

    log_mean: float
    log_deviation: float
    shortest: int
    longest: int

    def draw(self, chance: random.Random) -> int:
        """One length."""
        length = math.exp(chance.gauss(self.log_mean, self.log_deviation))
        return int(min(max(length, self.shortest), self.longest))


class Prose:
    """One kind of text: its clauses, its lengths, and how many of its words are rare ones."""

    def __init__(
        self, seed: str, rates: dict[str, float], lengths: Lengths, rare_share: float, clauses: int = CLAUSES
    ) -> None:
        self.lengths = lengths
        chance = random.Random(seed)
        drawn = _Clauses(rates, lengths)
        self._openings = [f"{_capital(drawn.clause(chance))}, " for _ in range(clauses)]
        self._ends = [f"{drawn.clause(chance)}. " for _ in range(clauses)]
        sample = self._openings[:2000] + self._ends[:2000]
        self.clause_length = sum(map(len, sample)) / len(sample)
        # A rare word beside every so many clauses.
        self._rare = rare_share * sum(len(clause.split()) for clause in sample) / len(sample)

    def write(self, chance: random.Random, rare: list[str], taken: int = 0) -> str:
        """A text, ``taken`` characters shorter than drawn to leave room for what its letter says."""
        length = max(self.lengths.draw(chance) - taken, 60)
        pairs = max(1, round(length / (2 * self.clause_length)))
        openings, ends = chance.choices(self._openings, k=pairs), chance.choices(self._ends, k=pairs)
        parts = [part for pair in zip(openings, ends, strict=True) for part in pair]
        # The whole part of the number of rare words, and one more by chance.
        number = int(pairs * 2 * self._rare + chance.random())
        for _ in range(number):
            at = int(chance.random() * pairs) * 2
            parts[at] = f"{parts[at][:-2]} {_rare(chance, rare)}, "
        return "".join(parts).rstrip()


_SPAN = math.log((_FIRST_RANK + RARE_WORDS) / _FIRST_RANK)


def _rare(chance: random.Random, rare: list[str]) -> str:
    """A rare word: the probability falls as one over its rank."""
    rank = int(_FIRST_RANK * math.exp(chance.random() * _SPAN)) - _FIRST_RANK
    return rare[min(rank, RARE_WORDS - 1)]


class _Clauses:
    """Draws clauses so that a text of mean length holds each unit as often as ``rates`` says."""

    def __init__(self, rates: dict[str, float], lengths: Lengths) -> None:
        mean = math.exp(lengths.log_mean + lengths.log_deviation**2 / 2)
        characters = sum(rate * (len(unit) + 1) for unit, rate in rates.items())
        weights = dict(rates)
        common = [unit for unit in rates if " " not in unit][:_COMMON]
        lacking = mean - characters
        if lacking > 0:
            whole = sum(rates[unit] * (len(unit) + 1) for unit in common)
            for unit in common:
                weights[unit] *= 1 + lacking / whole
        self._units = list(weights)
        self._weights = list(itertools.accumulate(weights.values()))

    def clause(self, chance: random.Random) -> str:
        """One clause without its stop."""
        size = chance.randint(_SHORTEST_CLAUSE, _LONGEST_CLAUSE)
        words, drawn = 0, []
        while words < size:
            unit = chance.choices(self._units, cum_weights=self._weights)[0]
            drawn.append(unit)
            words += unit.count(" ") + 1
        return " ".join(drawn)


def _capital(clause: str) -> str:
    return clause[0].upper() + clause[1:]
