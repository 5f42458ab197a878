"""Accounts for a letter's whole text: what was read from each character, or that nothing was.

``account`` cuts the source text into pieces without gap or overlap: fields, the form's own words, what is printed at
the foot of pages, white space, words that an issue speaks of, and words that nothing accounts for. ``unaccounted``
gives an issue for each run of the last kind, so that no word of a letter falls between.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from operator import add
from typing import Any

from .fixed_text import fixed_text
from .spans import PLAIN, field_names
from .text.clean import CleanText, clean, heal
from .types import Found, Issue, Letter, Side, Span


class Kind(StrEnum):
    """What a piece of the text is."""

    FIELD = "field"
    FORM = "form"  # the form's own words, and the marks that stand between values
    PAGE = "page"  # what is printed at the foot of a page
    BLANK = "blank"  # white space and characters that show nothing
    DOUBT = "doubt"  # no field: words that an issue of the letter speaks of
    UNACCOUNTED = "unaccounted"


UNACCOUNTED = "unaccounted-text"  # the code of its issues


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of the source text. ``fields``: the fields that it lies in, the innermost last.

    A field is named by its place in the Letter: "dates.decision", "items.0.reviewer.citations.1". A piece that is no
    field may lie in some all the same: a page's foot in the middle of the reasons, the form's words in a guideline
    line.
    """

    kind: Kind
    span: Span
    fields: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The innermost field's name, or what else the piece is."""
        return self.fields[-1] if self.kind is Kind.FIELD else self.kind.value


_Range = tuple[int, int]
_Named = tuple[int, int, tuple[str, ...]]  # start and end in the source, and the field's path

# A guideline line holds statement and citations, and the form's words between them: it accounts for no word itself.
_CONTAINERS = frozenset({Side})
_LONGEST_KEPT = 4_000  # characters: gaps between fields repeat from letter to letter


# ---- the fields of a letter -----------------------------------------------------------------------------------


def _walk(value: Any, path: tuple[str, ...], found: list[_Named], containers: list[_Named]) -> None:
    """Every span below ``value`` with the path of what it is the place of."""
    kind = type(value)
    if kind is Span:
        _add(value, path, found)
    elif kind is Found:
        _add(value.span, path, found)
    elif kind is tuple:
        for place, one in enumerate(value):
            _walk(one, (*path, str(place)), found, containers)
    else:
        for name in field_names(kind):
            part = getattr(value, name)
            if name != "span":
                if part is not None and part != ():
                    _walk(part, (*path, name), found, containers)
            elif part is not None:
                _add(part, path, containers if kind in _CONTAINERS else found)


def _add(span: object, path: tuple[str, ...], found: list[_Named]) -> None:
    if isinstance(span, Span) and span.start < span.end:
        found.append((span.start, span.end, path))


def _ranges(value: Any, found: list[_Range]) -> None:
    """The ranges of ``_walk`` that account for their words, without their paths: half the time for every letter."""
    kind = type(value)
    if kind is Found:
        value = value.span
        kind = Span
    if kind is Span:
        if value.start < value.end:
            found.append((value.start, value.end))
    elif kind is tuple:
        for one in value:
            _ranges(one, found)
    else:
        for name in field_names(kind):
            part = getattr(value, name)
            if part and type(part) not in PLAIN and not (name == "span" and kind in _CONTAINERS):
                _ranges(part, found)


def _covered(letter: Letter) -> list[_Range]:
    """The ranges of the source that the fields of a letter account for, in order."""
    found: list[_Range] = []
    for name in field_names(Letter):
        if name != "issues":
            _ranges(getattr(letter, name), found)
    found.sort()
    return found


def _fields(letter: Letter) -> tuple[list[_Named], list[_Named]]:
    """The fields that account for their words, and those that only hold others."""
    found: list[_Named] = []
    containers: list[_Named] = []
    for name in field_names(Letter):
        if name != "issues":
            _walk(getattr(letter, name), (name,), found, containers)
    return found, containers


# ---- what stands between the fields ---------------------------------------------------------------------------

_WORD = re.compile(r"[^\W_]+")
_LIST_NUMBER = re.compile(r"\d{1,2}[.)](?=\s|$|[A-Z])")
_ANYTHING = r"[\s\S]{0,100}?"  # what "…" in a row stands for
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]|_")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_TYPESET = {"…": _ANYTHING, "'": "['’]", '"': '["“”]'}
_SHORTEST_GLUED = 7  # letters: the first word of a row that another word is glued to
# A row of one word is a label or a joint: it does not part a run of words that nothing accounts for.
_Row = tuple[re.Pattern[str], bool]


@cache
def _rows(letter_format: str) -> dict[str, tuple[_Row, ...]]:
    """The fixed text of a format by its first word in lower case; longer rows first."""
    rows: dict[str, list[_Row]] = {}
    for text in sorted(set(fixed_text(letter_format)), key=len, reverse=True):
        first = _WORD.match(text)
        if first is None:
            raise ValueError(f"fixed text begins with a letter or digit: {text!r}")
        pattern = re.compile(_pattern(text) + r"(?![^\W_])", re.IGNORECASE)
        rows.setdefault(first.group().lower(), []).append((pattern, len(_TOKEN.findall(text)) > 1))
    return {word: tuple(known) for word, known in rows.items()}


def _pattern(row: str) -> str:
    """A row as a pattern. White space may stand before any word or mark: lines break, and words are glued, anywhere."""

    def words(text: str) -> str:
        return "".join(r"\s*" + (_TYPESET.get(word) or re.escape(word)) for word in _TOKEN.findall(text))

    parts = _CHOICE.split(row)  # every second one is a choice
    choices = (
        "(?:" + "|".join(map(words, sorted(part.split("|"), key=len, reverse=True))) + ")" if at % 2 else words(part)
        for at, part in enumerate(parts)
    )
    return "".join(choices).removeprefix(r"\s*")


_Part = tuple[bool, int, int]  # whether it is fixed text; start and end


def _parts(text: str, letter_format: str) -> tuple[_Part, ...]:
    """The words of ``text``, which lies between two fields: fixed text, and runs that are not."""
    rows = _rows(letter_format)
    parts: list[_Part] = []
    position, run = 0, False
    while word := _WORD.search(text, position):
        if not run and (number := _LIST_NUMBER.match(text, word.start())):
            parts.append((True, word.start(), number.end()))
            position = number.end()
            continue
        known = _beginning(rows, word.group().lower())
        matches = (row.match(text, word.start()) for row, long in known if long or not run)
        found = max(filter(None, matches), key=re.Match.end, default=None)
        position = (found or word).end()
        if run and not found:
            parts[-1] = (False, parts[-1][1], position)
        else:
            parts.append((found is not None, word.start(), position))
        run = found is None
    return tuple(parts)


def _beginning(rows: dict[str, tuple[_Row, ...]], word: str) -> tuple[_Row, ...]:
    """The rows that ``word`` begins, or that a part of it begins to which the words after it were glued."""
    if found := rows.get(word):
        return found
    return next((rows[word[:at]] for at in range(len(word) - 1, _SHORTEST_GLUED - 1, -1) if word[:at] in rows), ())


_remembered = lru_cache(maxsize=5_000)(_parts)


class _Map:
    """The way from the source to the clean text."""

    def __init__(self, cleaned: CleanText) -> None:
        self._cleaned = cleaned
        self._starts = list(map(add, cleaned.starts, cleaned.shifts))  # where in the source each part begins

    def place(self, offset: int) -> int:
        """The clean offset of a source offset; of one that was taken away that of what follows it."""
        at = bisect_right(self._starts, offset)
        if not at:
            return 0
        ends = self._cleaned.starts
        return min(offset - self._cleaned.shifts[at - 1], ends[at] if at < len(ends) else len(self._cleaned.text))


def _gaps(cleaned: CleanText, covered: list[_Range]) -> Iterator[tuple[int, int]]:
    """The ranges of the clean text that no field of ``covered`` (in order) covers."""
    place = _Map(cleaned).place
    position = source = 0
    for start, end in covered:
        if start > source and (begin := place(start)) > position:
            yield position, begin
        if end > source:
            source, position = end, max(position, place(end))
    if position < len(cleaned.text):
        yield position, len(cleaned.text)


def _read_gaps(cleaned: CleanText, letter: Letter, covered: list[_Range]) -> Iterator[_Part]:
    """Fixed text and other runs of words between the fields, as ranges of the clean text."""
    for begin, end in _gaps(cleaned, covered):
        read = _remembered if end - begin <= _LONGEST_KEPT else _parts
        for known, a, b in read(cleaned.text[begin:end], letter.format):
            yield known, begin + a, begin + b


def _trimmed(text: str, start: int, end: int) -> _Range | None:
    """The range from its first letter or digit to its last, None if there is none."""
    while start < end and not text[start].isalnum():
        start += 1
    while start < end and not text[end - 1].isalnum():
        end -= 1
    return (start, end) if start < end else None


def _doubted(cleaned: CleanText, letter: Letter) -> list[_Range]:
    """The clean ranges that other issues speak of, in order and apart from each other."""
    place = _Map(cleaned).place
    spans = (issue.span for issue in letter.issues if issue.code != UNACCOUNTED)
    merged: list[_Range] = []
    for start, end in sorted((place(span.start), place(span.end)) for span in spans if span.start < span.end):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged


def _split(cleaned: CleanText, letter: Letter, runs: list[_Range]) -> tuple[list[_Range], list[_Range]]:
    """The parts of ``runs`` (in order) that no issue speaks of, and those that one does."""
    doubted = _doubted(cleaned, letter)
    rest: list[_Range | None] = []
    doubts: list[_Range | None] = []
    at = 0
    for start, end in runs:
        while at < len(doubted) and doubted[at][1] <= start:
            at += 1
        position, ahead = start, at
        while ahead < len(doubted) and doubted[ahead][0] < end:
            begin, stop = max(doubted[ahead][0], position), min(doubted[ahead][1], end)
            rest.append(_trimmed(cleaned.text, position, begin))
            doubts.append(_trimmed(cleaned.text, begin, stop))
            position = stop
            ahead += 1
        rest.append(_trimmed(cleaned.text, position, end))
    return [one for one in rest if one], [one for one in doubts if one]


# ---- the account ----------------------------------------------------------------------------------------------

_EXCERPT = 80  # characters of a run that its issue quotes


def unaccounted(cleaned: CleanText, letter: Letter) -> list[Issue]:
    """An issue for each uninterrupted run of words that no field, fixed text, page's foot or other issue covers."""
    covered = _covered(letter)
    runs = [(start, end) for known, start, end in _read_gaps(cleaned, letter, covered) if not known]
    if runs and cleaned.footers:
        runs = [run for run in runs if not _is_of_page(cleaned, *run)]
    return [_issue(cleaned, start, end) for start, end in _split(cleaned, letter, runs)[0]] if runs else []


def _is_of_page(cleaned: CleanText, start: int, end: int) -> bool:
    """Whether a run's lines are what later pages repeat: above the first heading they stay in the text."""
    repeated = {line.strip() for footer in cleaned.footers for line in footer.value.split("\n")}
    first = cleaned.text.rfind("\n", 0, start) + 1
    stop = cleaned.text.find("\n", end)
    lines = cleaned.text[first : stop if stop >= 0 else len(cleaned.text)].split("\n")
    return all(not line.strip() or line.strip() in repeated for line in lines)


def _issue(cleaned: CleanText, start: int, end: int) -> Issue:
    words = heal(cleaned.text[start : min(end, start + _EXCERPT)])
    message = f"Nothing was read from these words: {words + '…' * (end - start > _EXCERPT)!r}."
    return Issue(UNACCOUNTED, message, cleaned.span(start, end))


_MARKS = re.compile(r"[^ \n]+")
_Layer = tuple[int, int, Kind | None, str]  # start and end in the source, kind (None: it only holds others), field


def account(source: str, letter: Letter) -> tuple[Piece, ...]:
    """The whole text ``source`` in pieces, in order; ``letter`` is its reading.

    The pieces touch each other, none is empty, and together they are the text from its first character to its last.
    """
    cleaned = clean(source)
    covered, containers = _fields(letter)
    covered.sort(key=_extent)
    layers: list[_Layer] = [(start, end, None, ".".join(path)) for start, end, path in containers]
    layers += [(start, end, Kind.FIELD, ".".join(path)) for start, end, path in covered]
    layers += [(footer.span.start, footer.span.end, Kind.PAGE, "") for footer in cleaned.footers]
    extents = list(map(_extent, covered))
    parts = list(_read_gaps(cleaned, letter, extents))
    runs = [(start, end) for known, start, end in parts if not known]
    of_page = {run for run in runs if cleaned.footers and _is_of_page(cleaned, *run)}
    rest, doubts = _split(cleaned, letter, [run for run in runs if run not in of_page])
    ranges = [(*one, Kind.UNACCOUNTED) for one in rest] + [(*one, Kind.DOUBT) for one in doubts]
    ranges += [(*one, Kind.PAGE) for one in of_page]
    ranges += [(start, end, Kind.FORM) for known, start, end in parts if known]
    for begin, stop in _gaps(cleaned, extents):
        ranges += [(*match.span(), Kind.FORM) for match in _MARKS.finditer(cleaned.text, begin, stop)]
    for start, end, kind in ranges:
        span = cleaned.span(start, end)
        layers.append((span.start, span.end, kind, ""))
    return tuple(_pieces(layers, len(source)))


def _extent(named: _Named) -> _Range:
    return named[0], named[1]


def _pieces(layers: list[_Layer], length: int) -> Iterator[Piece]:
    """The text cut wherever a layer begins or ends; neighbours that are alike are one piece."""
    layers.sort(key=lambda layer: layer[0])
    cuts = sorted({0, length, *(layer[0] for layer in layers), *(layer[1] for layer in layers)})
    active: list[_Layer] = []
    at = 0
    last: Piece | None = None
    for start, end in pairwise(cuts):
        active = [layer for layer in active if layer[1] > start]
        while at < len(layers) and layers[at][0] == start:
            active.append(layers[at])
            at += 1
        named = sorted((layer for layer in active if layer[3]), key=lambda layer: layer[0] - layer[1])
        piece = Piece(_kind(active), Span(start, end), tuple(layer[3] for layer in named))
        if last and (last.kind, last.fields) == (piece.kind, piece.fields):
            last = Piece(last.kind, Span(last.span.start, end), last.fields)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


def _kind(active: list[_Layer]) -> Kind:
    """What a place is by all that covers it. A page's foot parts a field, unless the field was read from the foot."""
    kinds = {layer[2] for layer in active}
    for page in (layer for layer in active if layer[2] is Kind.PAGE):
        within = (layer for layer in active if layer[2] is Kind.FIELD)
        return Kind.FIELD if any(layer[0] >= page[0] and layer[1] <= page[1] for layer in within) else Kind.PAGE
    order = (Kind.FIELD, Kind.UNACCOUNTED, Kind.DOUBT, Kind.FORM)
    return next((kind for kind in order if kind in kinds), Kind.BLANK)
