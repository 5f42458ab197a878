"""Which items a letter has and in which order, where a curator arranges them otherwise than they were read.

An arrangement is a list of entries in the order of the letter: ``{"key": "2"}`` is the item that was read as the
second, ``{"key": "2", "with": ["3"]}`` the second with the third joined to it, ``{"key": "a1", "treatment": …}`` an
item that a curator added, with ``"like": "2"`` one that says what the second does. What is not in it is removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

Entry = dict[str, Any]
_LAST = 99


@dataclass(frozen=True, slots=True)
class New:
    """An item to be added, as a form gives it: heading, place and the key of the item that it is like."""

    heading: str = ""
    place: str = ""
    like: str = ""


def rearranged(entries: Sequence[Entry], places: Mapping[str, str], joins: Mapping[str, str], new: New) -> list[Entry]:
    """The entries in their new order. ``places``: key -> number, or nothing; ``joins``: key -> the key it joins.

    Raises ValidationError for what cannot be.
    """
    placed = [
        (_number(places[entry["key"]]), entry)
        for entry in entries
        if places.get(entry["key"], "").strip() and entry["key"] not in joins
    ]
    if new.heading.strip():
        placed.append((_number(new.place or str(_LAST)), _added(entries, new)))
    found = [dict(entry) for _, entry in sorted(placed, key=lambda row: row[0])]
    if not found:
        raise ValidationError("A letter keeps at least one item; withhold the letter if it should not be shown.")
    by_key = {entry["key"]: entry for entry in found}
    whole = {entry["key"]: entry for entry in entries}
    for key, other in joins.items():
        if other not in by_key:
            raise ValidationError(f"Item {key} is joined to item {other}, which is not there.")
        if _is_added(key) or _is_added(other):
            raise ValidationError("An added item cannot be joined; remove it instead.")
        by_key[other]["with"] = [*by_key[other].get("with", []), key, *whole[key].get("with", [])]
    return found


def _added(entries: Sequence[Entry], new: New) -> Entry:
    used = [int(entry["key"][1:]) for entry in entries if _is_added(entry["key"])]
    entry = {"key": f"a{max(used, default=0) + 1}", "treatment": " ".join(new.heading.split())}
    if not new.like:
        return entry
    if _is_added(new.like) or new.like not in {one["key"] for one in entries}:
        raise ValidationError("A new item can only be like one that was read.")
    return entry | {"like": new.like}


def _is_added(key: str) -> bool:
    return key.startswith("a")


def _number(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise ValidationError("Write places as numbers: 1, 2, 3.")
    return int(text)
