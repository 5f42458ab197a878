r"""The same letter in other layouts: what extractors, word processors and old printouts make of one text.

Each transformation is a pure function text -> text. It takes a letter in any layout, makes its lines and paragraphs
regular (``\n`` and an empty line), and writes them in its own way. The words stay what they were, in their order;
the few transformations that damage words say so.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator
from functools import lru_cache

from determinations.letters.text.clean import clean

Change = Callable[[str], str]

HEADER_LABELS = ("Case Number", "Date Assigned", "Date of Injury", "Decision Date", "UR Denial Date", "Priority")
CREDENTIAL_LABELS = ("State(s) of Licensure", "Certification(s)/Specialty")
ITEM_LABELS = ("Claims Administrator guideline", "MAXIMUS guideline", "Decision rationale")
HEADINGS = (
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "The Expert Reviewer has the following credentials",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
)
_ITEM_LABEL = re.compile("(" + "|".join(ITEM_LABELS) + r"):[ \n]*")
_LABEL = re.compile(
    "(" + "|".join(map(re.escape, (*HEADER_LABELS, "Received", *CREDENTIAL_LABELS, *ITEM_LABELS))) + r"):[ \n]*"
)
_OUTCOME = re.compile(r": (Upheld|Overturned)$", re.MULTILINE)


@lru_cache(maxsize=1_000)
def regular(text: str) -> str:
    """The letter with its lines and paragraphs regular."""
    return clean(text).text.strip()


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a letter, their lines parted by line ends. A section's heading opens one in any case."""
    return re.sub(rf"\n+(?=(?:{'|'.join(map(re.escape, HEADINGS))}):?$)", "\n\n", regular(text), flags=re.M).split(
        "\n\n"
    )


def _joined(lines: str) -> str:
    return re.sub(r"(?<=\w)([-/])\n(?=\w)", r"\1", lines).replace("\n", " ")


def _cells(paragraph: str) -> list[str]:
    """A paragraph as its logical lines: the cells of the header and the credentials stay apart, the rest is joined."""
    if paragraph.startswith(("Case Number", "The Expert Reviewer has")):
        return (
            re.sub(r"\n(?!State\(s\)|Certification\(s\))", " ", paragraph).split("\n")
            if paragraph[0] == "T"
            else (paragraph.split("\n"))
        )
    for heading in HEADINGS:
        if paragraph.startswith(heading + "\n"):
            return [heading, _joined(paragraph[len(heading) + 1 :])]
    # Without a blank line the parts of an item stand in one paragraph.
    parts = re.split(r"\n(?=(?:Claims Administrator|MAXIMUS) guideline:|Decision rationale:)", paragraph)
    return [_joined(part) for part in parts]


@lru_cache(maxsize=1_000)
def _logical(text: str) -> list[list[str]]:
    return [_cells(paragraph) for paragraph in paragraphs(text)]


# ---- lines and paragraphs ---------------------------------------------------------------------------------------
def joined_paragraphs(text: str, gap: str = "\n\n") -> str:
    """Each paragraph on one line."""
    return gap.join("\n".join(cells) for cells in _logical(text)) + "\n"


def few_lines(text: str) -> str:
    """Each paragraph, headings and cells included, on one line."""
    return "\n\n".join(" ".join(cells) for cells in _logical(text)) + "\n"


def one_line(text: str) -> str:
    """The whole letter on one line."""
    return " ".join(" ".join(cells) for cells in _logical(text))


def spaced(line_end: str, gap: str) -> Change:
    """Each line followed by ``line_end``, paragraphs parted by ``gap`` besides."""

    def change(text: str) -> str:
        return gap.join("".join(line + line_end for line in paragraph.split("\n")) for paragraph in paragraphs(text))

    return change


def _wrapped(line: str, width: int, hyphens: bool) -> Iterator[str]:
    if not hyphens:
        yield from textwrap.wrap(line, width, break_long_words=False)
        return
    now = ""
    for word in line.split():
        room = width - len(now) - (1 if now else 0)
        if len(word) <= room:
            now += (" " if now else "") + word
            continue
        # A long word in small letters is cut, with at least three letters on each side.
        cut = min(room - 1, len(word) - 3)
        if re.fullmatch(r"[a-z]{7,}[.,;]?", word) and cut >= 3:
            yield now + (" " if now else "") + word[:cut] + "-"
            now = word[cut:]
        else:
            if now:
                yield now
            now = word
    if now:
        yield now


def wrapped(width: int, *, hyphens: bool = False) -> Change:
    """Hard-wrapped at ``width`` characters, an empty line between paragraphs."""

    def change(text: str) -> str:
        return "\n\n".join(
            "\n".join(line for cell in cells for line in _wrapped(cell, width, hyphens)) for cells in _logical(text)
        )

    return change


_of_width_90 = lru_cache(maxsize=1_000)(wrapped(90))


def justified(width: int) -> Change:
    """Wrapped and set flush right, as a typewriter does it: with doubled and trebled blanks between words."""

    def flush(line: str) -> str:
        words = line.split(" ")
        gaps = len(words) - 1
        missing = width - len(line)
        if not gaps or missing > 2 * gaps:
            return line
        return "".join(
            word + " " * (1 + missing // gaps + (place < missing % gaps) if place < gaps else 0)
            for place, word in enumerate(words)
        )

    def change(text: str) -> str:
        return "\n".join(map(flush, wrapped(width)(text).split("\n")))

    return change


def each_line(write: Callable[[str], str]) -> Change:
    """``write`` on every line that is not empty."""

    def change(text: str) -> str:
        lines = regular(text).split("\n")
        return "".join((write(line) if line else "") + "\n" for line in lines)

    return change


def columns(text: str) -> str:
    """What a table's cells are parted by, and what follows a label, is a run of blanks."""
    wide = re.sub(r" (?=(?:Date of Injury|UR Denial Date):)", " " * 20, regular(text))
    return _LABEL.sub(lambda match: f"{match[1]}:" + (" " * 12 if " " in match[0][len(match[1]) :] else "\n"), wide)


# ---- labels -----------------------------------------------------------------------------------------------------
def labels_apart(text: str) -> str:
    """Each label on a line of its own, its value on the next."""
    return re.sub(r"(?<=\S) (?=(?:Date of Injury|UR Denial Date):)", "\n", _LABEL.sub(r"\1:\n", regular(text)))


def labels_first(text: str) -> str:
    """The header's labels, each on a line, and then its values, each on a line."""
    first, *rest = paragraphs(text)
    marks = list(
        re.finditer(
            r"(Case Number|Date Assigned|Date of Injury|Decision Date|UR Denial Date|Priority|Received):", first
        )
    )
    if not marks:
        return "\n\n".join([first, *rest])
    edges = [*(mark.start() for mark in marks[1:]), len(first)]
    values = [first[mark.end() : edge].strip() for mark, edge in zip(marks, edges, strict=True)]
    return "\n\n".join(["\n".join([*(mark.group() for mark in marks), *values]), *rest])


def headings_and_labels(write: Callable[[str], str]) -> Change:
    """``write`` on every heading and every label, its colon included."""
    words = re.compile(
        "^("
        + "|".join(map(re.escape, HEADINGS))
        + "):?|("
        + "|".join(map(re.escape, (*CREDENTIAL_LABELS, *ITEM_LABELS)))
        + "):",
        re.MULTILINE,
    )
    return lambda text: words.sub(lambda match: write(match.group()), "\n\n".join("\n".join(c) for c in _logical(text)))


def item_labels(write: Callable[[str], str]) -> Change:
    """``write`` on the label of every part of an item, its colon included."""
    return lambda text: re.sub(
        r"\b(?:" + "|".join(ITEM_LABELS) + "):",
        lambda match: write(match.group()),
        "\n\n".join("\n".join(c) for c in _logical(text)),
    )


def outcomes(written: str) -> Change:
    """The outcome at a heading's end written in another way; ``written`` holds ``@`` for its word."""
    return lambda text: _OUTCOME.sub(lambda match: written.replace("@", match[1]), joined_paragraphs(text))


def replaced(old: str, new: str) -> Change:
    """``old`` written as ``new`` wherever it stands in the regular text."""
    return lambda text: regular(text).replace(old, new)


def line_ends(end: str) -> Change:
    """Another line end."""
    return lambda text: text.replace("\r\n", "\n").replace("\n", end)


# ---- pages ------------------------------------------------------------------------------------------------------
def _case_number(text: str) -> str:
    match = re.search(r"\bCase\s+Number:?\s*((?:CM)?\d\d-\d{6,8})", regular(text))
    return match[1] if match else "CM14-0777001"


def paged(debris: str, *, lines: int = 29, first: int = 0, before: str = "", after: str = "", top: str = "") -> Change:
    """After every ``lines`` lines a page ends, wherever that is: ``debris`` stands there on a line of its own.

    ``debris`` may hold ``{page}``, ``{pages}`` and ``{number}``; ``top`` stands at the letter's top as well.
    """

    def change(text: str) -> str:
        number = _case_number(text)
        body = _of_width_90(text).split("\n")
        starts = range(first or lines, len(body), lines)
        pages = len(starts) + 1
        out = [top] if top else []
        for place, line in enumerate(body):
            if place in starts:
                page = starts.index(place) + 1
                out.append(before + debris.format(page=page, pages=pages, number=number) + after)
            out.append(line)
        out.append(before + debris.format(page=pages, pages=pages, number=number) + after)
        return "\n".join(out)

    return change


_PAGE = 1_200  # characters: no page holds less


def _at(text: str, pattern: re.Pattern[str], debris: str) -> str:
    """``debris`` in the middle of what ``pattern`` finds, wherever a page has been filled since."""
    number = _case_number(text)
    places, last = [], -_PAGE
    for match in pattern.finditer(text):
        at = match.start() + len(match.group()) // 2
        blank = text.find(" ", at)
        at = blank if match.start() < blank < match.end() else match.end()
        if at - last >= _PAGE:
            places.append(at)
            last = at
    if not places:
        return text
    out, last, page = [], 0, 0
    for page, at in enumerate(places, 1):
        out += [text[last:at], debris.format(page=page, pages=len(places) + 1, number=number)]
        last = at + (text[at : at + 1] in (" ", "\n"))
    return "".join(
        [*out, text[last:], "\n" + debris.strip("\n\f").format(page=page + 1, pages=page + 1, number=number)]
    )


_HEADINGS_OF_ITEMS = re.compile(r"^[^\n]*: (?:Upheld|Overturned)$", re.MULTILINE)
_ITEM_LABELS = re.compile(r"\b(?:" + "|".join(ITEM_LABELS) + "):")
_AFTER_LABELS = re.compile(r"(?<=guideline:)(?= )|(?<=rationale:)(?= )")
_SECTIONS = re.compile("^(?:" + "|".join(map(re.escape, HEADINGS)) + ")", re.MULTILINE)


def page_ends_in(place: str, debris: str) -> Change:
    """A page ends in the middle of items' or sections' headings or items' labels, or right after such a label."""
    pattern = {
        "a heading": _HEADINGS_OF_ITEMS,
        "a section's heading": _SECTIONS,
        "a label": _ITEM_LABELS,
        "label and value": _AFTER_LABELS,
    }[place]
    return lambda text: _at(joined_paragraphs(text), pattern, debris)


# ---- damaged letters --------------------------------------------------------------------------------------------
def misread_number(text: str) -> str:
    """The case number's zeros and ones as an optical reader mistakes them for letters."""
    return re.sub(
        r"(?<=Case Number: )(CM)?(\d\d)-(\d+)",
        lambda m: (m[1] or "") + m[2] + "-" + m[3].replace("0", "O", 1).replace("1", "l", 1),
        regular(text),
    )
