"""Words typed side by side: which belong together, and what other wordings count for them."""

from __future__ import annotations

from typing import NamedTuple

from . import synonyms
from .lexing import MAX_SYNONYMS, Notes
from .nodes import Added, And, Node, Or, Row, Words, together
from .synonyms import Wording
from .tokens import tokens


class Typed(NamedTuple):
    """One thing that was typed: its words and its tokens."""

    text: str
    tokens: Row


def in_units(texts: list[str]) -> list[Typed]:
    """The typed words, those together that have a token in common ("x ray"); words without a token are left out."""
    joined = " ".join(texts)
    found = tokens(joined)
    units: list[list[int]] = []  # [start and end in what was typed, index of the first token and after the last]
    place = index = 0
    for text in texts:
        start, end = place, place + len(text)
        place = end + 1
        first = index
        while index < len(found) and found[index].start < end:
            index += 1
        if units and units[-1][1] < found[units[-1][3] - 1].end:
            units[-1][1], units[-1][3] = end, index
        elif first < index:
            units.append([start, end, first, index])
    return [
        Typed(joined[start:end], tuple(token.text for token in found[first:last])) for start, end, first, last in units
    ]


def as_parts(units: list[Typed], field: str, added: list[Added], notes: Notes, *, plain: bool) -> list[Node]:
    """The units as parts that are joined by AND; units that are a wording of something find its others too."""
    parts: list[Node] = []
    index = 0
    while index < len(units):
        count, others = (1, ()) if plain else _wording(units, index)
        row = units[index : index + count]
        index += count
        words = [Words(unit.text, unit.tokens, field) for unit in row]
        if sum(len(one.synonyms) for one in added) + len(others) > MAX_SYNONYMS:
            notes.add("These words have too many synonyms; the last were looked for as they are.")
            others = ()
        if not others:
            parts.extend(words)
            continue
        text = " ".join(unit.text for unit in row)
        added.append(Added(text, tuple(one.text for one in others)))
        rows = tuple(one.tokens for one in others)
        if count == 1:
            parts.append(Words(text, row[0].tokens, field, alternatives=rows))
            continue
        both = together(And, words)
        if both is not None:
            parts.append(Or((both, Words(others[0].text, rows[0], field, alternatives=rows[1:]))))
    return parts


def _wording(units: list[Typed], start: int) -> tuple[int, tuple[Wording, ...]]:
    """How many units from ``start`` on are a wording (the longest) and what counts as well; (1, ()) if none are."""
    row: Row = ()
    best: tuple[int, tuple[Wording, ...]] = (1, ())
    for count, unit in enumerate(units[start:], 1):
        row += unit.tokens
        if len(row) > synonyms.longest():
            break
        others = tuple(one for one in synonyms.others(row) if not (count > 1 and set(row) <= set(one.tokens)))
        if row in synonyms.wordings():
            best = (count, others)
    return best
