"""What a word is: the one place that decides it, for indexing, asking, marking and suggestions.

A text is cut at white space; `words.py` reads each chunk, whose result is remembered, since letters say the same
thing again and again; and compounds that white space parts ("x ray") are joined last.
"""

from __future__ import annotations

import re

from .words import OPENING, Token, across, read

__all__ = ["Token", "normalised", "tokens"]

_REMEMBERED = 100_000  # chunks: 15 MB where texts are indexed, 40 MB where they are marked too
_LONGEST_REMEMBERED = 40  # signs
_OPEN = "\x01"  # before a word that may go on in the next chunk; no token holds it

_CHUNK = re.compile(r"\S+")
_OPEN_WORDS = re.compile(_OPEN + r"([^ ]+)(?: ([^ \x01]+))?(?: ([^ \x01]+))?")


class _Placed(dict[str, tuple[Token, ...]]):
    """Chunk -> its tokens."""

    def __missing__(self, chunk: str) -> tuple[Token, ...]:
        found = read(chunk)
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = found
        return found


class _Joined(dict[str, str]):
    """Chunk -> the texts of its tokens with a blank between; a last one that may go on has its sign."""

    def __missing__(self, chunk: str) -> str:
        found = _PLACED.get(chunk) or read(chunk)
        texts = [token.text for token in found]
        if found and is_open(found[-1], chunk):
            texts[-1] = _OPEN + texts[-1]
        joined = " ".join(texts)
        if len(chunk) <= _LONGEST_REMEMBERED:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = joined
        return joined


_PLACED = _Placed()
_JOINED = _Joined()


def is_open(token: Token, chunk: str) -> bool:
    """Whether ``token`` ends ``chunk`` and may be the first word of a compound."""
    return token.end == len(chunk) and token.text in OPENING


def _close(match: re.Match[str]) -> str:
    words = tuple(word for word in match.groups() if word)
    found = across(words)
    return " ".join((found[1], *words[found[0] :]) if found else words)


def normalised(text: str) -> str:
    """The tokens of ``text`` with one blank between: what is indexed. About 20 µs for 1,000 characters."""
    joined = " ".join(filter(None, map(_JOINED.__getitem__, text.split())))
    return _OPEN_WORDS.sub(_close, joined) if _OPEN in joined else joined


def tokens(text: str) -> list[Token]:
    """The tokens of ``text``, in order, with their places in it. Any text, in linear time."""
    found: list[Token] = []
    opening: list[int] = []  # indexes in ``found`` of words that may go on
    for match in _CHUNK.finditer(text):
        chunk, offset = match[0], match.start()
        placed = _PLACED[chunk]
        if placed:
            found.extend([Token(word, start + offset, end + offset) for word, start, end in placed])
            last = placed[-1]
            if last.text in OPENING and last.end == len(chunk):  # is_open, without a call for each chunk
                opening.append(len(found) - 1)
    if not opening:
        return found
    closed: list[Token] = []
    taken = 0  # how many of ``found`` are in ``closed``
    for index in opening:
        row = found[index : index + 3]
        joined = across(tuple(token.text for token in row))
        if joined and index >= taken:
            closed += found[taken:index]
            closed.append(Token(joined[1], row[0].start, row[joined[0] - 1].end))
            taken = index + joined[0]
    return closed + found[taken:]
