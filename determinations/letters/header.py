"""The header table: case number, five dates, priority, wherever the table's cells ended up."""

from __future__ import annotations

import re
from datetime import date

from .clean import CleanText
from .types import Dates, Found, Issue

# CM16-0219557; the first posted decisions are numbered 13-000004; an eight-digit CM16-10000001 exists.
_CASE_NUMBER = re.compile(
    r"\bCase\s+Number:?\s*(?P<number>(?P<cm>CM)?\s?(?P<year>\d{2})\s?[-‐‑–—]\s?(?P<serial>\d{6,8}))\b", re.IGNORECASE
)
_CASE_NUMBER_LABEL = re.compile(r"\bCase\s+Number:?", re.IGNORECASE)

_LABELS = {
    "assigned": r"Date\s+Assigned",
    "of_injury": r"Date\s+of\s+Injury",
    "decision": r"Decision\s+Date",
    "ur_denial": r"UR\s+Denial\s+Date",
    # The table splits "Application / Received:"; the date stands after the second word.
    "received": r"(?:Application\s+)?Received",
}
_LABEL_OR_DATE = re.compile(
    "|".join(rf"(?P<{name}>\b{label}\s*:)" for name, label in _LABELS.items())
    + r"|(?P<date>\b\d{1,2}\s*[/-]\s*\d{1,2}\s*[/-]\s*\d{4}\b|\b\d{4}-\d{2}-\d{2}\b)",
    re.IGNORECASE,
)
_YEARS = range(1900, 2100)  # an injury may be older than most readers; "0216" is a typing mistake
_PRIORITY = re.compile(r"\bPriority:?\s*(?P<value>Standard|Expedited)\b", re.IGNORECASE)
_LONE_PRIORITY = re.compile(r"\b(?P<value>Standard|Expedited)\s+Application\b", re.IGNORECASE)


def _date(text: str) -> date | None:
    """A date written m/d/yyyy, m-d-yyyy or yyyy-mm-dd; None if there is no such day or the year is mistyped."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    year, month, day = numbers if len(str(numbers[0])) == 4 else (numbers[2], numbers[0], numbers[1])
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _pairs(text: str, start: int, end: int) -> list[tuple[re.Match[str], re.Match[str] | None]]:
    """Every label with the date that belongs to it, None where that cannot be told.

    A label's date is the next thing after it. Where an extractor wrote several labels and then as many dates, they
    are paired in order; with fewer dates than labels only the label next to a single date is sure of it.
    """
    pairs: list[tuple[re.Match[str], re.Match[str] | None]] = []
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

    for match in _LABEL_OR_DATE.finditer(text, start, end):
        if match.lastgroup == "date":
            values.append(match)
            continue
        if values:
            settle()
        labels.append(match)
    settle()
    return pairs


def read_case_number(clean: CleanText, start: int, end: int) -> tuple[Found[str] | None, list[Issue]]:
    """The case number in ``start:end`` of the clean text; a label without a number that can be read is an issue."""
    match = _CASE_NUMBER.search(clean.text, start, end)
    if match:
        number = f"{(match['cm'] or '').upper()}{match['year']}-{match['serial']}"
        return Found(number, clean.span(*match.span("number"))), []
    label = _CASE_NUMBER_LABEL.search(clean.text, start, end)
    if label:
        message = "A case number is announced, and what follows does not look like one."
        return None, [Issue("unreadable-case-number", message, clean.span(*label.span()))]
    return None, []


def read_dates(clean: CleanText, start: int, end: int) -> tuple[Dates, list[Issue]]:
    """The header's dates. A day that does not exist, or a label without its date, is an issue and not a date."""
    found: dict[str, Found[date]] = {}
    issues: list[Issue] = []
    for label, value in _pairs(clean.text, start, end):
        name = str(label.lastgroup)
        if name in found:
            continue
        day = _date(value.group()) if value else None
        if value and day:
            found[name] = Found(day, clean.span(*value.span()))
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
    return Found(match.group("value").capitalize(), clean.span(*match.span("value"))) if match else None
