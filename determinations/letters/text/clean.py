r"""From the source text to a text that can be read: blanks, line ends, paragraphs and the form's words made regular.

Each step is a named function, and an offset map leads every character of the result back to the source. White
space, control characters and invisible characters go; what is printed on every page and the hyphens of a typesetter
are kept apart (``CleanText.footers``, ``CleanText.hyphens``). Nothing else is ever taken away.

In the result a line end inside a paragraph is ``\n`` and the gap between two paragraphs ``\n\n``. Where a
letter's lines are each followed by an empty one (PDFBox), that is seen from the text as a whole and undone.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import NamedTuple

from ..types import Found
from .characters import steps_for
from .form_words import form_words
from .offsets import CleanText, edited, flat, heal, heal_paragraphs, replaced
from .pages import SENTENCE_END, footers

__all__ = [
    "CleanText",
    "blanks",
    "clean",
    "flat",
    "footers",
    "form_words",
    "heal",
    "heal_paragraphs",
    "hyphens",
    "invisible",
    "layout",
    "line_ends",
    "marked_hyphens",
    "single_blanks",
]

# Line ends other than \n: Windows, old Mac, vertical tab, form feed, next line, line and paragraph separator.
# A form feed at a line's end adds nothing to it.
_LINE_END = re.compile("\r?\n\x0c|\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Characters that show nothing: soft hyphen, zero-width space and joiners, direction marks, byte order mark.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]+")
# Blanks of any kind, and control characters (which PostgreSQL's text type refuses in part): one blank each.
_ODD_BLANK = re.compile("[\x00-\x09\x0e-\x1f\x7f-\x84\x86-\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\ud800-\udfff]")
# PDFium writes one of these for a hyphen at a line's end, and leaves the line end out.
_MARKED_HYPHEN = re.compile("(?<=\\w)[\x02\ufffe](?=\\w|\r?\n\\w)")
# Starts at a line end, not at the blanks before it: a pattern that begins with a fixed character is found far faster.
_GAP = re.compile(r"\n[\n ]*")
_PARAGRAPH_MARK = re.compile(r"\n +\n")
_MOSTLY = 0.6  # of the gaps: more of them than that are no marks
_LONG_LINE = 110  # characters: lines that are longer on average were not wrapped
_WRAPPED = 0.1  # of the lines: fewer that end in mid sentence are whole paragraphs


def line_ends(clean: CleanText) -> CleanText:
    r"""Every kind of line end becomes ``\n``."""
    return edited(clean, [(*match.span(), "\n") for match in _LINE_END.finditer(clean.text)])


def invisible(clean: CleanText) -> CleanText:
    """Soft hyphens, zero-width characters and byte order marks go."""
    return edited(clean, [(*match.span(), "") for match in _INVISIBLE.finditer(clean.text)])


def blanks(clean: CleanText) -> CleanText:
    """Tabs, no-break spaces and control characters become blanks, one for one."""
    return replace(clean, text=_ODD_BLANK.sub(" ", clean.text))


def marked_hyphens(clean: CleanText) -> CleanText:
    """PDFium's marks for a hyphen at a line's end become that hyphen and the line end."""
    if "\x02" not in clean.text and "\ufffe" not in clean.text:
        return clean
    text = clean.text
    marks = [match.span() for match in _MARKED_HYPHEN.finditer(text)]
    return edited(clean, [(start, end, "-" if text[end] in "\r\n" else "-\n") for start, end in marks])


def layout(clean: CleanText) -> CleanText:
    r"""Runs of line ends become ``\n`` (the sentence goes on) or ``\n\n`` (a new paragraph).

    PDFBox writes an empty line after every line, a line of blanks for a paragraph gap and two more line ends at a
    page's end; other extractors count line ends. Which of them wrote the text is seen from the text as a whole.
    """
    text = clean.text
    gaps = [(*match.span(), match.group()) for match in _GAP.finditer(text)]
    kinds = Counter(run for _, _, run in gaps)
    ends = Counter[int]()
    marks = 0
    for run, times in kinds.items():
        ends[run.count("\n")] += times
        marks += times if _PARAGRAPH_MARK.search(run) else 0
    marked = ends[2] > ends[1] and 0 < marks < _MOSTLY * len(gaps)
    paragraph_from = 3 if marked else _paragraph_from(text, gaps, ends)
    becomes = {
        run: "\n\n" if (_PARAGRAPH_MARK.search(run) if marked else run.count("\n") >= paragraph_from) else "\n"
        for run in kinds
    }
    edits = []
    for start, end, run in gaps:
        while start and text[start - 1] == " ":
            start -= 1
        new = becomes[run] if start else ""
        if not marked and new == "\n\n" and text[start - 1] not in SENTENCE_END and text[end : end + 1].islower():
            new = "\n"  # a page ends in the middle of a sentence
        if text[start:end] != new:
            edits.append((start, end, new))
    if not text.startswith("\n"):
        leading = len(text) - len(text.lstrip(" "))
        if leading and (not edits or edits[0][0]):
            edits.insert(0, (0, leading, ""))
    return edited(clean, edits)


def _paragraph_from(text: str, gaps: list[tuple[int, int, str]], ends: Counter[int]) -> int:
    """How many line ends part two paragraphs: one more than part two lines, if lines were wrapped at all."""
    if not gaps:
        return 2
    usual = max(ends, key=lambda count: (ends[count], -count))
    if usual == 1 and len(text) < _LONG_LINE * len(gaps):
        return 2
    wrapped = 0
    for start, end, run in gaps:
        if run.count("\n") == usual and text[end : end + 1].islower():
            before = text[max(0, start - 80) : start].rstrip(" ")
            wrapped += before[-1:] not in SENTENCE_END
    return usual + 1 if wrapped > _WRAPPED * ends[usual] else usual


# A word that a typesetter cut: small letters on both sides.
_CUT = re.compile(r"-\n(?P<right>[a-z]+)")
_LEFT = re.compile(r"(?<!\w)[A-Za-z]?[a-z]+\Z")
_LONGEST_HALF = 30
_FEWEST_CUTS = 4
_CUTS_A_LINE = 0.06  # letters that were not set with hyphens end at most one line in thirty with one of their own
# Words of every letter, and of what it decides, that nobody writes with a hyphen.
_NEVER = """
according administrator appropriate approved authorized california certified chronic citation claims clinical complaints
decision denied determination developed disability disputed documentation documented evidence expert following guideline
guidelines however including indicated injured medical medically medication medications necessary necessity official
overturned patient physical physician provided rationale recommend recommended recommends records report reported
request requested requests reviewer schedule section sections services specialty studies supported symptoms therapy
therefore treatment upheld utilization worker
"""
_NEVER_HYPHENATED = frozenset(_NEVER.split())
# What is written before a hyphen far more often than it is cut there.
_BEFORE = "anti follow half high low long mid non one post pre self semi short two well"
_STANDS_BEFORE_HYPHEN = frozenset(_BEFORE.split())


def hyphens(clean: CleanText) -> CleanText:
    """Words that were cut at line ends are put together, if the text as a whole was set with such hyphens.

    A hyphen stays where the letter writes the word with it elsewhere, or both halves as words, and never without.
    """
    cuts = clean.text.count("-\n")
    if cuts < _FEWEST_CUTS or cuts < _CUTS_A_LINE * (clean.text.count("\n") - clean.text.count("\n\n")):
        return clean
    found = [cut for match in _CUT.finditer(clean.text) if (cut := _halves(clean.text, match))]
    words = set(re.findall(r"[a-z]+(?:-[a-z]+)*", _without(clean.text, found).lower()))
    found = [cut for cut in found if cut.is_typesetters(words)]
    kept = tuple(Found("-", clean.span(cut.at, cut.at + 1)) for cut in found)
    return replace(edited(clean, [(cut.at, cut.at + 2, "") for cut in found]), hyphens=kept)


class _Cut(NamedTuple):
    """A word that may have been cut: its halves in small letters and the offset of the hyphen between them."""

    left: str
    right: str
    at: int

    def is_typesetters(self, words: set[str]) -> bool:
        """Whether the hyphen is the typesetter's, by the other words of the letter."""
        if self.left + self.right in words or self.left + self.right in _NEVER_HYPHENATED:
            return True
        return not (
            f"{self.left}-{self.right}" in words
            or {self.left, self.right} <= words
            or self.left in _STANDS_BEFORE_HYPHEN
        )


def _without(text: str, cuts: list[_Cut]) -> str:
    """The text without the words that may have been cut."""
    edges = [0, *(edge for cut in cuts for edge in (cut.at - len(cut.left), cut.at + 2 + len(cut.right))), len(text)]
    return " ".join(text[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True))


def _halves(text: str, match: re.Match[str]) -> _Cut | None:
    at = match.start()
    left = _LEFT.search(text[max(0, at - _LONGEST_HALF) : at])
    return _Cut(left.group().lower(), match["right"], at) if left else None


def single_blanks(clean: CleanText) -> CleanText:
    """Runs of blanks become one, where there are more of them than lines: columns, lines set flush right."""
    if clean.text.count("  ") <= clean.text.count("\n"):
        return clean
    return edited(clean, [(*match.span(), " ") for match in re.finditer("  +", clean.text)])


def clean(source: str, *, pages: bool = True) -> CleanText:
    """The source text made regular, with the way back. Without ``pages`` what every page repeats stays in it."""
    result = CleanText(source, (0,), (0,))
    for step in steps_for(source):
        result = replaced(result, step(result.text))
    if not result.text.replace("\n", "").isprintable():
        result = blanks(invisible(line_ends(marked_hyphens(result))))
    result = single_blanks(layout(result))
    return form_words(hyphens(footers(result, source) if pages else result))
