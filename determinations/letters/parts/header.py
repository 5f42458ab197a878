"""The header table: case number, five dates, priority, wherever the table's cells ended up."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

from ..text.clean import CleanText
from ..types import Dates, Found, Issue
from .days import A_DAY, day
from .wording import UR_DECISION

# CM16-0219557; the first posted decisions are numbered 13-000004; an eight-digit CM16-10000001 exists.
_NUMBER_LABEL = r"\bCase\s*(?:Number|No\b\.?|#)"
_CASE_NUMBER = re.compile(
    rf"{_NUMBER_LABEL}[:\s]*(?P<number>(?P<cm>CM)?\s?(?P<year>\d{{2}})\s?(?:[-‐‑–—]\s?|\b)(?P<serial>[\dOIl|]{{6,8}}))(?!\w)",
    re.IGNORECASE,
)
_NUMBER_ALONE = re.compile(r"\bCM\d{2}-\d{6,8}\b", re.IGNORECASE)
_FOOTER_NUMBER = re.compile(r"\b((?:CM)?\d{2}-\d{6,8})\b", re.IGNORECASE)
_CASE_NUMBER_LABEL = re.compile(rf"{_NUMBER_LABEL}:?", re.IGNORECASE)
# A line that has nothing else: "Re: CM13-0012345", "IMR # CM13-0012345".
_NUMBER_LINE = re.compile(
    r"^[ ]*(?:Re|IMR|MAXIMUS|File|Reference)\b[ #:.]{1,4}(?:No\b\.?[ :]*)?(?P<number>CM\d{2}-\d{6,8})[ ]*$",
    re.IGNORECASE | re.MULTILINE,
)
# What an optical reader takes a zero or a one for. Certain only among digits.
_MISREAD = str.maketrans("OoIl|iL", "0011111")
_MOST_MISREAD = 2

_LABELS = {
    "assigned": r"Date\s*Assigned",
    "of_injury": r"Date\s*of\s*Injury",
    "decision": r"Decision\s*Date",
    "ur_denial": rf"(?:UR\s*Denial\s*Date|Date\s*of\s*UR\s*{UR_DECISION})",
    # The table splits "Application / Received:"; the date stands after the second word, or, in columns, the first.
    "received": r"(?:Application\s+)?Received",
}
# Before a date the colon may be lost. ("received 11/28/2016" may stand in a sentence.)
_BARE = dict.fromkeys(set(_LABELS) - {"received"}, r"|(?=\s{1,20}\d{1,2}[/-])")
_LABEL_OR_DATE = re.compile(
    "|".join(rf"(?P<{name}>\b{label}(?:\s*:{{1,3}}{_BARE.get(name, '')}))" for name, label in _LABELS.items())
    + r"|(?P<application>\bApplication(?= +\d{1,2}/))"
    + rf"|(?P<date>\b{A_DAY})",
    re.IGNORECASE,
)
_PRIORITY = re.compile(r"\bPriority[:\s]*(?P<value>Standard|Expedited)\b", re.IGNORECASE)
_LONE_PRIORITY = re.compile(
    r"\b(?P<value>Standard|Expedited)\s+Application\b|^(?P<line>Standard|Expedited)$", re.IGNORECASE | re.MULTILINE
)


_Pair = tuple[re.Match[str], re.Match[str] | None]


def _pairs(text: str, start: int, end: int) -> list[_Pair]:
    """Every label with the date that belongs to it, None where that cannot be told.

    A date that follows its label on the same line is sure. What is left was torn apart by the extractor: as many
    dates as labels are paired in order, wherever they stand; else a label's date is the next thing after it.
    """
    marks = list(_LABEL_OR_DATE.finditer(text, start, end))
    sure: list[_Pair] = [pair for place, pair in enumerate(pairwise(marks)) if _is_sure(text, marks, place)]
    settled = {mark for pair in sure for mark in pair}
    rest = [mark for mark in marks if mark not in settled and mark.lastgroup != "application"]
    labels = [mark for mark in rest if mark.lastgroup != "date"]
    values = [mark for mark in rest if mark.lastgroup == "date"]
    if len(labels) == len(values) > 1:
        return sure + list(zip(labels, values, strict=True))
    return sure + _in_runs(rest)


def _is_sure(text: str, marks: list[re.Match[str]], place: int) -> bool:
    """Whether a label and its date stand side by side, and not at the joint of a run of labels and a run of dates."""
    label, value = marks[place], marks[place + 1]
    if label.lastgroup == "date" or value.lastgroup != "date" or text[label.end() : value.start()].strip(" "):
        return False
    if place and marks[place - 1].lastgroup != "date" and "\n" not in text[marks[place - 1].end() : label.start()]:
        return False
    after = marks[place + 2] if place + 2 < len(marks) else None
    return after is None or after.lastgroup != "date" or "\n" in text[value.end() : after.start()]


def _in_runs(marks: list[re.Match[str]]) -> list[_Pair]:
    """Pairs of the labels and dates in each run of labels and then dates.

    With fewer dates than labels only the label next to a single date is sure of it.
    """
    pairs: list[_Pair] = []
    labels: list[re.Match[str]] = []
    values: list[re.Match[str]] = []

    def settle() -> None:
        matched: list[re.Match[str] | None] = [None] * len(labels)
        if len(values) >= len(labels):
            matched = [*values[: len(labels)]]
        elif len(values) == 1:
            matched[-1] = values[0]
        pairs.extend(zip(labels, matched, strict=True))
        labels.clear()
        values.clear()

    for match in marks:
        if match.lastgroup == "date":
            values.append(match)
            continue
        if values:
            settle()
        labels.append(match)
    settle()
    return pairs


def read_case_number(clean: CleanText, start: int, end: int) -> tuple[Found[str] | None, list[Issue]]:
    """The case number in ``start:end`` of the clean text, else the one that the pages' footers give.

    A label without a number that can be read is an issue.
    """
    match = _CASE_NUMBER.search(clean.text, start, end)
    if match and sum(not character.isdigit() for character in match["serial"]) <= _MOST_MISREAD:
        number = f"{(match['cm'] or '').upper()}{match['year']}-{match['serial'].translate(_MISREAD)}"
        return Found(number, clean.span(*match.span("number"))), []
    label = _CASE_NUMBER_LABEL.search(clean.text, start, end)
    if label:  # all labels and then all values
        alone = [
            Found(m.group().upper(), clean.span(*m.span())) for m in _NUMBER_ALONE.finditer(clean.text, start, end)
        ]
    else:
        alone = [
            Found(m["number"].upper(), clean.span(*m.span("number")))
            for m in _NUMBER_LINE.finditer(clean.text, start, end)
        ]
    if number_alone := _agreed(alone):
        return number_alone, []
    found = ((_FOOTER_NUMBER.search(footer.value), footer.span) for footer in clean.footers)
    if in_footers := _agreed([Found(match[1].upper(), span) for match, span in found if match]):
        return in_footers, []
    if label:
        message = "A case number is announced, and what follows does not look like one."
        return None, [Issue("unreadable-case-number", message, clean.span(*label.span()))]
    return None, []


def _agreed(numbers: list[Found[str]]) -> Found[str] | None:
    """The first of ``numbers`` if they are all the same."""
    return numbers[0] if len({number.value for number in numbers}) == 1 else None


def read_dates(clean: CleanText, start: int, end: int) -> tuple[Dates, list[Issue]]:
    """The header's dates. A day that does not exist, or a label without its date, is an issue and not a date."""
    found: dict[str, Found[date]] = {}
    issues: list[Issue] = []
    for label, value in _pairs(clean.text, start, end):
        name = "received" if label.lastgroup == "application" else str(label.lastgroup)
        if name in found:
            continue
        on = day(value.group()) if value else None
        if value and on:
            found[name] = Found(on, clean.span(*value.span()))
        elif value:
            message = f"There is no such day: {value.group()!r}."
            issues.append(Issue("unreadable-date", message, clean.span(*value.span())))
        else:
            message = f"No date was found for {label.group()!r}."
            issues.append(Issue("unreadable-date", message, clean.span(*label.span())))
    return Dates(**found), issues


def read_priority(clean: CleanText, start: int, end: int) -> Found[str] | None:
    """The priority, "Standard" or "Expedited", None where the letter does not say."""
    match = _PRIORITY.search(clean.text, start, end) or _LONE_PRIORITY.search(clean.text, start, end)
    if match is None:
        return None
    group = match.lastgroup or "value"
    return Found(match.group(group).capitalize(), clean.span(*match.span(group)))
