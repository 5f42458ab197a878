"""What a text must hold for a pattern to match it, read from the pattern: spares most texts most patterns."""

from __future__ import annotations

import re
from itertools import pairwise

_SIGN = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{[\d,]*\}|.", re.DOTALL)
_LOOKS_AROUND = ("?=", "?!", "?<")
_MAY_BE_MISSING = ("?", "*", "{")


def needed(pattern: str) -> tuple[str, ...]:
    """Substrings of which every text that ``pattern`` matches holds one; none if the pattern does not tell.

    ``pattern`` ignores neither case nor blanks.
    """
    of_alternatives = [_needed_of_alternative(signs) for signs in _alternatives(_SIGN.findall(pattern))]
    if not all(of_alternatives):
        return ()
    found: list[str] = []
    for hint in sorted({hint for hints in of_alternatives for hint in hints}, key=lambda hint: (len(hint), hint)):
        if not any(shorter in hint for shorter in found):  # a text that holds the longer one holds the shorter, too
            found.append(hint)
    return tuple(found)


def _alternatives(signs: list[str]) -> list[list[str]]:
    """The signs cut at each "|" that stands in no group."""
    cuts, depth = [-1], 0
    for place, sign in enumerate(signs):
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            cuts.append(place)
    return [signs[start + 1 : end] for start, end in pairwise([*cuts, len(signs)])]


def _needed_of_alternative(signs: list[str]) -> tuple[str, ...]:
    """The most telling of what an alternative needs: a run of plain characters, or what one of its groups needs."""
    found: list[tuple[str, ...]] = []
    run, place = "", 0
    while place < len(signs):
        sign = signs[place]
        optional = signs[place + 1 : place + 2] and signs[place + 1][0] in _MAY_BE_MISSING
        if len(sign) == 1 and sign not in ".^$()|?*+" and not optional:
            run += sign
            place += 1
            continue
        found.append((run,))
        run = ""
        if sign == "(":
            end = _group_end(signs, place)
            missing = signs[end + 1 : end + 2] and signs[end + 1][0] in _MAY_BE_MISSING
            inner = "".join(signs[place + 1 : end])
            if not missing and not inner.startswith(_LOOKS_AROUND):
                found.append(needed(inner.removeprefix("?:")))
            place = end
        place += 1
    found.append((run,))
    return max((hints for hints in found if hints and all(hints)), key=lambda hints: min(map(len, hints)), default=())


def _group_end(signs: list[str], start: int) -> int:
    """Where the group that opens at ``start`` closes."""
    depth = 0
    for place in range(start, len(signs)):
        depth += (signs[place] == "(") - (signs[place] == ")")
        if not depth:
            return place
    raise ValueError("a group without an end")
