"""What may stand at the opening of a letter of any form: its date, its determination, whether it is amended."""

from __future__ import annotations

import re
from datetime import date

from ..parts.days import A_DAY, found_day
from ..text.clean import CleanText
from ..text.searching import folded, holds
from ..types import Determination, Found

_DETERMINATION = re.compile(
    r"\bFinal\s+Determination\s*(?::|[–—-]|(?=(?-i:PARTIAL|UPH|OVERT)))\s*"
    r"(?P<value>(?P<partial>PARTIAL(?:LY)?[\s-]+)?(?:(?P<uphold>UPH(?:OLD|ELD))|OVERTURN(?:ED)?)(?P<part>\s+IN\s+PART)?)\b",
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
    rf"\b(?:amended|corrected|revised|re-?issued)(?:\s+(?:(?:and|of)\s+)?(?:{_LETTER_NAME})){{1,6}}"
    rf"|\b{_LETTER_NAME}\s*[(:–-]\s*(?:amended|corrected|revised|re-?issued)\b\)?"
    r"|^\s*\*{0,3}\(?(?:amended|corrected|re-?issued)\)?\*{0,3}\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_AMENDED_HINTS = ("amended", "corrected", "revised", "issued")
# Shorter labels only at the beginning of a line: "UR Denial Date:" and "the denial dated 8/30/2013" date other things.
_DATED = re.compile(
    r"(?:\b(?:Dated|Date\s+of\s+(?:this\s+)?(?:Decision|Determination|Letter|Notice))\s*:"
    r"|^[ ]*(?-i:D(?:ated?|ATED?))\b\s*:?)"
    rf"\s*(?P<date>{A_DAY})",
    re.IGNORECASE | re.MULTILINE,
)


def read_dated(clean: CleanText, start: int, end: int) -> Found[date] | None:
    """The date of the letter itself ("Dated: 9/26/2013"), which is the day of the decision."""
    return found_day(clean, _DATED.search(clean.text, start, end))


def read_determination(clean: CleanText, start: int, end: int) -> Found[Determination] | None:
    """What the cover page says of all items together."""
    match = _DETERMINATION.search(clean.text, start, end)
    if match is None:
        return None
    value = Determination.UPHOLD if match["uphold"] else Determination.OVERTURN
    if match["partial"] or match["part"]:  # what is upheld in part is overturned in part
        value = Determination.PARTIAL_OVERTURN
    return Found(value, clean.span(*match.span("value")))


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
