r"""From the source text to a text that can be read: blanks, line ends and paragraphs made regular.

Each step is a named ``str -> str`` function of one pattern, and an offset map leads every character of the result
back to the source. Nothing but white space, control characters and invisible characters is ever taken away.

In the result a line end inside a paragraph is ``\n`` and the gap between two paragraphs ``\n\n``. Where a
letter's lines are each followed by an empty one (PDFBox), that is seen from the text as a whole and undone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from .characters import steps_for
from .types import Found, Span

# Line ends other than \n: Windows, old Mac, vertical tab, form feed, next line, line and paragraph separator.
# A form feed at a line's end adds nothing to it.
_LINE_END = re.compile("\r?\n\x0c|\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Characters that show nothing: soft hyphen, zero-width space and joiners, direction marks, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
# Blanks of any kind, and control characters (which PostgreSQL's text type refuses in part): one blank each.
_ODD_BLANK = re.compile("[\x00-\x09\x0e-\x1f\x7f-\x84\x86-\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ud800-\udfff]")
# Starts at a line end, not at the blanks before it: a pattern that begins with a fixed character is found far faster.
_GAP = re.compile(r"\n[\n ]*")
# What is printed at the foot of each page: "Final Determination Letter for IMR Case Number CM14-0012345  3" wherever an
# extractor put it, "Page 2 of 5" on a line of its own (a letter has few pages: "Page 98 of 127" is a guideline's).
_LETTER_FOOTER = re.compile(
    r"\bFinal\s+Determination\s+Letter\s+for\s+IMR\s+Case\s+Number:?\s+(?:CM)?\d\d-\d{6,8}"
    r"(?:[ \n]+\d{1,2}(?=[ \n]|\Z))?",
    re.IGNORECASE,
)
_PAGE_FOOTER = re.compile(r"^ *Page +(?P<page>\d{1,2}) +of +(?P<pages>\d{1,2}) *$", re.IGNORECASE | re.MULTILINE)
_PARAGRAPH_MARK = re.compile(r"\n +\n")
_SENTENCE_END = frozenset(".:;!?)]\"'”’")


@dataclass(frozen=True, slots=True)
class CleanText:
    """Regular text with the way back. ``starts``/``shifts``: from ``starts[i]`` on, source offset = offset + shift.

    ``wide``: where in the source one character stands for several ("â€™" for "’"), from their start to their end.
    """

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]
    footers: tuple[Found[str], ...] = ()
    wide: Mapping[int, int] = field(default_factory=dict)

    def source_offset(self, offset: int) -> int:
        """The offset in the source of the character at ``offset`` of the clean text."""
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]

    def span(self, start: int, end: int) -> Span:
        """The source range of ``text[start:end]``; empty ranges stay empty."""
        starts, shifts = self.starts, self.shifts  # as source_offset does, which would be called twice
        first = start + shifts[bisect_right(starts, start) - 1]
        if end <= start:
            return Span(first, first)
        last = end - 1 + shifts[bisect_right(starts, end - 1) - 1]
        return Span(first, self.wide.get(last, last + 1) if self.wide else last + 1)

    def found(self, start: int, end: int) -> Found[str]:
        """``text[start:end]`` as a healed value with its source range."""
        return Found(heal(self.text[start:end]), self.span(start, end))


_Edit = tuple[int, int, str]  # start and end in the text, and what stands there afterwards


def _edited(clean: CleanText, edits: list[_Edit]) -> CleanText:
    """The text with ``edits`` (in order, not touching each other) made, and the offset map carried along."""
    if not edits:
        return clean
    text, pieces, last, grown = clean.text, [], 0, 0
    points: list[tuple[int, int]] = []  # where the map changes in the new text, and its shift from there on
    old = list(zip(clean.starts, clean.shifts, strict=True))
    position, shift = 1, clean.shifts[0]
    for start, end, new in edits:
        while position < len(old) and old[position][0] <= end:
            shift = old[position][1]
            if old[position][0] <= start:
                points.append((old[position][0] + grown, shift - grown))
            position += 1
        pieces.append(text[last:start])
        pieces.append(new)
        grown += len(new) - (end - start)
        points.append((end + grown, shift - grown))
        last = end
    pieces.append(text[last:])
    points += [(start + grown, later - grown) for start, later in old[position:]]
    starts, shifts = zip((0, clean.shifts[0]), *points, strict=True)
    return replace(clean, text="".join(pieces), starts=starts, shifts=shifts)


def replaced(clean: CleanText, edits: list[_Edit]) -> CleanText:
    """The text with characters replaced by others: each of the new ones leads to what it was made from.

    ``_edited`` is enough for white space; here the ends of words are changed, and spans must hold the whole of them.
    """
    if not edits:
        return clean
    starts, shifts, wide, pieces = [0], [clean.shifts[0]], dict(clean.wide), []
    text, last, length, position = clean.text, 0, 0, 1

    def lead(offset: int, source: int) -> None:
        if starts[-1] == offset:
            shifts[-1] = source - offset
        elif shifts[-1] != source - offset:
            starts.append(offset)
            shifts.append(source - offset)

    for start, end, new in [*edits, (len(text), len(text), "")]:
        while position < len(clean.starts) and clean.starts[position] < start:
            if clean.starts[position] > last:
                lead(clean.starts[position] - last + length, clean.starts[position] + clean.shifts[position])
            position += 1
        pieces += [text[last:start], new]
        length += start - last
        for place in range(len(new)):
            lead(length + place, clean.source_offset(min(start + place, end - 1)))
        if new:
            first = clean.source_offset(min(start + len(new), end) - 1)
            wide[first] = clean.span(end - 1, end).end
        length += len(new)
        last = end
        if end < len(text):
            lead(length, clean.source_offset(end))
    return replace(clean, text="".join(pieces), starts=tuple(starts), shifts=tuple(shifts), wide=wide)


def line_ends(clean: CleanText) -> CleanText:
    r"""Every kind of line end becomes ``\n``."""
    return _edited(clean, [(*match.span(), "\n") for match in _LINE_END.finditer(clean.text)])


def invisible(clean: CleanText) -> CleanText:
    """Soft hyphens, zero-width characters and byte order marks go."""
    return _edited(clean, [(*match.span(), "") for match in _INVISIBLE.finditer(clean.text)])


def blanks(clean: CleanText) -> CleanText:
    """Tabs, no-break spaces and control characters become blanks, one for one."""
    return replace(clean, text=_ODD_BLANK.sub(" ", clean.text))


def footers(clean: CleanText) -> CleanText:
    """What is printed at the foot of every page goes from the text, with a gap beside it, and is kept apart.

    A footer stands off from the text, so that the gap before it parts paragraphs only if a sentence ends there.
    """
    text = clean.text
    lower = text.lower()  # most letters have no footers: spare them the patterns
    found = [match.span() for match in _LETTER_FOOTER.finditer(text)] if "letter for imr" in lower else []
    if "page " in lower:
        found += [match.span() for match in _PAGE_FOOTER.finditer(text) if int(match["page"]) <= int(match["pages"])]
    if not found:
        return clean
    edits: list[_Edit] = []
    for begin, end in sorted(found):
        start = begin
        while start and text[start - 1] in "\n ":
            start -= 1
        if edits and start <= edits[-1][1]:
            start = edits.pop()[0]
        elif start and text[start - 1] in _SENTENCE_END and _PARAGRAPH_MARK.search(text, start, begin):
            start = begin
            while end < len(text) and text[end] in "\n ":
                end += 1
        edits.append((start, end, ""))
    return replace(_edited(clean, edits), footers=tuple(clean.found(start, end) for start, end in sorted(found)))


def layout(clean: CleanText) -> CleanText:
    r"""Runs of line ends become ``\n`` (the sentence goes on) or ``\n\n`` (a new paragraph).

    PDFBox writes an empty line after every line, a line of blanks for a paragraph gap and two more line ends at a
    page's end; other extractors count line ends. Which of them wrote the text is seen from the text as a whole.
    """
    text = clean.text
    gaps = list(_GAP.finditer(text))
    kinds = Counter(match.group() for match in gaps)
    ends = Counter[int]()
    for run, times in kinds.items():
        ends[run.count("\n")] += times
    double_spaced = ends[2] > ends[1]
    marked = double_spaced and any(_PARAGRAPH_MARK.search(run) for run in kinds)
    paragraph_from = 3 if double_spaced else 2
    becomes = {
        run: "\n\n" if (_PARAGRAPH_MARK.search(run) if marked else run.count("\n") >= paragraph_from) else "\n"
        for run in kinds
    }
    edits = []
    for match in gaps:
        start, end = match.span()
        while start and text[start - 1] == " ":
            start -= 1
        new = becomes[match.group()] if start else ""
        if not marked and new == "\n\n" and text[start - 1] not in _SENTENCE_END and text[end : end + 1].islower():
            new = "\n"  # a page ends in the middle of a sentence
        if end - start > len(new):
            edits.append((start, end, new))
    if not text.startswith("\n"):
        leading = len(text) - len(text.lstrip(" "))
        if leading and (not edits or edits[0][0]):
            edits.insert(0, (0, leading, ""))
    return _edited(clean, edits)


def clean(source: str) -> CleanText:
    """The source text made regular, with the way back."""
    result = CleanText(source, (0,), (0,))
    for step in steps_for(source):
        result = replaced(result, step(result.text))
    if not result.text.replace("\n", "").isprintable():
        result = blanks(invisible(line_ends(result)))
    return layout(footers(result))


# ---- values ---------------------------------------------------------------------------------------------------

# A line that ends at a hyphen or slash inside a word or a number: "follow-\nup", "10/\n325 mg". Not joined:
# "pre-\nand postoperative", where the hyphen stands for a second half.
_BROKEN_AT_HYPHEN = re.compile(r"(?<=\w)([-‐‑/])\n(?=\w)(?!(?:and|or|to)\b)")
_BREAKS = ("-\n", "/\n", "‐\n", "‑\n")  # looked for first, since most lines end at a blank


def heal(text: str) -> str:
    """One line of clean text: wrapped lines joined, hyphens and slashes at a line's end closed up."""
    if any(end in text for end in _BREAKS):
        text = _BROKEN_AT_HYPHEN.sub(r"\1", text)
    return " ".join(text.split())


def heal_paragraphs(text: str) -> str:
    """The same for a longer text; paragraphs stay apart by an empty line."""
    return "\n\n".join(filter(None, map(heal, text.split("\n\n"))))


def flat(text: str) -> str:
    """Line ends as blanks, offsets unchanged: for patterns that look across lines."""
    return text.replace("\n", " ")
