"""A letter's reading is the same in any layout: all real letters and all samples, each in every layout of a table.

Compared is the whole record without offsets and messages; white space is joined. Blanks beside a hyphen or slash do
not count, since a line that ends there does not say whether there was one.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench.extractors import words_only
from determinations.letters import parse_letter, read_letter
from determinations.letters.inputs.files import Reading
from determinations.letters.record import record
from determinations.letters.text.clean import clean

from . import layouts
from .layouts import (
    columns,
    each_line,
    few_lines,
    headings_and_labels,
    item_labels,
    joined_paragraphs,
    justified,
    labels_apart,
    labels_first,
    line_ends,
    misread_number,
    one_line,
    outcomes,
    page_ends_in,
    paged,
    regular,
    replaced,
    spaced,
    wrapped,
)

PROJECT = Path(__file__).resolve().parents[2]
SAMPLES = sorted((PROJECT / "samples").glob("*.txt"))
REAL = sorted((PROJECT.parent / "shared" / "letters").glob("*/*.txt"))  # none where they are not at hand
# The rarer forms have lists of plain lines, which these layouts join: test_forms.py has layouts of their own for them.
TEXTS = {
    path.stem: text
    for path in (*SAMPLES, *REAL)
    if parse_letter(text := read_letter(path).text).format.startswith("final-determination")
}


# ---- what is compared -----------------------------------------------------------------------------------------------
def joined(value: Any) -> Any:
    """A record with its white space joined, without offsets and messages."""
    if isinstance(value, str):
        return re.sub(r" ?([-/]+) ?", r"\1", " ".join(value.split()))
    if isinstance(value, list):
        return [joined(one) for one in value]
    if isinstance(value, dict):
        return {key: joined(one) for key, one in value.items() if key not in ("file", "start", "end", "message")}
    return value


def reading(text: str) -> dict[str, Any]:
    found: dict[str, Any] = joined(record(Reading("", parse_letter(text))))
    found["issues"] = sorted(issue["code"] for issue in found["issues"])
    return found


@cache
def original(name: str) -> dict[str, Any]:
    return reading(TEXTS[name])


def different(layout: layouts.Change, names: list[str]) -> dict[str, list[str]]:
    """The letters that read differently in this layout, each with the keys that differ."""
    differing = {}
    for name in names:
        expected, found = original(name), reading(layout(TEXTS[name]))
        if keys := [key for key in expected if expected[key] != found[key]]:
            differing[name] = keys
    return differing


# ---- lines, paragraphs, blanks --------------------------------------------------------------------------------------
LINES = {
    "regular": regular,
    "each paragraph on a line": joined_paragraphs,
    "each paragraph on a line, no empty lines": lambda text: joined_paragraphs(text, "\n"),
    "few long lines": few_lines,
    "everything on one line": one_line,
    "no empty lines": spaced("\n", ""),
    "an empty line after every line": spaced("\n\n", ""),
    "an empty line after every line, two between paragraphs": spaced("\n\n", "\n"),
    "a line of blanks after every line": spaced(" \n \n", ""),
    "a line of blanks after every line, two between paragraphs": spaced(" \n \n", " \n"),
    "two empty lines after every line": spaced("\n\n\n", ""),
    "PDFBox": spaced(" \n\n", " \n\n"),
    "PDFBox without marks of paragraphs": spaced(" \n\n", ""),
    **{f"wrapped at {width}": wrapped(width) for width in (40, 60, 72, 80, 100, 130)},
    "flush right at 72": justified(72),
    "flush right at 90": justified(90),
    "indented by 8 blanks": each_line(lambda line: " " * 8 + line),
    "indented by a tab": each_line(lambda line: "\t" + line),
    "blanks at line ends": each_line(lambda line: line + "     "),
    "tabs for blanks": each_line(lambda line: line.replace(" ", "\t")),
    "no-break spaces": each_line(lambda line: line.replace(" ", "\u00a0")),
    "two blanks for one": each_line(lambda line: line.replace(" ", "  ")),
    "columns": columns,
    "form feeds in mid sentence": paged("\f"),
    **{f"line ends {end!a}": line_ends(end) for end in ("\r\n", "\r", "\x85", "\u2028", "\u2029", "\v")},
}


def colon(written: str) -> layouts.Change:
    """The colons of headings and labels written otherwise."""
    return headings_and_labels(lambda words: words.removesuffix(":") + (written if words.endswith(":") else ""))


LABELS = {
    "label and value on lines of their own": labels_apart,
    "the header's labels first, then its values": labels_first,
    "in capital letters": headings_and_labels(str.upper),
    "in small letters": headings_and_labels(str.lower),
    "without colons": colon(""),
    "with two colons": colon("::"),
    "with a blank before the colon": colon(" :"),
    "with colons apart": colon(" : :"),
    "with two blanks": headings_and_labels(lambda words: words.replace(" ", "  ")),
    "first blank lost": headings_and_labels(lambda words: words.replace(" ", "", 1)),
    "last blank lost": headings_and_labels(lambda words: "".join(words.rsplit(" ", 1))),
    "all blanks lost": headings_and_labels(lambda words: words.replace(" ", "")),
    "each word on a line": headings_and_labels(lambda words: words.replace(" ", "\n")),
    "a form feed in the middle": headings_and_labels(lambda words: words.replace(" ", "\n\f", 1)),
    "a form feed before the last word": headings_and_labels(lambda words: "\f".join(words.rsplit(" ", 1))),
    "items' labels in capital letters on one line": lambda text: one_line(item_labels(str.upper)(text)),
    "items' labels without blanks on one line": lambda text: one_line(
        item_labels(lambda words: words.replace(" ", ""))(text)
    ),
    "outcome without a colon": outcomes(" @"),
    "outcome after two colons": outcomes(":: @"),
    "outcome after colons apart": outcomes(" : : @"),
    "outcome after a dash": outcomes(" - @"),
    "outcome with a stop": outcomes(": @."),
    "outcome without a blank": outcomes(":@"),
    "outcome on a line of its own": outcomes(":\n@"),
    "optical reading of a label": replaced("Claims Administrator guideline", "Claims Adrninistrator guideline"),
    "optical reading of the case number": misread_number,
}


@pytest.mark.parametrize("layout", (LINES | LABELS).values(), ids=LINES | LABELS)
def test_every_letter_is_read_alike(layout):
    assert different(layout, list(TEXTS)) == {}


# ---- pages ----------------------------------------------------------------------------------------------------------
DEBRIS = {
    "footer with number and page": "Final Determination Letter for IMR Case Number {number}  {page}",
    "Page 1 of 5": "Page {page} of {pages}",
    "1 of 5": "{page} of {pages}",
    "page number": "{page}",
    "page number in dashes": "- {page} -",
    "Page 1": "Page {page}",
    "case number and page": "{number} {page}",
    "case number": "{number}",
    "form number": "DWC Form IMR-1 (Rev. 02/2014)",
    "revision": "Rev. 11/13",
    "version": "IMR FDL v2.1 10/2014",
    "two lines": "{number} {page}\nRev. 11/13",
    "letterhead": "MAXIMUS FEDERAL SERVICES, INC.\nIndependent Medical Review",
    "another letterhead": "Acme Review Organization\nP.O. Box 138009, Sacramento, CA 95813",
    "one word": "CONFIDENTIAL",
}
HEADS = ("letterhead", "another letterhead", "one word")


def page_layouts(kind: str) -> dict[str, layouts.Change]:
    debris = DEBRIS[kind]
    top = debris if kind in HEADS else ""
    places = ("a heading", "a section's heading", "a label", "label and value")
    return {
        "after 29 lines": paged(debris, top=top),
        "after 17 lines, then 23": paged(debris, lines=23, first=17, top=top),
        "between empty lines": paged(debris, before="\n", after="\n"),
        "before a form feed": paged(debris, after="\n\f"),
        "after a form feed": paged("\f" + debris),
        "double-spaced": lambda text: paged(debris)(text).replace("\n", " \n\n"),
        **{f"in {place}": page_ends_in(place, f"\n{debris}\n") for place in places},
        **{f"in {place}, form feed": page_ends_in(place, f"\n{debris}\n\f") for place in places},
    }


PAGES = [(kind, place) for kind in DEBRIS for place in page_layouts(kind)]
_EACH = 6  # one letter in six for each of these many layouts, another sixth for the next: all letters take part


@pytest.mark.parametrize(("kind", "place"), PAGES, ids=[f"{kind}, {place}" for kind, place in PAGES])
def test_what_is_printed_on_every_page_changes_no_reading(kind, place):
    names = list(TEXTS)[PAGES.index((kind, place)) % _EACH :: _EACH]
    differing = different(page_layouts(kind)[place], names)
    # A letter whose header is cut off has its number from the footers: that is what they are kept for.
    gained = {
        name
        for name, keys in differing.items()
        if keys == ["case_number", "issues"] and not original(name)["case_number"]
    }
    assert {name: keys for name, keys in differing.items() if name not in gained} == {}
    assert not gained or "number" in kind or kind == "two lines"


# ---- hyphens at line ends -------------------------------------------------------------------------------------------
def without_hyphens(value: Any) -> Any:
    if isinstance(value, str):
        return re.sub(r"(?<=[A-Za-z])-(?=[a-z])", "", value)
    if isinstance(value, list):
        return [without_hyphens(one) for one in value]
    return {key: without_hyphens(one) for key, one in value.items()} if isinstance(value, dict) else value


# How many letters may differ, at each width: all of them in nothing but hyphens (one of their own fell on a line's end)
# except letters with too few cut words to show that they were set so. In these the cut words stay as they are printed.
@pytest.mark.parametrize(("width", "most"), [(60, 14), (72, 4), (80, 20), (100, 11)])
def test_words_cut_at_line_ends_are_put_together(width, most):
    layout = wrapped(width, hyphens=True)
    differing = 0
    for name in TEXTS:
        text = layout(TEXTS[name])
        # What is worked out from the words follows from them.
        expected, found = words_only(original(name)), words_only(reading(text))
        differing += expected != found
        if clean(text).hyphens:
            assert without_hyphens(expected) == without_hyphens(found), name
    assert differing <= most
