r"""Regular text with the way back to its source, and how values are written on one line."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..types import Found, Span


@dataclass(frozen=True, slots=True)
class CleanText:
    """Regular text with the way back. ``starts``/``shifts``: from ``starts[i]`` on, source offset = offset + shift.

    Kept apart, each with its place in the source: ``footers``, what is printed on every page; ``hyphens``, those that
    a typesetter put where a line had no room for a word. ``wide``: where in the source one character stands for
    several ("â€™" for "’"), from their start to their end.
    """

    text: str
    starts: tuple[int, ...]
    shifts: tuple[int, ...]
    footers: tuple[Found[str], ...] = ()
    hyphens: tuple[Found[str], ...] = ()
    wide: Mapping[int, int] = field(default_factory=dict)

    def source_offset(self, offset: int) -> int:
        """The offset in the source of the character at ``offset`` of the clean text."""
        return offset + self.shifts[bisect_right(self.starts, offset) - 1]

    def offset_of(self, source: int) -> int:
        """The clean offset of a source offset; of one that was taken away that of what follows it."""
        at = bisect_right(range(len(self.starts)), source, key=lambda part: self.starts[part] + self.shifts[part]) - 1
        if at < 0:
            return 0
        limit = self.starts[at + 1] if at + 1 < len(self.starts) else len(self.text)
        return min(source - self.shifts[at], limit)

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


Edit = tuple[int, int, str]  # start and end in the text, and what stands there afterwards


def edited(clean: CleanText, edits: list[Edit]) -> CleanText:
    """The text with ``edits`` (in order, not touching each other) made, and the offset map carried along."""
    if not edits:
        return clean
    if len(clean.starts) == 1:
        return _edited_first(clean, edits)
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


def _edited_first(clean: CleanText, edits: list[Edit]) -> CleanText:
    """The same for the first edits of a text, which are by far the most: no earlier map is carried along."""
    text, (shift,) = clean.text, clean.shifts
    starts, shifts, last = [0], [shift], 0
    pieces: list[str] = []
    for start, end, new in edits:
        pieces += (text[last:start], new)
        shift += end - start - len(new)
        starts.append(end - shift + clean.shifts[0])
        shifts.append(shift)
        last = end
    pieces.append(text[last:])
    return replace(clean, text="".join(pieces), starts=tuple(starts), shifts=tuple(shifts))


def replaced(clean: CleanText, edits: list[Edit]) -> CleanText:
    """The text with characters replaced by others: each of the new ones leads to what it was made from.

    ``edited`` is enough for white space; here the ends of words are changed, and spans must hold the whole of them.
    """
    if not edits:
        return clean
    starts, shifts, wide = [0], [clean.shifts[0]], dict(clean.wide)
    pieces: list[str] = []
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


# ---- values ---------------------------------------------------------------------------------------------------

# A line that ends at a hyphen or slash inside a word or a number: "follow-\nup", "10/\n325 mg". Not joined:
# "pre-\nand postoperative", where the hyphen stands for a second half.
# What stands before the hyphen is looked at last: a pattern that begins with a few characters is found far faster.
_BROKEN_AT_HYPHEN = re.compile(r"([-‐‑/])\n(?=\w)(?!(?:and|or|to)\b)(?<=\w..)", re.DOTALL)


def heal(text: str) -> str:
    """One line of clean text: wrapped lines joined, hyphens and slashes at a line's end closed up."""
    # Looked for first, one by one since that is fastest: most lines end at a blank.
    if "\n" in text and ("-\n" in text or "/\n" in text or "‐\n" in text or "‑\n" in text):
        text = _BROKEN_AT_HYPHEN.sub(r"\1", text)
    return " ".join(text.split())


def heal_paragraphs(text: str) -> str:
    """The same for a longer text; paragraphs stay apart by an empty line."""
    return "\n\n".join(filter(None, map(heal, text.split("\n\n"))))


def flat(text: str) -> str:
    """Line ends as blanks, offsets unchanged: for patterns that look across lines."""
    return text.replace("\n", " ")
