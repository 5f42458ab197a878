"""Parts of the body that a text names, with their side: "left knee", "bilateral wrists", "right L5-S1".

The names are in vocabulary/body_parts.toml. A side is said only where it stands right before the part ("left
shoulder"), right behind it ("shoulder, left"), or is shared ("left wrist/hand", "left shoulder and elbow").
"""

from __future__ import annotations

import re
from functools import cache

from ... import vocabulary
from ...vocabulary import Part
from ..facts import BodyPart
from ..text.searching import folded
from ..types import Span
from .words import Words, end_of, longest_by_first_word, words_of

_SIDES = {
    **dict.fromkeys(("left", "lt"), "left"),
    **dict.fromkeys(("right", "rt"), "right"),
    **dict.fromkeys(("bilateral", "bilaterally", "both", "bilat"), "bilateral"),
}
# Single letters and abbreviations are read in capitals only: "R knee", "LUE".
_LETTER_SIDES = {"L": "left", "R": "right", "B": "bilateral", "BL": "bilateral"}
_EXTREMITIES = {
    f"{letter}{end}".lower(): (f"{name} extremity", side)
    for letter, side in (("L", "left"), ("R", "right"), ("B", "bilateral"), ("", ""))
    for end, name in (("UE", "upper"), ("LE", "lower"))
}
# Words that may stand between a side and its part.
_BETWEEN = frozenset(
    {
        *("sided", "side", "total", "partial", "dominant", "affected", "injured", "distal", "proximal", "medial"),
        *(
            "lateral",
            "anterior",
            "posterior",
            "upper",
            "lower",
            "inner",
            "outer",
            "major",
            "minor",
            "single",
            "trigger",
        ),
        *("first", "second", "third", "fourth", "fifth", "the", "his", "her"),
    }
)
_LEVEL = re.compile(
    r"\b(?P<first>[CTLS])-?(?P<number>\d{1,2})"
    r"(?:\s?(?:[-/\u2013]|to|through|thru)\s?(?P<last>[CTLS]?)-?(?P<end>\d{1,2}))?\b(?![./%-]?\d)"
)
_LEVEL_SIGN = re.compile(r"[CTLS]-?\d")
_LEVEL_PARTS = {"C": ("cervical spine", 8), "T": ("thoracic spine", 12), "L": ("lumbar spine", 6), "S": ("sacrum", 5)}
_PARTS_OF_SPINE = frozenset({"cervical spine", "thoracic spine", "lumbar spine"})
# T3 and T4 are hormones, T1 and T2 pictures of an MRI.
_NO_LEVEL = re.compile(r"\A[\s-]*(?:weight|image|signal|sequence)", re.IGNORECASE)
_THYROID = re.compile(r"\b(?:TSH|thyroid|tylenol|free\s+T4)\b", re.IGNORECASE)
_SHARED = re.compile(r"\A\s*(?:/|&|and/or|and|or)\s*\Z", re.IGNORECASE)
_LISTED = re.compile(r"\A\s*(?:,?\s?(?:and|or|&)|[,/])?\s*\Z", re.IGNORECASE)
_JOINED = re.compile(r"\A[\s()\[\]-]*\Z")
_STOP = re.compile(r"[,.;:()\[\]]")  # no wording runs over one
_BEHIND = re.compile(
    r"\s{0,2}[,(\[:-]?\s{0,2}(?P<side>left|right|bilateral(?:ly)?)\b(?![-\s]{1,2}(?:sided|side|hand|upper|lower))"
    r"(?=\s*(?:[,.;:)\]]|\Z|x\s?\d|#|\d|for\b|with\b|without\b))"
    # at the end of all: "carpal tunnel release, right"
    r"|(?:[ ][A-Za-z-]{1,20}){1,3}[ ]?[,(-][ ]?(?P<last>left|right|bilateral)\)?\.?\s*\Z",
    re.IGNORECASE,
)


def body_parts(text: str, start: int = 0) -> tuple[BodyPart, ...]:
    """The parts of the body that ``text`` names, each with each side once, in the order of their first mention.

    Spans are offsets in ``text`` plus ``start`` (where ``text`` begins in the caller's text). A part that is named with
    a side is not given again without one, nor the spine as a whole beside a part of it.
    """
    mentions = body_part_mentions(text, start)
    if len(mentions) < 2:
        return mentions
    sided = {one.part for one in mentions if one.side}
    if any(one.part in _PARTS_OF_SPINE for one in mentions):
        sided.add("spine")
    first: dict[tuple[str, str], BodyPart] = {}
    for one in mentions:
        if one.side or one.part not in sided:
            first.setdefault((one.part, one.side), one)
    return tuple(first.values())


def body_part_mentions(text: str, start: int = 0) -> tuple[BodyPart, ...]:
    """Every mention of a part of the body in ``text``, in order; offsets as for ``body_parts``."""
    found = _named(text)
    if _LEVEL_SIGN.search(text):
        found += _levels(text)
        found.sort(key=lambda one: one.span.start)
    if start:
        return tuple(BodyPart(one.part, one.side, Span(one.span.start + start, one.span.end + start)) for one in found)
    return tuple(found)


@cache
def _longest() -> dict[str, int]:
    """First word of a wording -> the number of words of the longest wording that begins with it."""
    return dict.fromkeys(_EXTREMITIES, 1) | longest_by_first_word(vocabulary.body_parts())


@cache
def _parts_of_limbs() -> frozenset[Part]:
    parts = {part for parts in vocabulary.body_parts().values() for part in parts}
    return frozenset(part for part in parts if part.region.endswith("extremity"))


def _named(text: str) -> list[BodyPart]:
    """The parts that are named by words."""
    longest = _longest()
    words = words_of(text)
    found: list[BodyPart] = []
    beyond = 0
    for at, (word, start) in enumerate(words):
        if at < beyond or word not in longest:
            continue
        if word in _EXTREMITIES:
            printed = text[start : start + len(word)]
            if printed.isupper():
                name, side = _EXTREMITIES[word]
                side = side or _side_before(text, words, at, start)
                found.append(BodyPart(name, side, Span(start, start + len(word))))
            continue
        listed = bool(found) and bool(_LISTED.match(text[found[-1].span.end : start]))
        length, parts = _match(text, words, at, longest[word], listed=listed)
        if parts:
            last, last_start = words[at + length - 1]
            span = Span(start, last_start + len(last))
            side = _side(text, words, at, span, found, parts[0])
            found += [BodyPart(part.name, side, span) for part in parts]
            beyond = at + length
    return found


def _match(text: str, words: Words, at: int, longest: int, *, listed: bool) -> tuple[int, tuple[Part, ...]]:
    """The number of words and the parts of the longest wording at ``at`` that its neighbours allow."""
    known = vocabulary.body_parts()
    for length in range(min(longest, len(words) - at), 0, -1):
        parts = known.get(" ".join(word for word, _ in words[at : at + length]))
        if parts is None:
            continue
        if length == 1:
            return (1, parts) if _allowed(parts[0], words, at, listed=listed) else (0, ())
        if not _STOP.search(text, words[at][1], words[at + length - 1][1]):
            return length, parts
    return 0, ()


def _allowed(part: Part, words: Words, at: int, *, listed: bool) -> bool:
    """Whether the words beside a bare name leave it a part of the body.

    ``listed``: it follows on another part ("neck, back").
    """
    # A height or a distance is no foot ("6 foot", "200 feet").
    if part.name == "foot" and at and words[at - 1][0].isdigit():
        return False
    if not (part.unless_before or part.unless_after or part.only_before or part.only_after):
        return True
    before = [word for word, _ in words[max(0, at - 2) : at]]
    after = [word for word, _ in words[at + 1 : at + 4]]
    befores = {" ".join(before[back:]) for back in range(len(before))}
    afters = {" ".join(after[:length]) for length in range(1, len(after) + 1)}
    if befores & part.unless_before or afters & part.unless_after:
        return False
    if (part.only_before or part.only_after) and not listed:
        return bool(befores & part.only_before or afters & part.only_after)
    return True


def _side(text: str, words: Words, at: int, span: Span, found: list[BodyPart], part: Part) -> str:
    """The side of the part at ``span``, "" where none is said."""
    before = _side_before(text, words, at, span.start)
    if before:
        return before
    last = found[-1] if found else None
    if last and last.side and part.region != "spine":
        # "left wrist/hand", "left hip, thigh and knee": but a plural after one side is not of that side ("left knee and
        # ankles"), and a comma shares a side only within a limb ("left shoulder, knee").
        between = text[last.span.end : span.start]
        limb = any(known.name == last.part and known.region == part.region for known in _parts_of_limbs())
        singular = last.side == "bilateral" or not _plural(words[at][0])
        if singular and (_SHARED.match(between) or (limb and _LISTED.match(between))):
            return last.side
    return _side_behind(text, span.end)


def _side_behind(text: str, end: int) -> str:
    behind = _BEHIND.match(text, end)
    return _SIDES[folded(behind["side"] or behind["last"])] if behind else ""


def _side_before(text: str, words: Words, at: int, start: int) -> str:
    """The side that stands before offset ``start``, where word ``at`` begins."""
    back = at - 1
    while back >= 0 and at - back < 4 and words[back][0] in _BETWEEN:
        back -= 1
    side = _side_word(text, words, back) if back >= 0 else ""
    if not side or not _JOINED.match(text[end_of(words, back) : words[back + 1][1] if back + 1 < at else start]):
        return ""
    # "left and right knee", "right/left", "B/L"
    other = back - 2 if back and words[back - 1][0] in {"and", "or"} else back - 1
    if other >= 0 and _side_word(text, words, other) not in {"", side}:
        joined = back - other == 2 or text[end_of(words, other) : words[back][1]].strip() in {"/", "&"}
        return "bilateral" if joined else side
    return side


def _side_word(text: str, words: Words, at: int) -> str:
    word, start = words[at]
    return _SIDES.get(word) or _LETTER_SIDES.get(text[start : start + len(word)], "")


def _plural(word: str) -> bool:
    return word == "feet" or (word.endswith("s") and not word.endswith("is"))


def _levels(text: str) -> list[BodyPart]:
    """The parts that are named by levels of the spine."""
    found = []
    thyroid = _THYROID.search(text) is not None
    for match in _LEVEL.finditer(text):
        name, highest = _LEVEL_PARTS[match["first"]]
        if not 1 <= int(match["number"]) <= highest or _NO_LEVEL.match(text[match.end() : match.end() + 12]):
            continue
        if match["first"] == "T" and not match["end"] and thyroid:
            continue
        around = max(0, match.start() - 40)
        words = tuple((word, at + around) for word, at in words_of(text[around : match.start()]))
        side = _side_before(text, words, len(words), match.start()) or _side_behind(text, match.end())
        found.append(BodyPart(name, side, Span(match.start(), match.end())))
    return found
