"""How much is asked for: quantity and doses of a request; letters/amounts.py reads how often and how long.

A number of levels, views, days or a point in time is no quantity, nor is a part of a date, code or dose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from ..facts import Amount
from ..text.searching import folded
from ..types import Found, Span
from .amounts import AGAIN, WORD, N, ends_of, span_of, value_of

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
    rf"(?:(?<![\w/])(?!hr|hour){_UNIT}\s?)?(?<!\w)#\s?:?\s?(?P<n>\d{{1,4}}(?:\.\d{{1,2}})?)(?![\w.,/%-]?\d)"
    rf"(?:\s{_UNIT.replace('unit>', 'after>')})?",
    re.IGNORECASE,
)
_NO_COUNT_BEFORE = re.compile(
    r"(?:\b(?:tooth|teeth|esi|injection|block|surgery|order|claim|invoice|case|part|item|code|rx|ref|visit|session|phase|step|level|crown|implant)"
    r"|(?P<codeine>\b(?:tylenol|codeine|tyl|t|apap|acetaminophen)(?:\s(?:with|w/)\s?codeine)?))\s?(?:no\.?\s?)?\Z",
    re.IGNORECASE,
)
_QTY = re.compile(
    rf"(?:\b(?:qty|quantity|disp(?:ense)?|series)\b\.?\s?(?:of|is)?\s?[:#=-]{{0,2}}\s?(?P<n>{N})(?![\w./-]?\d)(?:\s{_UNIT})?"
    rf"|(?<![\w./#-])(?P<m>\d{{1,4}})\s?(?:qty|count)\b)",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?:(?<![\w./#%$-])|(?<=\bx)|(?<=\bX))(?P<n>{N}){AGAIN}(?:\s?(?:-|\u2013|to|or)\s?(?P<m>{N}){AGAIN})?"
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
_LENGTH_OF = re.compile(r"\s(?:sessions?|visits?|treatments?|classes)\b", re.IGNORECASE)  # "1 hour sessions"
_TAKEN_BEFORE = re.compile(r"\b(?:take|takes|taking|apply|use|uses|every|q|1/)\s?\Z", re.IGNORECASE)
_TAKEN = re.compile(
    r"\s?(?:by|po|p\.o|oral|orally|daily|twice|once|three|two|one|q\.?\s?\d\w*|qd|qhs|every|each|bid|tid|qid|b\.i|t\.i|at|per|a|as|prn|up|to"
    r"|\d)\b",
    re.IGNORECASE,
)
_TAKEN_UNITS = frozenset({"tablet", "capsule", "pill", "patch", "suppository"})
_UNIT_FIRST = re.compile(
    rf"\b(?P<unit>visit|session|treatment)s?\s?(?:,|:|x|times|-|\()\s?(?P<n>{N})\)?"
    r"(?![\w./-])(?!\s?(?:x|times?|per|a\b|days?|weeks?|wks?|months?|min|-|/))",
    re.IGNORECASE,
)
_VISITS = re.compile(r"\b(?P<unit>visit|session|treatment)s\b", re.IGNORECASE)
_BY = re.compile(
    rf"(?<![\w.])(?:x|times)\s?(?P<n>{N}){AGAIN}(?![\w./-]?\d)"
    r"(?!\s?-?(?:days?|weeks?|wks?|months?|mos?\b|years?|mg|x\b|per\b|/|a\b|hrs?|hours?|min|refills?|rf\b|levels?|views?|mm|cm|inch|to\b))",
    re.IGNORECASE,
)
_NOT_BY = re.compile(
    r"(?:(?<![\w-])\d{1,3}(?:-\d{1,3})?|\b(?:week|wk|day|month|daily|weekly|refills?|once|twice|"
    + WORD
    + r"))\)?\s?\Z",
    re.IGNORECASE,
)
_LEADING = re.compile(
    rf"\W{{0,2}}(?P<n>{N}){AGAIN}\s(?!(?:views?|levels?|days?|weeks?|months?|years?|hours?|times?|x(?!-?ray)|to|or|in|and|wheel\w*|points?"
    r"|prongs?|leads?|channels?|tesla|mg|mcg|ml|refills?|persons?|steps?|phases?|stages?|parts?|way|d|sided|minutes?|compartment)\b)[a-z]",
    re.IGNORECASE,
)
_TRAILING = re.compile(r"[a-z)],\s?(?P<n>\d{1,2})\s?\Z", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\w\s?\((?P<n>\d{1,2})\)(?!\s?\w)")
_MEASURE = re.compile(
    r"(?<![\w./%-])(?P<n>\d{1,4}(?:\.\d{1,2})?)\s?(?P<unit>grams?|gms?|grs?|g|mls?|ounces?|oz)\b(?!\s?/)", re.IGNORECASE
)
_MEASURES = {"g": "gram", "gr": "gram", "gm": "gram", "gram": "gram", "ml": "ml", "oz": "ounce", "ounce": "ounce"}
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


# ---- how much -------------------------------------------------------------------------------------------------------
def read_quantity(
    text: str, doses: tuple[Found[str], ...], *, names_something: bool, frequency: bool, therapy: bool
) -> Found[Amount] | None:
    """How many were asked for, by the surest of the ways to say it: "#60", "12 visits", "x 12", "Two X-rays", "240 ml".

    ``doses``: what ``read_doses`` gave, which is no quantity ("Botox 200 units"); ``names_something``: whether a
    procedure is named; ``frequency``: whether one is said, beside which "x 6" may mean weeks; ``therapy``: whether a
    therapy is named, whose "(6)" are visits.
    """
    in_doses = {at for dose in doses for at in range(dose.span.start, dose.span.end)}
    counted = [one for one in _by_unit(text) if one.span.start not in in_doses]
    found = [*_by_sign(text)]
    if found:  # "series of 3 injections": the sign says how many, the count of what
        found += [one for one in counted if one.value.number == found[0].value.number]
    else:
        found = counted
    if not found and not frequency:
        found = [*_by_times(text)]
    if not found and names_something and (match := _LEADING.match(text)):
        found = [_bare(match)]
    if not found:
        found = [*_by_measure(text)]
    if not found and names_something and (match := _TRAILING.search(text)):
        found = [_bare(match)]
    if not found and therapy:
        found = [
            _bare(match)
            for match in _IN_BRACKETS.finditer(text)
            if not _NOT_BY.search(text[max(0, match.start("n") - 13) : match.start("n") - 1])
        ]
    found = [one for one in found if one.value.number]
    if len({(one.value.number, one.value.low) for one in found}) != 1:
        return None
    one = next((one for one in found if one.value.unit), found[0])
    if therapy and not one.value.unit and (match := _VISITS.search(text)):  # "acupuncture sessions, low back, #6"
        return Found(Amount(one.value.number, match["unit"].lower(), one.value.low), one.span)
    return one


def _bare(match: re.Match[str]) -> Found[Amount]:
    return Found(Amount(value_of(match["n"]), ""), Span(match.start("n"), match.end("n")))


def _by_times(text: str) -> Iterable[Found[Amount]]:
    """Counts by times: "x 12", "times 6"."""
    for match in _BY.finditer(text):
        if not _NOT_BY.search(text[max(0, match.start() - 12) : match.start()]):
            yield Found(Amount(value_of(match["n"]), ""), span_of(match))


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
                yield Found(Amount(number, _COUNTED.get(unit.lower(), "")), span_of(match))
    for match in _QTY.finditer(text):
        unit = match["unit"] or ""
        yield Found(Amount(value_of(match["n"] or match["m"]), _COUNTED.get(unit.lower(), "")), span_of(match))


def _by_unit(text: str) -> Iterable[Found[Amount]]:
    """Counts of a unit: "12 visits", "eight (8) physical therapy sessions", "sessions, 12"."""
    for match in _COUNT.finditer(text):
        unit = _COUNTED[folded(match["unit"])]
        if _PARTING.search(match["between"]) or _RATE.match(text, match.end()):
            continue
        if _TAKEN_BEFORE.search(text[max(0, match.start() - 8) : match.start()]):
            continue
        if unit in _TAKEN_UNITS and (match["m"] or _TAKEN.match(text, match.end())):
            continue
        if unit == "hour" and (match["n"] in {"24", "72", "48"} or _LENGTH_OF.match(text, match.end())):
            continue
        number, low = ends_of(match)
        yield Found(Amount(number, unit, low), span_of(match))
    for match in _UNIT_FIRST.finditer(text):
        yield Found(Amount(value_of(match["n"]), match["unit"].lower()), span_of(match))


def _by_measure(text: str) -> Iterable[Found[Amount]]:
    """Measures: "240 grams", "500ml"."""
    for match in _MEASURE.finditer(text):
        number = Decimal(match["n"])
        if number >= _LEAST_MEASURE or match["unit"].lower().startswith("o"):
            yield Found(Amount(number, _MEASURES[folded(match["unit"]).removesuffix("s")]), span_of(match))


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
        found[match.start()] = Found(match[0], span_of(match))
    covered = {at for one in found.values() for at in range(one.span.start, one.span.end)}
    for end in drug_ends:
        plain = _PLAIN_DOSE.match(text, end)
        if plain and plain.start("dose") not in covered:
            span = Span(plain.start("dose"), plain.end("dose"))
            found[span.start] = Found(plain["dose"], span)
    return tuple(found[start] for start in sorted(found))
