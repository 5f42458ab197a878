"""What may stand at the opening of a letter of any form: its date, its determination, whether it is amended."""

from __future__ import annotations

import re
from datetime import date

from ..text.clean import CleanText
from ..text.searching import folded, holds
from ..types import Determination, Found

_DETERMINATION = re.compile(
    r"\bFinal\s+Determination\s*:\s*(?P<value>(?P<partial>PARTIAL(?:LY)?[\s-]+)?(?:(?P<uphold>UPH(?:OLD|ELD))|OVERTURN(?:ED)?))\b",
    re.IGNORECASE,
)
_LISTED = re.compile(
    r"\bin\s+Dispute\s+Listed\s+on\s+(?:the\s+)?IMR\s+Application\s*:(?P<words>.{0,3000}?)"
    r"(?=\n\s*Dear\b|MAXIMUS\s+Federal\s+Services\s+has\s+completed|\Z)",
    re.IGNORECASE | re.DOTALL,
)
# The word that calls a letter amended stands with the letter's name: "AMENDED FINAL DETERMINATION LETTER".
_LETTER_NAME = r"(?:IMR|independent\s+medical\s+review|final|determination|notice|decision|letter)\b"
_AMENDED = re.compile(
    rf"\b(?:amended|corrected|revised|re-?issued)(?:\s+(?:and\s+)?(?:{_LETTER_NAME})){{1,6}}"
    rf"|\b{_LETTER_NAME}\s*[(:–-]\s*(?:amended|corrected|revised|re-?issued)\b\)?"
    r"|^\s*\*{0,3}\(?(?:amended|corrected|re-?issued)\)?\*{0,3}\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_AMENDED_HINTS = ("amended", "corrected", "revised", "issued")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# "9/26/2013", "September 26, 2013", "Sep/26/2013".
_MONTH = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}"
A_DATE = rf"(?:\d{{1,2}}\s?[/-]\s?\d{{1,2}}\s?[/-]\s?\d{{4}}|{_MONTH}\.?[\s/-]*\d{{1,2}}[,\s/-]+\d{{4}})"
_DATED = re.compile(rf"\b(?:Dated|Date\s+of\s+(?:Decision|Determination))\s*:\s*(?P<date>{A_DATE})", re.IGNORECASE)


def day(text: str) -> date | None:
    """The day that ``text`` (as ``A_DATE`` finds it) writes; None if there is no such day."""
    month, number, year = re.findall(r"[A-Za-z]+|\d+", text)
    try:
        return date(int(year), _MONTHS.index(month[:3].lower()) + 1 if month.isalpha() else int(month), int(number))
    except ValueError:
        return None


def found_day(clean: CleanText, match: re.Match[str] | None) -> Found[date] | None:
    """The day in the group "date" of a match with its place, None where there is none."""
    value = day(match["date"]) if match else None
    return Found(value, clean.span(*match.span("date"))) if match and value else None


def read_dated(clean: CleanText, start: int, end: int) -> Found[date] | None:
    """The date of the letter itself ("Dated: 9/26/2013"), which is the day of the decision."""
    return found_day(clean, _DATED.search(clean.text, start, end))


def read_determination(clean: CleanText, start: int, end: int) -> Found[Determination] | None:
    """What the cover page says of all items together."""
    match = _DETERMINATION.search(clean.text, start, end)
    if match is None:
        return None
    value = Determination.PARTIAL_OVERTURN if match["partial"] else Determination.OVERTURN
    return Found(Determination.UPHOLD if match["uphold"] else value, clean.span(*match.span("value")))


def read_listed(clean: CleanText, start: int, end: int) -> Found[str] | None:
    """The requests as the cover page lists them from the application."""
    match = _LISTED.search(clean.text, start, end)
    if match is None or not match["words"].strip():
        return None
    words = match["words"]
    begin = match.start("words") + len(words) - len(words.lstrip())
    return clean.found(begin, begin + len(words.strip()))


def read_amended(clean: CleanText, start: int, end: int) -> Found[str] | None:
    """The words that call the letter an amended or corrected one."""
    if not holds(folded(clean.text[start:end]), _AMENDED_HINTS):
        return None
    match = _AMENDED.search(clean.text, start, end)
    if match is None:
        return None
    words = match.group()
    begin = match.start() + len(words) - len(words.lstrip())
    return clean.found(begin, begin + len(words.strip()))
