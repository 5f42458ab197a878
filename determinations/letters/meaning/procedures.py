"""Procedures (tests, injections, operations, therapies, devices, services) that a request names, with their places."""

from __future__ import annotations

import re
from functools import cache

from ... import vocabulary
from ...vocabulary import Procedure
from ..types import Found, Span
from .words import Words, end_of, longest_by_first_word, matches, words_of

# What stands after these was or will be done apart from the request ("therapy after arthroscopy").
_APART = frozenset({"following", "after", "post", "status", "before", "pending", "without"})
_STOP = re.compile(r"[,.;:()\[\]]")  # no wording runs over one


def named_procedures(text: str) -> tuple[tuple[Procedure, Span], ...]:
    """The procedures that ``text`` names, each once, in the order of their first mention; spans are offsets in it."""
    words = words_of(text)
    found: dict[str, tuple[Procedure, Span]] = {}

    def joined(first: int, last: int) -> bool:
        return not _STOP.search(text, words[first][1], words[last][1])

    for at, length, procedures in matches([word for word, _ in words], vocabulary.procedures(), _longest(), joined):
        span = Span(words[at][1], end_of(words, at + length - 1))
        for procedure in procedures:
            if _asked_for(procedure, text, words, at, length):
                found.setdefault(procedure.name, (procedure, span))
    exact = {procedure.kind for procedure, _ in found.values() if not procedure.general}
    return tuple(one for one in found.values() if not (one[0].general and one[0].kind in exact))


def names_of(named: tuple[tuple[Procedure, Span], ...]) -> tuple[Found[str], ...]:
    """The procedures as facts: canonical names with their places."""
    return tuple(Found(procedure.name, span) for procedure, span in named)


def _asked_for(procedure: Procedure, text: str, words: Words, at: int, length: int) -> bool:
    """Whether the words around leave the wording a name of the procedure."""
    before = words[at - 1][0] if at else ""
    after = words[at + length][0] if at + length < len(words) else ""
    if before in _APART or before in procedure.unless_before or after in procedure.unless_after:
        return False
    if length == 1 and words[at][0] in procedure.capitals:
        return text[words[at][1] : end_of(words, at)].isupper()
    return True


@cache
def _longest() -> dict[str, int]:
    return longest_by_first_word(vocabulary.procedures())
