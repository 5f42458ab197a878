r"""What is printed on every page and is no part of the letter's text: footers, page numbers, form numbers, letterheads.

Extractors leave it wherever a page ended, in the middle of a sentence, a heading or a label. It goes from the text
and is kept apart. The steps here work on regular text (see ``clean.layout``).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate, pairwise

from .form_words import CLAIMS_ADMINISTRATOR, HEADINGS, MAXIMUS, RATIONALE
from .offsets import CleanText, Edit, edited

SENTENCE_END = frozenset(".:;!?)]\"'”’")

# "Final Determination Letter for IMR Case Number CM14-0012345  3", wherever an extractor put it.
_LETTER_FOOTER = re.compile(
    r"\bFinal\s+Determination\s+Letter\s+for\s+IMR\s+Case\s+Number:?\s+(?:CM)?\d\d-\d{6,8}"
    r"(?:[ \n]+\d{1,2}(?=[ \n]|\Z))?",
    re.IGNORECASE,
)
_LONGEST = 80  # characters of a line that can be one of these
_NO_END = frozenset(",;:.?!")  # sentences and their parts, but for letterheads: "SERVICES, INC."
_PAGE = r"(?P<page>\d{1,2})"
# Lines that say themselves what they are. A letter has few pages: "Page 98 of 127" is a guideline's.
_FORM_NUMBER = (
    r"(?:(?:DWC|DIR|IMR|MAXIMUS|State of California)\b[\w ,./#-]{0,50})?"
    r"(?:\(?\bRev(?:ised|ision|\.)?:? ?\d{1,2}[/-](?:\d{4}|\d{2})\)?"
    r"|\bv(?:ersion)? ?\d+(?:\.\d+){0,3} \d{1,2}[/-]\d{4})"
)
_SAYS_SO = re.compile(
    rf"Page +{_PAGE} +of +(?P<pages>\d{{1,2}})"
    r"|(?:IMR )?(?:Case (?:Number|No\.?):? ?)?(?:CM)?\d\d-\d{6,8},? +(?:\| *)?(?:Page +)?\d{1,2}(?: of \d{1,2})?"
    rf"|{_FORM_NUMBER}",
    re.IGNORECASE,
)
# Lines that are page numbers if they are counted on, or stand where a page ends.
_NUMBER = re.compile(rf"(?:Page +|[-–—] ?)?{_PAGE}(?: +of +(?P<pages>\d{{1,2}})| ?[-–—])?", re.IGNORECASE)
# Lines of the form itself come again with every item, or with another letter; a label may be torn in two.
_OF_THE_FORM = re.compile(
    r"guideline|rationale|\b(?:upheld|overturned)\b"
    r"|\A(?:claims|(?:claims )?administrator|maximus|decision)\Z"
    # What opens a letter comes again where a text holds several.
    r"|\A(?:how the imr final determination was made|notice of independent medical review determination"
    r"|medical professional review)\Z",
    re.IGNORECASE,
)
_WORDS = (*HEADINGS, CLAIMS_ADMINISTRATOR, MAXIMUS, RATIONALE)
_ONCE_A_LETTER = (HEADINGS[0], "EFFECT OF THE DECISION", "REVIEWER QUALIFICATIONS")
_TORN = tuple((words[: gap.start()], words[gap.end() :]) for words in _WORDS for gap in re.finditer(" ", words))
_DIGITS = {ord(digit): None for digit in "0123456789"}

_APART = 800  # characters: a page holds more
_SHORT = 0.85  # of the width: a shorter line in mid sentence would have taken in the next word
_PAGE_END = re.compile(r"\f|(?:\r?\n){4}|\r{4}")


def footers(clean: CleanText, source: str) -> CleanText:
    """What is printed on every page goes from the text and is kept apart; ``source`` is the text as it came.

    It stands off from the text, so that a gap beside it parts paragraphs only if a sentence ends before it.
    """
    text = clean.text
    spans = _own_lines(clean, source)
    if "etter for imr" in text or "etter for IMR" in text or "LETTER FOR IMR" in text:
        spans += [match.span() for match in _LETTER_FOOTER.finditer(text)]
    if not spans:
        return clean
    spans = _apart(spans)
    edits: list[Edit] = []
    for first, last in _together(text, spans):
        start, end = first, last
        while start and text[start - 1] in "\n ":
            start -= 1
        while end < len(text) and text[end] in "\n ":
            end += 1
        edits.append((start, end, _joint(text, (start, first), (last, end))))
    return replace(edited(clean, edits), footers=tuple(clean.found(start, end) for start, end in spans))


_ENDED = re.compile(r"[.:;!?][)\]\"'”’]*\Z")


def _joint(text: str, before: tuple[int, int], after: tuple[int, int]) -> str:
    """What stands between the words on both sides when the line between them is gone."""
    gaps = text[slice(*before)], text[slice(*after)]
    if not before[0] or after[1] == len(text):
        return ""
    if "\n" not in "".join(gaps):
        return " "
    parts = any("\n\n" in gap for gap in gaps) and _ENDED.search(text, max(0, before[0] - 4), before[0])
    return "\n\n" if parts and not text[after[1]].islower() else "\n"


def _apart(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order, without those that lie in another."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _together(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans with neighbours that only white space parts as one."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            start = joined.pop()[0]
        joined.append((start, end))
    return joined


def _own_lines(clean: CleanText, source: str) -> list[tuple[int, int]]:
    """The lines that are printed on every page, as ranges of the text."""
    lines = clean.text.split("\n")
    groups: dict[str, list[int]] = {}
    for place, line in enumerate(lines):
        if 0 < len(line) <= _LONGEST and not line[0].islower():
            if line[-1] in _NO_END and not line.isupper():
                continue
            groups.setdefault(line.translate(_DIGITS), []).append(place)
    said: list[int] = []
    again: list[list[int]] = []
    for words, places in groups.items():
        line = lines[places[0]]
        if len(words) < len(line) and (certain := [place for place in places if _says_so(lines[place])]):
            said += certain
        elif len(places) > 1 or (len(words) < len(line) and _NUMBER.fullmatch(line)):
            again.append(places)
    again = [places for places in again if not _OF_THE_FORM.search(lines[places[0]])]
    if not said and not again:
        return []
    letters = _letters(clean.text) if again else 1
    again = [places for places in again if len(places) > letters or letters == 1]
    pages = _Pages(clean, source, lines, {place for places in [said, *again] for place in places})
    for places in again:
        said += pages.numbers(places) if _NUMBER.fullmatch(lines[places[0]]) else pages.repeated(places)
    return [pages.span(place) for place in said]


def _letters(text: str) -> int:
    """How many letters stand in the text, by what each has once: their lines come again with the letter."""
    upper = text.upper()
    return max(1, *map(upper.count, _ONCE_A_LETTER))


def _says_so(line: str) -> bool:
    match = _SAYS_SO.fullmatch(line)
    return match is not None and (not match["pages"] or int(match["page"]) <= int(match["pages"]))


class _Pages:
    """Judges which of the lines ``maybe`` are printed on every page, by where they stand."""

    def __init__(self, clean: CleanText, source: str, lines: list[str], maybe: set[int]) -> None:
        self.clean, self.source, self.lines = clean, source, lines
        self.of_text = [place for place, line in enumerate(lines) if line and place not in maybe]
        self.starts = [0, *accumulate(len(line) + 1 for line in lines)]
        lengths = sorted(map(len, filter(None, lines)))
        self.header = min((at for words in HEADINGS if (at := clean.text.find(words)) >= 0), default=0)
        self.width = lengths[len(lengths) * 9 // 10]

    def span(self, place: int) -> tuple[int, int]:
        """Where a line stands in the text."""
        return self.starts[place], self.starts[place] + len(self.lines[place])

    def numbers(self, places: list[int]) -> list[int]:
        """Page numbers: they are counted on, page by page; a single one only where a page ends."""
        found = [match for place in places if (match := _NUMBER.fullmatch(self.lines[place]))]
        counted = [int(match["page"]) for match in found]
        if (
            len(found) < len(places)
            or not counted[0]
            or len({match["pages"] for match in found}) > 1
            or any(b - a != 1 for a, b in pairwise(counted))
        ):
            return []
        if found[0]["pages"] and counted[-1] > int(found[0]["pages"]):
            return []
        if len(places) > 1:
            return places if self._far_apart(places) else []
        return places if self._at_page_end(places[0]) or self._interrupts(places[0]) else []

    def repeated(self, places: list[int]) -> list[int]:
        """The same line again and again: once in mid sentence or at the letter's end, or each time where a page ends.

        What stands above the letter's first heading stays: its letterhead, its table's cells.
        """
        if not self._far_apart(places):
            return []
        interrupting = {place for place in places if self._interrupts(place)}
        if not (interrupting or self._is_last(places[-1]) or all(map(self._at_page_end, places))):
            return []
        return [place for place in places if self.starts[place] > self.header or place in interrupting]

    def _far_apart(self, places: list[int]) -> bool:
        """Whether a page's text lies between any two; the last page may be short."""
        if self._is_last(places[-1]):
            places = places[:-1]
        return all(self.starts[b] - self.starts[a] >= _APART for a, b in pairwise(places))

    def _is_last(self, place: int) -> bool:
        return self._neighbours(place)[1] == len(self.lines)

    def _neighbours(self, place: int) -> tuple[int, int]:
        """The next lines before and after that hold the letter's text; -1 and the number of lines if there is none."""
        following = bisect_right(self.of_text, place)
        before = self.of_text[following - 1] if following else -1
        return before, self.of_text[following] if following < len(self.of_text) else len(self.lines)

    def _at_page_end(self, place: int) -> bool:
        before, after = self._neighbours(place)
        if before < 0 or after == len(self.lines):
            return before >= 0 or after < len(self.lines)
        start, end = self.clean.source_offset(self.span(before)[1] - 1), self.clean.source_offset(self.starts[after])
        return _PAGE_END.search(self.source, start, end) is not None

    def _interrupts(self, place: int) -> bool:
        """Whether a sentence, or words of the form, go on after the line, which is too short to be a part of them."""
        before, after = self._neighbours(place)
        if before < 0 or after == len(self.lines):
            return False
        following = self.lines[after]
        if any(self.lines[before].endswith(left) and following.startswith(right) for left, right in _TORN):
            return True
        if self.lines[before][-1] in SENTENCE_END or not following[0].islower():
            return False
        return len(self.lines[place]) + 1 + len(following.split(" ", 1)[0]) <= _SHORT * self.width
