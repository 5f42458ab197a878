"""Words with their places, and the longest of the known names that begin at a word."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")

Words = tuple[tuple[str, int], ...]  # in lower case, with the offset where each starts


class _Blanks(dict[int, int]):
    """For ``str.translate``: small letters and digits stay, capitals become small, every other sign a blank."""

    def __missing__(self, sign: int) -> int:
        return 0x20


_FOLD = _Blanks({ord(sign): ord(sign.lower()) for sign in string.ascii_letters + string.digits})


@lru_cache(maxsize=16)  # drugs, procedures and parts of the body are looked for in one title after another
def words_of(text: str) -> Words:
    """The words of ``text`` (runs of ASCII letters and digits, as in vocabulary keys) with their offsets."""
    found = []
    at = 0
    for word in text.translate(_FOLD).split(" "):  # one sign for one sign, so offsets stay
        if word:
            found.append((word, at))
        at += len(word) + 1
    return tuple(found)


def end_of(words: Words, at: int) -> int:
    """The offset after word ``at``."""
    return words[at][1] + len(words[at][0])


def longest_by_first_word(names: Iterable[str]) -> dict[str, int]:
    """First word of a name -> the number of words of the longest name that begins with it."""
    longest: dict[str, int] = {}
    for name in names:
        first, _, rest = name.partition(" ")
        longest[first] = max(longest.get(first, 0), rest.count(" ") + 2 if rest else 1)
    return longest


def matches(
    words: Sequence[str],
    known: Mapping[str, T],
    longest: Mapping[str, int],
    joined: Callable[[int, int], bool] = lambda first, last: True,
) -> Iterator[tuple[int, int, T]]:
    """Where known names stand: number of the first word, number of words, value. The longest name counts, once.

    ``longest``: what ``longest_by_first_word`` says of the names of ``known``; ``joined``: whether a name may run from
    the first to the last of two words by number.
    """
    beyond = 0
    for at, word in enumerate(words):
        if at < beyond or word not in longest:
            continue
        for length in range(min(longest[word], len(words) - at), 0, -1):
            value = known.get(" ".join(words[at : at + length]))
            if value is not None and (length == 1 or joined(at, at + length - 1)):
                yield at, length, value
                beyond = at + length
                break
