"""What stands in one run of signs without white space: pieces, their plural taken off, compounds joined.

Everything here works on one chunk ("(EMG/NCV),") and knows nothing of what stands beside it; `tokens.py` reads texts.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from ..vocabulary import word_forms

LONGEST = 60  # signs; what is longer is cut off here, when it is indexed and when it is asked for

_FORMS = word_forms()


class Token(NamedTuple):
    """A word in its normal form, and its place in the text as it came: text[start:end]."""

    text: str
    start: int
    end: int


# Signs that Unicode takes apart into letters or digits though they are none of a word, and signs that stand for others.
_FOLDED = {
    **dict.fromkeys("™®©℠ªº°", " "),
    **dict.fromkeys("‘’‚‛′´`ʼʹ＇", "'"),
    **dict.fromkeys("‐‑‒–—―−﹣－⁄∕", "-"),
    "×": "x",
    "æ": "ae",
    "Æ": "ae",
    "œ": "oe",
    "Œ": "oe",
    "ø": "o",
    "Ø": "o",
    "đ": "d",
    "Đ": "d",
    "ł": "l",
    "Ł": "l",
    "ı": "i",
}

_PIECE = re.compile(
    r"""
      cm(?P<year>\d\d)(?P<serial>\d{6,8})(?![^\W_])        # cm140012345
    | (?P<letter>[clts])(?P<first>\d\d?)(?P<more>(?:[-/,][clts]?\d\d?){1,6})(?![^\W_]|[.,-/]\d)   # l4-5, c5/c6, l3-4-5
    | (?P<whole>
          [a-z]\d\d\.\d{1,4}[a-z]?(?![^\W_])               # a diagnosis by its code: m54.5
        | \d+(?:st|nd|rd|th)(?![^\W_])                     # 2nd
        | x(?=\d)                                          # x12
      )
    | (?P<number>\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)*|(?<![\w.])\.\d+)
    | (?P<word>[^\W\d_][^\W_]*(?:'[^\W\d_]+)*(?:\(e?s\)(?!\w))?)
    | (?P<sign>%)
    """,
    re.VERBOSE,
)
_LEVEL = re.compile(r"([clts]?)(\d\d?)")
_LEVELS = {"c": 8, "t": 12, "l": 6, "s": 5}  # how many there are of each (C8 is a nerve, L6 a variant)
_NEXT = {("c", 7): "t", ("t", 12): "l", ("l", 5): "s", ("l", 6): "s"}  # "L5-1" goes on with S1
_NOT_AFTER_PREFIX = frozenset({"and", "or", "to", "vs", "versus"})
_TIES = frozenset({"-", "/", "&", "_", "--"})  # what may stand between the words of a compound
_COMPOUNDS = {row: _FORMS.named.get(" ".join(row), "".join(row)) for row in (*_FORMS.anywhere, *_FORMS.hyphenated)}
_ANYWHERE = frozenset(_FORMS.anywhere)
_CASE_YEAR = re.compile(r"cm\d\d")
_TWO_DIGITS = re.compile(r"\d\d")
_CASE_SERIAL = re.compile(r"\d{6,8}")

# First words of compounds that may go on in the next chunk.
OPENING = frozenset({row[0] for row in _FORMS.anywhere} | {"cm"} | {f"cm{year:02}" for year in range(100)})


@lru_cache(maxsize=4096)
def _folded_sign(sign: str) -> str:
    """A sign that is not ASCII as what stands for it: lower case, no accent, ASCII where there is a likeness."""
    if sign in _FOLDED:
        return _FOLDED[sign]
    if unicodedata.category(sign) in ("Cf", "Mn"):  # soft hyphens, joiners, accents that stand alone
        return ""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", sign).casefold())
    plain = "".join(_FOLDED.get(one, one) for one in plain if unicodedata.category(one) != "Mn")
    return f" {plain}" if unicodedata.numeric(sign, 0) % 1 else plain  # "1½" is not "11/2"


def folded(chunk: str) -> tuple[str, list[int] | None]:
    """``chunk`` in plain lower-case letters, and the place in ``chunk`` of each of its signs (None: the same)."""
    if chunk.isascii():
        return chunk.lower(), None
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(chunk):
        plain = sign.lower() if sign < "\x80" else _folded_sign(sign)
        signs.append(plain)
        places.extend([place] * len(plain))
    places.append(len(chunk))
    return "".join(signs), places


def singular(word: str) -> str:
    """A word without the ending of the plural, where it is one for certain; no other ending is touched."""
    if word in _FORMS.plurals:
        return _FORMS.plurals[word]
    if len(word) < 4 or not word.endswith("s") or word in _FORMS.unchanged or word[-2] in "siu":
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y" if len(word) > 4 else word[:-1]
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    return word[:-1]


def _word(raw: str) -> str:
    """The normal form of a piece that begins with a letter."""
    raw = raw.partition("(")[0]  # "injection(s)"
    word = raw.removesuffix("'s").replace("'", "") if "'" in raw else raw
    word = singular(word[: LONGEST + 2])[:LONGEST]
    return _FORMS.named.get(word, word)


def _levels(match: re.Match[str]) -> list[Token]:
    """The levels of the spine in "l4-5", each with its letter; [] if there are no such levels."""
    letter, before = match["letter"], int(match["first"])
    found = [Token(letter + match["first"], match.start(), match.end("first"))]
    if before > _LEVELS[letter]:
        return []
    for one in _LEVEL.finditer(match.string, *match.span("more")):
        number = int(one[2])
        if one[1]:
            letter = one[1]
        elif number == 1 and (letter, before) in _NEXT:
            letter = _NEXT[letter, before]
        if not 0 < number <= _LEVELS[letter]:
            return []
        found.append(Token(f"{letter}{number}", one.start(), one.end()))
        before = number
    return found


def _pieces(plain: str) -> list[tuple[str, Token]]:
    """(kind, piece) of a folded chunk, in order; the texts of words are still as written."""
    found: list[tuple[str, Token]] = []
    place = 0
    while match := _PIECE.search(plain, place):
        place = match.end()
        kind, start, end = match.lastgroup or "", *match.span()
        if match["serial"]:
            found.append(("whole", Token(f"cm{match['year']}-{match['serial']}", start, end)))
        elif match["more"]:
            levels = _levels(match)
            if not levels:  # "t9-14": the letter and its number are a word, and the rest is read on its own
                levels, place = (
                    [Token(plain[start : match.end("first")], start, match.end("first"))],
                    match.end("first"),
                )
            found.extend(("whole", level) for level in levels)
        elif kind == "number":
            number = match["number"].replace(",", "")
            found.append(("whole", Token(("0" + number if number[0] == "." else number)[:LONGEST], start, end)))
        else:
            found.append((kind, Token(match[0] if kind == "word" else match[0][:LONGEST], start, end)))
    return found


def _with_prefixes(plain: str, pieces: list[tuple[str, Token]]) -> list[tuple[str, Token]]:
    """The pieces with "pre-operative" joined to one word."""
    found: list[tuple[str, Token]] = []
    open_prefix = False
    for kind, piece in pieces:
        is_word = kind == "word"
        if found and open_prefix and is_word and piece.text not in _NOT_AFTER_PREFIX:
            before = found[-1][1]
            if plain[before.end : piece.start] == "-":
                found[-1] = ("word", Token((before.text + piece.text)[: LONGEST + 2], before.start, piece.end))
                open_prefix = piece.text in _FORMS.prefixes
                continue
        found.append((kind, piece))
        open_prefix = is_word and piece.text in _FORMS.prefixes
    return found


def compound(words: tuple[str, ...]) -> tuple[int, str] | None:
    """How many of ``words`` (three at most are looked at) are one thing from the first on, and what it is called."""
    for count in (3, 2):
        row = words[:count]
        if len(row) == count and row in _COMPOUNDS:
            return count, _COMPOUNDS[row]
    if len(words) > 1 and _CASE_YEAR.fullmatch(words[0]) and _CASE_SERIAL.fullmatch(words[1]):
        return 2, f"{words[0]}-{words[1]}"
    if len(words) > 2 and words[0] == "cm" and _TWO_DIGITS.fullmatch(words[1]) and _CASE_SERIAL.fullmatch(words[2]):
        return 3, f"cm{words[1]}-{words[2]}"
    return None


def across(words: tuple[str, ...]) -> tuple[int, str] | None:
    """The same for words of several chunks, with white space between: only compounds that blanks may part."""
    found = compound(words)
    return None if found is None or (words[: found[0]] in _COMPOUNDS and words[: found[0]] not in _ANYWHERE) else found


def read(chunk: str) -> tuple[Token, ...]:
    """The tokens of a chunk, with their places in it. Total, in linear time."""
    plain, places = folded(chunk)
    pieces = _with_prefixes(plain, _pieces(plain))
    words = [Token(_word(one.text), *one[1:]) if kind == "word" else one for kind, one in pieces]
    found: list[Token] = []
    index = 0
    while index < len(words):
        row = words[index : index + 3]
        ties = [plain[one.end : other.start] for one, other in itertools.pairwise(row)]
        count = next((n for n, tie in enumerate(ties, 1) if tie not in _TIES), len(row))
        joined = compound(tuple(word.text for word in row[:count])) if count > 1 else None
        if joined and set(ties[: joined[0] - 1]) - {"-", "_", "--"} and not _joins_by_any(row, joined[0]):
            joined = None
        if joined:
            found.append(Token(joined[1], row[0].start, row[joined[0] - 1].end))
        else:
            found.append(row[0])
        index += joined[0] if joined else 1
    if places is None:
        return tuple(found)
    return tuple(Token(one.text, places[one.start], places[one.end - 1] + 1) for one in found)


def _joins_by_any(row: list[Token], count: int) -> bool:
    words = tuple(word.text for word in row[:count])
    return words in _ANYWHERE or words not in _COMPOUNDS
