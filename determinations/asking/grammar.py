"""The language of the search box: what was typed, read into a tree. docs/searching.md tells users.

`read` takes any text and never fails: a mistake is read in the likeliest way and noted. NOT binds before AND, AND
before OR; words side by side are joined by AND.
"""

from __future__ import annotations

import itertools
import re

from .lexing import MAX_DEPTH, MAX_DISTANCE, MAX_LENGTH, MAX_SYNONYMS, MAX_WORDS, Kind, Lexeme, Notes, lexemes, shown
from .nodes import (
    FIELDS,
    FILTER_FIELDS,
    TEXT_FIELDS,
    Added,
    And,
    CaseNumber,
    Narrow,
    Near,
    Node,
    Not,
    Or,
    Reading,
    Words,
    describe,
    positive,
    together,
)
from .runs import Typed, as_parts, in_units

__all__ = [
    "FIELDS", "FILTER_FIELDS", "MAX_DEPTH", "MAX_DISTANCE", "MAX_LENGTH", "MAX_SYNONYMS", "MAX_WORDS", "TEXT_FIELDS",
    "Added", "And", "CaseNumber", "Narrow", "Near", "Node", "Not", "Or", "Reading", "Words", "describe", "read",
]  # fmt: skip

_CASE_NUMBER = re.compile(r"(?:cm)?[\s_]*(\d\d)[-\s–—_]*(\d{6,8})", re.IGNORECASE)
_OPERANDS = frozenset({Kind.WORD, Kind.PREFIX, Kind.PHRASE, Kind.OPEN, Kind.FIELD})


def read(words: str, *, exact: bool = False) -> Reading:
    """What ``words`` ask for. ``exact``: without synonyms. Any text; only the first MAX_LENGTH characters count."""
    notes = Notes()
    parser = _Parser(lexemes(words, notes), notes, exact=exact)
    node = parser.whole()
    if node is None and words.strip():
        notes.add(f"{shown(words.encode('utf-8', 'replace').decode())} has no word that can be looked for.")
    marks = tuple(dict.fromkeys(positive(node)))
    return Reading(node, tuple(notes.all), tuple(dict.fromkeys(parser.added)), marks)


class _Parser:
    """Recursive descent over lexemes; brackets are at most MAX_DEPTH deep, so is it."""

    def __init__(self, found: list[Lexeme], notes: Notes, *, exact: bool) -> None:
        self.lexemes = found
        self.place = 0
        self.notes = notes
        self.exact = exact
        self.added: list[Added] = []

    def peek(self) -> Kind | None:
        return self.lexemes[self.place].kind if self.place < len(self.lexemes) else None

    def next(self) -> Lexeme:
        self.place += 1
        return self.lexemes[self.place - 1]

    def whole(self) -> Node | None:
        return self.alternatives("")

    def alternatives(self, field: str) -> Node | None:
        """Parts joined by OR, up to the end or the closing bracket."""
        parts = [self.row(field)]
        while self.peek() is Kind.OR:
            self.next()
            parts.append(self.row(field))
            if parts[-1] is None or parts[-2] is None:
                self.notes.add("An OR without words on both sides was left out.")
        return together(Or, [part for part in parts if part is not None])

    def row(self, field: str) -> Node | None:
        """Parts joined by AND or by standing side by side."""
        parts: list[Node] = []
        run: list[str] = []  # words side by side, which may be one thing together ("x ray", "physical therapy")

        def close_run() -> None:
            parts.extend(self.run(run, field))
            run.clear()

        begun = joined = False
        while (kind := self.peek()) not in (None, Kind.CLOSE, Kind.OR):
            if kind is Kind.AND:
                self.next()
                close_run()
                if not begun or joined or self.peek() in (None, Kind.CLOSE, Kind.OR):
                    self.notes.add("An AND without words on both sides was left out.")
                joined = True
                continue
            begun, joined = True, False
            if kind is Kind.WORD and self._after() is not Kind.NEAR:
                run.append(self.next().text)
                continue
            close_run()
            part = self.one(field)
            if part is not None:
                parts.append(part)
        close_run()
        return together(And, parts)

    def _after(self) -> Kind | None:
        return self.lexemes[self.place + 1].kind if self.place + 1 < len(self.lexemes) else None

    def one(self, field: str) -> Node | None:
        """A part with the exclusions before it, or two parts with NEAR between."""
        excluded = False
        while self.peek() is Kind.NOT:
            self.next()
            excluded = not excluded
        if self.peek() not in _OPERANDS:
            if self.peek() is Kind.NEAR:
                self.next()
                self.notes.add("A NEAR without words on both sides was left out.")
            else:
                self.notes.add("A NOT or - without words after it was left out.")
            return None
        node = self.near(field)
        return Not(node) if excluded and node is not None else node

    def near(self, field: str) -> Node | None:
        """A part, or a chain of parts with NEAR between: each near the next."""
        parts = [self.part(field)]
        distances = []
        while self.peek() is Kind.NEAR:
            distance = self.next().number
            if self.peek() not in _OPERANDS:
                self.notes.add("A NEAR without words on both sides was left out.")
                break
            parts.append(self.part(field, after_near=True))
            distances.append(distance)
        known = [part for part in parts if part is not None]
        if not distances or len(known) < len(parts):
            return together(And, known)
        pairs = zip(itertools.pairwise(known), distances, strict=True)
        return together(And, [self._pair(left, right, distance) for (left, right), distance in pairs])

    def _pair(self, left: Node, right: Node, distance: int) -> Node:
        if (
            not (isinstance(left, Words) and isinstance(right, Words))
            or left.prefix
            or right.prefix
            or right.field not in ("", left.field)
        ):
            self.notes.add("NEAR stands between two words or phrases of one field; here it was read as AND.")
            return together(And, (left, right)) or left
        return Near(left.tokens, right.tokens, distance, left.field)

    def part(self, field: str, *, after_near: bool = False) -> Node | None:
        """A word, a phrase, a bracket, or a field with one of these. Beside a NEAR synonyms do not count."""
        while self.peek() is Kind.FIELD:
            field = self.next().text
        if self.peek() is Kind.NOT:  # "heading:-mri"
            return self.one(field)
        if self.peek() not in _OPERANDS:
            self.notes.add(f"Nothing stands after {shown(field + ':')}, so it was left out.")
            return None
        lexeme = self.next()
        if lexeme.kind is Kind.OPEN:
            node = self.alternatives(field)
            self.next()  # the closing bracket, which lexing has seen to
            return node
        if field in FILTER_FIELDS:
            return self.narrow(field, lexeme)
        if lexeme.kind is Kind.WORD:
            return together(And, self.run([lexeme.text], field, plain=after_near or self.peek() is Kind.NEAR))
        return self.phrase(lexeme, field)

    def narrow(self, field: str, lexeme: Lexeme) -> Node | None:
        value = lexeme.text.strip(" ,;")
        if not any(map(str.isalnum, value)):
            self.notes.add(f"Nothing stands after {shown(field + ':')}, so it was left out.")
            return None
        star = "*" if lexeme.kind is Kind.PREFIX or lexeme.number else ""
        number = _CASE_NUMBER.fullmatch(value) if field == "case" else None
        if number:
            return CaseNumber(f"CM{number[1]}-{number[2]}")
        quoted = f'"{value}"' if lexeme.kind is Kind.PHRASE else value
        return Narrow(field, value + star, f"{field}:{quoted}{star}")

    def phrase(self, lexeme: Lexeme, field: str) -> Node | None:
        if lexeme.kind is Kind.PHRASE and (number := _CASE_NUMBER.fullmatch(lexeme.text)):
            return CaseNumber(f"CM{number[1]}-{number[2]}")
        found = [token for unit in in_units([lexeme.text]) for token in unit.tokens]
        if not found:
            return None
        star = lexeme.kind is Kind.PREFIX or bool(lexeme.number)
        return Words(lexeme.text, tuple(found), field, star, lexeme.kind is Kind.PHRASE)

    def run(self, texts: list[str], field: str, *, plain: bool = False) -> list[Node]:
        """Words side by side as parts; ``plain``: without synonyms."""
        if not texts:
            return []
        if field in FILTER_FIELDS:
            node = self.narrow(field, Lexeme(Kind.PHRASE if len(texts) > 1 else Kind.WORD, " ".join(texts)))
            return [] if node is None else [node]
        parts: list[Node] = []
        open_run: list[Typed] = []
        for unit in in_units(texts):
            number = _CASE_NUMBER.fullmatch(unit.text.strip("()[].,;:#"))
            if number and _is_case_number(unit):
                parts.extend(as_parts(open_run, field, self.added, self.notes, plain=plain or self.exact))
                parts.append(CaseNumber(f"CM{number[1]}-{number[2]}"))
                open_run = []
            else:
                open_run.append(unit)
        return [*parts, *as_parts(open_run, field, self.added, self.notes, plain=plain or self.exact)]


def _is_case_number(unit: Typed) -> bool:
    """A number after "CM", or two numbers with a hyphen between."""
    return len(unit.tokens) == 1 or "-" in unit.text
