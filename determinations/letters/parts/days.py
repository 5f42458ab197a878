"""Days as letters write them: 9/26/2013, 9-26-13, 2013-09-26, September 26th, 2013, Sep/26/2013, 26 September 2013."""

from __future__ import annotations

import re
from datetime import date

from ..text.clean import CleanText
from ..types import Found

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?:{'|'.join(MONTHS)})[a-z]{{0,6}}"
A_DAY = (
    r"(?:\d{4}-\d{2}-\d{2}(?!\d)"
    r"|\d{1,2}\s?[/-]\s?\d{1,2}\s?[/-]\s?(?:\d{4}|\d{2})(?!\d)"
    rf"|{_MONTH}\.?[\s/-]*\d{{1,2}}(?:st|nd|rd|th)?[,\s/-]+\d{{4}}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[\s/-]+{_MONTH}\.?[,\s/-]+\d{{4}}(?!\d))"
)
_PARTS = re.compile(r"[A-Za-z]{3,}|\d+")
_YEARS = range(1900, 2100)  # an injury may be older than most readers; "0216" is a typing mistake
_LAST_CENTURY = 40  # a year of two digits from this one on


def day(text: str) -> date | None:
    """The day that ``text`` (as ``A_DAY`` finds it) writes; None if there is no such day or the year is mistyped."""
    first, second, third = (part.lower() for part in _PARTS.findall(text))
    if first.isalpha() or second.isalpha():
        name, number, year = (first, second, third) if first.isalpha() else (second, first, third)
        month = MONTHS.index(name[:3]) + 1
    elif len(first) == 4:
        year, month, number = first, int(second), third
    else:
        month, number, year = int(first), second, third
    full = int(year) + (0 if len(year) > 2 else 1900 if int(year) >= _LAST_CENTURY else 2000)
    try:
        return date(full, month, int(number)) if full in _YEARS else None
    except ValueError:
        return None


def found_day(clean: CleanText, match: re.Match[str] | None) -> Found[date] | None:
    """The day in the group "date" of a match with its place, None where there is none."""
    value = day(match["date"]) if match else None
    return Found(value, clean.span(*match.span("date"))) if match and value else None
