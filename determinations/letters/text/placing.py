"""From places in a healed value to places in the source.

Readers of facts work on values as people see them, with their lines joined; the spans that they give count the
value's characters and are led back to the source here.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from itertools import accumulate
from typing import Any, TypeVar

from ..spans import PLAIN, Found, Span, field_names
from .clean import CleanText, flat

T = TypeVar("T")


def in_source(cleaned: CleanText, start: int, end: int, value: str) -> Callable[[Span], Span]:
    """What leads a span in ``value``, which is ``start:end`` of the clean text healed, to the source."""
    part = cleaned.text[start:end]
    if flat(part) == value.replace("\n\n", "  "):  # nothing was left out or put in
        return lambda span: cleaned.span(start + span.start, start + span.end)
    value_counts, counts = _counts(value), _counts(part)

    def place(offset: int) -> int:
        """The place in ``part`` of the visible character at ``offset`` of the value: both have the same ones."""
        at = max(0, bisect_right(range(len(value_counts)), offset, key=lambda word: value_counts[word] + word) - 1)
        count = offset - at
        there = max(0, bisect_right(counts, count) - 1)
        return min(count + there, len(part) - 1)

    def lead(span: Span) -> Span:
        if span.end <= span.start or not part.strip() or not value.strip():
            return cleaned.span(start, start)
        return cleaned.span(start + place(span.start), start + place(span.end - 1) + 1)

    return lead


def _counts(text: str) -> list[int]:
    """For each word of clean text how many visible characters stand before it.

    Each blank or line end parts two words, of which one may be empty; so word ``i`` starts at ``counts[i] + i``.
    """
    return list(accumulate(map(len, flat(text).split(" ")), initial=0))[:-1]


def moved(value: T, lead: Callable[[Span], Span]) -> T:
    """``value`` (a dataclass, a tuple of them, or None) with every span in it led to the source."""
    return _moved(value, lead)  # type: ignore[no-any-return]


def _moved(value: Any, lead: Callable[[Span], Span]) -> Any:
    kind = type(value)
    if kind is Span:
        return lead(value)
    if kind is Found:
        return Found(value.value, lead(value.span))
    if kind is tuple:
        return tuple([_moved(one, lead) for one in value]) if value else value
    if names := field_names(kind):
        parts = [getattr(value, name) for name in names]
        # Most fields are empty or plain: spared here, they would be most of the calls.
        return kind(*[_moved(part, lead) if part and type(part) not in PLAIN else part for part in parts])
    return value
