"""How often, how long and with how many refills something is asked for; letters/quantities.py reads how much.

Each reader answers None (or nothing) where the words give no value, or two that differ: "2 x a week for 3 weeks, then
1 x a week for 3 weeks" has no one frequency. What is not said is not worked out: 3 times a week for 4 weeks has no
quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from ..facts import Amount, Frequency
from ..text.searching import folded, holds
from ..types import Found, Span

T = TypeVar("T")

_ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen"),
    *("fourteen", "fifteen", "sixteen"),
)
_WORDS = {word: Decimal(number) for number, word in enumerate(_ONES, 1)} | {
    "eighteen": Decimal(18),
    "twenty": Decimal(20),
    "twenty-four": Decimal(24),
    "thirty": Decimal(30),
    "once": Decimal(1),
    "twice": Decimal(2),
    "thrice": Decimal(3),
}
WORD = "|".join(sorted((word for word in _WORDS if word not in {"once", "twice", "thrice"}), key=len, reverse=True))
N = rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?(?!\d)|(?:{WORD})\b)"
AGAIN = rf"(?:\s?\((?:\d{{1,4}}|{WORD})\))?"  # "eight (8)", "8 (eight)"
# A number, or a range of two; not a part of a date, dose, code or level.
_NUMBER = rf"(?<![\w./#%$-])(?P<n>{N}){AGAIN}(?:\s?(?:-|\u2013|to|or)\s?(?P<m>{N}){AGAIN})?"

_PERIOD = r"(?P<period>day|week|wk|month|mo|night)s?\b"
_FREQUENCIES = (
    # "3 times a week", "2-3x/week", "3 visits per week", "5 days a week"
    re.compile(
        rf"{_NUMBER}[\s-]?(?:(?:times?|x|visits?|sessions?|treatments?|days?)[\s-]?)?"
        rf"(?:\ba|\bper|\beach|\bevery|/)\s?{_PERIOD}",
        re.IGNORECASE,
    ),
    # "3 x week", "2 times weekly", "3xwk"
    re.compile(
        rf"{_NUMBER}\s?(?:times?|x)\s?(?P<period>daily|weekly|monthly|nightly|week|wk|day|month)(?![a-z])",
        re.IGNORECASE,
    ),
    # "twice a week", "once daily"
    re.compile(
        r"(?<![\w-])(?P<n>once|twice|thrice)\s(?:(?:a|per|each|every)\s)?"
        r"(?P<period>daily|weekly|monthly|nightly|day|week|month|night)\b",
        re.IGNORECASE,
    ),
)
_PERIODS = {
    **dict.fromkeys(("day", "daily", "night", "nightly"), "day"),
    **dict.fromkeys(("week", "wk", "weekly"), "week"),
    **dict.fromkeys(("month", "mo", "monthly"), "month"),
}
_MOST = {"day": 12, "week": 14, "month": 31}
_SIG = re.compile(
    r"(?<![\w./-])(?:(?P<bid>b\.?i\.?d)|(?P<tid>t\.?i\.?d)|(?P<qid>q\.?i\.?d)"
    r"|(?P<once>q\.?d|q\.?h\.?s|q[ap]m|q\s?day|q\s?daily|at\sbedtime|at\snight|every\s(?:day|night|morning|evening)"
    r"|(?<=mg\s)daily|(?<=tab\s)daily|(?<=tablet\s)daily|(?<=capsule\s)daily|(?<=mouth\s)daily|(?<=po\s)daily|nightly))"
    r"(?![\w-])",
    re.IGNORECASE,
)
_SIGS = {"once": 1, "bid": 2, "tid": 3, "qid": 4}
_HOURS = re.compile(
    rf"(?<![\w./-])(?:q\.?\s?|every\s)(?P<n>{N}){AGAIN}(?:\s?(?:-|to)\s?(?P<m>{N}){AGAIN})?\s?(?:h|hr|hrs|hours?)\b",
    re.IGNORECASE,
)
# "3 x 4": times a week by weeks, in requests for therapy only
_TIMES_WEEKS = re.compile(
    r"(?<![\w./#-])(?:(?P<low>[1-7])\s?-\s?)?(?P<n>[1-7])\s?(?:x|times)\s?(?P<m>\d{1,2})(?:\s?(?P<weeks>weeks?|wks?)\b)?"
    r"(?!\s?(?:[\d./%x]|mg|mm|cm|in\b|inch|ft|feet|days?|months?|hours?|visits?|sessions?|units?|times|min))",
    re.IGNORECASE,
)

_UNIT_OF_TIME = r"(?P<unit>day|week|wk|month|mo|year|yr)s?\b'?"
_DURATION = re.compile(
    rf"(?:(?<![\w./#%$-])|(?<=\bx)|(?<=\bX))(?P<n>{N}){AGAIN}(?:\s?(?:-|\u2013|to|or)\s?(?P<m>{N}){AGAIN})?"
    rf"[\s-]?{_UNIT_OF_TIME}",
    re.IGNORECASE,
)
_SUPPLY = re.compile(rf"\b(?P<unit>day|week|month)s?'?\ssupply\s?[:#=]\s?(?P<n>{N})", re.IGNORECASE)
_TIMES_OF = {"wk": "week", "mo": "month", "yr": "year"}
_POINT_IN_TIME = re.compile(
    r"(?:\b(?:every|each|in|within|after|past|last|post|ago|aged?|than|before|at|of\sage|q)|\bper|/)\s?\Z",
    re.IGNORECASE,
)
_NO_DURATION = re.compile(
    r"\s?(?:(?:a|per|each|every|ago|old|post|after|later|prior|from|apart|before|s/p|follow|check|visit|re-?check|recheck"
    r"|re-?evaluation|appointment)\b|/|supply\s?[:#=])",
    re.IGNORECASE,
)

_REFILLS = (
    re.compile(
        rf"(?:(?<![\w./#-])|(?<=\bx)|(?<=\bX))(?P<n>{N}|no|zero){AGAIN}\s(?:(?:additional|more)\s)?(?:refills?|rf)\b"
        r"(?!\s?(?:[:=x]\s?)?\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\brefills?\s?(?:(?:[:=(]|x|times)\s?){{0,2}}(?P<n>{N})(?!\s?(?:mg|mcg|%|/|\.|g\b|ml|tab|cap|day|week|month))",
        re.IGNORECASE,
    ),
)

_MOST_REFILLS = 12
# What the patterns above cannot do without: most titles hold none of it.
_PERIOD_HINTS = ("da", "week", "wk", "mo", "night")
_TIME_HINTS = ("day", "week", "wk", "mo", "year", "yr")
_SIG_HINTS = ("id", "i.d", "q", "bed", "night", "every", "daily")


def value_of(number: str) -> Decimal:
    """The value of a number in figures or in words."""
    return _WORDS.get(folded(number)) or Decimal(number)


def _one(found: Iterable[Found[T]]) -> Found[T] | None:
    """The first of ``found`` where all have its value, else None."""
    values = list(found)
    return values[0] if values and all(one.value == values[0].value for one in values) else None


def ends_of(match: re.Match[str]) -> tuple[Decimal, Decimal | None]:
    """The greater and, of a range, the lesser number of a match."""
    first = value_of(match["n"])
    second = value_of(match["m"]) if "m" in match.re.groupindex and match["m"] else None
    if second is None or second == first:
        return first, None
    return max(first, second), min(first, second)


def span_of(match: re.Match[str]) -> Span:
    """Where a match stands."""
    return Span(match.start(), match.end())


# ---- how often, how long --------------------------------------------------------------------------------------------
def read_frequency(text: str) -> Found[Frequency] | None:
    """How often, where it is said once or always alike."""
    found: dict[int, Found[Frequency]] = {}
    lower = folded(text)
    for pattern in _FREQUENCIES if holds(lower, _PERIOD_HINTS) else ():
        for match in pattern.finditer(text):
            times, low = ends_of(match)
            period = _PERIODS[folded(match["period"])]
            if times <= _MOST[period] and times:
                found.setdefault(match.start(), Found(Frequency(times, period, low), span_of(match)))
    for match in _SIG.finditer(text) if holds(lower, _SIG_HINTS) else ():
        found[match.start()] = Found(Frequency(Decimal(_SIGS[match.lastgroup or "once"]), "day"), span_of(match))
    for match in _HOURS.finditer(text) if "q" in lower or "every" in lower else ():
        hours, least = ends_of(match)
        if hours and not 24 % hours and (least is None or not 24 % least):
            most = 24 / (least or hours)
            found[match.start()] = Found(Frequency(most, "day", 24 / hours if least else None), span_of(match))
    return _one(found[start] for start in sorted(found))


def read_times_by_weeks(text: str) -> tuple[Found[Frequency], Found[Amount]] | None:
    """Frequency and duration of "3 x 4", as requests for therapy write three times a week for four weeks."""
    matches = list(_TIMES_WEEKS.finditer(text))
    if len(matches) != 1:
        return None
    (match,) = matches
    weeks = Amount(Decimal(match["m"]), "week")
    if not weeks.number or not (match["weeks"] or weeks.number <= 12):
        return None
    low = Decimal(match["low"]) if match["low"] and match["low"] < match["n"] else None
    often = Found(Frequency(Decimal(match["n"]), "week", low), Span(match.start(), match.end("n")))
    return often, Found(weeks, Span(match.start("m"), match.end()))


def read_duration(text: str) -> Found[Amount] | None:
    """How long; not when ("in 4 weeks", "6 weeks after"), and not how often ("every 2 weeks", "5 days a week")."""
    found = []
    if not holds(folded(text), _TIME_HINTS):
        return None
    for match in _DURATION.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if not _POINT_IN_TIME.search(before) and not _NO_DURATION.match(text, match.end()):
            number, low = ends_of(match)
            unit = match["unit"].lower()
            found.append(Found(Amount(number, _TIMES_OF.get(unit, unit), low), span_of(match)))
    found += [
        Found(Amount(value_of(match["n"]), match["unit"].lower()), span_of(match)) for match in _SUPPLY.finditer(text)
    ]
    # Twice the same may be one after the other: "for 3 weeks, then for 3 weeks".
    return found[0] if len(found) == 1 else None


def read_refills(text: str) -> Found[int] | None:
    """The number of refills; 0 for "no refills"."""
    lowered = text.lower()
    if "refill" not in lowered and "rf" not in lowered:
        return None
    found: list[Found[int]] = []
    for pattern in _REFILLS:
        found += [Found(_refills(match["n"]), span_of(match)) for match in pattern.finditer(text)]
        found = [one for one in found if one.value <= _MOST_REFILLS]
        if found:
            break
    return _one(found)


def _refills(number: str) -> int:
    return 0 if number.lower() in {"no", "zero"} else int(value_of(number))
