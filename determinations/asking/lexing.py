"""What was typed, cut into words, phrases, brackets and operators; every mistake is mended here with a note.

What comes out is well formed but for operators: brackets are balanced and at most MAX_DEPTH deep, phrases are closed,
there are at most MAX_WORDS words and phrases. `grammar.py` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from .nodes import FIELDS

MAX_LENGTH = 400  # characters
MAX_WORDS = 30
MAX_DEPTH = 10
MAX_DISTANCE = 50
MAX_SYNONYMS = 200  # rows of tokens that are looked for besides what was typed
NEAR_DISTANCE = 10  # of NEAR without a number
_SHOWN = 40  # characters of what was typed that a note repeats


class Kind(StrEnum):
    """What a lexeme is."""

    WORD = "word"
    PREFIX = "prefix"
    PHRASE = "phrase"
    FIELD = "field"
    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    NEAR = "NEAR"


class Lexeme(NamedTuple):
    """One part of what was typed: ``text`` without its signs; ``number``: NEAR's distance, 1 for a phrase's star."""

    kind: Kind
    text: str
    number: int = 0


_QUOTES = '"“”„‟«»＂'
_NOT_PRINTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_LEXEME = re.compile(
    rf"""
      [{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?P<closed>[{_QUOTES}]?)(?P<tail>(?:\*|~\d*|\^[\d.]*)*)
    | (?P<open>\() | (?P<close>\))
    | (?P<both>&&) | (?P<either>\|\|?)
    | (?<![^\s(:])(?P<sign>[-+]+)(?=[^\s()+-]|\()
    | (?P<operator>AND|OR|NOT)(?=[\s(){_QUOTES}]|$)
    | NEAR(?P<near>/[^\s()]*)?(?=[\s(){_QUOTES}]|$)
    | (?P<field>[A-Za-z]+):(?!//)
    | (?P<word>
          (?i:[ctls])\d\d?\s+[-–—/]\s+(?i:[ctls])\d\d?(?!\w)     # L4 - L5 is one word, so is Tylenol #3
        | \w+\(e?s\)(?!\w)                                            # exercise(s)
        | (?:(?!&&|\|)[^\s(){_QUOTES}])+(?:\s+\#\d[^\s(){_QUOTES}]*)?
      )
    """,
    re.VERBOSE,
)
_INCHES = re.compile(rf"\d[{_QUOTES}]")
_FIELD_LIKE = re.compile(r"[a-z]{2,20}")
# Names before a colon that are written in letters and addresses: nobody means a field.
_QUIET = frozenset(
    {"icd", "cpt", "dx", "rx", "ndc", "hcpcs", "doi", "pmid", "http", "https", "mailto", "www", "re", "vs"}
)
_BOOST = re.compile(r"[~^][\d.]*$")
_AT_END = ".,;:!?"
_WILD_INSIDE = re.compile(r"(?<=\w)[*?]+(?=\w)")


def shown(text: str) -> str:
    """What was typed, short enough for a note."""
    text = " ".join(text.split())
    return f"“{text[:_SHOWN]}…”" if len(text) > _SHOWN else f"“{text}”"


class Notes:
    """The notes of one reading, each once."""

    def __init__(self) -> None:
        self.all: dict[str, None] = {}

    def add(self, sentence: str) -> None:
        self.all.setdefault(sentence)


def lexemes(words: str, notes: Notes) -> list[Lexeme]:
    """What was typed as lexemes, well formed as the module says."""
    text = _NOT_PRINTED.sub(" ", words[: 4 * MAX_LENGTH])
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH].rpartition(" ")[0] or text[:MAX_LENGTH]
        notes.add(f"Only the first {MAX_LENGTH} characters were read.")
    found: list[Lexeme] = []
    place = 0
    while match := _LEXEME.search(text, place):
        place = _one(text, match, found, notes)
    return _balanced(_few(found, notes), notes)


def _one(text: str, match: re.Match[str], found: list[Lexeme], notes: Notes) -> int:
    """Reads one match into ``found``; where to go on."""
    kind = match.lastgroup
    if match["phrase"] is not None:
        return _phrase(text, match, found, notes)
    if match["field"] is not None:
        return _field(text, match, found, notes)
    if kind == "word":
        _word(match["word"], found, notes)
    elif kind == "sign":
        if "-" in match["sign"]:
            found.append(Lexeme(Kind.NOT, "-"))
    elif kind == "operator":
        found.append(Lexeme(Kind(match["operator"]), match["operator"]))
    elif kind in _SIGNS:
        found.append(Lexeme(_SIGNS[kind], match[0]))
    else:
        found.append(Lexeme(Kind.NEAR, match[0], _distance(match["near"], notes)))
    return match.end()


_SIGNS = {"open": Kind.OPEN, "close": Kind.CLOSE, "both": Kind.AND, "either": Kind.OR}


def _phrase(text: str, match: re.Match[str], found: list[Lexeme], notes: Notes) -> int:
    if not match["closed"]:
        if match.start() and _INCHES.fullmatch(text, match.start() - 1, match.start() + 1):
            return match.start() + 1  # 6" is a length
        notes.add("The quotation mark that was not closed was read as closed at the end.")
    tail = match["tail"]
    if "~" in tail or "^" in tail:
        notes.add("~ and ^ have no meaning here and were left out; NEAR/5 between two words asks for nearness.")
    phrase = match["phrase"].rstrip()
    star = "*" in tail or phrase.endswith("*")
    if "*" in phrase.rstrip("*"):
        notes.add("Inside quotation marks a * counts only at the end; the others were left out.")
    found.append(Lexeme(Kind.PHRASE, phrase.replace("*", " ").strip(), int(star)))
    return match.end()


def _field(text: str, match: re.Match[str], found: list[Lexeme], notes: Notes) -> int:
    name, end = match["field"], match.end()
    rest = text[end:].lstrip()
    if name.lower() in FIELDS:
        if rest and not rest.startswith((")", ":")):
            found.append(Lexeme(Kind.FIELD, name.lower()))
            return end
        notes.add(f"Nothing stands after {shown(name + ':')}, so it was read as a word.")
        found.append(Lexeme(Kind.WORD, name))
        return end
    if _FIELD_LIKE.fullmatch(name) and name not in _QUIET and text[end : end + 1].strip(" /)"):
        notes.add(f"{shown(name + ':')} is no field, so it was read as a word. The fields are {', '.join(FIELDS)}.")
        found.append(Lexeme(Kind.WORD, name))
        return end
    whole = _WHOLE.match(text, match.start())
    assert whole is not None  # noqa: S101  (it begins with the letters that were matched)
    _word(whole[0], found, notes)
    return whole.end()


_WHOLE = re.compile(rf"[^\s(){_QUOTES}]+")


def _word(word: str, found: list[Lexeme], notes: Notes) -> None:
    if len(word) > 2 and word[0] == word[-1] == "/":
        notes.add(f"Patterns between slashes are not known; {shown(word)} was read as words.")
    without = _BOOST.sub("", word)
    if without != word:
        notes.add("~ and ^ have no meaning here and were left out; NEAR/5 between two words asks for nearness.")
        word = without
    word = word.rstrip(_AT_END)
    wild = None if "://" in word else _WILD_INSIDE.search(word)
    if wild:
        stem = word[: wild.start()]
        notes.add(f"* can stand at the end of a word only, so {shown(word)} was read as {shown(stem + '*')}.")
        word = stem + "*"
    if word.endswith("*") and word.strip("*"):
        stem = word.strip("*")
        if sum(map(str.isalnum, stem)) >= 2 and stem[-1].isalnum():
            found.append(Lexeme(Kind.PREFIX, stem))
            return
        notes.add(f"Before a * there must be two letters or more, so {shown(word)} was read as a word.")
    elif "*" in word.lstrip("*") or (word.startswith("*") and len(word) > 1):
        notes.add(f"* can stand at the end of a word only, so {shown(word)} was read without it.")
    found.append(Lexeme(Kind.WORD, word.replace("*", "")))


def _distance(typed: str | None, notes: Notes) -> int:
    if not typed:
        return NEAR_DISTANCE
    if not (typed[1:].isascii() and typed[1:].isdigit()):
        notes.add(f"After NEAR/ there must be a number; {shown('NEAR' + typed)} was read as NEAR/{NEAR_DISTANCE}.")
        return NEAR_DISTANCE
    number = int(typed[1:8])
    if number > MAX_DISTANCE:
        notes.add(f"NEAR reaches {MAX_DISTANCE} words at most.")
    return max(1, min(number, MAX_DISTANCE))


def _few(found: list[Lexeme], notes: Notes) -> list[Lexeme]:
    """No more than MAX_WORDS words; what was begun before the first left out is ended quietly."""
    seen = 0
    for index, lexeme in enumerate(found):
        seen += lexeme.kind in (Kind.WORD, Kind.PREFIX, Kind.PHRASE)
        if seen > MAX_WORDS:
            notes.add(f"Only the first {MAX_WORDS} words were read.")
            kept = found[:index]
            while kept and kept[-1].kind not in (Kind.WORD, Kind.PREFIX, Kind.PHRASE, Kind.CLOSE):
                kept.pop()
            missing = sum((one.kind is Kind.OPEN) - (one.kind is Kind.CLOSE) for one in kept)
            return kept + [Lexeme(Kind.CLOSE, ")")] * missing
    return found


def _balanced(found: list[Lexeme], notes: Notes) -> list[Lexeme]:
    """Every bracket with its other half, none too deep, none empty."""
    kept: list[Lexeme] = []
    opened: list[bool] = []  # for each open bracket whether it was kept
    for lexeme in found:
        if lexeme.kind is Kind.OPEN:
            deep = sum(opened) >= MAX_DEPTH
            if deep:
                notes.add(f"Brackets are read {MAX_DEPTH} deep; those inside were left out.")
            opened.append(not deep)
            if deep:
                continue
        elif lexeme.kind is Kind.CLOSE:
            if not opened:
                notes.add("A closing bracket without an opening one was left out.")
                continue
            if not opened.pop():
                continue
            if kept[-1].kind is Kind.OPEN:
                notes.add("Empty brackets were left out.")
                del kept[-2 if len(kept) > 1 and kept[-2].kind is Kind.FIELD else -1 :]
                continue
        kept.append(lexeme)
    if opened:
        notes.add("The bracket that was not closed was read as closed at the end.")
        kept += [Lexeme(Kind.CLOSE, ")")] * sum(opened)
    return kept


Note = Callable[[str], None]
