"""The words that were asked for, found in a text: marked in the whole of it, or in the two lines that show most.

What counts as a word is decided by `tokens`, so a mark stands wherever the search found something, and nowhere else.
Everything is escaped; the only tag is <mark>. Time grows with the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from .nodes import Near, Row, Words
from .tokens import Token, tokens

_SENTENCE = re.compile(r"[.!?][\"”’)]*\s+|\n\s*\n")
_BLANK = re.compile(r"\s")
_BEFORE = 3  # a third of the room that is left stands before what was found


class _Found(NamedTuple):
    """A place where something that was asked for stands, which of it (an index), and how much it is worth."""

    start: int
    end: int
    wanted: int
    worth: int


class _Wanted(NamedTuple):
    """A row of tokens to find; ``prefix``: the last is the beginning of a word."""

    row: Row
    prefix: bool
    wanted: int


def mark(text: str, positive: Iterable[Words | Near], *, field: str = "") -> str:
    """The whole text as HTML with what was asked for in <mark>. ``field``: words asked for in another are left out."""
    return _marked(text, _find(text, _of_field(positive, field)), 0, len(text))


def passage(text: str, positive: Iterable[Words | Near], length: int = 240, *, field: str = "") -> str:
    """The part of the text, of ``length`` characters at most, that holds most of what was asked for, as HTML.

    "" if nothing of it occurs. Where the text goes on there is an ellipsis.
    """
    found = _find(text, _of_field(positive, field))
    if not found:
        return ""
    start, end = _window(text, *_best(found, length), length)
    before = "… " if text[:start].strip() else ""
    after = " …" if text[end:].strip() else ""
    return before + _marked(text, found, start, end) + after


def _of_field(positive: Iterable[Words | Near], field: str) -> list[Words | Near]:
    return [one for one in positive if not field or one.field in ("", field)]


def _find(text: str, positive: Sequence[Words | Near]) -> list[_Found]:
    """Every place in the text where something wanted stands, in order."""
    if not positive:
        return []
    words = tokens(text)
    found: list[_Found] = []
    rows = [
        _Wanted(row, one.prefix and not other, number)
        for number, one in enumerate(positive)
        if isinstance(one, Words)
        for other, row in enumerate((one.tokens, *one.alternatives))
    ]
    ended: dict[int, int] = {}  # index of a token -> which of what was asked for ends there
    for first, last, wanted in _places(words, rows):
        start = words[first].start
        found.append(_Found(start, words[last].end, wanted, 1 if first == last else 3))
        if wanted and ended.get(first - 1) == wanted - 1:  # side by side as they were typed: worth more, no mark more
            found.append(_Found(start, start, len(positive) + wanted, 2))
        ended[last] = wanted
    for number, one in enumerate(positive):
        if isinstance(one, Near):
            for first, last in _near(words, one):
                found.append(_Found(words[first].start, words[last].end, number, 2))
    return sorted(found)


def _places(words: Sequence[Token], rows: Iterable[_Wanted]) -> list[tuple[int, int, int]]:
    """(first, last token, index of what was wanted) of every place where a row stands."""
    by_first: dict[str, list[_Wanted]] = {}
    beginnings: list[_Wanted] = []
    for wanted in rows:
        if wanted.prefix and len(wanted.row) == 1:
            beginnings.append(wanted)
        else:
            by_first.setdefault(wanted.row[0], []).append(wanted)
    prefixes = tuple(wanted.row[0] for wanted in beginnings)
    found: list[tuple[int, int, int]] = []
    for index, (word, _, _) in enumerate(words):
        for wanted in by_first.get(word, ()):
            last = index + len(wanted.row) - 1
            if last == index or (last < len(words) and _stands(words, index, wanted)):
                found.append((index, last, wanted.wanted))
        if prefixes and word.startswith(prefixes):
            found.extend((index, index, one.wanted) for one in beginnings if word.startswith(one.row[0]))
    return found


def _stands(words: Sequence[Token], index: int, wanted: _Wanted) -> bool:
    """Whether the row, whose first token stands at ``index``, goes on there."""
    *middle, end = wanted.row[1:]
    for place, word in enumerate(middle, index + 1):
        if words[place].text != word:
            return False
    last = words[index + len(wanted.row) - 1].text
    return last.startswith(end) if wanted.prefix else last == end


def _near(words: Sequence[Token], near: Near) -> list[tuple[int, int]]:
    """(first, last token) of each side of ``near`` where the other is not too far away."""
    sides = _places(words, [_Wanted(near.left, False, 0), _Wanted(near.right, False, 1)])
    kept: set[tuple[int, int]] = set()
    latest: list[tuple[int, int] | None] = [None, None]
    for first, last, side in sides:
        other = latest[1 - side]
        if other and 0 < first - other[1] <= near.distance + 1:
            kept |= {other, (first, last)}
        latest[side] = (first, last)
    return sorted(kept)


def _best(found: Sequence[_Found], length: int) -> tuple[int, int]:
    """Where the stretch of ``length`` begins and ends that is worth most: each thing that was wanted counts once."""
    best, best_worth = (found[0].start, found[0].end), (0, 0)
    inside: dict[int, list[int]] = {}  # index of what was wanted -> worth of its places in the stretch
    worth = right = 0
    for left, first in enumerate(found):
        while right < len(found) and (right <= left or found[right].end <= first.start + length):
            places = inside.setdefault(found[right].wanted, [])
            worth += 0 if places else found[right].worth
            places.append(found[right].worth)
            right += 1
        if (worth, right - left) > best_worth:
            best, best_worth = (first.start, max(one.end for one in found[left:right][-5:])), (worth, right - left)
        places = inside[first.wanted]
        worth -= places.pop(0)
        worth += places[0] if places else 0
    return best


def _window(text: str, first: int, last: int, length: int) -> tuple[int, int]:
    """The stretch around text[first:last], as long as it may be, cut where a sentence or a word ends."""
    room = length - (last - first)
    if room <= 0:
        return first, first + length
    start = max(0, first - room // _BEFORE)
    end = min(len(text), start + length)
    start = max(0, end - length) if end == len(text) else start
    sentences = [match.end() for match in _SENTENCE.finditer(text, start, first)]
    if start and sentences:
        start = sentences[0]
        end = min(len(text), start + length)
    elif start and not text[start - 1].isspace():
        blank = _BLANK.search(text, start, first)
        start = blank.end() if blank else start
    if end < len(text) and not text[end].isspace():
        cut = next((place for place in range(end, max(last, end - 60), -1) if text[place - 1].isspace()), end)
        end = cut
    while start < first and text[start].isspace():
        start += 1
    while end > last and text[end - 1].isspace():
        end -= 1
    return start, end


def _marked(text: str, found: Iterable[_Found], start: int, end: int) -> str:
    """text[start:end] escaped, with what was found in it marked; marks that touch or overlap are one."""
    pieces: list[str] = []
    place = start
    open_start = open_end = -1

    def close() -> None:
        nonlocal place
        if open_end > open_start:
            pieces.append(escape(text[place:open_start]))
            pieces.append(f"<mark>{escape(text[open_start:open_end])}</mark>")
            place = open_end

    for one in found:
        first, last = max(one.start, start), min(one.end, end)
        if first >= last:
            continue
        if first <= open_end:
            open_end = max(open_end, last)
        else:
            close()
            open_start, open_end = first, last
    close()
    pieces.append(escape(text[place:end]))
    return "".join(pieces)
