"""Plain running text as a clinical summary has it: where its sentences are, and numbers in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from ..types import Found, Span

Range = tuple[int, int]

# A stop ends a sentence where the next words begin like one ("3.5 mg", "approx. five" and "Dr. Smith" do not), also
# where a healed line break has lost the blank ("denied.The").
_ABBREVIATION = r"(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bvs\.)(?<!\bNo\.)"
_BEGINS_ANEW = r"[\"”’')\]]*(?=\s+[A-Z0-9\"“‘'(\[#•*-]|\s*\Z|[A-Z][a-z])"
_STOP = re.compile(rf"(?P<stop>\.{_ABBREVIATION}{_BEGINS_ANEW})\s*")
_END = re.compile(rf"(?P<stop>(?:\.{_ABBREVIATION}|[!?]){_BEGINS_ANEW}|\n\n)\s*")
TO_BLANKS = str.maketrans(dict.fromkeys(".,;:()[]\"'/-?!“”’–#", " "))
_UNIT_WORDS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TEN_WORDS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_UNITS = {word: number for number, word in enumerate(_UNIT_WORDS, 1)}
_TENS = {word: number for number, word in enumerate(_TEN_WORDS, 2)}
# A number up to 999 in digits, or up to 99 in words; to be put into a larger pattern of lower case text.
NUMBER = (
    r"(?:\d{1,3}|(?:" + "|".join(_TENS) + r")(?:[\s-](?:" + "|".join(list(_UNITS)[:9]) + r")\b)?"
    r"|" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")"
)


def lowered(text: str) -> str:
    """``text`` in lower case, every character where it was (a few characters have longer lower forms: kept as is)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := one.lower()) == 1 else one for one in text)


@dataclass(frozen=True, slots=True)
class Prose:
    """A text prepared for reading: itself, in lower case, its sentences in order, and the set of its words."""

    text: str
    lower: str
    sentences: list[Range]
    starts: list[int]
    words: frozenset[str]

    def found(self, start: int, end: int) -> Found[str]:
        """The words of a range and their place."""
        return Found(self.text[start:end], Span(start, end))

    def sentence_at(self, position: int) -> Range:
        """The sentence in which an offset lies (or the one before it)."""
        return self.sentences[max(0, bisect_right(self.starts, position) - 1)]

    def places(self, words: frozenset[str], pieces: tuple[str, ...] = ()) -> dict[int, list[int]]:
        """The sentences that hold one of ``words`` or of ``pieces`` of words -> the offsets of all of them.

        Most texts hold few of them; looking in the set of words is many times faster than patterns on the text.
        """
        offsets: list[int] = []
        for word in (*(words & self.words), *pieces):
            at = self.lower.find(word)
            while at >= 0:
                offsets.append(at)
                at = self.lower.find(word, at + 1)
        places: dict[int, list[int]] = {}
        for at in sorted(offsets):
            places.setdefault(max(0, bisect_right(self.starts, at) - 1), []).append(at)
        return places


def read_prose(text: str) -> Prose:
    """``text`` prepared for reading."""
    lower = lowered(text)
    ranges = sentences(text)
    words = frozenset(lower.translate(TO_BLANKS).split())
    return Prose(text, lower, ranges, [start for start, _ in ranges], words)


def sentences(text: str) -> list[Range]:
    """The sentences of ``text`` in order, without the blanks between them."""
    found: list[Range] = []
    start, length = 0, len(text)
    start = length - len(text.lstrip())
    only_stops = "?" not in text and "!" not in text and "\n\n" not in text  # as in most: a faster pattern does
    for match in (_STOP if only_stops else _END).finditer(text):
        end = match.end("stop")
        if start < end:
            if match["stop"] == "\n\n":
                a, b = stripped(text, start, end)
                if a < b:
                    found.append((a, b))
            else:
                found.append((start, end))
        start = match.end()
    a, b = stripped(text, start, length)
    return [*found, (a, b)] if a < b else found


def stripped(text: str, start: int, end: int, extra: str = "") -> Range:
    """The range without the white space (and the characters of ``extra``) at its ends; empty where nothing is left."""
    while start < end and (text[start].isspace() or text[start] in extra):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in extra):
        end -= 1
    return start, end


def number(words: str) -> int:
    """The value of what NUMBER has matched, 0 for anything else."""
    if words.isdecimal():
        return int(words)
    ten, _, unit = words.replace("-", " ").partition(" ")
    if ten in _UNITS:
        return _UNITS[ten]
    return _TENS.get(ten, 0) * 10 + _UNITS.get(unit.strip(), 0)


def any_word(*words: str) -> re.Pattern[str]:
    """A pattern of whole words (patterns of lower case words), and of "n't" behind a word."""
    return re.compile(rf"\b(?:{'|'.join(words)})\b|n['’]t\b")
