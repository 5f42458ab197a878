"""Kinds of values that can be corrected: JSON in a correction, text in a form, words for a reader.

A kind knows three shapes of a value. ``value``: JSON, as a Correction keeps it, with ``None``, ``""`` or ``[]`` for
nothing. ``text``: what stands in the form; ``parse`` makes the value of it and raises ValidationError with a sentence
for the curator. ``shown``: a few words for a reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format

Value = Any
Choices = Callable[[], Iterable[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A line of text; the other kinds build on it. ``widget``: how a form shows it."""

    widget: str = "line"
    longest: int = 20_000
    empty: Value = ""

    def text(self, value: Value) -> str:
        """What stands in the form."""
        return "" if value is None else str(value)

    def parse(self, text: str) -> Value:
        """The value of what was written."""
        text = text.replace("\r\n", "\n").strip()
        if len(text) > self.longest:
            raise ValidationError(f"At most {self.longest:,} characters.")
        if "\x00" in text:
            raise ValidationError("A character in it cannot be kept.")
        return self._parse(text) if text else self.empty

    def _parse(self, text: str) -> Value:
        return text if self.widget == "area" else " ".join(text.split())

    def shown(self, value: Value) -> str:
        """The value in words."""
        return self.text(value).replace("\n", "; ") if value not in (None, "", []) else "nothing"


@dataclass(frozen=True, slots=True)
class Day(Kind):
    """A date; its value is ISO 8601."""

    widget: str = "date"
    empty: Value = None

    def shown(self, value: Value) -> str:
        """The day as pages write it."""
        return date_format(date.fromisoformat(value), "M j, Y") if value else "nothing"

    def _parse(self, text: str) -> Value:
        for pattern, order in ((r"(\d{4})-(\d\d?)-(\d\d?)", (1, 2, 3)), (r"(\d\d?)/(\d\d?)/(\d{4})", (3, 1, 2))):
            if found := re.fullmatch(pattern, text):
                try:
                    return date(*(int(found[part]) for part in order)).isoformat()
                except ValueError as error:
                    raise ValidationError(f"There is no such day: {text}.") from error
        raise ValidationError("Write a day as 2016-05-31 or 5/31/2016.")


@dataclass(frozen=True, slots=True)
class Choice(Kind):
    """One of a few values; ``choices`` gives value and label of each."""

    widget: str = "choice"
    choices: Choices = tuple

    def _parse(self, text: str) -> Value:
        if text not in dict(self.choices()):
            raise ValidationError("Choose one of the list.")
        return text

    def shown(self, value: Value) -> str:
        """The value's label."""
        return dict(self.choices()).get(value, value) if value not in (None, "") else "nothing"


@dataclass(frozen=True, slots=True)
class Flag(Kind):
    """Yes or no."""

    widget: str = "flag"
    empty: Value = False

    def text(self, value: Value) -> str:
        """What stands in the form."""
        return "yes" if value else ""

    def _parse(self, text: str) -> Value:
        return True

    def shown(self, value: Value) -> str:
        """Yes or no."""
        return "yes" if value else "no"


@dataclass(frozen=True, slots=True)
class Number(Kind):
    """A whole number from ``least`` to ``most``."""

    widget: str = "number"
    empty: Value = None
    least: int = 0
    most: int = 1_000

    def _parse(self, text: str) -> Value:
        if not (text.isascii() and text.isdigit()) or not self.least <= int(text) <= self.most:
            raise ValidationError(f"Write a whole number from {self.least} to {self.most}.")
        return int(text)


@dataclass(frozen=True, slots=True)
class Lines(Kind):
    """A list, one entry a line; ``entry`` reads one line and ``written`` writes it."""

    widget: str = "area"
    entry: Callable[[str], Value] = str
    written: Callable[[Value], str] = str

    def text(self, value: Value) -> str:
        """One line an entry."""
        return "\n".join(self.written(one) for one in value or [])

    def parse(self, text: str) -> Value:
        """The entries of what was written."""
        return Kind.parse(self, text) or []  # super() knows no slotted dataclass

    def _parse(self, text: str) -> Value:
        lines = [" ".join(line.split()) for line in text.split("\n")]
        return [self.entry(line) for line in lines if line]


# ---- entries of lists -------------------------------------------------------------------------------------------


def coded(choices: Callable[[], dict[str, str]]) -> Lines:
    """A list of codes, written by their labels."""

    def entry(line: str) -> str:
        known = choices()
        found = [code for code, label in known.items() if line.lower() in (code.lower(), label.lower())]
        if not found:
            raise ValidationError(f"“{line}” is none of the known ones.")
        return found[0]

    return Lines(entry=entry, written=lambda code: choices().get(code, code))


_SIDES = ("left", "right", "bilateral")


def parts(names: Callable[[], set[str]]) -> Lines:
    """Parts of the body: "left knee"."""

    def entry(line: str) -> dict[str, str]:
        side, _, part = line.partition(" ")
        if side.lower() not in _SIDES:
            side, part = "", line
        if part.lower() not in names():
            raise ValidationError(f"“{part}” is no part of the body that the vocabulary knows.")
        return {"part": part.lower(), "side": side.lower()}

    return Lines(entry=entry, written=lambda one: f"{one['side']} {one['part']}".strip())


_AMOUNT = re.compile(r"(?:(\d+(?:\.\d+)?)\s*[-–]\s*)?(\d+(?:\.\d+)?)(?:\s+([A-Za-z][A-Za-z -]*))?")


def _number(text: str) -> int | float:
    return float(text) if "." in text else int(text)


@dataclass(frozen=True, slots=True)
class Amount(Kind):
    """A number of units: "12 visits", "2-3 weeks", "60"."""

    empty: Value = None

    def text(self, value: Value) -> str:
        """The words."""
        if not value:
            return ""
        number = f"{value['low']}-{value['number']}" if value["low"] is not None else str(value["number"])
        return f"{number} {value['unit']}".strip()

    def _parse(self, text: str) -> Value:
        found = _AMOUNT.fullmatch(text)
        if not found:
            raise ValidationError("Write a number and what is counted: 12 visits, 2-3 weeks, 60 tablets.")
        low, number, unit = found.groups()
        return {"number": _number(number), "unit": _singular(unit or ""), "low": _number(low) if low else None}


def _singular(unit: str) -> str:
    unit = unit.strip().lower()
    return unit[:-1] if unit.endswith("s") and not unit.endswith("ss") else unit


_FREQUENCY = re.compile(r"(?:(\d+)\s*[-–]\s*)?(\d+)\s*(?:times|x)?\s*(?:a|per|/)\s*(day|week|month|year)")


@dataclass(frozen=True, slots=True)
class Frequency(Kind):
    """How often: "2 a week", "2-3 times a month"."""

    empty: Value = None

    def text(self, value: Value) -> str:
        """The words."""
        if not value:
            return ""
        times = f"{value['low']}-{value['times']}" if value["low"] is not None else str(value["times"])
        return f"{times} a {value['period']}"

    def _parse(self, text: str) -> Value:
        found = _FREQUENCY.fullmatch(text.lower())
        if not found:
            raise ValidationError("Write how often: 2 a week, 2-3 times a month.")
        low, times, period = found.groups()
        return {"times": int(times), "period": period, "low": int(low) if low else None}


@dataclass(frozen=True, slots=True)
class Structured(Kind):
    """A value with parts, edited in rows of their own (citations, credentials, the order of items)."""

    widget: str = "rows"
    empty: Value = None
    words: Callable[[Value], str] = str

    def shown(self, value: Value) -> str:
        """The value in words."""
        return self.words(value) or "nothing"
