"""Numbers in a request: quantity, doses, frequency, duration, refills.

Each reader answers None (or nothing) where the words give no value, or two that differ: "2 x a week for 3 weeks, then
1 x a week for 3 weeks" has no one frequency. What is not said is not worked out: 3 times a week for 4 weeks has no
quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TypeVar

from .facts import Amount, Frequency
from .types import Found, Span

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
}
_WORD = "|".join(sorted((word for word in _WORDS if word not in {"once", "twice"}), key=len, reverse=True))
_N = rf"(?:\d{{1,4}}(?:\.\d{{1,2}})?(?!\d)|(?:{_WORD})\b)"
_AGAIN = rf"(?:\s?\((?:\d{{1,4}}|{_WORD})\))?"  # "eight (8)", "8 (eight)"
# A number, or a range of two; not a part of a date, dose, code or level.
_NUMBER = rf"(?<![\w./#%$-])(?P<n>{_N}){_AGAIN}(?:\s?(?:-|\u2013|to|or)\s?(?P<m>{_N}){_AGAIN})?"

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
        r"(?<![\w-])(?P<n>once|twice)\s(?:(?:a|per|each|every)\s)?"
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
    rf"(?<![\w./-])(?:q\.?\s?|every\s)(?P<n>{_N}){_AGAIN}(?:\s?(?:-|to)\s?(?P<m>{_N}){_AGAIN})?\s?(?:h|hr|hrs|hours?)\b",
    re.IGNORECASE,
)
# "3 x 4": times a week by weeks, in requests for therapy only
_TIMES_WEEKS = re.compile(
    r"(?<![\w./#-])(?P<n>[1-7])\s?(?:x|times)\s?(?P<m>\d{1,2})(?:\s?(?P<weeks>weeks?|wks?)\b)?"
    r"(?!\s?(?:[\d./%x]|mg|mm|cm|in\b|inch|ft|feet|days?|months?|hours?|visits?|sessions?|units?|times|min))",
    re.IGNORECASE,
)

_UNIT_OF_TIME = r"(?P<unit>day|week|wk|month|mo|year|yr)s?\b'?"
_DURATION = re.compile(
    rf"(?:(?<![\w./#%$-])|(?<=\bx)|(?<=\bX))(?P<n>{_N}){_AGAIN}(?:\s?(?:-|\u2013|to|or)\s?(?P<m>{_N}){_AGAIN})?"
    rf"[\s-]?{_UNIT_OF_TIME}",
    re.IGNORECASE,
)
_SUPPLY = re.compile(rf"\b(?P<unit>day|week|month)s?'?\ssupply\s?[:#=]\s?(?P<n>{_N})", re.IGNORECASE)
_TIMES_OF = {"wk": "week", "mo": "month", "yr": "year"}
_POINT_IN_TIME = re.compile(
    r"(?:\b(?:every|each|in|within|after|past|last|post|ago|aged?|than|before|at|of\sage|q)|\ba|\bper|/)\s?\Z",
    re.IGNORECASE,
)
_NO_DURATION = re.compile(
    r"\s?(?:(?:a|per|each|every|ago|old|post|after|later|prior|from|apart|before|s/p|follow|check|visit|re-?check|recheck"
    r"|re-?evaluation|appointment)\b|/|supply\s?[:#=])",
    re.IGNORECASE,
)

_REFILLS = (
    re.compile(
        rf"(?:(?<![\w./#-])|(?<=\bx)|(?<=\bX))(?P<n>{_N}|no|zero){_AGAIN}\s(?:(?:additional|more)\s)?(?:refills?|rf)\b"
        r"(?!\s?(?:[:=x]\s?)?\d)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\brefills?\s?(?:(?:[:=(]|x|times)\s?){{0,2}}(?P<n>{_N})(?!\s?(?:mg|mcg|%|/|\.|g\b|ml|tab|cap|day|week|month))",
        re.IGNORECASE,
    ),
)

_MOST_REFILLS = 12

_UNITS = (
    *(
        "visit",
        "session",
        "treatment",
        "tablet",
        "capsule",
        "patch",
        "box",
        "bottle",
        "tube",
        "vial",
        "pair",
        "pad",
        "pack",
    ),
    *(
        "package",
        "set",
        "kit",
        "unit",
        "injection",
        "hour",
        "pill",
        "suppository",
        "syringe",
        "canister",
        "inhaler",
        "bag",
    ),
    *("jar", "roll"),
)
_SHORT_UNITS = {
    "tab": "tablet",
    "cap": "capsule",
    "hr": "hour",
    "patche": "patch",
    "boxe": "box",
    "suppositorie": "suppository",
}
_COUNTED = {unit: unit for unit in _UNITS} | _SHORT_UNITS  # wording without its "s" -> unit
_UNIT = rf"(?P<unit>{'|'.join(sorted(_COUNTED, key=len, reverse=True))})s?\b"
_HASH = re.compile(
    rf"(?:\b{_UNIT}\s?)?(?<!\w)#\s?:?\s?(?P<n>\d{{1,4}}(?:\.\d{{1,2}})?)(?![\w.,/%-]?\d)"
    rf"(?:\s{_UNIT.replace('unit>', 'after>')})?",
    re.IGNORECASE,
)
_NO_COUNT_BEFORE = re.compile(
    r"(?:\b(?:tooth|teeth|order|claim|invoice|case|part|item|code|rx|ref|visit|session|phase|step|level|crown|implant)"
    r"|(?P<codeine>\b(?:tylenol|codeine|tyl|t|apap|acetaminophen)(?:\s(?:with|w/)\s?codeine)?))\s?(?:no\.?\s?)?\Z",
    re.IGNORECASE,
)
_QTY = re.compile(
    rf"(?:\b(?:qty|quantity|disp(?:ense)?)\b\.?\s?(?:of|is)?\s?[:#=-]{{0,2}}\s?(?P<n>{_N})(?![\w./-]?\d)(?:\s{_UNIT})?"
    rf"|(?<![\w./#-])(?P<m>\d{{1,4}})\s?(?:qty|count)\b)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?:(?<![\w./#%$-])|(?<=\bx)|(?<=\bX))(?P<n>{_N}){_AGAIN}(?:\s?(?:-|\u2013|to|or)\s?(?P<m>{_N}){_AGAIN})?"
    rf"(?P<between>[\s-](?:[a-z][a-z'/-]{{0,24}}\s){{0,4}}?){_UNIT}",
    re.IGNORECASE,
)
# Words that part a number from a noun behind it.
_PARTING = re.compile(
    r"\b(?:for|of|to|the|a|an|per|with|x|times?|days?|weeks?|wks?|months?|years?|mg|every|each|in|at|by|from|refills?|minutes?|mins?"
    r"|views?|levels?|and|or)\b",
    re.IGNORECASE,
)
_RATE = re.compile(r"\s?(?:\(\d+\)\s?)?(?:(?:a|per|each|every|weekly|daily|before|after|prior)\b|/)", re.IGNORECASE)
_TAKEN_BEFORE = re.compile(r"\b(?:take|takes|taking|apply|use|uses|every|q|1/)\s?\Z", re.IGNORECASE)
_TAKEN = re.compile(
    r"\s?(?:by|po|p\.o|oral|orally|daily|twice|once|three|two|one|q\.?\s?\d|qd|qhs|every|each|bid|tid|qid|b\.i|t\.i|at|per|a|as|prn|up|to"
    r"|\d)\b",
    re.IGNORECASE,
)
_TAKEN_UNITS = frozenset({"tablet", "capsule", "pill", "patch", "suppository"})
_UNIT_FIRST = re.compile(
    rf"\b(?P<unit>visit|session|treatment)s?\s?(?:,|:|x|times|-|\()\s?(?P<n>{_N})\)?"
    r"(?![\w./-])(?!\s?(?:x|times?|per|a\b|days?|weeks?|wks?|months?|min|-|/))",
    re.IGNORECASE,
)
_BY = re.compile(
    rf"(?<![\w.])(?:x|times)\s?(?P<n>{_N}){_AGAIN}(?![\w./-]?\d)"
    r"(?!\s?-?(?:days?|weeks?|wks?|months?|mos?\b|years?|mg|x\b|per\b|/|a\b|hrs?|hours?|min|refills?|rf\b|levels?|views?|mm|cm|inch|to\b))",
    re.IGNORECASE,
)
_NOT_BY = re.compile(
    r"(?:\d|\b(?:week|wk|day|month|daily|weekly|refills?|once|twice|" + _WORD + r"))\)?\s?\Z", re.IGNORECASE
)
_LEADING = re.compile(
    rf"\W{{0,2}}(?P<n>{_N}){_AGAIN}\s(?!(?:views?|levels?|days?|weeks?|months?|years?|hours?|times?|x(?!-?ray)|to|or|in|and|wheel\w*|points?"
    r"|prongs?|leads?|channels?|tesla|mg|mcg|ml|refills?|persons?|steps?|phases?|stages?|parts?|way|d|sided|minutes?|compartment)\b)[a-z]",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[a-z)],\s?(?P<n>\d{1,2})\s?\Z", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\w\s?\((?P<n>\d{1,2})\)(?!\s?\w)")
_MEASURE = re.compile(
    r"(?<![\w./%-])(?P<n>\d{1,4}(?:\.\d{1,2})?)\s?(?P<unit>grams?|gms?|g|ml|mls|ounces?|oz)\b(?!\s?/)", re.IGNORECASE
)
_MEASURES = {"g": "gram", "gm": "gram", "gram": "gram", "ml": "ml", "oz": "ounce", "ounce": "ounce"}
_LEAST_MEASURE = 15  # grams or ml: less is a dose, not what is dispensed

_STRENGTH = r"(?:\d{1,3},\d{3}|\d{1,5}(?:\.\d{1,4})?|\.\d{1,4})"
_DOSE = re.compile(
    rf"(?<![\w.,/#$])(?<!\d-)(?P<first>{_STRENGTH})(?:\s?(?:mg|mcg|%)?\s?[-/]\s?{_STRENGTH}){{0,3}}\s?-?"
    r"(?:(?P<unit>mg|mcg|\u00b5g|\u03bcg|ug|meq|iu|percent|units?|grams?|gm|g)\b|%(?!\w))"
    r"(?:\s?/\s?(?:\d{1,3}(?:\.\d)?\s?)?(?:hr|hour|h|ml|gm|g|dose|actuation|spray|patch)\b)?",
    re.IGNORECASE,
)
_PLAIN_DOSE = re.compile(r"\s(?P<dose>\d{1,3}(?:\.\d{1,2})?[/-]\d{2,3}(?:\.\d{1,2})?)(?![/\w-])")
_BY_UNITS = frozenset({"Botulinum toxins", "Antidiabetics", "Anti-coagulant"})  # drugs that are dosed in units


def value_of(number: str) -> Decimal:
    """The value of a number in figures or in words."""
    return _WORDS.get(number.lower()) or Decimal(number)


def _one(found: Iterable[Found[T]]) -> Found[T] | None:
    """The first of ``found`` where all have its value, else None."""
    values = list(found)
    return values[0] if values and all(one.value == values[0].value for one in values) else None


def _ends(match: re.Match[str]) -> tuple[Decimal, Decimal | None]:
    """The greater and, of a range, the lesser number of a match."""
    first = value_of(match["n"])
    second = value_of(match["m"]) if "m" in match.re.groupindex and match["m"] else None
    if second is None or second == first:
        return first, None
    return max(first, second), min(first, second)


def _span(match: re.Match[str]) -> Span:
    return Span(match.start(), match.end())


# ---- how often, how long --------------------------------------------------------------------------------------------
def read_frequency(text: str) -> Found[Frequency] | None:
    """How often, where it is said once or always alike."""
    found: dict[int, Found[Frequency]] = {}
    for pattern in _FREQUENCIES:
        for match in pattern.finditer(text):
            times, low = _ends(match)
            period = _PERIODS[match["period"].lower()]
            if times <= _MOST[period] and times:
                found.setdefault(match.start(), Found(Frequency(times, period, low), _span(match)))
    for match in _SIG.finditer(text):
        found[match.start()] = Found(Frequency(Decimal(_SIGS[match.lastgroup or "once"]), "day"), _span(match))
    for match in _HOURS.finditer(text):
        hours, least = _ends(match)
        if hours and not 24 % hours and (least is None or not 24 % least):
            most = 24 / (least or hours)
            found[match.start()] = Found(Frequency(most, "day", 24 / hours if least else None), _span(match))
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
    often = Found(Frequency(Decimal(match["n"]), "week"), Span(match.start("n"), match.end("n")))
    return often, Found(weeks, Span(match.start("m"), match.end()))


def read_duration(text: str) -> Found[Amount] | None:
    """How long; not when ("in 4 weeks", "6 weeks after"), and not how often ("every 2 weeks", "5 days a week")."""
    found = []
    for match in _DURATION.finditer(text):
        before = text[max(0, match.start() - 12) : match.start()]
        if not _POINT_IN_TIME.search(before) and not _NO_DURATION.match(text, match.end()):
            number, low = _ends(match)
            unit = match["unit"].lower()
            found.append(Found(Amount(number, _TIMES_OF.get(unit, unit), low), _span(match)))
    for match in _SUPPLY.finditer(text):
        found.append(Found(Amount(value_of(match["n"]), match["unit"].lower()), _span(match)))
    return _one(found)


def read_refills(text: str) -> Found[int] | None:
    """The number of refills; 0 for "no refills"."""
    found: list[Found[int]] = []
    for pattern in _REFILLS:
        found += [Found(_refills(match["n"]), _span(match)) for match in pattern.finditer(text)]
        found = [one for one in found if one.value <= _MOST_REFILLS]
        if found:
            break
    return _one(found)


def _refills(number: str) -> int:
    return 0 if number.lower() in {"no", "zero"} else int(value_of(number))


# ---- how much -------------------------------------------------------------------------------------------------------
def read_quantity(
    text: str, doses: tuple[Found[str], ...], *, names_something: bool, frequency: bool, therapy: bool
) -> Found[Amount] | None:
    """How many were asked for, by the surest of the ways to say it: "#60", "12 visits", "x 12", "Two X-rays", "240 ml".

    ``doses``: what ``read_doses`` gave, which is no quantity ("Botox 200 units"); ``names_something``: whether a procedure is named; ``frequency``: whether one is said, beside which "x 6" may mean
    weeks; ``therapy``: whether a therapy is named, whose "(6)" are visits.
    """
    in_doses = {at for dose in doses for at in range(dose.span.start, dose.span.end)}
    found = [*_by_sign(text)] or [one for one in _by_unit(text) if one.span.start not in in_doses]
    if not found and not frequency:
        found = [*_by_times(text)]
    if not found and names_something and (match := _LEADING.match(text)):
        found = [_bare(match)]
    if not found:
        found = [*_by_measure(text)]
    if not found and names_something and (match := _TRAILING.search(text)):
        found = [_bare(match)]
    if not found and therapy and not frequency:
        found = [_bare(match) for match in _IN_BRACKETS.finditer(text)]
    found = [one for one in found if one.value.number]
    if len({(one.value.number, one.value.low) for one in found}) != 1:
        return None
    return next((one for one in found if one.value.unit), found[0])


def _bare(match: re.Match[str]) -> Found[Amount]:
    return Found(Amount(value_of(match["n"]), ""), Span(match.start("n"), match.end("n")))


def _by_times(text: str) -> Iterable[Found[Amount]]:
    """Counts by times: "x 12", "times 6"."""
    for match in _BY.finditer(text):
        if not _NOT_BY.search(text[max(0, match.start() - 12) : match.start()]):
            yield Found(Amount(value_of(match["n"]), ""), _span(match))


def _by_sign(text: str) -> Iterable[Found[Amount]]:
    """Counts by sign: "#60", "Qty: 30", "tabs #30"."""
    if "#" in text:
        for match in _HASH.finditer(text):
            before = _NO_COUNT_BEFORE.search(
                text[max(0, text.index("#", match.start()) - 24) : text.index("#", match.start())]
            )
            number = Decimal(match["n"])
            if not before or (before["codeine"] and number not in {2, 3, 4}):
                unit = match["unit"] or match["after"] or ""
                yield Found(Amount(number, _COUNTED.get(unit.lower(), "")), _span(match))
    for match in _QTY.finditer(text):
        unit = match["unit"] or ""
        yield Found(Amount(value_of(match["n"] or match["m"]), _COUNTED.get(unit.lower(), "")), _span(match))


def _by_unit(text: str) -> Iterable[Found[Amount]]:
    """Counts of a unit: "12 visits", "eight (8) physical therapy sessions", "sessions, 12"."""
    for match in _COUNT.finditer(text):
        unit = _COUNTED[match["unit"].lower()]
        if _PARTING.search(match["between"]) or _RATE.match(text, match.end()):
            continue
        if _TAKEN_BEFORE.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        if unit in _TAKEN_UNITS and (match["m"] or _TAKEN.match(text, match.end())):
            continue
        if unit == "hour" and match["n"] in {"24", "72", "48"}:
            continue
        number, low = _ends(match)
        yield Found(Amount(number, unit, low), _span(match))
    for match in _UNIT_FIRST.finditer(text):
        yield Found(Amount(value_of(match["n"]), match["unit"].lower()), _span(match))


def _by_measure(text: str) -> Iterable[Found[Amount]]:
    """Measures: "240 grams", "500ml"."""
    for match in _MEASURE.finditer(text):
        number = Decimal(match["n"])
        if number >= _LEAST_MEASURE:
            yield Found(Amount(number, _MEASURES[match["unit"].lower().removesuffix("s")]), _span(match))


def read_doses(text: str, drug_ends: dict[int, str]) -> tuple[Found[str], ...]:
    """The strengths, as printed ("10/325 mg", "5%", "100 mcg/hr"), in order.

    ``drug_ends``: offset after each drug's name -> its group, for strengths without a unit ("Norco 10/325").
    """
    found: dict[int, Found[str]] = {}
    for match in _DOSE.finditer(text):
        unit = (match["unit"] or "%").lower()
        amount = Decimal(match["first"].replace(",", ""))
        whole = "/" in match[0] or "-" in match[0]
        if unit.startswith("g") and not whole and amount >= _LEAST_MEASURE:
            continue  # what is dispensed
        if unit.startswith("unit") and not _BY_UNITS.intersection(drug_ends.values()):
            continue
        found[match.start()] = Found(match[0], _span(match))
    for end in drug_ends:
        match_ = _PLAIN_DOSE.match(text, end)
        if match_ and not any(one.span.start <= match_.start("dose") < one.span.end for one in found.values()):
            found[match_.start("dose")] = Found(match_["dose"], Span(match_.start("dose"), match_.end("dose")))
    return tuple(found[start] for start in sorted(found))
