"""The list of documents that a reviewer had: one entry a document."""

from __future__ import annotations

import re

from ..text.clean import CleanText, heal
from ..types import Found

# The form's sentences before the list.
_OPENING = re.compile(
    r"\s*:?\s*(?:The\s+following\s+(?:relevant\s+)?documents\s[^:]{0,400}?(?:reviewed\s+and\s+considered|reviewed)"
    r"[^.:]{0,80}[.:]\s*)?(?:These\s+documents\s+included\s*:?\s*)?",
    re.IGNORECASE,
)
# A round bullet counts wherever it stands (lines may have been joined), a dash only where a line begins.
_BULLET = re.compile(r"^[ ]*(?:[*–—-]|o(?= )|\(?[a-z][.)](?= ))[ ]*|(?<!\S)[•·▪■●◦‣][ ]*", re.MULTILINE)
_FIRST_BULLET = re.compile(r"[ ]*[*–—-][ ]+")
_DASH = re.compile(r"(?<!\S)[-–—] (?=[A-Z])")
_NUMBER = re.compile(r"(?<!\S)\(?(?P<number>\d{1,3})[.)]\s+(?=\S)")
_LINE = re.compile(r"[^\n]+")
_GOES_ON = re.compile(r"[a-z(&]|\d{1,2}/")  # how a line begins that goes on with the entry before


def read_documents(clean: CleanText, start: int, end: int) -> tuple[Found[str], ...]:
    """The entries of the list in ``start:end`` of the clean text.

    Where the list has bullets or numbers each of them opens an entry, else each line that does not begin like the
    rest of the line before.
    """
    text = clean.text
    if opening := _OPENING.match(text, start, end):
        start = opening.end()
    entries = []
    for begin, stop in bulleted(text, start, end) or _lines(text, start, end):
        part = text[begin:stop]
        if heal(part):
            entries.append(clean.found(begin + len(part) - len(part.lstrip()), begin + len(part.rstrip())))
    return tuple(entries)


def bulleted(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The entries of a list with bullets or numbers, and what stands before the first; none if it has neither."""
    bullets = _numbers(text, start, end) or [match.span() for match in _BULLET.finditer(text, start, end)]
    if (first := _FIRST_BULLET.match(text, start, end)) and first.end() not in {begin for _, begin in bullets}:
        bullets.insert(0, first.span())  # on the heading's line
    one_line = text[start:end].strip()
    if len(bullets) < 2 and "\n" not in one_line and _DASH.match(one_line):  # the lines of the list have been joined
        bullets = [match.span() for match in _DASH.finditer(text, start, end)]
    if not bullets or (len(bullets) == 1 and text[start : bullets[0][0]].strip()):
        return []
    if text[start : bullets[0][0]].strip():
        bullets.insert(0, (start, start))
    stops = [begin for begin, _ in bullets[1:]] + [end]
    return [(begin, stop) for (_, begin), stop in zip(bullets, stops, strict=True)]


def _numbers(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The numbers of a list that begins with its number 1, each with the next one after it."""
    found: list[tuple[int, int]] = []
    for match in _NUMBER.finditer(text, start, end):
        if int(match["number"]) == len(found) + 1 and (found or not text[start : match.start()].strip()):
            found.append(match.span())
        elif not found:
            break
    return found


def _lines(text: str, start: int, end: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for match in _LINE.finditer(text, start, end):
        goes_on = (
            ranges and _GOES_ON.match(match.group().lstrip()) and "\n\n" not in text[ranges[-1][1] : match.start()]
        )
        if goes_on:
            ranges[-1] = (ranges[-1][0], match.end())
        else:
            ranges.append(match.span())
    return ranges
