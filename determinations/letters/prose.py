"""Plain running text as a clinical summary has it: where its sentences are, and numbers in words."""

from __future__ import annotations

import re

Range = tuple[int, int]

# A stop ends a sentence where the next words begin like one ("3.5 mg", "approx. five" and "Dr. Smith" do not), also
# where a healed line break has lost the blank ("denied.The").
_END = re.compile(
    r"(?:(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bMrs)(?<!\bvs)(?<!\bNo)\.|[!?])[\"”’')\]]*"
    r"(?=\s+[A-Z0-9\"“‘'(\[#•*-]|\s*\Z|[A-Z][a-z])|\n\n"
)
_UNITS = {
    word: number
    for number, word in enumerate(
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
        " eighteen nineteen".split(),
        1,
    )
}
_TENS = {word: number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
# A number up to 999 in digits, or up to 99 in words; to be put into a larger pattern of lower case text.
NUMBER = (
    r"(?:\d{1,3}|(?:" + "|".join(_TENS) + r")(?:[\s-](?:" + "|".join(list(_UNITS)[:9]) + r")\b)?"
    r"|" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")"
)


def lowered(text: str) -> str:
    """``text`` in lower case, every character where it was (a few characters have longer lower forms: kept as is)."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(low if len(low := one.lower()) == 1 else one for one in text)


def sentences(text: str) -> list[Range]:
    """The sentences of ``text`` in order, without the blanks between them."""
    found: list[Range] = []
    start = 0
    for match in (*_END.finditer(text), None):
        end = match.end() if match else len(text)
        a, b = stripped(text, start, end)
        if a < b:
            found.append((a, b))
        start = end
    return found


def stripped(text: str, start: int, end: int, extra: str = "") -> Range:
    """The range without the white space (and the characters of ``extra``) at its ends; empty where nothing is left."""
    while start < end and (text[start].isspace() or text[start] in extra):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in extra):
        end -= 1
    return start, end


def number(words: str) -> int:
    """The value of what NUMBER has matched, 0 for anything else."""
    if words.isdecimal():
        return int(words)
    ten, _, unit = words.replace("-", " ").partition(" ")
    if ten in _UNITS:
        return _UNITS[ten]
    return _TENS.get(ten, 0) * 10 + _UNITS.get(unit.strip(), 0)
