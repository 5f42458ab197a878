"""From places in a healed value to places in the source.

Readers of facts work on values as people see them, with their lines joined; the spans that they give count the
value's characters and are led back to the source here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import Any, TypeVar

from ..spans import Found, Span, field_names
from .clean import CleanText, flat

T = TypeVar("T")
_WORD = re.compile(r"\S+")


def in_source(cleaned: CleanText, start: int, end: int, value: str) -> Callable[[Span], Span]:
    """What leads a span in ``value``, which is ``start:end`` of the clean text healed, to the source."""
    part = cleaned.text[start:end]
    if flat(part) == value.replace("\n\n", "  "):  # nothing was left out or put in
        return lambda span: cleaned.span(start + span.start, start + span.end)
    value_counts, value_starts = _words(value)
    counts, starts = _words(part)

    def place(offset: int) -> int:
        """The place in ``part`` of the visible character at ``offset`` of the value: both have the same ones."""
        at = max(0, bisect_right(value_starts, offset) - 1)
        count = value_counts[at] + offset - value_starts[at]
        there = max(0, bisect_right(counts, count) - 1)
        return min(starts[there] + count - counts[there], len(part) - 1)

    def lead(span: Span) -> Span:
        if span.end <= span.start or not starts or not value_starts:
            return cleaned.span(start, start)
        return cleaned.span(start + place(span.start), start + place(span.end - 1) + 1)

    return lead


def _words(text: str) -> tuple[list[int], list[int]]:
    """For each run of visible characters how many stand before it, and where it starts."""
    counts, starts, count = [], [], 0
    for match in _WORD.finditer(text):
        counts.append(count)
        starts.append(match.start())
        count += match.end() - match.start()
    return counts, starts


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
        return tuple(_moved(one, lead) for one in value) if value else value
    if names := field_names(kind):
        return kind(*(_moved(getattr(value, name), lead) for name in names))
    return value
