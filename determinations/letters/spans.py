"""Places in the source text.

Offsets are indexes into the source text as Python counts characters (code points), half open: ``text[start:end]``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


# Made by the hundred for each letter: a named tuple is made, and sent between processes, far faster than a dataclass.
class Span(NamedTuple):
    """A half-open range of characters of the source text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A value and the words of the source that it was read from."""

    value: T
    span: Span


# Types of values that have no place of their own: walks over what was read pass them by.
PLAIN = frozenset({str, int, bool, Decimal})

_NAMES: dict[type, tuple[str, ...]] = {}


def field_names(kind: type) -> tuple[str, ...]:
    """The names of a dataclass's fields, none for another type: for walks over all that was read of a letter."""
    if kind not in _NAMES:
        _NAMES[kind] = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
    return _NAMES[kind]
