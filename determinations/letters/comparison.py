"""What differs between two readings, field by field, with counts and examples.

A reading here is plain data (dicts, lists, texts, numbers), as ``record`` makes it or as rows of a database give it.
Nothing knows the fields: whatever a reading has is compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

EXAMPLES = 3  # kept of each field
# Rows of one list times rows of the other that are matched: more of them, all alike, would take minutes.
_MOST_MATCHED = 250_000
_SHOWN = 70  # characters of a value in an example
_BEFORE = 20  # characters shown before the place where two texts part
ABSENT = "(absent)"  # what stands for a value that one side does not have


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that differs: "items.rationale" is a ``field``, "items.2.rationale" the ``place`` of one."""

    field: str
    place: str
    old: Any
    new: Any

    def __str__(self) -> str:
        old, new = _shown(self.old, self.new)
        return f"{self.place}: {old} → {new}"


def differences(old: Any, new: Any, place: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Every value in which two readings differ; each list entry that only one of them has is one difference."""
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for name in dict.fromkeys((*old, *new)):
            yield from differences(old.get(name, ABSENT), new.get(name, ABSENT), (*place, str(name)))
    elif _is_rows(old) and _is_rows(new) and (old or new):
        for position, (before, after) in enumerate(_paired(old, new)):
            yield from differences(before, after, (*place, str(position)))
    elif old != new:
        named = ".".join(part for part in place if not part.isdigit())
        yield Difference(named, ".".join(place), old, new)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(row, Mapping) for row in value)


def _identity(row: Mapping[str, Any]) -> str:
    """What tells a row from its neighbours: an issue by its code and place, any other row by its first text."""
    if "code" in row and "start" in row:
        return f"{row['code']} {row['start']} {row.get('end')}"
    return next((value for value in row.values() if isinstance(value, str)), "")


def _paired(old: Sequence[Mapping[str, Any]], new: Sequence[Mapping[str, Any]]) -> Iterator[tuple[Any, Any]]:
    """The rows of two lists that stand for each other, in order; a row without one stands beside ABSENT."""
    before, after = [_identity(row) for row in old], [_identity(row) for row in new]
    for tag, a, b, c, d in _opcodes(before, after):
        # As many rows in the same place are the same rows, changed; issues are never changed, they come and go.
        if tag == "equal" or (b - a == d - c and not any("code" in row for row in old[a:b])):
            yield from zip(old[a:b], new[c:d], strict=True)
        else:
            yield from ((row, ABSENT) for row in old[a:b])
            yield from ((ABSENT, row) for row in new[c:d])


def _opcodes(before: list[str], after: list[str]) -> Iterator[tuple[str, int, int, int, int]]:
    """What makes one list the other, as SequenceMatcher says it; of long lists only where they begin and end alike."""
    start, end, other_end = 0, len(before), len(after)
    if end * other_end > _MOST_MATCHED:
        while start < min(end, other_end) and before[start] == after[start]:
            start += 1
        while min(end, other_end) > start and before[end - 1] == after[other_end - 1]:
            end, other_end = end - 1, other_end - 1
    yield "equal", 0, start, 0, start
    if (end - start) * (other_end - start) > _MOST_MATCHED:
        yield "replace", start, end, start, other_end
    else:
        matcher = SequenceMatcher(a=before[start:end], b=after[start:other_end], autojunk=False)
        for tag, a, b, c, d in matcher.get_opcodes():
            yield tag, start + a, start + b, start + c, start + d
    yield "equal", end, len(before), other_end, len(after)


def _shown(old: Any, new: Any) -> tuple[str, str]:
    """Two values for a reader; of long texts the part where they begin to differ."""
    if isinstance(old, str) and isinstance(new, str) and max(len(old), len(new)) > _SHOWN:
        same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        start = max(0, same - _BEFORE)
        return _cut(old, start), _cut(new, start)
    return _value(old), _value(new)


def _cut(text: str, start: int) -> str:
    part = text[start : start + _SHOWN]
    before, after = "…" if start else "", "…" if start + _SHOWN < len(text) else ""
    return f"{before}{part!r}{after}"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        value = ", ".join(f"{name} {_value(part)}" for name, part in value.items() if part not in (None, "", [], ()))
    elif value != ABSENT and not isinstance(value, int | float | type(None)):
        value = repr(str(value)) if not isinstance(value, list | tuple) else repr(list(value))
    return str(value) if len(str(value)) <= 2 * _SHOWN else f"{str(value)[: 2 * _SHOWN]}…"


@dataclass(slots=True)
class Comparison:
    """The differences of many letters: how many values differ by field, and a few examples of each field."""

    letters: int = 0
    changed: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[str, Difference]]] = field(default_factory=dict)

    def add(self, name: str, old: Any, new: Any) -> bool:
        """Compare two readings of the letter ``name``; whether they differ."""
        found = list(differences(old, new))
        self.letters += 1
        self.changed += bool(found)
        for difference in found:
            self.counts[difference.field] += 1
            kept = self.examples.setdefault(difference.field, [])
            if len(kept) < EXAMPLES:
                kept.append((name, difference))
        return bool(found)

    def lines(self) -> Iterator[str]:
        """The counts by field, most first, each with its examples."""
        for name, count in self.counts.most_common():
            yield f"{name}: {count:,}"
            for letter, difference in self.examples[name]:
                yield f"    {letter}  {difference}"
